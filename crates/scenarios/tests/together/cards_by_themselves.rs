//! Cards that pay by themselves, and what the gateway has against what the books have.
//!
//! In:  real servers, `localstripe`. Out: money that came by itself, never more than was said; differences that an operator is told of.

use crate::support::buyer::{ASKS_FOR_PROOF, DECLINED_AT_CHARGE, GOOD, Shop};
use crate::support::served::eventually;
use serde_json::{Value, json};
use std::time::{Duration, SystemTime};

fn wants(shop: &Shop, card: &str, (below, amount, ceiling, collect): (&str, &str, &str, &str)) {
    let rule =
        json!({ "card": card, "below": below, "amount": amount, "ceiling": ceiling, "collect": collect });
    let body = rule.to_string();
    let headers = ["content-type: application/json"];
    shop.served.call("PUT", "/v1/card-rule", &shop.customer.key, &headers, body.as_bytes()).good();
}

fn payments(shop: &Shop) -> Vec<Value> {
    let found = shop.served.get(&shop.customer.key, "/v1/card-payments").good();
    found["items"].as_array().unwrap().clone()
}

/// Waits until it was looked whether money is to come, and found that none is: for the next hour, or day, nobody looks again.
fn is_left_alone(shop: &Shop) {
    let file = shop.served.folder.0.join("data/till.db");
    eventually("a look that asks for nothing", || {
        let database = rusqlite::Connection::open(&file).unwrap();
        let sql = "select due_us from card_rules where account = ?1";
        let due: i64 = database.query_row(sql, [&shop.customer.account], |row| row.get(0)).unwrap();
        let due = SystemTime::UNIX_EPOCH + Duration::from_micros(due.try_into().unwrap());
        (due > SystemTime::now() + Duration::from_secs(900)).then_some(())
    });
}

/// 50.00 at least, 200.00 at a time, at most 500.00 a month: two come, and not a third.
#[test]
fn a_card_tops_up_by_itself_and_never_above_its_ceiling() {
    let shop = Shop::with("40.00", &["--cloud-delay-seconds", "0"]);
    let card = shop.card(GOOD);
    wants(&shop, &card, ("50.00", "200.00", "500.00", "never"));
    let cash = |cash: &str| {
        eventually(cash, || {
            let wallet = shop.served.get(&shop.customer.key, "/v1/wallet").good();
            (wallet["cash"] == cash).then_some(())
        });
    };
    cash("240.00");
    // 200.00 are spent: that leaves 40.00, and the second comes.
    let pack =
        json!({ "product": "container-pack", "options": { "spec": "1U1G", "hours": "720" }, "quantity": 2 });
    shop.served.post(&shop.customer.key, "/v1/orders", &json!({ "pay": true, "items": [pack] })).good();
    eventually("the second", || {
        (payments(&shop).iter().filter(|it| it["state"] == "captured").count() == 2).then_some(())
    });
    let again = json!({ "pay": true, "items": [pack] });
    shop.served.post(&shop.customer.key, "/v1/orders", &again).good();
    let left = shop.served.get(&shop.customer.key, "/v1/wallet").good()["available"].clone();
    assert_eq!(left, "48.32", "40.00 + 400.00 - 4 x 97.92");
    is_left_alone(&shop);
    assert_eq!(payments(&shop).len(), 2, "the month is used up");
    assert_eq!(shop.gateway.charged(), 40_000);
    shop.is_sound();
}

#[test]
fn a_card_that_asks_or_declines_is_left_alone_for_a_day() {
    for number in [ASKS_FOR_PROOF, DECLINED_AT_CHARGE] {
        let shop = Shop::with("1.00", &[]);
        let card = shop.card(number);
        wants(&shop, &card, ("50.00", "200.00", "500.00", "at_once"));
        eventually("a refusal", || payments(&shop).iter().any(|it| it["state"] == "failed").then_some(()));
        is_left_alone(&shop);
        assert_eq!(payments(&shop).len(), 1);
        assert_eq!((shop.gateway.charged(), shop.gateway.holds()), (0, 0));
        shop.wallet_is("1.00", "0.00");
    }
}

#[test]
fn what_cannot_be_wanted_is_refused() {
    let shop = Shop::with("100.00", &[]);
    let card = shop.card(GOOD);
    let set = |below: &str, amount: &str, ceiling: &str| {
        let body = json!({ "card": card, "below": below, "amount": amount, "ceiling": ceiling }).to_string();
        let headers = ["content-type: application/json"];
        shop.served.call("PUT", "/v1/card-rule", &shop.customer.key, &headers, body.as_bytes())
    };
    shop.refused(&set("0.00", "10.00", "10.00"), 422, "field_invalid");
    shop.refused(&set("1.00", "3.00", "10.00"), 422, "amount_below_minimum");
    shop.refused(&set("1.00", "10.00", "9.00"), 422, "field_invalid");
    assert_eq!(shop.served.get(&shop.customer.key, "/v1/card-rule").good()["rule"], Value::Null);
    set("1.00", "10.00", "10.00").good();
    assert_eq!(shop.served.get(&shop.customer.key, "/v1/card-rule").good()["rule"]["ceiling"], "10.00");
    shop.served.call("DELETE", "/v1/card-rule", &shop.customer.key, &[], b"").good();
    assert_eq!(shop.served.get(&shop.customer.key, "/v1/card-rule").good()["rule"], Value::Null);
}

/// What somebody does at the gateway past the till is found, said once, and is over when it is undone.
#[test]
fn the_gateway_and_the_books_are_compared() {
    let shop = Shop::with("300.00", &["--cloud", "external"]);
    let card = shop.card(GOOD);
    let orders = shop.orders(1);
    let id = shop.paying(&orders, &card);
    shop.becomes(&id, "held");
    let compared = || {
        let found = shop.served.post(&shop.served.operator, "/v1/card-differences", &json!({})).good();
        found["items"].as_array().unwrap().clone()
    };
    assert!(compared().is_empty());
    let intent = shop.gateway.intents()[0]["id"].as_str().unwrap().to_string();
    let form = format!(
        "amount=20796&currency=cny&payment_method=pm_card_visa&confirm=true&metadata[till_payment]={id}"
    );
    let twice = shop.gateway.call("POST", "/v1/payment_intents", &form).good();
    let stranger = "pay_019eb7696c008cf183c2a061049531a6";
    let form = format!(
        "amount=900&currency=cny&payment_method=pm_card_visa&confirm=true&metadata[till_payment]={stranger}"
    );
    shop.gateway.call("POST", "/v1/payment_intents", &form).good();
    shop.gateway.call("POST", &format!("/v1/payment_intents/{intent}/cancel"), "").good();
    let mut kinds: Vec<String> =
        compared().iter().map(|it| it["kind"].as_str().unwrap().to_string()).collect();
    kinds.sort();
    assert_eq!(kinds, ["state", "twice", "unknown"]);
    assert_eq!(compared().len(), 3, "said once");
    let of = compared().into_iter().find(|it| it["kind"] == "twice").unwrap();
    assert_eq!(
        (&of["payment"], &of["intent"], &of["account"]),
        (&json!(id), &twice["id"], &json!(shop.customer.account))
    );
    assert!(shop.served.get(&shop.customer.key, "/v1/card-differences").status == 403);
}
