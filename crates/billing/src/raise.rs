//! Raises for some days: whether something may be raised so, and what it is on those days and after them.
//!
//! In:  something prepaid, an option that is to be more, the first and the last day. Out: the days, or why not; the resource at an instant.
//! Invariant: no two raises of a resource share a day, and none goes on behind its deadline; what is paid by use has none; without them it is what it was.
//! Rules: R-NET-3, R-TIM-10. What it costs: `difference`.

use crate::book::Product;
use crate::options::Options;
use crate::resource::raise::{Days, Raise};
use crate::resource::{Resource, State};
use crate::story::Changed;
use units::{Calendar, Timestamp};

/// Why something is not raised for some days. Each is a different answer to the customer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RangeError {
    #[error("`{0}` of this is not raised for some days; change it for all the time that is left")]
    NotForDays(String),
    #[error("name one option that is to be more on these days")]
    One,
    #[error("`{0}` would not be more than it is; name more for these days")]
    NotMore(String),
    #[error("`{0}` is no day; write it like 2026-06-01")]
    NoDay(String),
    #[error("`{0}` lies too far ahead, behind its deadline; name a last day before that")]
    TooFar(String),
    #[error("`from` and `until` are the first and the last day; send both or none")]
    Half,
    #[error("the last day lies before the first; swap them")]
    Empty,
    #[error("the first day began at {0}; begin tomorrow, or change it at once")]
    Begun(Timestamp),
    #[error("its deadline is {0}, and the last day ends behind it; renew it first")]
    BehindDeadline(Timestamp),
    #[error("it is raised from {from} to {to} already; choose other days")]
    Taken { from: Timestamp, to: Timestamp },
}

/// The days from a first to a last, both included; `None` where neither is named. Errors: `Half`, `NoDay`, `Empty`, `TooFar`. Source: R-NET-3.
pub fn days(
    from: Option<&str>,
    until: Option<&str>,
    calendar: &Calendar,
) -> Result<Option<Days>, RangeError> {
    let (from, until) = match (from, until) {
        (None, None) => return Ok(None),
        (Some(from), Some(until)) => (from, until),
        (Some(_), None) | (None, Some(_)) => return Err(RangeError::Half),
    };
    let (first, last) = (day(from, calendar)?, day(until, calendar)?);
    if last < first {
        return Err(RangeError::Empty);
    }
    let to = calendar.midnight_after(last, 1).map_err(|_| RangeError::TooFar(until.to_string()))?;
    Ok(Some(Days { from: first, to }))
}

/// 00:00 of a day like `2026-06-01`.
fn day(text: &str, calendar: &Calendar) -> Result<Timestamp, RangeError> {
    let read = calendar.parse(text).ok();
    let number = read.and_then(|it| calendar.day_number(it).ok());
    // What is printed as it was written is a date and nothing more.
    let printed = number.and_then(|it| calendar.date_of(it).ok());
    match read.filter(|_| printed.as_deref() == Some(text)) {
        Some(at) => Ok(at),
        None => Err(RangeError::NoDay(text.chars().take(20).collect())),
    }
}

/// How many days these are. Source: R-NET-3.
pub fn count(days: Days, calendar: &Calendar) -> Result<u32, RangeError> {
    let number = |at| calendar.day_number(at).map_err(|_| RangeError::Empty);
    u32::try_from(number(days.to)? - number(days.from)?).map_err(|_| RangeError::Empty)
}

/// Options that are to be others on some days.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub changes: &'a [(String, String)],
    pub days: Days,
}

