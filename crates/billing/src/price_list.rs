//! Price lists: what each value of an option costs by itself, and what a product begins at.
//!
//! In:  a book, what is chosen, an option. Out: list prices and what is to be paid of them; the least price of a product.
//! Invariant: what is paid ahead is taken from the lines of a quote, and what is paid after use from the price items of its
//! plan: nothing is priced here in another way than an order is.
//! Rules: R-PRC-1, R-PRC-3, R-PRC-4, R-PRC-5.

use crate::book::{Book, Component, Due, Product, Sale};
use crate::meter::Meter;
use crate::plan::{Part, Plan};
use crate::price::{PriceItem, Pricing};
use crate::quote::{self, Quote, Wish};
use crate::rate::Terms;
use std::sync::Arc;
use units::decimal::div_half_up;
use units::{Amount, Currency, CycleKind};

/// What a price is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    Month,
    Day,
    Hour,
    /// Paid once, for all that it holds: a pack.
    Pack,
}

/// What a value costs by itself: the components that it decides and that count once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValuePrice {
    pub per: Per,
    /// At list price; in the first step, where there are steps.
    pub list: Amount,
    /// What is paid of it for the months that were chosen; the list price for what is paid after use.
    pub paid: Amount,
    /// List prices of the steps behind the first.
    pub later: Vec<Amount>,
    /// Whether a contract of the account sets one of these prices: then they are no list prices. Source: R-PRC-22.
    pub is_agreed: bool,
}

/// What is being chosen.
#[derive(Clone, Copy, Debug)]
pub struct Choosing<'a> {
    pub book: &'a Arc<Book>,
    pub wish: &'a Wish,
    pub terms: Terms,
}

/// The price of `value` of `option`, all else as it is chosen. `None` where nothing is sold like that, or where no component
/// goes by this option.
pub fn of_value(it: Choosing<'_>, option: &str, value: &str) -> Option<ValuePrice> {
    let mut options = it.wish.options.clone();
    options.retain(|had| had.0 != option);
    options.push((option.to_string(), value.to_string()));
    let wish = Wish { options, quantity: 1, ..it.wish.clone() };
    let quote = quote::quote(it.book, &wish, it.terms).ok()?;
    let plan = Plan::resolve(it.book, &quote.product, &quote.options).ok()?;
    let parts: Vec<(usize, &Part)> = own(&plan, option).collect();
    let ahead = paid_ahead(&plan, &parts, &quote).or_else(|| pack(&plan, &parts, &quote));
    let found = ahead.or_else(|| after_use(&plan, &parts))?;
    let is_agreed = parts.iter().any(|it| plan.item(it.1).contract.is_some());
    Some(ValuePrice { is_agreed, ..found })
}

/// The parts that go by `option` and count once, each with its place among those that are paid with the order.
fn own<'a>(plan: &'a Plan, option: &str) -> impl Iterator<Item = (usize, &'a Part)> {
    let mut ordered = 0;
    plan.parts.iter().filter_map(move |part| {
        let component = plan.component(part);
        let place = ordered;
        ordered += usize::from(component.due == Due::Order);
        let goes_by = component.prices[part.price].keys.iter().any(|key| key.0 == option);
        (goes_by && component.quantity.option.is_none()).then_some((place, part))
    })
}

fn paid_ahead(plan: &Plan, parts: &[(usize, &Part)], quote: &Quote) -> Option<ValuePrice> {
    let is_by_month = |it: &&(usize, &Part)| plan.component(it.1).meter == Meter::Months;
    let lines: Vec<_> = parts.iter().filter(is_by_month).filter_map(|it| quote.lines.get(it.0)).collect();
    if lines.is_empty() || quote.months == 0 {
        return None;
    }
    let months = i128::from(quote.months);
    let a_month = |sum: i128| Amount::from_e8(div_half_up(sum, months), plan.book.currency);
    Some(ValuePrice {
        per: Per::Month,
        list: a_month(lines.iter().map(|it| i128::from(it.list_e8)).sum()),
        paid: a_month(lines.iter().map(|it| i128::from(it.cost_e8)).sum()),
        later: Vec::new(),
        is_agreed: false,
    })
}

