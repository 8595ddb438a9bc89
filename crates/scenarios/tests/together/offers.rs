//! Sales: asked for, offered, accepted, over the API and on the website; and what the audit says when somebody changes an offer.

use crate::support::browser::Browser;
use crate::support::people::signed_in;
use crate::support::served::{Answer, Customer, Folder, Served};
use crate::support::{differences, parse};
use serde_json::{Value, json};
use server::cli::simulate::play;
use store::Store;

/// A till whose clock stands at the begin of June, and a customer.
fn served() -> (Served, Customer) {
    let arguments = ["--rate-limit", "0", "--test-clock", "2026-06-01 00:00:00"];
    let served = Served::start(&arguments);
    let shop = served.customer("shop", "100.00");
    (served, shop)
}

/// 720 h of 1U1G for 80.00 instead of 97.92. Source: the demo book, R-PKG-18.
fn trial(account: &str, until: &str) -> Value {
    json!({ "account": account, "until": until, "note": "a trial", "items": [{ "total": "80.00", "item": {
        "product": "container-pack", "name": "trial", "month": "2026-06", "options": { "spec": "1U1G", "hours": "720" } } }] })
}

fn code(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json()["code"].clone())
}

#[test]
fn a_request_is_answered_and_its_offer_becomes_one_order() {
    let (served, shop) = served();
    let wanted = json!({ "product": "container-pack", "quantity": 1, "message": "a trial month" });
    let request = served.post(&shop.key, "/v1/sales-requests", &wanted).good();
    let mut body = trial(&shop.account, "2026-06-15T00:00:00Z");
    body["request"] = request["id"].clone();
    assert_eq!(served.post(&shop.key, "/v1/offers", &body).status, 403, "a customer makes no offers");
    let offer = served.post(&served.operator, "/v1/offers", &body).good();
    assert_eq!(
        (&offer["list"], &offer["total"], &offer["state"]),
        (&json!("97.92"), &json!("80.00"), &json!("open"))
    );
    let asked = format!("/v1/sales-requests/{}", request["id"].as_str().unwrap());
    assert_eq!(served.get(&shop.key, &asked).good()["state"], "answered");

    let path = format!("/v1/offers/{}", offer["id"].as_str().unwrap());
    let quote = served.get(&shop.key, &format!("{path}/quote")).good();
    let rate = &quote["items"][0]["lines"][0]["rates"][0];
    assert_eq!((&rate["from"], &rate["offer"]), (&json!("offer"), &offer["id"]), "{quote}");
    assert_eq!(quote["total"], "80.00");

    let accept = format!("{path}/accept");
    let bought = served.post(&shop.key, &accept, &json!({ "pay": true })).good();
    let again = served.post(&shop.key, &accept, &json!({ "pay": true })).good();
    assert_eq!(bought, again);
    let orders = served.get(&shop.key, "/v1/orders").good();
    assert_eq!(orders["items"].as_array().unwrap().len(), 1);
    assert_eq!((&orders["items"][0]["offer"], &orders["items"][0]["total"]), (&offer["id"], &json!("80.00")));
    assert_eq!(
        code(&served.post(&shop.key, &format!("{path}/decline"), &json!({}))),
        (409, json!("offer_state_refused"))
    );

    let bills = served.get(&shop.key, "/v1/bills").good();
    let bill = bills["items"][0]["id"].as_str().unwrap().to_string();
    let why = served.get(&shop.key, &format!("/v1/bills/{bill}/lines/0/explain")).text();
    assert!(why.contains(&format!("Offer {} set its price", offer["id"].as_str().unwrap())), "{why}");
    let own = served.get(&shop.key, "/v1/account/audit-log").text();
    assert!(own.contains(&accept) && own.contains("POST /v1/offers\""), "{own}");
    assert_eq!(accepted(&served), 1, "what was accepted already is accepted no second time");
    let csv = served.call("GET", "/v1/offers", &shop.key, &["accept: text/csv"], b"").text();
    assert!(csv.contains("80.00") && csv.contains("accepted"), "{csv}");
}

/// How often the audit log says that an offer was accepted.
fn accepted(served: &Served) -> usize {
    let log = served.get(&served.operator, "/v1/audit-log/search?limit=200").good();
    let is = |it: &&Value| it["operation"].as_str().is_some_and(|it| it.ends_with("/accept"));
    log["items"].as_array().unwrap().iter().filter(is).count()
}

