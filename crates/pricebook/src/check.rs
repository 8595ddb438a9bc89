//! What holds between the parts of a book: nothing refers to nothing, and every meter has a price in its unit.
//!
//! In:  a book whose files could be read. Out: problems, each with the place of what it is about.
//! Invariant: a book that passes can be resolved for every choice on sale; `reach` checks the prices.
//! Rules: R-PRC-1, R-PRC-24, R-PRC-25, R-ORD-8, R-ORD-9, R-PKG-1.

use crate::check_look;
use crate::format::Format;
use crate::problem::Problems;
use crate::reach;
use crate::shelf::{self, Shelf, some_of};
use billing::book::{
    Book, Component, Conditions, Meter, OptionKind, OptionRule, PackRule, PriceRow, Product,
};
use billing::price::Pricing;
use billing::refund::rule::RefundRest;
use billing::resource::State;
use std::collections::BTreeSet;
use units::Unit;

/// Adds a problem for everything that does not hold.
pub(crate) fn book(book: &Book, _format: Format, problems: &mut Problems) {
    for product in &book.products {
        let menu = shelf::menu(book, product);
        let shelf = Shelf { book, product, menu: &menu };
        names(product, problems);
        for it in &product.options {
            option(shelf, it, problems);
        }
        limits(shelf, problems);
        if let Some(rule) = &product.pack {
            pack(shelf, rule, problems);
        }
        refund(shelf, problems);
        conversion(shelf, problems);
        switch(shelf, problems);
        raised_for_days(shelf, problems);
        for it in &product.components {
            component(shelf, it, problems);
        }
    }
}

fn names(product: &Product, problems: &mut Problems) {
    let options = product.options.iter().map(|it| ("option", &it.name));
    let mut names = BTreeSet::new();
    for (kind, name) in options.chain(product.components.iter().map(|it| ("component", &it.id))) {
        if !names.insert((kind, name)) {
            problems.of(&product.id, format!("there are two {kind}s `{name}`"), "Give each its own name");
        }
    }
}

/// What a condition belongs to: how its place is found, and its name in a sentence.
struct Subject<'a> {
    thing: &'a str,
    name: &'a str,
}

fn option(shelf: Shelf<'_>, option: &OptionRule, problems: &mut Problems) {
    let thing = format!("{} {}", shelf.product.id, option.name);
    let name = format!("option `{}`", option.name);
    let subject = Subject { thing: &thing, name: &name };
    conditions(shelf, &subject, &option.when, problems);
    if let Some(other) = option.at_least.as_ref().filter(|it| shelf.product.option(it).is_none()) {
        let what = format!("{name} is not below `{other}`, which the product does not have");
        problems.of(&thing, what, "Add the option or mend the name");
    }
    option_order(shelf, &subject, option, problems);
    if let Some(default) = option.default.as_ref().filter(|it| !can_be(shelf, option, it)) {
        let what = format!("{name} cannot be its default {default}");
        problems.of(&thing, what, "Write a default that can be chosen");
    }
    check_look::option(shelf, option, |it| can_be(shelf, option, it), problems);
}

/// Options are asked in the order of the file, so what one depends on is asked before it.
fn option_order(shelf: Shelf<'_>, subject: &Subject<'_>, option: &OptionRule, problems: &mut Problems) {
    let position = |name: &str| shelf.product.options.iter().position(|it| it.name == name);
    for other in option.when.iter().map(|it| &it.0).chain(&option.at_least) {
        if position(other) >= position(&option.name) && position(other).is_some() {
            let what = format!("{} depends on `{other}`, which is asked after it", subject.name);
            problems.of(subject.thing, what, "Name the other option before");
        }
    }
}

/// Whether `option` may have the value.
fn can_be(shelf: Shelf<'_>, option: &OptionRule, value: &str) -> bool {
    match &option.kind {
        OptionKind::Range { from, to, step, .. } => {
            let number = value.parse::<u64>().ok().filter(|it| it >= from && it <= to);
            number.is_some_and(|it| (it - from).is_multiple_of(*step))
        }
        OptionKind::Region | OptionKind::Zone | OptionKind::Choice(_) | OptionKind::Spec(_) => {
            shelf.menu.get(option.name.as_str()).is_some_and(|it| it.has(value))
        }
    }
}

