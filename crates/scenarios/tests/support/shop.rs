//! A customer who has one of everything.
//!
//! In:  a server that lets webhooks go to this machine. Out: the customer.
//! Invariant: where the cloud is external, its tasks are answered here, so that all is delivered.
#![allow(dead_code)]

use super::served::{Customer, Served};
use serde_json::json;

/// The cloud that the server was started with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Cloud {
    /// Delivers by itself.
    Simulated,
    /// Waits for answers.
    External,
}

/// Opens an account with a server, a container of a service, a pack, a project, a budget, a request, an offer, a webhook and a key.
pub fn open(served: &Served, cloud: Cloud) -> Customer {
    let shop = served.customer("shop", "100000.00");
    // Nobody listens there: messages stay in the log of deliveries.
    served.post(&shop.key, "/v1/webhooks", &json!({ "url": "http://127.0.0.1:9/hook" })).good();
    let place =
        json!({ "charge": "payg", "region": "guangzhou", "zone": "guangzhou-2", "type": "S1.SMALL1" });
    let container = json!({ "region": "guangzhou", "spec": "1U1G" });
    for one in [
        json!({ "product": "server", "name": "web", "options": place }),
        json!({ "product": "container", "name": "api", "service": "api", "options": container }),
        json!({ "product": "container-pack", "name": "pack", "options": { "spec": "1U1G", "hours": "720" } }),
    ] {
        served.post(&shop.key, "/v1/orders", &json!({ "pay": true, "items": [one] })).good();
    }
    served.post(&shop.key, "/v1/projects", &json!({ "name": "shop" })).good();
    served.post(&shop.key, "/v1/budgets", &json!({ "name": "all", "amount": "9000.00" })).good();
    served.post(&shop.key, "/v1/sales-requests", &json!({ "message": "ten packs" })).good();
    let pack = json!({ "product": "container-pack", "options": { "spec": "1U1G", "hours": "720" } });
    let now = served.get(&served.operator, "/v1/clock").good()["now"].as_str().unwrap().to_string();
    let until = now.parse::<jiff::Timestamp>().unwrap() + jiff::SignedDuration::from_hours(240);
    let offer = json!({ "account": shop.account, "until": until.to_string(), "items": [{ "rate": "0.9", "item": pack }] });
    served.post(&served.operator, "/v1/offers", &offer).good();
    if cloud == Cloud::Simulated {
        return shop;
    }
    let tasks = served.get(&served.operator, "/v1/tasks").good();
    for task in tasks["items"].as_array().unwrap() {
        let path = format!("/v1/tasks/{}/done", task["id"].as_str().unwrap());
        served.post(&served.operator, &path, &json!({ "address": "10.0.0.7" })).good();
    }
    shop
}
