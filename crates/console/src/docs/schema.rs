//! Schemas on the pages: what a value may be, in words, and examples of it.
//!
//! In:  the document, a schema of it. Out: HTML, or an example.
//! Invariant: a schema that refers to itself ends: examples follow references only so deep.

use super::markdown;
use super::reference::{members, resolved, text};
use maud::{Markup, html};
use serde_json::{Map, Value};
use texts::Texts;

/// How deep examples are put together from the examples of parts.
const DEPTH: usize = 6;

const PREFIX: &str = "#/components/schemas/";

/// The page of a schema.
pub(super) fn address(name: &str) -> String {
    format!("/docs/schemas/{name}")
}

/// The type of a value with its limits.
pub(super) fn kind(schema: &Value) -> Markup {
    if let Some(name) = schema["$ref"].as_str().and_then(|it| it.strip_prefix(PREFIX)) {
        return html! { a href=(address(name)) { (name) } };
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(parts) = schema[choice].as_array() {
            let between = if choice == "allOf" { " and " } else { " or " };
            return joined_by(parts.iter().map(kind), between);
        }
    }
    if let Some(values) = schema["enum"].as_array() {
        return joined_by(values.iter().map(literal), " ");
    }
    if let Some(value) = schema.get("const") {
        return literal(value);
    }
    let name = match &schema["type"] {
        Value::String(one) => one.clone(),
        Value::Array(many) => many.iter().map(text).collect::<Vec<_>>().join(" or "),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => "any".into(),
    };
    let inner = match (schema.get("items"), schema.get("additionalProperties")) {
        (Some(items), _) => Some(items),
        (None, Some(values)) if values.is_object() => Some(values),
        (None, Some(_) | None) => None,
    };
    html! { (name) @if let Some(inner) = inner { " of " (kind(inner)) } (limits(schema)) }
}

fn joined_by(parts: impl Iterator<Item = Markup>, between: &str) -> Markup {
    html! { @for (at, part) in parts.enumerate() { @if at > 0 { (between) } (part) } }
}

fn literal(value: &Value) -> Markup {
    html! { code { (value.as_str().map_or_else(|| value.to_string(), String::from)) } }
}

fn limits(schema: &Value) -> Markup {
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
    let set = words.into_iter().filter_map(|it| Some((it.1, schema.get(it.0).filter(|it| !it.is_null())?)));
    html! { @for (word, value) in set { span.s { (word) (literal(value)) } } }
}

/// The fields of an object as a table; of anything else, what it is.
pub(super) fn fields(texts: &Texts, document: &Value, schema: &Value) -> Markup {
    let schema = resolved(document, schema);
    if schema["properties"].is_null() {
        return html! { p { (kind(schema)) } };
    }
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().map(text).collect();
    html! {
        div.scroll tabindex="0" {
            table.table.tight {
                thead { tr { th scope="col" { (texts.field()) } th scope="col" { (texts.kind_of_value()) } th scope="col" { (texts.meaning()) } } }
                tbody {
                    @for (name, says) in members(&schema["properties"]) {
                        tr {
                            th scope="row" {
                                code { (name) }
                                @if required.contains(&name) { span.s { (texts.required()) } }
                            }
                            td { (kind(says)) }
                            td lang="en" { (markdown::inline(text(&says["description"]))) }
                        }
                    }
                }
            }
        }
    }
}

/// The example of a schema, or one that is put together from the examples of its parts.
pub fn example(document: &Value, schema: &Value) -> Option<Value> {
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
