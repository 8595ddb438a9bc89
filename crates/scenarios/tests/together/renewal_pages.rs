//! Renewal on the website: the price and the new deadline first, then the order; what is done about a deadline by itself.
//!
//! In:  a real server and browsers without a screen. Out: what is renewed once at the price that was shown, or refusals that change
//! nothing.
//! Source: R-REN-1, R-REN-2, R-PRE-3.

use crate::support::browser::Browser;
use crate::support::people::{bought_server, shop, signed_in};
use crate::support::served::{Served, eventually};
use serde_json::json;

fn owner(served: &Served) -> Browser<'_> {
    signed_in(served, "ann@example.com", "owner", Some("shop"))
}

#[test]
fn what_is_prepaid_is_renewed_at_the_price_that_was_shown() {
    let served = shop("1000.00");
    let mut ann = owner(&served);
    let web = bought_server(&mut ann, "web", "o.charge=prepaid&months=1");
    let job = bought_server(&mut ann, "job", "o.charge=payg");
    ann.get(&format!("/resources/{web}"))
        .has("Renewed by hand, with notices")
        .has(&format!("/renew?mark={web}"));
    ann.get(&format!("/resources/{job}")).lacks("/renew?mark=");
    ann.get("/resources").has("formaction=\"/renew\"");
    // 12 × 51.00 at 0.83; what is paid by use stays out, with the reason.
    let marks = format!("mark={web}&mark={job}&months=12");
    ann.get(&format!("/renew?{marks}")).has("507.96").has("there is nothing to renew");
    // What stays out takes no months away; each says what it takes off, and the price how it comes about: 612.00 less 104.04.
    ann.get(&format!("/renew?{marks}"))
        .has("<option value=\"12\" selected>12 months, \u{2212}17%</option>")
        .has("Discount: \u{2212}104.04")
        .has("440.62 CNY remain");
    let page = ann.get(&format!("/renew/review?{marks}"));
    let sent = format!("name=\"mark\" value=\"{job}\"");
    page.has("Pay 507.96 CNY").has("Nothing is bought until you pay").lacks(&sent);
    let first = ann.send(&page, "/renew/review", &[]);
    let again = ann.send(&page, "/renew/review", &[]);
    assert_eq!(first.answer.header("location"), again.answer.header("location"));
    let order = ann.get(first.answer.header("location").unwrap());
    order.has("Delivered").has("507.96").lacks("Being set up");
    ann.get("/orders").has("renewal");
    ann.get(&format!("/resources/{web}")).has("Renewed");
    // 1000.00 - 51.00 - 507.96, and 0.42 is held for the server by the hour.
    ann.get("/").has("440.62");
}

#[test]
fn what_a_balance_is_short_of_is_said_and_another_price_is_refused() {
    let served = shop("60.00");
    let mut ann = owner(&served);
    let web = bought_server(&mut ann, "web", "o.charge=prepaid&months=1");
    let page = ann.get(&format!("/renew/review?mark={web}&months=1"));
    page.has("42.00").has("disabled");
    let reach = page.between("<div class=\"paybar\">", "</form>");
    assert!(reach.contains("Order it, pay within 24 hours") && !reach.contains("disabled"), "{reach}");
    let refused = ann.send(&page, "/renew/review", &[("quoted", "5000")]);
    assert_eq!(refused.status, 409);
    refused.has("The price changed while you were choosing");
    let later = ann.submit(&page, "/renew/review", &[("by", "later")]);
    later.has("51.00");
    ann.get(&format!("/renew?mark={web}"))
        .has("Its order")
        .has("To that order")
        .has("None of these can be renewed");
    for wrong in ["mark=dull", "mark="] {
        assert_eq!(ann.get(&format!("/renew?{wrong}")).status, 404, "{wrong}");
    }
    assert_eq!(ann.get(&format!("/renew?mark={web}&months=x")).status, 400);
    let mut reader = signed_in(&served, "rea@example.com", "read_only", Some("shop"));
    assert_eq!(reader.get(&format!("/renew?mark={web}")).status, 403);
    reader.get(&format!("/resources/{web}")).lacks("/renew?mark=");
}

