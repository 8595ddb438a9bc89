//! Fields out of what was sent.

use super::*;
use serde_json::json;

fn said(sent: &Value) -> Vec<String> {
    flat(sent).iter().map(|it| format!("{}={}", it.name.join("."), it.value)).collect()
}

#[test]
fn what_lies_within_others_has_its_whole_name() {
    let sent = json!({ "pay": true, "note": null, "items": [
        { "product": "server", "options": { "type": "S1", "zones": ["a", "b"] } },
        { "product": "disk", "options": {} },
    ] });
    let expected = [
        "items.1.options.type=S1",
        "items.1.options.zones=a, b",
        "items.1.product=server",
        "items.2.options=–",
        "items.2.product=disk",
        "note=–",
        "pay=true",
    ];
    assert_eq!(said(&sent), expected);
}

#[test]
fn nothing_is_left_out_and_nothing_is_made_up() {
    assert_eq!(said(&json!({})), Vec::<String>::new());
    assert_eq!(
        said(&json!({ "empty": "", "none": [], "deep": { "a": { "b": -1.5 } } })),
        ["deep.a.b=-1.5", "empty=", "none=–"]
    );
    assert_eq!(said(&json!([{ "a": 1 }, "b"])), ["1.a=1", "2=b"]);
}
