//! Tests of the words that pages end with, and of the schemas that are written by hand.

use super::*;
use utoipa::PartialSchema;

#[test]
fn a_mark_is_one_word_and_back() {
    let end = (1_780_000_000_000_000, "/a b\u{6771}".to_string(), "x\u{7f}y".to_string());
    let text = word(&end);
    assert!(text.bytes().all(|it| it.is_ascii_hexdigit()));
    assert_eq!(mark(Some(&text)).unwrap(), Some(end));
    assert_eq!(mark(None).unwrap(), None);
    for bad in ["", "z", "0", "00", "3131", "ff0aff0aff", "\u{6771}"] {
        assert_eq!(mark(Some(bad)).unwrap_err().code(), "not_found", "{bad}");
    }
}

#[test]
fn the_schema_of_an_event_says_what_is_read() {
    let text = serde_json::to_string(&UsageEvent::schema()).unwrap();
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
    assert!(batch.contains("\"type\":\"array\""), "{batch}");
}
