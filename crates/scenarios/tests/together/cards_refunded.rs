//! Refunds to cards against a gateway that speaks as Stripe does: sent, refused, lost on the way, and never twice.
//!
//! In:  real servers, `localstripe`, a line to it on which answers get lost. Out: money in the books, at the gateway, and nowhere
//! else.
//! Source: R-REF-4.

use crate::support::buyer::{GOOD, Shop};
use crate::support::people::signed_in;
use crate::support::served::{Answer, eventually};
use crate::support::stripe::Fault;
use serde_json::{Value, json};

/// A shop with so much money and one server at 507.96, which a card pays as far as the balance does not.
fn bought(balance: &str) -> (Shop, String, String) {
    let shop = Shop::with(balance, &["--cloud-delay-seconds", "0"]);
    let card = shop.card(GOOD);
    let (payment, resource) = buys(&shop, &card);
    (shop, payment, resource)
}

/// Buys one server and gives the payment and what came.
fn buys(shop: &Shop, card: &str) -> (String, String) {
    let orders = shop.orders(1);
    let payment = shop.paying(&orders, card);
    shop.becomes(&payment, "captured");
    let resource = shop.order(&orders[0])["pieces"][0]["resource"].as_str().unwrap().to_string();
    (payment, resource)
}

fn refund(shop: &Shop, resource: &str, cash_to: &str) -> Answer {
    shop.served.post(&shop.customer.key, "/v1/refunds", &json!({ "resource": resource, "cash_to": cash_to }))
}

/// Waits until the only refund to the card of a payment stands so, and gives the payment.
#[track_caller]
fn stands(shop: &Shop, payment: &str, state: &str) -> Value {
    eventually(&format!("what goes back of {payment} is {state}"), || {
        let found = shop.payment(payment);
        assert_eq!(found["refunds"].as_array().unwrap().len(), 1, "{found}");
        Some(found).filter(|it| it["refunds"][0]["state"] == state)
    })
}

/// The gateway and the books say the same.
#[track_caller]
fn agrees(shop: &Shop) {
    let compared = shop.served.post(&shop.served.operator, "/v1/card-differences", &json!({})).good();
    assert!(compared["items"].as_array().unwrap().is_empty(), "{compared}");
    shop.is_sound();
}

/// 300.00 of balance and 207.96 by card: 207.96 to the card and 300.00 to the balance, once.
#[test]
fn cash_goes_back_to_the_card_as_far_as_it_paid() {
    let (shop, payment, resource) = bought("300.00");
    let body = json!({ "resource": resource });
    let quoted = shop.served.post(&shop.customer.key, "/v1/refunds/quote", &body).good();
    assert_eq!((&quoted["total"], &quoted["back"]["cash"]), (&json!("507.96"), &json!("507.96")));
    assert_eq!(
        (&quoted["cards"][0]["payment"], &quoted["cards"][0]["amount"]),
        (&json!(payment), &json!("207.96"))
    );
    let made = shop.served.made(
        &shop.customer.key,
        "/v1/refunds",
        &json!({ "resource": resource, "cash_to": "card" }),
    );
    assert_eq!((&made["total"], &made["to_cards"]), (&json!("507.96"), &json!("207.96")));
    let paid = stands(&shop, &payment, "sent");
    assert_eq!((&paid["taken"], &paid["refunded"]), (&json!("207.96"), &json!("207.96")));
    shop.wallet_is("300.00", "0.00");
    assert_eq!((shop.gateway.charged(), shop.gateway.given_back().len()), (0, 1));
    shop.refused(&refund(&shop, &resource, "card"), 409, "already_refunded");
    let id = made["id"].as_str().unwrap();
    let whole = shop.served.get(&shop.customer.key, &format!("/v1/refunds/{id}")).good();
    assert_eq!(
        (&whole["cards"][0]["amount"], &whole["cards"][0]["state"]),
        (&json!("207.96"), &json!("sent"))
    );
    agrees(&shop);
}

/// What the card paid goes to the balance where nothing is said, and no card gets what none paid.
#[test]
fn where_nothing_is_said_the_card_is_left_alone() {
    let (shop, payment, resource) = bought("0.01");
    let body = json!({ "resource": resource });
    shop.served.post(&shop.customer.key, "/v1/refunds", &body).good();
    shop.wallet_is("507.96", "0.00");
    assert_eq!(shop.payment(&payment)["refunds"], json!([]));
    assert_eq!(shop.gateway.charged(), 50_795);
    let orders = shop.orders(1);
    shop.served.post(&shop.customer.key, &format!("/v1/orders/{}/pay", orders[0]), &json!({})).good();
    let own = eventually("it comes", || {
        let order = shop.order(&orders[0]);
        (order["state"] == "delivered").then(|| order["pieces"][0]["resource"].as_str().unwrap().to_string())
    });
    shop.refused(&refund(&shop, &own, "card"), 422, "no_card_to_refund");
    shop.refused(&refund(&shop, &own, "cheque"), 400, "malformed_request");
    shop.wallet_is("0.00", "0.00");
    agrees(&shop);
}

