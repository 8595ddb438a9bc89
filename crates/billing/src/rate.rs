//! Rating: what use costs, line by line.
//!
//! In:  quantities from `aggregate`, each naming its price as it stood when the use happened.
//! Out: lines to 1e-8, list price and discount apart. Packs came before, in `cover`; rounding to fen
//! comes later, in `settle`.
//! Invariant: rating never looks at who the customer is, only at the rate that was agreed; a line can be priced
//! again from what it stores.
//! Rules: R-PRC-*, R-PKG-19.

use crate::bill::Line;
use crate::book::{Component, Contract};
use crate::plan::{Configs, Part, Plan};
use crate::price::{FULL_RATE_E8, Position, PriceItem, discounted};
use crate::used::{AggregateError, Used};
use std::borrow::Cow;
use units::{Amount, Measured, MoneyError};

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

/// How a contract rate is written, as a sentence goes on.
pub const RATE_WORDS: &str = "a rate is written like \"0.9\": from 0 to 1, four digits at most";

impl Terms {
    /// A contract rate as it is written: 0 to 1 with up to four digits behind the point. `None` for anything else.
    pub fn parse(text: &str) -> Option<Terms> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = (1..=4).contains(&fraction.len()) && fraction.bytes().all(|it| it.is_ascii_digit());
        let one = whole == "1" && fraction.bytes().all(|it| it == b'0');
        let read = units::decimal::parse(text, 4).ok().and_then(|it| u64::try_from(it * 10_000).ok());
        read.filter(|_| digits && (one || whole == "0")).map(|contract_rate_e8| Terms { contract_rate_e8 })
    }
}

/// The lines of all that was used of some components in a cycle, in the order given.
///
/// Errors: a price that does not fit what was measured, or a sum that is too large; each names its component.
#[inline(always)]
pub fn lines<'a>(used: &[Used], configs: &'a Configs, terms: Terms) -> Result<Vec<Line<'a>>, AggregateError> {
    let mut lines: Vec<Line<'a>> = Vec::with_capacity(used.len());
    let mut has_least = false;
    for it in used {
        let (plan, part) = it.at.resolve(configs)?;
        let cost = cost(it, plan, part, terms).map_err(|it| it.of_part(plan, part))?;
        lines.push(it.line(plan, part, cost));
        has_least |= plan.item(part).minimum.is_some();
    }
    if has_least {
        lift_to_minimum(&mut lines, used, configs)?;
    }
    Ok(lines)
}

/// What `used` of a component costs.
#[inline(always)]
fn cost(used: &Used, plan: &Plan, part: &Part, terms: Terms) -> Result<Cost, AggregateError> {
    let item = plan.item(part);
    // A stored quantity fits 63 bits; a larger one sets its account aside.
    i64::try_from(used.measured.quantity).map_err(|_| AggregateError::Overflow(item.key.clone()))?;
    let at = Position { before: used.offset.into(), after: used.later.into() };
    Cost::new(item.part(used.measured, at)?, rate_e8(plan.component(part), terms))
}

impl Used {
    /// The line that it becomes at `cost`.
    #[inline(always)]
    fn line<'a>(&self, plan: &'a Plan, part: &Part, cost: Cost) -> Line<'a> {
        let Used { measured, offset, later, covered, free, from, to, .. } = *self;
        Line { measured, offset, later, covered, free, from, to, ..line_of(plan, part, cost) }
    }
}

/// The discount rate of a component after use, in 1e-8.
pub(crate) fn rate_e8(component: &Component, terms: Terms) -> u64 {
    match component.contract {
        Contract::Applies => terms.contract_rate_e8,
        Contract::ListPrice => FULL_RATE_E8,
    }
}

/// What a line costs, in 1e-8: list price × rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    pub list_e8: i64,
    pub rate_e8: u64,
    pub cost_e8: i64,
}

