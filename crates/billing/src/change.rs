//! Changes of a resource that lives: what may be changed, and what it is then.
//!
//! In:  a resource, its product, options that are to change. Out: all of its options after that, or why not.
//! Invariant: options that nobody named stay as they are, but for those that do not go with what was named.
//! Rules: R-CHG-1, R-CHG-4, R-CHG-5, R-NET-6, R-QCS-6, R-ORD-5, section 20. What the difference costs: `difference`.

use crate::book::{OptionRule, Product, Resize};
use crate::options::Options;
use crate::order::Order;
use crate::order::open::Open;
use crate::quote::Wish;
use crate::raise::RangeError;
use crate::resource::raise::{Days, Raise};
use crate::resource::states::{Event, remedy};
use crate::resource::{MeterEvent, Resource, State};
use crate::switch::{self, Direction, Switch};
use units::Timestamp;

/// Why something is not changed. Each is a different answer to the customer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    #[error("its deadline {0} has passed; renew it, then change it")]
    Expired(Timestamp),
    #[error("a resource that is {} is not changed: {}", .0.as_str(), remedy(*.0, Event::Start))]
    State(State),
    #[error("`{0}` of this product cannot be changed while it lives")]
    Fixed(String),
    #[error("`{0}` of this product is only raised; keep it, or buy another")]
    OnlyRaised(String),
    #[error("it has these options already; name one that is to be another")]
    Same,
    /// One about the same did not come out yet.
    #[error("{0}")]
    OpenOrder(Open),
    #[error("what is prepaid is changed by an order where that costs anything; order it as a change")]
    NeedsOrder,
    #[error(
        "it would cost less for the time that is left, and what is prepaid is not lowered; keep it, or buy another"
    )]
    Lowered,
    #[error("it was lowered {}, and that is as often as it goes; keep it, or buy another", often(*.most))]
    LoweredOften { most: u32 },
    #[error("`{option}` was switched to {value} as often as it goes ({most}); keep it, or buy another")]
    SwitchedOften { option: String, value: String, most: u32 },
    #[error("`{option}` is not changed together with `{with}`; change one, then the other")]
    SwitchAlone { option: String, with: String },
    /// From the first of these days to behind the last.
    #[error("it is raised for some days, from {} to {}; change it once these are over", .0.from, .0.to)]
    Raised(Days),
    #[error(transparent)]
    Days(#[from] RangeError),
    #[error("`quoted` is what is to be paid and `at_least` what is to go back; send one of them")]
    Both,
    #[error("it is not any more what it was when this was ordered; order it again")]
    Other,
}

fn often(times: u32) -> String {
    if times == 1 { "once".to_string() } else { format!("{times} times") }
}

/// What a resource would be with these options instead of those that it has.
///
/// An option that is named with the value that it has is none of what changes. Errors, in this order: `Expired` and `State`; `Fixed` and
/// `OnlyRaised` for an option that cannot change so; `SwitchAlone`. Source: R-CHG-1, R-CHG-4.
pub fn wish(
    resource: &Resource,
    product: &Product,
    changes: &[(String, String)],
    now: Timestamp,
) -> Result<Wish, ChangeError> {
    may_change(resource, now)?;
    let switched = switch_of(resource, product, changes);
    for (option, value) in changes {
        let Some(rule) = product.option(option) else { continue };
        let had = resource.options.get(option);
        if had == Some(value.as_str()) {
            continue;
        }
        match switched {
            Some(it) if it.rule.option == rule.name => continue,
            Some(it) => goes_with(it, rule)?,
            None => {}
        }
        may_become(rule, had, value)?;
    }
    let options = merged(resource, product, changes).pairs();
    Ok(Wish { product: product.id.clone(), options, months: 0, quantity: 1 })
}

/// Whether other values of options switch a mode of something prepaid, and how. Source: R-NET-4, R-NET-5.
pub fn switch_of<'a>(
    resource: &Resource,
    product: &'a Product,
    changes: &[(String, String)],
) -> Option<Switch<'a>> {
    resource.deadline?;
    switch::of(product, &resource.options, changes)
}

/// Whether an option of something prepaid says a mode that may be switched. Source: R-NET-4, R-NET-5.
pub fn is_switchable(resource: &Resource, product: &Product, option: &str) -> bool {
    let Some(rule) = product.switch.as_ref().filter(|it| it.option == option) else { return false };
    let had = resource.options.get(option);
    resource.deadline.is_some() && had.is_some_and(|it| it == rule.prepaid || it == rule.by_use)
}

/// Whether something is switched so once more, that was so often. Errors: `SwitchedOften`. Source: R-NET-6.
pub fn may_switch(switch: Switch<'_>, so_often: u32) -> Result<(), ChangeError> {
    let Switch { rule, to } = switch;
    let value = match to {
        Direction::Prepaid => &rule.prepaid,
        Direction::ByUse => &rule.by_use,
    };
    match so_often < rule.most {
        true => Ok(()),
        false => Err(ChangeError::SwitchedOften {
            option: rule.option.clone(),
            value: value.clone(),
            most: rule.most,
        }),
    }
}

