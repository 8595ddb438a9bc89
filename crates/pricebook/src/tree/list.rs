//! Lists, maps and pairs of a book.
//!
//! In:  many of one thing. Out: each under its name.
//! Invariant: a pair is told with what its parts are.

use super::{Element, Node, Order, Told, named};
use billing::book::{Conditions, PriceRow};
use std::collections::BTreeMap;
use units::Amount;

impl<T: Told> Told for Vec<T> {
    fn told(&self) -> Node {
        T::many(self)
    }

    /// A row of a table is named by its cells, and says no more.
    fn name(&self, place: usize) -> String {
        match self.told() {
            Node::Text(text) => text,
            Node::List(cells, _) => cells.into_iter().map(|it| it.name).collect::<Vec<_>>().join(" "),
            Node::Nothing | Node::Fields(_) | Node::Case(..) => place.to_string(),
        }
    }
}

impl<T: Told> Told for BTreeMap<String, T> {
    fn told(&self) -> Node {
        let element = |(name, it): (&String, &T)| Element { name: name.clone(), node: it.told() };
        Node::List(self.iter().map(element).collect(), Order::Free)
    }
}

/// An option and its values, as in `when`.
impl Told for (String, Vec<String>) {
    fn told(&self) -> Node {
        self.1.told()
    }

    fn name(&self, _: usize) -> String {
        self.0.clone()
    }
}

/// Fewest months where conditions hold.
impl Told for (Conditions, u32) {
    fn told(&self) -> Node {
        Node::Fields(vec![("when", self.0.told()), ("months", self.1.told())])
    }
}

/// A step of a discount table: months and rate.
impl Told for (u32, u64) {
    fn told(&self) -> Node {
        Node::Text(units::decimal::print_short(self.1.into(), 8, 0))
    }

    fn name(&self, _: usize) -> String {
        self.0.to_string()
    }
}

/// The shortest and the longest time of something.
impl Told for (u64, u64) {
    fn told(&self) -> Node {
        Node::Text(format!("{} to {}", self.0, self.1))
    }
}

/// A band: where it begins, and its amount.
impl Told for (u128, Amount) {
    fn told(&self) -> Node {
        Node::Fields(vec![("above", self.0.told()), ("amount", self.1.told())])
    }
}

/// A price is told with what chooses it; its name is that of the book without product and component.
impl Told for PriceRow {
    fn told(&self) -> Node {
        let PriceRow { keys, sale, item } = self;
        Node::Fields(vec![("keys", keys.told()), ("sale", sale.told()), ("item", item.told())])
    }

    fn name(&self, _: usize) -> String {
        self.item.key.split_once(' ').map_or(String::new(), |it| it.1.to_string())
    }

    /// No two are for the same choice, so none comes first.
    fn many(list: &[PriceRow]) -> Node {
        named(list, Order::Free)
    }
}
