//! Re-rating a past period: which closed cycles a corrected price book touches.
//!
//! In:  the lives of an account, a period, up to where its cycles are closed. Out: closed cycles, each of a resource or of sums.
//! Invariant: every closed cycle that meets the period is named in which something could be charged, by the book that was in
//! force or by the corrected one; a cycle too many costs nothing, for what comes to the same is not billed.
//! Rules: R-COR-1, R-SET-5.

use crate::book::{Due, Scope};
use crate::plan::{Config, Configs};
use crate::segment::Change;
use std::collections::BTreeSet;
use units::calendar::{CalendarError, second_at};
use units::{Calendar, Cycle, CycleKind, ResourceId, Timestamp};

/// Up to where the cycles of each kind are closed, in the order of `CycleKind::ALL`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClosedTo([Timestamp; 3]);

impl ClosedTo {
    /// All closed up to the same instant.
    pub const fn all(to: Timestamp) -> ClosedTo {
        ClosedTo([to; 3])
    }

    /// The same, with cycles of one kind closed up to another instant.
    pub fn with(mut self, kind: CycleKind, to: Timestamp) -> ClosedTo {
        self.0[kind as usize] = to;
        self
    }

    pub const fn of(&self, kind: CycleKind) -> Timestamp {
        self.0[kind as usize]
    }
}

/// A period `[from, until)` in which prices are corrected, and what is closed of it.
#[derive(Clone, Copy, Debug)]
pub struct Period<'a> {
    pub from: Timestamp,
    pub until: Timestamp,
    pub closed: ClosedTo,
    pub calendar: &'a Calendar,
}

/// A closed cycle that is rated once more: of one resource, or of the sums over the account.
pub type Touched = (Cycle, Option<ResourceId>);

/// The closed cycles that the period touches, in order. `life` is sorted by resource, then by time; `configs` resolves it by
/// the books that were in force and those that stand above them.
///
/// Errors: beyond the end of the calendar.
pub fn touched(
    life: &[Change],
    configs: &Configs,
    period: &Period<'_>,
) -> Result<BTreeSet<Touched>, CalendarError> {
    let mut found = BTreeSet::new();
    for own in life.chunk_by(|one, other| one.resource == other.resource) {
        for (at, change) in own.iter().enumerate().filter(|it| !it.1.state.is_over()) {
            let born = second_at(change.at)?;
            // The second of an end still belongs to what ended.
            let last = match own.get(at + 1) {
                Some(end) => period.until.min(second_at(end.at + 1)?),
                None => period.until,
            };
            for (kind, scope) in charges(configs.get(change.config)) {
                let resource = (scope == Scope::Resource).then_some(change.resource);
                let stretch = Period { from: period.from.max(born), until: last, ..*period };
                for cycle in closed(kind, &stretch)? {
                    found.insert((cycle, resource));
                }
            }
        }
    }
    Ok(found)
}

/// In which kinds of cycle, and added up by what, any version of a configuration charges.
pub(crate) fn charges(config: &Config) -> Vec<(CycleKind, Scope)> {
    let mut found = Vec::new();
    for plan in config.versions.iter().filter_map(|it| it.1.as_ref().ok()) {
        for part in &plan.parts {
            match part.due {
                Due::Cycle(kind) if !found.contains(&(kind, part.scope)) => found.push((kind, part.scope)),
                Due::Cycle(_) | Due::Order => {}
            }
        }
    }
    found
}

/// The closed cycles of a kind that meet a period.
fn closed(kind: CycleKind, period: &Period<'_>) -> Result<Vec<Cycle>, CalendarError> {
    let mut found = Vec::new();
    if period.from >= period.until {
        return Ok(found);
    }
    let mut cycle = period.calendar.cycle(kind, period.from)?;
    while cycle.from < period.until && cycle.to <= period.closed.of(kind) {
        found.push(cycle);
        cycle = period.calendar.next(&cycle)?;
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
