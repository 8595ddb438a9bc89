//! Buying on the website: chosen, priced, reviewed, paid, delivered; without a script, as pages and forms alone.
//!
//! In:  real servers and browsers without a screen. Out: orders, or refusals that buy nothing.

use crate::support::browser::{Browser, Page};
use crate::support::people::{shop, signed_in};
use crate::support::served::{Served, eventually};
use serde_json::{Value, json};

fn buyer(served: &Served) -> Browser<'_> {
    signed_in(served, "bob@example.com", "buyer", Some("shop"))
}

/// From the page of a product to its review, with what was chosen there.
fn reviewed(browser: &mut Browser<'_>, product: &str, query: &str) -> Page {
    browser.get(&format!("/buy/{product}?{query}")).has("To pay").has("Review the order");
    browser.get(&format!("/buy/{product}/review?{query}"))
}

/// Follows an order until it is delivered.
fn delivered(browser: &mut Browser<'_>, page: &Page) -> Page {
    let path = page.path.clone();
    eventually("delivery", || {
        let page = browser.get(&path);
        page.text().contains("<h2 id=\"h-way\">Delivered</h2>").then_some(page)
    })
}

#[test]
fn a_server_is_bought_and_followed_until_its_address_shows() {
    let served = shop("1000.00");
    let mut bob = buyer(&served);
    bob.get("/buy").has("href=\"/buy/server\"").has("Cloud server").has("Compute");
    // 102.00 a month × 6, at 0.88: 612.00 − 73.44. Source: the demo book, R-PRC-4.
    let query = "o.charge=prepaid&o.type=S2.MEDIUM4&months=6&name=web";
    let page = reviewed(&mut bob, "server", query);
    page.has("612.00").has("73.44").has("Pay 538.56 CNY").has("<dd>web</dd>");
    let ordered = bob.submit(&page, "/buy/server/review", &[]);
    ordered.has("<h1>web</h1>").has("538.56");
    delivered(&mut bob, &ordered).has("<code>10.").has("Ready").lacks("data-poll");
    bob.get("/").has("461.44");
    bob.get("/orders").has("web").has("Delivered");
    let moved = bob.get("/movements");
    // Its bill and its order are called what was bought; of neither the id stands there.
    moved
        .has("538.56")
        .has("<a href=\"/bills/bil_")
        .has("<a href=\"/orders/ord_")
        .has(">web</a> · Cloud server");
    moved.lacks(">bil_").lacks(">ord_");
}

#[test]
fn a_form_that_is_sent_twice_buys_once_and_another_under_its_token_nothing() {
    let served = shop("1000.00");
    let mut bob = buyer(&served);
    let page = reviewed(&mut bob, "server", "o.type=S2.SMALL1&months=1&name=once");
    let first = bob.send(&page, "/buy/server/review", &[]);
    let again = bob.send(&page, "/buy/server/review", &[]);
    assert_eq!((first.status, again.status), (303, 303));
    assert_eq!(first.answer.header("location"), again.answer.header("location"));
    let other = bob.send(&page, "/buy/server/review", &[("name", "another")]);
    assert_eq!(other.status, 422);
    assert_eq!(bob.get("/orders").text().matches("class=\"s\">Cloud server").count(), 1);
}

#[test]
fn a_stale_price_buys_nothing_and_both_sums_are_told() {
    let served = shop("1000.00");
    let mut bob = buyer(&served);
    let page = reviewed(&mut bob, "server", "o.type=S2.SMALL1&months=1");
    for (quoted, status, said) in [
        ("1", 409, "The price changed while you were choosing"),
        // 26.74 less 0.01.
        ("1", 409, "The price was 0.01 CNY and is 26.74 CNY now: 26.73 CNY more."),
        ("2700", 409, "The price was 27.00 CNY and is 26.74 CNY now: 0.26 CNY less."),
        ("", 400, "Fill this in"),
        ("2674x", 400, "is no whole number"),
    ] {
        let refused = bob.submit(&page, "/buy/server/review", &[("quoted", quoted)]);
        assert_eq!(refused.status, status, "{quoted:?}");
        refused.has(said).has("Pay 26.74 CNY");
    }
    // A choice that is not on sale any more is named; no other one is bought in its place.
    let refused = bob.submit(&page, "/buy/server/review", &[("o.zone", "shanghai-1")]);
    assert_eq!(refused.status, 422);
    refused.has("cannot be “shanghai-1”");
    bob.get("/orders").has("No orders yet");
    bob.get("/").has("1,000.00");
}

