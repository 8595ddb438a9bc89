//! Every product of the demo's book bought in Chromium: in both languages, by keyboard alone, and without a script.
//!
//! In:  a real server with its simulated cloud. Out: orders that are delivered, and a bill down to its arithmetic.

use crate::support::people::{PASSWORD, signed_in};
use crate::support::served::Served;
use crate::support::tools::seen_by_browser;
use serde_json::json;

#[test]
fn every_product_is_bought_by_keyboard_and_without_a_script() {
    let served = Served::start(&["--rate-limit", "0", "--cloud-delay-seconds", "0"]);
    let by = served.customer("shop", "1000000.00");
    signed_in(&served, "bob@example.com", "buyer", Some("shop"));
    let sold = served.get(&by.key, "/v1/products?limit=200").good();
    let products: Vec<&str> =
        sold["items"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert!(products.len() > 5, "{products:?}");
    let asked = json!({
        "address": served.url(""), "mail": "bob@example.com", "password": PASSWORD, "products": products,
    });
    let found = seen_by_browser("buying.mjs", asked);
    assert!(found.is_empty(), "{}", found.join("\n"));
    let orders = served.get(&by.key, "/v1/orders?limit=200").good();
    let orders = orders["items"].as_array().unwrap();
    assert_eq!(orders.len(), 4 * products.len(), "each product in two languages, in two ways");
    assert!(orders.iter().all(|it| it["state"] == "delivered"), "{orders:#?}");
}
