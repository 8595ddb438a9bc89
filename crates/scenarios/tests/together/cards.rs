//! Payments by card against a gateway that speaks as Stripe does: paid, declined, proved, lost on the way, and never twice.
//!
//! In:  real servers, `localstripe`, a line to it on which answers get lost. Out: money in the books, at the gateway, and nowhere
//! else.

use crate::support::buyer::{ASKS_FOR_PROOF, DECLINED_AT_ATTACH, DECLINED_AT_CHARGE, GOOD, Shop, delivers};
use crate::support::people::signed_in;
use crate::support::served::{Served, eventually};
use crate::support::stripe::{Fault, SECRET};
use serde_json::json;

/// Source: R-PAY-2: order 507.96, wallet 300.00, card: 300.00 frozen, 207.96 authorised, then both taken.
#[test]
fn the_balance_comes_first_and_the_card_pays_the_rest() {
    let shop = Shop::with("300.00", &["--cloud", "external"]);
    let card = shop.card(GOOD);
    let orders = shop.orders(1);
    let id = shop.paying(&orders, &card);
    let held = shop.becomes(&id, "held");
    assert_eq!((&held["amount"], &held["taken"]), (&json!("207.96"), &json!("0.00")));
    shop.wallet_is("300.00", "300.00");
    assert_eq!((shop.gateway.charged(), shop.gateway.holds()), (0, 1));
    assert_eq!(shop.order(&orders[0])["state"], "delivering");

    delivers(&shop, 1);
    let paid = shop.becomes(&id, "captured");
    assert_eq!(paid["taken"], "207.96");
    shop.wallet_is("0.00", "0.00");
    assert_eq!((shop.gateway.charged(), shop.gateway.holds()), (20_796, 0));
    assert_eq!(shop.pieces(&orders[0]), ["delivered"]);
    shop.is_sound();
}

/// Source: R-PAY-3, R-PAY-2: of three at 507.96 with 300.00 of balance two come: 200.00 of the balance and 2 × 407.96 of the card.
#[test]
fn of_three_pieces_two_come_and_the_card_pays_for_two() {
    let shop = Shop::with("300.00", &["--cloud", "external"]);
    let card = shop.card(GOOD);
    let orders = shop.orders(3);
    let id = shop.paying(&orders, &card);
    assert_eq!(shop.becomes(&id, "held")["amount"], "1223.88");
    delivers(&shop, 2);
    assert_eq!(shop.becomes(&id, "captured")["taken"], "815.92");
    shop.wallet_is("100.00", "0.00");
    assert_eq!((shop.gateway.charged(), shop.gateway.holds()), (81_592, 0));
    assert_eq!(shop.pieces(&orders[0]), ["delivered", "delivered", "failed"]);
    shop.is_sound();
}

#[test]
fn where_nothing_comes_nothing_is_charged() {
    let shop = Shop::with("300.00", &["--cloud", "external"]);
    let card = shop.card(GOOD);
    let orders = shop.orders(2);
    let id = shop.paying(&orders, &card);
    shop.becomes(&id, "held");
    delivers(&shop, 0);
    shop.becomes(&id, "released");
    shop.wallet_is("300.00", "0.00");
    assert_eq!((shop.gateway.charged(), shop.gateway.holds()), (0, 0));
    assert_eq!(shop.order(&orders[0])["state"], "delivery_failed");
    shop.is_sound();
}

/// What waits while its price changes is not paid at the old one by card either: it ends, and nothing is held. Source: R-ORD-3.
#[test]
fn an_order_whose_price_changed_ends_where_a_card_was_to_pay() {
    let shop = Shop::with("300.00", &["--cloud", "external"]);
    let card = shop.card(GOOD);
    let orders = shop.orders(1);
    let price = json!({ "id": "c-19", "product": "server", "component": "hardware",
        "when": { "type": ["S1.SMALL1"] }, "amount": "45.00", "reason": "framework contract 19" });
    let path = format!("/v1/accounts/{}/contract-prices", shop.customer.account);
    shop.served.post(&shop.served.operator, &path, &price).good();
    assert_eq!(shop.order(&orders[0])["state"], "unpaid");
    shop.refused(&shop.pay(&orders, &card, "balance_then_card"), 409, "price_changed");
    assert_eq!(shop.order(&orders[0])["state"], "invalid");
    assert_eq!(shop.pay(&orders, &card, "balance_then_card").status, 409);
    shop.wallet_is("300.00", "0.00");
    assert_eq!((shop.gateway.charged(), shop.gateway.holds()), (0, 0));
    shop.is_sound();
}

