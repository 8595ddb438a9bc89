//! What customers read of their usage: the readings themselves, and sums by window.
//!
//! In:  an account and what it asks for. Out: pages.
//! Invariant: windows are cycles of the settlement calendar, so that they add up as bills do.

use super::resources;
use crate::page::{Page, Part, mark};
use crate::{At, Refusal};
use store::Tx;
use store::usage::{self, ReadingFilter, WindowSum};
use units::calendar::whole_second;
use units::{AccountId, Cycle, CycleKind, Timestamp};

pub use store::usage::StoredReading;

/// Which readings.
#[derive(Clone, Debug)]
pub struct Filter {
    pub account: AccountId,
    /// Only of this resource of the account.
    pub resource: Option<String>,
    pub meter: Option<String>,
    /// From the beginning of the month if left out.
    pub from: Option<Timestamp>,
    /// Until now if left out.
    pub to: Option<Timestamp>,
}

/// What the store is asked. Errors: `NotFound` for a resource that is not the account's.
fn query(tx: &mut Tx<'_>, at: At<'_>, of: &Filter) -> Result<ReadingFilter, Refusal> {
    let named = |text: &String| resources::named(tx, of.account, text);
    let resource = of.resource.as_ref().map(named).transpose()?;
    let from = match of.from {
        Some(from) => from,
        None => at.desk.calendar.cycle(CycleKind::Month, at.now)?.from,
    };
    // Readings are kept to the second.
    let from = whole_second(from);
    Ok(ReadingFilter {
        account: of.account,
        resource,
        meter: of.meter.clone(),
        from,
        to: of.to.unwrap_or(at.now),
    })
}

/// Readings of an account's resources, the newest first.
pub fn page(tx: &mut Tx<'_>, at: At<'_>, of: &Filter, part: &Part) -> Result<Page<StoredReading>, Refusal> {
    let query = query(tx, at, of)?;
    let found = usage::page(tx, &query, mark::of(part)?.as_ref(), i64::from(part.most) + 1)?;
    Ok(Page::of(found, part, |it| {
        mark::word(&(store::engine::us(it.at), it.source.clone(), it.event.clone()))
    }))
}

/// Which windows.
#[derive(Clone, Debug)]
pub struct WindowFilter {
    pub readings: Filter,
    /// How long a window is.
    pub by: CycleKind,
}

/// Sums of one meter in one window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    pub from: Timestamp,
    pub to: Timestamp,
    pub sum: WindowSum,
}

/// Sums by window, the oldest first; a page ends with the instant from which the next one goes on.
///
/// Windows without readings are left out and not counted: from each that is done the next reading is looked for.
pub fn windows(tx: &mut Tx<'_>, at: At<'_>, of: &WindowFilter, part: &Part) -> Result<Page<Window>, Refusal> {
    let from = part.cursor::<Timestamp>()?.or(of.readings.from);
    let query = query(tx, at, &Filter { from, ..of.readings.clone() })?;
    let mut found: Vec<Window> = Vec::new();
    let (mut rest, mut left) = (query.clone(), usize::from(part.most));
    while let Some(first) = usage::first(tx, &rest)? {
        let cycles = cycles(at, of.by, (first, rest.to), left)?;
        let Some(last) = cycles.last() else {
            let next = at.desk.calendar.cycle(of.by, first)?.from;
            return Ok(Page { items: found, next: Some(next.to_string()) });
        };
        let sums = usage::sums(tx, &rest, &cycles)?;
        for it in &cycles {
            let window = |sum: &WindowSum| Window {
                from: it.from.max(query.from),
                to: it.to.min(query.to),
                sum: sum.clone(),
            };
            let before = found.len();
            found.extend(sums.iter().filter(|sum| it.contains(sum.from)).map(window));
            left -= usize::from(found.len() > before);
        }
        rest.from = last.to;
    }
    Ok(Page::whole(found))
}

/// At most `most` cycles one behind the other, the first with `from` in it, none that begins at `to` or later.
fn cycles(
    at: At<'_>,
    kind: CycleKind,
    (from, to): (Timestamp, Timestamp),
    most: usize,
) -> Result<Vec<Cycle>, Refusal> {
    let mut cycle = at.desk.calendar.cycle(kind, from)?;
    let mut found = Vec::new();
    while cycle.from < to && found.len() < most {
        found.push(cycle);
        cycle = at.desk.calendar.next(&cycle)?;
    }
    Ok(found)
}