#[test]
fn high_defence_and_packs_have_their_pages_from_the_book() {
    let served = shop("20000.00");
    let mut bob = buyer(&served);
    // Base 10 Gbps: 8,600.00 a month. Source: the demo book, R-DDS-1.
    let query = "o.region=guangzhou&o.line=bgp&o.base=10&o.elastic=50&months=1&name=shield";
    let page = reviewed(&mut bob, "high-defence-ip", query);
    page.has("Pay 8,600.00 CNY").has("Charged later, by use").has("Elastic peak");
    // 50 less the base of 10: the band of 30 to 40 Gbps is the last that is reached.
    page.has("1,000.00 to 4,800.00 per day")
        .has("At most 4,800.00 per day")
        .has("no more than 40 Gbps is charged");
    let ordered = bob.submit(&page, "/buy/high-defence-ip/review", &[]);
    delivered(&mut bob, &ordered).has("<code>10.");
    let page = reviewed(&mut bob, "container-pack", "o.spec=1U1G");
    page.has("Good from").has("Begins").has("Nothing that runs now would use it").lacks("left at its end");
    let ordered = bob.submit(&page, "/buy/container-pack/review", &[]);
    let order = delivered(&mut bob, &ordered);
    order.has("Good from – until").has("<dt>Begins</dt>").lacks("there as soon as it is paid");
}

#[test]
fn what_cannot_be_chosen_says_why_and_what_was_typed_stays() {
    let served = shop("10.00");
    let mut bob = buyer(&served);
    let page = bob.get("/buy/high-defence-ip?o.region=hongkong&o.line=bgp");
    page.has("does not go with what you chose").has("disabled");
    // Why others cannot be chosen stands there for everybody, and not only where a pointer rests.
    page.has("<p class=\"hint\">Telecom").lacks("class=\"sr\">Not sold");
    // 105 is between two steps.
    let page = bob.get("/buy/disk?o.size=105");
    page.has("value=\"105\"").has("aria-invalid=\"true\"").lacks("Review the order");
    bob.get("/buy/disk/review?o.size=105").has("value=\"105\"");
    // None of it is too few: the list above and the field say from how many on.
    let page = bob.get("/buy/disk?quantity=0");
    page.has("href=\"#quantity\"").has("The quantity is a whole number from 1 to").lacks("Review the order");
    // Not enough money: the review says how much is missing, and a form that is sent all the same buys nothing.
    let page = reviewed(&mut bob, "server", "o.type=S2.SMALL1&months=1");
    page.has("You have 10.00 CNY; 16.74 CNY are missing").has("disabled");
    let refused = bob.submit(&page, "/buy/server/review", &[]);
    assert_eq!(refused.status, 402);
    bob.get("/orders").has("No orders yet");
    assert_eq!(bob.get("/buy/nothing").status, 404);
}

#[test]
fn who_may_not_buy_sees_prices_and_buys_nothing() {
    let served = shop("1000.00");
    let mut reader = signed_in(&served, "rea@example.com", "read_only", Some("shop"));
    let mut bob = buyer(&served);
    reader.get("/buy/server").has("To pay").has("Your role does not allow this");
    assert_eq!(reader.get("/buy/server/review").status, 403);
    let form = bob.get("/buy/server/review").form("/buy/server/review", &[]);
    let typed = ["content-type: application/x-www-form-urlencoded"];
    assert_eq!(reader.call("POST", "/buy/server/review", &typed, &form).status, 403);
    let own = reader.get("/members").form("/sign-out", &[]);
    assert_eq!(reader.call("POST", "/buy/server/review", &typed, &own).status, 403);
    bob.get("/orders").has("No orders yet");
}

