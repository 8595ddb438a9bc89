//! What time does to a resource: deadlines, arrears, the recycle bin.
//!
//! In:  a resource, its product, since when its account is in arrears. Out: the next step and when.
//! Invariant: at most one step is due next; taking it and asking again reaches an end.
//! Rules: R-EXP-1, R-EXP-3 to R-EXP-5, R-ARR-1, R-ARR-4 to R-ARR-8, R-REF-5.

use crate::book::{ArrearsAction, Due, Keeping, Product};
use crate::resource::{EndedBy, Event, Resource, State};
use units::calendar::{CalendarError, seconds_after};
use units::{Calendar, Money, Timestamp};

/// A step that time takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub at: Timestamp,
    pub event: Event,
    pub ended_by: Option<EndedBy>,
}

/// The account as its resources see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// T0 of the arrears.
    pub arrears_since: Option<Timestamp>,
    pub balance: Money,
}

/// The next step of `resource`, if nothing else happens to it.
pub fn next(
    resource: &Resource,
    product: &Product,
    standing: Standing,
    calendar: &Calendar,
) -> Result<Option<Step>, CalendarError> {
    let step = |at, event, ended_by| Some(Step { at, event, ended_by });
    let found = match resource.state {
        State::Running | State::Limited | State::Stopped | State::StoppedFree => {
            let expiry = stop(resource, product, calendar)?;
            let expiry = expiry.map(|at| Step { at, event: Event::Expire, ended_by: None });
            let arrears = arrears_step(resource, product, standing)?;
            [expiry, arrears].into_iter().flatten().min_by_key(|it| it.at)
        }
        State::Expired => behind_deadline(resource, product, calendar)?,
        State::ArrearsStopped => match product.arrears.and_then(|it| it.reclaim_seconds) {
            Some(seconds) => {
                step(seconds_after(resource.since, seconds)?, Event::Release, Some(EndedBy::Arrears))
            }
            None => None,
        },
        State::Recycled if resource.deadline.is_some() && resource.ended_by != Some(EndedBy::Refund) => {
            behind_deadline(resource, product, calendar)?
        }
        State::Recycled => {
            let by = match resource.ended_by {
                Some(EndedBy::Refund) => EndedBy::Refund,
                Some(EndedBy::Owner | EndedBy::Service | EndedBy::Deadline | EndedBy::Arrears) | None => {
                    EndedBy::Owner
                }
            };
            step(seconds_after(resource.since, bin_seconds(product, by))?, Event::Release, Some(by))
        }
        State::Pending | State::Releasing | State::Released | State::Failed => None,
    };
    Ok(found)
}

/// For how many seconds something lies in the bin that was put there so: what was refunded as long as refunds of its product say,
/// all else as long as its product does. Whoever promises a time says this one. Source: R-REF-5, section 7 of the rules.
pub fn bin_seconds(product: &Product, by: EndedBy) -> u64 {
    match (by, &product.refund) {
        (EndedBy::Refund, Some(rule)) => rule.bin_seconds,
        (EndedBy::Refund, None)
        | (EndedBy::Owner | EndedBy::Service | EndedBy::Deadline | EndedBy::Arrears, _) => {
            product.recycle_seconds
        }
    }
}

/// When what is prepaid is cut off, if it is not renewed before: at its deadline, or as much later as its product or its account
/// may run on, whichever is more. `None` for what has none. Source: R-EXP-1, R-EXP-3, R-EXP-5.
pub fn stop(
    resource: &Resource,
    product: &Product,
    calendar: &Calendar,
) -> Result<Option<Timestamp>, CalendarError> {
    let Some(deadline) = resource.deadline else { return Ok(None) };
    let of_product = seconds_after(deadline, product.expiry.runs_on_seconds)?;
    let of_account = match resource.kept.no_stop_days {
        0 => deadline,
        days => calendar.add_days(deadline, days, deadline)?,
    };
    Ok(Some(of_product.max(of_account)))
}

/// When what is prepaid is released, if it is not renewed before: at 00:00, so many days after it was cut off, or when it was kept
/// for long enough. `None` for what has no deadline. Source: R-EXP-1, R-EXP-4.
pub fn release(
    resource: &Resource,
    product: &Product,
    calendar: &Calendar,
) -> Result<Option<Timestamp>, CalendarError> {
    let Some(stop) = stop(resource, product, calendar)? else { return Ok(None) };
    match product.expiry.keeping {
        Some(it) => seconds_after(stop, it.kept_seconds.saturating_add(it.bin_seconds)).map(Some),
        None => calendar.midnight_after(stop, product.release_days).map(Some),
    }
}

/// The next step of what was cut off at its deadline: into the bin, where its product has one for it, or the end.
fn behind_deadline(
    resource: &Resource,
    product: &Product,
    calendar: &Calendar,
) -> Result<Option<Step>, CalendarError> {
    let ended_by = Some(EndedBy::Deadline);
    match (stop(resource, product, calendar)?, product.expiry.keeping, resource.state) {
        (Some(stop), Some(Keeping { kept_seconds, .. }), State::Expired) => {
            Ok(Some(Step { at: seconds_after(stop, kept_seconds)?, event: Event::Recycle, ended_by }))
        }
        (_, Some(_) | None, _) => {
            let at = release(resource, product, calendar)?;
            Ok(at.map(|at| Step { at, event: Event::Release, ended_by }))
        }
    }
}

fn arrears_step(
    resource: &Resource,
    product: &Product,
    standing: Standing,
) -> Result<Option<Step>, CalendarError> {
    let (Some(policy), Some(since)) = (product.arrears, standing.arrears_since) else { return Ok(None) };
    let metered = has_pay_per_use(resource, product);
    // What has a deadline, or no meter at all, was paid for; arrears take only its pay-per-use parts.
    let paid_for = resource.deadline.is_some() || !metered;
    let action = if paid_for { ArrearsAction::Limit } else { policy.action };
    let event = match (action, resource.state) {
        (ArrearsAction::Limit, State::Running) if metered => Event::Limit,
        (ArrearsAction::Limit, _) | (_, State::Limited) => return Ok(None),
        (ArrearsAction::Stop, _) => Event::ArrearsStop,
        (ArrearsAction::Release, _) => Event::AskRelease,
    };
    let ended_by = (event == Event::AskRelease).then_some(EndedBy::Arrears);
    Ok(Some(Step { at: seconds_after(since, policy.grace_seconds)?, event, ended_by }))
}

fn has_pay_per_use(resource: &Resource, product: &Product) -> bool {
    product.components.iter().any(|it| it.due != Due::Order && resource.options.hold(&it.when))
}

/// What a balance above zero gives back. Source: R-ARR-3, R-ARR-6.
pub fn resume(resource: &Resource, standing: Standing) -> Option<Event> {
    let stopped = matches!(resource.state, State::Limited | State::ArrearsStopped);
    (stopped && crate::arrears::may_resume(standing.balance)).then_some(Event::Resume)
}
