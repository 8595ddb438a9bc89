//! Credit lines and cards: what is owed within the credit waits, what goes beyond it is collected at once, and what cannot be collected is withheld.
//!
//! In:  real servers, `localstripe`. Out: money that came by itself; arrears where it did not; sound books.
//! Source: R-ARR-9.

use crate::support::buyer::{DECLINED_AT_CHARGE, GOOD, Shop};
use crate::support::served::{Answer, Customer, eventually};
use serde_json::{Value, json};

fn credit(shop: &Shop, limit: &str) -> Answer {
    let path = format!("/v1/accounts/{}/credit", shop.customer.account);
    let body = json!({ "limit": limit, "reason": "contract 17" }).to_string();
    shop.served.call(
        "PUT",
        &path,
        &shop.served.operator,
        &["content-type: application/json"],
        body.as_bytes(),
    )
}

fn stands(shop: &Shop) -> Value {
    shop.served.get(&shop.customer.key, "/v1/account/credit").good()
}

/// A server of 51.00 on 1.00 of money and 60.00 of credit: 50.00 are owed, and a card stands ready to pay them.
fn owing(number: &str) -> Shop {
    let shop = Shop::with("1.00", &["--cloud-delay-seconds", "0"]);
    credit(&shop, "60.00").good();
    let options = json!({ "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1",
        "network": "none" });
    let order = json!({ "pay": true, "items": [{ "product": "server", "months": 1, "options": options }] });
    shop.served.post(&shop.customer.key, "/v1/orders", &order).good();
    eventually("the delivery", || (stands(&shop)["used"] == "50.00").then_some(()));
    let card = shop.card(number);
    comes_by_itself(&shop, &shop.customer, &card, "0.00");
    shop
}

/// From now on 200.00 come by this card where the wallet is below so much, and debts are collected at once.
fn comes_by_itself(shop: &Shop, customer: &Customer, card: &str, below: &str) {
    let rule = json!({ "card": card, "below": below, "amount": "200.00", "ceiling": "500.00", "collect": "at_once" });
    let headers = ["content-type: application/json"];
    let body = rule.to_string();
    shop.served.call("PUT", "/v1/card-rule", &customer.key, &headers, body.as_bytes()).good();
}

/// Waits until it was looked whose wallet is low and who owes: another customer, whose turn comes after all who waited before, is
/// charged 200.00 for having less than 5.00.
fn has_been_looked(shop: &Shop) {
    let other = shop.served.customer("other", "1.00");
    let token = shop.gateway.card(GOOD);
    let card = shop.served.post(&other.key, "/v1/cards", &json!({ "token": token })).good();
    comes_by_itself(shop, &other, card["id"].as_str().unwrap(), "5.00");
    eventually("the other customer's money", || {
        let wallet = shop.served.get(&other.key, "/v1/wallet").good();
        (wallet["cash"] == "201.00").then_some(())
    });
}

fn payments(shop: &Shop) -> Vec<Value> {
    let found = shop.served.get(&shop.customer.key, "/v1/card-payments").good();
    found["items"].as_array().unwrap().clone()
}

/// With 30.00 of credit 20.00 too much are owed: all of it, 50.00, is collected.
#[test]
fn what_goes_beyond_the_credit_is_collected_at_once_and_all_of_it() {
    let shop = owing(GOOD);
    assert_eq!(stands(&shop)["available"], "10.00");
    has_been_looked(&shop);
    assert!(payments(&shop).is_empty(), "within the credit nothing is collected before its day");
    credit(&shop, "30.00").good();
    eventually("the collection", || (stands(&shop)["used"] == "0.00").then_some(()));
    let seen = stands(&shop);
    assert_eq!((&seen["limit"], &seen["available"]), (&json!("30.00"), &json!("30.00")));
    assert_eq!(shop.gateway.charged(), 20_000 + 5_000);
    shop.is_sound();
}

#[test]
fn what_cannot_be_collected_withholds_the_credit_until_it_is_paid() {
    let shop = owing(DECLINED_AT_CHARGE);
    credit(&shop, "30.00").good();
    eventually("the refusal", || stands(&shop)["withheld"].is_string().then_some(()));
    assert_eq!(stands(&shop)["available"], "-50.00");
    let paid = json!({ "amount": "50.00", "reference": "by bank" });
    let top_ups = format!("/v1/accounts/{}/top-ups", shop.customer.account);
    shop.served.post(&shop.served.operator, &top_ups, &paid).good();
    let seen = stands(&shop);
    assert_eq!((&seen["withheld"], &seen["available"]), (&Value::Null, &json!("30.00")));
    shop.is_sound();
}

#[test]
fn who_may_say_what_of_it() {
    let shop = Shop::with("1.00", &[]);
    assert_eq!((&stands(&shop)["limit"], &stands(&shop)["since"]), (&json!("0.00"), &Value::Null));
    let path = format!("/v1/accounts/{}/credit", shop.customer.account);
    let body = json!({ "limit": "9999.00", "reason": "mine" }).to_string();
    let headers = ["content-type: application/json"];
    let own = shop.served.call("PUT", &path, &shop.customer.key, &headers, body.as_bytes());
    assert_eq!(own.status, 403);
    let set = credit(&shop, "9999.00").good();
    assert_eq!(credit(&shop, "9999.00").good(), set, "the same again changes nothing");
}
