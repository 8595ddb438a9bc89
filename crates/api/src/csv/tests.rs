//! Lists as CSV: columns, cells, and where a list goes on.

use super::columns::Columns;
use super::{Place, Tables, escaped, uri};
use crate::document;
use axum::http::Uri;
use serde_json::json;

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("CSV is text")
}

fn services() -> Columns {
    Tables::of(&document()).columns("/v1/services").expect("services are a list").clone()
}

#[test]
fn a_list_has_its_columns_in_the_order_of_the_document() {
    let columns = services();
    assert_eq!(text(columns.heading().expect("written")), "name,state,resources\r\n");
    assert!(Tables::of(&document()).columns("/v1/account").is_none(), "an account is no list");
}

#[test]
fn cells_hold_what_the_items_say_and_no_formulas() {
    let columns = services();
    let items = [
        json!({"name": "a, \"b\"\nc", "state": null}),
        json!({"name": "=1+1", "state": "-12.50"}),
        json!({"name": "-x", "state": true, "resources": {"a": 1}}),
    ];
    let expected = "\"a, \"\"b\"\"\nc\",,\r\n'=1+1,-12.50,\r\n'-x,true,\"{\"\"a\"\":1}\"\r\n";
    assert_eq!(text(columns.lines(&items).expect("written")), expected);
    // Chinese tables read the wide signs as the narrow ones.
    for wide in ["＝1+1", "＋1", "－1", "＠SUM(A1)", "\n=1"] {
        let line = text(columns.lines(&[json!({"name": wide})]).expect("written"));
        assert!(line.trim_start_matches('"').starts_with(&format!("'{wide}")), "{line}");
    }
}

#[test]
fn a_part_of_a_list_keeps_what_else_was_asked_for() {
    let asked: Uri = "/v1/bills?month=2026-06&limit=7&after=x&product=server".parse().expect("an address");
    let next = uri(&asked, &Place { after: Some("a b.3".into()), left: None }, 200).expect("an address");
    assert_eq!(next, "/v1/bills?month=2026-06&product=server&limit=200&after=a%20b.3");
    let first = uri(&"/v1/bills".parse().expect("an address"), &Place { after: None, left: None }, 5);
    assert_eq!(first.expect("an address"), "/v1/bills?limit=5");
    assert_eq!(escaped("服"), "%E6%9C%8D");
}
