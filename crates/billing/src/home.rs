//! Homes: where a reading belongs, by how its resource stood in its second.
//!
//! In:  the life of a resource, the second of a reading, what was closed by now. Out: the components that charge it and
//! the closed cycles that are rated once more, or why it has no home.
//! Invariant: of one component and one reading one cycle takes it. A second belongs to every state that touches it: the
//! last one that charges takes the reading, so the second of an end belongs to what ended.
//! Rules: R-TIM-9, R-NET-1, R-SET-5. Examples: scenarios/data/late/.

use crate::book::{Due, Scope};
use crate::meter::Tally;
use crate::plan::{Part, Plan};
use crate::reading::Reason;
use crate::resource::State;
use crate::resource::states::States;
use units::calendar::CalendarError;
use units::{Calendar, Cycle, CycleKind, Timestamp};

/// A component that reads a meter, and when it is charged.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    pub component: &'a str,
    pub tally: Tally,
    pub kind: CycleKind,
    pub scope: Scope,
    pub billed_while: States,
}

/// How a resource stood within a second, and which components read the meter by then.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    pub state: State,
    pub readers: Vec<Reader<'a>>,
}

impl<'a> Standing<'a> {
    /// The components of `plan` that read `usage`.
    pub fn new(state: State, plan: &'a Plan, usage: &str) -> Standing<'a> {
        let reader = |part: &'a Part| {
            let component = plan.component(part);
            match part.due {
                Due::Cycle(kind) if component.meter.usage() == Some(usage) => Some(Reader {
                    component: &component.id,
                    tally: component.meter.tally(),
                    kind,
                    scope: part.scope,
                    billed_while: part.billed_while,
                }),
                Due::Cycle(_) | Due::Order => None,
            }
        };
        Standing { state, readers: plan.parts.iter().filter_map(reader).collect() }
    }
}

/// What a second of a life touches: how the resource stood when it began, if it was there, and what changed within it.
///
/// `life` is in order of time; `second_of` says in which second each of it began. Source: R-TIM-9.
pub fn touched<T>(life: &[T], second: i64, second_of: impl Fn(&T) -> i64) -> &[T] {
    let begun = life.partition_point(|it| second_of(it) < second);
    let ended = life.partition_point(|it| second_of(it) <= second);
    &life[begun.saturating_sub(1)..ended]
}

/// Where a reading belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    pub tally: Tally,
    /// What charges it: in which kind of cycle and added up by what, each once.
    pub charged: Vec<(CycleKind, Scope)>,
}

/// Where a reading belongs, by how its resource stood in its second, in order of time.
///
/// Errors: `NotDelivered`; `NotRunning` where components read the meter and none is charged in these states, and where
/// nothing reads it and the resource does not run. What arrears cut (`Limited`) runs, but is charged only where its
/// component says so. Source: R-TIM-9, R-NET-1.
pub fn home(stood: &[Standing<'_>]) -> Result<Home, Reason> {
    if stood.iter().all(|it| it.state == State::Pending) {
        return Err(Reason::NotDelivered);
    }
    let (mut taken, mut charged) = (Vec::new(), Vec::new());
    for Standing { state, readers } in stood.iter().rev() {
        for it in readers {
            if it.billed_while.contains(*state) && !taken.contains(&it.component) {
                taken.push(it.component);
                charged.push((it.kind, it.scope));
            }
        }
    }
    charged.sort_by_key(|it| (it.0, it.1 == Scope::Account));
    charged.dedup();
    let is_read = stood.iter().any(|it| !it.readers.is_empty());
    let runs = stood.iter().any(|it| matches!(it.state, State::Running | State::Limited));
    if charged.is_empty() && (is_read || !runs) {
        return Err(Reason::NotRunning);
    }
    Ok(Home { tally: Tally::of(stood.iter().flat_map(|it| &it.readers).map(|it| it.tally)), charged })
}

/// For how long after its end a cycle is rated once more, and by which calendar months are counted. Source: R-SET-5.
#[derive(Clone, Copy, Debug)]
pub struct Horizon<'a> {
    pub months: u32,
    pub calendar: &'a Calendar,
}

/// Whether a cycle is closed, and since when it is too old to be opened once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    Open,
    Closed,
    Over,
}

impl Horizon<'_> {
    /// How `cycle` stands at `now` for an account whose cycles of its kind are closed up to `settled_to`.
    ///
    /// Errors: beyond the end of the calendar. Source: R-SET-5.
    pub fn closing(
        &self,
        cycle: &Cycle,
        settled_to: Timestamp,
        now: Timestamp,
    ) -> Result<Closing, CalendarError> {
        if cycle.to > settled_to {
            return Ok(Closing::Open);
        }
        let last = self.calendar.add_months(cycle.to, self.months)?;
        Ok(if now <= last { Closing::Closed } else { Closing::Over })
    }
}

#[cfg(test)]
mod tests;
