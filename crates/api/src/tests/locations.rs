//! Where what was made is found: each 201 says it, and whoever goes there finds it.

use super::super::asked::Asked;
use super::{pack, server};
use crate::books::small_book;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Operations of the document that answer 201, with whether each says a Location.
fn made() -> Vec<(String, bool)> {
    let document = serde_json::to_value(crate::document()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let answer = &operation["responses"]["201"];
            if !answer.is_null() {
                let line = format!("{} {path}", method.to_uppercase());
                found.push((line, answer["headers"]["Location"].is_object()));
            }
        }
    }
    found
}

#[test]
fn every_201_of_the_document_says_a_location() {
    let all = made();
    assert!(all.len() >= 10, "{all:?}");
    assert!(all.iter().all(|it| it.1), "{all:?}");
}

/// A till whose operator makes things, and the operations that were tried.
struct Made {
    till: Asked,
    account: String,
    tried: BTreeSet<String>,
}

impl Made {
    /// Makes something, twice under one Idempotency-Key, and goes where it is said to be. What is found there.
    async fn follow(&mut self, line: &str, path: &str, body: &Value) -> Value {
        self.tried.insert(line.to_string());
        let (method, _) = line.split_once(' ').unwrap();
        let headers = [
            ("content-type", "application/json"),
            ("till-account", &self.account),
            ("idempotency-key", path),
        ];
        let is_of_account = [
            "orders",
            "changes",
            "conversions",
            "renewals",
            "refunds",
            "projects",
            "budgets",
            "sales-requests",
            "accept",
            "mail-addresses",
            "vouchers/redeem",
        ]
        .iter()
        .any(|it| line.contains(it));
        let headers: Vec<(&str, &str)> = match is_of_account {
            true => headers.to_vec(),
            false => headers.into_iter().filter(|it| it.0 != "till-account").collect(),
        };
        let key = self.till.operator.clone();
        let mut places = Vec::new();
        for _ in 0..2 {
            let (response, answer) = self.till.send((method, path, &key), &headers, &body.to_string()).await;
            assert_eq!(response.status(), 201, "{line}: {answer}");
            let place = response.headers().get("location").unwrap_or_else(|| panic!("{line} says no place"));
            places.push(place.to_str().unwrap().to_string());
        }
        assert_eq!(places[0], places[1], "{line}: the same answer once more");
        let (response, found) = self.till.send(("GET", &places[0], &key), &headers[1..], "").await;
        assert_eq!(response.status(), 200, "{line}: {} {found}", places[0]);
        found
    }
}

impl Made {
    /// Something that was bought, and is there.
    async fn delivered(&mut self, item: Value) -> Value {
        let headers = [("content-type", "application/json"), ("till-account", self.account.as_str())];
        let key = self.till.operator.clone();
        let body = json!({"pay": true, "items": [item]}).to_string();
        let (_, bought) = self.till.send(("POST", "/v1/orders", &key), &headers, &body).await;
        let (status, now) = self.till.post("/v1/clock/advance", json!({"to": "2026-06-15T01:00:00Z"})).await;
        assert_eq!(status, 200, "{now}");
        bought["orders"][0]["pieces"][0]["resource"].clone()
    }
}