/// A renewal that a card is paying is in the way of another one, and is waited for, not paid again. Source: R-ORD-5.
#[test]
fn an_order_that_a_card_is_paying_is_waited_for() {
    let shop = Shop::with("600.00", &["--cloud-delay-seconds", "0"]);
    let orders = shop.orders(1);
    shop.served.post(&shop.customer.key, "/v1/payments", &json!({ "orders": orders })).good();
    eventually("delivery", || (shop.order(&orders[0])["state"] == "delivered").then_some(()));
    let web = shop.order(&orders[0])["pieces"][0]["resource"].as_str().unwrap().to_string();
    let wanted = json!({ "items": [{ "resource": web, "months": 1 }] });
    let placed = shop.served.post(&shop.customer.key, "/v1/renewals", &wanted).good();
    let renewal = [placed["orders"][0]["id"].as_str().unwrap().to_string()];
    let mut ann = signed_in(&shop.served, "ann@example.com", "owner", Some("shop"));
    ann.get(&format!("/renew?mark={web}")).has("is not paid yet");
    let begun = shop.pay(&renewal, &shop.card(ASKS_FOR_PROOF), "card").good();
    shop.becomes(begun["payment"]["id"].as_str().unwrap(), "challenged");
    let again = shop.served.post(&shop.customer.key, "/v1/renewals/quote", &wanted);
    shop.refused(&again, 409, "unpaid_order");
    assert!(again.text().contains("a card is paying its order"), "{}", again.text());
    let page = ann.get(&format!("/renew?mark={web}"));
    page.has("A card is paying its order").has("To that order").lacks("is not paid yet");
    ann.language = "zh";
    ann.get(&format!("/renew?mark={web}")).has("正在用银行卡支付");
}

/// The form of a card that pays by itself says everything that is wrong with it at once.
#[test]
fn everything_that_is_wrong_with_a_rule_is_said_at_once() {
    let shop = Shop::with("1.00", &[]);
    let card = shop.card(GOOD);
    let mut ann = signed_in(&shop.served, "ann@example.com", "owner", Some("shop"));
    let rule = [
        ("card", card.as_str()),
        ("below", "much"),
        ("amount", "little"),
        ("ceiling", ""),
        ("collect", "never"),
    ];
    ann.wrong_at_once(["/cards/rule"; 2], &rule, &["below", "amount", "ceiling"]);
}

/// Source: R-PAY-2: declined: both undone, the order is unpaid again, and may be paid with another card.
#[test]
fn a_card_that_is_declined_undoes_all_of_it() {
    let shop = Shop::with("300.00", &["--cloud-delay-seconds", "0"]);
    shop.refused(&shop.add(&shop.gateway.card(DECLINED_AT_ATTACH)), 402, "card_declined");
    let card = shop.card(DECLINED_AT_CHARGE);
    let orders = shop.orders(1);
    let id = shop.paying(&orders, &card);
    let failed = shop.becomes(&id, "failed");
    assert_eq!(failed["reason"], "card_declined");
    shop.wallet_is("300.00", "0.00");
    assert_eq!(shop.order(&orders[0])["state"], "unpaid");
    assert!(shop.gateway.intents().iter().all(|it| it["status"] == "canceled"), "nothing is left open there");

    let id = shop.paying(&orders, &shop.card(GOOD));
    shop.becomes(&id, "captured");
    assert_eq!(shop.gateway.charged(), 20_796);
    shop.wallet_is("0.00", "0.00");
    shop.is_sound();
}

