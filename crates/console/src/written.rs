//! What was sent with a deed, as the audit log shows it to people: fields by name, with their values.
//!
//! In:  the body of an entry. Out: a list of names and values, what lies within others by its whole name; what is long folded in.
//! Invariant: every value is there as it was sent, but for instants, which are on the clock of the zone; the API has it raw.

use crate::visit::Visit;
use crate::{field_names, show};
use maud::{Markup, html};
use serde_json::Value;

/// Characters of a value that stand in a row; the whole of a longer one is opened.
const IN_A_ROW: usize = 80;
/// Fields that stand in a row; those behind them are opened.
const FIELDS: usize = 6;
/// What deeds of these pages are noted as; what they send has the names of fields of forms.
const FORM: &str = "form ";

/// A field of what was sent: its whole name, part by part, and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Field {
    name: Vec<String>,
    value: String,
}

/// The fields that an operation was sent with; nothing of one that was sent with none.
pub(crate) fn fields(visit: &Visit, operation: &str, body: &str) -> Markup {
    let sent = serde_json::from_str::<Value>(body).ok().filter(|it| it.is_object() || it.is_array());
    let Some(sent) = sent else {
        return html! { @if !body.is_empty() { div { (value(visit, body)) } } };
    };
    let all = flat(&sent);
    let (first, rest) = all.split_at(all.len().min(FIELDS));
    html! {
        @if !first.is_empty() { (list(visit, operation, first)) }
        @if !rest.is_empty() {
            details {
                summary.s { (visit.texts().more_fields(rest.len())) }
                (list(visit, operation, rest))
            }
        }
    }
}

fn list(visit: &Visit, operation: &str, all: &[Field]) -> Markup {
    html! {
        dl.pairs {
            @for it in all {
                dt { (name(visit, operation, it)) }
                dd { (value(visit, &it.value)) }
            }
        }
    }
}

/// What a field is called: as its form calls it, or else by the words of its name.
fn name(visit: &Visit, operation: &str, it: &Field) -> String {
    let is_form = operation.starts_with(FORM);
    let called = |part: &String| {
        let word = Some(part).filter(|_| is_form).and_then(|it| field_names::called(visit, it));
        word.unwrap_or_else(|| part.replace('_', " "))
    };
    it.name.iter().map(called).collect::<Vec<_>>().join(" · ")
}

/// A value, on the clock of the zone where it is an instant.
fn value(visit: &Visit, it: &str) -> Markup {
    let said = show::on_clock(it, &visit.calendar);
    html! {
        @match said.char_indices().nth(IN_A_ROW) {
            None => span.id { (said) },
            Some((end, _)) => details { summary.id { (said[..end]) "…" } p.id { (said) } },
        }
    }
}

/// All fields, in their order; one that holds nothing is there too.
fn flat(sent: &Value) -> Vec<Field> {
    let mut found = Vec::new();
    let within: Vec<(String, &Value)> = match sent {
        Value::Object(all) => all.iter().map(|it| (it.0.clone(), it.1)).collect(),
        Value::Array(all) => {
            (1..).zip(all).map(|(number, it): (usize, &Value)| (number.to_string(), it)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (name, it) in within {
        match plain(it) {
            Some(value) => found.push(Field { name: vec![name], value }),
            None => found.extend(flat(it).into_iter().map(|mut inner| {
                inner.name.insert(0, name.clone());
                inner
            })),
        }
    }
    found
}

/// A value that nothing lies within, and a list of such values; `None` of anything else.
fn plain(it: &Value) -> Option<String> {
    match it {
        Value::Null => Some("–".to_string()),
        Value::Bool(it) => Some(it.to_string()),
        Value::Number(it) => Some(it.to_string()),
        Value::String(it) => Some(it.clone()),
        Value::Array(all) if all.is_empty() => Some("–".to_string()),
        Value::Array(all) if all.iter().all(|it| !it.is_array() && !it.is_object()) => {
            Some(all.iter().filter_map(plain).collect::<Vec<_>>().join(", "))
        }
        Value::Object(all) if all.is_empty() => Some("–".to_string()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests;
