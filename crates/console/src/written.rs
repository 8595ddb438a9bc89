//! What was sent with a deed, as the audit log shows it to people: fields by name, with their values.
//!
//! In:  the body of an entry. Out: a list of names and values, what lies within others by its whole name, what people chose
//! first and what is empty last; what is long folded in.
//! Invariant: every value is there as it was sent, but for instants, which are on the clock of the zone, and for what a page
//! sends along to hold it to what it showed, which nobody chose; the API has all of it raw.

use crate::field_names::OPTION;
use crate::visit::Visit;
use crate::{field_names, show};
use maud::{Markup, html};
use serde_json::Value;

/// Characters of a value that stand in a row; the whole of a longer one is opened.
const IN_A_ROW: usize = 80;
/// Fields that stand in a row; those behind them are opened.
const FIELDS: usize = 8;
/// What deeds of these pages are noted as; what they send has the names of fields of forms.
const FORM: &str = "form ";
/// What pages send along: the sum that they showed, in the least unit of money.
const SHOWN: [&str; 2] = ["quoted", "least"];
/// What stands before the sum shown of one thing in the cart.
const SHOWN_OF: &str = "q.";
/// What says most of a deed, whatever else was sent.
const FIRST: [&str; 7] = ["product", "name", "amount", "total", "rate", "price", "reason"];
/// Values by which something is left out.
const NONE: [&str; 4] = ["0", "none", "no", "false"];
/// What stands above the options of something in bodies of the API.
const OPTIONS: &str = "options";

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
    let mut all = flat(&sent);
    all.retain(|it| !(operation.starts_with(FORM) && it.is_shown()));
    let product = product_of(operation, &all);
    all.sort_by_cached_key(|it| (it.weight(), place(visit, product.as_deref(), it)));
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

impl Field {
    /// Whether a page sent it along, so that nobody chose it.
    fn is_shown(&self) -> bool {
        self.name.iter().any(|it| SHOWN.contains(&it.as_str()) || it.starts_with(SHOWN_OF))
    }

    /// How little it says: what is filled in is before what is left out, and that before what is empty.
    fn weight(&self) -> u8 {
        match self.value.as_str() {
            "" | "–" => 2,
            it if NONE.contains(&it) => 1,
            _ => 0,
        }
    }

    /// The option of a product that it is, if it is one.
    fn option(&self) -> Option<&str> {
        let last = self.name.last()?;
        let above = self.name.iter().rev().nth(1).is_some_and(|it| it == OPTIONS);
        last.strip_prefix(OPTION).or_else(|| above.then_some(last.as_str()))
    }
}

/// The product that a deed is about: as it was sent, or as the address of the form has it.
fn product_of(operation: &str, all: &[Field]) -> Option<String> {
    let sent = all.iter().find(|it| it.name.last().is_some_and(|it| it == "product"));
    let address = || operation.strip_prefix("form /buy/")?.split('/').next().map(str::to_string);
    sent.map(|it| it.value.clone()).or_else(address)
}

/// Where a field stands among others that say as much: what says most, options as the price book has them, what has a word.
fn place(visit: &Visit, product: Option<&str>, it: &Field) -> (u8, usize) {
    if let Some(option) = it.option() {
        return (1, field_names::place(visit, product, option));
    }
    let last = it.name.last().map_or("", String::as_str);
    match FIRST.iter().position(|it| *it == last) {
        Some(place) => (0, place),
        None => (if field_names::called(visit, last).is_some() { 2 } else { 3 }, 0),
    }
}

/// What a field is called, in few words; by those of its name where people have none for it.
fn name(visit: &Visit, operation: &str, it: &Field) -> String {
    let is_form = operation.starts_with(FORM);
    let option = it.option().map(|it| field_names::option(visit, it));
    let is_option = option.is_some();
    let before = it.name.len().saturating_sub(usize::from(is_option));
    let called = |part: &String| {
        let word = match is_form {
            true => field_names::short(visit, part),
            false => field_names::of_body(visit, part),
        };
        word.unwrap_or_else(|| part.replace('_', " "))
    };
    let above = it.name[..before].iter().filter(|it| !is_option || *it != OPTIONS);
    above.map(called).chain(option).collect::<Vec<_>>().join(" · ")
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
