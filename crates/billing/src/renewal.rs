//! Renewal: what it costs to keep something prepaid, until when, and what time does about it before and after the deadline.
//!
//! In:  a resource, months, the fixed day of its account. Out: the next deadline, an order, or why not; notices and attempts.
//! Invariant: a deadline follows from the one before it and the day of the anchor, however late it is renewed; at one instant at
//! most one thing is due of a resource.
//! Rules: R-REN-1 to R-REN-3, R-PRE-3, R-TIM-6, R-EXP-2, R-ORD-4, R-ORD-5; sections 20 and 22 of the rules.

use crate::book::Product;
use crate::life;
use crate::order::Order;
use crate::order::open::Open;
use crate::resource::renew::{Flag, Renew};
use crate::resource::{EndedBy, Event, MeterEvent, Resource, State, StepError};
use units::calendar::{Anchor, CalendarError};
use units::{Calendar, Timestamp};

/// Why something is not renewed. Each is a different answer to the customer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenewalError {
    #[error("what is paid by use has no deadline; there is nothing to renew")]
    NotPrepaid,
    #[error("it could be renewed until {0}; buy another")]
    Late(Timestamp),
    /// One about the same did not come out yet.
    #[error("{0}")]
    OpenOrder(Open),
    #[error("it is named twice; name each resource once")]
    Twice,
    /// Its deadline is another than the one that was shown.
    #[error("it is paid until {now} by now, not until {shown}; look at it once more")]
    Moved { shown: Timestamp, now: Timestamp },
    #[error("the day on which what is prepaid ends is one of 1 to {LAST_DAY}, not {0}")]
    Day(u32),
    #[error("what is prepaid runs on for 0 to {MOST_NO_STOP_DAYS} days behind its deadline, not {0}")]
    NoStopDays(u32),
    #[error(transparent)]
    State(#[from] StepError),
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

/// Longer purchases and renewals keep their own day. Source: R-PRE-3.
const FIXED_DAY_MONTHS: u32 = 9;

/// A deadline, and the day of the month that the ones after it lie on where that is not the day of the delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    pub deadline: Timestamp,
    pub day: Option<u8>,
}

/// Days from `end`, behind so many months, to the fixed day of an account; 0 without one. Source: R-PRE-3.
pub fn days(
    fixed: Option<u8>,
    end: Timestamp,
    months: u32,
    calendar: &Calendar,
) -> Result<u32, CalendarError> {
    match fixed {
        Some(day) if months <= FIXED_DAY_MONTHS => calendar.days_to_day(end, day),
        Some(_) | None => Ok(0),
    }
}

/// Until when something is paid that is delivered at `at`; `None` for what has no deadline.
///
/// The fixed day is the one that was paid for at the order; a delivery later than that day has its months. Source: R-TIM-6, R-PRE-3.
pub fn first(
    order: &Order,
    fixed: Option<u8>,
    at: Timestamp,
    calendar: &Calendar,
) -> Result<Option<End>, CalendarError> {
    if order.months == 0 {
        return Ok(None);
    }
    let own = calendar.add_months(at, order.months)?;
    if order.days == 0 {
        return Ok(Some(End { deadline: own, day: on_fixed_day(order.months, own, fixed, calendar)? }));
    }
    let end = calendar.add_days(calendar.add_months(order.created, order.months)?, order.days, at)?;
    if end < own {
        return Ok(Some(End { deadline: own, day: None }));
    }
    let day = on_fixed_day(order.months, end, fixed, calendar)?;
    Ok(Some(End { deadline: end, day: day.or_else(|| Some(calendar.day(end))) }))
}

/// The fixed day, where a term that it is for ends on it: also one that did so without days, as where both are the last of a
/// short month. Source: R-PRE-3.
fn on_fixed_day(
    months: u32,
    deadline: Timestamp,
    fixed: Option<u8>,
    calendar: &Calendar,
) -> Result<Option<u8>, CalendarError> {
    match fixed {
        Some(day) if months <= FIXED_DAY_MONTHS && calendar.days_to_day(deadline, day)? == 0 => Ok(Some(day)),
        Some(_) | None => Ok(None),
    }
}

/// The deadline so many months behind the one that a resource has, counted from its anchor. Source: R-REN-1, R-TIM-6.
pub fn behind(
    resource: &Resource,
    months: u32,
    calendar: &Calendar,
) -> Result<Option<Timestamp>, CalendarError> {
    let Some(deadline) = resource.deadline else { return Ok(None) };
    let clock = resource.anchor().unwrap_or(deadline);
    let day = resource.renew.day.unwrap_or_else(|| calendar.day(clock));
    calendar.on_day(deadline, months, Anchor { day, clock }).map(Some)
}

/// For how long something is renewed: months, and days up to the fixed day of its account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    pub months: u32,
    pub days: u32,
}

