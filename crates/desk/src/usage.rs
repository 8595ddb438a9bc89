//! Readings taken in: placed, deduplicated, kept in quarantine, or billed late.
//!
//! In:  a batch of readings, of any senders. Out: what became of each, in the same order.
//! Invariant: one bad reading never loses the others; how a batch is split changes nothing of what is stored;
//! as many statements for a thousand readings as for one.
//! Source: R-NET-1, R-SET-5, section 20 (R-DDS-2).

pub(crate) mod correct;
mod place;
pub mod quarantine;
mod take;

use super::{At, Desk, Refusal};
pub use billing::reading::{Reading, Reason, Taken};
use store::Tx;
use take::Batch;

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
    all.into_iter().next().unwrap_or_else(|| Err(take::lost(reading)))
}
