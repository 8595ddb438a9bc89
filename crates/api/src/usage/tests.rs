//! Tests of the schemas that are written by hand.

use super::*;
use utoipa::PartialSchema;

#[test]
fn the_schema_of_an_event_says_what_is_read() {
    let text = serde_json::to_string(&[UsageEvent::schema(), UsageData::schema()]).unwrap();
    for part in [
        "specversion",
        "\"1.0\"",
        cloudevents::TYPE,
        "additionalProperties\":false",
        "9223372036854775807",
        "[0-9]{1,19}",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let batch = serde_json::to_string(&UsageBatch::schema()).unwrap();
    assert!(batch.contains("\"type\":\"array\"") && batch.contains("schemas/UsageEvent"), "{batch}");
}
