//! What holds between the parts of a book: nothing refers to nothing, and every meter has a price in its unit.
//!
//! In:  a book whose files could be read. Out: problems, each with the place of what it is about.
//! Invariant: a book that passes can be resolved for every choice on sale; `reach` checks the prices.
//! Rules: R-PRC-1, R-ORD-8, R-ORD-9, R-PKG-1.

use crate::{Problems, reach};
use billing::book::{Book, Component, Conditions, Meter, OptionKind, OptionRule, Product};
use billing::price::Pricing;
use std::collections::BTreeSet;
use units::Unit;

pub(crate) fn book(book: &Book, problems: &mut Problems) {
    for product in &book.products {
        names(product, problems);
        for option in &product.options {
            option_rule(book, product, option, problems);
        }
        limits(book, product, problems);
        pack(book, product, problems);
        for component in &product.components {
            references(book, product, component, problems);
            counts(product, component, problems);
            unit(product, component, problems);
            reach::coverage(book, product, component, problems);
            reach::ends(book, product, component, problems);
        }
    }
}

/// How a component is found again by `Problems::of`.
pub(crate) fn place(product: &Product, component: &Component) -> String {
    format!("component {}/{}", product.id, component.id)
}

fn names(product: &Product, problems: &mut Problems) {
    let options = product.options.iter().map(|it| ("option", &it.name));
    let mut seen = BTreeSet::new();
    for (kind, name) in options.chain(product.components.iter().map(|it| ("component", &it.id))) {
        if !seen.insert((kind, name)) {
            problems.of(&product.id, format!("there are two {kind}s `{name}`"), "Give each its own name");
        }
    }
}

fn option_rule(book: &Book, product: &Product, option: &OptionRule, problems: &mut Problems) {
    let at = format!("{} {}", product.id, option.name);
    let name = format!("option `{}`", option.name);
    conditions(book, product, (&at, &name), &option.when, problems);
    if let Some(other) = option.at_least.as_ref().filter(|it| product.option(it).is_none()) {
        let what = format!("{name} is not below `{other}`, which the product does not have");
        problems.of(&at, what, "Add the option or mend the name");
    }
    // Options are asked in the order of the file, so what one depends on is asked before it.
    let place = |name: &str| product.options.iter().position(|it| it.name == name);
    for other in option.when.iter().map(|it| &it.0).chain(&option.at_least) {
        if place(other) >= place(&option.name) && place(other).is_some() {
            let what = format!("{name} depends on `{other}`, which is asked after it");
            problems.of(&at, what, "Name the other option before");
        }
    }
    let Some(default) = &option.default else { return };
    let allowed = match &option.kind {
        OptionKind::Range { from, to, step, .. } => {
            let number = default.parse::<u64>().ok().filter(|it| it >= from && it <= to);
            number.is_some_and(|it| (it - from).is_multiple_of((*step).max(1)))
        }
        _ => choices(book, product, &option.name).contains(default),
    };
    if !allowed {
        problems.of(
            &at,
            format!("{name} cannot be its default {default}"),
            "Write a default that can be chosen",
        );
    }
}

fn limits(book: &Book, product: &Product, problems: &mut Problems) {
    for (when, months) in &product.limits.least_months {
        let at = format!("{} least {months}", product.id);
        conditions(book, product, (&at, "a limit of months"), when, problems);
    }
    let monthly = product.components.iter().any(|it| it.meter == Meter::Months);
    if monthly && product.limits.months.is_empty() {
        problems.of(
            &product.id,
            "it is paid by the month, but no number of months is on sale",
            "Write months = [1, 12]",
        );
    }
}

fn pack(book: &Book, product: &Product, problems: &mut Problems) {
    let Some(rule) = &product.pack else { return };
    for option in [Some(&rule.hours), rule.spec.as_ref(), rule.size.as_ref()].into_iter().flatten() {
        if product.option(option).is_none() {
            let what = format!("the pack names option `{option}`, which the product does not have");
            problems.of(&product.id, what, "Add the option or mend the name");
        }
    }
    for option in [Some(&rule.hours), rule.size.as_ref()].into_iter().flatten() {
        if product.option(option).is_some_and(|it| !is_number(&it.kind)) {
            problems.of(
                &product.id,
                format!("the pack counts option `{option}`, which is not a number"),
                "Let its choices be numbers",
            );
        }
    }
    let mut components = book.products.iter().flat_map(|it| &it.components);
    if !components.any(|it| it.pack.as_ref() == Some(&rule.family)) {
        let what = format!("nothing is covered by packs of family `{}`", rule.family);
        problems.of(&product.id, what, "Name the family in `pack` of a component");
    }
    if rule.notices_percent.iter().any(|it| *it == 0 || *it >= 100) {
        problems.of(
            &product.id,
            "a notice is due at a share between 0 and 100 percent",
            "Write notices = [20, 5]",
        );
    }
}

