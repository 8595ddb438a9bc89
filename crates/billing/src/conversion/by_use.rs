//! Conversion back: what is prepaid is paid by use from now on, and what was not used of what was paid goes back.
//!
//! In:  a resource, what its product says of it, the orders that were paid for it. Out: what it would be, what goes back, or why not.
//! Invariant: no more goes back than the time that is left is worth, however early it is, and no use of a second is charged twice.
//! Rules: R-CNV-2, R-REF-2, R-REF-3, R-TIM-3, section 20 of the rules. Examples: scenarios/data/convert/.

use super::ConversionError;
use crate::book::Product;
use crate::change;
use crate::options::Options;
use crate::quote::Wish;
use crate::refund::{Asked, Refund, RefundError, Way};
use crate::resource::renew::Renew;
use crate::resource::{Resource, State};
use units::Timestamp;

/// What a resource would be if it was paid by use: what it is without raises for some days, which end with what was paid for them.
///
/// Errors, in this order: `ByUse`; `Expired`; `State`; `StaysPrepaid` by its product. Source: R-CNV-2, R-NET-3.
pub fn wish(resource: &Resource, product: &Product, now: Timestamp) -> Result<Wish, ConversionError> {
    may_convert(resource, now)?;
    let rule = product.conversion.as_ref().and_then(|it| it.by_use.as_ref());
    let by_use = rule.ok_or_else(|| ConversionError::StaysPrepaid(product.id.clone()))?;
    let changes: Vec<(String, String)> = by_use.iter().map(|it| (it.0.clone(), it.1.clone())).collect();
    let own = resource.clone().without_raises();
    let options = change::merged(&own, product, &changes).pairs();
    Ok(Wish { product: product.id.clone(), options, months: 0, quantity: 1 })
}

/// Whether anything like it is converted: it is there, and its time is not over.
fn may_convert(resource: &Resource, now: Timestamp) -> Result<(), ConversionError> {
    let deadline = resource.deadline.ok_or(ConversionError::ByUse)?;
    match resource.state {
        State::Expired => Err(ConversionError::Expired(deadline)),
        State::Running | State::Stopped if deadline <= now => Err(ConversionError::Expired(deadline)),
        State::Running | State::Stopped => Ok(()),
        state @ (State::Pending
        | State::StoppedFree
        | State::Limited
        | State::ArrearsStopped
        | State::Releasing
        | State::Recycled
        | State::Released
        | State::Failed) => Err(ConversionError::State(state)),
    }
}

/// What goes back at `now`: what was paid less what was used, also in the days in which refunds give all of it back, as often as the
/// product refunds in a year.
///
/// Errors: `NothingPaid`; `NotRefundable` where use is not counted; `Limit`. Source: R-CNV-2, R-REF-2.
pub fn rest(asked: &Asked<'_>, now: Timestamp) -> Result<Refund, RefundError> {
    let value = asked.value(now)?;
    match asked.rule.map(|it| it.most_per_year) {
        Some(most) if asked.counted.rest >= most => Err(RefundError::Limit { most }),
        Some(_) | None => Ok(Refund { way: Way::Converted, ..value }),
    }
}

/// A resource that is paid by use since `at`, with these options: it has no deadline, and nothing of it is renewed or raised for some days.
///
/// Errors: `ByUse`, `Expired`, `State`. Source: R-CNV-2, R-NET-3.
pub fn converted(resource: Resource, options: Options, at: Timestamp) -> Result<Resource, ConversionError> {
    may_convert(&resource, at)?;
    Ok(Resource { options, deadline: None, renew: Renew::default(), raises: Vec::new(), ..resource })
}

#[cfg(test)]
mod tests;