fn limits(shelf: Shelf<'_>, problems: &mut Problems) {
    let product = shelf.product;
    for (when, months) in &product.limits.least_months {
        let thing = format!("{} least {months}", product.id);
        conditions(shelf, &Subject { thing: &thing, name: "a limit of months" }, when, problems);
    }
    let monthly = product.components.iter().any(|it| it.meter == Meter::Months);
    if monthly && product.limits.months.is_empty() {
        let what = "it is paid by the month, but no number of months is on sale";
        problems.of(&product.id, what, "Write months = [1, 12]");
    }
}

/// What it is paid by while it is used is something that can be chosen; packs go back unused, and nothing else does.
fn refund(shelf: Shelf<'_>, problems: &mut Problems) {
    let Some(rule) = &shelf.product.refund else { return };
    if let RefundRest::Used(used) = &rule.rest {
        for (name, value) in &used.options {
            let there = shelf.product.option(name);
            if !there.is_some_and(|it| can_be(shelf, it, value)) {
                let what = format!("a refund counts use with {name} = {value}, which cannot be chosen");
                problems.of(&shelf.product.id, what, "Name an option and a value of it in `used_as`");
            }
        }
    }
    if (rule.rest == RefundRest::Unused) != shelf.product.pack.is_some() {
        let what = "rest = \"unused\" is for packs, and packs are refunded by nothing else";
        problems.of(&shelf.product.id, what, "Write rest = \"unused\" for a pack, another word for all else");
    }
}

/// What it becomes can be chosen, and what it does not go with too; something is paid by the month then.
fn conversion(shelf: Shelf<'_>, problems: &mut Problems) {
    let (product, Some(rule)) = (shelf.product, &shelf.product.conversion) else { return };
    let subject = Subject { thing: &product.id, name: "a conversion" };
    conditions(shelf, &subject, &rule.except, problems);
    let becomes: Conditions = rule.options.iter().map(|it| (it.0.clone(), vec![it.1.clone()])).collect();
    conditions(shelf, &subject, &becomes, problems);
    if !product.components.iter().any(|it| it.meter == Meter::Months) {
        let what = "a conversion leads to nothing that is paid by the month";
        problems.of(&product.id, what, "Leave `conversion` out, or sell it by the month");
    }
    if let Some(back) = &rule.by_use {
        let becomes: Conditions = back.iter().map(|it| (it.0.clone(), vec![it.1.clone()])).collect();
        conditions(shelf, &subject, &becomes, problems);
        let rest = product.refund.as_ref().map(|it| &it.rest);
        if !matches!(rest, Some(RefundRest::Used(_))) {
            let what = "a conversion by `by_use_as` gives back what was not used, and no refund counts use";
            problems.of(&product.id, what, "Write rest = \"used\" under `refund`, or leave `by_use_as` out");
        }
    }
}

/// Both modes can be chosen; one is paid by the month, and what was used of it is worth something. Source: R-NET-4, R-NET-5.
fn switch(shelf: Shelf<'_>, problems: &mut Problems) {
    let (product, Some(rule)) = (shelf.product, &shelf.product.switch) else { return };
    let subject = Subject { thing: &product.id, name: "a switch" };
    let modes = vec![(rule.option.clone(), vec![rule.prepaid.clone(), rule.by_use.clone()])];
    conditions(shelf, &subject, &modes, problems);
    let is_for = |it: &Component, value: &str| {
        it.when.iter().all(|(option, values)| *option != rule.option || values.iter().any(|one| one == value))
    };
    let is_paid_ahead =
        |it: &Component| it.meter == Meter::Months && is_for(it, &rule.prepaid) && !is_for(it, &rule.by_use);
    if !product.components.iter().any(is_paid_ahead) {
        let what = format!("with {} = {} nothing more is paid by the month", rule.option, rule.prepaid);
        problems.of(&product.id, what, "Name the value with which it is paid ahead in `prepaid`");
    }
    if !matches!(product.refund.as_ref().map(|it| &it.rest), Some(RefundRest::Used(_))) {
        let what = "a switch gives back what was paid less what was used, and its product does not say how";
        problems.of(&product.id, what, "Write a [refund] with rest = \"used\", or leave `switch` out");
    }
}

/// What is raised for some days is a number. Source: R-NET-3.
fn raised_for_days(shelf: Shelf<'_>, problems: &mut Problems) {
    let product = shelf.product;
    for name in &product.raised_for_days {
        if !product.option(name).is_some_and(|it| is_number(&it.kind)) {
            let what = format!("`{name}` is raised for some days, and is no option that is a number");
            problems.of(&product.id, what, "Name options whose values are numbers in `raised_for_days`");
        }
    }
}

