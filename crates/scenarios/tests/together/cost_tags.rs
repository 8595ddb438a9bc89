//! Cost tags over the API and on the website, and the cost page cut by one; months ahead that are paid for.
//!
//! In:  a till on a test clock. Out: costs by a tag, from its month on.
//! Source: R-ALC-2, R-AMO-1.

use crate::support::people::signed_in;
use crate::support::served::{Answer, Customer, Served, eventually};
use serde_json::{Value, json};

/// A till at the begin of June with a customer who has a container, tagged.
fn served() -> (Served, Customer) {
    let served = Served::start(&[
        "--rate-limit",
        "0",
        "--cloud-delay-seconds",
        "0",
        "--test-clock",
        "2026-06-01 00:00:00",
    ]);
    let shop = served.customer("shop", "1000.00");
    let options = json!({ "region": "guangzhou", "spec": "1U1G" });
    let item = json!({ "product": "container", "name": "c", "options": options });
    served.post(&shop.key, "/v1/orders", &json!({ "pay": true, "items": [item] })).good();
    let resource = eventually("delivery", || {
        let found = served.get(&shop.key, "/v1/resources").good();
        found["items"][0]["id"].as_str().map(str::to_string)
    });
    let change = json!({ "tags": { "team & co": "red" } }).to_string();
    let headers = ["content-type: application/json"];
    served.call("PATCH", &format!("/v1/resources/{resource}"), &shop.key, &headers, change.as_bytes()).good();
    (served, shop)
}

fn set(served: &Served, shop: &Customer, keys: &Value) -> Answer {
    let body = json!({ "keys": keys }).to_string();
    served.call("PUT", "/v1/cost-tags", &shop.key, &["content-type: application/json"], body.as_bytes())
}

fn groups(served: &Served, shop: &Customer, query: &str) -> Vec<(Value, Value)> {
    let list = served.get(&shop.key, &format!("/v1/bills/costs?{query}")).good();
    let group = |it: &Value| (it["value"].clone(), it["total"].clone());
    list["items"].as_array().unwrap().iter().map(group).collect()
}

/// All of June is 720 h × 0.17 = 122.40, a sum over the account, whatever was no cost tag before the tenth.
#[test]
fn cost_tags_are_set_listed_and_cut_by_over_the_api() {
    let (served, shop) = served();
    assert_eq!(served.get(&shop.key, "/v1/cost-tags").good(), json!({ "tags": [], "most": 15 }));
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": "2026-06-10T04:00:00Z" })).good();
    let tags = json!({ "tags": [{ "key": "team & co", "since": "2026-06" }], "most": 15 });
    assert_eq!(set(&served, &shop, &json!(["team & co"])).good(), tags);
    assert_eq!(set(&served, &shop, &json!(["team & co", "team & co"])).good(), tags, "the same again");
    let sixteen: Vec<String> = (0..16).map(|it| it.to_string()).collect();
    let refused = set(&served, &shop, &json!(sixteen));
    assert_eq!((refused.status, &refused.json()["code"]), (422, &json!("too_many_cost_tags")));
    assert_eq!(refused.json()["field"], "keys");
    let refused = set(&served, &shop, &json!(["a:b"]));
    assert_eq!((refused.status, &refused.json()["field"]), (422, &json!("keys")));
    assert_eq!(served.get(&shop.key, "/v1/cost-tags").good(), tags, "what is refused changes nothing");

    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": "2026-06-30T17:00:00Z" })).good();
    let by = "by=tag%3Ateam%20%26%20co";
    let red = [(json!("red"), json!("122.40"))];
    assert_eq!(groups(&served, &shop, &format!("month=2026-06&{by}")), red);
    assert_eq!(groups(&served, &shop, &format!("month=2026-07&basis=paid&{by}")), red);
    let untagged = [(Value::Null, json!("122.40"))];
    assert_eq!(groups(&served, &shop, "month=2026-06&by=tag:stage"), untagged);
    assert_eq!(groups(&served, &shop, "month=2026-06&by=project"), untagged, "no project");
}

#[test]
fn cost_tags_are_made_and_cut_by_on_the_website() {
    let (served, _shop) = served();
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let page = ann.get("/cost/tags");
    page.has("No cost tags").has("team &amp; co");
    let refused = ann.submit(&page, "/cost/tags", &[("keys", "a:b")]);
    assert_eq!(refused.status, 422);
    let page = ann.get("/cost/tags");
    ann.submit(&page, "/cost/tags", &[("keys", "team & co")])
        .has("June 2026")
        .lacks("on none of your resources");
    let page = ann.get("/cost/tags");
    page.has("when it was billed");
    ann.submit(&page, "/cost/tags", &[("keys", "later")]).has("on none of your resources now");
    let page = ann.get("/cost/tags");
    ann.submit(&page, "/cost/tags/remove", &[("keys", "later")]).lacks("on none of your resources");
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": "2026-06-30T17:00:00Z" })).good();
    let page = ann.get("/cost?month=2026-06");
    page.has("By tag team &amp; co").has("by=tag%3Ateam+%26+co");
    page.has("What cost most").has("href=\"/charges?month=2026-06&amp;product=");
    ann.get("/cost?month=2026-06&basis=consumed").lacks("What cost most");
    ann.get("/cost?month=2026-06&by=tag%3Ateam+%26+co").has(">red<").has("122.40");
    ann.get("/cost?month=2026-06&by=project").has("No project");
    assert_eq!(ann.get("/cost?month=2026-06&by=tag%3Aother").status, 400);
    let page = ann.get("/cost/tags");
    ann.submit(&page, "/cost/tags/remove", &[("keys", "team & co")]).has("No cost tags");
    // It counts in June as before.
    ann.get("/cost?month=2026-06&by=tag%3Ateam+%26+co").has(">red<");
}

/// A server for three months from June 1 on: what is consumed of it lies in June, July and August.
#[test]
fn months_ahead_that_are_paid_for_can_be_looked_at() {
    let (served, shop) = served();
    let options =
        json!({ "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1" });
    let item = json!({ "product": "server", "name": "web", "months": 3, "options": options });
    served.post(&shop.key, "/v1/orders", &json!({ "pay": true, "items": [item] })).good();
    eventually("delivery", || {
        let bills = served.get(&shop.key, "/v1/bills?kind=prepaid_new").good();
        bills["items"][0]["id"].is_string().then_some(())
    });
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let page = ann.get("/cost?basis=consumed&by=product");
    page.has("/cost?month=2026-07&amp;by=product&amp;basis=consumed");
    page.has("/cost?month=2026-08&amp;by=product&amp;basis=consumed");
    page.lacks("month=2026-10&amp;");
    // The account was opened in June.
    page.lacks("month=2026-05&amp;");
    ann.get("/cost?month=2026-08&by=product&basis=consumed").lacks("Nothing was consumed");
    ann.get("/cost?by=product").lacks("Months ahead");
}
