//! What an account has to do something about stands at the top of its overview: what it owes, and what will not be renewed.
//!
//! In:  a real server and browsers without a screen. Out: banners with sums, what is stopped, what comes next, and the way to top up.
//! Source: R-ARR-1, R-ARR-4, R-ARR-8, R-REN-2.

use crate::support::people::{bought_server, shop, signed_in};
use crate::support::served::{Served, eventually};
use serde_json::json;

fn advance(served: &Served, to: &str) {
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": to })).good();
}

/// 1.00 and a server of 0.42 an hour from 00:00 on (UTC+8): 0.26 are owed at 03:00, 1.10 at 05:00, when it stops.
#[test]
fn who_owes_is_told_what_is_stopped_and_what_comes_next() {
    let arguments =
        ["--rate-limit", "0", "--cloud-delay-seconds", "0", "--test-clock", "2026-06-01 00:00:00"];
    let served = Served::start(&arguments);
    let shop = served.customer("shop", "1.00");
    let server = json!({ "items": [{ "product": "server", "name": "web", "options": {
        "charge": "payg", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1" } }], "pay": true });
    served.post(&shop.key, "/v1/orders", &server).good();

    advance(&served, "2026-05-31T19:15:00Z");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    ann.get("/")
        .has("banner bad")
        .has("You owe 0.26 CNY since")
        .has("Until that is paid nothing new can be bought.")
        .has("Next, on")
        .has("href=\"/top-up?sum=0.26\"")
        .lacks("Stopped or limited already");

    advance(&served, "2026-05-31T21:15:00Z");
    let mut bob = signed_in(&served, "bob@example.com", "owner", Some("shop"));
    eventually("the stop", || bob.get("/").text().contains("Stopped or limited already: web.").then_some(()));
    bob.get("/").has("You owe 1.10 CNY since").has("Next, on");
    served.customer("rich", "100.00");
    let mut ria = signed_in(&served, "ria@example.com", "owner", Some("rich"));
    ria.get("/").lacks("banner bad").lacks("You owe");
}

/// Six servers of 0.42 an hour out of 3.00: 2.04 are owed at 02:00, and all of them stop two hours later. Five are named.
#[test]
fn of_many_that_are_stopped_the_first_are_named() {
    let arguments =
        ["--rate-limit", "0", "--cloud-delay-seconds", "0", "--test-clock", "2026-06-01 00:00:00"];
    let served = Served::start(&arguments);
    let many = served.customer("many", "3.00");
    let servers = json!({ "items": [{ "product": "server", "name": "web", "quantity": 6, "options": {
        "charge": "payg", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1" } }], "pay": true });
    served.post(&many.key, "/v1/orders", &servers).good();

    advance(&served, "2026-05-31T21:15:00Z");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("many"));
    eventually("the stop", || {
        let page = ann.get("/");
        let said = "Stopped or limited already: ";
        (page.text().contains(said) && page.between(said, "</p>").contains('…')).then_some(())
    });
    let names = ann.get("/").between("Stopped or limited already: ", "…");
    assert_eq!(names.split(", ").filter(|it| it.starts_with("web-")).count(), 5, "{names}");
}

/// 51.00 for a month of `old`, and 1.00 for `web` as above: once that is gone, nothing more is taken for what is owed. `old` ends at its
/// deadline, which the list says and the banner does not.
#[test]
fn what_ends_at_its_deadline_is_not_said_to_end_for_arrears() {
    let arguments =
        ["--rate-limit", "0", "--cloud-delay-seconds", "0", "--test-clock", "2026-06-01 00:00:00"];
    let served = Served::start(&arguments);
    let shop = served.customer("shop", "52.00");
    for (name, charge, months) in [("old", "prepaid", 1), ("web", "payg", 0)] {
        let mut item = json!({ "product": "server", "name": name, "options": {
            "charge": charge, "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1" } });
        if months > 0 {
            item["months"] = json!(months);
        }
        served.post(&shop.key, "/v1/orders", &json!({ "items": [item], "pay": true })).good();
    }
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    advance(&served, "2026-05-31T21:15:00Z");
    eventually("the stop", || ann.get("/").text().contains("Stopped or limited already: web.").then_some(()));
    ann.get("/").has("Next, on 2 June 2026, 05:").has(": web, Released.");
    advance(&served, "2026-06-15T00:00:00Z");
    let mut bob = signed_in(&served, "bob@example.com", "owner", Some("shop"));
    eventually("the release", || (!bob.get("/").text().contains("Stopped or limited")).then_some(()));
    bob.get("/").has("You owe").has("Expires").has("Released").lacks("Next, on");
}

/// 60.00 less 51.00 leave 9.00: the renewal of 51.00 fails on the day of the deadline, at the deadline and on six days more.
#[test]
fn a_renewal_that_will_fail_is_told_once_with_what_it_needs() {
    let served = shop("60.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let web = bought_server(&mut ann, "web", "o.charge=prepaid&months=1");
    ann.get("/").lacks("will not be renewed");
    let path = format!("/resources/{web}");
    let page = ann.get(&path);
    ann.submit(&page, &format!("{path}/renewal"), &[("renewal", "auto")]);

    ann.get("/")
        .has("web will not be renewed by itself on")
        .has("It costs 51.00 CNY. Available now: 9.00 CNY")
        .has("href=\"/top-up?sum=42.00\"");
    let forecast = ann.get("/forecast");
    forecast.has("7 more attempts fail, until");
    assert_eq!(forecast.text().matches("Is not renewed: too little is there").count(), 1);
}

/// 60.00 less 51.00 leave 9.00: a month more of 51.00 is ordered, waits for a day, and is cancelled.
#[test]
fn an_order_that_is_not_paid_stands_on_the_overview_until_it_closes() {
    let served = shop("60.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let web = bought_server(&mut ann, "web", "o.charge=prepaid&months=1");
    ann.get("/").lacks("to pay for ");
    let review = ann.get(&format!("/renew/review?mark={web}&months=1"));
    let pay = ann.submit(&review, "/renew/review", &[("by", "later")]);
    assert!(pay.path.ends_with("/pay"), "{}", pay.path);
    ann.get("/").has("51.00 CNY to pay for ").has("not paid yet").has(&format!("href=\"{}\"", pay.path));
    ann.language = "zh";
    ann.get("/").has("待支付：");
    ann.language = "en";
    let mut reader = signed_in(&served, "rea@example.com", "read_only", Some("shop"));
    reader.get("/").has("51.00 CNY to pay for ").lacks(&format!("href=\"{}\"", pay.path));
    let order = pay.path.trim_end_matches("/pay").to_string();
    let page = ann.get(&order);
    ann.submit(&page, &format!("{order}/cancel"), &[]).has("Cancelled");
    ann.get("/").lacks("to pay for ");
}
