//! How things are shown: names, help texts, groups, attributes.
//!
//! In:  a reader at the thing. Out: its look.
//! Invariant: a text that is there in one language and not in the other is a problem at the place of that text.

use crate::raw::{RawOption, RawProduct, RawRegion};
use crate::raw_text::{RawAttribute, RawGroup, RawLabels, RawName, RawText};
use crate::reader::Reader;
use crate::table::Table;
use crate::words::{WORDS, first_line};
use billing::book::OptionKind;
use billing::look::{Attribute, AttributeKind, Group, Label, OptionLook, ProductLook, RegionLook};
use billing::options::canonical_spec;
use billing::text::Text;
use std::collections::BTreeMap;
use toml::Spanned;
use units::decimal;

/// Characters of the longest text.
const LONGEST: usize = 400;

/// Digits behind the point of an attribute.
const PLACES: u32 = 8;

/// A text in all languages. Adds a problem at the text where one is missing.
fn text(reader: &mut Reader<'_>, raw: &Spanned<RawText>) -> Option<Text> {
    in_all(&mut reader.of(raw), raw.get_ref())
}

fn in_all(reader: &mut Reader<'_>, raw: &RawText) -> Option<Text> {
    let said =
        |it: &Option<String>| it.as_deref().map(str::trim).filter(|it| !it.is_empty()).map(str::to_string);
    match (said(&raw.en), said(&raw.zh)) {
        (Some(en), Some(zh)) => {
            for it in [&en, &zh] {
                length(reader, it);
            }
            Some(Text { en, zh })
        }
        (Some(en), None) => {
            let en = first_line(&en);
            let what = format!("the text `{en}` is in English and not in Chinese");
            reader.refuse(what, format!("Write zh = \"…\" beside en = \"{en}\""));
            None
        }
        (None, Some(zh)) => {
            let zh = first_line(&zh);
            let what = format!("the text `{zh}` is in Chinese and not in English");
            reader.refuse(what, format!("Write en = \"…\" beside zh = \"{zh}\""));
            None
        }
        (None, None) => {
            reader.refuse("a text says nothing", "Write en = \"…\" and zh = \"…\", or leave it out");
            None
        }
    }
}

fn length(reader: &mut Reader<'_>, text: &str) {
    let count = text.chars().count();
    if count > LONGEST {
        let what = format!("a text has {count} characters, more than {LONGEST}");
        reader.refuse(what, "Say it shorter");
    }
}

/// The one name that bills print, and the name in all languages where it is said in more than one.
pub(crate) fn name(reader: &mut Reader<'_>, raw: &Spanned<RawName>) -> (String, Option<Text>) {
    match raw.get_ref() {
        RawName::Word(word) => (word.clone(), None),
        RawName::Text(said) => {
            let text = in_all(&mut reader.of(raw), said);
            (text.as_ref().map_or_else(String::new, |it| it.en.clone()), text)
        }
    }
}

/// A name and a help text, where they are said.
pub(crate) fn label(
    reader: &mut Reader<'_>,
    name: Option<&Spanned<RawText>>,
    help: Option<&Spanned<RawText>>,
) -> Label {
    Label { name: name.and_then(|it| text(reader, it)), help: help.and_then(|it| text(reader, it)) }
}

fn labels(reader: &mut Reader<'_>, raw: &RawLabels, key: impl Fn(&str) -> String) -> BTreeMap<String, Label> {
    let label = |(of, it): (&String, &Spanned<_>)| {
        let it: &crate::raw_text::RawLabel = it.get_ref();
        (key(of), label(reader, it.name.as_ref(), it.help.as_ref()))
    };
    raw.iter().map(label).collect()
}

/// Groups, each with an id of its own.
pub(crate) fn groups(reader: &mut Reader<'_>, raw: &[Spanned<RawGroup>]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for it in raw {
        let mut here = reader.of(it);
        let it = it.get_ref();
        here.id(&it.id, "group");
        if groups.iter().any(|other| other.id == it.id) {
            here.refuse(format!("there are two groups `{}`", it.id), "Give each its own id");
        }
        let label = label(&mut here, it.name.as_ref(), it.help.as_ref());
        groups.push(Group { id: it.id.clone(), label });
    }
    groups
}

/// The group is one of those that are there.
fn group(reader: &mut Reader<'_>, raw: Option<&Spanned<String>>, known: &[String]) -> Option<String> {
    let raw = raw?;
    if !known.contains(raw.get_ref()) {
        let what = format!("there is no group `{}`", first_line(raw.get_ref()));
        let known = if known.is_empty() { "none".to_string() } else { known.join(", ") };
        reader.of(raw).refuse(what, format!("Name one that is declared: {known}"));
    }
    Some(raw.get_ref().clone())
}

/// How a product is shown. `name` is its name in all languages, `known` are the groups of the book.
pub(crate) fn product(
    reader: &mut Reader<'_>,
    raw: &RawProduct,
    name: Option<Text>,
    known: &[String],
) -> ProductLook {
    ProductLook {
        label: Label { name, ..label(reader, None, raw.help.as_ref()) },
        group: group(reader, raw.group.as_ref(), known),
        order: raw.order,
        groups: groups(reader, &raw.option_group),
    }
}

