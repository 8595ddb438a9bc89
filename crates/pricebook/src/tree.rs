//! A book as a tree of named parts: what two books are compared by.
//!
//! In:  any part of a book. Out: its fields under their names, with every figure as text.
//! Invariant: no two of a list have one name; the second of a name carries a number.
//! Invariant: `told!` takes types apart without `..`; a field or a variant that it does not name does not compile.
//! Rules: R-PRC-6.

mod leaf;
mod list;
mod parts;
#[cfg(test)]
pub(crate) mod perturb;

use std::collections::HashMap;

/// What a part of a book says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// What may be said and is not.
    Nothing,
    /// A figure or a word.
    Text(String),
    Fields(Vec<(&'static str, Node)>),
    /// One of several kinds, by the word of books, and what goes with it.
    Case(&'static str, Vec<(&'static str, Node)>),
    List(Vec<Element>, Order),
}

/// One thing of a list, by the name that tells it from the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Element {
    pub name: String,
    pub node: Node,
}

/// Whether it matters which thing of a list comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Matters,
    Free,
}

/// A part of a book that can be told as a tree.
pub(crate) trait Told {
    /// All that it says.
    fn told(&self) -> Node;

    /// What tells it from others of its list; its place in it, from 1, where it has no name.
    fn name(&self, place: usize) -> String {
        place.to_string()
    }

    /// Many of it, each under its name.
    fn many(list: &[Self]) -> Node
    where
        Self: Sized,
    {
        named(list, Order::Matters)
    }
}

/// Each of `list` under its name.
fn named<T: Told>(list: &[T], order: Order) -> Node {
    let named = (1..).zip(list).map(|(place, it)| (it.name(place), it.told()));
    Node::List(elements(named), order)
}

/// Words, each of which stands for itself.
fn words(list: &[String]) -> Node {
    Node::List(elements(list.iter().map(|it| (it.clone(), Node::Text(String::new())))), Order::Matters)
}

fn elements(named: impl Iterator<Item = (String, Node)>) -> Vec<Element> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let element = |(name, node): (String, Node)| {
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        let name = if *count > 1 { format!("{name} ({count})") } else { name };
        Element { name, node }
    };
    named.map(element).collect()
}

/// Tells structs by all their fields, and enums by all their variants.
///
/// A struct is `Limits { quantity, months }`, with `as id` behind it where that field names it in a list. An enum is
/// `enum Due { Order "order" {}, Cycle "cycle" { 0: kind } }`: the word of books, then every field of the variant.
macro_rules! told {
    ($(struct $type:ident { $($field:ident),* } $(as $name:ident)?;)*
     $(enum $enum:ident { $($variant:ident $word:literal { $($at:tt: $part:ident),* }),* };)*) => {
        $(impl Told for $type {
            fn told(&self) -> Node {
                let $type { $($field),* } = self;
                Node::Fields(vec![$((stringify!($field), $field.told())),*])
            }
            $(fn name(&self, _: usize) -> String {
                self.$name.clone()
            })?
        }
        #[cfg(test)]
        impl super::perturb::Perturb for $type {
            fn perturb(&mut self, spot: &mut super::perturb::Spot) -> bool {
                let $type { $($field),* } = self;
                $(if $field.perturb(spot) {
                    return spot.within(stringify!($field));
                })*
                false
            }
        })*
        $(impl Told for $enum {
            fn told(&self) -> Node {
                match self {
                    $($enum::$variant { $($at: $part),* } =>
                        Node::Case($word, vec![$((stringify!($part), $part.told())),*]),)*
                }
            }
        }
        #[cfg(test)]
        impl super::perturb::Perturb for $enum {
            fn perturb(&mut self, spot: &mut super::perturb::Spot) -> bool {
                match self {
                    $($enum::$variant { $($at: $part),* } => {
                        $(if $part.perturb(spot) {
                            return spot.within(stringify!($part));
                        })*
                    })*
                }
                spot.here() && super::perturb::Variants::turn(self)
            }

            fn sample() -> Option<$enum> {
                super::perturb::Variants::one()
            }
        })*
    };
}
pub(crate) use told;
