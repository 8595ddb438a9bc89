//! What holds between the parts of a book: everything on sale has one price, nothing refers to nothing.

use crate::Problems;
use billing::book::{Book, Component, Conditions, Meter, OptionKind, Product};
use billing::price::Pricing;
use std::collections::{BTreeMap, BTreeSet};
use units::Unit;

pub(crate) fn book(book: &Book, problems: &mut Problems) {
    let families: BTreeSet<&str> = book.products.iter().filter_map(|it| it.pack.as_ref()).map(|it| it.family.as_str()).collect();
    let mut zones = BTreeSet::new();
    for zone in book.regions.iter().flat_map(|it| &it.zones) {
        if !zones.insert(zone) {
            problems.add(("book.toml", 1), format!("two regions have a zone `{zone}`"), "Give each zone its own name");
        }
    }
    for product in &book.products {
        let file = format!("products/{}.toml", product.id);
        for component in &product.components {
            references(book, product, component, &families, &file, problems);
            coverage(book, product, component, &file, problems);
            reach(product, component, &file, problems);
        }
        packs(product, &file, problems);
    }
}

fn references(book: &Book, product: &Product, component: &Component, families: &BTreeSet<&str>, file: &str, problems: &mut Problems) {
    let at = (file, 1);
    for row in &component.prices {
        if let Some(table) = row.item.discount.as_ref().filter(|it| !book.discounts.contains_key(*it)) {
            let known: Vec<&str> = book.discounts.keys().map(String::as_str).collect();
            let what = format!("`{}` names discount table `{table}`, which book.toml does not have", row.item.key);
            problems.add(at, what, format!("It has: {}", known.join(", ")));
        }
        for (option, values) in &row.keys {
            let choices = choices(book, product, option);
            for value in values.iter().filter(|it| !choices.is_empty() && !choices.contains(it)) {
                let what = format!("`{}` is a price for {option}={value}, which cannot be chosen", row.item.key);
                problems.add(at, what, format!("Choices are: {}", choices.join(", ")));
            }
        }
    }
    if let Some(family) = component.pack.as_ref().filter(|it| !families.contains(it.as_str())) {
        problems.add(at, format!("no product is a pack of family `{family}`"), "Add one, or leave `pack` out");
    }
    for (option, values) in &component.when {
        let choices = choices(book, product, option);
        for value in values.iter().filter(|it| !choices.is_empty() && !choices.contains(it)) {
            let what = format!("component `{}` is for {option}={value}, which cannot be chosen", component.id);
            problems.add(at, what, format!("Choices are: {}", choices.join(", ")));
        }
    }
}

/// The values that an option may have; empty for a range.
fn choices(book: &Book, product: &Product, option: &str) -> Vec<String> {
    match product.option(option).map(|it| &it.kind) {
        Some(OptionKind::Region) => book.regions.iter().map(|it| it.id.clone()).collect(),
        Some(OptionKind::Zone) => book.regions.iter().flat_map(|it| it.zones.clone()).collect(),
        Some(OptionKind::Choice(values) | OptionKind::Spec(values)) => values.clone(),
        Some(OptionKind::Range { .. }) | None => Vec::new(),
    }
}

/// Every combination on sale of the options that choose a price has one.
fn coverage(book: &Book, product: &Product, component: &Component, file: &str, problems: &mut Problems) {
    let mut options: BTreeSet<&str> = component.prices.iter().flat_map(|it| it.keys.iter().map(|key| key.0.as_str())).collect();
    let related = |columns: &[String], options: &BTreeSet<&str>| columns.iter().any(|it| options.contains(it.as_str()));
    for offer in &product.offers {
        if related(&offer.columns, &options) {
            options.extend(offer.columns.iter().map(String::as_str));
        }
    }
    if options.contains("zone") {
        options.insert("region");
    }
    let mut combinations: Vec<BTreeMap<&str, String>> = vec![BTreeMap::new()];
    for option in &options {
        let mut values = choices(book, product, option);
        if let Some((_, only)) = component.when.iter().find(|it| it.0 == *option) {
            values.retain(|it| only.contains(it));
        }
        if values.is_empty() {
            continue;
        }
        let mut longer = Vec::with_capacity(combinations.len() * values.len());
        for base in &combinations {
            for value in &values {
                let mut next = base.clone();
                next.insert(option, value.clone());
                longer.push(next);
            }
        }
        combinations = longer;
        if combinations.len() > 200_000 {
            problems.add((file, 1), format!("component `{}` is priced by too many options", component.id), "Use fewer key columns");
            return;
        }
    }
    let mut missing = combinations.iter().filter(|it| on_sale(book, product, it) && !priced(component, it));
    if let Some(first) = missing.next() {
        let text: Vec<String> = first.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let more = match missing.count() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let what = format!("component `{}` has no price for {}{more}, although it is on sale", component.id, text.join(" "));
        problems.add((file, 1), what, "Add the price, or take the combination from the offers");
    }
}

