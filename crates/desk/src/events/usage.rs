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
use store::usage::homeless::{Homeless, Why};
use units::Timestamp;

/// Readings that were kept aside: one event, however many came at once.
pub fn quarantined(tx: &mut Tx<'_>, readings: &[Unplaced<'_>], now: Timestamp) -> Result<(), Refusal> {
    let Some(first) = readings.first() else { return Ok(()) };
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for it in readings {
        *reasons.entry(it.reason).or_default() += 1;
    }
    let id = (first.source, first.event);
    let first =
        First { id, subject: first.resource, meter: first.meter, reason: first.reason, detail: first.detail };
    emit(tx, added(&reasons, first), now)
}

/// Readings that were taken before and are kept aside now: one event for a batch of accounts.
pub fn homeless(tx: &mut Tx<'_>, readings: &[Homeless], why: Why, now: Timestamp) -> Result<(), Refusal> {
    let Some(first) = readings.first() else { return Ok(()) };
    let reasons = BTreeMap::from([(why.reason, readings.len())]);
    let id = (first.source.as_str(), first.event.as_str());
    let first =
        First { id, subject: &first.resource, meter: &first.meter, reason: why.reason, detail: why.detail };
    emit(tx, added(&reasons, first), now)
}

/// The first of the readings that an event is about.
struct First<'a> {
    /// Source and event.
    id: (&'a str, &'a str),
    subject: &'a str,
    meter: &'a str,
    reason: &'a str,
    detail: &'a str,
}

/// News of readings that were kept aside, so many for each reason.
fn added(reasons: &BTreeMap<&str, usize>, first: First<'_>) -> News {
    let data = json!({
        "readings": reasons.values().sum::<usize>(),
        "reasons": reasons,
        "first": {
            "source": first.id.0,
            "id": first.id.1,
            "subject": first.subject,
            "meter": first.meter,
            "reason": first.reason,
            "detail": first.detail,
        },
    });
    News { account: None, kind: EventKind::QuarantineAdded, data }
}
