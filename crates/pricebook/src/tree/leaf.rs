//! The figures and words of a book as text.
//!
//! In:  a number, an amount, a unit, a time. Out: one text that says all of it.
//! Invariant: two that differ are two texts.

use super::{Node, Told, words};
use billing::resource::State;
use units::{Amount, Currency, CycleKind, Quantity, Timestamp, Unit};

impl Told for String {
    fn told(&self) -> Node {
        Node::Text(self.clone())
    }

    /// Each stands for itself.
    fn many(list: &[String]) -> Node {
        words(list)
    }
}

impl Told for State {
    fn told(&self) -> Node {
        Node::Text(self.as_str().to_string())
    }

    fn many(list: &[State]) -> Node {
        words(&list.iter().map(|it| it.as_str().to_string()).collect::<Vec<_>>())
    }
}

/// Numbers are told in digits, several apart by spaces.
macro_rules! numbers {
    ($($type:ty),*) => {$(
        impl Told for $type {
            fn told(&self) -> Node {
                Node::Text(self.to_string())
            }

            fn many(list: &[$type]) -> Node {
                Node::Text(list.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
            }
        }
    )*};
}

numbers!(u32, u64, u128, i64);

impl Told for Amount {
    fn told(&self) -> Node {
        Node::Text(self.short())
    }
}

impl Told for Currency {
    fn told(&self) -> Node {
        Node::Text(self.as_str().to_string())
    }
}

impl Told for Timestamp {
    fn told(&self) -> Node {
        Node::Text(self.to_string())
    }
}

impl Told for Unit {
    fn told(&self) -> Node {
        Node::Text(self.to_string())
    }
}

impl Told for CycleKind {
    fn told(&self) -> Node {
        Node::Text(self.as_str().to_string())
    }
}

impl Told for Quantity {
    fn told(&self) -> Node {
        let Quantity { value, unit } = self;
        Node::Text(format!("{value} {unit}"))
    }
}

impl<T: Told> Told for Option<T> {
    fn told(&self) -> Node {
        self.as_ref().map_or(Node::Nothing, Told::told)
    }
}