/// The deadline of a resource that is renewed; `fixed` is the day of its account. Errors: `NotPrepaid`.
fn end(resource: &Resource, term: Term, fixed: Option<u8>, calendar: &Calendar) -> Result<End, RenewalError> {
    let own = behind(resource, term.months, calendar)?.ok_or(RenewalError::NotPrepaid)?;
    let deadline = match term.days {
        0 => own,
        days => calendar.add_days(own, days, resource.anchor().unwrap_or(own))?,
    };
    let kept = if term.days == 0 { resource.renew.day } else { Some(calendar.day(deadline)) };
    Ok(End { deadline, day: on_fixed_day(term.months, deadline, fixed, calendar)?.or(kept) })
}

/// The state in which something is once it is renewed. Errors: where that cannot be; what was given back does not come out of the bin.
pub fn state_after(resource: &Resource) -> Result<State, StepError> {
    match resource.ended_by {
        Some(EndedBy::Refund) => Err(StepError { state: resource.state, event: Event::Renew }),
        Some(EndedBy::Owner | EndedBy::Service | EndedBy::Deadline | EndedBy::Arrears) | None => {
            resource.state.on(Event::Renew)
        }
    }
}

/// Until when a resource may be renewed: its release.
///
/// Errors: `NotPrepaid`; `State` for what is not delivered, or is gone; `Late`. Source: R-REN-1, R-EXP-1.
pub fn may_renew(
    resource: &Resource,
    product: &Product,
    now: Timestamp,
    calendar: &Calendar,
) -> Result<Timestamp, RenewalError> {
    state_after(resource)?;
    let until = life::release(resource, product, calendar)?.ok_or(RenewalError::NotPrepaid)?;
    match now < until {
        true => Ok(until),
        false => Err(RenewalError::Late(until)),
    }
}

/// An order that was paid at `at`, and the day on which the deadlines of its account lie.
#[derive(Clone, Copy, Debug)]
pub struct Payment<'a> {
    pub order: &'a Order,
    pub fixed: Option<u8>,
    pub at: Timestamp,
}

/// A resource that was paid for longer, and its meter event: its life line says when, though metering sees no difference.
///
/// What was cut off at its deadline runs; a new deadline that has passed as well is found by the next step. Source: R-REN-1,
/// section 20.
pub fn renewed(
    resource: Resource,
    payment: Payment<'_>,
    calendar: &Calendar,
) -> Result<(Resource, MeterEvent), RenewalError> {
    let Payment { order, fixed, at } = payment;
    let term = Term { months: order.months, days: order.days };
    let resource = longer(resource, PaidTerm { term, fixed, at }, calendar)?;
    let event = resource.metered(at);
    Ok((resource, event))
}

/// A term that was paid at `at`, and the day on which the deadlines of its account lie.
#[derive(Clone, Copy, Debug)]
pub struct PaidTerm {
    pub term: Term,
    pub fixed: Option<u8>,
    pub at: Timestamp,
}

/// A resource that was paid for longer. Errors: as `renewed`.
pub fn longer(resource: Resource, paid: PaidTerm, calendar: &Calendar) -> Result<Resource, RenewalError> {
    let PaidTerm { term, fixed, at } = paid;
    let End { deadline, day } = end(&resource, term, fixed, calendar)?;
    let state = state_after(&resource)?;
    let since = if state == resource.state { resource.since } else { at };
    let renew = Renew { day, ..resource.renew };
    Ok(Resource { state, since, deadline: Some(deadline), renew, ..resource })
}

/// The shortest time for which a product is sold with these options: what renews by itself takes that. Source: R-REN-2.
pub fn shortest(product: &Product, resource: &Resource) -> u32 {
    let held = product.limits.least_months.iter().filter(|it| resource.options.hold(&it.0));
    let least = held.map(|it| it.1).max().unwrap_or(1);
    product.limits.months.iter().copied().filter(|it| *it >= least).min().unwrap_or(least)
}

/// Something that time brings of a renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// So many days before the deadline its owner is told. Source: R-EXP-2.
    Notice(i64),
    /// It is renewed by itself, if that can be paid. Source: R-REN-2.
    Attempt,
}

/// Days before a deadline on which its owner is told, at 00:00. Source: R-EXP-2.
const NOTICE_DAYS: [i64; 4] = [7, 5, 3, 1];
/// The earliest of them.
pub const FIRST_NOTICE_DAYS: i64 = NOTICE_DAYS[0];
/// Days after a deadline on which a renewal that failed is tried again, at 00:00. Source: R-REN-2.
const RETRY_DAYS: i64 = 6;

