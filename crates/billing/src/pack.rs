//! Resource packs: capacity, period, state, reminders.
//!
//! In:  a purchase, what `cover` found. Out: packs and the notices that fall due.
//! Invariant: used + left + lost = capacity, at every instant.
//! Rules: R-PKG-1 to R-PKG-5, R-PKG-10, R-PKG-13, R-PKG-15.

use crate::book::{EndedPack, PackRule, PackStart};
use crate::cover::{Crossing, Supply};
use crate::notice::NoticeKind;
use crate::options::Options;
use units::calendar::{self, CalendarError, seconds_after, whole_second};
use units::{AccountId, Calendar, Cycle, CycleKind, OrderId, PackId, ResourceId, Timestamp};

/// A pack that was paid for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    pub id: PackId,
    pub account: AccountId,
    pub order: OrderId,
    pub family: String,
    /// The one spec that it covers; `None` where sizes are linear.
    pub spec: Option<String>,
    pub name: String,
    /// Spec-seconds (or GB-seconds). Source: R-PKG-1.
    pub capacity: u64,
    pub effective: Timestamp,
    pub expires: Timestamp,
    pub bought: Timestamp,
    /// What closed months left. Consumption of the open month is not in it. Source: R-PKG-13.
    pub left: u64,
    /// Up to where consumption is final.
    pub settled_to: Timestamp,
    /// Units that closed months took.
    pub used: u64,
    /// Units that were left when it expired.
    pub lost: u64,
    pub notices_percent: Vec<u32>,
    /// When it was given back; then nothing of it is left. Source: R-PKG-14.
    pub refunded: Option<Timestamp>,
}

impl Pack {
    /// What people call it: its name, or else what it covers.
    pub fn called(&self) -> &str {
        match (self.name.as_str(), &self.spec) {
            ("", Some(spec)) => spec,
            ("", None) => &self.family,
            (name, _) => name,
        }
    }

    /// The id of the pack that a piece of an order becomes. It follows from the piece alone, so that the order and its bill
    /// can name the pack.
    pub fn id_of(piece: ResourceId) -> PackId {
        PackId::named(piece.made(), &piece.to_string())
    }
}

/// Where a pack stands. Source: section 13.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackState {
    Scheduled,
    Active,
    Exhausted,
    Expired,
    Refunded,
}

impl PackState {
    pub const ALL: [PackState; 5] = [
        PackState::Scheduled,
        PackState::Active,
        PackState::Exhausted,
        PackState::Expired,
        PackState::Refunded,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            PackState::Scheduled => "scheduled",
            PackState::Active => "active",
            PackState::Exhausted => "exhausted",
            PackState::Expired => "expired",
            PackState::Refunded => "refunded",
        }
    }
}

/// Why a pack is not sold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    #[error("the pack would have ended at {0}, before it is paid; choose a later month")]
    Over(Timestamp),
    #[error("`{0}` is not a month that a pack can begin in; write a month from this one on, like 2026-08")]
    NotAMonth(String),
    #[error(
        "a pack begins at most {MONTHS_AHEAD} months from now, and {0} is later; choose an earlier month"
    )]
    TooFar(String),
    #[error("the pack is larger than the till can count; choose a smaller one")]
    TooLarge,
    #[error("the pack has no `{0}` that is a number")]
    NotANumber(String),
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

/// How far ahead a pack may begin. R-PKG-2 names no bound; nobody plans further than the longest prepaid year.
pub const MONTHS_AHEAD: u32 = 12;

/// How much a pack has, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// Spec-seconds (or GB-seconds).
    pub capacity: u64,
    pub effective: Timestamp,
    pub expires: Timestamp,
}

/// Capacity and period of a pack bought at `now`. `month` is the buyer's choice, such as `2026-08`.
///
/// Errors: `NotAMonth` for a month before this one, `TooFar` for one in more than a year, `Over` when its period has
/// ended, `TooLarge`.
/// Source: R-PKG-1 to R-PKG-3, R-PKG-5.
pub fn period(
    rule: &PackRule,
    options: &Options,
    month: Option<&str>,
    now: Timestamp,
    calendar: &Calendar,
) -> Result<Period, PackError> {
    let number = |name: &str| -> Result<u64, PackError> {
        let value = options.get(name).and_then(|it| it.parse().ok());
        value.ok_or_else(|| PackError::NotANumber(name.to_string()))
    };
    let seconds = number(&rule.hours)?.checked_mul(3600).ok_or(PackError::TooLarge)?;
    let size = rule.size.as_deref().map_or(Ok(1), number)?;
    let capacity = seconds.checked_mul(size).ok_or(PackError::TooLarge)?;
    let effective = match rule.start {
        PackStart::Purchase => whole_second(now),
        PackStart::Month => first_of(month, now, calendar)?,
    };
    let expires = seconds_after(effective, seconds)?;
    if expires <= now && rule.ended == EndedPack::Refused {
        return Err(PackError::Over(expires));
    }
    Ok(Period { capacity, effective, expires })
}

