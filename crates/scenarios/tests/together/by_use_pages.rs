//! Paying by use on the website for what is prepaid: what goes back and what it costs then first, then the change, made once.
//!
//! In:  a real server and browsers without a screen. Out: what is paid by use then, or refusals that change nothing.
//! Source: R-CNV-2.

use crate::support::people::{bought, bought_server, shop, signed_in};
use crate::support::served::Served;
use serde_json::json;

#[test]
fn what_is_prepaid_is_paid_by_use_for_what_the_page_showed() {
    let served = shop("200.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let disk = bought(&mut ann, "disk", "o.charge=prepaid&o.type=premium&o.size=100&months=1&name=logs");
    let path = format!("/resources/{disk}/by-use");
    let resource = format!("/resources/{disk}");
    // A disk is charged alike while it is stopped: it is not stopped, and has neither CPU nor memory.
    ann.get(&resource)
        .has(&path)
        .has("Change to pay-as-you-go")
        .has("It is paid until it expires")
        .lacks("Stop</button>");
    let page = ann.get(&path);
    page.has("35.00")
        .has("0.27 CNY of the balance are held for its use")
        .has("A day costs 2.16 CNY as it is")
        .has("Afterwards")
        .lacks("Nothing goes back");
    ann.language = "zh";
    ann.get(&path).has("转按量计费").has("价格从第一档起算").has(">之后<").lacks("支付之后");
    ann.language = "en";
    let refused = ann.send(&page, &path, &[("least", "3501")]);
    assert_eq!(refused.status, 409);
    let filled = [("least", "3400")];
    let first = ann.send(&page, &path, &filled);
    let again = ann.send(&page, &path, &filled);
    let to = first.answer.header("location").unwrap().to_string();
    assert_eq!(Some(to.as_str()), again.answer.header("location"));
    ann.get(&to).has("it goes on as pay-as-you-go");
    ann.get(&resource).lacks(&path).has(&format!("{resource}/convert"));
    ann.get(&path)
        .has("It stays as it is paid")
        .has("is paid by use already")
        .has("What would go back of logs now");
    // It is what anything paid by use is: released at any time, and fetched out of the bin.
    ann.get("/resources").has("pay-as-you-go").lacks("annual/monthly");
    let page = ann.get(&resource);
    page.has("Released, the charge ends").lacks("CPU and memory").lacks("Stop without charge");
    let released = ann.submit(&page, &format!("{resource}/release"), &[("sure", "logs")]);
    released.has("charged for nothing").has("Take it out of the bin").lacks("Its deadline has passed");
    let mut reader = signed_in(&served, "rea@example.com", "read_only", Some("shop"));
    assert_eq!(reader.get(&path).status, 403);
}

#[test]
fn what_its_product_leaves_prepaid_has_no_such_way() {
    let served = shop("100.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let web = bought_server(&mut ann, "web", "o.charge=prepaid&months=1");
    let path = format!("/resources/{web}/by-use");
    ann.get(&format!("/resources/{web}")).lacks(&path);
    ann.get(&path)
        .has("It stays as it is paid")
        .has("stays annual/monthly to its deadline")
        .lacks("Change it now");
}

/// 100 GB for a month, 35.00. After 132.5 h of 100 x 0.0009: 35.00 - 11.925; after 480 h of them, 43.20, nothing is left. Source: R-REF-2.
#[test]
fn the_page_says_how_the_use_was_worked_out_and_warns_where_nothing_goes_back() {
    let clock = ["--test-clock", "2026-06-01 00:00:00", "--cloud-delay-seconds", "0", "--rate-limit", "0"];
    let served = Served::start(&clock);
    let shop = served.customer("shop", "200.00");
    let options = json!({ "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "premium",
        "size": "100" });
    let item = json!({ "product": "disk", "name": "logs", "months": 1, "options": options });
    served.post(&shop.key, "/v1/orders", &json!({ "pay": true, "items": [item] })).good();
    let advance = |to: &str| served.post(&served.operator, "/v1/clock/advance", &json!({ "to": to })).good();
    advance("2026-06-06T12:30:00+08:00");
    let found = served.get(&shop.key, "/v1/resources").good();
    let path = format!("/resources/{}/by-use", found["items"][0]["id"].as_str().unwrap());
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    ann.get(&path).has("100 × 132.5 h").has("11.92<").lacks("Nothing goes back");
    ann.language = "zh";
    ann.get(&path).has("100 × 132.5 小时");
    ann.language = "en";
    advance("2026-06-21T00:00:00+08:00");
    ann.get(&path).has("Nothing goes back: what was used");
}

/// A renewal that waits for its payment is in the way, and named with the way to it as soon as the page is opened.
#[test]
fn an_order_that_waits_is_named_with_the_way_to_it() {
    let served = shop("200.00");
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let disk = bought(&mut ann, "disk", "o.charge=prepaid&o.type=premium&o.size=100&months=1&name=logs");
    let review = ann.get(&format!("/renew/review?mark={disk}&months=1"));
    let order = ann.submit(&review, "/renew/review", &[("by", "later")]);
    let order = order.path.split("/pay").next().unwrap().to_string();
    let path = format!("/resources/{disk}/by-use");
    ann.get(&path).has("is not paid yet").has("To that order").has(&format!("href=\"{order}\""));
    let page = ann.get(&order);
    ann.submit(&page, &format!("{order}/cancel"), &[]).has("Cancelled");
    ann.get(&path).has("35.00").lacks("is not paid yet");
}
