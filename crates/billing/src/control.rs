//! The control that an option is chosen with, which follows from what there is to choose.
//!
//! In:  an option of a product. Out: a kind of control.
//! Invariant: no product and no option is known by its name.
//! Rules: none; the design of the console says which is which.

use crate::book::{Book, OptionKind, OptionRule, Product};
use crate::text::Text;

/// A way to choose one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// A few short words in a row.
    Segments,
    /// A few words, each with a sentence.
    Picks,
    /// A list that opens.
    Select,
    /// A table of values with their attributes, to sort and filter.
    Table,
    /// A number, with a slider where it has stops.
    Number,
}

/// Values that fit beside each other in a row, and the characters of each.
const IN_A_ROW: usize = 7;
const SHORT: usize = 24;

impl Control {
    pub const ALL: [Control; 5] =
        [Control::Segments, Control::Picks, Control::Select, Control::Table, Control::Number];

    /// The control for `rule`.
    pub fn of(rule: &OptionRule) -> Control {
        match &rule.kind {
            OptionKind::Region | OptionKind::Zone => Control::Segments,
            OptionKind::Range { .. } => Control::Number,
            OptionKind::Choice(values) | OptionKind::Spec(values) => among(rule, values),
        }
    }

    /// The word for it in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Control::Segments => "segments",
            Control::Picks => "picks",
            Control::Select => "select",
            Control::Table => "table",
            Control::Number => "number",
        }
    }
}

fn among(rule: &OptionRule, values: &[String]) -> Control {
    let look = &rule.look;
    let is_short = |value: &String| {
        let text = look.value(value);
        text.en.chars().count() <= SHORT && text.zh.chars().count() <= SHORT
    };
    if look.attributes.len() > 1 {
        Control::Table
    } else if look.values.values().any(|it| it.help.is_some()) {
        Control::Picks
    } else if values.len() <= IN_A_ROW && values.iter().all(is_short) {
        Control::Segments
    } else {
        Control::Select
    }
}

/// What `value` of `rule` is called in `book`: a region or zone by the book, anything else by the option.
pub fn value_name(book: &Book, rule: &OptionRule, value: &str) -> Text {
    let zone = |it: &&crate::book::Region| it.zones.iter().any(|zone| zone == value);
    match &rule.kind {
        OptionKind::Region => {
            let region = book.regions.iter().find(|it| it.id == value);
            region.map_or_else(|| Text::same(value), |it| it.look.label.or(&it.name))
        }
        OptionKind::Zone => {
            let label = book.regions.iter().find(zone).and_then(|it| it.look.zones.get(value));
            label.map_or_else(|| Text::same(value), |it| it.or(value))
        }
        OptionKind::Choice(_) | OptionKind::Spec(_) | OptionKind::Range { .. } => rule.look.value(value),
    }
}

/// What an option of `product` is called; its id where nothing is said.
pub fn option_name(product: &Product, option: &str) -> Text {
    product.option(option).map_or_else(|| Text::same(option), |it| it.look.label.or(option))
}

#[cfg(test)]
mod tests;
