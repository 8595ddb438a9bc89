//! The document of the API for tools that read OpenAPI 3.0 and not 3.1.
//!
//! In:  the document as 3.1. Out: the same as 3.0, without what 3.0 cannot say: the `webhooks` section; and without merge
//! patches, since some of those tools stop at an operation that takes two kinds of body.
//! Invariant: whatever the older document accepts, the newer does too; for plain JSON also the other way round.

use super::merge;
use serde_json::{Map, Value, json};
use web::call::MERGE_PATCH;

/// 3.0 knows no identifiers of licenses.
const LICENSE: &str = "https://www.apache.org/licenses/LICENSE-2.0";

/// The document as OpenAPI 3.0.
pub(super) fn rendered(mut document: Value) -> Value {
    document["openapi"] = json!("3.0.3");
    if let Some(all) = document.as_object_mut() {
        all.remove("webhooks");
    }
    if let Some(license) = document["info"]["license"].as_object_mut() {
        license.remove("identifier");
        license.insert("url".into(), json!(LICENSE));
    }
    for schema in document["components"]["schemas"].as_object_mut().into_iter().flat_map(Map::values_mut) {
        older(schema);
    }
    for item in document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut) {
        if let Some(content) = item.pointer_mut("/patch/requestBody/content").and_then(Value::as_object_mut) {
            content.remove(MERGE_PATCH);
        }
    }
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        schemas.retain(|name, _| !merge::is_patch(name));
    }
    walk(&mut document["paths"]);
    document
}

/// Looks for schemas in what is none; what examples hold is not looked at.
fn walk(part: &mut Value) {
    match part {
        Value::Object(members) => {
            for (name, value) in members {
                match name.as_str() {
                    "schema" => older(value),
                    "example" | "examples" => {}
                    _ => walk(value),
                }
            }
        }
        Value::Array(all) => all.iter_mut().for_each(walk),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A schema and all that it is made of.
fn older(schema: &mut Value) {
    let Some(members) = schema.as_object_mut() else { return };
    for name in ["properties", "patternProperties"] {
        members
            .get_mut(name)
            .and_then(Value::as_object_mut)
            .into_iter()
            .flat_map(Map::values_mut)
            .for_each(older);
    }
    for name in ["items", "additionalProperties", "not"] {
        members.get_mut(name).into_iter().for_each(older);
    }
    for name in ["allOf", "anyOf", "oneOf"] {
        members.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten().for_each(older);
    }
    members.remove("propertyNames");
    one_value(members);
    example(members);
    nullable_type(members);
    reference_alone(members);
}

/// `const` is a choice of one.
fn one_value(members: &mut Map<String, Value>) {
    if let Some(value) = members.remove("const") {
        members.insert("enum".into(), json!([value]));
    }
}

/// Of several examples the first.
fn example(members: &mut Map<String, Value>) {
    if let Some(Value::Array(all)) = members.remove("examples")
        && let Some(first) = all.into_iter().next()
    {
        members.entry("example").or_insert(first);
    }
}

/// A type beside `null` is a nullable type; `null` alone is a nullable value that is nothing else.
fn nullable_type(members: &mut Map<String, Value>) {
    let mut kinds = match members.get("type") {
        Some(Value::Array(kinds)) => kinds.clone(),
        Some(kind @ Value::String(_)) => vec![kind.clone()],
        _ => return,
    };
    let before = kinds.len();
    kinds.retain(|it| it != "null");
    if kinds.len() < before {
        members.insert("nullable".into(), json!(true));
    }
    match kinds.as_slice() {
        [] => {
            members.insert("type".into(), json!("object"));
            members.insert("enum".into(), json!([null]));
        }
        [one] => {
            members.insert("type".into(), one.clone());
        }
        several => {
            members.remove("type");
            let choices: Vec<Value> = several.iter().map(|it| json!({ "type": it })).collect();
            members.insert("anyOf".into(), json!(choices));
        }
    }
}

/// What stands beside a reference is not read in 3.0: the reference goes inside.
fn reference_alone(members: &mut Map<String, Value>) {
    if members.len() > 1
        && let Some(reference) = members.remove("$ref")
    {
        members.insert("allOf".into(), json!([{ "$ref": reference }]));
    }
}

#[cfg(test)]
mod tests;
