//! What is told of price books.
//!
//! In:  a book that did not begin, and why. Out: an event of it.
//! Invariant: only the operator hears of it.

use super::ears::{News, emit};
use crate::Refusal;
use billing::event::EventKind;
use serde_json::json;
use store::Tx;
use store::books::BookHead;
use units::Timestamp;

/// A scheduled book that drops what lives and does not begin. Source: R-CAT-1.
pub fn withheld(tx: &mut Tx<'_>, it: &BookHead, why: &str, now: Timestamp) -> Result<(), Refusal> {
    let data = json!({
        "price_book": it.id.to_string(),
        "name": it.name,
        "from": it.from.to_string(),
        "reason": why,
    });
    emit(tx, News { account: None, kind: EventKind::BookWithheld, data }, now)
}