/// With a switch only what hangs on its mode changes: what else changes has another price by another rule. Source: R-NET-4, R-NET-5.
fn goes_with(switch: Switch<'_>, rule: &OptionRule) -> Result<(), ChangeError> {
    let option = &switch.rule.option;
    match rule.when.iter().any(|it| it.0 == *option) {
        true => Ok(()),
        false => Err(ChangeError::SwitchAlone { option: option.clone(), with: rule.name.clone() }),
    }
}

/// Whether anything of it is changed at all. Source: R-CHG-1, R-CHG-4.
fn may_change(resource: &Resource, now: Timestamp) -> Result<(), ChangeError> {
    match (resource.state, resource.deadline) {
        (State::Expired, Some(deadline)) => Err(ChangeError::Expired(deadline)),
        (State::Running | State::Stopped | State::StoppedFree, Some(deadline)) if deadline <= now => {
            Err(ChangeError::Expired(deadline))
        }
        (State::Running | State::Stopped | State::StoppedFree, _) => Ok(()),
        (
            state @ (State::Pending
            | State::Limited
            | State::ArrearsStopped
            | State::Expired
            | State::Releasing
            | State::Recycled
            | State::Released
            | State::Failed),
            _,
        ) => Err(ChangeError::State(state)),
    }
}

/// Whether an option may become `value`. Source: R-CHG-5.
fn may_become(rule: &OptionRule, had: Option<&str>, value: &str) -> Result<(), ChangeError> {
    let number = |text: &str| text.trim().parse::<u64>().ok();
    match rule.resize {
        Resize::Allowed => Ok(()),
        Resize::Fixed => Err(ChangeError::Fixed(rule.name.clone())),
        Resize::Raised => match (had.and_then(number), number(value)) {
            (Some(had), Some(value)) if value < had => Err(ChangeError::OnlyRaised(rule.name.clone())),
            // What is no number is refused as no value that is on sale.
            _ => Ok(()),
        },
    }
}

/// All options after a change. What nobody named is left out where it goes no longer with what was named, and is 0 where it would
/// lie below what it must not be below: elastic protection, when the base is raised above it. Source: R-CHG-5.
pub(crate) fn merged(resource: &Resource, product: &Product, changes: &[(String, String)]) -> Options {
    let mut options = resource.options.clone();
    for (option, value) in changes {
        options.put(option, value);
    }
    let number =
        |options: &Options, name: &str| options.get(name).and_then(|it| it.trim().parse::<u64>().ok());
    for rule in product.options.iter().filter(|rule| !changes.iter().any(|it| it.0 == rule.name)) {
        if !options.hold(&rule.when) {
            options.take(&rule.name);
        }
        let least = rule.at_least.as_ref().and_then(|it| number(&options, it));
        if number(&options, &rule.name) < least && options.get(&rule.name).is_some() {
            options.put(&rule.name, "0");
        }
    }
    options
}

/// A resource as an order that was paid for made it, and its meter event.
///
/// Errors: `Expired` and `State`; `Other` where it was changed by something else meanwhile. Source: R-CHG-1.
pub fn changed(
    resource: Resource,
    order: &Order,
    at: Timestamp,
) -> Result<(Resource, MeterEvent), ChangeError> {
    may_change(&resource, at)?;
    if order.had.as_ref() != Some(&resource.options) {
        return Err(ChangeError::Other);
    }
    let resource = Resource { options: order.options.clone(), ..resource };
    let event = resource.metered(at);
    Ok((resource, event))
}

/// A resource of which an option is raised on some days, as an order that was paid for says. It is what it was until then.
///
/// Errors: `Expired` and `State`; `Other` where it was changed by something else meanwhile. Source: R-NET-3.
pub fn raised(resource: Resource, order: &Order, days: Days, at: Timestamp) -> Result<Resource, ChangeError> {
    may_change(&resource, at)?;
    let had = resource.own_options();
    let is_as_ordered = resource.deadline.is_some() && order.had.as_ref() == Some(&had);
    let raise = Raise::between(&had, &order.options, days).filter(|_| is_as_ordered);
    let mut raises = resource.raises.clone();
    raises.push(raise.ok_or(ChangeError::Other)?);
    Ok(Resource { raises, ..resource })
}

/// Whether nothing of it is raised for some days: it is changed once these are over. Errors: `Raised`. Source: R-NET-3.
pub fn not_raised(resource: &Resource) -> Result<(), ChangeError> {
    let (from, to) = (|it: &Raise| it.days.from, |it: &Raise| it.days.to);
    match (resource.raises.iter().map(from).min(), resource.raises.iter().map(to).max()) {
        (Some(from), Some(to)) => Err(ChangeError::Raised(Days { from, to })),
        (None, _) | (_, None) => Ok(()),
    }
}

#[cfg(test)]
mod tests;
