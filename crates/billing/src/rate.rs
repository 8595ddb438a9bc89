//! Rating: what use costs, line by line.
//!
//! In:  quantities from `aggregate`, each naming its price as it stood when the use happened.
//! Out: lines to 1e-8, list price and discount apart. Packs came before, in `cover`; rounding to fen
//! comes later, in `settle`.
//! Invariant: rating never looks at who the customer is, only at the rate that was agreed.
//! Rules: R-PRC-*, R-PKG-19.

use crate::bill::Line;
use crate::book::{Component, Contract};
use crate::plan::{Configs, Part, Plan};
use crate::price::{FULL_RATE_E8, PriceItem, discounted};
use crate::used::{AggregateError, Used};
use std::borrow::Cow;
use units::Measured;

/// What was agreed with a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Share of the list price, in 1e-8, where a component allows it. Source: R-PRC-5.
    pub contract_rate_e8: u64,
}

impl Default for Terms {
    fn default() -> Terms {
        Terms { contract_rate_e8: FULL_RATE_E8 }
    }
}

/// The line of `used`. Errors: a price that does not fit what was measured, or a sum that is too large.
#[inline(always)]
pub fn line<'a>(used: &Used, configs: &'a Configs, terms: Terms) -> Result<Line<'a>, AggregateError> {
    let (plan, part) = used.at.resolve(configs)?;
    let rate_e8 = rate_e8(plan.component(part), terms);
    // A stored quantity fits 63 bits; a larger one sets its account aside.
    i64::try_from(used.measured.quantity)
        .map_err(|_| AggregateError::Overflow(plan.item(part).key.clone()))?;
    let mut line = line_of(plan, part, used.measured, used.offset, rate_e8)?;
    (line.covered, line.from, line.to) = (used.covered, used.from, used.to);
    Ok(line)
}

fn rate_e8(component: &Component, terms: Terms) -> u64 {
    match component.contract {
        Contract::Applies => terms.contract_rate_e8,
        Contract::ListPrice => FULL_RATE_E8,
    }
}

/// The same for any component: list price of what was measured × rate.
#[inline(always)]
pub fn line_of<'a>(
    plan: &'a Plan,
    part: &Part,
    measured: Measured,
    offset: u64,
    rate_e8: u64,
) -> Result<Line<'a>, AggregateError> {
    let (component, item) = (plan.component(part), plan.item(part));
    let (list_e8, cost_e8) = costs(item, measured, offset, rate_e8)?;
    Ok(Line {
        component: Cow::Borrowed(&component.id),
        name: Cow::Borrowed(&component.name),
        price: Cow::Borrowed(&item.key),
        book: plan.book.id,
        measured,
        offset,
        covered: 0,
        list_e8,
        rate_e8,
        cost_e8,
        from: 0,
        to: 0,
    })
}

/// List price and cost in 1e-8. Apart from `line_of`, so that a line is written once, where it stays.
#[inline]
fn costs(
    item: &PriceItem,
    measured: Measured,
    offset: u64,
    rate_e8: u64,
) -> Result<(i64, i64), AggregateError> {
    let to_row = |amount: units::Amount| amount.to_row().map_err(|error| AggregateError::Price(error.into()));
    let list = item.cost(measured, offset.into())?;
    if rate_e8 == FULL_RATE_E8 {
        return to_row(list).map(|list_e8| (list_e8, list_e8));
    }
    let cost = discounted(list, rate_e8).map_err(AggregateError::Price)?;
    Ok((to_row(list)?, to_row(cost)?))
}
