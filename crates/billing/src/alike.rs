//! Whether two books charge the same for what somebody has.
//!
//! In:  the plans of one choice of options in two books. Out: whether any amount could differ for the same use.
//! Invariant: how a book is written does not count: the order of components and rows, their names, where a figure comes
//! from, whether something is still sold. What is paid once, with the order, is not charged again.
//! Rules: R-PRC-6, R-CAT-1.

use crate::book::{Component, DiscountTable, Meter};
use crate::plan::{Part, Plan};

/// Whether `before` and `after` charge the same for the same use.
///
/// `Plan::same_prices` asks more: it says whether lines of both may stand under one version of prices.
pub fn charges_alike(before: &Plan, after: &Plan) -> bool {
    let [mine, theirs] = [before, after].map(charged);
    let twin = |it: &Charged<'_>| theirs.iter().any(|that| it == that);
    mine.len() == theirs.len() && rounding(before) == rounding(after) && mine.iter().all(twin)
}

/// What of a component decides on what it charges.
#[derive(PartialEq)]
struct Charged<'a> {
    component: &'a str,
    /// Quantity, spec, when it is due, what is added up, in which states.
    part: Part,
    meter: &'a Meter,
    unit: units::Unit,
    family: Option<&'a str>,
    contract: crate::book::Contract,
    price: Priced<'a>,
    /// The rates of its discount for months, whatever their table is called.
    months: Option<&'a [(u32, u64)]>,
}

/// A price without its name and its source.
#[derive(PartialEq)]
struct Priced<'a> {
    pricing: &'a crate::price::Pricing,
    per_seconds: u64,
    free: u128,
    minimum: Option<units::Amount>,
    started: Option<u128>,
}

fn charged(plan: &Plan) -> Vec<Charged<'_>> {
    let again = |it: &&Part| !matches!(plan.component(it).meter, Meter::Once);
    plan.parts.iter().filter(again).map(|it| one(plan, it)).collect()
}

fn one<'a>(plan: &'a Plan, part: &Part) -> Charged<'a> {
    let (item, component): (_, &Component) = (plan.item(part), plan.component(part));
    let table = item.discount.as_ref().and_then(|it| plan.book.discounts.get(it));
    let price = Priced {
        pricing: &item.pricing,
        per_seconds: item.per_seconds,
        free: item.free,
        minimum: item.minimum,
        started: item.started,
    };
    Charged {
        component: &component.id,
        // Where it stands in its book says nothing.
        part: Part { component: 0, price: 0, ..part.clone() },
        meter: &component.meter,
        unit: component.quantity.unit,
        family: component.pack.as_deref(),
        contract: component.contract,
        price,
        months: table.map(|DiscountTable { steps, .. }| steps.as_slice()),
    }
}

/// What becomes of what rounding leaves.
fn rounding(plan: &Plan) -> crate::book::Rounding {
    plan.product().rounding.unwrap_or(plan.book.rounding)
}
