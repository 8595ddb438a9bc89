//! Money in the document: whatever is an amount says how it is written.

use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Words of which the names of amounts are made.
const AMOUNTS: [&str; 12] = [
    "amount",
    "available",
    "balance",
    "billed",
    "cost",
    "debt",
    "flat",
    "frozen",
    "held",
    "minimum",
    "owed",
    "total",
];

/// What may say anything: any part of a price book before and after a change; what a step of an explanation comes to.
const ANYTHING: [&str; 3] = ["ChangeView.before", "ChangeView.after", "StepView.result"];

/// Whether a text is written like money, a cost or a price.
fn is_decimal(text: &str) -> bool {
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let parts = text.trim_start_matches('-').split_once('.');
    parts.is_some_and(|it| digits(it.0) && digits(it.1) && (2..=8).contains(&it.1.len()))
}

/// Whether a schema is of any text: without a pattern, a format or a choice.
fn is_any_text(schema: &Value) -> bool {
    let texts = [json!("string"), json!(["string", "null"])];
    texts.contains(&schema["type"]) && ["pattern", "format", "enum"].iter().all(|it| schema[*it].is_null())
}

/// The members of a schema: its own, and of the parts that it is put together of.
fn members(schema: &Value) -> Map<String, Value> {
    let own = schema["properties"].as_object().cloned().unwrap_or_default();
    let parts = schema["allOf"].as_array().into_iter().flatten().flat_map(members);
    own.into_iter().chain(parts).collect()
}

/// Amounts that any text may stand for: by what they are called, or by what their examples say.
fn found(schemas: &Map<String, Value>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (name, schema) in schemas {
        let example = schema.get("example").or_else(|| schema["examples"].get(0)).unwrap_or(&Value::Null);
        for (member, says) in members(schema) {
            let shown = says.get("example").unwrap_or(&example[&member]);
            let is_amount = member.split('_').any(|it| AMOUNTS.contains(&it));
            let place = format!("{name}.{member}");
            let may_be_anything = ANYTHING.contains(&place.as_str());
            if is_any_text(&says) && !may_be_anything && (is_amount || shown.as_str().is_some_and(is_decimal))
            {
                found.insert(place);
            }
        }
    }
    found
}

#[test]
fn every_amount_has_a_pattern() {
    let document = serde_json::to_value(crate::document()).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert_eq!(found(schemas), BTreeSet::new());
}

#[test]
fn what_is_an_amount_is_found_by_name_and_by_example() {
    let text = || json!({"type": "string"});
    let patterned = json!({"type": ["string", "null"], "pattern": "^[0-9]+$"});
    let one = json!({"properties": {"balance_after": text(), "spec": text(), "total": patterned, "rate": text()},
        "example": {"spec": "1U1G", "rate": "0.95"}});
    let other = json!({"allOf": [{"properties": {"cost": {"type": ["string", "null"]}}}]});
    let schemas = json!({ "One": one, "Other": other });
    let expected = ["One.balance_after", "One.rate", "Other.cost"].map(str::to_string);
    assert_eq!(found(schemas.as_object().unwrap()), BTreeSet::from(expected));
}
