//! The document of a usage event: one, many, and one in parts. `api::cloudevents` reads them.

use crate::cloudevents;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ArrayBuilder, Ref, RefOr, Required, Schema};
use utoipa::{PartialSchema, ToSchema};
use web::wire;

/// A schema written down as JSON.
fn from_json(schema: serde_json::Value) -> RefOr<Schema> {
    serde_json::from_value(schema).map_or_else(|_| RefOr::T(Schema::default()), RefOr::T)
}

/// A usage event as a structured CloudEvent. `api::cloudevents` reads it.
pub struct UsageEvent;

impl ToSchema for UsageEvent {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((UsageData::name().into_owned(), UsageData::schema()));
    }
}

impl PartialSchema for UsageEvent {
    fn schema() -> RefOr<Schema> {
        from_json(serde_json::json!({
            "type": "object",
            "description": "A usage event as a structured CloudEvent; other attributes are ignored",
            "required": ["specversion", "type", "source", "id", "subject", "time", "data"],
            "properties": {
                "specversion": {"type": "string", "enum": ["1.0"]},
                "type": {"type": "string", "enum": [cloudevents::TYPE]},
                "source": text(256, "Who sends; with `id`, the identity of the event for ever"),
                "id": text(256, "The event's name, unique for its source"),
                "subject": text(256, "The resource"),
                "time": {"type": "string", "format": "date-time", "description": "When it was used; not in the future"},
                "datacontenttype": {"type": ["string", "null"], "enum": ["application/json", null]},
                "data": {"$ref": "#/components/schemas/UsageData"}
            },
            "example": event_example()
        }))
    }
}

/// A text of 1 to `most` characters.
fn text(most: u32, description: &str) -> serde_json::Value {
    serde_json::json!({"type": "string", "minLength": 1, "maxLength": most, "pattern": wire::PLAIN,
        "description": description})
}

/// The data of a usage event, in whichever way it is sent.
pub struct UsageData;

impl ToSchema for UsageData {}

impl PartialSchema for UsageData {
    fn schema() -> RefOr<Schema> {
        let quantity = serde_json::json!({
            "oneOf": [
                {"type": "integer", "minimum": 0, "maximum": i64::MAX},
                {"type": "string", "pattern": "^[0-9]{1,19}$"}
            ],
            "description": "How much, in base units: bytes, bits per second, hundred-millionths"
        });
        from_json(serde_json::json!({
            "type": "object",
            "description": "How much of what was used",
            "required": ["meter", "quantity"],
            "additionalProperties": false,
            "properties": {
                "meter": text(100, "A meter of the product, such as `traffic_out`"),
                "quantity": quantity,
                "series": {"type": ["string", "null"], "maxLength": 256, "pattern": wire::PLAIN,
                    "description": "Tells readings of one second apart, or counters of one resource"},
                "cumulative": {"type": ["boolean", "null"],
                    "description": "The quantity is where a counter stands that only grows"},
                "reset": {"type": ["boolean", "null"],
                    "description": "The counter began at zero since its standing before; says cumulative too"}
            },
            "example": event_example()["data"]
        }))
    }
}

/// What needs no encoding in a header; everything else is percent-encoded.
const PLAIN_HEADER: &str = r#"^[!#-$&-\[\]-~]+$"#;

/// A time in a header, by its shape.
const TIME_HEADER: &str = "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?(Z|[+-]0[0-9]:00)$";

/// The attributes of an event that is sent in binary mode: headers.
pub struct BinaryAttributes;

impl utoipa::IntoParams for BinaryAttributes {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let words = |all: &[&str]| serde_json::json!({"type": "string", "enum": all});
        let encoded = |description: &str| {
            serde_json::json!({"type": "string", "minLength": 1, "maxLength": 256, "pattern": PLAIN_HEADER,
                "description": description})
        };
        // Generators of clients take no times in headers.
        let instant = serde_json::json!({"type": "string", "pattern": TIME_HEADER,
            "description": "When it was used, as RFC 3339 writes it; not in the future"});
        [
            ("ce-specversion", words(&["1.0"])),
            ("ce-type", words(&[cloudevents::TYPE])),
            ("ce-source", encoded("Who sends; percent-encoded, 1 to 256 characters")),
            (
                "ce-id",
                encoded("The event's name, unique for its source; percent-encoded, 1 to 256 characters"),
            ),
            ("ce-subject", encoded("The resource; percent-encoded, 1 to 256 characters")),
            ("ce-time", instant),
        ]
        .map(|(name, schema)| {
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Header)
                .required(Required::True)
                .schema(Some(from_json(schema)))
                .build()
        })
        .to_vec()
    }
}

fn event_example() -> serde_json::Value {
    serde_json::json!({
        "specversion": "1.0", "type": cloudevents::TYPE, "source": "/gateways/guangzhou-1", "id": "2026-06-01T01:00/res1",
        "subject": "res_019eb7696c008cf183c2a061049531a6", "time": "2026-06-01T01:00:00Z",
        "data": {"meter": "traffic_out", "quantity": 1_073_741_824}
    })
}

/// Up to 10,000 usage events. One that is not a `UsageEvent` is answered for by itself and spoils no other.
pub struct UsageBatch;

impl ToSchema for UsageBatch {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((UsageEvent::name().into_owned(), UsageEvent::schema()));
        UsageEvent::schemas(schemas);
    }
}

impl PartialSchema for UsageBatch {
    fn schema() -> RefOr<Schema> {
        let events = ArrayBuilder::new()
            .items(Ref::from_schema_name(UsageEvent::name()))
            .max_items(Some(cloudevents::MOST))
            .description(Some(
                "Up to 10,000 usage events. One that is not a `UsageEvent` is answered for by itself and spoils no other",
            ))
            .examples([serde_json::json!([event_example()])]);
        RefOr::T(Schema::Array(events.build()))
    }
}