#[test]
fn a_part_of_the_page_is_the_part_of_the_whole() {
    let served = shop("1000.00");
    let mut bob = buyer(&served);
    let path = "/buy/server?o.charge=payg&o.type=S2.SMALL1";
    let whole = bob.get(path).text();
    for part in ["options", "price"] {
        let header = format!("till-part: {part}");
        let only = bob.call("GET", path, &[&header], "").text();
        assert!(only.contains(&format!("id=\"{part}\"")) && whole.contains(&only), "{part}: {only}");
    }
    Browser::new(&served).call("GET", path, &["till-part: price"], "").lacks("<form");
}

#[test]
fn the_whole_purchase_is_in_chinese_for_who_reads_it() {
    let served = shop("1000.00");
    let mut bob = buyer(&served);
    bob.language = "zh-CN";
    bob.get("/buy").has("云服务器").has("计算");
    bob.get("/buy/server?o.type=S2.MEDIUM4&months=6")
        .has("包年包月")
        .has("8.8 折")
        .has("应付")
        .lacks("Annual");
    // What costs less than the list is named with its rate and where that comes from.
    bob.get("/buy/server?o.type=S2.MEDIUM4&months=6").has(" × 0.88（6 个月、8.8 折）");
    bob.language = "en";
    bob.get("/buy/server?o.type=S2.MEDIUM4&months=6")
        .has(" × 0.88 (6 months, \u{2212}12%)")
        .has("CPU and memory");
    bob.language = "zh-CN";
    let page = bob.get("/buy/server/review?o.type=S2.SMALL1&months=1&name=web");
    page.has("支付 26.74 元");
    bob.submit(&page, "/buy/server/review", &[]).has("订单号");
}

#[test]
fn a_resource_is_found_stopped_started_and_released_by_its_name() {
    let served = shop("1000.00");
    let mut bob = buyer(&served);
    bob.get("/resources").has("No resources yet");
    let page = reviewed(&mut bob, "server", "o.charge=payg&o.type=S2.SMALL1&name=lab");
    let ordered = bob.submit(&page, "/buy/server/review", &[]);
    let page = delivered(&mut bob, &ordered);
    let path = format!("/resources/{}", page.between("href=\"/resources/", "\""));
    bob.get("/resources").has("lab").has("Running").has("Guangzhou 1");
    bob.get("/resources?q=LAB&state=running&product=server").has(&path);
    bob.get("/resources?q=other").has("Nothing fits these filters").lacks(&path);
    let page = bob.get(&path);
    page.has("Ordered").has("bob@example.com").has("Delivered").has("by the cloud").has("S2.SMALL1");
    let (switch, release) = (format!("{path}/switch"), format!("{path}/release"));
    let stopped = bob.submit(&page, &switch, &[("to", "stop_free")]);
    stopped.has("Stopped without charge").has("Start");
    bob.submit(&stopped, &switch, &[("to", "start")]).has("Running");
    let page = bob.get(&path);
    let refused = bob.submit(&page, &release, &[("sure", "lib")]);
    assert_eq!(refused.status, 422);
    refused.has("This is not its name").has("Running");
    let page = bob.get(&path);
    bob.submit(&page, &release, &[("sure", "lab")]).lacks("Release lab?");
    // Another customer has no such resource.
    served.customer("rival", "1.00");
    let mut rival = signed_in(&served, "riv@example.com", "owner", Some("rival"));
    assert_eq!(rival.get(&path).status, 404);
    let form = rival.get("/members").form("/sign-out", &[("sure", "lab"), ("to", "stop")]);
    for action in [switch, release] {
        let typed = ["content-type: application/x-www-form-urlencoded"];
        assert_eq!(rival.call("POST", &action, &typed, &form).status, 404);
    }
}