#[test]
fn an_offer_is_seen_by_whom_it_was_made_to_and_refused_where_it_cannot_be() {
    let (served, shop) = served();
    let rival = served.customer("rival", "100.00");
    let offer =
        served.post(&served.operator, "/v1/offers", &trial(&shop.account, "2026-06-15T00:00:00Z")).good();
    let path = format!("/v1/offers/{}", offer["id"].as_str().unwrap());
    assert_eq!(served.get(&rival.key, &path).status, 404);
    for step in ["accept", "decline"] {
        assert_eq!(served.post(&rival.key, &format!("{path}/{step}"), &json!({})).status, 404, "{step}");
    }
    assert_eq!(served.post(&shop.key, &format!("{path}/withdraw"), &json!({})).status, 403);
    let refused = |edit: &dyn Fn(&mut Value)| {
        let mut body = trial(&shop.account, "2026-06-15T00:00:00Z");
        edit(&mut body);
        let problem = served.post(&served.operator, "/v1/offers", &body).json();
        (problem["code"].clone(), problem["field"].clone())
    };
    let of = |code: &str, field: &str| (json!(code), json!(field));
    assert_eq!(refused(&|it| it["items"][0]["rate"] = json!("0.5")), of("offer_invalid", "items[0].total"));
    assert_eq!(
        refused(&|it| it["items"][0]["item"]["options"]["spec"] = json!("9U9G")).0,
        "option_not_on_sale"
    );
    assert_eq!(refused(&|it| it["until"] = json!("2026-05-01T00:00:00Z")), of("time_invalid", "until"));
    assert_eq!(refused(&|it| it["request"] = json!("srq_1")), of("not_found", "request"));
    let withdrawn =
        served.post(&served.operator, &format!("{path}/withdraw"), &json!({ "reason": "sold out" })).good();
    assert_eq!((&withdrawn["state"], &withdrawn["reason"]), (&json!("withdrawn"), &json!("sold out")));
    assert_eq!(served.get(&shop.key, "/v1/offers?state=open").good()["items"], json!([]));
    // The operator orders in the customer's name.
    let offer =
        served.post(&served.operator, "/v1/offers", &trial(&shop.account, "2026-06-15T00:00:00Z")).good();
    let accept = format!("/v1/offers/{}/accept", offer["id"].as_str().unwrap());
    let own = format!("till-account: {}", shop.account);
    let headers = ["content-type: application/json", own.as_str()];
    assert_eq!(served.call("POST", &accept, &served.operator, &headers, br#"{"pay": true}"#).status, 201);
}

/// Somebody of sales, who acts for the shop, offers what was asked for; wrong offers first.
fn offers(served: &Served, sam: &mut Browser) {
    let query = "o.spec=1U1G&o.hours=720&start=2026-06&name=trial";
    sam.get(&format!("/buy/container-pack/review?{query}")).has("Offer this at another price");
    let page = sam.get(&format!("/buy/container-pack/offer?{query}"));
    page.has("97.92");
    let path = "/buy/container-pack/offer";
    let long = "n".repeat(3_000);
    let all = [("request", "srq_1"), ("total", "much"), ("until", "soon"), ("note", long.as_str())];
    sam.wrong_at_once([&format!("{path}?{query}"), path], &all, &["request", "total", "until", "note"]);
    let wrong = sam.submit(&page, path, &[("total", "80.00"), ("rate", "0.5"), ("until", "2026-06-15")]);
    assert_eq!(wrong.status, 422);
    wrong.has("value=\"80.00\"").has("id=\"e-total\"");
    // The one request that waits is chosen already.
    let chosen = page.between("name=\"request\"", "\" selected");
    let request = chosen.rsplit('"').next().unwrap();
    let mut offer = [("total", "80.00"), ("until", "2026-06-15"), ("note", "a trial"), ("request", "srq_1")];
    let wrong = sam.submit(&page, path, &offer);
    assert_eq!(wrong.status, 404);
    wrong.has("id=\"e-request\"");
    offer[3].1 = request;
    sam.submit(&page, path, &offer).has("The offer is made.");
    sam.get("/requests").has("Answered");
    // What is answered waits no more, and is not gone.
    let mut anna = signed_in(served, "ada@example.com", "administrator", None);
    anna.get("/operator/offers").has("No open requests").lacks("No requests yet").has("?requests=all");
    anna.get("/operator/offers?requests=all").has("Answered").has("Only open requests").lacks("/decline\"");
    sam.get(&format!("/buy/container-pack/offer?{query}")).lacks("name=\"request\"");
}

#[test]
fn an_offer_is_made_and_taken_on_the_website() {
    let (served, shop) = served();
    let mut bob = signed_in(&served, "bob@example.com", "buyer", Some("shop"));
    let page = bob.get("/requests");
    page.has("No offers yet").has("No requests yet").has("Ask sales");
    let wrong = bob.submit(&page, "/requests", &[("message", "x"), ("from", "soon")]);
    assert_eq!(wrong.status, 422);
    wrong.has("value=\"soon\"").has("id=\"e-from\"");
    let asked =
        [("message", "<i>720 h</i>"), ("product", "container-pack"), ("quantity", "1"), ("price", "80.00")];
    bob.submit(&page, "/requests", &asked)
        .has("The request is sent.")
        .has("&lt;i&gt;720 h&lt;/i&gt;")
        .lacks("<i>720 h</i>");

    let mut sam = signed_in(&served, "sam@example.com", "sales", None);
    let page = sam.get("/operator/offers");
    page.has("&lt;i&gt;720 h&lt;/i&gt;").has("shop");
    sam.submit(&page, "/operator/act", &[]);
    offers(&served, &mut sam);

    let mut anna = signed_in(&served, "anna@example.com", "administrator", None);
    let list = bob.get("/requests");
    let offer = format!("/offers/{}", list.between("href=\"/offers/", "\""));
    let page = bob.get(&offer);
    page.has("97.92").has("80.00").has("a trial").has("Accept and pay 80.00 CNY");
    // What it is for is its heading; what telephones have no column for stands below the name.
    page.has("<h1>Offer: 1 × ").has("Offer of").has("<span class=\"only s\">Quantity: 1</span>");
    page.has("<span class=\"only s\">List price, CNY: 97.92</span>");
    let mut reader = signed_in(&served, "rea@example.com", "read_only", Some("shop"));
    reader.get(&offer).has("Your role does not allow this").lacks("Accept and pay");
    let accept = format!("{offer}/accept");
    let beside = bob.get(&offer);
    let first = bob.send(&page, &accept, &[]);
    let again = bob.send(&page, &accept, &[]);
    assert_eq!((first.status, first.answer.header("location")), (303, again.answer.header("location")));
    let orders = bob.get("/orders");
    orders.has("trial").has("80.00");
    // The order leads to its offer, and so does the explanation of its bill, which leads to the order as well.
    let (order, link) =
        (format!("/orders/{}", orders.between("href=\"/orders/", "\"")), format!("href=\"{offer}\""));
    bob.get(&order).has("By the offer").has(&link);
    let bill = served.get(&shop.key, "/v1/bills?kind=pack_purchase").good()["items"][0]["id"].clone();
    bob.get(&format!("/bills/{}/0", bill.as_str().unwrap())).has(&link).has(&format!("href=\"{order}\""));
    bob.get("/").has("20.00");
    // The page that was open beside it leads to the same order, and nothing is noted: nothing was done.
    let late = bob.send(&beside, &accept, &[]);
    assert_eq!(late.answer.header("location"), first.answer.header("location"));
    assert_eq!(accepted(&served), 1);
    let log = anna.get("/operator/audit");
    log.has("Accepted an offer").has("<dt>Price</dt><dd><span class=\"id\">80.00</span></dd>");
    log.lacks("Or share of the list price").has("Began to act for a customer");
    anna.language = "zh";
    anna.get("/operator/audit").has("接受报价").has("<dt>价格</dt>").has("开始代客操作");
    bob.get(&offer).has("Accepted").lacks("Accept and pay");
    served.customer("rival", "1.00");
    let mut rival = signed_in(&served, "riv@example.com", "owner", Some("rival"));
    assert_eq!(rival.get(&offer).status, 404);
    assert_eq!(rival.get("/operator/offers").path, "/");
}

#[test]
fn a_reason_stands_beside_what_was_declined_or_withdrawn_and_no_request_is_out_of_reach() {
    let (served, shop) = served();
    let mut bob = signed_in(&served, "bob@example.com", "buyer", Some("shop"));
    // An account has no more than 20 that wait: each is withdrawn before the next.
    for number in 0..52 {
        let body = json!({ "message": format!("packs for week {number}.") });
        let made = served.post(&shop.key, "/v1/sales-requests", &body).good();
        if number > 0 {
            let path = format!("/v1/sales-requests/{}/withdraw", made["id"].as_str().unwrap());
            served.post(&shop.key, &path, &json!({})).good();
        }
    }
    // They were all asked at one instant, so which stands where is not said.
    let first = bob.get("/requests");
    let next = first.between("after-requests=", "\"");
    let next = format!("/requests?after-requests={next}");
    let all = |bob: &mut Browser<'_>| bob.get("/requests").text() + &bob.get(&next).text();
    let text = all(&mut bob);
    for number in 0..52 {
        let message = format!("packs for week {number}.");
        assert_eq!(text.matches(&message).count(), 1, "{message}");
    }

    let mut sam = signed_in(&served, "sam@example.com", "sales", None);
    let page = sam.get("/operator/offers");
    let request = page.between("/operator/requests/", "/decline");
    let decline = format!("/operator/requests/{request}/decline");
    sam.submit(&page, &decline, &[("reason", "no <b>room</b>")]).has("The request is declined.");
    let refused = sam.submit(&page, &decline, &[("reason", "again")]);
    assert_eq!(refused.status, 422, "the same page with another reason: {}", refused.text());
    refused.has("<h1>Requests and offers</h1>");
    assert!(all(&mut bob).contains("no &lt;b&gt;room&lt;/b&gt;"));

    let until = "2026-06-15T00:00:00Z";
    for (who, name) in [(&mut sam, "withdraw"), (&mut bob, "decline")] {
        let offer = served.post(&served.operator, "/v1/offers", &trial(&shop.account, until)).good();
        let id = offer["id"].as_str().unwrap();
        let page = who.get(&format!("/offers/{id}"));
        let path = match name {
            "withdraw" => format!("/operator/offers/{id}/withdraw"),
            _ => format!("/offers/{id}/decline"),
        };
        who.submit(&page, &path, &[("reason", "too dear")]);
        who.get(&format!("/offers/{id}")).has("too dear");
    }
}

const STORY: &str = "
2026-06-01 09:00:00 account a
topup a 1000.00
offer a o1 2026-06-15 container-pack spec=1U1G hours=720 month=2026-06 total=80.00
accept o1
";

/// Discounted, and of no offer: a whole sum in two lines, of which the hardware is 51.00 × 0.9 = 45.90.
const WITHOUT_OFFER: &str = "
2026-06-01 09:00:00 account a contract=0.9
topup a 1000.00
buy a web server charge=prepaid region=guangzhou zone=guangzhou-1 type=S1.SMALL1 network=bandwidth bandwidth=1 months=1
";

/// Changes the books by hand, and expects the audit to say `word`.
#[track_caller]
fn check(sql: &str, word: &str) {
    check_in(STORY, sql, word);
}

/// The same with another story.
#[track_caller]
fn check_in(story: &str, sql: &str, word: &str) {
    let folder = Folder::new("offers");
    let file = folder.0.join("till.db");
    play(&Store::embedded(&file).unwrap(), &parse("offers", story)).unwrap();
    assert_eq!(differences(&file), Vec::<String>::new(), "before");
    rusqlite::Connection::open(&file).unwrap().execute_batch(sql).unwrap();
    let found = differences(&file);
    assert!(found.iter().any(|it| it.contains(word)), "{sql}: {found:?}");
}

#[test]
fn an_offer_or_an_order_of_it_that_was_changed_is_found() {
    check("update offer_items set rate_e8 = 50000000, total_minor = 4896", "the audit log");
    check("update offers set until_us = until_us + 1", "the audit log");
    check("update orders set offer_rate_e8 = 50000000", "its price is not that of item 0");
    check("update orders set offer = null, offer_rate_e8 = null", "its orders are not those of its items");
    check("update lines set rate_e8 = 50000000, cost_e8 = list_e8 / 2", "its rate is not that of offer");
    let by_one = "update lines set cost_e8 = cost_e8 + 1; update bills set amount_e8 = amount_e8 + 1";
    check(by_one, "recomputed 7999999960 e-8, stored 8000000001");
}

/// No agreed sum, nothing to even out: of a discounted bill that is a whole sum a line is off by a step all the same.
#[test]
fn a_discounted_bill_of_no_offer_is_not_evened_out() {
    let moved = "update lines set cost_e8 = cost_e8 + case number when 0 then 1 when 1 then -1 else 0 end";
    check_in(WITHOUT_OFFER, moved, "line 0 of bill");
    check_in(WITHOUT_OFFER, moved, "recomputed 4590000000 e-8, stored 4590000001");
}