/// Whether an option of something prepaid may be raised on some days.
///
/// Errors, in this order: `One`, `NotForDays`, `NotMore`, `Begun`, `BehindDeadline`, `Taken`. Source: R-NET-3.
pub fn may_raise(
    resource: &Resource,
    product: &Product,
    asked: Asked<'_>,
    now: Timestamp,
) -> Result<(), RangeError> {
    let Asked { changes, days } = asked;
    let own = resource.own_options();
    // What is named beside it and stays what it is does not change.
    let differs = |it: &&(String, String)| changes.len() == 1 || own.get(&it.0) != Some(it.1.as_str());
    let mut differing = changes.iter().filter(differs);
    let (Some((option, value)), None) = (differing.next(), differing.next()) else {
        return Err(RangeError::One);
    };
    let not_for_days = || RangeError::NotForDays(option.clone());
    let deadline = resource.deadline.filter(|_| product.raised_for_days.contains(option));
    let deadline = deadline.ok_or_else(not_for_days)?;
    let number = |it: &str| it.trim().parse::<u64>().ok();
    let had = own.get(option).and_then(number);
    // What is no number is refused as no value that is on sale.
    if number(value).is_some_and(|it| Some(it) <= had) {
        return Err(RangeError::NotMore(option.clone()));
    }
    if days.from <= now {
        return Err(RangeError::Begun(days.from));
    }
    if days.to > deadline {
        return Err(RangeError::BehindDeadline(deadline));
    }
    let shares = |it: &&Raise| it.days.from < days.to && days.from < it.days.to;
    match resource.raises.iter().find(shares) {
        Some(it) => Err(RangeError::Taken { from: it.days.from, to: it.days.to }),
        None => Ok(()),
    }
}

impl Resource {
    /// Its options without raises for some days: what it is renewed as. Source: R-NET-3.
    pub fn own_options(&self) -> Options {
        let mut options = self.options.clone();
        for it in self.raises.iter().filter(|it| it.begun) {
            options.put(&it.option, &it.base);
        }
        options
    }

    /// The same without raises for some days: they end with the time that was paid for. Source: R-NET-3, R-CNV-2, R-REF-5.
    pub fn without_raises(self) -> Resource {
        Resource { options: self.own_options(), raises: Vec::new(), ..self }
    }

    /// When a raise begins or ends next, as long as it lives.
    pub fn next_raise(&self) -> Option<Timestamp> {
        let lives = match self.state {
            State::Running | State::Stopped | State::StoppedFree | State::Limited => true,
            State::Pending
            | State::ArrearsStopped
            | State::Expired
            | State::Releasing
            | State::Recycled
            | State::Released
            | State::Failed => false,
        };
        let next = |it: &Raise| if it.begun { it.days.to } else { it.days.from };
        self.raises.iter().map(next).min().filter(|_| lives)
    }

    /// What of it changes at an instant, by raises that begin or end then; one that follows at once on another takes its place.
    /// Source: R-NET-3.
    pub fn turns(&self, at: Timestamp) -> Vec<Changed> {
        let turn = |option: &str, before: &str, after: &str| Changed {
            option: option.to_string(),
            before: Some(before.to_string()),
            after: Some(after.to_string()),
        };
        let ends = self.raises.iter().filter(|it| it.days.to == at);
        let mut found: Vec<Changed> = ends.map(|it| turn(&it.option, &it.value, &it.base)).collect();
        for it in self.raises.iter().filter(|it| it.days.from == at) {
            match found.iter_mut().find(|had| had.option == it.option) {
                Some(had) => had.after = Some(it.value.clone()),
                None => found.push(turn(&it.option, &it.base, &it.value)),
            }
        }
        found.retain(|it| it.before != it.after);
        found
    }

    /// The same at `at`: raises that have ended are gone, and those of this day have begun. Source: R-NET-3.
    pub fn raised_at(self, at: Timestamp) -> Resource {
        let mut options = self.own_options();
        let lasts = |it: &Raise| at < it.days.to;
        let mut raises: Vec<Raise> = self.raises.into_iter().filter(lasts).collect();
        for it in &mut raises {
            it.begun = it.days.from <= at;
            if it.begun {
                options.put(&it.option, &it.value);
            }
        }
        Resource { options, raises, ..self }
    }
}

#[cfg(test)]
mod tests;
