//! Purchases and questions that come in at the same time share transactions: what each gets is its own.
//!
//! In:  a served till, customers with much, with little and with nothing to spend, who all ask at once.
//! Out: each is answered as if it had been alone.

use crate::support::served::{Answer, Customer, Served, eventually};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::mpsc;
use store::accounts::{self, Patience};
use store::{Store, StoreError};

/// 51.00 for a month.
fn server() -> Value {
    json!({ "product": "server", "name": "web", "months": 1, "options": {
        "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1"
    }})
}

fn buy(served: &Served, by: &Customer, token: &str, item: &Value) -> Answer {
    let token = format!("idempotency-key: {token}");
    let body = json!({ "pay": true, "items": [item] }).to_string();
    served.call("POST", "/v1/orders", &by.key, &["content-type: application/json", &token], body.as_bytes())
}

fn balance(served: &Served, of: &Customer) -> (Value, Value) {
    let wallet = served.get(&of.key, "/v1/wallet").good();
    (wallet["balance"].clone(), wallet["available"].clone())
}

/// Ten rich customers each buy twice, each purchase is sent three times at once; one customer has money for two of five
/// purchases, one has none, one asks for what is not sold.
fn all_at_once(arguments: &[&str]) {
    let served = Served::start(&[&["--cloud-delay-seconds", "0", "--rate-limit", "0"], arguments].concat());
    let rich: Vec<Customer> = (0..10).map(|it| served.customer(&format!("rich {it}"), "1000.00")).collect();
    let (tight, poor) = (served.customer("tight", "102.00"), served.customer("poor", "50.99"));
    let strange = served.customer("strange", "1000.00");
    let unsold = json!({ "product": "server", "months": 1, "options": { "type": "none" } });

    let answers = std::thread::scope(|scope| {
        let mut asked = Vec::new();
        for copy in 0..3 {
            for (number, by) in rich.iter().enumerate() {
                for token in ["a", "b"] {
                    let name = format!("rich {number} {token}");
                    let served = &served;
                    asked.push((name, copy, scope.spawn(move || buy(served, by, token, &server()))));
                }
            }
        }
        for (by, name, item) in
            [(&tight, "tight", server()), (&poor, "poor", server()), (&strange, "strange", unsold)]
        {
            for copy in 0..5 {
                let (served, item) = (&served, item.clone());
                let one = scope.spawn(move || buy(served, by, &format!("{copy}"), &item));
                asked.push((name.to_string(), copy, one));
            }
        }
        let done = asked.into_iter().map(|(name, _, it)| (name, it.join().unwrap()));
        done.collect::<Vec<(String, Answer)>>()
    });

    let of = |name: &str| answers.iter().filter(|it| it.0 == name).map(|it| &it.1).collect::<Vec<_>>();
    for number in 0..10 {
        for token in ["a", "b"] {
            let got = of(&format!("rich {number} {token}"));
            let orders: BTreeSet<String> =
                got.iter().map(|it| it.good()["orders"][0]["id"].to_string()).collect();
            assert_eq!((got.len(), orders.len()), (3, 1), "one purchase, told three times");
            let first = got.iter().filter(|it| it.header("idempotency-replayed").is_none()).count();
            assert_eq!(first, 1, "made once");
        }
    }
    let statuses = |name: &str| {
        let mut all: Vec<u16> = of(name).iter().map(|it| it.status).collect();
        all.sort_unstable();
        all
    };
    assert_eq!(statuses("tight"), [201, 201, 402, 402, 402]);
    assert_eq!(statuses("poor"), [402; 5]);
    assert!(of("poor").iter().all(|it| it.json()["code"] == "balance_insufficient"));
    assert!(of("strange").iter().all(|it| (400..500).contains(&it.status)), "{:?}", statuses("strange"));

    delivered(&served, (&rich, 898), (&tight, 2));
    assert_eq!(balance(&served, &poor), (json!("50.99"), json!("50.99")));
    assert_eq!(served.get(&strange.key, "/v1/orders").good()["items"], json!([]), "nothing was written");
    let audit = served.get(&served.operator, "/v1/verify").good();
    assert_eq!(audit["differences"], json!([]));
}

/// Everything that was paid is delivered and billed: the rich have so much left, and `tight` so many servers.
fn delivered(served: &Served, (rich, left): (&[Customer], u32), (tight, many): (&Customer, usize)) {
    for by in rich.iter().chain([tight]) {
        eventually("all is delivered", || {
            let waiting = served.get(&by.key, "/v1/orders?state=delivering").good();
            (waiting["items"] == json!([])).then_some(())
        });
    }
    for by in rich {
        assert_eq!(balance(served, by), (json!(format!("{left}.00")), json!(format!("{left}.00"))));
    }
    assert_eq!(balance(served, tight), (json!("0.00"), json!("0.00")));
    let servers = served.get(&tight.key, "/v1/resources?state=running").good();
    assert_eq!(servers["items"].as_array().unwrap().len(), many);
}

#[test]
fn each_purchase_of_many_at_once_gets_what_it_would_get_alone() {
    all_at_once(&[]);
}

#[test]
fn the_same_holds_on_postgres() {
    let server = store::testing::postgres();
    all_at_once(&["--database-url", &server.fresh_database()]);
}

/// Who waits for a wallet that somebody else holds, like a settlement run, holds up nobody else.
#[test]
fn a_wallet_that_is_held_holds_up_its_owner_only() {
    let server = store::testing::postgres();
    let url = server.fresh_database();
    let served = Served::start(&["--rate-limit", "0", "--database-url", &url]);
    let (held, free) = (served.customer("held", "1000.00"), served.customer("free", "1000.00"));
    let store = Store::postgres(&url).unwrap();
    let (id, (locked, wait)) = (held.account.parse().unwrap(), mpsc::channel());
    let (go_on, waits) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            store
                .write(|tx| {
                    accounts::lock(tx, [id], Patience::Wait)?;
                    locked.send(()).unwrap();
                    waits.recv().unwrap();
                    Ok::<_, StoreError>(())
                })
                .unwrap();
            drop(waits);
        });
        wait.recv().unwrap();
        let waiting = scope.spawn(|| buy(&served, &held, "1", &self::server()));
        for token in ["1", "2", "3"] {
            assert_eq!(buy(&served, &free, token, &self::server()).status, 201, "goes through meanwhile");
        }
        assert!(!waiting.is_finished(), "its wallet is held");
        go_on.send(()).unwrap();
        assert_eq!(waiting.join().unwrap().status, 201, "waited, and then bought");
    });
}

/// Questions share a reading; each is answered for its own account.
#[test]
fn each_question_of_many_at_once_is_answered_for_its_account() {
    let served = Served::start(&["--rate-limit", "0"]);
    let customers: Vec<(Customer, bool)> = (0..20)
        .map(|it| {
            let amount = if it % 2 == 0 { "51.00" } else { "50.99" };
            (served.customer(&format!("customer {it}"), amount), it % 2 == 0)
        })
        .collect();
    std::thread::scope(|scope| {
        for (by, allowed) in customers.iter().chain(&customers).chain(&customers) {
            let served = &served;
            scope.spawn(move || {
                let said = served.post(&by.key, "/v1/authorize", &json!({ "items": [server()] })).good();
                let available = if *allowed { "51.00" } else { "50.99" };
                assert_eq!((&said["allowed"], &said["available"]), (&json!(allowed), &json!(available)));
            });
        }
    });
}
