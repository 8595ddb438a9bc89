//! Vouchers over the API: given, chosen for an order, paid with, looked at; promotion codes; and everything that is refused.
//!
//! In:  a real server. Out: vouchers, orders with what they pay, refusals with their codes and fields.
//! Source: R-VOU-1 to R-VOU-5, R-PAY-1; issue 14.

use crate::support::served::{Answer, Customer, Served, eventually};
use serde_json::{Value, json};

fn refused(answer: &Answer, status: u16, code: &str, field: Option<&str>) {
    let said = answer.json();
    assert_eq!((answer.status, said["code"].as_str().unwrap()), (status, code), "{said}");
    assert_eq!(said["field"].as_str(), field, "{said}");
}

fn voucher(shop: &Customer, name: &str, amount: &str, more: Value) -> Value {
    let mut body =
        json!({ "account": shop.account, "name": name, "amount": amount, "until": "2100-01-01T00:00:00Z" });
    for (field, value) in more.as_object().unwrap() {
        body[field] = value.clone();
    }
    body
}

/// A server for a year: 507.96.
fn item() -> Value {
    json!({ "product": "server", "name": "web", "months": 12,
        "options": { "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1" } })
}

fn started() -> (Served, Customer) {
    let served = Served::start(&["--rate-limit", "0", "--cloud-delay-seconds", "0"]);
    let shop = served.customer("shop", "1000.00");
    (served, shop)
}

fn soon(served: &Served) -> String {
    let now = served.get(&served.operator, "/v1/clock").good();
    let now = now["now"].as_str().unwrap().to_string();
    format!("{}-12-31T00:00:00Z", now[..4].parse::<u32>().unwrap() + 1)
}

#[test]
fn a_voucher_is_given_chosen_and_paid_with() {
    let (served, shop) = started();
    let until = json!({ "until": soon(&served) });
    let made =
        served.made(&served.operator, "/v1/vouchers", &voucher(&shop, "spring", "100.00", until.clone()));
    let id = made["id"].as_str().unwrap().to_string();
    assert_eq!((made["state"].as_str(), made["left"].as_str()), (Some("unused"), Some("100.00")));

    let asked = json!({ "items": [item()], "vouchers": { "automatic": true } });
    let quoted = served.post(&shop.key, "/v1/vouchers/quote", &asked).good();
    assert_eq!((quoted["total"].as_str(), quoted["due"].as_str()), (Some("507.96"), Some("407.96")));
    assert_eq!(quoted["vouchers"][0]["voucher"].as_str(), Some(id.as_str()));

    let placed = served
        .post(&shop.key, "/v1/orders", &json!({ "items": [item()], "vouchers": { "ids": [id] } }))
        .good();
    let order = placed["orders"][0]["id"].as_str().unwrap().to_string();
    assert_eq!(placed["orders"][0]["pieces"][0]["vouchers"].as_str(), Some("100.00"));
    let held = served.get(&shop.key, &format!("/v1/vouchers/{id}")).good();
    assert_eq!((held["state"].as_str(), held["held"].as_str()), (Some("frozen"), Some("100.00")));
    refused(
        &served.post(&served.operator, &format!("/v1/vouchers/{id}/withdraw"), &json!({})),
        409,
        "voucher_state_refused",
        None,
    );

    // Without it, with it once more, and paid.
    let choose = |body: Value| {
        let path = format!("/v1/orders/{order}/vouchers");
        served.call("PUT", &path, &shop.key, &["content-type: application/json"], body.to_string().as_bytes())
    };
    assert_eq!(choose(json!({})).good()["orders"][0]["pieces"][0]["vouchers"].as_str(), Some("0.00"));
    assert_eq!(
        choose(json!({ "automatic": true })).good()["orders"][0]["pieces"][0]["vouchers"].as_str(),
        Some("100.00")
    );
    served.post(&shop.key, &format!("/v1/orders/{order}/pay"), &json!({})).good();
    eventually("delivery", || {
        let found = served.get(&shop.key, &format!("/v1/orders/{order}")).good();
        (found["state"].as_str() == Some("delivered")).then_some(())
    });
    refused(&choose(json!({})), 409, "order_state_refused", None);
    let parts = served.get(&shop.key, &format!("/v1/orders/{order}/vouchers")).good()["vouchers"].clone();
    assert_eq!((parts[0]["amount"].as_str(), parts[0]["state"].as_str()), (Some("100.00"), Some("spent")));
    assert_eq!(parts[0]["name"], quoted["vouchers"][0]["name"]);
    let used = served.get(&shop.key, &format!("/v1/vouchers/{id}")).good();
    assert_eq!(used["used_for"][0]["order"].as_str(), Some(order.as_str()));
    let bills = served.get(&shop.key, "/v1/bills").good();
    let bill = &bills["items"][0];
    assert_eq!((bill["total"].as_str(), bill["vouchers"].as_str()), (Some("507.96"), Some("100.00")));
    assert_eq!(bill["paid"]["cash"].as_str(), Some("407.96"));
    let verified = served.get(&served.operator, "/v1/vouchers?state=used").good();
    assert_eq!(verified["items"].as_array().unwrap().len(), 1);

    // It is used up now: a quote refuses it as its order does.
    let again = json!({ "items": [item()], "vouchers": { "ids": [id] } });
    let [quoted, ordered] = ["/v1/vouchers/quote", "/v1/orders"].map(|path| {
        let answer = served.post(&shop.key, path, &again);
        (answer.status, answer.json()["code"].clone())
    });
    assert_eq!(quoted, ordered);
    assert_eq!(quoted.1, "voucher_used_up");
}

