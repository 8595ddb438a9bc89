//! Conversion: what is paid by use becomes prepaid, by an order, without being delivered anew; the way back is in `by_use`.
//!
//! In:  a resource, what its product says of it, months. Out: what is to be ordered, or why not; what the resource is once that is paid.
//! Invariant: use is billed up to the second of the payment, and that second is the anchor of every deadline from then on.
//! Rules: R-CNV-1, R-TIM-3, R-TIM-6, R-PRE-3, R-ORD-5, sections 20 and 22 of the rules.

pub mod by_use;
pub mod rule;

use crate::book::Product;
use crate::change;
use crate::order::Order;
use crate::order::open::Open;
use crate::quote::Wish;
use crate::renewal::{self, Payment, Term};
use crate::resource::renew::Renew;
use crate::resource::states::{Event, remedy};
use crate::resource::{MeterEvent, Resource, State};
use units::calendar::CalendarError;
use units::{Calendar, Timestamp};

/// Why something is not converted. Each is a different answer to the customer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConversionError {
    #[error("it is prepaid; renew it to have it for longer")]
    Prepaid,
    #[error("`{0}` is not converted; buy another that is prepaid")]
    NotConvertible(String),
    #[error("with `{option}` as `{value}` it is not converted; buy another that is prepaid")]
    Excepted { option: String, value: String },
    #[error("it is paid by use already; there is nothing to convert")]
    ByUse,
    #[error("`{0}` stays prepaid to its deadline; refund it, and buy another that is paid by use")]
    StaysPrepaid(String),
    #[error("its deadline {0} has passed; renew it first")]
    Expired(Timestamp),
    #[error("a resource that is {} is not converted: {}", .0.as_str(), remedy(*.0, Event::Start))]
    State(State),
    /// One about the same did not come out yet.
    #[error("{0}")]
    OpenOrder(Open),
    #[error("it is not any more what it was when this was ordered; order it again")]
    Other,
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

/// What is to be ordered so that a resource is prepaid for so many months.
///
/// Errors, in this order: `Prepaid`; `State`; `NotConvertible` and `Excepted` by its product.
pub fn wish(resource: &Resource, product: &Product, months: u32) -> Result<Wish, ConversionError> {
    may_convert(resource)?;
    let not = || ConversionError::NotConvertible(product.id.clone());
    let rule = product.conversion.as_ref().ok_or_else(not)?;
    for (option, values) in &rule.except {
        if let Some(value) = resource.options.get(option).filter(|it| values.iter().any(|one| one == it)) {
            return Err(ConversionError::Excepted { option: option.clone(), value: value.to_string() });
        }
    }
    let changes: Vec<(String, String)> = rule.options.iter().map(|it| (it.0.clone(), it.1.clone())).collect();
    let options = change::merged(resource, product, &changes).pairs();
    Ok(Wish { product: product.id.clone(), options, months, quantity: 1 })
}

/// Whether anything like it is converted. What is stopped without charge is started first: what is prepaid is charged while it
/// is stopped. Source: R-CNV-1, R-PPU-2.
fn may_convert(resource: &Resource) -> Result<(), ConversionError> {
    if resource.deadline.is_some() {
        return Err(ConversionError::Prepaid);
    }
    match resource.state {
        State::Running | State::Stopped => Ok(()),
        state @ (State::Pending
        | State::StoppedFree
        | State::Limited
        | State::ArrearsStopped
        | State::Expired
        | State::Releasing
        | State::Recycled
        | State::Released
        | State::Failed) => Err(ConversionError::State(state)),
    }
}

/// A resource that is prepaid since `payment`, and its meter event.
///
/// Errors: `Prepaid` and `State`; `Other` where it was changed by something else meanwhile. Source: R-CNV-1, R-PRE-3.
pub fn converted(
    resource: Resource,
    payment: Payment<'_>,
    calendar: &Calendar,
) -> Result<(Resource, MeterEvent), ConversionError> {
    let Payment { order, fixed, at } = payment;
    is_as_ordered(&resource, order)?;
    let end = renewal::first(order, fixed, at, calendar)?.ok_or(ConversionError::Other)?;
    let renew = Renew { since: Some(at), day: end.day, ..resource.renew };
    let (options, deadline) = (order.options.clone(), Some(end.deadline));
    let resource = Resource { options, deadline, renew, ..resource };
    let event = resource.metered(at);
    Ok((resource, event))
}

/// Whether a resource still is what it was when its conversion was ordered. Errors: `Prepaid`, `State`, `Other`.
pub fn is_as_ordered(resource: &Resource, order: &Order) -> Result<(), ConversionError> {
    may_convert(resource)?;
    match order.had.as_ref() == Some(&resource.options) {
        true => Ok(()),
        false => Err(ConversionError::Other),
    }
}

/// Until when something is paid for that is converted at `now`. Source: R-CNV-1, R-PRE-3.
pub fn until(term: Term, now: Timestamp, calendar: &Calendar) -> Result<Timestamp, ConversionError> {
    Ok(calendar.add_days(calendar.add_months(now, term.months)?, term.days, now)?)
}

#[cfg(test)]
mod tests;
