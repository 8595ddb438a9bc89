//! The calendar: settlement zone, cycles and month arithmetic.
//!
//! In:  instants. Out: half-open cycles of whole hours, days and months in the settlement zone.
//! Invariant: a `Cycle` is made only here, and cycles of one kind tile time without gap or overlap.
//! Rules: R-TIM-1, R-TIM-2, R-TIM-4, R-TIM-6, R-TIM-7.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};
use std::ops::Range;

/// What deadlines keep through months of different lengths: the day of the month, and an instant that has their time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    pub day: u8,
    pub clock: Timestamp,
}

/// An instant that the calendar cannot reach (outside the years it knows), or a zone it does not know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    #[error("{0} is outside the calendar")]
    OutOfRange(String),
    #[error("`{0}` is not a time; write it like 2026-05-05 12:30:30")]
    Malformed(String),
    #[error("`{0}` is not a month; write it like 2026-05")]
    NoMonth(String),
    #[error("`{0}` is not a zone; write it like +08:00 or Asia/Shanghai")]
    UnknownZone(String),
}

/// How often something settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CycleKind {
    Hour,
    Day,
    Month,
}

impl CycleKind {
    /// In the order in which runs at one instant happen. Source: R-SET-6.
    pub const ALL: [CycleKind; 3] = [CycleKind::Hour, CycleKind::Day, CycleKind::Month];

    pub const fn as_str(self) -> &'static str {
        match self {
            CycleKind::Hour => "hour",
            CycleKind::Day => "day",
            CycleKind::Month => "month",
        }
    }

    pub fn parse(text: &str) -> Option<CycleKind> {
        CycleKind::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// `[from, to)`: one settlement period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cycle {
    pub kind: CycleKind,
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Cycle {
    #[inline]
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    /// Whole seconds from `from` to `to`.
    #[inline]
    pub fn seconds(&self) -> u64 {
        assert!(self.from <= self.to, "a cycle does not end before it begins");
        self.to.as_second().abs_diff(self.from.as_second())
    }
}

/// The settlement zone and what follows from it.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
}

/// Seconds of an hour.
const HOUR: i64 = 3_600;

/// The first second of the year 2200: no book is thought to hold that long.
const YEAR_2200: i64 = 7_258_118_400;

impl Calendar {
    /// UTC+8 without daylight saving: where settlement happens unless said otherwise. Source: R-TIM-1.
    pub fn settlement() -> Calendar {
        Calendar { zone: TimeZone::fixed(Offset::constant(8)) }
    }

    /// A zone by offset (`+08:00`) or by name (`Europe/Berlin`).
    pub fn in_zone(name: &str) -> Result<Calendar, CalendarError> {
        let unknown = || CalendarError::UnknownZone(name.chars().take(60).collect());
        if name.starts_with(['+', '-']) {
            let probe = format!("2026-01-01T00:00:00{name}[{name}]");
            let zoned: jiff::Zoned = probe.parse().map_err(|_| unknown())?;
            return Ok(Calendar { zone: zoned.time_zone().clone() });
        }
        TimeZone::get(name).map(|zone| Calendar { zone }).map_err(|_| unknown())
    }

    /// The cycle of `kind` that `at` falls into.
    pub fn cycle(&self, kind: CycleKind, at: Timestamp) -> Result<Cycle, CalendarError> {
        if kind == CycleKind::Hour {
            return self.hour(at);
        }
        let date = self.date(at)?;
        let (from, to) = match kind {
            CycleKind::Hour | CycleKind::Day => (date, self.add(date, 1.day())?),
            CycleKind::Month => (date.first_of_month(), self.add(date.first_of_month(), 1.month())?),
        };
        Ok(Cycle { kind, from: self.midnight(from)?, to: self.midnight(to)? })
    }

    /// The year that `at` falls into.
    pub fn year(&self, at: Timestamp) -> Result<Range<Timestamp>, CalendarError> {
        let from = self.date(at)?.first_of_year();
        Ok(self.midnight(from)?..self.midnight(self.add(from, 1.year())?)?)
    }