/// Of a pack, which is paid once.
fn pack(plan: &Plan, parts: &[(usize, &Part)], quote: &Quote) -> Option<ValuePrice> {
    let is_once = |it: &&(usize, &Part)| plan.component(it.1).meter == Meter::Once;
    let lines: Vec<_> = parts.iter().filter(is_once).filter_map(|it| quote.lines.get(it.0)).collect();
    if plan.product().pack.is_none() || lines.is_empty() {
        return None;
    }
    let sum = |e8: i128| Amount::from_e8(e8, plan.book.currency);
    Some(ValuePrice {
        per: Per::Pack,
        list: sum(lines.iter().map(|it| i128::from(it.list_e8)).sum()),
        paid: sum(lines.iter().map(|it| i128::from(it.cost_e8)).sum()),
        later: Vec::new(),
        is_agreed: false,
    })
}

/// Of what is held and paid after use; where several go by the option, the first.
fn after_use(plan: &Plan, parts: &[(usize, &Part)]) -> Option<ValuePrice> {
    let held = |it: &&(usize, &Part)| {
        let component = plan.component(it.1);
        component.meter.held_by().is_some() && component.due != Due::Order
    };
    let part = parts.iter().find(held)?.1;
    let (per, seconds) = match plan.component(part).due {
        Due::Cycle(CycleKind::Day) => (Per::Day, 86_400),
        Due::Cycle(CycleKind::Hour | CycleKind::Month) | Due::Order => (Per::Hour, 3_600),
    };
    let list = plan.item(part).cost(plan.held(part, seconds, seconds)).ok()?;
    Some(ValuePrice { per, list, paid: list, later: later(plan.item(part)), is_agreed: false })
}

fn later(item: &PriceItem) -> Vec<Amount> {
    match &item.pricing {
        Pricing::Graduated(tiers) => tiers.tiers.iter().skip(1).map(|it| it.amount).collect(),
        Pricing::PerUnit(_)
        | Pricing::Volume(_)
        | Pricing::Package { .. }
        | Pricing::Percentage(_)
        | Pricing::Band(_) => Vec::new(),
    }
}

/// A price that a product begins at: of which component, and whether there are dearer ones.
#[derive(Clone, Debug)]
pub struct Least<'a> {
    pub component: &'a Component,
    pub item: &'a PriceItem,
    pub is_only: bool,
}

/// What a product begins at: the least list price of the first component that is paid with the order, and of the first that is
/// paid after use.
pub fn least(product: &Product, currency: Currency) -> Vec<Least<'_>> {
    let open = || product.components.iter().filter(|it| it.sale == Sale::Open);
    let ahead = open().find(|it| it.due == Due::Order);
    let after = open().find(|it| it.due != Due::Order);
    ahead.into_iter().chain(after).filter_map(|it| cheapest(it, currency)).collect()
}

/// Whether whatever is chosen has one of both at most: each is for other values of the same option.
pub fn are_alternatives(one: &Component, other: &Component) -> bool {
    one.when.iter().any(|(option, values)| {
        other.when.iter().any(|it| it.0 == *option && it.1.iter().all(|it| !values.contains(it)))
    })
}

fn cheapest(component: &Component, currency: Currency) -> Option<Least<'_>> {
    let rows = || component.prices.iter().filter(|it| it.sale == Sale::Open);
    let item = &rows().min_by_key(|it| first(&it.item, currency).e8())?.item;
    let is_only = rows().all(|it| first(&it.item, currency) == first(item, currency));
    Some(Least { component, item, is_only })
}

/// The list price of the first step.
fn first(item: &PriceItem, currency: Currency) -> Amount {
    let nothing = Amount::zero(currency);
    match &item.pricing {
        Pricing::PerUnit(price) => price.amount,
        Pricing::Package { price, .. } => *price,
        Pricing::Percentage(it) => it.fixed,
        Pricing::Graduated(tiers) | Pricing::Volume(tiers) => {
            tiers.tiers.first().map_or(nothing, |it| it.amount)
        }
        Pricing::Band(bands) => bands.bands.first().map_or(nothing, |it| it.1),
    }
}
