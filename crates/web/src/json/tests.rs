//! What is told of a body that is not what was asked for.

use super::*;
use crate::choice::Choice;
use crate::wire::{Text, Whole};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cart {
    items: Vec<Item>,
    #[serde(default)]
    pay: bool,
    how: Option<How>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    product: Text<1, 5>,
    #[serde(default)]
    options: BTreeMap<String, Choice>,
    months: Option<Whole<0, 12>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum How {
    Now,
    Later,
}

fn refused(body: &str) -> (Option<String>, String) {
    let problem = super::body::<Cart>(body.as_bytes()).unwrap_err();
    assert_eq!((problem.status.as_u16(), problem.code.as_str()), (400, "malformed_request"), "{body}");
    (problem.field, problem.detail)
}

#[test]
fn what_fits_is_read() {
    let text =
        r#"{"items": [{"product": "eip", "options": {"a": "b", "n": 5.0}, "months": 3.0}], "how": "later"}"#;
    let cart: Cart = body(text.as_bytes()).unwrap();
    assert!(!cart.pay && matches!(cart.how, Some(How::Later)));
    let item = &cart.items[0];
    assert_eq!((item.product.as_str(), item.months.map(Whole::get)), ("eip", Some(3)));
    assert_eq!(item.options.values().map(Choice::text).collect::<Vec<_>>(), ["b", "5"]);
    let cart: Cart = body(br#"{"items": [{"product": "eip", "months": null}], "how": null}"#).unwrap();
    assert!(cart.how.is_none() && cart.items[0].months.is_none());
    assert!(matches!(body::<Cart>(br#"{"items": [], "how": "now"}"#).unwrap().how, Some(How::Now)));
}

#[test]
fn a_list_is_no_object_at_any_depth() {
    assert_eq!(refused(r#"[[{"product":"eip"}],false]"#).0, None);
    let (field, detail) = refused(r#"{"items": [{"product": "eip"}, ["eip", {}]]}"#);
    assert_eq!(field.as_deref(), Some("items[1]"));
    assert_eq!(detail, "`items[1]` is a list; it should be an object");
}

#[test]
fn the_field_is_a_path() {
    for (body, field, detail) in [
        ("{}", "items", "`items` is missing"),
        (r#"{"items": [{}]}"#, "items[0].product", "`items[0].product` is missing"),
        (
            r#"{"items": [{"product": "eip"}, {"product": "eip", "options": {"size": 1.5}}]}"#,
            "items[1].options.size",
            "`items[1].options.size` is 1.5; it should be a word, or a whole number from 0 to 1000000000",
        ),
        (
            r#"{"items": [{"product": "eip", "price": 1}]}"#,
            "items[0].price",
            "`items[0].price` is not known here; known are `product`, `options`, `months`",
        ),
        (
            r#"{"items": [{"product": "servers"}]}"#,
            "items[0].product",
            "`items[0].product` is of length 7; it should have 1 to 5 characters",
        ),
        (
            r#"{"items": [], "how": "soon"}"#,
            "how",
            "`how` is \"soon\", which is not known; known are `now`, `later`",
        ),
        (r#"{"items": [], "how": 1}"#, "how", "`how` is 1; it should be one of its words"),
        (r#"{"items": {}}"#, "items", "`items` is an object; it should be a list"),
        (r#"{"items": [], "pay": "yes"}"#, "pay", "`pay` is \"yes\"; it should be true or false"),
        (r#"{"items": [], "pay": null}"#, "pay", "`pay` is null; it should be true or false"),
        (r#"{"items": [], "items": []}"#, "items", "`items` is there twice"),
        (
            r#"{"items": [{"product": "eip", "months": 13}]}"#,
            "items[0].months",
            "`items[0].months` is 13; it should be a whole number from 0 to 12",
        ),
    ] {
        assert_eq!(refused(body), (Some(field.to_string()), detail.to_string()), "{body}");
    }
}

#[test]
fn what_is_no_json_is_told_in_words() {
    for (body, detail) in [
        ("", "the body is empty; send a JSON object, such as {}"),
        ("  \n", "the body is empty; send a JSON object, such as {}"),
        ("{", "the body is not JSON: it ends too early, at line 1, column 1"),
        ("{} x", "the body is not JSON: something follows after its end, at line 1, column 4"),
        ("null", "the body is null; it should be an object"),
        ("[]", "the body is a list; it should be an object"),
    ] {
        assert_eq!(refused(body), (None, detail.to_string()), "{body}");
    }
}

#[test]
fn very_many_values_are_refused_before_they_take_room() {
    let many = format!("[{}0]", "0,".repeat(MOST_VALUES));
    let problem = body::<Cart>(many.as_bytes()).unwrap_err();
    assert_eq!((problem.status.as_u16(), problem.code.as_str()), (413, "too_large"));
}

#[test]
fn a_query_is_told_by_its_parameter() {
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Asked {
        limit: Option<crate::wire::Limit>,
        how: Option<How>,
    }
    let pair = |name: &str, text: &str| (name.to_string(), text.to_string());
    let asked: Asked = query(vec![pair("limit", "7"), pair("how", "now")]).unwrap();
    assert!(asked.limit.is_some_and(|it| it.get() == 7) && asked.how.is_some());
    for (pairs, field) in [
        (vec![pair("limit", "0")], "limit"),
        (vec![pair("how", "foo")], "how"),
        (vec![pair("color", "red")], "color"),
        (vec![pair("limit", "1"), pair("limit", "2")], "limit"),
    ] {
        let problem = query::<Asked>(pairs).unwrap_err();
        assert_eq!(
            (problem.status.as_u16(), problem.field.as_deref()),
            (400, Some(field)),
            "{}",
            problem.detail
        );
    }
}

#[test]
fn only_what_takes_nothing_is_read_out_of_nothing() {
    use crate::call::Nothing;
    let refused = |bytes: &[u8]| super::body::<Nothing>(bytes).map(|Nothing| ()).map_err(|it| it.detail);
    assert_eq!(refused(b""), Ok(()));
    assert_eq!(refused(b"{}"), Ok(()));
    assert_eq!(refused(b"null"), Err("the body is null; it should be an object".to_string()));
    assert_eq!(refused(b"[]"), Err("the body is a list; it should be an object".to_string()));
    assert_eq!(refused(b"{\"x\": 1}"), Err("`x` is not known here; there is none".to_string()));
    let empty = "the body is empty; send a JSON object, such as {}";
    assert_eq!(refused(b" "), Err(empty.to_string()));
    assert_eq!(super::body::<Cart>(b"").unwrap_err().detail, empty);
}

/// The same said in another order, with other spaces, escapes or ways to write a whole number is the same.
#[test]
fn what_is_said_counts_and_not_how() {
    let canonical = |text: &str| super::sent(text.as_bytes()).unwrap().canonical;
    let one = canonical(r#"{"b": [1, {"d": null, "c": "\u00fc"}], "a": 2.50}"#);
    assert_eq!(one, canonical("{ \"a\":2.5,\"b\":[1.0,{\"c\":\"\u{fc}\",\"d\":null}]}"));
    assert_eq!(one, "{\"a\":2.5e0,\"b\":[1,{\"c\":\"\u{fc}\",\"d\":null}]}");
    for other in [
        r#"{"b": [{"d": null, "c": "\u00fc"}, 1], "a": 2.5}"#,
        r#"{"b": [1, {"d": null, "c": "u"}], "a": 2.5}"#,
        r#"{"b": [1, {"c": "\u00fc"}], "a": 2.5}"#,
        r#"{"b": [1, {"d": null, "c": "\u00fc"}], "a": "2.5"}"#,
    ] {
        assert_ne!(one, canonical(other), "{other}");
    }
    let large = |last: u8| canonical(&format!("[1844674407370955161{last}, -922337203685477580{last}]"));
    assert_ne!(large(4), large(5));
}