    /// The last date that has begun at `at`. Where the clock is set back over midnight it is not the one that the clock
    /// shows: a day that has begun goes on.
    fn date(&self, at: Timestamp) -> Result<Date, CalendarError> {
        let mut date = at.to_zoned(self.zone.clone()).date();
        if self.zone.to_fixed_offset().is_ok() {
            return Ok(date);
        }
        while self.midnight(self.add(date, 1.day())?)? <= at {
            date = self.add(date, 1.day())?;
        }
        Ok(date)
    }

    /// Hours are cut where the local clock shows a whole hour. Where the clock is set by less than an hour, one ends
    /// early and the next is cut short, so that each ends where the next begins.
    fn hour(&self, at: Timestamp) -> Result<Cycle, CalendarError> {
        let offset = self.offset(at);
        let second = at.as_second() - i64::from(at.subsec_nanosecond() < 0);
        let from = (second + offset).div_euclid(HOUR) * HOUR - offset;
        let (mut from, mut to) = (second_at(from)?, second_at(from + HOUR)?);
        if self.is_cut(from, at) {
            from = self.changes_up_to(at).next().map_or(from, |it| from.max(it));
        }
        if self.is_cut(at, to) {
            to = self.zone.following(at).next().map_or(to, |it| to.min(it.timestamp()));
        }
        Ok(Cycle { kind: CycleKind::Hour, from, to })
    }

    /// Whether the clock is set by other than whole hours between two instants.
    fn is_cut(&self, from: Timestamp, to: Timestamp) -> bool {
        (self.offset(to) - self.offset(from)) % HOUR != 0
    }

    /// The instants at which the clock was set, the latest up to `at` first.
    fn changes_up_to(&self, at: Timestamp) -> impl Iterator<Item = Timestamp> {
        let just_after = at.checked_add(1.nanosecond()).unwrap_or(at);
        self.zone.preceding(just_after).map(|it| it.timestamp())
    }

    /// Seconds that the clock of the zone is ahead of UTC.
    fn offset(&self, at: Timestamp) -> i64 {
        i64::from(self.zone.to_offset(at).seconds())
    }

    /// The first instant from `from` to the year 2200 at which the clock is set by other than whole hours.
    ///
    /// Source: R-TIM-10: no book holds in such a zone.
    pub fn odd_change(&self, from: Timestamp) -> Option<Timestamp> {
        let changes = self.zone.following(from).map(|it| it.timestamp());
        let mut changes = changes.take_while(|it| it.as_second() < YEAR_2200);
        changes.find(|it| self.is_cut(*it - 1.second(), *it))
    }

    /// The cycle that begins where `cycle` ends.
    pub fn next(&self, cycle: &Cycle) -> Result<Cycle, CalendarError> {
        self.cycle(cycle.kind, cycle.to)
    }

    fn midnight(&self, date: Date) -> Result<Timestamp, CalendarError> {
        let zoned = date.to_zoned(self.zone.clone()).map_err(|_| out_of_range(date))?;
        let first = zoned.start_of_day().map_err(|_| out_of_range(date))?;
        Ok(first.timestamp())
    }

    fn add(&self, date: Date, span: jiff::Span) -> Result<Date, CalendarError> {
        date.checked_add(span).map_err(|_| out_of_range(date))
    }

    /// `anchor` plus `months` calendar months, keeping the time of day; a day that the month lacks
    /// becomes its last day.
    ///
    /// Always ask from the original anchor, so that the day comes back. Source: R-TIM-6.
    pub fn add_months(&self, anchor: Timestamp, months: u32) -> Result<Timestamp, CalendarError> {
        let wrong = || out_of_range(anchor);
        let local = anchor.to_zoned(self.zone.clone()).datetime();
        let moved = local.checked_add(i64::from(months).months()).map_err(|_| wrong())?;
        Ok(self.zone.to_ambiguous_zoned(moved).compatible().map_err(|_| wrong())?.timestamp())
    }

