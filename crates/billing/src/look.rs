//! How what is sold is shown: names, help, groups, order, attributes of values, stops, what is recommended.
//!
//! In:  what `pricebook` read. Out: values that the catalogue, quotes and pages show.
//! Invariant: nothing is priced, allowed or refused by it; a book that says nothing of it is shown by its ids.
//! Rules: none.

use crate::text::Text;
use std::collections::BTreeMap;

/// The name of a thing and a sentence about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// `None`: its id, or the one name that it has, stands in.
    pub name: Option<Text>,
    pub help: Option<Text>,
}

impl Label {
    /// The name to show; `word` where none is said.
    pub fn or(&self, word: &str) -> Text {
        self.name.clone().unwrap_or_else(|| Text::same(word))
    }
}

/// Things that stand together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub id: String,
    pub label: Label,
}

/// How a product is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductLook {
    pub label: Label,
    /// A group of its book.
    pub group: Option<String>,
    /// Less comes first; those that have the same stand as in the book.
    pub order: i64,
    /// The groups in which its options stand.
    pub groups: Vec<Group>,
}

/// How an option and its values are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OptionLook {
    pub label: Label,
    /// A group of its product.
    pub group: Option<String>,
    /// Less comes first; those that have the same stand as they are asked.
    pub order: i64,
    /// What a value that is a number counts, such as hours.
    pub measure: Option<Text>,
    /// Of a range: the numbers that are offered at hand, in ascending order. Any other of the range may be written.
    pub stops: Vec<u64>,
    /// What most take. Unlike a default, it is not taken where nothing is said.
    pub recommended: Option<String>,
    pub values: BTreeMap<String, Label>,
    pub attributes: Vec<Attribute>,
}

impl OptionLook {
    /// What `value` is called; itself where nothing is said.
    pub fn value(&self, value: &str) -> Text {
        self.values.get(value).map_or_else(|| Text::same(value), |it| it.or(value))
    }
}

/// What tells values of an option apart, such as the memory of a type: a column to sort and filter by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    pub id: String,
    pub label: Label,
    pub unit: Option<Text>,
    pub kind: AttributeKind,
    /// By value of the option; a value may lack it. Numbers are exact decimals without zeros at the end.
    pub values: BTreeMap<String, String>,
}

/// Whether an attribute is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeKind {
    Number,
    Word,
}

impl AttributeKind {
    pub const ALL: [AttributeKind; 2] = [AttributeKind::Number, AttributeKind::Word];

    /// The word for it in price books.
    pub const fn as_str(self) -> &'static str {
        match self {
            AttributeKind::Number => "number",
            AttributeKind::Word => "word",
        }
    }
}

/// How a region and its zones are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegionLook {
    pub label: Label,
    pub zones: BTreeMap<String, Label>,
}
