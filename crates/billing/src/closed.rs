//! What is closed stands: up to where the cycles of an account are closed, and what that makes of a change of state.
//!
//! In:  closed ends by kind of cycle, a change as it was asked for. Out: the change as it takes effect.
//! Invariant: a change takes effect in no closed cycle, and never before one of the same resource that was written
//! earlier; when it was asked for is kept, so that closed cycles are rated once more by that.
//! Rule: R-TIM-11.

use crate::resource::MeterEvent;
use units::calendar::CalendarError;
use units::{Calendar, Cycle, CycleKind, Timestamp};

/// Up to where the cycles of an account are closed, by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closed(Vec<(CycleKind, Timestamp)>);

impl Closed {
    /// `own` are the ends of the account; a kind that it has none of is closed up to where `newest` is, for everybody.
    pub fn new(own: &[(CycleKind, Timestamp)], newest: &[(CycleKind, Timestamp)]) -> Closed {
        let end = |kind: CycleKind| own.iter().chain(newest).find(|it| it.0 == kind).copied();
        Closed(CycleKind::ALL.into_iter().filter_map(end).collect())
    }

    /// The same of these kinds alone: a change matters to the cycles that its product settles in.
    pub fn of(&self, kinds: &[CycleKind]) -> Closed {
        Closed(self.0.iter().filter(|it| kinds.contains(&it.0)).copied().collect())
    }

    /// The end of the newest closed cycle of a kind, if one was ever closed.
    pub fn to(&self, kind: CycleKind) -> Option<Timestamp> {
        self.0.iter().find(|it| it.0 == kind).map(|it| it.1)
    }

    /// The first instant from `at` on that lies in no closed cycle of any kind.
    pub fn first_open(&self, at: Timestamp) -> Timestamp {
        self.0.iter().map(|it| it.1).fold(at, Timestamp::max)
    }

    /// `cycle`, or the first open one of its kind.
    pub fn open_cycle(&self, cycle: Cycle, calendar: &Calendar) -> Result<Cycle, CalendarError> {
        match self.to(cycle.kind) {
            Some(to) if to > cycle.from => calendar.cycle(cycle.kind, to),
            Some(_) | None => Ok(cycle),
        }
    }

    /// The change as it takes effect; `last` is the one of the same resource that was written before it.
    pub fn place(&self, event: MeterEvent, last: Option<&MeterEvent>) -> MeterEvent {
        let asked = last.map_or(event.at, |it| event.at.max(it.happened()));
        let late: Vec<CycleKind> = self.0.iter().filter(|it| it.1 > asked).map(|it| it.0).collect();
        let at = last.map_or(self.first_open(asked), |it| self.first_open(asked).max(it.at));
        MeterEvent { at, asked: (at != asked).then_some(asked), late, ..event }
    }
}

#[cfg(test)]
mod tests;
