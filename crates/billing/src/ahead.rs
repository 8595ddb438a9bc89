//! What comes next for an account, if nobody does anything: what ends, packs that run out, and when its money does.
//!
//! In:  what lies ahead of its resources and packs, its balance, what a day costs. Out: the same in the order of time.
//! Invariant: nothing lies before now, and nothing behind the horizon. When the money is gone is an estimate: it goes as it
//! went, and what it buys is not looked at.
//! Rules: R-EXP-1, R-PKG-2, R-PKG-15, R-WAL-5.

use crate::story::What;
use crate::text::Text;
use units::calendar::{CalendarError, seconds_after, whole_second};
use units::{Amount, Money, MoneyError, PackId, ResourceId, Timestamp};

/// So many days are looked ahead.
pub const DAYS: u64 = 31;
const DAY: u64 = 86_400;

/// Something that will happen by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coming {
    /// A step in the life of a resource.
    Resource { id: ResourceId, what: What },
    /// A pack is used up at the present use.
    PackEmpty(PackId),
    /// A pack ends, and what is left of it is lost.
    PackEnds(PackId),
    /// The money is gone at the present use.
    MoneyGone,
}

/// What kind of thing comes, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Resource,
    PackEmpty,
    PackEnds,
    MoneyGone,
}

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Resource, Kind::PackEmpty, Kind::PackEnds, Kind::MoneyGone];

    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Resource => "resource",
            Kind::PackEmpty => "pack_empty",
            Kind::PackEnds => "pack_ends",
            Kind::MoneyGone => "money_gone",
        }
    }
}

impl Coming {
    pub const fn kind(&self) -> Kind {
        match self {
            Coming::Resource { .. } => Kind::Resource,
            Coming::PackEmpty(_) => Kind::PackEmpty,
            Coming::PackEnds(_) => Kind::PackEnds,
            Coming::MoneyGone => Kind::MoneyGone,
        }
    }

    /// The same for people.
    pub fn text(&self) -> Text {
        match self {
            Coming::Resource { what, .. } => what.text(),
            Coming::PackEmpty(_) => Text::new("Used up at the present use", "按目前用量将用完"),
            Coming::PackEnds(_) => Text::new("Ends; what is left is lost", "到期，余量作废"),
            Coming::MoneyGone => Text::new("Money runs out at the present use", "按目前用量余额将用完"),
        }
    }
}

/// What comes, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    pub at: Timestamp,
    pub coming: Coming,
}

/// The end of what is looked at. Errors: an instant that the calendar does not reach.
pub fn horizon(now: Timestamp) -> Result<Timestamp, CalendarError> {
    seconds_after(now, DAYS * DAY)
}

/// The steps between now and the horizon, in the order of time. Errors: as `horizon`.
pub fn in_order(steps: impl IntoIterator<Item = Step>, now: Timestamp) -> Result<Vec<Step>, CalendarError> {
    let (from, to) = (whole_second(now), horizon(now)?);
    let mut found: Vec<Step> = steps.into_iter().filter(|it| from <= it.at && it.at < to).collect();
    found.sort();
    Ok(found)
}

/// What is there of a balance, and how fast it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spending {
    /// With what is frozen: arrears begin where the balance ends, not where nothing is free any more. Source: R-WAL-2.
    pub balance: Money,
    /// What was used and is not billed yet.
    pub open: Amount,
    /// What a day costs as everything stands.
    pub a_day: Amount,
}

impl Spending {
    /// When the money is gone at this pace, to the second before. `None` where nothing goes by use, where it is gone already,
    /// and for an instant that no calendar reaches.
    ///
    /// Errors: `Currency`, `Overflow`.
    pub fn gone(&self, now: Timestamp) -> Result<Option<Timestamp>, MoneyError> {
        if self.a_day.e8() <= 0 || !self.balance.is_positive() {
            return Ok(None);
        }
        let rest = self.balance.to_amount().checked_sub(self.open)?.e8().max(0);
        let seconds = rest.checked_mul(DAY.into()).ok_or(MoneyError::Overflow)? / self.a_day.e8();
        Ok(u64::try_from(seconds).ok().and_then(|it| seconds_after(now, it).ok()))
    }
}

#[cfg(test)]
mod tests;