#[test]
fn numbers_that_cannot_be_stay_as_they_were_typed_and_buy_nothing() {
    let served = shop("1000.00");
    let mut bob = buyer(&served);
    for (query, typed) in [
        ("quantity=-5", "value=\"-5\""),
        ("quantity=1e3", "value=\"1e3\""),
        ("quantity=101", "value=\"101\""),
    ] {
        let page = bob.get(&format!("/buy/server?{query}"));
        page.has("The quantity is a whole number from 1 to 100").has(typed).lacks("Review the order");
    }
    for months in ["13", "abc", "-1"] {
        let page = bob.get(&format!("/buy/server?months={months}"));
        page.has("Choose one of these numbers of months: 1, ").lacks("Review the order").lacks("Months is");
    }
    // A value that there is not is no other one: it has no price, and its field says which there are.
    let page = bob.get("/buy/server?o.type=XX");
    page.has("cannot be “XX”; choose one of: ")
        .has("S2.MEDIUM4")
        .has("id=\"u-type\"")
        .lacks("Review the order");
    page.lacks("takes its place");
    let long = "x".repeat(61);
    bob.get(&format!("/buy/server?name={long}")).has("at most 60 characters").lacks("Review the order");
    let page = bob.get("/buy/server/review");
    assert_eq!(bob.send(&page, "/buy/server/review", &[("name", &long)]).status, 422);
    bob.get("/orders").has("No orders yet");
}

/// 0.13 an hour are held for each piece. Source: the demo book, R-FRZ-1.
#[test]
fn what_is_held_is_of_all_pieces() {
    let served = shop("1000.00");
    let mut bob = buyer(&served);
    let query = "o.charge=payg&o.type=S2.SMALL1&quantity=2&name=pair";
    let page = reviewed(&mut bob, "server", query);
    page.has("0.26 CNY of the balance are held")
        .has("999.74 CNY remain")
        .has(">Order</button>")
        .lacks("Pay 0.00");
    let ordered = bob.submit(&page, "/buy/server/review", &[]);
    delivered(&mut bob, &ordered);
    bob.get("/").has("999.74").has("0.26");
}

#[test]
fn who_is_signed_out_while_reviewing_comes_back_to_the_same_choices() {
    let served = shop("1000.00");
    let mut bob = buyer(&served);
    let page = reviewed(&mut bob, "server", "o.type=S1.SMALL1&name=kept&months=1");
    bob.cookies.remove("till_session");
    let (body, path) = (page.form("/buy/server/review", &[]), page.action("/buy/server/review"));
    let from = format!("referer: http://{}{path}", served.address);
    let headers = ["content-type: application/x-www-form-urlencoded", from.as_str()];
    let page = bob.call("POST", &path, &headers, &body);
    assert_eq!(page.status, 401);
    let filled = [("mail", "bob@example.com"), ("password", crate::support::people::PASSWORD)];
    let back = bob.send(&page, "/sign-in", &filled);
    back.has("Your form was kept");
    let again = bob.send(&back, "/buy/server/review", &[("look", "yes")]);
    again.has("Review and pay").has("<dd>kept</dd>").has("S1.SMALL1");
    bob.get("/orders").has("No orders yet");
}

