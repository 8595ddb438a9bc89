//! What a document says of types whose schemas stand where they are used.

use crate::wire::{Limit, Text, Whole};
use crate::words::{OrderState, Word};
use serde_json::{Value, json};
use utoipa::openapi::path::{OperationBuilder, PathItemBuilder};
use utoipa::openapi::{ComponentsBuilder, HttpMethod, OpenApi, OpenApiBuilder, PathsBuilder};
use utoipa::{IntoParams, PartialSchema, ToSchema};

#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is looked at")]
struct Body {
    /// What it is called.
    name: Text<1, 80>,
    count: Option<Whole<0, 5_000_000_000>>,
    state: Option<Word<OrderState>>,
    names: Vec<Text<0, 9>>,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its schema is looked at")]
struct Which {
    /// How many.
    limit: Option<Limit>,
}

/// A document with `Body` and `Which`, as routers collect them.
fn document() -> Value {
    let mut schemas = vec![("Body".to_string(), Body::schema())];
    Body::schemas(&mut schemas);
    let components = ComponentsBuilder::new().schemas_from_iter(schemas).build();
    let parameters: Vec<_> = Which::into_params(|| None);
    let operation = OperationBuilder::new().parameters(Some(parameters)).build();
    let paths =
        PathsBuilder::new().path("/x", PathItemBuilder::new().operation(HttpMethod::Get, operation).build());
    let mut document: OpenApi = OpenApiBuilder::new().components(Some(components)).paths(paths).build();
    super::put(&mut document);
    serde_json::to_value(document).unwrap()
}

#[test]
fn a_field_says_what_its_type_takes() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert_eq!(schemas.keys().collect::<Vec<_>>(), ["Body"]);
    let fields = &schemas["Body"]["properties"];
    let plain = crate::wire::PLAIN;
    let name = json!({"type": "string", "description": "What it is called.", "minLength": 1, "maxLength": 80, "pattern": plain});
    assert_eq!(fields["name"], name);
    let count =
        json!({"type": ["integer", "null"], "format": "int64", "minimum": 0, "maximum": 5_000_000_000_i64});
    assert_eq!(fields["count"], count);
    assert_eq!(fields["names"]["items"], json!({"type": "string", "maxLength": 9, "pattern": plain}));
    let states =
        "^(unpaid|paying|paid|delivering|delivered|delivery_failed|closed|expired|invalid|refunded)$";
    assert_eq!(fields["state"], json!({"type": ["string", "null"], "pattern": states}));
}

#[test]
fn a_parameter_says_what_its_type_takes() {
    let limit = json!({
        "name": "limit", "in": "query", "description": "How many.", "required": false,
        "schema": {"type": "integer", "format": "int32", "minimum": 1, "maximum": 200}
    });
    assert_eq!(document()["paths"]["/x"]["get"]["parameters"], json!([limit]));
}
