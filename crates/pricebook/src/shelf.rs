//! A product on the shelf: what may be chosen of it.
//!
//! In:  a product and its book. Out: the values of its options.
//! Invariant: the values are listed once, whatever the number of prices that are looked up in them.
//! Rules: R-ORD-9.

use billing::book::{Book, Component, OptionKind, Product};
use std::collections::{HashMap, HashSet};

/// The values of an option that may be chosen, in order and to be looked up; empty for a range.
#[derive(Default)]
pub(crate) struct Choices<'a> {
    pub list: Vec<&'a str>,
    known: HashSet<&'a str>,
}

impl<'a> Choices<'a> {
    fn new(list: Vec<&'a str>) -> Choices<'a> {
        Choices { known: list.iter().copied().collect(), list }
    }

    /// Whether it is one of them.
    pub(crate) fn has(&self, value: &str) -> bool {
        self.known.contains(value)
    }
}

/// The choices of a product by the names of its options.
pub(crate) type Menu<'a> = HashMap<&'a str, Choices<'a>>;

/// What may be chosen of each option of `product`.
pub(crate) fn menu<'a>(book: &'a Book, product: &'a Product) -> Menu<'a> {
    let choices = |kind: &'a OptionKind| match kind {
        OptionKind::Region => book.regions.iter().map(|it| it.id.as_str()).collect(),
        OptionKind::Zone => book.regions.iter().flat_map(|it| &it.zones).map(String::as_str).collect(),
        OptionKind::Choice(values) | OptionKind::Spec(values) => values.iter().map(String::as_str).collect(),
        OptionKind::Range { .. } => Vec::new(),
    };
    product.options.iter().map(|it| (it.name.as_str(), Choices::new(choices(&it.kind)))).collect()
}

/// A product in its book.
#[derive(Clone, Copy)]
pub(crate) struct Shelf<'a> {
    pub book: &'a Book,
    pub product: &'a Product,
    pub menu: &'a Menu<'a>,
}

impl<'a> Shelf<'a> {
    /// How `component` of the product is found again by `Problems::of`.
    pub(crate) fn place(self, component: &Component) -> String {
        format!("component {}/{}", self.product.id, component.id)
    }

    /// The values that an option may have; empty for a range.
    pub(crate) fn choices(self, option: &str) -> &'a [&'a str] {
        self.menu.get(option).map_or(&[], |it| it.list.as_slice())
    }
}

/// The numbers that bound an option: both ends of a range, or its choices.
pub(crate) fn numbers(kind: &OptionKind) -> Vec<u64> {
    match kind {
        OptionKind::Range { from, to, .. } => vec![*from, *to],
        OptionKind::Choice(values) => values.iter().filter_map(|it| it.parse().ok()).collect(),
        OptionKind::Region | OptionKind::Zone | OptionKind::Spec(_) => Vec::new(),
    }
}

/// The first of many, to be put into a sentence.
pub(crate) fn some_of(list: &[&str]) -> String {
    const MOST: usize = 20;
    let some = list.iter().take(MOST).copied().collect::<Vec<_>>().join(", ");
    if list.len() > MOST { format!("{some} and {} more", list.len() - MOST) } else { some }
}
