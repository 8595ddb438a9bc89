//! What a correction of a reading touches: cycles that are closed, and those that are still open.
//!
//! In:  a reading as it was taken. Out: whose it is, the closed cycles that are rated once more.
//! Invariant: the account's cycles are held, so that none closes between the look and the correction's row.
//! Source: R-COR-1, R-SET-5.

use super::place::{Cycles, Dues, Facts};
use super::take;
use crate::{At, Refusal};
use billing::correction::CorrectionError;
use billing::counter::Counting;
use billing::reading::Reading;
use std::iter;
use store::Tx;
use store::recounts::Waiting;
use store::usage::StoredReading;
use units::{AccountId, Cycle, CycleKind};

/// A reading that is corrected, and what it touches.
#[derive(Debug)]
pub(crate) struct Touched {
    pub account: AccountId,
    pub reading: StoredReading,
    /// Closed cycles: the next close of their kind rates them once more.
    pub closed: Vec<Waiting>,
    /// Cycles that are open: their close takes what stands by then.
    pub open: Vec<Cycle>,
}

impl Touched {
    /// The kinds of cycle that are closed.
    pub(crate) fn kinds(&self) -> Vec<CycleKind> {
        take::kinds(&self.closed)
    }
}

/// Looks at the reading under `source` and `event`.
///
/// Errors: `NotFound` of the field `event` for one that was not taken; `TooLate` for one whose cycle ended longer ago than
/// readings are taken late.
pub(crate) fn touched(tx: &mut Tx<'_>, at: At<'_>, source: &str, event: &str) -> Result<Touched, Refusal> {
    let missing = || Refusal::missing(format!("reading {source} {event} among those taken")).of("event");
    let (account, reading) = store::usage::get_whole(tx, source, event)?.ok_or_else(missing)?;
    let resource = reading.resource.to_string();
    let as_sent = Reading {
        source,
        event,
        resource: &resource,
        usage: &reading.meter,
        at: reading.at,
        received: reading.received,
        quantity: reading.quantity.unsigned_abs(),
        key: &reading.key,
        counting: Counting::Delta,
    };
    let facts = Facts::read(tx, at.desk, iter::once(&as_sent))?;
    // What charged it then is said by the book of then.
    let place = facts.place(at.desk.at(reading.at), &mut Cycles::default(), &as_sent)?;
    let (mut closed, mut open) = (Vec::new(), Vec::new());
    if let Ok(place) = place {
        let dues = Dues::hold(tx, iter::once(&place))?;
        let late = dues.late(at, &place, &resource)?;
        closed = late.map_err(|(_, detail)| CorrectionError::TooLate(detail))?;
        let is_open = |it: &Cycle| !closed.iter().any(|closed| closed.original == *it);
        open.extend(place.cycles.iter().map(|it| it.0).filter(is_open));
    }
    Ok(Touched { account, reading, closed, open })
}

/// Lets closed cycles wait for the next close of their kind, and their accounts for that close.
pub(crate) fn wait(
    tx: &mut Tx<'_>,
    at: At<'_>,
    closed: impl IntoIterator<Item = Waiting>,
) -> Result<(), Refusal> {
    take::wait(tx, at, closed)
}