fn first_of(month: Option<&str>, now: Timestamp, calendar: &Calendar) -> Result<Timestamp, PackError> {
    let this = calendar.cycle(CycleKind::Month, now)?.from;
    let Some(month) = month else { return Ok(this) };
    let wrong = || PackError::NotAMonth(month.chars().take(40).collect());
    let first = calendar.parse(&format!("{month}-01")).map_err(|_| wrong())?;
    match first {
        first if first < this => Err(wrong()),
        first if first > calendar.add_months(this, MONTHS_AHEAD)? => {
            Err(PackError::TooFar(month.to_string()))
        }
        first => Ok(first),
    }
}

impl Pack {
    /// The pack as a sweep sees it.
    pub fn supply(&self) -> Supply {
        let mark = |percent: &u32| {
            assert!(*percent < 100, "a notice is due at a share of less than the whole");
            (u128::from(self.capacity) * u128::from(*percent) / 100) as u64
        };
        let mut marks: Vec<u64> = self.notices_percent.iter().map(mark).collect();
        marks.push(0);
        marks.sort_unstable_by(|one, other| other.cmp(one));
        marks.dedup();
        Supply {
            id: self.id,
            capacity: self.capacity,
            left: self.left,
            effective: self.effective.as_second(),
            from: self.effective.as_second().max(self.settled_to.as_second()),
            expires: self.expires.as_second(),
            bought: self.bought.as_second(),
            marks,
        }
    }

    pub fn state(&self, left: u64, now: Timestamp) -> PackState {
        if self.refunded.is_some() {
            PackState::Refunded
        } else if left == 0 && self.lost == 0 {
            PackState::Exhausted
        } else if now < self.effective {
            PackState::Scheduled
        } else if now < self.expires {
            PackState::Active
        } else {
            PackState::Expired
        }
    }

    /// The share of its capacity that `left` units are, in whole percent.
    fn percent(&self, left: u64) -> i64 {
        assert!(left <= self.capacity, "no pack has more than it was sold with");
        // At most 100.
        (u128::from(left) * 100 / u128::from(self.capacity.max(1))) as i64
    }

    /// Given back: nothing is left of it. Source: R-PKG-14.
    pub fn give_back(self, now: Timestamp) -> Pack {
        let lost = self.lost + self.left;
        Pack { left: 0, lost, refunded: Some(now), ..self }
    }

    /// Closes `cycle` with `left` units: what it took is final, and what is left at the end is lost.
    pub fn close(mut self, left: u64, cycle: &Cycle) -> Pack {
        assert!(left <= self.left, "no pack gives more than it has");
        self.used += self.left - left;
        self.left = left;
        self.settled_to = cycle.to;
        if self.expires <= cycle.to {
            self.lost += self.left;
            self.left = 0;
        }
        debug_assert!(self.is_whole(), "used + left + lost = capacity");
        self
    }

    /// Whether what it was sold with is used, left or lost.
    pub fn is_whole(&self) -> bool {
        u128::from(self.used) + u128::from(self.left) + u128::from(self.lost) == u128::from(self.capacity)
    }
}

/// A reminder that fell due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackNotice {
    pub pack: PackId,
    pub kind: NoticeKind,
    /// Percent of the capacity, or days to the end.
    pub threshold: i64,
    pub at: Timestamp,
}

/// The notices of `pack` up to `now`, given when it crossed its marks. Source: R-PKG-15.
///
/// A mark that was passed before the purchase is told at the purchase.
pub fn notices(
    pack: &Pack,
    crossings: &[Crossing],
    left: u64,
    now: Timestamp,
    calendar: &Calendar,
) -> Result<Vec<PackNotice>, CalendarError> {
    let mut due = Vec::new();
    if pack.refunded.is_some() {
        return Ok(due);
    }
    for crossing in crossings.iter().filter(|it| it.pack == pack.id && it.at <= now.as_second()) {
        let crossed = calendar::second_at(crossing.at)?;
        let kind = if crossing.left == 0 { NoticeKind::PackExhausted } else { NoticeKind::PackLow };
        let threshold = pack.percent(crossing.left);
        due.push(PackNotice { pack: pack.id, kind, threshold, at: crossed.max(pack.bought) });
    }
    let reminder = calendar.midnight_after(pack.expires, -3)?.max(pack.bought);
    if left > 0 && reminder <= now && now < pack.expires {
        due.push(PackNotice { pack: pack.id, kind: NoticeKind::PackExpiring, threshold: 3, at: reminder });
    }
    Ok(due)
}

#[cfg(test)]
mod tests;
