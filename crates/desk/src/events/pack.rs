//! What is told of packs.
//!
//! In:  a pack that was bought, a notice of one. Out: news of it.
//! Invariant: each notice of a pack is told as one event.

use super::ears::{Ears, News, emit};
use crate::Refusal;
use billing::event::EventKind;
use billing::pack::Pack;
use serde_json::json;
use store::Tx;
use store::notices::Notice;
use units::Timestamp;

impl Ears {
    /// A pack that was bought.
    pub fn pack(&self, it: &Pack) -> Option<News> {
        self.news(it.account, EventKind::PackActive, || {
            json!({
                "pack": it.id.to_string(),
                "order": it.order.to_string(),
                "family": it.family,
                "spec": it.spec,
                "name": it.name,
                "capacity": it.capacity,
                "effective": it.effective.to_string(),
                "expires": it.expires.to_string(),
            })
        })
    }
}

/// A notice that a customer got: of a pack. Those of the balance are told with the wallet.
pub fn notice(tx: &mut Tx<'_>, it: &Notice, now: Timestamp) -> Result<(), Refusal> {
    let (kind, threshold) = match it.kind.as_str() {
        "pack_low" => (EventKind::PackLow, "percent_left"),
        "pack_exhausted" => (EventKind::PackEmpty, "percent_left"),
        "pack_expiring" => (EventKind::PackExpiring, "days_left"),
        _ => return Ok(()),
    };
    let data = json!({ "pack": it.subject, threshold: it.threshold, "at": it.at.to_string() });
    emit(tx, News { account: Some(it.account), kind, data }, now)
}
