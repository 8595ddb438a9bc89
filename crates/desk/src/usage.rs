//! Readings taken in: placed, deduplicated, kept in quarantine, or billed late.
//!
//! In:  a batch of readings, of any senders. Out: what became of each, in the same order.
//! Invariant: one bad reading never loses the others; how a batch is split changes nothing of what is stored;
//! as many statements for a thousand readings as for one.
//! Source: R-NET-1, R-SET-5, section 20 (R-DDS-2).

mod place;
pub mod quarantine;
mod take;

use super::{At, Desk, Refusal};
use billing::counter::Counting;
use store::{StoreError, Tx};
use take::Batch;
use units::Timestamp;

/// What became of a reading. Every case has a stable name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    Accepted,
    /// The same reading came before.
    Duplicate,
    /// Its cycle was closed; the next close bills it. Source: R-SET-5.
    Late,
    /// Kept aside with a reason, never lost.
    Quarantined(Reason),
}

impl Taken {
    pub const fn as_str(self) -> &'static str {
        match self {
            Taken::Accepted => "accepted",
            Taken::Duplicate => "duplicate",
            Taken::Late => "late",
            Taken::Quarantined(reason) => reason.as_str(),
        }
    }
}

/// Why a reading is kept aside. Names are never changed; docs/usage.md lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    UnknownResource,
    UnknownMeter,
    /// It happened before the resource was delivered.
    NotDelivered,
    NotRunning,
    /// The price book cannot price the resource.
    NoPrice,
    /// Another reading of the same instant says something else; the first stands.
    Conflict,
    /// Its cycle was closed and it is not of a kind that adds up.
    LateForPeak,
    /// A standing of a counter, where what is charged is not a sum.
    NotACounter,
}

impl Reason {
    pub const ALL: [Reason; 8] = [
        Reason::UnknownResource,
        Reason::UnknownMeter,
        Reason::NotDelivered,
        Reason::NotRunning,
        Reason::NoPrice,
        Reason::Conflict,
        Reason::LateForPeak,
        Reason::NotACounter,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Reason::UnknownResource => "unknown_resource",
            Reason::UnknownMeter => "unknown_meter",
            Reason::NotDelivered => "not_delivered",
            Reason::NotRunning => "not_running",
            Reason::NoPrice => "no_price",
            Reason::Conflict => "conflict",
            Reason::LateForPeak => "late_for_peak",
            Reason::NotACounter => "not_a_counter",
        }
    }

    pub fn parse(text: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// A reading as it is reported: of a resource by name of its id, which may not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading<'a> {
    /// With `event`, its identity for ever.
    pub source: &'a str,
    pub event: &'a str,
    pub resource: &'a str,
    pub usage: &'a str,
    pub at: Timestamp,
    pub received: Timestamp,
    pub quantity: u64,
    /// What tells readings of one second apart, or one counter of a resource from another.
    pub key: &'a str,
    pub counting: Counting,
}

/// Records readings. The same again changes nothing.
///
/// Errors, one by one: `InTheFuture`, `Reading` for more than anything uses at once, `Overflow`, and `conflict` when an id was used for something else.
pub fn record_all(
    tx: &mut Tx<'_>,
    at: At<'_>,
    readings: &[Reading<'_>],
) -> Result<Vec<Result<Taken, Refusal>>, Refusal> {
    Batch::of(readings, at.now).record(tx, at.desk)
}

/// Records one reading.
pub fn record(tx: &mut Tx<'_>, desk: &Desk, reading: &Reading<'_>) -> Result<Taken, Refusal> {
    let all = record_all(tx, desk.at(reading.received), std::slice::from_ref(reading))?;
    all.into_iter().next().unwrap_or_else(|| Err(lost(reading)))
}

fn lost(reading: &Reading<'_>) -> Refusal {
    StoreError::NotFound(format!("usage {} {}", reading.source, reading.event)).into()
}

fn differs(reading: &Reading<'_>) -> Refusal {
    StoreError::Differs(format!("usage {} {}", reading.source, reading.event)).into()
}
