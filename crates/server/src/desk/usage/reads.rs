//! What customers read of their usage: the readings themselves, and sums by window.
//!
//! In:  an account and what it asks for. Out: pages.
//! Invariant: windows are cycles of the settlement calendar, so that they add up as bills do.

use crate::desk::{Desk, Refusal};
use store::Tx;
use store::usage::{self, Mark, Query, Stored, Sum};
use units::{Cycle, CycleKind, Timestamp};

/// A page of readings, newest first, and where it ends if there are more.
pub fn page(
    tx: &mut Tx<'_>,
    query: &Query,
    after: Option<&Mark>,
    limit: usize,
) -> Result<(Vec<Stored>, Option<Mark>), Refusal> {
    let mut found = usage::page(tx, query, after, i64::try_from(limit + 1).unwrap_or(i64::MAX))?;
    let more = found.len() > limit;
    found.truncate(limit);
    let mark = |it: &Stored| (store::engine::us(it.at), it.source.clone(), it.event.clone());
    let next = found.last().filter(|_| more).map(mark);
    Ok((found, next))
}

/// Sums of one meter in one window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    pub from: Timestamp,
    pub to: Timestamp,
    pub sum: Sum,
}

/// Sums of at most `limit` windows, oldest first, and from where to go on. Windows without readings are left out.
pub fn windows(
    tx: &mut Tx<'_>,
    desk: &Desk,
    query: &Query,
    kind: CycleKind,
    limit: usize,
) -> Result<(Vec<Window>, Option<Timestamp>), Refusal> {
    let mut cycles: Vec<Cycle> = Vec::new();
    let mut cycle = desk.calendar.cycle(kind, query.from)?;
    while cycle.from < query.to && cycles.len() < limit {
        cycles.push(cycle);
        cycle = desk.calendar.next(&cycle)?;
    }
    let next = (cycle.from < query.to).then_some(cycle.from);
    let sums = usage::sums(tx, query, &cycles)?;
    let window = |sum: Sum| {
        let found = cycles.iter().find(|it| it.contains(sum.from));
        found.map(|it| Window { from: it.from.max(query.from), to: it.to.min(query.to), sum })
    };
    Ok((sums.into_iter().filter_map(window).collect(), next))
}