#[tokio::test]
async fn whoever_follows_a_location_finds_what_was_made() {
    let till = Asked::new("2026-06-15T00:00:00Z");
    let account = till.customer("shop", "1000.00").await.to_string();
    let mut made = Made { till, account: account.clone(), tried: BTreeSet::new() };
    let shop = made.follow("POST /v1/accounts", "/v1/accounts", &json!({"name": "other"})).await;
    assert_eq!(shop["name"], "other");
    let paid = json!({"amount": "1.00", "reference": "bank/4711 ü?"});
    let top_ups = format!("/v1/accounts/{account}/top-ups");
    let found = made.follow("POST /v1/accounts/{account}/top-ups", &top_ups, &paid).await;
    assert_eq!((&found["reference"], &found["amount"]), (&paid["reference"], &paid["amount"]));
    let agreed = json!({"id": "c/17", "product": "container", "component": "compute", "amount": "0.15", "reason": "contract 17"});
    let prices = format!("/v1/accounts/{account}/contract-prices");
    let found = made.follow("POST /v1/accounts/{account}/contract-prices", &prices, &agreed).await;
    assert_eq!((&found["id"], &found["amount"]), (&agreed["id"], &agreed["amount"]));
    let key = json!({"name": "meter", "scopes": ["meter"]});
    let key = made.follow("POST /v1/keys", "/v1/keys", &key).await;
    let rotate = format!("/v1/keys/{}/rotate", key["id"].as_str().unwrap());
    let rotated = made.follow("POST /v1/keys/{key}/rotate", &rotate, &json!({})).await;
    assert!(rotated["name"] == key["name"] && rotated["id"] != key["id"], "the new one: {rotated}");
    let hook = json!({"url": "https://shop.example/till"});
    made.follow("POST /v1/webhooks", "/v1/webhooks", &hook).await;
    let project = made.follow("POST /v1/projects", "/v1/projects", &json!({"name": "website"})).await;
    assert_eq!(project["name"], "website");
    let budget = json!({"name": "all", "amount": "100.00"});
    let budget = made.follow("POST /v1/budgets", "/v1/budgets", &budget).await;
    assert_eq!(budget["name"], "all");
    let wanted = json!({"product": "container-pack", "quantity": 1, "message": "a trial month"});
    let wanted = made.follow("POST /v1/sales-requests", "/v1/sales-requests", &wanted).await;
    assert_eq!(wanted["message"], "a trial month");

    let address = json!({"mail": "finance@shop.example", "topics": ["finance"]});
    let path = "/v1/account/mail-addresses";
    let added = made.follow(&format!("POST {path}"), path, &address).await;
    assert_eq!(added["mail"], address["mail"]);

    let kept = json!({"files": small_book()});
    let path = "/v1/corrections/price-books";
    let book = made.follow(&format!("POST {path}"), path, &kept).await;
    assert_eq!((&book["name"], &book["files"]), (&json!("mine"), &small_book()));
    let correction = json!({"id": "ticket/4711", "kind": "rerate", "reason": "a wrong price", "book": book["book"],
        "from": "2026-06-01T00:00:00Z", "until": "2026-06-02T00:00:00Z"});
    let corrected = made.follow("POST /v1/corrections", "/v1/corrections", &correction).await;
    assert_eq!(corrected["id"], "ticket/4711");
    let proposal =
        json!({"id": "p/7", "files": small_book(), "from": "2099-01-01T00:00:00Z", "reason": "dearer power"});
    let path = "/v1/price-proposals";
    let proposed = made.follow(&format!("POST {path}"), path, &proposal).await;
    assert_eq!((&proposed["id"], &proposed["files"]), (&json!("p/7"), &small_book()));
    let apply = json!({"files": small_book()});
    made.follow("POST /v1/price-books", "/v1/price-books", &apply).await;
    let offer = json!({"account": account, "until": "2026-06-20T00:00:00Z",
        "items": [{"item": pack("2026-06"), "rate": "0.5"}]});
    let offer = made.follow("POST /v1/offers", "/v1/offers", &offer).await;
    let accept = format!("/v1/offers/{}/accept", offer["id"].as_str().unwrap());
    let taken = made.follow("POST /v1/offers/{offer}/accept", &accept, &json!({"pay": true})).await;
    assert_eq!(taken["offer"], offer["id"]);
    orders(&mut made).await;
    vouchers(&mut made).await;
    // They need a gateway, or sellers: `scenarios/tests/together/{cards,documents_api}.rs` follow them.
    let elsewhere =
        |line: &String| line.starts_with("POST /v1/card") || line.starts_with("POST /v1/documents/");
    let all = self::made().into_iter().map(|it| it.0).filter(|it| !elsewhere(it));
    assert_eq!(made.tried, all.collect());
}

/// A voucher, and one that a code gives.
async fn vouchers(made: &mut Made) {
    let voucher =
        json!({"account": made.account, "name": "spring", "amount": "1.00", "until": "2026-07-01T00:00:00Z"});
    let voucher = made.follow("POST /v1/vouchers", "/v1/vouchers", &voucher).await;
    assert_eq!((&voucher["name"], &voucher["left"]), (&json!("spring"), &json!("1.00")));
    let code = json!({"code": "SPRING-26", "name": "summer", "amount": "2.00", "times": 1, "until": "2026-07-01T00:00:00Z",
        "voucher_days": 30});
    let code = made.follow("POST /v1/promotion-codes", "/v1/promotion-codes", &code).await;
    assert_eq!(code["code"], "SPRING-26");
    let redeem = json!({"code": "SPRING-26"});
    let redeemed = made.follow("POST /v1/vouchers/redeem", "/v1/vouchers/redeem", &redeem).await;
    assert_eq!(redeemed["name"], "summer");
}

/// What is bought, and what becomes of it.
async fn orders(made: &mut Made) {
    let order = json!({"items": [server(), pack("2026-06")]});
    let first = made.follow("POST /v1/orders", "/v1/orders", &order).await;
    assert_eq!(first["product"], "server", "of several the first");
    let resource = made.delivered(server()).await;
    let changed = json!({"resource": resource, "options": {"bandwidth": 2}, "pay": true});
    let changed = made.follow("POST /v1/changes", "/v1/changes", &changed).await;
    assert_eq!(changed["action"], "upgrade");
    let renewed = json!({"items": [{"resource": resource, "months": 1}]});
    let renewed = made.follow("POST /v1/renewals", "/v1/renewals", &renewed).await;
    assert_eq!(renewed["action"], "renew");
    let resource = made.delivered(server()).await;
    let back = made.follow("POST /v1/refunds", "/v1/refunds", &json!({"resource": resource})).await;
    assert_eq!((&back["resource"], &back["way"]), (&json!(resource), &json!("whole")));
    let by_use = json!({"product": "server", "options": {"charge": "payg", "region": "guangzhou", "zone": "guangzhou-1",
        "type": "S1.SMALL1"}});
    let resource = made.delivered(by_use).await;
    let converted = json!({"resource": resource, "months": 1});
    let converted = made.follow("POST /v1/conversions", "/v1/conversions", &converted).await;
    assert_eq!(converted["action"], "convert");
    let disk = json!({"product": "disk", "months": 1, "options": {"charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1",
        "type": "premium", "size": 100}});
    let resource = made.delivered(disk).await;
    let line = "POST /v1/conversions/by-use";
    let back = made.follow(line, "/v1/conversions/by-use", &json!({"resource": resource})).await;
    assert_eq!((&back["resource"], &back["way"]), (&json!(resource), &json!("converted")));
}
