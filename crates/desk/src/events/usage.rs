//! What is told of readings.
//!
//! In:  readings that were kept aside. Out: news of them.
//! Invariant: one event, however many came at once.

use super::ears::{News, emit};
use super::told::{Member, Payload, Shape, Told, payload};
use crate::Refusal;
use billing::event::EventKind;
use serde_json::Value;
use std::collections::BTreeMap;
use store::Tx;
use store::quarantine::Unplaced;
use store::usage::homeless::{Homeless, Why};
use units::Timestamp;

payload! {
    /// Readings that were kept aside at once.
    Quarantined of [QuarantineAdded] {
        /// How many.
        readings: u64,
        /// How many of each reason.
        reasons: BTreeMap<String, u64>,
        first: KeptAside,
    }
}

payload! {
    /// The first of the readings that an event is about.
    KeptAside of [] {
        source: String,
        id: String,
        /// What it says it is of.
        subject: String,
        meter: String,
        reason: String,
        detail: String,
    }
}

impl Told for KeptAside {
    fn shape() -> Shape {
        let members: Vec<Member> = KeptAside::form().members;
        Shape::Object(members)
    }

    fn told(&self) -> Option<Value> {
        Some(Payload::told(self))
    }
}

/// Readings that were kept aside: one event, however many came at once.
pub fn quarantined(tx: &mut Tx<'_>, readings: &[Unplaced<'_>], now: Timestamp) -> Result<(), Refusal> {
    let Some(first) = readings.first() else { return Ok(()) };
    let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
    for it in readings {
        *reasons.entry(it.reason.to_string()).or_default() += 1;
    }
    let first = KeptAside {
        source: first.source.to_string(),
        id: first.event.to_string(),
        subject: first.resource.to_string(),
        meter: first.meter.to_string(),
        reason: first.reason.to_string(),
        detail: first.detail.to_string(),
    };
    emit(tx, added(reasons, first), now)
}

/// Readings that were taken before and are kept aside now: one event for a batch of accounts.
pub fn homeless(tx: &mut Tx<'_>, readings: &[Homeless], why: Why, now: Timestamp) -> Result<(), Refusal> {
    let Some(first) = readings.first() else { return Ok(()) };
    let reasons = BTreeMap::from([(why.reason.to_string(), readings.len() as u64)]);
    let first = KeptAside {
        source: first.source.clone(),
        id: first.event.clone(),
        subject: first.resource.clone(),
        meter: first.meter.clone(),
        reason: why.reason.to_string(),
        detail: why.detail.to_string(),
    };
    emit(tx, added(reasons, first), now)
}

/// News of readings that were kept aside, so many for each reason.
fn added(reasons: BTreeMap<String, u64>, first: KeptAside) -> News {
    let told = Quarantined { readings: reasons.values().sum(), reasons, first };
    News::of(None, EventKind::QuarantineAdded, &told)
}
