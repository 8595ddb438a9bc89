//! Schemas of OpenAPI 3.1 as 3.0 says them.

use super::{older, rendered};
use serde_json::{Map, Value, json};

#[track_caller]
fn check(newer: Value, expected: Value) {
    let mut schema = newer;
    older(&mut schema);
    assert_eq!(schema, expected);
}

#[test]
fn what_may_be_null_is_nullable() {
    check(json!({"type": ["string", "null"]}), json!({"type": "string", "nullable": true}));
    let nothing = json!({"type": "object", "enum": [null], "nullable": true});
    check(
        json!({"oneOf": [{"type": "null"}, {"$ref": "#/a"}]}),
        json!({"oneOf": [nothing, {"$ref": "#/a"}]}),
    );
    check(
        json!({"type": ["integer", "string"]}),
        json!({"anyOf": [{"type": "integer"}, {"type": "string"}]}),
    );
}

#[test]
fn constants_examples_and_references_are_said_the_old_way() {
    check(json!({"const": 1}), json!({"enum": [1]}));
    check(json!({"type": "string", "examples": ["a", "b"]}), json!({"type": "string", "example": "a"}));
    check(json!({"$ref": "#/a"}), json!({"$ref": "#/a"}));
    check(
        json!({"properties": {"x": {"$ref": "#/a", "description": "why"}}}),
        json!({"properties": {"x": {"allOf": [{"$ref": "#/a"}], "description": "why"}}}),
    );
}

/// Nothing of 3.1 is left in the whole document.
#[test]
fn the_whole_document_is_older() {
    fn look(part: &Value, path: &str) {
        match part {
            Value::Object(members) => {
                for (name, value) in members.iter().filter(|it| !it.0.starts_with("example")) {
                    let schema = path.ends_with("properties");
                    let newer = ["const", "propertyNames", "webhooks", "identifier"].contains(&name.as_str());
                    assert!(schema || !newer, "{path}/{name}");
                    assert!(schema || name != "type" || value.is_string(), "{path}: {value}");
                    assert!(name != "$ref" || members.len() == 1, "{path}: {part}");
                    look(value, &format!("{path}/{name}"));
                }
            }
            Value::Array(all) => all.iter().for_each(|it| look(it, path)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let document = rendered(serde_json::to_value(crate::document()).unwrap());
    assert_eq!(document["openapi"], "3.0.3");
    look(&document, "");
}

#[test]
fn every_operation_takes_one_kind_of_body() {
    let older = rendered(serde_json::to_value(crate::document()).unwrap());
    let mut patches = 0;
    for (path, item) in older["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let kinds = operation["requestBody"]["content"].as_object().map_or(0, Map::len);
            assert!(kinds <= 1, "{method} {path}");
            patches += usize::from(method == "patch" && kinds == 1);
        }
    }
    assert_eq!(patches, 6);
    let schemas = older["components"]["schemas"].as_object().unwrap();
    assert!(schemas.contains_key("LabelsBody") && !schemas.contains_key("LabelsMergePatch"));
}
