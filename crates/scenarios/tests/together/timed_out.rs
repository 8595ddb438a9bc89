//! A request that takes too long, on both engines: what the answer promises is true, whatever becomes of the request.

use crate::support::served::{Answer, Customer, Served, eventually};
use serde_json::json;
use std::path::Path;
use std::sync::mpsc;
use store::accounts::{self, Patience};
use store::{Store, StoreError};

fn buy(served: &Served, by: &Customer, token: &str) -> Answer {
    let item = json!({ "product": "server", "name": "web", "months": 1, "options": {
        "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1"
    }});
    let token = format!("idempotency-key: {token}");
    let body = json!({ "pay": true, "items": [item] }).to_string();
    served.call("POST", "/v1/orders", &by.key, &["content-type: application/json", &token], body.as_bytes())
}

/// Runs `work` while somebody else holds the wallet of an account; on SQLite that is the whole database.
fn held(store: &Store, account: &str, work: impl FnOnce()) {
    let (id, (locked, wait), (go_on, waits)) =
        (account.parse().unwrap(), mpsc::channel(), mpsc::channel::<()>());
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let hold = |tx: &mut store::Tx<'_>| {
                accounts::lock(tx, [id], Patience::Wait)?;
                locked.send(()).unwrap();
                // Until whoever works is done, also when it breaks off.
                let _ = waits.recv();
                Ok::<_, StoreError>(())
            };
            store.write(hold).unwrap();
        });
        wait.recv().unwrap();
        work();
        drop(go_on);
    });
}

fn asked_again_it_is_done_once(served: &Served, store: &Store) {
    let shop = served.customer("shop", "1000.00");
    held(store, &shop.account, || {
        for token in ["one", "other"] {
            let late = buy(served, &shop, token);
            assert_eq!(
                (late.status, late.json()["code"].clone()),
                (503, json!("timed_out")),
                "{}",
                late.text()
            );
            let detail = late.json()["detail"].as_str().unwrap().to_string();
            assert!(detail.contains("may be done yet") && detail.contains("Idempotency-Key"), "{detail}");
            assert!(!detail.contains("nothing was changed"), "{detail}");
        }
    });
    let orders = ["one", "other"].map(|token| {
        let again = eventually("the purchase is answered", || {
            Some(buy(served, &shop, token)).filter(|it| it.status != 503)
        });
        assert_eq!(again.status, 201, "{}", again.text());
        again.json()["orders"][0]["id"].as_str().unwrap().to_string()
    });
    let all = served.get(&shop.key, "/v1/orders").good();
    let ids: Vec<&str> =
        all["items"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 2, "each was made once: {ids:?}");
    assert!(orders.iter().all(|it| ids.contains(&it.as_str())), "{orders:?} {ids:?}");
    // 51.00 each.
    eventually("both are paid", || {
        (served.get(&shop.key, "/v1/wallet").good()["balance"] == "898.00").then_some(())
    });
    assert_eq!(served.get(&served.operator, "/v1/verify").good()["differences"], json!([]));
}

const ARGUMENTS: [&str; 6] = ["--rate-limit", "0", "--cloud-delay-seconds", "0", "--request-seconds", "1"];

#[test]
fn what_timed_out_is_done_once_when_it_is_asked_again() {
    let served = Served::start(&ARGUMENTS);
    let store = Store::embedded(Path::new(&served.folder.0.join("data/till.db"))).unwrap();
    asked_again_it_is_done_once(&served, &store);
}

#[test]
fn the_same_holds_on_postgres() {
    let server = store::testing::postgres();
    let url = server.fresh_database();
    let served = Served::start(&[&ARGUMENTS[..], &["--database-url", &url]].concat());
    asked_again_it_is_done_once(&served, &Store::postgres(&url).unwrap());
}

/// A second server on one test clock is refused while the first one lives, and takes over when that has crashed.
#[test]
fn a_test_clock_has_one_server() {
    let server = store::testing::postgres();
    let url = server.fresh_database();
    let arguments = ["--test-clock", "2026-06-01T00:00:00Z", "--database-url", &url];
    let first = Served::start(&arguments);
    let second = std::process::Command::new(crate::support::served::program())
        .args(["serve", "--listen", "127.0.0.1:0"])
        .args(arguments)
        .env("TILL_INSTALLATION_KEY", crate::support::served::KEY)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(!second.status.success() && said.contains("another server runs on the test clock"), "{said}");
    // Killed: nothing is given back.
    drop(first);
    let next = Served::start(&arguments);
    assert_eq!(next.get("", "/ready").status, 200);
    // Ended: given back at once.
    assert_eq!(next.stop().0, Some(0));
    drop(Served::start(&arguments));
}
