//! What a book that speaks to customers has no words for: ids are shown in their place.
//!
//! In:  a checked book. Out: what lacks a name in all languages.
//! Invariant: a book without any text is one that only programs read; nothing of it is told.

use billing::book::{Book, OptionKind, OptionRule, Product};
use billing::look::Label;
use std::fmt;

/// Something that is shown by its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsaid {
    /// Such as `server / option os / value linux`.
    pub thing: String,
}

impl fmt::Display for Unsaid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} has no name in English and Chinese, so its id is shown.", self.thing)
    }
}

/// What has no name, in the order of the book; nothing of a book that has no texts at all.
pub fn unsaid(book: &Book) -> Vec<Unsaid> {
    let mut found = Vec::new();
    for group in &book.groups {
        note(&mut found, &group.label, || format!("product group {}", group.id));
    }
    for region in &book.regions {
        note(&mut found, &region.look.label, || format!("region {}", region.id));
        for zone in &region.zones {
            let label = region.look.zones.get(zone).cloned().unwrap_or_default();
            note(&mut found, &label, || format!("zone {zone}"));
        }
    }
    for product in &book.products {
        of_product(product, &mut found);
    }
    let speaks = book.products.iter().any(|it| it.look.label.name.is_some());
    if speaks { found } else { Vec::new() }
}

fn note(found: &mut Vec<Unsaid>, label: &Label, thing: impl Fn() -> String) {
    if label.name.is_none() {
        found.push(Unsaid { thing: thing() });
    }
}

fn of_product(product: &Product, found: &mut Vec<Unsaid>) {
    let id = &product.id;
    note(found, &product.look.label, || format!("product {id}"));
    for group in &product.look.groups {
        note(found, &group.label, || format!("{id} / option group {}", group.id));
    }
    for option in &product.options {
        note(found, &option.look.label, || format!("{id} / option {}", option.name));
        for value in own_words(option) {
            let label = option.look.values.get(value).cloned().unwrap_or_default();
            note(found, &label, || format!("{id} / option {} / value {value}", option.name));
        }
        for it in &option.look.attributes {
            note(found, &it.label, || format!("{id} / option {} / attribute {}", option.name, it.id));
        }
    }
    for component in &product.components {
        note(found, &component.label, || format!("{id} / component {}", component.id));
    }
}

/// Values that are words of their own: a figure, a spec, or what attributes tell apart says itself what it is.
fn own_words(option: &OptionRule) -> impl Iterator<Item = &String> {
    let values: &[String] = match &option.kind {
        OptionKind::Choice(values) if option.look.attributes.is_empty() => values,
        OptionKind::Choice(_)
        | OptionKind::Spec(_)
        | OptionKind::Region
        | OptionKind::Zone
        | OptionKind::Range { .. } => &[],
    };
    values.iter().filter(|it| it.parse::<u64>().is_err())
}
