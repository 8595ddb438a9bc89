//! Refunds on the website: the sum and how it comes about first, then the refund, done once; lists of a customer and of the operator.
//!
//! In:  a real server and browsers without a screen. Out: what goes back once, or refusals that change nothing.
//! Source: R-REF-1, R-REF-2, R-REF-5.

use crate::support::people::{bought_server, shop, signed_in};
use crate::support::served::{Served, eventually};
use serde_json::json;

#[test]
fn a_refund_is_explained_and_made_once() {
    let served = shop("1000.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let web = bought_server(&mut ann, "web", "o.charge=prepaid&months=12");
    ann.get(&format!("/resources/{web}")).has(&format!("/refund?resource={web}"));
    let page = ann.get(&format!("/refund?resource={web}"));
    page.has("All that was paid goes back").has("507.96").has("Refund now").lacks("Nothing goes back");
    // It is asked once more, and says for how long the server lies in the bin.
    page.has("href=\"#sure\"")
        .has("Refund web?")
        .has("lies in the bin for 7 days")
        .lacks("What vouchers paid");
    let refused = ann.send(&page, "/refund", &[("least", "50797")]);
    assert_eq!(refused.status, 409);
    let first = ann.send(&page, "/refund", &[]);
    let again = ann.send(&page, "/refund", &[]);
    let to = first.answer.header("location").unwrap().to_string();
    assert_eq!(Some(to.as_str()), again.answer.header("location"));
    let made = ann.get(&to);
    made.has("Went back").has("507.96").has("To the balance").lacks("Goes back");
    let bill = made.between("href=\"/bills/", "\"");
    ann.get(&format!("/bills/{bill}")).has("Billed on ").lacks("Used from");
    ann.get("/refunds").has("web").has("507.96");
    ann.get("/").has("1,000.00").lacks("492.04");
    ann.get(&format!("/resources/{web}"))
        .has("Refunded, into the bin")
        .lacks("/refund?resource=")
        .lacks("Take out of the bin");
    ann.get(&format!("/refund?resource={web}")).has("It was refunded before");
    let mut carl = signed_in(&served, "carl@example.com", "administrator", None);
    carl.get("/operator/refunds").has("507.96").has("shop");
}

#[test]
fn who_may_not_buy_gives_nothing_back_and_what_is_paid_by_use_is_not_refunded() {
    let served = shop("100.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let job = bought_server(&mut ann, "job", "o.charge=payg");
    ann.get(&format!("/resources/{job}")).lacks("/refund?resource=");
    let refused = ann.get(&format!("/refund?resource={job}"));
    refused.has("It is not refunded").has("What would go back of job now").lacks("Refund now");
    ann.get("/refund").has("Refunds");
    for wrong in ["resource=dull", "pack="] {
        assert_eq!(ann.get(&format!("/refund?{wrong}")).status, 404, "{wrong}");
    }
    let mut reader = signed_in(&served, "rea@example.com", "read_only", Some("shop"));
    assert_eq!(reader.get(&format!("/refund?resource={job}")).status, 403);
}

/// 102.00 for June; on the 28th, after 648 hours at 0.32, 0.16 and 0.1088, 96 × 0.32 + 264 × 0.16 + 288 × 0.1088 = 104.2944 were
/// used: nothing is left, neither for a refund nor for a smaller type. Source: R-REF-2, R-CHG-3.
#[test]
fn where_nothing_goes_back_the_page_warns_and_the_bill_of_a_downgrade_says_that_nothing_moved() {
    let clock = ["--test-clock", "2026-06-01 00:00:00", "--cloud-delay-seconds", "0", "--rate-limit", "0"];
    let served = Served::start(&clock);
    let shop = served.customer("shop", "200.00");
    let options = json!({ "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "S2.MEDIUM4",
        "network": "none" });
    let item = json!({ "product": "server", "name": "web", "months": 1, "options": options });
    served.post(&shop.key, "/v1/orders", &json!({ "pay": true, "items": [item] })).good();
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": "2026-06-28T00:00:00+08:00" })).good();
    let found = served.get(&shop.key, "/v1/resources").good();
    let web = found["items"][0]["id"].as_str().unwrap().to_string();
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    ann.get(&format!("/refund?resource={web}")).has("Nothing goes back: what was used").has("Refund now");
    ann.language = "zh";
    ann.get(&format!("/refund?resource={web}")).has("没有可退金额：已使用部分");
    ann.language = "en";
    let path = format!("/resources/{web}/resize");
    let page = ann.get(&format!("{path}?o.type=S1.SMALL1"));
    page.has("Nothing goes back: what is left of what was paid");
    let done = ann.submit(&page, &path, &[("o.type", "S1.SMALL1")]);
    let bill = done.between("href=\"/bills/", "\"");
    let bill = ann.get(&format!("/bills/{bill}"));
    bill.has("No money moved").has("Went back").lacks("Deducted").lacks("Used from");
}

/// The page, the question before it and the quote promise a time in the bin; that is how long what is given back lies there, whatever
/// the product says of what its owner releases. Source: R-REF-5.
#[test]
fn what_is_given_back_lies_in_the_bin_as_long_as_was_promised() {
    let clock = ["--test-clock", "2026-06-01 00:00:00", "--cloud-delay-seconds", "0", "--rate-limit", "0"];
    let served = Served::start(&clock);
    let shop = served.customer("shop", "200.00");
    let options = json!({ "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1",
        "network": "none" });
    let item = json!({ "product": "server", "name": "web", "months": 1, "options": options });
    served.post(&shop.key, "/v1/orders", &json!({ "pay": true, "items": [item] })).good();
    let advance = |to: &str| served.post(&served.operator, "/v1/clock/advance", &json!({ "to": to })).good();
    advance("2026-06-02T00:00:00+08:00");
    let web = served.get(&shop.key, "/v1/resources").good()["items"][0]["id"].as_str().unwrap().to_string();
    let quote = served.post(&shop.key, "/v1/refunds/quote", &json!({ "resource": web })).good();
    assert_eq!(quote["bin_seconds"], 7 * 86_400);
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let page = ann.get(&format!("/refund?resource={web}"));
    assert_eq!(page.text().matches("lies in the bin for 7 days").count(), 2, "the page and the question");
    ann.send(&page, "/refund", &[]);
    let state = || served.get(&shop.key, &format!("/v1/resources/{web}")).good()["state"].clone();
    assert_eq!(state(), "recycled");
    advance("2026-06-08T23:59:59+08:00");
    assert_eq!(state(), "recycled");
    advance("2026-06-09T00:00:00+08:00");
    eventually("released", || (state() == "released").then_some(()));
}