#[test]
fn a_holder_who_proves_the_card_to_be_its_own_pays_and_who_does_not_pays_nothing() {
    let shop = Shop::with("300.00", &["--cloud-delay-seconds", "0"]);
    let card = shop.card(ASKS_FOR_PROOF);
    let orders = shop.orders(1);
    let id = shop.paying(&orders, &card);
    let asked = shop.becomes(&id, "challenged");
    assert_eq!(asked["challenge"]["publishable_key"], "pk_test_12345");
    assert_eq!(shop.order(&orders[0])["state"], "paying");
    shop.wallet_is("300.00", "300.00");
    shop.gateway.fails_to_prove(asked["challenge"]["client_secret"].as_str().unwrap());
    assert_eq!(shop.becomes(&id, "failed")["reason"], "payment_intent_authentication_failure");
    shop.wallet_is("300.00", "0.00");

    let id = shop.paying(&orders, &card);
    let asked = shop.becomes(&id, "challenged");
    shop.gateway.proves(asked["challenge"]["client_secret"].as_str().unwrap());
    shop.becomes(&id, "captured");
    assert_eq!(shop.gateway.charged(), 20_796);

    // Who gives it up has the order unpaid again, and nothing is left open.
    let orders = shop.orders(1);
    let id = shop.paying(&orders, &card);
    shop.becomes(&id, "challenged");
    shop.served.post(&shop.customer.key, &format!("/v1/card-payments/{id}/cancel"), &json!({})).good();
    shop.becomes(&id, "released");
    assert_eq!(shop.order(&orders[0])["state"], "unpaid");
    assert_eq!((shop.gateway.charged(), shop.gateway.holds()), (20_796, 0));
    shop.is_sound();
}

/// The server is killed at whatever step of a payment: each is charged once, and the books agree.
#[test]
fn a_server_that_is_killed_charges_nobody_twice() {
    let mut shop = Shop::with("0.01", &["--cloud-delay-seconds", "0"]);
    let card = shop.card(GOOD);
    let mut all = Vec::new();
    for pause in [0, 20, 40, 60, 90, 140, 200] {
        let orders = shop.orders(1);
        let id = shop.pay(&orders, &card, "card").good()["payment"]["id"].as_str().unwrap().to_string();
        std::thread::sleep(std::time::Duration::from_millis(pause));
        shop = shop.killed();
        all.push((id, orders));
    }
    for (id, orders) in &all {
        shop.becomes(id, "captured");
        assert_eq!(shop.order(&orders[0])["state"], "delivered");
    }
    assert_eq!((shop.gateway.charged(), shop.gateway.holds()), (7 * 50_796, 0));
    shop.wallet_is("0.01", "0.00");
    shop.is_sound();
}

#[test]
fn a_top_up_by_card_comes_in_once() {
    let shop = Shop::with("1.00", &[]);
    let card = shop.card(GOOD);
    let body = json!({ "card": card, "amount": "100.00", "currency": "CNY" });
    let made = shop.served.made(&shop.customer.key, "/v1/card-top-ups", &body);
    shop.becomes(made["id"].as_str().unwrap(), "captured");
    shop.wallet_is("101.00", "0.00");
    assert_eq!(shop.gateway.charged(), 10_000);
    shop.is_sound();
}

/// Each call whose answer is lost, or that does not get there: it is looked at before it is made again.
#[test]
fn an_answer_that_is_lost_charges_nobody_twice() {
    let steps = ["POST /v1/payment_intents HTTP", "POST /v1/payment_intents", "GET /v1/payment_intents"];
    for fault in [Fault::AnswerLost, Fault::Down] {
        let shop = Shop::with("300.00", &["--cloud-delay-seconds", "0"]);
        let card = shop.card(GOOD);
        let orders = shop.orders(1);
        // The first of each kind goes wrong: the authorisation, the search for it, and the capture.
        shop.gateway.fails(steps[1], fault, 1);
        shop.gateway.fails(steps[2], fault, 1);
        let id = shop.paying(&orders, &card);
        shop.becomes(&id, "captured");
        assert_eq!((shop.gateway.charged(), shop.gateway.holds()), (20_796, 0), "{fault:?}");
        let ours = shop.gateway.intents().len();
        assert_eq!(ours, 1, "{fault:?}: there is one payment at the gateway");
        shop.wallet_is("0.00", "0.00");
        shop.is_sound();
    }
}

#[test]
fn a_capture_whose_answer_is_lost_is_not_made_again() {
    let shop = Shop::with("300.00", &["--cloud", "external"]);
    let card = shop.card(GOOD);
    let orders = shop.orders(1);
    let id = shop.paying(&orders, &card);
    shop.becomes(&id, "held");
    shop.gateway.fails("POST /v1/payment_intents", Fault::AnswerLost, 1);
    delivers(&shop, 1);
    shop.becomes(&id, "captured");
    assert_eq!((shop.gateway.charged(), shop.gateway.calls("POST /v1/payment_intents/")), (20_796, 1));
    shop.is_sound();
}

