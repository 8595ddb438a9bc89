//! A product on the shelf: what may be chosen of it, and which choices are on sale.
//!
//! In:  a product and its book. Out: values and combinations of its options.
//! Rules: R-ORD-9.

use billing::book::{Book, Component, OptionKind, Product};
use std::collections::BTreeMap;

/// A product in its book.
#[derive(Clone, Copy)]
pub(crate) struct Shelf<'a> {
    pub book: &'a Book,
    pub product: &'a Product,
}

/// Options and the value chosen for each.
pub(crate) type Choice<'a> = BTreeMap<&'a str, String>;

/// An option and the values that it may have.
pub(crate) struct Values<'a> {
    pub option: &'a str,
    pub values: Vec<String>,
}

/// More combinations than anybody sells, and few enough to look at each.
const MOST: usize = 200_000;

impl Shelf<'_> {
    /// How `component` of the product is found again by `Problems::of`.
    pub(crate) fn place(self, component: &Component) -> String {
        format!("component {}/{}", self.product.id, component.id)
    }

    /// The values that an option may have; empty for a range.
    pub(crate) fn choices(self, option: &str) -> Vec<String> {
        match self.product.option(option).map(|it| &it.kind) {
            Some(OptionKind::Region) => self.book.regions.iter().map(|it| it.id.clone()).collect(),
            Some(OptionKind::Zone) => self.book.regions.iter().flat_map(|it| it.zones.clone()).collect(),
            Some(OptionKind::Choice(values) | OptionKind::Spec(values)) => values.clone(),
            Some(OptionKind::Range { .. }) | None => Vec::new(),
        }
    }

    /// Whether a choice is one of every offer, and its zone one of its region.
    pub(crate) fn sells(self, choice: &Choice<'_>) -> bool {
        self.offers(choice) && self.zone_in_region(choice)
    }

    fn offers(self, choice: &Choice<'_>) -> bool {
        self.product.offers.iter().all(|offer| {
            let cells: Vec<Option<&String>> =
                offer.columns.iter().map(|it| choice.get(it.as_str())).collect();
            let fits = |row: &Vec<String>| {
                row.iter().zip(&cells).all(|(value, cell)| cell.is_none_or(|it| it == value))
            };
            offer.rows.iter().any(fits)
        })
    }

    fn zone_in_region(self, choice: &Choice<'_>) -> bool {
        match (choice.get("region"), choice.get("zone")) {
            (Some(region), Some(zone)) => {
                self.book.regions.iter().any(|it| it.id == *region && it.zones.contains(zone))
            }
            (None, _) | (_, None) => true,
        }
    }
}

/// One value of each option, in every way. `None` when there are too many.
pub(crate) fn combinations<'a>(options: &[Values<'a>]) -> Option<Vec<Choice<'a>>> {
    let mut all: Vec<Choice<'a>> = vec![BTreeMap::new()];
    for it in options.iter().filter(|it| !it.values.is_empty()) {
        let count = all.len().checked_mul(it.values.len())?;
        if count > MOST {
            return None;
        }
        all = all.iter().flat_map(|choice| with_each_value(choice, it)).collect();
    }
    Some(all)
}

/// A choice with each value of one more option.
fn with_each_value<'a>(choice: &Choice<'a>, more: &Values<'a>) -> Vec<Choice<'a>> {
    let with = |value: &String| {
        let mut choice = choice.clone();
        choice.insert(more.option, value.clone());
        choice
    };
    more.values.iter().map(with).collect()
}

/// The numbers that bound an option: both ends of a range, or its choices.
pub(crate) fn numbers(kind: &OptionKind) -> Vec<u64> {
    match kind {
        OptionKind::Range { from, to, .. } => vec![*from, *to],
        OptionKind::Choice(values) => values.iter().filter_map(|it| it.parse().ok()).collect(),
        OptionKind::Region | OptionKind::Zone | OptionKind::Spec(_) => Vec::new(),
    }
}
