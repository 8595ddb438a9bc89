//! A shop that pays by card, and a till with a gateway.
//!
//! In:  money, arguments of the server. Out: cards, orders, payments, and how they stand.
//! Invariant: gateway and server are the test's own.
#![allow(dead_code)]

use super::people::till;
use super::served::{Answer, Customer, Served, eventually};
use super::stripe::Gateway;
use serde_json::{Value, json};

pub const GOOD: &str = "4242424242424242";
pub const DECLINED_AT_ATTACH: &str = "4000000000000002";
pub const DECLINED_AT_CHARGE: &str = "4000000000000341";
pub const ASKS_FOR_PROOF: &str = "4000002760003184";

/// A shop with so much money, and a till that takes cards.
pub struct Shop {
    pub gateway: Gateway,
    pub served: Served,
    pub customer: Customer,
}

impl Shop {
    pub fn with(balance: &str, more: &[&str]) -> Shop {
        let gateway = Gateway::start();
        let arguments = gateway.arguments();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(more.iter().copied()).collect();
        let served = Served::start(&arguments);
        let customer = served.customer("shop", balance);
        Shop { gateway, served, customer }
    }

    /// The same after its server was killed and started again.
    pub fn killed(self) -> Shop {
        let arguments = self.gateway.arguments();
        let more = ["--cloud-delay-seconds", "0"].map(String::from);
        let arguments: Vec<String> = arguments.into_iter().chain(more).collect();
        // Its key is told once, at its first start.
        let operator = self.served.operator.clone();
        let folder = self.served.kill();
        let mut served = Served::start_in(folder, &arguments.iter().map(String::as_str).collect::<Vec<_>>());
        served.operator = operator;
        Shop { gateway: self.gateway, served, customer: self.customer }
    }

    /// Adds a card of this number.
    pub fn card(&self, number: &str) -> String {
        let added = self.add(&self.gateway.card(number)).good();
        added["id"].as_str().unwrap().to_string()
    }

    pub fn add(&self, token: &str) -> Answer {
        self.served.post(&self.customer.key, "/v1/cards", &json!({ "token": token }))
    }

    /// Orders so many servers for a year, each 507.96, and pays nothing yet.
    pub fn orders(&self, pieces: u32) -> Vec<String> {
        let options =
            json!({ "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1" });
        let item = json!({ "product": "server", "name": "web", "months": 12, "quantity": pieces, "options": options });
        let placed = self.served.post(&self.customer.key, "/v1/orders", &json!({ "items": [item] })).good();
        let ids =
            placed["orders"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_string());
        ids.collect()
    }

    pub fn pay(&self, orders: &[String], card: &str, means: &str) -> Answer {
        let body = json!({ "orders": orders, "card": card, "means": means });
        self.served.post(&self.customer.key, "/v1/card-payments", &body)
    }

    /// Begins to pay and gives the payment's id.
    pub fn paying(&self, orders: &[String], card: &str) -> String {
        let body = json!({ "orders": orders, "card": card, "means": "balance_then_card" });
        let begun = self.served.made(&self.customer.key, "/v1/card-payments", &body);
        begun["payment"]["id"].as_str().unwrap_or_else(|| panic!("{begun}")).to_string()
    }

    pub fn payment(&self, id: &str) -> Value {
        self.served.get(&self.customer.key, &format!("/v1/card-payments/{id}")).good()
    }

    /// Waits until a payment stands so.
    #[track_caller]
    pub fn becomes(&self, id: &str, state: &str) -> Value {
        eventually(&format!("payment {id} is {state}"), || {
            Some(self.payment(id)).filter(|it| it["state"] == state)
        })
    }

    #[track_caller]
    pub fn wallet_is(&self, cash: &str, frozen: &str) {
        let wallet = self.served.get(&self.customer.key, "/v1/wallet").good();
        assert_eq!(
            (&wallet["cash"], &wallet["frozen"], &wallet["owed"]),
            (&json!(cash), &json!(frozen), &json!("0.00"))
        );
    }

    pub fn order(&self, id: &str) -> Value {
        self.served.get(&self.customer.key, &format!("/v1/orders/{id}")).good()
    }

    /// How the pieces of an order stand, sorted.
    pub fn pieces(&self, id: &str) -> Vec<String> {
        let order = self.order(id);
        let pieces = order["pieces"].as_array().unwrap().iter();
        let mut states: Vec<String> = pieces.map(|it| it["state"].as_str().unwrap().to_string()).collect();
        states.sort();
        states
    }

    /// The books agree with themselves.
    pub fn is_sound(&self) {
        let checked = till(&self.served, &["verify"]);
        assert!(checked.status.success(), "{}", super::tools::printed(&checked));
    }

    #[track_caller]
    pub fn refused(&self, answer: &Answer, status: u16, code: &str) {
        assert_eq!((answer.status, &answer.json()["code"]), (status, &json!(code)), "{}", answer.text());
    }
}

/// Answers the first `count` open tasks of the cloud by their names, and fails the others.
pub fn delivers(shop: &Shop, count: usize) {
    let mut tasks = shop.served.get(&shop.served.operator, "/v1/tasks").good();
    let tasks = tasks["items"].as_array_mut().unwrap();
    tasks.sort_by_key(|it| it["name"].as_str().unwrap().to_string());
    for (number, task) in tasks.iter().enumerate() {
        let id = task["id"].as_str().unwrap();
        let (path, body) = match number < count {
            true => (format!("/v1/tasks/{id}/done"), json!({ "address": "10.0.0.7" })),
            false => (format!("/v1/tasks/{id}/failed"), json!({ "reason": "no room", "final": true })),
        };
        shop.served.post(&shop.served.operator, &path, &body).good();
    }
}