fn pack(shelf: Shelf<'_>, rule: &PackRule, problems: &mut Problems) {
    pack_options(shelf.product, rule, problems);
    let mut components = shelf.book.products.iter().flat_map(|it| &it.components);
    if !components.any(|it| it.pack.as_ref() == Some(&rule.family)) {
        let what = format!("nothing is covered by packs of family `{}`", rule.family);
        problems.of(&shelf.product.id, what, "Name the family in `pack` of a component");
    }
    if rule.notices_percent.iter().any(|it| *it == 0 || *it >= 100) {
        let what = "a notice is due at a share between 0 and 100 percent";
        problems.of(&shelf.product.id, what, "Write notices = [20, 5]");
    }
}

/// The options that a pack names are there, and those that it counts are numbers.
fn pack_options(product: &Product, rule: &PackRule, problems: &mut Problems) {
    for option in [Some(&rule.hours), rule.spec.as_ref(), rule.size.as_ref()].into_iter().flatten() {
        if product.option(option).is_none() {
            let what = format!("the pack names option `{option}`, which the product does not have");
            problems.of(&product.id, what, "Add the option or mend the name");
        }
    }
    for option in [Some(&rule.hours), rule.size.as_ref()].into_iter().flatten() {
        if product.option(option).is_some_and(|it| !is_number(&it.kind)) {
            let what = format!("the pack counts option `{option}`, which is not a number");
            problems.of(&product.id, what, "Let its choices be numbers");
        }
    }
}

fn component(shelf: Shelf<'_>, component: &Component, problems: &mut Problems) {
    let thing = shelf.place(component);
    let subject = Subject { thing: &thing, name: &format!("component `{}`", component.id) };
    conditions(shelf, &subject, &component.when, problems);
    for row in &component.prices {
        price(shelf, row, problems);
    }
    family(shelf, component, problems);
    numbers(shelf, component, problems);
    always_chosen(shelf, component, problems);
    unit(shelf, component, problems);
    month_clock(shelf, component, problems);
    free_tier(shelf, component, problems);
    reach::coverage(shelf, component, problems);
    reach::ends(shelf, component, problems);
}

fn price(shelf: Shelf<'_>, row: &PriceRow, problems: &mut Problems) {
    let (book, key) = (shelf.book, &row.item.key);
    if let Some(table) = row.item.discount.as_ref().filter(|it| !book.discounts.contains_key(*it)) {
        let known: Vec<&str> = book.discounts.keys().map(String::as_str).collect();
        let what = format!("`{key}` names discount table `{table}`, which book.toml does not have");
        problems.of(key, what, format!("It has: {}", known.join(", ")));
    }
    let subject = Subject { thing: key, name: &format!("the price `{key}`") };
    conditions(shelf, &subject, &row.keys, problems);
}

/// One clock counts the month of a resource for all of its components: they are charged in the same states. Source: R-PRC-24.
fn month_clock(shelf: Shelf<'_>, component: &Component, problems: &mut Problems) {
    let first = shelf.product.components.iter().find(|it| it.month_seconds.is_some());
    let Some(first) = first.filter(|_| component.month_seconds.is_some()) else { return };
    let states = |it: &Component| it.billed_while.iter().copied().collect::<BTreeSet<State>>();
    if states(first) != states(component) {
        let what = format!(
            "`{}` and `{}` have a month_time and are charged in different states",
            first.id, component.id
        );
        let remedy = "Give them the same billed_while: one clock counts the month of a resource";
        problems.of(&shelf.place(component), what, remedy);
    }
}

/// Whoever names a free tier means the same: as much of the same unit. Source: R-PRC-25.
fn free_tier(shelf: Shelf<'_>, component: &Component, problems: &mut Problems) {
    let Some(own) = &component.free_tier else { return };
    let says = |it: &Component| it.free_tier.as_ref().filter(|it| it.name == own.name).map(|it| it.units);
    let mut all = shelf.book.products.iter().flat_map(|it| &it.components);
    let Some(first) = all.find(|it| says(it).is_some()) else { return };
    if says(first) != Some(own.units) || first.counted() != component.counted() {
        let what = format!(
            "`{}` and `{}` name the free tier `{}` with different quantities",
            first.id, component.id, own.name
        );
        problems.of(&shelf.place(component), what, "Write the same quantity of the same unit for both");
    }
}