#[test]
fn what_a_voucher_does_not_pay_for_is_refused_with_its_field() {
    let (served, shop) = started();
    let other = served.customer("other", "1.00");
    let until = soon(&served);
    let give = |shop: &Customer, name: &str, scope: Value| {
        let body = voucher(shop, name, "10.00", json!({ "until": until, "scope": scope }));
        served.post(&served.operator, "/v1/vouchers", &body).good()["id"].as_str().unwrap().to_string()
    };
    let order = |vouchers: Value| {
        served.post(&shop.key, "/v1/orders", &json!({ "items": [item()], "vouchers": vouchers }))
    };
    let disks = give(&shop, "disks", json!({ "products": ["disk"] }));
    let large = give(&shop, "large", json!({ "min_spend": "507.97" }));
    let theirs = give(&other, "theirs", json!({}));
    refused(&order(json!({ "ids": [disks] })), 422, "voucher_out_of_scope", Some("vouchers"));
    refused(&order(json!({ "ids": [large] })), 422, "voucher_below_minimum", Some("vouchers"));
    refused(&order(json!({ "ids": [theirs] })), 404, "not_found", Some("vouchers"));
    refused(&order(json!({ "ids": ["nonsense"] })), 404, "not_found", Some("vouchers"));
    refused(&order(json!({ "ids": [disks, large] })), 422, "too_many_vouchers", Some("vouchers"));
    refused(&order(json!({ "ids": [disks, disks] })), 422, "named_twice", Some("vouchers"));
    refused(&order(json!({ "ids": [disks], "automatic": true })), 422, "voucher_invalid", Some("vouchers"));
    assert_eq!(served.get(&shop.key, "/v1/orders").good()["items"], json!([]));

    let bad =
        |more: Value| served.post(&served.operator, "/v1/vouchers", &voucher(&shop, "it", "10.00", more));
    refused(&bad(json!({ "until": "2001-01-01T00:00:00Z" })), 422, "voucher_invalid", Some("until"));
    refused(&bad(json!({ "until": until, "amount": "0.00" })), 422, "voucher_invalid", Some("amount"));
    refused(
        &bad(json!({ "until": until, "scope": { "products": ["cloud"] } })),
        422,
        "unknown_product",
        Some("products"),
    );
    refused(
        &bad(json!({ "until": until, "scope": { "regions": ["atlantis"] } })),
        422,
        "voucher_invalid",
        Some("regions"),
    );
    // Bills alone, and orders alone: that is nothing.
    refused(
        &bad(json!({ "until": until, "scope": { "modes": "post_paid", "actions": ["new"] } })),
        422,
        "voucher_invalid",
        Some("actions"),
    );
    refused(&bad(json!({ "until": until, "account": "nobody" })), 404, "not_found", Some("account"));
    assert_eq!(served.post(&shop.key, "/v1/vouchers", &voucher(&shop, "it", "10.00", json!({}))).status, 403);
    assert_eq!(served.get(&other.key, &format!("/v1/vouchers/{disks}")).status, 404);
    let limit = json!({ "vouchers_per_order": 2 }).to_string();
    let path = format!("/v1/accounts/{}", shop.account);
    let changed =
        served.call("PATCH", &path, &served.operator, &["content-type: application/json"], limit.as_bytes());
    assert_eq!(changed.good()["vouchers_per_order"].as_u64(), Some(2));
}

#[test]
fn a_promotion_code_is_redeemed_once_by_each() {
    let (served, shop) = started();
    let (other, third) = (served.customer("other", "1.00"), served.customer("third", "1.00"));
    let code = json!({ "code": "spring-26", "name": "Spring", "amount": "20.00", "times": 2, "until": soon(&served), "voucher_days": 30 });
    let made = served.made(&served.operator, "/v1/promotion-codes", &code);
    assert_eq!((made["code"].as_str(), made["redeemed"].as_u64()), (Some("SPRING-26"), Some(0)));
    refused(
        &served.post(&served.operator, "/v1/promotion-codes", &code),
        409,
        "promotion_code_taken",
        Some("code"),
    );
    let redeem =
        |who: &Customer, code: &str| served.post(&who.key, "/v1/vouchers/redeem", &json!({ "code": code }));
    let voucher = served.made(&shop.key, "/v1/vouchers/redeem", &json!({ "code": " Spring-26 " }));
    assert_eq!((voucher["face"].as_str(), voucher["code"].as_str()), (Some("20.00"), made["id"].as_str()));
    refused(&redeem(&shop, "SPRING-26"), 409, "promotion_code_redeemed", Some("code"));
    refused(&redeem(&other, "WINTER"), 422, "promotion_code_unknown", Some("code"));
    redeem(&other, "SPRING-26").good();
    refused(&redeem(&third, "SPRING-26"), 409, "promotion_code_used_up", Some("code"));
    let path = format!("/v1/promotion-codes/{}/withdraw", made["id"].as_str().unwrap());
    assert!(served.post(&served.operator, &path, &json!({})).good()["withdrawn"].is_string());
    refused(&redeem(&third, "SPRING-26"), 409, "promotion_code_out_of_time", Some("code"));
    assert_eq!(served.get(&shop.key, "/v1/promotion-codes").status, 403);
    let all = served.get(&served.operator, "/v1/promotion-codes").good();
    assert_eq!(all["items"][0]["redeemed"].as_u64(), Some(2));
}