#[test]
fn what_the_gateway_refuses_goes_to_the_balance_and_is_told() {
    let (shop, payment, resource) = bought("300.00");
    shop.gateway.fails("POST /v1/refunds", Fault::Refused("charge_not_refundable"), 1);
    refund(&shop, &resource, "card").good();
    let paid = stands(&shop, &payment, "failed");
    assert_eq!(
        (&paid["refunded"], &paid["refunds"][0]["reason"]),
        (&json!("0.00"), &json!("charge_not_refundable"))
    );
    shop.wallet_is("507.96", "0.00");
    assert_eq!((shop.gateway.charged(), shop.gateway.given_back().len()), (20_796, 0));
    let told = shop.served.get(&shop.customer.key, "/v1/notices").good();
    let kinds: Vec<&str> =
        told["items"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"card_refund_failed"), "{kinds:?}");
    agrees(&shop);
}

/// Calls whose answer is lost, or that do not get there: it is looked for before it is sent again.
#[test]
fn an_answer_that_is_lost_gives_nothing_back_twice() {
    for fault in [Fault::AnswerLost, Fault::Down] {
        let (shop, payment, resource) = bought("300.00");
        shop.gateway.fails("POST /v1/refunds", fault, 1);
        // What the comparison asks begins otherwise.
        let look = "GET /v1/refunds?payment_intent=";
        shop.gateway.fails(look, fault, 1);
        refund(&shop, &resource, "card").good();
        eventually("it was asked and got no answer", || {
            (shop.gateway.calls("POST /v1/refunds") > 0).then_some(())
        });
        let waiting = shop.payment(&payment);
        assert_eq!(
            (&waiting["refunded"], &waiting["refunds"][0]["state"]),
            (&json!("207.96"), &json!("to_send"))
        );
        shop.wallet_is("300.00", "0.00");
        agrees(&shop);
        stands(&shop, &payment, "sent");
        let back = shop.gateway.given_back();
        assert_eq!((back.len(), shop.gateway.charged()), (1, 0), "{fault:?}: {back:?}");
        assert!(shop.gateway.calls(look) > 1, "{fault:?}: a look got no answer, another did");
        agrees(&shop);
    }
}

/// What the gateway gave back once more, or for nobody, is a difference, also of a payment that is not compared any more.
#[test]
fn what_the_gateway_gave_back_besides_is_found() {
    let (shop, payment, resource) = bought("300.00");
    refund(&shop, &resource, "card").good();
    let ours = stands(&shop, &payment, "sent")["refunds"][0]["id"].as_str().unwrap().to_string();
    let (other, _) = buys(&shop, &shop.card(GOOD));
    agrees(&shop);
    let intents = shop.gateway.intents();
    let intent = intents.iter().find(|it| it["metadata"]["till_payment"] == other.as_str()).unwrap();
    let intent = intent["id"].as_str().unwrap();
    let unknown = format!("crf_{}", "0".repeat(32));
    for id in [&ours, &unknown] {
        let form = format!(
            "payment_intent={intent}&amount=100&metadata[till_refund]={id}&metadata[till_payment]={other}"
        );
        shop.gateway.call("POST", "/v1/refunds", &form).good();
    }
    let compared = shop.served.post(&shop.served.operator, "/v1/card-differences", &json!({})).good();
    let mut kinds: Vec<&str> =
        compared["items"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
    kinds.sort_unstable();
    // The other payment has another sum left, one refund was made twice, and one is not known.
    assert_eq!(kinds, ["sum", "twice", "unknown"], "{compared}");
}

/// The server is killed at whatever step: each goes back once, and the books agree.
#[test]
fn a_server_that_is_killed_gives_nothing_back_twice() {
    let mut shop = Shop::with("0.01", &["--cloud-delay-seconds", "0"]);
    let card = shop.card(GOOD);
    let pauses = [0, 10, 20, 40, 60, 90, 140];
    let bought: Vec<(String, String)> = pauses.iter().map(|_| buys(&shop, &card)).collect();
    let taken = shop.gateway.charged();
    let mut sent = 0;
    for (pause, (_, resource)) in pauses.iter().zip(&bought) {
        let made = refund(&shop, resource, "card").good();
        sent += made["to_cards"].as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(*pause));
        shop = shop.killed();
    }
    for (payment, _) in &bought {
        stands(&shop, payment, "sent");
    }
    let mut back = shop.gateway.given_back();
    back.sort();
    back.dedup_by(|one, other| one.0 == other.0);
    assert_eq!((back.len(), back.iter().map(|it| it.1).sum::<i64>()), (7, sent));
    assert_eq!((shop.gateway.given_back().len(), shop.gateway.charged()), (7, taken - sent));
    agrees(&shop);
}

/// The page offers the card where one paid, and says what came of it.
#[test]
fn the_page_of_a_refund_asks_where_the_cash_goes() {
    let (shop, payment, resource) = bought("300.00");
    let mut ann = signed_in(&shop.served, "ann@example.com", "owner", Some("shop"));
    let page = ann.get(&format!("/refund?resource={resource}"));
    page.has("Where the cash goes")
        .has("All of it to the balance")
        .has("207.96 CNY to Visa")
        .has("the rest to the balance");
    let done = ann.send(&page, "/refund", &[("cash_to", "card")]);
    let to = done.answer.header("location").unwrap().to_string();
    stands(&shop, &payment, "sent");
    ann.get(&to).has("To the card that paid").has("207.96").has("Sent to the card").has("300.00");
    ann.get(&format!("/payments/{payment}")).has("Back on the card").has("Sent to the card");
    let mut carl = signed_in(&shop.served, "carl@example.com", "administrator", None);
    carl.get("/operator/card-payments").has("Back on the card").lacks("Refunds on their way to cards");
    agrees(&shop);
}