/// How a region and its zones are shown.
pub(crate) fn region(reader: &mut Reader<'_>, raw: &RawRegion) -> (String, RegionLook) {
    let (plain, name) = name(reader, &raw.name);
    for zone in raw.zone.keys().filter(|it| !raw.zones.contains(it)) {
        let what = format!("region `{}` has no zone `{}`", raw.id, first_line(zone));
        reader.refuse(what, format!("Its zones are: {}", raw.zones.join(", ")));
    }
    let label = Label { name, ..label(reader, None, raw.help.as_ref()) };
    (plain, RegionLook { label, zones: labels(reader, &raw.zone, str::to_string) })
}

/// How an option is shown. `known` are the ids of the groups of its product.
pub(crate) fn option(
    reader: &mut Reader<'_>,
    raw: &RawOption,
    kind: &OptionKind,
    known: &[String],
) -> OptionLook {
    let key = |value: &str| match kind {
        OptionKind::Spec(_) => canonical_spec(value),
        OptionKind::Region | OptionKind::Zone | OptionKind::Choice(_) | OptionKind::Range { .. } => {
            value.to_string()
        }
    };
    OptionLook {
        label: label(reader, raw.label.as_ref(), raw.help.as_ref()),
        group: group(reader, raw.group.as_ref(), known),
        order: raw.order,
        measure: raw.measure.as_ref().and_then(|it| text(reader, it)),
        stops: raw.stops.clone(),
        recommended: raw.recommended.as_deref().map(key),
        values: labels(reader, &raw.value, key),
        attributes: attributes(reader, raw, key),
    }
}

fn attributes(reader: &mut Reader<'_>, raw: &RawOption, key: impl Fn(&str) -> String) -> Vec<Attribute> {
    let mut attributes: Vec<Attribute> = Vec::new();
    for it in &raw.attribute {
        let mut here = reader.of(it);
        let it = it.get_ref();
        here.id(&it.id, "attribute");
        if attributes.iter().any(|other| other.id == it.id) {
            here.refuse(format!("there are two attributes `{}`", it.id), "Give each its own id");
        }
        attributes.extend(attribute(&mut here, it, raw, &key));
    }
    attributes
}

const KINDS: [(&str, AttributeKind); 2] = [
    (AttributeKind::Number.as_str(), AttributeKind::Number),
    (AttributeKind::Word.as_str(), AttributeKind::Word),
];

fn attribute(
    reader: &mut Reader<'_>,
    raw: &RawAttribute,
    option: &RawOption,
    key: impl Fn(&str) -> String,
) -> Option<Attribute> {
    let (Some(table), Some(of)) = (&option.table, &option.column) else {
        let what = format!("attribute `{}` belongs to an option without a table", raw.id);
        reader.refuse(what, "Let the values stand in a table: write table and column of the option");
        return None;
    };
    let kind = reader.word(raw.kind.as_deref().unwrap_or("number"), &KINDS)?;
    let table = Table::read(reader, table)?;
    let column = raw.column.as_deref().unwrap_or(&raw.id);
    if !table.has(column, reader) {
        return None;
    }
    let mut values: BTreeMap<String, String> = BTreeMap::new();
    for row in &table.rows {
        let mut here = reader.at(table.place(row));
        let Some(said) = cell(&mut here, row.cell(column), kind) else { continue };
        for value in row.values(of) {
            let before = values.insert(key(value), said.clone());
            if let Some(before) = before.filter(|it| *it != said) {
                let what = format!("`{value}` has the {} {said} here and {before} before", raw.id);
                here.refuse(what, "Write the same in all rows of one value");
            }
        }
    }
    let label = label(reader, raw.name.as_ref(), raw.help.as_ref());
    let unit = raw.unit.as_ref().and_then(|it| text(reader, it));
    Some(Attribute { id: raw.id.clone(), label, unit, kind, values })
}

/// What a cell says of an attribute, a number without zeros at the end. Nothing where it is empty.
fn cell(reader: &mut Reader<'_>, cell: &str, kind: AttributeKind) -> Option<String> {
    if cell.is_empty() {
        return None;
    }
    match kind {
        AttributeKind::Word if reader.is_key(cell) => Some(cell.to_string()),
        AttributeKind::Word => {
            reader.refuse(format!("`{}` is no word", first_line(cell)), WORDS);
            None
        }
        AttributeKind::Number => {
            let number = decimal::parse(cell, PLACES).ok().filter(|it| *it >= 0);
            if number.is_none() {
                let what = format!("`{}` is no number of 0 or more", first_line(cell));
                reader.refuse(
                    what,
                    format!("Write digits, with at most {PLACES} behind the point, or kind = \"word\""),
                );
            }
            number.map(|it| decimal::print_short(it, PLACES, 0))
        }
    }
}
