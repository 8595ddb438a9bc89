//! A month that is over, and the cycles of each kind in it.
//!
//! In:  a calendar, a month by name. Out: its cycles in order, and which of them are as long as each other.
//! Invariant: the cycles of each kind lie in the month without a gap.

use units::calendar::CalendarError;
use units::{Calendar, Cycle, CycleKind, Timestamp};

/// Why a month cannot be rated once more.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MonthError {
    #[error("`{0}` is no month; write it like 2026-06")]
    Unreadable(String),
    #[error("{month} is not over: its use is not known until {until}; name an earlier month")]
    NotOver { month: String, until: String },
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

/// A month and its cycles.
#[derive(Clone, Debug)]
pub struct Month {
    /// The month itself.
    pub cycle: Cycle,
    /// Its name, such as `2026-06`.
    pub name: String,
    kinds: [Cycles; 3],
}

/// The cycles of one kind, in order.
#[derive(Clone, Debug)]
pub(super) struct Cycles {
    pub all: Vec<Cycle>,
    /// For each, where the next one of another length stands: the clock may be set in the month.
    pub alike_to: Vec<usize>,
}

impl Month {
    /// The month that `at` falls into. Errors: beyond the end of the calendar.
    pub fn of(calendar: &Calendar, at: Timestamp) -> Result<Month, CalendarError> {
        let cycle = calendar.cycle(CycleKind::Month, at)?;
        let [hours, days, months] = CycleKind::ALL.map(|kind| Cycles::of(calendar, kind, &cycle));
        Ok(Month { cycle, name: calendar.month(cycle.from), kinds: [hours?, days?, months?] })
    }

    /// The month of this name, or the last one that is over. Errors: no month, or one that still runs.
    pub fn past(calendar: &Calendar, name: Option<&str>, now: Timestamp) -> Result<Month, MonthError> {
        let Some(name) = name else {
            let first = calendar.cycle(CycleKind::Month, now)?.from;
            let before = units::calendar::second_at(first.as_second() - 1)?;
            return Ok(Month::of(calendar, before)?);
        };
        let unreadable = || MonthError::Unreadable(name.chars().take(20).collect());
        let from = calendar.parse(&format!("{name}-01")).map_err(|_| unreadable())?;
        let month = Month::of(calendar, from)?;
        if month.name != name {
            return Err(unreadable());
        }
        if month.cycle.to > now {
            let until = calendar.print(month.cycle.to);
            return Err(MonthError::NotOver { month: month.name, until });
        }
        Ok(month)
    }

    pub(super) const fn cycles(&self, kind: CycleKind) -> &Cycles {
        &self.kinds[kind as usize]
    }
}

impl Cycles {
    fn of(calendar: &Calendar, kind: CycleKind, month: &Cycle) -> Result<Cycles, CalendarError> {
        let mut all = vec![calendar.cycle(kind, month.from)?];
        while let Some(last) = all.last().filter(|it| it.to < month.to) {
            all.push(calendar.next(last)?);
        }
        let mut alike_to = vec![all.len(); all.len()];
        for at in (1..all.len()).rev() {
            let is_alike = all[at - 1].seconds() == all[at].seconds();
            alike_to[at - 1] = if is_alike { alike_to[at] } else { at };
        }
        Ok(Cycles { all, alike_to })
    }

    /// How many of them end at `second` at the latest.
    pub fn ended_by(&self, second: i64) -> usize {
        self.all.partition_point(|it| it.to.as_second() <= second)
    }
}
