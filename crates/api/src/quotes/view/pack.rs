//! What the API shows of the quote of a pack.
//!
//! In:  a pack that might be bought. Out: the public contract.

use desk::pack_quotes::PackQuote;
use serde::Serialize;
use utoipa::ToSchema;
use web::wire::{self, Moment};
use web::words;

/// What a resource pack would be.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "effective": "2026-06-30T16:00:00Z", "expires": "2026-07-30T16:00:00Z", "looks_back": false, "family": "container",
    "spec": "1U1G", "capacity": "2592000", "unit": "s", "empty": "2026-07-15T16:00:00Z"
}))]
pub struct PackQuoteView {
    pub effective: Moment,
    pub expires: Moment,
    /// Whether it covers what ran before it is bought, from the 1st of this month on.
    pub looks_back: bool,
    /// What it is for: components of products name the family that covers them.
    pub family: String,
    /// The only spec that it covers; `null` where it covers sizes of all kinds.
    pub spec: Option<String>,
    /// Of one piece.
    pub capacity: String,
    /// What its units are, such as `s` or `GB·s`.
    pub unit: Option<words::Unit>,
    /// When the last piece would be empty, to the second, if all that would take from it goes on as it is now. `null` when
    /// something is left when it expires.
    pub empty: Option<Moment>,
}

impl From<&PackQuote> for PackQuoteView {
    fn from(it: &PackQuote) -> PackQuoteView {
        PackQuoteView {
            effective: wire::time(it.period.effective),
            expires: wire::time(it.period.expires),
            looks_back: it.looks_back,
            family: it.family.clone(),
            spec: it.spec.clone(),
            capacity: it.period.capacity.to_string(),
            unit: it.unit.map(words::Unit::from),
            empty: it.empty.map(wire::time),
        }
    }
}