/// All that is due of a resource, in the order of time: before its deadline, at it and after it.
///
/// Source: R-REN-2, R-REN-3, R-EXP-2, section 20.
fn plan(
    resource: &Resource,
    product: &Product,
    calendar: &Calendar,
) -> Result<Vec<(Timestamp, Due)>, CalendarError> {
    let renewable = state_after(resource).is_ok();
    let (Some(deadline), Some(release)) = (resource.deadline, life::release(resource, product, calendar)?)
    else {
        return Ok(Vec::new());
    };
    if !renewable || resource.renew.flag == Flag::None {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for days in NOTICE_DAYS {
        all.push((calendar.midnight_after(deadline, -days)?, Due::Notice(days)));
    }
    if resource.renew.flag == Flag::Auto {
        let midnight = calendar.midnight_after(deadline, 0)?;
        all.push((midnight, Due::Attempt));
        if midnight < deadline {
            all.push((deadline, Due::Attempt));
        }
        for days in 1..=RETRY_DAYS {
            all.push((calendar.midnight_after(deadline, days)?, Due::Attempt));
        }
    }
    all.retain(|it| it.0 < release);
    Ok(all)
}

/// When something is due of a resource, later than `after`.
pub fn next(
    resource: &Resource,
    product: &Product,
    after: Timestamp,
    calendar: &Calendar,
) -> Result<Option<Timestamp>, CalendarError> {
    Ok(plan(resource, product, calendar)?.into_iter().map(|it| it.0).find(|it| *it > after))
}

/// When a renewal is tried by itself next, later than `after`; `None` when it is tried no more. Source: R-REN-2.
pub fn attempt_after(
    resource: &Resource,
    product: &Product,
    after: Timestamp,
    calendar: &Calendar,
) -> Result<Option<Timestamp>, CalendarError> {
    let all = plan(resource, product, calendar)?;
    Ok(all.into_iter().find(|it| it.0 > after && it.1 == Due::Attempt).map(|it| it.0))
}

/// From when on something is still to be tried, as of when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Still {
    pub from: Timestamp,
    pub now: Timestamp,
}

/// All instants at which a renewal is still tried by itself, the next one last. What was missed by now is one attempt, at the first of
/// those. Source: R-REN-2.
pub fn attempts(
    resource: &Resource,
    product: &Product,
    Still { from, now }: Still,
    calendar: &Calendar,
) -> Result<Vec<Timestamp>, CalendarError> {
    if resource.renew.flag != Flag::Auto {
        return Ok(Vec::new());
    }
    let mut all = plan(resource, product, calendar)?;
    all.retain(|it| it.1 == Due::Attempt && it.0 >= from);
    let mut instants: Vec<Timestamp> = all.into_iter().rev().map(|it| it.0).collect();
    let ahead = instants.partition_point(|it| *it > now);
    if ahead < instants.len() {
        instants.truncate(ahead);
        instants.push(from);
    }
    Ok(instants)
}

/// What is due of a resource by `now`, if it is due at all: of what was missed, only the latest, and no notice of a deadline that has
/// passed. An attempt that was missed is made also when the release is due by now: the resource is there until then. Source: R-REN-2.
pub fn due(
    resource: &Resource,
    product: &Product,
    now: Timestamp,
    calendar: &Calendar,
) -> Result<Option<(Timestamp, Due)>, CalendarError> {
    let Some(from) = resource.renew.due else { return Ok(None) };
    let latest = plan(resource, product, calendar)?.into_iter().rev().find(|it| from <= it.0 && it.0 <= now);
    let is_over = resource.deadline.is_none_or(|it| it <= now);
    Ok(latest.filter(|it| it.1 == Due::Attempt || !is_over))
}

/// When something is tried for the first time by itself, of what is still to come. Source: R-REN-2.
pub fn first_attempt(
    resource: &Resource,
    product: &Product,
    calendar: &Calendar,
) -> Result<Option<Timestamp>, CalendarError> {
    let Some(from) = resource.renew.due else { return Ok(None) };
    let all = plan(resource, product, calendar)?;
    Ok(all.into_iter().find(|it| it.0 >= from && it.1 == Due::Attempt).map(|it| it.0))
}

/// The last day of a month that deadlines can have; a month without it takes its own last one.
pub const LAST_DAY: u8 = 31;

/// A day of the month for the deadlines of an account. Errors: `Day`. Source: R-PRE-3.
pub fn fixed_day(day: u32) -> Result<u8, RenewalError> {
    u8::try_from(day).ok().filter(|it| (1..=LAST_DAY).contains(it)).ok_or(RenewalError::Day(day))
}

/// Most days for which what is prepaid runs on behind its deadline.
pub const MOST_NO_STOP_DAYS: u32 = 60;

/// Days for which what is prepaid runs on behind its deadline. Errors: `NoStopDays`. Source: R-EXP-5.
pub fn no_stop_days(days: u32) -> Result<u32, RenewalError> {
    if days <= MOST_NO_STOP_DAYS { Ok(days) } else { Err(RenewalError::NoStopDays(days)) }
}

/// Why a renewal that was to happen by itself did not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Too little is available.
    Balance,
    /// An order for it waits for its payment.
    OpenOrder,
    /// It is not sold any more as it is, or what it costs cannot be said.
    Price,
}

impl Failure {
    pub const ALL: [Failure; 3] = [Failure::Balance, Failure::OpenOrder, Failure::Price];

    pub const fn as_str(self) -> &'static str {
        match self {
            Failure::Balance => "balance",
            Failure::OpenOrder => "open_order",
            Failure::Price => "price",
        }
    }

    pub fn parse(text: &str) -> Option<Failure> {
        Failure::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

#[cfg(test)]
mod tests;
