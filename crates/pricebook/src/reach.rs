//! How far the prices reach: everything on sale has one, and the last tier or band ends no sooner.
//!
//! In:  a component with its prices, what its product offers. Out: problems at the place of the component or price.
//! Invariant: two prices for one choice were refused before, row by row; here only what is missing is looked for.
//! Rules: R-PRC-1, R-DDS-2, R-DDS-3, R-ORD-9.

use crate::lookup::Lookup;
use crate::problem::Problems;
use crate::sale::{OnSale, Values, combinations};
use crate::shelf::{Shelf, numbers};
use billing::book::{AttackMode, Component, Meter, PriceRow};
use billing::meter::Reach;
use billing::price::{Pricing, Tiers};
use std::collections::{BTreeMap, BTreeSet, HashSet};

const GBPS: u128 = 1_000_000_000;

/// Every combination on sale of the options that choose a price has one.
pub(crate) fn coverage(shelf: Shelf<'_>, component: &Component, problems: &mut Problems) {
    let at = shelf.place(component);
    let Some(missing) = missing(shelf, component) else {
        let what = format!("component `{}` is priced by too many options", component.id);
        problems.of(&at, what, "Use fewer key columns, or fewer values in one cell");
        return;
    };
    if let Some(choice) = missing {
        let what = format!("component `{}` has no price for {choice}, although it is on sale", component.id);
        problems.of(&at, what, "Add the price, or take the combination from the offers");
    }
}

/// What is on sale without a price, in words. `None` when there are too many combinations to look at.
fn missing(shelf: Shelf<'_>, component: &Component) -> Option<Option<String>> {
    let all = options(shelf, component).into_iter().map(|it| values(shelf, component, it));
    let values: Vec<Values<'_>> = all.filter(|it| !it.values.is_empty()).collect();
    let options: Vec<&str> = values.iter().map(|it| it.option).collect();
    let on_sale = OnSale::new(shelf, &options);
    let prices = Lookup::new(&component.prices, |it| options.contains(&it))?;
    let has_price = |chosen: &[&str]| {
        // Every option that counts for a price is one of `options`, and has a value then.
        prices.has(|name| options.iter().zip(chosen).find(|it| *it.0 == name).map_or("", |it| it.1))
    };
    let mut missing = combinations(&values)?.filter(|it| on_sale.sells(it) && !has_price(it));
    let Some(first) = missing.next() else { return Some(None) };
    Some(Some(sentence(&options, &first, missing.count())))
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
fn values<'a>(shelf: Shelf<'a>, component: &Component, option: &'a str) -> Values<'a> {
    let mut values = shelf.choices(option).to_vec();
    if let Some((_, only)) = component.when.iter().find(|it| it.0 == option) {
        let only: HashSet<&str> = only.iter().map(String::as_str).collect();
        values.retain(|it| only.contains(it));
    }
    Values { option, values }
}

/// A choice in words, and how many others there are.
fn sentence(options: &[&str], chosen: &[&str], others: usize) -> String {
    let text: Vec<String> =
        options.iter().zip(chosen).map(|(name, value)| format!("{name}={value}")).collect();
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

/// The bands begin where an attack begins to cost, and reach as far as one can cost.
fn attack(shelf: Shelf<'_>, component: &Component, problems: &mut Problems) {
    let Meter::Attack { base, cap, mode, .. } = &component.meter else { return };
    let mut sales = BTreeMap::new();
    for row in &component.prices {
        let Pricing::Band(bands) = &row.item.pricing else { continue };
        let protections = protections(shelf, row, [base, cap], &mut sales);
        // Whoever has more base than cap is never charged.
        let charged = protections.iter().filter(|it| it.cap > it.base);
        let spans = charged.map(|it| match mode {
            AttackMode::ExcessOverBase => (0, it.cap - it.base),
            AttackMode::AbsolutePeak => (it.base, it.cap),
        });
        let Some((from, most)) = spans.reduce(|one, it| (one.0.min(it.0), one.1.max(it.1))) else { continue };
        let (key, unit, first) = (&row.item.key, bands.unit, bands.bands.first().map_or(0, |it| it.0));
        if from < first {
            let what = format!("`{key}` begins at {first} {unit}, but an attack costs from {from} on");
            problems.of(key, what, "Add the missing band");
        }
        if let Some(end) = bands.up_to.filter(|end| *end < most) {
            let what = format!("`{key}` ends at {end} {unit}, but {most} may be charged");
            problems.of(key, what, "Add the missing band, or lower what may be chosen");
        }
    }
}

/// What protects a resource, in bits per second.
struct Protection {
    base: u128,
    cap: u128,
}

/// Base and cap, each an option in Gbps, as they are sold together where `row` holds.
fn protections<'a>(
    shelf: Shelf<'a>,
    row: &PriceRow,
    options: [&String; 2],
    sales: &mut BTreeMap<Vec<String>, OnSale<'a>>,
) -> Vec<Protection> {
    let numbers = options.map(|it| {
        let numbers = shelf.product.option(it).map_or(Vec::new(), |it| numbers(&it.kind));
        numbers.iter().map(ToString::to_string).collect::<Vec<_>>()
    });
    let mut values: Vec<Values<'_>> = row.keys.iter().map(|it| Values::of(&it.0, &it.1)).collect();
    for (option, numbers) in options.into_iter().zip(&numbers) {
        if !values.iter().any(|it| it.option == option) {
            values.push(Values::of(option, numbers));
        }
    }
    let names: Vec<&str> = values.iter().map(|it| it.option).collect();
    let [base, cap] = options.map(|name| names.iter().position(|it| it == name));
    let key = names.iter().map(ToString::to_string).collect();
    let on_sale = &*sales.entry(key).or_insert_with(|| OnSale::new(shelf, &names));
    // Sixty-four bits of Gbps always fit into 128 bits of bits per second.
    let rate = |chosen: &[&str], at: Option<usize>| Some(u128::from(chosen[at?].parse::<u64>().ok()?) * GBPS);
    let protection = |it: Vec<&str>| Some(Protection { base: rate(&it, base)?, cap: rate(&it, cap)? });
    let all = combinations(&values).into_iter().flatten();
    all.filter(|it| on_sale.sells(it)).filter_map(protection).collect()
}