fn on_sale(book: &Book, product: &Product, chosen: &BTreeMap<&str, String>) -> bool {
    let offered = product.offers.iter().all(|offer| {
        let cells: Vec<Option<&String>> = offer.columns.iter().map(|it| chosen.get(it.as_str())).collect();
        offer.rows.iter().any(|row| row.iter().zip(&cells).all(|(value, cell)| cell.is_none_or(|it| it == value)))
    });
    let at_home = match (chosen.get("region"), chosen.get("zone")) {
        (Some(region), Some(zone)) => book.regions.iter().any(|it| it.id == *region && it.zones.contains(zone)),
        _ => true,
    };
    offered && at_home
}

fn priced(component: &Component, chosen: &BTreeMap<&str, String>) -> bool {
    let holds = |keys: &Conditions| keys.iter().all(|(name, values)| chosen.get(name.as_str()).is_none_or(|it| values.contains(it)));
    component.prices.iter().any(|row| holds(&row.keys))
}

/// The last tier or band reaches as far as may be bought.
fn reach(product: &Product, component: &Component, file: &str, problems: &mut Problems) {
    let most = match (&component.meter, &component.quantity.option) {
        (Meter::Attack { cap, .. }, _) => product.option(cap).and_then(|it| largest(&it.kind)).map(|it| it * 1_000_000_000),
        (_, Some(option)) => product.option(option).and_then(|it| largest(&it.kind)).map(|it| it.saturating_sub(component.quantity.less)),
        _ => None,
    };
    let Some(most) = most else { return };
    for row in &component.prices {
        let (up_to, unit) = match &row.item.pricing {
            Pricing::Graduated(tiers) | Pricing::Volume(tiers) => (tiers.up_to, tiers.per.unit),
            Pricing::Band(bands) => (bands.up_to, bands.unit),
            Pricing::PerUnit(_) | Pricing::Package { .. } | Pricing::Percentage(_) => (None, Unit::Piece),
        };
        // An instance is bought with a cap that its offers allow; a line with lower caps says so there.
        let limited = matches!(component.meter, Meter::Attack { .. }) && !product.offers.is_empty();
        if let Some(end) = up_to.filter(|end| *end < most && !limited) {
            let what = format!("`{}` ends at {end} {unit}, but {most} may be bought", row.item.key);
            problems.add((file, 1), what, "Add the missing band, or lower what may be chosen");
        }
    }
}

fn largest(kind: &OptionKind) -> Option<u128> {
    match kind {
        OptionKind::Range { to, .. } => Some((*to).into()),
        OptionKind::Choice(values) => values.iter().filter_map(|it| it.parse().ok()).max(),
        OptionKind::Region | OptionKind::Zone | OptionKind::Spec(_) => None,
    }
}

fn packs(product: &Product, file: &str, problems: &mut Problems) {
    let Some(rule) = &product.pack else { return };
    let named = [Some(&rule.hours), rule.spec.as_ref(), rule.size.as_ref()];
    for option in named.into_iter().flatten().filter(|it| product.option(it).is_none()) {
        problems.add((file, 1), format!("the pack names option `{option}`, which the product does not have"), "Add the option or mend the name");
    }
    if rule.notices_percent.iter().any(|it| *it == 0 || *it >= 100) {
        problems.add((file, 1), "a notice is due at a share between 0 and 100 percent", "Write notices = [20, 5]");
    }
}
