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

fn field(name: &[&str], value: &str) -> Field {
    Field { name: name.iter().map(|it| (*it).to_string()).collect(), value: value.to_string() }
}

#[test]
fn what_a_page_sends_along_is_no_choice_and_what_is_empty_says_least() {
    for name in ["quoted", "least", "q.3ae0"] {
        assert!(field(&[name], "9792").is_shown(), "{name}");
    }
    assert!(!field(&["quantity"], "1").is_shown());
    let weights = ["S1.SMALL1", "0", "none", "no", "", "–"].map(|it| field(&["type"], it).weight());
    assert_eq!(weights, [0, 1, 1, 1, 2, 2]);
}

#[test]
fn options_are_known_in_forms_and_in_bodies_and_so_is_the_product() {
    assert_eq!(field(&["o.type"], "S1").option(), Some("type"));
    assert_eq!(field(&["items", "1", "options", "type"], "S1").option(), Some("type"));
    assert_eq!(field(&["items", "1", "options"], "–").option(), None);
    assert_eq!(field(&["months"], "1").option(), None);
    assert_eq!(product_of("form /buy/server/review", &[]).as_deref(), Some("server"));
    let sent = [field(&["items", "1", "product"], "eip")];
    assert_eq!(product_of("POST /v1/orders", &sent).as_deref(), Some("eip"));
    assert_eq!(product_of("form /cart", &[]), None);
}
