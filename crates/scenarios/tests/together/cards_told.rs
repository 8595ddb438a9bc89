//! What is told by mail of purchases that a card pays for: a receipt once it is charged, where things run, what did not come.
//!
//! In:  a real server with a gateway and a mail server. Out: the mails of each purchase, and no others.

use crate::support::buyer::{GOOD, Shop, delivers};
use crate::support::served::eventually;
use crate::support::sink::Sink;
use crate::support::stripe::Fault;
use serde_json::json;

/// A shop that takes cards and tells one address everything, with a cloud of the test.
fn shop(sink: &Sink, balance: &str) -> Shop {
    let arguments = sink.arguments();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(["--cloud", "external"]).collect();
    let shop = Shop::with(balance, &arguments);
    let body = json!({ "mail": "ops@example.com", "topics": ["technical", "finance"] });
    shop.served.post(&shop.customer.key, "/v1/account/mail-addresses", &body).good();
    shop
}

/// So many mails as subject and text, by subject; no more of them come. The last days of a month tell that packs end with it.
fn told(sink: &Sink, count: usize) -> Vec<(String, String)> {
    let read = |it: &crate::support::sink::Taken| {
        let mail = it.read();
        (mail["subject"].as_str().unwrap().to_string(), mail["text"].as_str().unwrap().replace("\r\n", "\n"))
    };
    let of_the_order = || -> Vec<(String, String)> {
        sink.taken().iter().map(read).filter(|it| !it.0.contains("expires in")).collect()
    };
    eventually("the mails", || (of_the_order().len() >= count).then_some(()));
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    let mut all = of_the_order();
    all.sort();
    assert_eq!(all.len(), count, "{all:#?}");
    all
}

/// Of three at 507.96 with 300.00 of balance two come: 200.00 of the balance and 2 × 407.96 = 815.92 of the card, together
/// 1,015.92. Of the third 100.00 was held, and 407.96 is not charged. Source: R-PAY-2, R-PAY-3.
#[test]
fn what_a_card_paid_and_what_it_did_not_is_told() {
    let sink = Sink::start(&[]);
    let shop = shop(&sink, "300.00");
    let orders = shop.orders(3);
    let id = shop.paying(&orders, &shop.card(GOOD));
    shop.becomes(&id, "held");
    assert!(sink.taken().is_empty(), "nothing is paid yet");
    delivers(&shop, 2);
    shop.becomes(&id, "captured");
    let told = told(&sink, 2);
    assert_eq!(told[0].0, "Receipt: 1,015.92 CNY paid");
    for says in [
        "\n815.92 CNY of this was paid by card, the rest from the balance of your account.\n",
        "\n2 × Cloud server, web, 12 months: 1,015.92 CNY\nPaid: 1,015.92 CNY\n",
    ] {
        assert!(told[0].1.contains(says), "{says}: {}", told[0].1);
    }
    assert_eq!(told[1].0, "web is delivered in part");
    for says in [
        "\n100.00 CNY that was held for it is free again and can be spent at once.\n\nYour card is not charged for it.\n",
        "\nweb-1: 10.0.0.7\nweb-2: 10.0.0.7\n",
    ] {
        assert!(told[1].1.contains(says), "{says}: {}", told[1].1);
    }
}

/// Nothing comes of what a card was to pay in whole: no receipt, and nothing is said to be given back.
#[test]
fn a_card_that_is_not_charged_has_no_receipt() {
    let sink = Sink::start(&[]);
    let shop = shop(&sink, "0.01");
    let orders = shop.orders(1);
    let id =
        shop.pay(&orders, &shop.card(GOOD), "card").good()["payment"]["id"].as_str().unwrap().to_string();
    shop.becomes(&id, "held");
    delivers(&shop, 0);
    shop.becomes(&id, "released");
    let told = told(&sink, 1);
    assert_eq!(told[0].0, "web could not be delivered");
    assert!(
        told[0].1.contains("delivered\n\nYour card is not charged for it.\n\nOrder again"),
        "{}",
        told[0].1
    );
}

/// A pack by card: the receipt alone tells that it is there.
#[test]
fn a_pack_by_card_has_a_receipt_alone() {
    let sink = Sink::start(&[]);
    let shop = shop(&sink, "0.01");
    let item =
        json!({ "product": "container-pack", "name": "p", "options": { "spec": "1U1G", "hours": "720" } });
    let placed = shop.served.post(&shop.customer.key, "/v1/orders", &json!({ "items": [item] })).good();
    let order = &placed["orders"][0];
    let (id, total) =
        (order["id"].as_str().unwrap().to_string(), order["total"].as_str().unwrap().to_string());
    let payment =
        shop.pay(&[id], &shop.card(GOOD), "card").good()["payment"]["id"].as_str().unwrap().to_string();
    shop.becomes(&payment, "captured");
    let told = told(&sink, 1);
    assert_eq!(told[0].0, format!("Receipt: {total} CNY paid"));
    assert!(told[0].1.contains("\nThis was paid by card.\n"), "{}", told[0].1);
}

/// 507.96 of 300.00 of balance and 207.96 by card go back, and the card does not take its part. Source: R-REF-4.
#[test]
fn what_goes_back_to_a_card_and_what_it_does_not_take_is_told() {
    let sink = Sink::start(&[]);
    let shop = shop(&sink, "300.00");
    let orders = shop.orders(1);
    let id = shop.paying(&orders, &shop.card(GOOD));
    shop.becomes(&id, "held");
    delivers(&shop, 1);
    shop.becomes(&id, "captured");
    shop.gateway.fails("POST /v1/refunds", Fault::Refused("charge_not_refundable"), 1);
    let body = json!({ "resource": shop.order(&orders[0])["pieces"][0]["resource"], "cash_to": "card" });
    shop.served.post(&shop.customer.key, "/v1/refunds", &body).good();
    // The receipt, the delivery, the refund, and what the card did not take.
    let told = told(&sink, 4);
    let text = |subject: &str| {
        let found = told.iter().find(|it| it.0 == subject);
        found.unwrap_or_else(|| panic!("{subject}: {told:#?}")).1.clone()
    };
    let refund = text("web is refunded: 507.96 CNY");
    let rows = "\nTo the card: 207.96 CNY\nTo the balance: 300.00 CNY\nRefunded: 507.96 CNY\n";
    assert!(refund.contains(rows), "{refund}");
    let refused = text("A card took nothing back");
    assert!(refused.contains("the card that was to get 207.96 CNY of a refund did not take it"), "{refused}");
    shop.is_sound();
}