impl Cost {
    /// `list` × a rate in 1e-8. Errors: a price that is too large to be stored. Source: R-PRC-9.
    #[inline]
    pub fn new(list: Amount, rate_e8: u64) -> Result<Cost, AggregateError> {
        let to_row = |amount: Amount| amount.to_row().map_err(|error| AggregateError::Price(error.into()));
        let list_e8 = to_row(list)?;
        if rate_e8 == FULL_RATE_E8 {
            return Ok(Cost { list_e8, rate_e8, cost_e8: list_e8 });
        }
        let cost = discounted(list, rate_e8).map_err(AggregateError::Price)?;
        Ok(Cost { list_e8, rate_e8, cost_e8: to_row(cost)? })
    }

    /// The same, given back.
    pub(crate) const fn given_back(self) -> Cost {
        Cost { list_e8: -self.list_e8, cost_e8: -self.cost_e8, ..self }
    }
}

/// A line of any component that costs so much; what was measured is still to be said.
#[inline(always)]
pub fn line_of<'a>(plan: &'a Plan, part: &Part, cost: Cost) -> Line<'a> {
    let (component, item) = (plan.component(part), plan.item(part));
    let Cost { list_e8, rate_e8, cost_e8 } = cost;
    Line {
        component: Cow::Borrowed(&component.id),
        name: Cow::Borrowed(&component.name),
        price: Cow::Borrowed(&item.key),
        book: plan.book.id,
        measured: Measured::of(0, component.quantity.unit),
        offset: 0,
        later: 0,
        covered: 0,
        free: 0,
        list_e8,
        earlier_e8: None,
        rate_e8,
        billed_e8: None,
        cost_e8,
        from: 0,
        to: 0,
    }
}

/// The least that a cycle with any use costs, by the version at its end: the last line of the component is lifted to it.
///
/// Source: R-PRC-16, R-PRC-18.
#[cold]
fn lift_to_minimum(lines: &mut [Line<'_>], used: &[Used], configs: &Configs) -> Result<(), AggregateError> {
    for last in 0..lines.len() {
        let component = lines[last].component.clone();
        if lines[last + 1..].iter().any(|it| it.component == component) {
            continue;
        }
        let (plan, part) = used[last].at.resolve(configs)?;
        let Some(least) = plan.item(part).minimum else { continue };
        let own = || lines[..=last].iter().filter(|it| it.component == component);
        let sum: i128 = own().map(|it| i128::from(it.list_e8)).sum();
        if sum >= least.e8() || own().all(|it| it.measured.quantity == 0) {
            continue;
        }
        let name = |it: AggregateError| it.of_part(plan, part);
        let earlier_e8 = i64::try_from(sum - i128::from(lines[last].list_e8));
        let earlier_e8 = earlier_e8.map_err(|_| name(MoneyError::Overflow.into()))?;
        lines[last].earlier_e8 = Some(earlier_e8);
        let list = lifted(least, earlier_e8);
        let cost = Cost::new(list, lines[last].rate_e8).map_err(name)?;
        (lines[last].list_e8, lines[last].cost_e8) = (cost.list_e8, cost.cost_e8);
    }
    Ok(())
}

/// What the last line costs where the minimum counts and those before came to so much.
fn lifted(least: Amount, earlier_e8: i64) -> Amount {
    Amount::from_e8(least.e8() - i128::from(earlier_e8), least.currency())
}

/// What a stored line costs, made again from what it stores.
///
/// Errors: as when it was made; `NoMinimum` where it says that one counted and the price has none.
pub fn again(line: &Line<'_>, item: &PriceItem) -> Result<Cost, AggregateError> {
    let list = match (line.earlier_e8, item.minimum) {
        (None, _) => item.part(line.measured, line.position())?,
        (Some(earlier_e8), Some(least)) => lifted(least, earlier_e8),
        (Some(_), None) => return Err(AggregateError::NoMinimum(item.key.clone())),
    };
    let cost = Cost::new(list, line.rate_e8)?;
    Ok(if line.gives_back() { cost.given_back() } else { cost })
}

#[cfg(test)]
mod tests;
