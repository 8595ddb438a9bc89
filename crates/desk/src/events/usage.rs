//! What is told of readings.
//!
//! In:  readings that were kept aside. Out: news of them.
//! Invariant: one event, however many came at once.

use super::ears::{News, emit};
use crate::Refusal;
use billing::event::EventKind;
use serde_json::json;
use std::collections::BTreeMap;
use store::Tx;
use store::quarantine::Unplaced;
use units::Timestamp;

/// Readings that were kept aside: one event, however many came at once.
pub fn quarantined(tx: &mut Tx<'_>, readings: &[Unplaced<'_>], now: Timestamp) -> Result<(), Refusal> {
    let Some(first) = readings.first() else { return Ok(()) };
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    for it in readings {
        *reasons.entry(it.reason).or_default() += 1;
    }
    let data = json!({
        "readings": readings.len(),
        "reasons": reasons,
        "first": {
            "source": first.source,
            "id": first.event,
            "subject": first.resource,
            "meter": first.meter,
            "reason": first.reason,
            "detail": first.detail,
        },
    });
    emit(tx, News { account: None, kind: EventKind::QuarantineAdded, data }, now)
}