    /// The day of `anchor` in the month that lies `months` after that of `from`, or the last of a month that lacks it, at the time of
    /// day of its clock. Source: R-TIM-6.
    pub fn on_day(&self, from: Timestamp, months: u32, anchor: Anchor) -> Result<Timestamp, CalendarError> {
        let first = from.to_zoned(self.zone.clone()).date().first_of_month();
        self.at_clock(on_or_last(self.add(first, i64::from(months).months())?, anchor.day), anchor.clock)
    }

    /// `at` so many days later, at the time of day of `clock`.
    pub fn add_days(&self, at: Timestamp, days: u32, clock: Timestamp) -> Result<Timestamp, CalendarError> {
        let date = at.to_zoned(self.zone.clone()).date();
        self.at_clock(self.add(date, i64::from(days).days())?, clock)
    }

    /// How many days after that of `at` the next day `day` of a month is, or the last of a month that lacks it; 0 where it is
    /// that day. Source: R-PRE-3.
    pub fn days_to_day(&self, at: Timestamp, day: u8) -> Result<u32, CalendarError> {
        let date = at.to_zoned(self.zone.clone()).date();
        let mut found = on_or_last(date.first_of_month(), day);
        if found < date {
            found = on_or_last(self.add(date.first_of_month(), 1.month())?, day);
        }
        let days = date.until(found).map_err(|_| out_of_range(date))?.get_days();
        u32::try_from(days).map_err(|_| out_of_range(date))
    }

    /// The day of the month that the clock of the zone shows at `at`.
    pub fn day(&self, at: Timestamp) -> u8 {
        at.to_zoned(self.zone.clone()).date().day().unsigned_abs()
    }

    /// A date at the time of day that the clock of the zone shows at `clock`.
    fn at_clock(&self, date: Date, clock: Timestamp) -> Result<Timestamp, CalendarError> {
        let time = clock.to_zoned(self.zone.clone()).time();
        let found = self.zone.to_ambiguous_zoned(date.to_datetime(time)).compatible();
        Ok(found.map_err(|_| out_of_range(date))?.timestamp())
    }

    /// 00:00 of the day that lies `days` after the day of `at`.
    pub fn midnight_after(&self, at: Timestamp, days: i64) -> Result<Timestamp, CalendarError> {
        let date = at.to_zoned(self.zone.clone()).date();
        self.midnight(self.add(date, days.days())?)
    }

    /// Days in the month of `at`.
    pub fn days_in_month(&self, at: Timestamp) -> u64 {
        u64::from(at.to_zoned(self.zone.clone()).days_in_month().unsigned_abs())
    }

    /// Reads `2026-05-05 12:30:30`, `2026-05-05T12:30`, `2026-05-05`, or the same with an offset or `Z`.
    pub fn parse(&self, text: &str) -> Result<Timestamp, CalendarError> {
        let wrong = || CalendarError::Malformed(text.chars().take(60).collect());
        if let Ok(at) = text.parse::<Timestamp>() {
            return Ok(at);
        }
        let local = match text.parse::<DateTime>() {
            Ok(local) => local,
            Err(_) => text.parse::<Date>().map_err(|_| wrong())?.to_datetime(Time::midnight()),
        };
        Ok(self.zone.to_ambiguous_zoned(local).compatible().map_err(|_| wrong())?.timestamp())
    }

    /// `2026-05-05 12:30:30` on the clock of the zone; parts of a second only where there are any, and the offset where
    /// the clock shows that time twice, as in `2026-10-25 02:30:00+01:00`. Source: R-TIM-10.
    pub fn print(&self, at: Timestamp) -> String {
        let local = at.to_zoned(self.zone.clone()).datetime();
        let twice = self.zone.to_ambiguous_timestamp(local).is_ambiguous();
        let offset = if twice { with_sign(self.zone.to_offset(at)) } else { String::new() };
        format!("{} {}{offset}", local.date(), local.time())
    }

