//! One option of a product: what may be chosen, and when it is asked for.
//!
//! In:  a reader at the option. Out: its rule.
//! Invariant: every choice and every name is one word; a range does not end before it starts.
//! Rules: R-ORD-9, R-QCS-5.

use crate::look;
use crate::raw::{RawOption, conditions};
use crate::reader::Reader;
use crate::table::Table;
use crate::words::{self, WORDS, first_line};
use billing::book::{OptionKind, OptionRule, Resize};
use billing::options::canonical_spec;
use std::collections::BTreeSet;
use units::Unit;

/// The kinds of option, as books write them.
#[derive(Clone, Copy)]
enum OptionWord {
    Region,
    Zone,
    Choice,
    Spec,
    Range,
}

const OPTION_WORDS: [(&str, OptionWord); 5] = [
    ("region", OptionWord::Region),
    ("zone", OptionWord::Zone),
    ("choice", OptionWord::Choice),
    ("spec", OptionWord::Spec),
    ("range", OptionWord::Range),
];

/// Reads the option. `groups` are those of its product.
pub(crate) fn read(reader: &mut Reader<'_>, raw: &RawOption, groups: &[String]) -> Option<OptionRule> {
    let kind = kind(reader, raw)?;
    names(reader, raw, &kind);
    let resizes = [("allowed", Resize::Allowed), ("raised", Resize::Raised), ("fixed", Resize::Fixed)];
    let resize = reader.word(raw.resize.as_deref().unwrap_or("fixed"), &resizes)?;
    raised(reader, raw, &kind, resize);
    let look = look::option(reader, raw, &kind, groups);
    Some(OptionRule {
        name: raw.name.clone(),
        kind,
        default: raw.default.clone(),
        when: conditions(&raw.when),
        resize,
        at_least: raw.at_least.clone(),
        look,
    })
}

fn kind(reader: &mut Reader<'_>, raw: &RawOption) -> Option<OptionKind> {
    let choices = choices(reader, raw)?;
    match reader.word(&raw.kind, &OPTION_WORDS)? {
        OptionWord::Region => Some(OptionKind::Region),
        OptionWord::Zone => Some(OptionKind::Zone),
        OptionWord::Choice => Some(OptionKind::Choice(choices)),
        OptionWord::Spec => Some(OptionKind::Spec(choices.iter().map(|it| canonical_spec(it)).collect())),
        OptionWord::Range => range(reader, raw),
    }
}

/// The choices that are listed, and those of a table, each once. Nothing when there is no such table.
fn choices(reader: &mut Reader<'_>, raw: &RawOption) -> Option<Vec<String>> {
    let mut choices = raw.choices.clone();
    if let (Some(table), Some(column)) = (&raw.table, &raw.column) {
        let table = Table::read(reader, table)?;
        if table.has(column, reader) {
            choices.extend(table.rows.iter().flat_map(|it| it.values(column)).map(str::to_string));
        }
        let mut seen = BTreeSet::new();
        choices.retain(|it| seen.insert(it.clone()));
    }
    Some(choices)
}

/// The option has a name, and its choices are there and can be named.
fn names(reader: &mut Reader<'_>, raw: &RawOption, kind: &OptionKind) {
    if let OptionKind::Choice(values) | OptionKind::Spec(values) = kind {
        if let Some(odd) = values.iter().find(|it| !reader.is_key(it)) {
            reader.refuse(format!("`{}` is no choice", first_line(odd)), WORDS);
        }
        if values.is_empty() {
            let what = format!("option `{}` has no choices", raw.name);
            reader.refuse(what, "List them, or name table and column");
        }
    }
    if !reader.is_key(&raw.name) {
        reader.refuse(format!("`{}` is no name for an option", first_line(&raw.name)), WORDS);
    }
}

/// What is only raised is a number.
fn raised(reader: &mut Reader<'_>, raw: &RawOption, kind: &OptionKind, resize: Resize) {
    let are_numbers = match kind {
        OptionKind::Choice(values) => values.iter().all(|it| it.parse::<u64>().is_ok()),
        OptionKind::Range { .. } => true,
        OptionKind::Region | OptionKind::Zone | OptionKind::Spec(_) => false,
    };
    if resize == Resize::Raised && !are_numbers {
        let what =
            format!("option `{}` is only raised, and its values are no numbers", first_line(&raw.name));
        reader.refuse(what, "Write resize = \"allowed\", or \"fixed\"");
    }
}

fn range(reader: &mut Reader<'_>, raw: &RawOption) -> Option<OptionKind> {
    if raw.step == Some(0) {
        reader.refuse("a step of 0 leads nowhere", "Write step = 1, or leave it out");
    }
    let unit = raw.unit.as_deref().map_or(Some(Unit::Piece), words::unit);
    let (Some(from), Some(to), Some(unit)) = (raw.from, raw.to, unit) else {
        let remedy = "Write from = 1, to = 1000, unit = \"Mbps\"";
        reader.refuse("a range needs from, to and a known unit", remedy);
        return None;
    };
    if to < from {
        let what = format!("the range ends at {to}, before it starts at {from}");
        reader.refuse(what, "Write the smaller one as `from`");
    }
    Some(OptionKind::Range { from, to, step: raw.step.unwrap_or(1), unit })
}
