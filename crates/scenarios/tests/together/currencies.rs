//! Accounts in currencies with other digits than yuan, on a real server: through the API, and by card.
//!
//! In:  a server with the demo book, `localstripe`. Out: sums with the digits of their currency, at the gateway as it counts them.
//! Rules: R-MON-1, R-MON-5.

use crate::support::buyer::{GOOD, Shop};
use crate::support::people::signed_in;
use crate::support::served::{Customer, Served, eventually};
use crate::support::{parse, stores};
use serde_json::{Value, json};
use server::cli::simulate::play;

fn opened(served: &Served, code: &str, amount: &str) -> Customer {
    served.customer_of(&json!({ "name": code, "currency": code }), amount)
}

/// Source: R-MON-5; Stripe, "supported currencies": whole yen, króna in hundredths, fils of which the last is 0.
#[test]
fn the_gateway_is_asked_for_sums_as_it_counts_them() {
    let shop = Shop::with("300.00", &["--cloud-delay-seconds", "0"]);
    let mut charged = 0;
    for (code, first, sum, after, counted) in [
        ("JPY", "100", "500", "600", 500),
        ("KWD", "1", "5.120", "6.120", 5_120),
        ("ISK", "100", "150", "250", 15_000),
    ] {
        let customer = opened(&shop.served, code, first);
        let card = json!({ "token": shop.gateway.card(GOOD) });
        let card = shop.served.post(&customer.key, "/v1/cards", &card).good()["id"].clone();
        let top_up = |amount: &str| {
            let body = json!({ "card": card, "amount": amount, "currency": code });
            shop.served.post(&customer.key, "/v1/card-top-ups", &body)
        };
        let path = format!("/v1/card-payments/{}", top_up(sum).good()["id"].as_str().unwrap());
        let paid = eventually("the card pays", || {
            Some(shop.served.get(&customer.key, &path).good()).filter(|it| it["state"] == "captured")
        });
        assert_eq!((&paid["taken"], &paid["currency"]), (&json!(sum), &json!(code)));
        charged += counted;
        assert_eq!(shop.gateway.charged(), charged, "{code}");
        assert_eq!(shop.served.get(&customer.key, "/v1/wallet").good()["available"], after);
        match code {
            "KWD" => shop.refused(&top_up("5.125"), 422, "amount_invalid"),
            _ => shop.refused(&top_up("200.5"), 422, "amount_invalid"),
        }
    }
    assert_eq!(shop.gateway.charged(), charged, "what was refused was not asked for");
    let compared = shop.served.post(&shop.served.operator, "/v1/card-differences", &json!({})).good();
    assert_eq!(compared["items"].as_array().map(Vec::len), Some(0), "{compared}");
    shop.is_sound();
}

/// Source: R-MON-5: one currency per account; sums have its digits, and nothing in another goes in.
#[test]
fn an_account_in_yen_keeps_whole_yen() {
    let served = Served::start(&[]);
    let code = |it: crate::support::served::Answer| (it.status, it.json()["code"].clone());
    let open = |currency: &str| {
        served.post(&served.operator, "/v1/accounts", &json!({ "name": "x", "currency": currency }))
    };
    for currency in ["XAU", "CLF", "HRK", "XYZ"] {
        assert_eq!(code(open(currency)), (422, json!("currency_mismatch")), "{currency}");
    }
    assert_eq!(code(open("jpy")), (400, json!("malformed_request")));

    let tokyo = opened(&served, "JPY", "20000");
    let wallet: Value = served.get(&tokyo.key, "/v1/wallet").good();
    assert_eq!((&wallet["available"], &wallet["currency"]), (&json!("20000"), &json!("JPY")));
    let top_up = json!({ "amount": "1.5", "reference": "half" });
    let path = format!("/v1/accounts/{}/top-ups", tokyo.account);
    assert_eq!(code(served.post(&served.operator, &path, &top_up)), (422, json!("amount_invalid")));
    let budget =
        |amount: &str| served.post(&tokyo.key, "/v1/budgets", &json!({ "name": "all", "amount": amount }));
    assert_eq!(code(budget("500.5")), (422, json!("amount_invalid")));
    assert_eq!(budget("500").good()["amount"], "500");

    // The book is in yuan: neither a purchase nor an offer goes across.
    let options =
        json!({ "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1" });
    let item = json!({ "product": "server", "months": 1, "options": options });
    let bought = served.post(&tokyo.key, "/v1/orders", &json!({ "items": [item], "pay": true }));
    assert_eq!(code(bought), (409, json!("no_price_book")));
    let offer = json!({ "account": tokyo.account, "until": "2030-01-01T00:00:00Z", "items": [{ "total": "500", "item": item }] });
    let offered = code(served.post(&served.operator, "/v1/offers", &offer));
    assert_eq!(offered, (409, json!("no_price_book")));
    assert_eq!(served.get(&tokyo.key, "/v1/wallet").good()["available"], "20000");

    // The page says so among the others, which are in reach.
    let mut yuki = signed_in(&served, "yuki@example.com", "owner", Some("JPY"));
    let page = yuki.get("/buy");
    assert_eq!(page.status, 409);
    page.has("Nothing is sold in JPY at this time").has("href=\"/bills\"");
    yuki.language = "zh";
    yuki.get("/buy").has("价目表").lacks("价格簿");
}

