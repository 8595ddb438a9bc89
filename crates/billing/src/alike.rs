//! Whether two books charge the same for what somebody has.
//!
//! In:  the plans of one choice of options in two books. Out: whether any amount could differ for the same use.
//! Invariant: how a book is written does not count: the order of components and rows, their names, where a figure comes
//! from, whether something is still sold. What is paid once, with the order, is not charged again.
//! Rules: R-PRC-6, R-CAT-1.

use crate::book::{Component, DiscountTable, Meter};
use crate::plan::{Part, Plan};
use crate::price::Pricing;
use units::Amount;

/// Whether `before` and `after` charge the same for the same use.
///
/// `Plan::same_prices` asks more: it says whether lines of both may stand under one version of prices.
pub fn charges_alike(before: &Plan, after: &Plan) -> bool {
    let [mine, theirs] = [before, after].map(charged);
    let twin = |it: &Charged<'_>| theirs.iter().any(|that| it == that);
    mine.len() == theirs.len() && rounding(before) == rounding(after) && mine.iter().all(twin)
}

/// A component that is charged otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Changed<'a> {
    pub component: &'a str,
    /// What a unit costs before and after, where both are one amount for the same; `None` otherwise.
    pub prices: Option<[Amount; 2]>,
}

/// The components that `after` charges otherwise than `before`, those that only one of them has among them.
pub fn changed<'a>(before: &'a Plan, after: &'a Plan) -> Vec<Changed<'a>> {
    let [mine, theirs] = [before, after].map(charged);
    let gone: Vec<&Charged<'a>> = mine.iter().filter(|it| !theirs.contains(it)).collect();
    let new: Vec<&Charged<'a>> = theirs.iter().filter(|it| !mine.contains(it)).collect();
    let was = |it: &Charged<'a>| {
        gone.iter().find(|was| was.component == it.component && was.part.spec == it.part.spec)
    };
    let of_new = |it: &&Charged<'a>| Changed {
        component: it.component,
        prices: was(it).and_then(|was| one_amount(&was.price, &it.price)),
    };
    let is_left = |it: &&&Charged<'a>| new.iter().any(|new| new.component == it.component);
    let only_gone = gone.iter().filter(|it| !is_left(it));
    let of_gone = only_gone.map(|it| Changed { component: it.component, prices: None });
    new.iter().map(of_new).chain(of_gone).collect()
}

/// The amounts of two prices per the same, where the amounts differ.
fn one_amount(before: &Priced<'_>, after: &Priced<'_>) -> Option<[Amount; 2]> {
    let (Pricing::PerUnit(was), Pricing::PerUnit(is)) = (before.pricing, after.pricing) else { return None };
    let is_same = was.per == is.per && before.per_seconds == after.per_seconds;
    (is_same && was.amount != is.amount).then_some([was.amount, is.amount])
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
    pricing: &'a Pricing,
    per_seconds: u64,
    free: u128,
    minimum: Option<Amount>,
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
