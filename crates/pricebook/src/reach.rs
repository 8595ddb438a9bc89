//! How far the prices reach: everything on sale has one, and the last tier or band ends no sooner.
//!
//! In:  a component with its prices, what its product offers. Out: problems at the place of the component or price.
//! Invariant: two prices for one choice were refused before, row by row; here only what is missing is looked for.
//! Rules: R-PRC-1, R-DDS-2, R-DDS-3, R-ORD-9.

use crate::problem::Problems;
use crate::shelf::{Choice, Shelf, Values, combinations, numbers};
use billing::book::{AttackMode, Component, Conditions, Meter, PriceRow};
use billing::meter::Reach;
use billing::price::{Pricing, Tiers};
use std::collections::BTreeSet;

const GBPS: u128 = 1_000_000_000;

/// Every combination on sale of the options that choose a price has one.
pub(crate) fn coverage(shelf: Shelf<'_>, component: &Component, problems: &mut Problems) {
    let at = shelf.place(component);
    let options = options(shelf, component);
    let values: Vec<Values<'_>> = options.into_iter().map(|it| values(shelf, component, it)).collect();
    let Some(all) = combinations(&values) else {
        let what = format!("component `{}` is priced by too many options", component.id);
        problems.of(&at, what, "Use fewer key columns");
        return;
    };
    let mut missing = all.iter().filter(|it| shelf.sells(it) && !has_price(component, it));
    if let Some(first) = missing.next() {
        let choice = sentence(first, missing.count());
        let what = format!("component `{}` has no price for {choice}, although it is on sale", component.id);
        problems.of(&at, what, "Add the price, or take the combination from the offers");
    }
}

/// The options that choose a price, and those that are offered together with them.
fn options<'a>(shelf: Shelf<'a>, component: &'a Component) -> BTreeSet<&'a str> {
    let keys = component.prices.iter().flat_map(|it| it.keys.iter().map(|key| key.0.as_str()));
    let mut options: BTreeSet<&str> = keys.collect();
    for offer in &shelf.product.offers {
        if offer.columns.iter().any(|it| options.contains(it.as_str())) {
            options.extend(offer.columns.iter().map(String::as_str));
        }
    }
    if options.contains("zone") {
        options.insert("region");
    }
    options
}

/// What an option may be where there is the component.
fn values<'a>(shelf: Shelf<'_>, component: &Component, option: &'a str) -> Values<'a> {
    let mut values = shelf.choices(option);
    if let Some((_, only)) = component.when.iter().find(|it| it.0 == option) {
        values.retain(|it| only.contains(it));
    }
    Values { option, values }
}

fn has_price(component: &Component, choice: &Choice<'_>) -> bool {
    let holds = |keys: &Conditions| {
        keys.iter().all(|(name, values)| choice.get(name.as_str()).is_none_or(|it| values.contains(it)))
    };
    component.prices.iter().any(|row| holds(&row.keys))
}

/// A choice in words, and how many others there are.
fn sentence(choice: &Choice<'_>, others: usize) -> String {
    let text: Vec<String> = choice.iter().map(|(name, value)| format!("{name}={value}")).collect();
    match others {
        0 => text.join(" "),
        more => format!("{} and {more} more", text.join(" ")),
    }
}

/// The last tier or band reaches as far as may be bought or used.
pub(crate) fn ends(shelf: Shelf<'_>, component: &Component, problems: &mut Problems) {
    let most = match component.meter.form().reach {
        Reach::Attack => return attack(shelf, component, problems),
        Reach::Bought => most_bought(shelf, component),
        Reach::Open => None,
    };
    for row in &component.prices {
        if let Some(tiers) = tiers(&row.item.pricing) {
            end(row, tiers, most, problems);
        }
    }
}

fn tiers(pricing: &Pricing) -> Option<&Tiers> {
    match pricing {
        Pricing::Graduated(tiers) | Pricing::Volume(tiers) => Some(tiers),
        Pricing::PerUnit(_) | Pricing::Package { .. } | Pricing::Percentage(_) | Pricing::Band(_) => None,
    }
}

/// The most that may be bought of a component, less what is free. `None` where its option has no numbers.
fn most_bought(shelf: Shelf<'_>, component: &Component) -> Option<u128> {
    let rule = &component.quantity;
    let most = match &rule.option {
        Some(option) => numbers(&shelf.product.option(option)?.kind).into_iter().max().map(u128::from)?,
        None => rule.fixed,
    };
    // Whoever buys less than what is free pays for nothing.
    Some(most.saturating_sub(rule.less))
}

/// Tiers that end do so no sooner than at `most`; without it use has no end, and neither have they.
fn end(row: &PriceRow, tiers: &Tiers, most: Option<u128>, problems: &mut Problems) {
    let (Some(end), unit) = (tiers.up_to, tiers.per.unit) else { return };
    match most {
        Some(most) if end < most => {
            let what = format!("`{}` ends at {end} {unit}, but {most} may be bought", row.item.key);
            problems.of(&row.item.key, what, "Add the missing tier, or lower what may be chosen");
        }
        Some(_) => {}
        None => {
            let what = format!("`{}` ends at {end} {unit}, but use has no end", row.item.key);
            problems.of(&row.item.key, what, "Leave `up_to` of the last tier out, or add a tier");
        }
    }
}

/// The bands begin where an attack begins to cost and reach the highest cap on sale.
fn attack(shelf: Shelf<'_>, component: &Component, problems: &mut Problems) {
    let Meter::Attack { base, cap, mode, .. } = &component.meter else { return };
    for row in &component.prices {
        let Pricing::Band(bands) = &row.item.pricing else { continue };
        let first = bands.bands.first().map_or(0, |it| it.0);
        let from = match mode {
            AttackMode::ExcessOverBase => 0,
            AttackMode::AbsolutePeak => numbers_on_sale(shelf, row, base).into_iter().min().unwrap_or(first),
        };
        if from < first {
            let what = format!(
                "`{}` begins at {first} {}, but an attack costs from {from} on",
                row.item.key, bands.unit
            );
            problems.of(&row.item.key, what, "Add the missing band");
        }
        let most = numbers_on_sale(shelf, row, cap).into_iter().max().unwrap_or(0);
        if let Some(end) = bands.up_to.filter(|end| *end < most) {
            let what = format!("`{}` ends at {end} {}, but {most} may be bought", row.item.key, bands.unit);
            problems.of(&row.item.key, what, "Add the missing band, or lower what may be chosen");
        }
    }
}

/// The numbers of `option`, in Gbps, that are sold where `row` holds; in bits per second.
fn numbers_on_sale(shelf: Shelf<'_>, row: &PriceRow, option: &str) -> Vec<u128> {
    let numbers = shelf.product.option(option).map_or(Vec::new(), |it| numbers(&it.kind));
    let together = |number: &u64| {
        let keys = row.keys.iter().map(|it| Values { option: &it.0, values: it.1.clone() });
        let own = Values { option, values: vec![number.to_string()] };
        let all: Vec<Values<'_>> = keys.chain([own]).collect();
        combinations(&all).is_none_or(|all| all.iter().any(|it| shelf.sells(it)))
    };
    // Sixty-four bits of Gbps always fit into 128 bits of bits per second.
    numbers.into_iter().filter(together).map(|it| u128::from(it) * GBPS).collect()
}
