//! What the API shows of how things are shown: groups, values with their names, attributes.
//!
//! In:  a price book. Out: the public contract.
//! Invariant: every text is there in both languages; where a book has none, the id stands in.

use billing::book::{Book, OptionRule, Region};
use billing::control::value_name;
use billing::look::{Attribute, Group, Label};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use web::texts::TextView;
use web::words;

/// Things that stand together.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GroupView {
    pub id: String,
    pub label: TextView,
    pub help: Option<TextView>,
}

impl From<&Group> for GroupView {
    fn from(it: &Group) -> GroupView {
        GroupView { id: it.id.clone(), label: it.label.or(&it.id).into(), help: help(&it.label) }
    }
}

/// The help text of a label.
pub fn help(it: &Label) -> Option<TextView> {
    it.help.as_ref().map(TextView::from)
}

/// A value that may be chosen.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "value": "S2.MEDIUM4", "label": {"en": "S2.MEDIUM4", "zh": "S2.MEDIUM4"}, "help": null,
    "attributes": {"family": "S2", "memory": "4", "vcpu": "2"}
}))]
pub struct ValueView {
    /// What is sent.
    pub value: String,
    pub label: TextView,
    pub help: Option<TextView>,
    /// By the ids of `attributes` of the option: exact decimals without zeros at the end, or words.
    pub attributes: BTreeMap<String, String>,
}

impl ValueView {
    pub(super) fn new(book: &Book, rule: &OptionRule, value: &str) -> ValueView {
        let of = |it: &Attribute| Some((it.id.clone(), it.values.get(value)?.clone()));
        ValueView {
            value: value.to_string(),
            label: value_name(book, rule, value).into(),
            help: rule.look.values.get(value).and_then(help),
            attributes: rule.look.attributes.iter().filter_map(of).collect(),
        }
    }
}

/// What tells values apart, such as memory: a column to sort and filter by.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "memory", "label": {"en": "Memory", "zh": "内存"}, "help": null, "unit": {"en": "GB", "zh": "GB"}, "kind": "number"
}))]
pub struct AttributeView {
    pub id: String,
    pub label: TextView,
    pub help: Option<TextView>,
    pub unit: Option<TextView>,
    /// `number` (sorted as an exact decimal) or `word`.
    pub kind: words::AttributeKind,
}

impl From<&Attribute> for AttributeView {
    fn from(it: &Attribute) -> AttributeView {
        AttributeView {
            id: it.id.clone(),
            label: it.label.or(&it.id).into(),
            help: help(&it.label),
            unit: it.unit.as_ref().map(TextView::from),
            kind: it.kind.into(),
        }
    }
}

/// A zone of a region.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ZoneView {
    pub id: String,
    pub label: TextView,
}

/// The zones of a region with their names.
pub fn zones(it: &Region) -> Vec<ZoneView> {
    let label = |id: &String| it.look.zones.get(id).cloned().unwrap_or_default().or(id).into();
    it.zones.iter().map(|id| ZoneView { id: id.clone(), label: label(id) }).collect()
}
