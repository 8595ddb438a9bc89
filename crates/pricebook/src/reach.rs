//! How far the prices reach: everything on sale has one, and the last tier or band ends no sooner.
//!
//! In:  a component with its prices, what its product offers. Out: problems at the place of the component or price.
//! Invariant: two prices for one choice were refused before, row by row; here only what is missing is looked for.
//! Rules: R-PRC-1, R-DDS-2, R-DDS-3, R-ORD-9.

use crate::Problems;
use crate::check::{choices, place};
use billing::book::{AttackMode, Book, Component, Conditions, Meter, OptionKind, Product};
use billing::price::{Pricing, Tiers};
use std::collections::{BTreeMap, BTreeSet};

const GBPS: u128 = 1_000_000_000;

/// Options and the value chosen for each.
type Chosen<'a> = BTreeMap<&'a str, String>;

/// More combinations than anybody sells, and few enough to look at each.
const MOST: usize = 200_000;

/// Every combination on sale of the options that choose a price has one.
pub(crate) fn coverage(book: &Book, product: &Product, component: &Component, problems: &mut Problems) {
    let at = place(product, component);
    let keys = component.prices.iter().flat_map(|it| it.keys.iter().map(|key| key.0.as_str()));
    let mut options: BTreeSet<&str> = keys.collect();
    for offer in &product.offers {
        if offer.columns.iter().any(|it| options.contains(it.as_str())) {
            options.extend(offer.columns.iter().map(String::as_str));
        }
    }
    if options.contains("zone") {
        options.insert("region");
    }
    let values = |option: &str| {
        let mut values = choices(book, product, option);
        if let Some((_, only)) = component.when.iter().find(|it| it.0 == option) {
            values.retain(|it| only.contains(it));
        }
        values
    };
    let ranges: Vec<(&str, Vec<String>)> = options.into_iter().map(|it| (it, values(it))).collect();
    let Some(all) = combinations(&ranges) else {
        problems.of(
            &at,
            format!("component `{}` is priced by too many options", component.id),
            "Use fewer key columns",
        );
        return;
    };
    let mut missing = all.iter().filter(|it| on_sale(book, product, it) && !priced(component, it));
    if let Some(first) = missing.next() {
        let text: Vec<String> = first.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let more = match missing.count() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let text = text.join(" ");
        let what =
            format!("component `{}` has no price for {text}{more}, although it is on sale", component.id);
        problems.of(&at, what, "Add the price, or take the combination from the offers");
    }
}

/// One value of each option, in every way. `None` when there are too many.
fn combinations<'a>(options: &[(&'a str, Vec<String>)]) -> Option<Vec<Chosen<'a>>> {
    let mut all: Vec<Chosen<'a>> = vec![BTreeMap::new()];
    for (option, values) in options.iter().filter(|it| !it.1.is_empty()) {
        if all.len().saturating_mul(values.len()) > MOST {
            return None;
        }
        let with = |base: &Chosen<'a>, value: &String| {
            let mut next = base.clone();
            next.insert(option, value.clone());
            next
        };
        all = all.iter().flat_map(|base| values.iter().map(move |it| with(base, it))).collect();
    }
    Some(all)
}

fn on_sale(book: &Book, product: &Product, chosen: &Chosen<'_>) -> bool {
    let offered = product.offers.iter().all(|offer| {
        let cells: Vec<Option<&String>> = offer.columns.iter().map(|it| chosen.get(it.as_str())).collect();
        offer
            .rows
            .iter()
            .any(|row| row.iter().zip(&cells).all(|(value, cell)| cell.is_none_or(|it| it == value)))
    });
    let at_home = match (chosen.get("region"), chosen.get("zone")) {
        (Some(region), Some(zone)) => {
            book.regions.iter().any(|it| it.id == *region && it.zones.contains(zone))
        }
        _ => true,
    };
    offered && at_home
}

fn priced(component: &Component, chosen: &Chosen<'_>) -> bool {
    let holds = |keys: &Conditions| {
        keys.iter().all(|(name, values)| chosen.get(name.as_str()).is_none_or(|it| values.contains(it)))
    };
    component.prices.iter().any(|row| holds(&row.keys))
}

/// The last tier or band reaches as far as may be bought or used.
pub(crate) fn ends(book: &Book, product: &Product, component: &Component, problems: &mut Problems) {
    if let Meter::Attack { .. } = &component.meter {
        return attack(book, product, component, problems);
    }
    let bought = match component.meter {
        Meter::Months | Meter::Once | Meter::Held | Meter::HeldHighest | Meter::HeldMean => {
            let most = component.quantity.option.as_ref().map_or(Some(component.quantity.fixed), |it| {
                product.option(it).and_then(|it| numbers(&it.kind).into_iter().max())
            });
            most.map(|it| it.saturating_sub(component.quantity.less))
        }
        _ => None,
    };
    for row in &component.prices {
        let (end, unit) = match &row.item.pricing {
            Pricing::Graduated(Tiers { up_to: Some(end), per, .. })
            | Pricing::Volume(Tiers { up_to: Some(end), per, .. }) => (*end, per.unit),
            _ => continue,
        };
        match bought {
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
}

/// The bands begin where an attack begins to cost and reach the highest cap on sale.
fn attack(book: &Book, product: &Product, component: &Component, problems: &mut Problems) {
    let Meter::Attack { base, cap, mode, .. } = &component.meter else { return };
    for row in &component.prices {
        let Pricing::Band(bands) = &row.item.pricing else { continue };
        let keys: Vec<(&str, Vec<String>)> =
            row.keys.iter().map(|it| (it.0.as_str(), it.1.clone())).collect();
        let sold = |option: &str| -> Vec<u128> {
            let numbers = product.option(option).map(|it| numbers(&it.kind)).unwrap_or_default();
            let together = |number: &u128| {
                let mut keys = keys.clone();
                keys.push((option, vec![number.to_string()]));
                combinations(&keys).is_none_or(|all| all.iter().any(|it| on_sale(book, product, it)))
            };
            numbers.into_iter().filter(together).map(|it| it.saturating_mul(GBPS)).collect()
        };
        let first = bands.bands.first().map_or(0, |it| it.0);
        let begins = match mode {
            AttackMode::ExcessOverBase => 0,
            AttackMode::AbsolutePeak => sold(base).into_iter().min().unwrap_or(first),
        };
        if begins < first {
            let what = format!(
                "`{}` begins at {first} {}, but an attack costs from {begins} on",
                row.item.key, bands.unit
            );
            problems.of(&row.item.key, what, "Add the missing band");
        }
        let most = sold(cap).into_iter().max().unwrap_or(0);
        if let Some(end) = bands.up_to.filter(|end| *end < most) {
            let what = format!("`{}` ends at {end} {}, but {most} may be bought", row.item.key, bands.unit);
            problems.of(&row.item.key, what, "Add the missing band, or lower what may be chosen");
        }
    }
}

/// The numbers that bound an option: both ends of a range, or its choices.
fn numbers(kind: &OptionKind) -> Vec<u128> {
    match kind {
        OptionKind::Range { from, to, .. } => vec![(*from).into(), (*to).into()],
        OptionKind::Choice(values) => {
            values.iter().filter_map(|it| it.parse::<u64>().ok()).map(u128::from).collect()
        }
        OptionKind::Region | OptionKind::Zone | OptionKind::Spec(_) => Vec::new(),
    }
}