/// The bank was asked, and that gets there after nobody waits for it any more and the payment was given up: the sum is let go of.
#[test]
fn what_gets_there_after_it_was_given_up_is_let_go_of() {
    let shop = Shop::with("300.00", &["--cloud-delay-seconds", "0"]);
    let card = shop.card(GOOD);
    let orders = shop.orders(1);
    shop.gateway.fails("POST /v1/payment_intents", Fault::Slow, 1);
    let id = shop.paying(&orders, &card);
    eventually("it is asked", || (shop.gateway.calls("POST /v1/payment_intents") > 0).then_some(()));
    let cancelled =
        shop.served.post(&shop.customer.key, &format!("/v1/card-payments/{id}/cancel"), &json!({}));
    assert_eq!(cancelled.good()["state"], "releasing");
    assert_eq!(shop.order(&orders[0])["state"], "unpaid");
    shop.wallet_is("300.00", "0.00");
    eventually("the slow call has made a payment", || (!shop.gateway.intents().is_empty()).then_some(()));
    shop.becomes(&id, "released");
    assert_eq!((shop.gateway.charged(), shop.gateway.holds(), shop.gateway.intents().len()), (0, 0, 1));
    shop.is_sound();
}

/// What a signature is made of.
fn signed(body: &str, at: i64, secret: &str) -> String {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
    let tag = ring::hmac::sign(&key, format!("{at}.{body}").as_bytes());
    let hex: String = tag.as_ref().iter().map(|it| format!("{it:02x}")).collect();
    format!("stripe-signature: t={at},v1={hex}")
}

/// Webhooks are hints: lost, twice, forged or old, what counts is what the gateway says when it is asked.
#[test]
fn what_the_gateway_sends_is_a_hint() {
    let shop = Shop::with("300.00", &["--cloud-delay-seconds", "0"]);
    let card = shop.card(ASKS_FOR_PROOF);
    let orders = shop.orders(1);
    let id = shop.paying(&orders, &card);
    let asked = shop.becomes(&id, "challenged");
    let secret = asked["challenge"]["client_secret"].as_str().unwrap();
    let intent = secret.split_once("_secret_").unwrap().0;
    let body = json!({ "type": "payment_intent.succeeded", "data": { "object": {
        "id": intent, "object": "payment_intent", "status": "succeeded", "amount": 20_796
    } } });
    let body = body.to_string();
    let now = jiff::Timestamp::now().as_second();
    let send = |header: &str, body: &str| {
        shop.served.call(
            "POST",
            "/v1/gateway-events",
            "",
            &["content-type: application/json", header],
            body.as_bytes(),
        )
    };
    shop.refused(&send(&signed(&body, now, "whsec_of_others"), &body), 400, "signature_invalid");
    shop.refused(&send(&signed(&body, now - 600, SECRET), &body), 400, "signature_old");
    shop.refused(&send("stripe-signature: nothing", &body), 400, "signature_invalid");
    // Signed, twice, and not true: the card's holder has proved nothing yet.
    for _ in 0..2 {
        assert_eq!(send(&signed(&body, now, SECRET), &body).status, 204);
    }
    assert_eq!(shop.payment(&id)["state"], "challenged");
    shop.wallet_is("300.00", "300.00");
    // Here none is sent at all: what is under way is looked at.
    shop.gateway.proves(secret);
    shop.becomes(&id, "captured");
    for _ in 0..2 {
        assert_eq!(send(&signed(&body, now, SECRET), &body).status, 204);
    }
    assert_eq!(shop.gateway.charged(), 20_796);
    shop.is_sound();
}