/// Source: R-MON-2, R-MON-5, the story yen-have-no-digits: 12.35 × 100 × 12 × 0.83 = 12300.6, so 12301.
#[test]
fn a_shop_in_yen_sells_in_whole_yen() {
    let book = crate::support::data().join("books/yen").display().to_string();
    let served = Served::start(&["--pricebook", &book, "--cloud-delay-seconds", "0"]);
    let tokyo = served.customer("tokyo", "20000");
    let item = json!({ "product": "disk", "name": "year", "months": 12, "options": { "charge": "prepaid", "size": "100" } });
    let quote = served.post(&tokyo.key, "/v1/quotes", &json!({ "items": [item] })).good();
    assert_eq!((&quote["total"], &quote["currency"]), (&json!("12301"), &json!("JPY")));
    let mut agreed = item.clone();
    agreed["quoted"] = json!("12301");
    let bought = served.post(&tokyo.key, "/v1/orders", &json!({ "items": [agreed], "pay": true })).good();
    assert_eq!(bought["orders"][0]["total"], "12301");
    eventually("the disk is billed", || {
        let bills = served.get(&tokyo.key, "/v1/bills").good();
        (bills["items"][0]["total"] == "12301" && bills["items"][0]["amount"] == "12300.60000000")
            .then_some(())
    });
    assert_eq!(served.get(&tokyo.key, "/v1/wallet").good()["available"], "7699");
    let prices = served.get(&tokyo.key, "/v1/products/disk/prices?options=charge=prepaid").good();
    assert!(prices.to_string().contains("\"12.35\""), "{prices}");
    let checked = crate::support::people::till(&served, &["verify"]);
    assert!(checked.status.success(), "{}", crate::support::tools::printed(&checked));
}

const TWO_HOURS: &str = "book kinds\n2026-06-05 10:00:00 account acme\ntopup acme 100.00\nbuy acme e egress-minimum
2026-06-05 10:10:00 traffic e out 5GB id=e1\n2026-06-05 11:10:00 traffic e out 5GB id=e2\n2026-06-05 13:00:00 settle\n";

/// Source: R-MON-4. Bills of a product that come to more in a month than 64 bits hold in 1e-8: the month is closed all the same,
/// and corrects nothing. A rupiah is small.
#[test]
fn a_month_of_large_sums_is_closed() {
    for (engine, store, _server) in stores() {
        let (mut player, _) = play(&store, &parse("hours", TWO_HOURS)).unwrap();
        let large = "update bills set amount_e8 = 5000000000000000000, carried_e8 = 0, total_minor = 5000000000000 where kind = 'hourly'";
        let changed = store.write(|tx| tx.exec(large, &[])).unwrap();
        assert!(changed >= 2, "{engine}: {changed}");
        let rest = play::parse("rest", "2026-07-02 10:00:00 settle\n", &player.desk.calendar).unwrap();
        player.play(&rest, &mut |_, _| {}).unwrap();
        let aside = store.read(store::settlements::aside).unwrap();
        assert!(aside.is_empty(), "{engine}: {aside:?}");
        let bills = store.read(|tx| {
            store::accounts::by_name(tx, "acme").and_then(|it| store::bills::of_account(tx, it.id))
        });
        let made: Vec<_> = bills
            .unwrap()
            .iter()
            .map(|it| it.kind.as_str())
            .filter(|it| it.starts_with("precision"))
            .collect();
        assert_eq!(made, [""; 0], "{engine}");
    }
}