    /// The day that `at` falls into, counted from that of 1970-01-01: days that follow each other have numbers that do.
    pub fn day_number(&self, at: Timestamp) -> Result<i64, CalendarError> {
        let days = Date::constant(1970, 1, 1).until(self.date(at)?).map_err(|_| out_of_range(at))?;
        Ok(i64::from(days.get_days()))
    }

    /// The date of a day by its number, as `2026-06-03`. Errors: `OutOfRange`.
    pub fn date_of(&self, number: i64) -> Result<String, CalendarError> {
        let days = i32::try_from(number).map_err(|_| out_of_range(number))?;
        Ok(self.add(Date::constant(1970, 1, 1), days.days())?.to_string())
    }

    /// What calendar and clock of the zone show at `at`.
    pub fn local(&self, at: Timestamp) -> DateTime {
        at.to_zoned(self.zone.clone()).datetime()
    }

    /// What the clock of the zone is called: `UTC+08:00`, or a name such as `Europe/Berlin`.
    pub fn zone(&self) -> String {
        let named = || self.zone.iana_name().unwrap_or("the settlement zone").to_string();
        self.zone.to_fixed_offset().map_or_else(|_| named(), |it| format!("UTC{}", hours_and_minutes(it)))
    }

    /// `2026-05`, the month of `at`.
    pub fn month(&self, at: Timestamp) -> String {
        let date = at.to_zoned(self.zone.clone()).date();
        format!("{:04}-{:02}", date.year(), date.month())
    }
}

/// `+08:00`; nothing for UTC itself.
fn hours_and_minutes(offset: Offset) -> String {
    if offset == Offset::UTC { String::new() } else { with_sign(offset) }
}

/// `+08:00`, also for UTC itself.
fn with_sign(offset: Offset) -> String {
    let sign = if offset.is_negative() { '-' } else { '+' };
    let minutes = offset.seconds().unsigned_abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The day `day` of the month that begins at `first`, or its last one.
fn on_or_last(first: Date, day: u8) -> Date {
    let day = i8::try_from(day).unwrap_or(i8::MAX).clamp(1, first.days_in_month());
    first.with().day(day).build().unwrap_or(first)
}

fn out_of_range(what: impl std::fmt::Display) -> CalendarError {
    CalendarError::OutOfRange(what.to_string())
}

/// The instant of a second. Errors: `OutOfRange`.
#[inline]
pub fn second_at(second: i64) -> Result<Timestamp, CalendarError> {
    Timestamp::from_second(second).map_err(|_| out_of_range(second))
}

/// `at` without the part of a second behind it. Source: R-TIM-2.
#[inline]
pub fn whole_second(at: Timestamp) -> Timestamp {
    let second = at.as_second() - i64::from(at.subsec_nanosecond() < 0);
    Timestamp::from_second(second).unwrap_or(at)
}

/// So many seconds after the whole second of `at`. Errors: `OutOfRange` beyond the end of time.
#[inline]
pub fn seconds_after(at: Timestamp, seconds: u64) -> Result<Timestamp, CalendarError> {
    let second = whole_second(at).as_second().checked_add_unsigned(seconds);
    second_at(second.ok_or_else(|| out_of_range(seconds))?)
}

/// Whole seconds of `[from, to)`; 0 when `to` is not later.
#[inline]
pub fn seconds_between(from: Timestamp, to: Timestamp) -> u64 {
    let seconds = whole_second(to).as_second() - whole_second(from).as_second();
    u64::try_from(seconds).unwrap_or(0)
}

/// Started days from `now` to `deadline`. Source: R-TIM-7.
pub fn days_left(now: Timestamp, deadline: Timestamp) -> u64 {
    seconds_between(now, deadline).div_ceil(86_400)
}

#[cfg(test)]
mod tests;
