//! Kept texts never change: these bytes stand in databases.

use super::*;
use billing::quote::{Offered, Wish};
use units::{BookId, OfferId, Timestamp};

fn item() -> Item {
    let options = [("zone", "a-1"), ("charge", "prepaid")].map(|it| (it.0.to_string(), it.1.to_string()));
    Item {
        wish: Wish { product: "server".into(), options: options.into(), months: 3, quantity: 2 },
        month: None,
        name: "the \"web\"".into(),
        service: Some("shop".into()),
        quoted_minor: Some(14_200),
        offered: None,
    }
}

#[test]
fn the_kept_text_is_this_to_the_byte() {
    let least = r#"{"month":null,"months":0,"name":"","options":[],"product":"","quantity":0,"quoted":null,"service":null,"version":1}"#;
    assert_eq!(text(&Item::default()), least);
    let all = r#"{"month":null,"months":3,"name":"the \"web\"","options":[["charge","prepaid"],["zone","a-1"]],"product":"server","quantity":2,"quoted":14200,"service":"shop","version":1}"#;
    assert_eq!(text(&item()), all);
}

/// As `format!("{item:?}")` wrote them into `orders.asked`.
#[test]
fn what_was_kept_before_there_were_versions_is_recognised() {
    let kept = r#"Item { wish: Wish { product: "server", options: [("zone", "a-1"), ("charge", "prepaid")], months: 3, quantity: 2 }, month: None, name: "the \"web\"", service: Some("shop"), quoted_minor: Some(14200) }"#;
    assert_eq!(unversioned(&item()), kept);
    let least = r#"Item { wish: Wish { product: "", options: [], months: 0, quantity: 0 }, month: None, name: "", service: None, quoted_minor: None }"#;
    assert_eq!(unversioned(&Item::default()), least);
}

#[test]
fn every_field_tells_one_purchase_from_another() {
    let others = [
        Item { wish: Wish { product: "disk".into(), ..item().wish }, ..item() },
        Item { wish: Wish { options: Vec::new(), ..item().wish }, ..item() },
        Item { wish: Wish { months: 1, ..item().wish }, ..item() },
        Item { wish: Wish { quantity: 1, ..item().wish }, ..item() },
        Item { month: Some("2026-06".into()), ..item() },
        Item { name: "web".into(), ..item() },
        Item { service: None, ..item() },
        Item { quoted_minor: None, ..item() },
    ];
    for other in others {
        assert_ne!(text(&other), text(&item()));
        assert_ne!(unversioned(&other), unversioned(&item()));
    }
}

#[test]
fn options_in_another_order_are_the_same() {
    let mut other = item();
    other.wish.options.reverse();
    assert_eq!(text(&other), text(&item()));
}

#[test]
fn an_offer_tells_a_purchase_from_one_without() {
    let (offer, book) =
        (OfferId::named(Timestamp::UNIX_EPOCH, "o"), BookId::named(Timestamp::UNIX_EPOCH, "b"));
    let offered = Some(Offered { offer, book, rate_e8: 50_000_000 });
    assert_ne!(text(&Item { offered, ..item() }), text(&item()));
}
