//! What customers read of their usage: the readings themselves, and sums by window.
//!
//! In:  an account and what it asks for. Out: pages.
//! Invariant: windows are cycles of the settlement calendar, so that they add up as bills do.

use crate::{Desk, Refusal};
use store::Tx;
use store::usage::{self, Mark, ReadingFilter, StoredReading, WindowSum};
use units::{Cycle, CycleKind, Timestamp};

/// A page of readings, newest first, and where it ends if there are more.
pub fn page(
    tx: &mut Tx<'_>,
    query: &ReadingFilter,
    after: Option<&Mark>,
    limit: usize,
) -> Result<(Vec<StoredReading>, Option<Mark>), Refusal> {
    let mut found = usage::page(tx, query, after, i64::try_from(limit + 1).unwrap_or(i64::MAX))?;
    let more = found.len() > limit;
    found.truncate(limit);
    let mark = |it: &StoredReading| (store::engine::us(it.at), it.source.clone(), it.event.clone());
    let next = found.last().filter(|_| more).map(mark);
    Ok((found, next))
}

/// Sums of one meter in one window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    pub from: Timestamp,
    pub to: Timestamp,
    pub sum: WindowSum,
}

/// Sums of at most `limit` windows, oldest first, and from where to go on if there are more.
///
/// Windows without readings are left out and not counted: from each that is done the next reading is looked for.
pub fn windows(
    tx: &mut Tx<'_>,
    desk: &Desk,
    query: &ReadingFilter,
    kind: CycleKind,
    limit: usize,
) -> Result<(Vec<Window>, Option<Timestamp>), Refusal> {
    let mut found: Vec<Window> = Vec::new();
    let (mut rest, mut left) = (query.clone(), limit);
    while let Some(first) = usage::first(tx, &rest)? {
        let mut cycle = desk.calendar.cycle(kind, first)?;
        if left == 0 {
            return Ok((found, Some(cycle.from)));
        }
        let mut cycles: Vec<Cycle> = Vec::new();
        while cycle.from < rest.to && cycles.len() < left {
            cycles.push(cycle);
            cycle = desk.calendar.next(&cycle)?;
        }
        let sums = usage::sums(tx, &rest, &cycles)?;
        for it in &cycles {
            let before = found.len();
            let window = |sum: &WindowSum| Window {
                from: it.from.max(query.from),
                to: it.to.min(query.to),
                sum: sum.clone(),
            };
            found.extend(sums.iter().filter(|sum| it.contains(sum.from)).map(window));
            left -= usize::from(found.len() > before);
        }
        rest.from = cycle.from;
    }
    Ok((found, None))
}