#[test]
fn what_is_done_about_a_deadline_is_chosen_for_one_or_for_several() {
    let served = shop("500.00");
    let mut ann = owner(&served);
    let web = bought_server(&mut ann, "web", "o.charge=prepaid&months=1");
    let path = format!("/resources/{web}");
    let page = ann.get(&path);
    let action = format!("{path}/renewal");
    let renewed = ann.submit(&page, &action, &[("renewal", "auto")]);
    // What follows its deadline comes only if it is not renewed; the renewal itself if nobody does anything.
    let count = |what: &str| renewed.text().matches(what).count();
    assert_eq!((count("Is renewed, if the balance pays for it"), count("if nothing is done before")), (1, 1));
    assert_eq!(count("if it is not renewed"), 2, "it expires and is released");
    assert_eq!(ann.submit(&page, &action, &[("renewal", "perhaps")]).status, 400);
    let page = ann.get(&format!("/resources/act?do=renewal&mark={web}"));
    page.has("Renewal: 1");
    ann.submit(&page, "/resources/act", &[("renewal", "none")]).has("Done: 1 of 1.");
    let page = ann.get(&path);
    page.has("Ends, without notices").lacks("Is renewed, if").lacks("if it is not renewed");
    page.has("if nothing is done before");
}

#[test]
fn an_account_has_one_day_for_its_deadlines() {
    let served = shop("500.00");
    let mut ann = owner(&served);
    let page = ann.get("/account");
    let refused = ann.submit(&page, "/account/expiry-day", &[("day", "32")]);
    assert_eq!(refused.status, 422);
    refused.has("value=\"32\"").has("a whole number from 1 to 31");
    assert_eq!(ann.submit(&page, "/account/expiry-day", &[("day", "soon")]).status, 400);
    let page = ann.get("/account");
    ann.submit(&page, "/account/expiry-day", &[("day", "31")]).has("value=\"31\"");
    ann.get("/account").has("name=\"alert\"");
    let page = ann.get("/account");
    ann.submit(&page, "/account/expiry-day", &[("day", "")]).lacks("value=\"31\"");
}

/// A notice of a deadline leads to the renewal as long as that can be made, and not once what it is about is released. Source: R-EXP-1.
#[test]
fn a_notice_asks_for_what_can_still_be_done() {
    let clock = ["--test-clock", "2026-06-01 00:00:00", "--cloud-delay-seconds", "0", "--rate-limit", "0"];
    let served = Served::start(&clock);
    let shop = served.customer("shop", "200.00");
    let options = json!({ "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1",
        "network": "none" });
    let item = |name: &str| json!({ "product": "server", "name": name, "months": 1, "options": options });
    let order = json!({ "pay": true, "items": [item("web"), item("db")] });
    served.post(&shop.key, "/v1/orders", &order).good();
    let advance = |to: &str| served.post(&served.operator, "/v1/clock/advance", &json!({ "to": to })).good();
    advance("2026-06-30T12:00:00+08:00");
    let mut ann = owner(&served);
    let found = served.get(&shop.key, "/v1/resources").good();
    let id = |name: &str| {
        let all = found["items"].as_array().unwrap();
        all.iter().find(|it| it["name"] == name).unwrap()["id"].as_str().unwrap().to_string()
    };
    let (web, db) = (format!("/renew?mark={}", id("web")), format!("/renew?mark={}", id("db")));
    eventually("notices", || ann.get("/notices").text().contains(&web).then_some(()));
    ann.get("/notices").has(&db);
    // Renewed, it has another deadline than the notices say.
    let wanted = json!({ "items": [{ "resource": id("db"), "months": 1 }] });
    let placed = served.post(&shop.key, "/v1/renewals", &wanted).good()["orders"][0]["id"].clone();
    served.post(&shop.key, "/v1/payments", &json!({ "orders": [placed] })).good();
    eventually("renewed", || (!ann.get("/notices").text().contains(&db)).then_some(()));
    advance("2026-07-15T00:00:00+08:00");
    let state = || served.get(&shop.key, &format!("/v1/resources/{}", id("web"))).good()["state"].clone();
    eventually("released", || (state() == "released").then_some(()));
    ann.get("/notices").has("web").lacks(&web).lacks(&db);
    ann.get("/").lacks(&web);
}
