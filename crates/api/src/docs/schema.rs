//! Schemas on the page: what a value may be, in words, and examples of it.
//!
//! In:  the document, a schema of it. Out: HTML, or an example.
//! Invariant: a schema that refers to itself ends: examples follow references only so deep.

use super::html::{anchor, escaped, members, text};
use super::markdown;
use serde_json::{Map, Value};
use std::fmt::Write;

/// How deep examples are put together from the examples of parts.
const DEPTH: usize = 6;

const PREFIX: &str = "#/components/schemas/";

pub(super) fn anchor_of(name: &str) -> String {
    format!("schema-{}", anchor(name))
}

/// What `$ref` refers to, or the value itself.
pub(super) fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let target = value["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
    target.and_then(|it| document.pointer(it)).unwrap_or(value)
}

/// The type of a value with its limits, as HTML.
pub(super) fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|it| it.strip_prefix(PREFIX)) {
        return format!("<a href=\"#{}\">{}</a>", anchor_of(name), escaped(name));
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(parts) = schema[choice].as_array() {
            let between = if choice == "allOf" { " and " } else { " or " };
            return parts.iter().map(kind).collect::<Vec<_>>().join(between);
        }
    }
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().map(literal).collect::<Vec<_>>().join(" ");
    }
    if let Some(value) = schema.get("const") {
        return literal(value);
    }
    let name = match &schema["type"] {
        Value::String(one) => escaped(one),
        Value::Array(many) => many.iter().map(|it| escaped(text(it))).collect::<Vec<_>>().join(" or "),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => "any".into(),
    };
    let inner = match (schema.get("items"), schema.get("additionalProperties")) {
        (Some(items), _) => format!(" of {}", kind(items)),
        (None, Some(values)) if values.is_object() => format!(" of {}", kind(values)),
        (None, Some(_) | None) => String::new(),
    };
    format!("{name}{inner}{}", limits(schema))
}

fn literal(value: &Value) -> String {
    format!("<code>{}</code>", escaped(&value.as_str().map_or_else(|| value.to_string(), String::from)))
}

fn limits(schema: &Value) -> String {
    let words = [
        ("format", ""),
        ("minimum", "at least "),
        ("maximum", "at most "),
        ("minLength", "length at least "),
        ("maxLength", "length at most "),
        ("minItems", "items at least "),
        ("maxItems", "items at most "),
        ("pattern", ""),
        ("default", "default "),
    ];
    let mut out = String::new();
    for (name, word) in words {
        let Some(value) = schema.get(name).filter(|it| !it.is_null()) else { continue };
        let _ = write!(out, "<br><small>{word}{}</small>", literal(value));
    }
    out
}

/// The fields of an object as a table; of anything else, what it is.
pub(super) fn fields(document: &Value, schema: &Value) -> String {
    let schema = resolved(document, schema);
    if schema["properties"].is_null() {
        return format!("<p>{}</p>", kind(schema));
    }
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().map(text).collect();
    let mut out = String::from(
        "<table><thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Type</th>\
         <th scope=\"col\">Meaning</th></tr></thead><tbody>",
    );
    for (name, says) in members(&schema["properties"]) {
        let mark = if required.contains(&name) { " <b>required</b>" } else { "" };
        let _ = write!(
            out,
            "<tr><th scope=\"row\"><code>{}</code>{mark}</th><td>{}</td><td>{}</td></tr>",
            escaped(name),
            kind(says),
            markdown::inline(text(&says["description"])),
        );
    }
    out.push_str("</tbody></table>");
    out
}

/// The example of a schema, or one that is put together from the examples of its parts.
pub(super) fn example(document: &Value, schema: &Value) -> Option<Value> {
    example_within(document, schema, DEPTH)
}

fn example_within(document: &Value, schema: &Value, depth: usize) -> Option<Value> {
    let schema = resolved(document, schema);
    let own = schema.get("example").or_else(|| schema["examples"].as_array()?.first());
    if own.is_some() || depth == 0 {
        return own.cloned();
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let parts = parts.iter().filter_map(|it| example_within(document, it, depth - 1));
        return joined(parts.chain(of_fields(document, schema, depth)));
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(parts) = schema[choice].as_array() {
            let found = parts.iter().find_map(|it| example_within(document, it, depth - 1));
            return found.or_else(|| parts.iter().any(|it| it["type"] == "null").then_some(Value::Null));
        }
    }
    if let Some(items) = schema.get("items") {
        return example_within(document, items, depth - 1).map(|it| Value::Array(vec![it]));
    }
    of_fields(document, schema, depth).or_else(|| plain(schema))
}

fn of_fields(document: &Value, schema: &Value, depth: usize) -> Option<Value> {
    let found: Map<String, Value> = members(&schema["properties"])
        .filter_map(|(name, says)| Some((name.to_string(), example_within(document, says, depth - 1)?)))
        .collect();
    (!found.is_empty()).then_some(Value::Object(found))
}

/// The fields of all parts in one object.
fn joined(parts: impl Iterator<Item = Value>) -> Option<Value> {
    let mut all = Map::new();
    for part in parts {
        if let Value::Object(fields) = part {
            all.extend(fields);
        }
    }
    (!all.is_empty()).then_some(Value::Object(all))
}

/// What a value without an example may be: a word of its set, or nothing where that is allowed.
fn plain(schema: &Value) -> Option<Value> {
    if let Some(word) = schema["enum"].as_array().and_then(|it| it.first()) {
        return Some(word.clone());
    }
    let kinds = schema["type"].as_array()?;
    kinds.iter().any(|it| it == "null").then_some(Value::Null)
}
