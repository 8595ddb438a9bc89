//! Small prices: what a whole cycle of the least quantity costs rounds to nothing, bill by bill.
//!
//! In:  a checked book. Out: the components of which that is so, where what rounding leaves is waived.
//! Invariant: only what is held is looked at: of what is reported the least is nothing anyway.
//! Rules: R-MON-9, R-MON-4.

use billing::book::{Book, Component, Due, OptionKind, Product, Rounding};
use billing::meter::HeldBy;
use std::fmt;
use units::{Amount, CycleKind, Measured};

/// A price that rounds away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmallPrice {
    pub product: String,
    pub component: String,
    /// What the least quantity costs in one cycle.
    pub cost: Amount,
    pub cycle: CycleKind,
}

impl fmt::Display for SmallPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SmallPrice { product, component, cost, cycle } = self;
        write!(
            f,
            "{product}/{component}: {cost} a {}, the least that is billed, rounds to nothing and is waived. \
             Write rounding = \"carry\", or bill it by a longer cycle.",
            cycle.as_str()
        )
    }
}

/// The components whose least quantity costs less than half a minor unit a cycle, in the order of the book.
///
/// Source: R-MON-9.
pub fn small_prices(book: &Book) -> Vec<SmallPrice> {
    let waived = |it: &&Product| it.rounding.unwrap_or(book.rounding) == Rounding::Waive;
    let of_product = |product: &Product| -> Vec<SmallPrice> {
        product.components.iter().filter_map(|it| small(product, it)).collect()
    };
    book.products.iter().filter(waived).flat_map(of_product).collect()
}

fn small(product: &Product, component: &Component) -> Option<SmallPrice> {
    let Due::Cycle(cycle) = component.due else { return None };
    let quantity = least(product, component)?;
    let costs = component.prices.iter().filter_map(|row| {
        let used = held(component, quantity, (seconds(cycle), row.item.per_seconds))?;
        row.item.cost(used).ok().filter(|it| it.e8() > 0)
    });
    let cost = costs.min_by_key(|it| it.e8())?;
    let is_nothing = cost.round().is_ok_and(|it| it.is_zero());
    let (product, component) = (product.id.clone(), component.id.clone());
    is_nothing.then_some(SmallPrice { product, component, cost, cycle })
}

/// The least quantity above nothing that can be bought. `None` where there is none.
fn least(product: &Product, component: &Component) -> Option<u128> {
    let rule = &component.quantity;
    let Some(option) = &rule.option else { return rule.fixed.checked_sub(rule.less).filter(|it| *it > 0) };
    let above = |it: u128| it.checked_sub(rule.less).filter(|it| *it > 0);
    match &product.option(option)?.kind {
        OptionKind::Range { from, to, step, .. } => {
            let first = above((*from).into());
            let steps = (*from..=*to).step_by(usize::try_from(*step).ok()?);
            first.or_else(|| steps.map(u128::from).find_map(above))
        }
        OptionKind::Choice(values) => values.iter().filter_map(|it| above(it.parse().ok()?)).min(),
        OptionKind::Region | OptionKind::Zone | OptionKind::Spec(_) => None,
    }
}

/// What is measured when so much is held for a whole cycle of `seconds`, at a price for `per_seconds`.
fn held(component: &Component, quantity: u128, (seconds, per_seconds): (u64, u64)) -> Option<Measured> {
    let unit = component.quantity.unit;
    match component.meter.held_by()? {
        HeldBy::Sum | HeldBy::Clock => {
            Some(Measured::of(quantity.checked_mul(seconds.into())?, unit.seconds()))
        }
        HeldBy::Mean => Some(Measured::of(quantity, unit)),
        HeldBy::Rate | HeldBy::Highest => {
            Some(Measured { num: seconds, den: per_seconds, ..Measured::of(quantity, unit) })
        }
    }
}

/// Seconds of the shortest cycle of a kind.
const fn seconds(cycle: CycleKind) -> u64 {
    match cycle {
        CycleKind::Hour => 3_600,
        CycleKind::Day => 86_400,
        CycleKind::Month => 28 * 86_400,
    }
}

#[cfg(test)]
mod tests;