/// The packs that cover a component are on sale.
fn family(shelf: Shelf<'_>, component: &Component, problems: &mut Problems) {
    let mut families = shelf.book.products.iter().filter_map(|it| it.pack.as_ref());
    if let Some(family) = &component.pack
        && !families.any(|it| it.family == *family)
    {
        let what = format!("no product is a pack of family `{family}`");
        problems.of(&shelf.place(component), what, "Add one, or leave `pack` out");
    }
}

/// Every option is one of the product, and every value one that can be chosen.
fn conditions(shelf: Shelf<'_>, subject: &Subject<'_>, conditions: &Conditions, problems: &mut Problems) {
    let (product, Subject { thing, name }) = (shelf.product, subject);
    for (option, values) in conditions {
        if product.option(option).is_none() {
            let known: Vec<&str> = product.options.iter().map(|it| it.name.as_str()).collect();
            let what = format!("{name} names option `{option}`, which {} does not have", product.id);
            problems.of(thing, what, format!("Its options are: {}", known.join(", ")));
            continue;
        }
        let Some(choices) = shelf.menu.get(option.as_str()).filter(|it| !it.list.is_empty()) else {
            continue;
        };
        for value in values.iter().filter(|it| !choices.has(it)) {
            let what = format!("{name} is for {option}={value}, which cannot be chosen");
            problems.of(thing, what, format!("Choices are: {}", some_of(&choices.list)));
        }
    }
}

/// The options whose number a component counts.
fn number_options(component: &Component) -> Vec<&String> {
    let mut options: Vec<&String> = component.quantity.option.iter().collect();
    if let Meter::Attack { base, cap, .. } = &component.meter {
        options.extend([base, cap]);
    }
    options
}

/// What is counted is a number.
fn numbers(shelf: Shelf<'_>, component: &Component, problems: &mut Problems) {
    for option in number_options(component) {
        if shelf.product.option(option).is_some_and(|it| !is_number(&it.kind)) {
            let what =
                format!("component `{}` counts option `{option}`, which is not a number", component.id);
            let remedy = "Make it a range, or let its choices be numbers";
            problems.of(&shelf.place(component), what, remedy);
        }
    }
}

/// What is counted, like what chooses the price, is there whenever the component is.
fn always_chosen(shelf: Shelf<'_>, component: &Component, problems: &mut Problems) {
    let keys = component.prices.iter().flat_map(|row| row.keys.iter().map(|it| &it.0));
    let options: BTreeSet<&String> = keys.chain(number_options(component)).collect();
    for rule in options.into_iter().filter_map(|it| shelf.product.option(it)) {
        if !implies(&component.when, &rule.when) {
            let what = format!(
                "component `{}` needs option `{}`, which is not always asked for",
                component.id, rule.name
            );
            problems.of(&shelf.place(component), what, "Give the component the same `when`");
        }
    }
}

/// Whether every choice that `strict` is for is also one of `wide`.
fn implies(strict: &Conditions, wide: &Conditions) -> bool {
    wide.iter().all(|(name, values)| {
        let strict = strict.iter().find(|it| it.0 == *name);
        strict.is_some_and(|it| it.1.iter().all(|value| values.contains(value)))
    })
}

/// The unit that a meter counts in is the unit that its price is for.
fn unit(shelf: Shelf<'_>, component: &Component, problems: &mut Problems) {
    let counted = component.meter.form().unit.of(component.quantity.unit);
    let odd = component.prices.iter().find(|it| price_unit(&it.item.pricing) != counted);
    if let Some(item) = odd.map(|it| &it.item) {
        let priced = price_unit(&item.pricing);
        let what = format!("`{}` is a price of {priced}, but {counted} is counted", item.key);
        let remedy = format!("Write unit = \"{counted}\", or another meter or `per`");
        problems.of(&shelf.place(component), what, remedy);
    }
}

/// The unit that a price is for.
fn price_unit(pricing: &Pricing) -> Unit {
    match pricing {
        Pricing::PerUnit(price) => price.per.unit,
        Pricing::Graduated(tiers) | Pricing::Volume(tiers) => tiers.per.unit,
        Pricing::Package { size, .. } => size.unit,
        Pricing::Percentage(_) => Unit::ValueE8,
        Pricing::Band(bands) => bands.unit,
    }
}

fn is_number(kind: &OptionKind) -> bool {
    match kind {
        OptionKind::Range { .. } => true,
        OptionKind::Choice(values) => values.iter().all(|it| it.parse::<u64>().is_ok()),
        OptionKind::Region | OptionKind::Zone | OptionKind::Spec(_) => false,
    }
}