fn references(book: &Book, product: &Product, component: &Component, problems: &mut Problems) {
    let at = place(product, component);
    conditions(book, product, (&at, &format!("component `{}`", component.id)), &component.when, problems);
    for row in &component.prices {
        if let Some(table) = row.item.discount.as_ref().filter(|it| !book.discounts.contains_key(*it)) {
            let known: Vec<&str> = book.discounts.keys().map(String::as_str).collect();
            let what =
                format!("`{}` names discount table `{table}`, which book.toml does not have", row.item.key);
            problems.of(&row.item.key, what, format!("It has: {}", known.join(", ")));
        }
        conditions(
            book,
            product,
            (&row.item.key, &format!("the price `{}`", row.item.key)),
            &row.keys,
            problems,
        );
    }
    let mut families = book.products.iter().filter_map(|it| it.pack.as_ref());
    if let Some(family) = &component.pack
        && !families.any(|it| it.family == *family)
    {
        problems.of(
            &at,
            format!("no product is a pack of family `{family}`"),
            "Add one, or leave `pack` out",
        );
    }
}

/// Every option is one of the product, and every value one that can be chosen.
fn conditions(
    book: &Book,
    product: &Product,
    (at, name): (&str, &str),
    conditions: &Conditions,
    problems: &mut Problems,
) {
    for (option, values) in conditions {
        if product.option(option).is_none() {
            let known: Vec<&str> = product.options.iter().map(|it| it.name.as_str()).collect();
            let what = format!("{name} names option `{option}`, which {} does not have", product.id);
            problems.of(at, what, format!("Its options are: {}", known.join(", ")));
            continue;
        }
        let choices = choices(book, product, option);
        for value in values.iter().filter(|it| !choices.is_empty() && !choices.contains(it)) {
            let what = format!("{name} is for {option}={value}, which cannot be chosen");
            problems.of(at, what, format!("Choices are: {}", choices.join(", ")));
        }
    }
}

/// What is counted is a number, and like what chooses the price it is there whenever the component is.
fn counts(product: &Product, component: &Component, problems: &mut Problems) {
    let at = place(product, component);
    let mut numbers: Vec<&String> = component.quantity.option.iter().collect();
    if let Meter::Attack { base, cap, .. } = &component.meter {
        numbers.extend([base, cap]);
    }
    let keys = component.prices.iter().flat_map(|row| row.keys.iter().map(|it| &it.0));
    let used: BTreeSet<&String> = keys.chain(numbers.iter().copied()).collect();
    for option in numbers {
        if product.option(option).is_some_and(|it| !is_number(&it.kind)) {
            let what =
                format!("component `{}` counts option `{option}`, which is not a number", component.id);
            problems.of(&at, what, "Make it a range, or let its choices be numbers");
        }
    }
    let implied = |(name, values): &(String, Vec<String>)| {
        let mine = component.when.iter().find(|it| it.0 == *name);
        mine.is_some_and(|it| it.1.iter().all(|value| values.contains(value)))
    };
    for rule in used.into_iter().filter_map(|it| product.option(it)).filter(|it| !it.when.iter().all(implied))
    {
        let what = format!(
            "component `{}` needs option `{}`, which is not always asked for",
            component.id, rule.name
        );
        problems.of(&at, what, "Give the component the same `when`");
    }
}

/// The unit that a meter counts in is the unit that its price is for.
fn unit(product: &Product, component: &Component, problems: &mut Problems) {
    let own = component.quantity.unit;
    let counted = match &component.meter {
        Meter::Months
        | Meter::Once
        | Meter::Held
        | Meter::HeldHighest
        | Meter::HeldMean
        | Meter::Sum { .. } => own,
        Meter::HeldSum | Meter::Clock => own.seconds(),
        Meter::Events { .. } => Unit::ValueE8,
        Meter::VolumeAbove { .. } => Unit::Byte,
        Meter::Attack { .. }
        | Meter::PeakAbove { .. }
        | Meter::Percentile { .. }
        | Meter::TopMean { .. }
        | Meter::DayPeaks { .. } => Unit::BitPerSecond,
    };
    for row in &component.prices {
        let priced = match &row.item.pricing {
            Pricing::PerUnit(price) => price.per.unit,
            Pricing::Graduated(tiers) | Pricing::Volume(tiers) => tiers.per.unit,
            Pricing::Package { size, .. } => size.unit,
            Pricing::Percentage(_) => Unit::ValueE8,
            Pricing::Band(bands) => bands.unit,
        };
        if priced != counted {
            let what = format!("`{}` is a price of {priced}, but {counted} is counted", row.item.key);
            problems.of(
                &place(product, component),
                what,
                format!("Write unit = \"{counted}\", or another meter or `per`"),
            );
            return;
        }
    }
}

/// The values that an option may have; empty for a range.
pub(crate) fn choices(book: &Book, product: &Product, option: &str) -> Vec<String> {
    match product.option(option).map(|it| &it.kind) {
        Some(OptionKind::Region) => book.regions.iter().map(|it| it.id.clone()).collect(),
        Some(OptionKind::Zone) => book.regions.iter().flat_map(|it| it.zones.clone()).collect(),
        Some(OptionKind::Choice(values) | OptionKind::Spec(values)) => values.clone(),
        Some(OptionKind::Range { .. }) | None => Vec::new(),
    }
}

fn is_number(kind: &OptionKind) -> bool {
    match kind {
        OptionKind::Range { .. } => true,
        OptionKind::Choice(values) => values.iter().all(|it| it.parse::<u64>().is_ok()),
        OptionKind::Region | OptionKind::Zone | OptionKind::Spec(_) => false,
    }
}