#[test]
fn what_cannot_be_is_refused_and_nothing_is_written() {
    let shop = Shop::with("300.00", &["--cloud-delay-seconds", "0"]);
    let token = shop.gateway.card(GOOD);
    let card = shop.add(&token).good()["id"].as_str().unwrap().to_string();
    shop.refused(&shop.add(&token), 409, "card_token_used");
    shop.refused(&shop.add("pm_nobody"), 422, "card_token_invalid");
    shop.refused(&shop.add(GOOD), 422, "card_token_invalid");
    let other = shop.served.customer("other", "10.00");
    let taken = shop.served.post(&other.key, "/v1/cards", &json!({ "token": token }));
    shop.refused(&taken, 422, "card_of_another");
    assert!(shop.served.get(&other.key, "/v1/cards").good()["items"].as_array().unwrap().is_empty());

    let top_up = |key: &str, card: &str, amount: &str, currency: &str| {
        let body = json!({ "card": card, "amount": amount, "currency": currency });
        shop.served.post(key, "/v1/card-top-ups", &body)
    };
    shop.refused(&top_up(&other.key, &card, "10.00", "CNY"), 404, "not_found");
    shop.refused(&top_up(&shop.customer.key, &card, "3.99", "CNY"), 422, "amount_below_minimum");
    shop.refused(&top_up(&shop.customer.key, &card, "10.00", "USD"), 422, "currency_mismatch");
    shop.refused(&top_up(&shop.customer.key, &card, "ten", "CNY"), 400, "malformed_request");
    let orders = shop.orders(1);
    let body = json!({ "orders": orders, "card": card });
    shop.refused(&shop.served.post(&other.key, "/v1/card-payments", &body), 404, "not_found");
    let unknown = json!({ "orders": orders, "card": card, "means": "cheque" });
    shop.refused(
        &shop.served.post(&shop.customer.key, "/v1/card-payments", &unknown),
        400,
        "malformed_request",
    );
    shop.served.call("DELETE", &format!("/v1/cards/{card}"), &shop.customer.key, &[], b"").good();
    shop.refused(&shop.pay(&orders, &card, "card"), 409, "card_ended");

    assert!(shop.gateway.intents().is_empty(), "the gateway was asked for nothing");
    assert!(
        shop.served.get(&shop.customer.key, "/v1/card-payments").good()["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    shop.wallet_is("300.00", "0.00");
    shop.is_sound();
}

#[test]
fn without_a_gateway_cards_are_refused() {
    let served = Served::start(&["--rate-limit", "0"]);
    let shop = served.customer("shop", "10.00");
    let answer = served.post(&shop.key, "/v1/cards", &json!({ "token": "pm_card_visa" }));
    assert_eq!((answer.status, &answer.json()["code"]), (409, &json!("cards_off")), "{}", answer.text());
    let answer = served.post(&shop.key, "/v1/card-forms", &json!({}));
    assert_eq!((answer.status, &answer.json()["code"]), (409, &json!("cards_off")), "{}", answer.text());
    let mut ann = signed_in(&served, "ann@example.com", "owner", Some("shop"));
    ann.get("/cards")
        .has("Cards are not taken here")
        .has("href=\"/top-up\"")
        .lacks("No cards yet")
        .lacks("/cards/new");
    // Nobody sells here yet: no account to pay to, and no document is on offer that would be refused.
    ann.get("/top-up").has("write RF").has("has not entered its bank account").lacks("/cards");
    ann.get("/documents").has("cannot be issued yet").lacks("Issue the").lacks("operator");
}

/// Pages offer what would be taken: no card for what holds money while it runs, none for less than a card pays.
#[test]
fn pages_offer_the_ways_to_pay_that_there_are() {
    let shop = Shop::with("506.00", &[]);
    let mut ann = signed_in(&shop.served, "ann@example.com", "owner", Some("shop"));
    shop.card(GOOD);
    let order = shop.orders(1).remove(0);
    let page = ann.get(&format!("/orders/{order}/pay"));
    page.has("1.96 CNY by card; a card pays 4.00 CNY at least")
        .has("Bring it in by bank transfer or card, or pay");
    page.has("value=\"balance_then_card\" disabled").lacks("value=\"card\" disabled");

    let options =
        json!({ "charge": "payg", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1" });
    let item = json!({ "product": "server", "name": "lab", "options": options });
    let placed = shop.served.post(&shop.customer.key, "/v1/orders", &json!({ "items": [item] })).good();
    let order = placed["orders"][0]["id"].as_str().unwrap();
    ann.get(&format!("/orders/{order}/pay"))
        .has("are held of the balance while it runs")
        .lacks("name=\"card\"")
        .lacks("value=\"card\"");
}