#[test]
fn orders_are_filtered_by_how_they_came_out_on_pages_and_by_the_api() {
    let served = shop("100.00");
    let mut bob = buyer(&served);
    let page =
        reviewed(&mut bob, "server", "o.type=S1.SMALL1&o.network=none&name=web&o.charge=prepaid&months=1");
    let ordered = bob.submit(&page, "/buy/server/review", &[]);
    delivered(&mut bob, &ordered);
    bob.get("/orders?result=complete").has("web").has("Delivered in part</option>").has("result=complete");
    bob.get("/orders?result=partial").has("Nothing fits").lacks("No orders yet");
    assert_eq!(bob.get("/orders?result=half").status, 400);
    let shop = served.customer("second", "1.00");
    let none = served.get(&shop.key, "/v1/orders?result=partial").good();
    assert_eq!(none["items"].as_array().unwrap().len(), 0);
    assert_eq!(served.get(&shop.key, "/v1/orders?result=half").status, 400);
    let whole = served.get(&served.operator, "/v1/all-orders?result=complete").good();
    assert_eq!(whole["items"][0]["result"], "complete");
    let none = served.get(&served.operator, "/v1/all-orders?result=partial").good();
    assert!(none["items"].as_array().unwrap().is_empty());
    let mut carl = signed_in(&served, "carl@example.com", "administrator", None);
    carl.get("/operator/orders?result=complete").has("Cloud server").has("selected>Delivered whole");
    carl.get("/operator/orders?result=partial").has("Nothing fits");
}

/// Bought at 08:00; a renewal ordered at 09:00 and paid at 10:00; an order of 10:00 cancelled at 11:00; one of 08:00 refunded at 12:00.
#[test]
fn every_step_of_an_order_has_its_instant() {
    let served = Served::start(&[
        "--rate-limit",
        "0",
        "--cloud-delay-seconds",
        "0",
        "--test-clock",
        "2026-06-01 08:00:00",
    ]);
    let customer = served.customer("shop", "1000.00");
    let advance = |to: &str| {
        let to = format!("2026-06-01T{to}:00+08:00");
        served.post(&served.operator, "/v1/clock/advance", &json!({ "to": to })).good();
    };
    let placed = |name: &str, pay: bool| {
        let item = json!({ "product": "server", "name": name, "months": 1, "options": { "charge": "prepaid",
            "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1" } });
        let order = json!({ "items": [item], "pay": pay });
        served.post(&customer.key, "/v1/orders", &order).good()["orders"][0].clone()
    };
    let word = |it: &Value| it.as_str().unwrap().to_string();
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    let mut has_steps = |order: &Value, steps: &[(&str, &str)]| {
        let path = format!("/orders/{}", word(&order["id"]));
        let is_told = |text: &str| {
            steps.iter().all(|it| text.contains(&format!("<b>{}</b>2026-06-01 {}:00", it.0, it.1)))
        };
        eventually(&format!("{steps:?} on {path}"), || is_told(&ann.get(&path).text()).then_some(()));
    };

    let [web, db] = ["web", "db"].map(|name| placed(name, true));
    for order in [&web, &db] {
        has_steps(order, &[("Ordered", "08:00"), ("Paid", "08:00"), ("Delivered", "08:00")]);
    }
    advance("09:00");
    let items = json!({ "items": [{ "resource": web["pieces"][0]["resource"], "months": 1 }] });
    let renewal = served.post(&customer.key, "/v1/renewals", &items).good()["orders"][0].clone();
    has_steps(&renewal, &[("Ordered", "09:00")]);
    advance("10:00");
    served.post(&customer.key, "/v1/payments", &json!({ "orders": [renewal["id"]] })).good();
    has_steps(&renewal, &[("Ordered", "09:00"), ("Paid", "10:00"), ("Delivered", "10:00")]);
    let other = placed("other", false);
    advance("11:00");
    let cancel = format!("/v1/orders/{}/cancel", word(&other["id"]));
    served.post(&customer.key, &cancel, &json!({})).good();
    has_steps(&other, &[("Ordered", "10:00"), ("Cancelled", "11:00")]);
    advance("12:00");
    let refund = json!({ "resource": db["pieces"][0]["resource"] });
    served.post(&customer.key, "/v1/refunds", &refund).good();
    has_steps(&db, &[("Paid", "08:00"), ("Delivered", "08:00"), ("Refunded", "12:00")]);
}
