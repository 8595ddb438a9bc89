//! The cloud driver of the examples against a real server: it delivers, and what it cannot deliver costs nothing.

mod support;

use serde_json::{Value, json};
use support::root;
use support::served::{Customer, Running, Served, eventually, python};

/// A server that leaves deliveries to a driver, and the driver. Nothing is delivered for machines called `full`.
fn shop() -> (Served, Running) {
    let served = Served::start(&["--cloud", "external"]);
    let key = served.key(&["cloud", "meter"]);
    let driver = python(&root().join("examples/cloud-driver/driver.py"))
        .args(["--till", &format!("http://{}", served.address), "--fail", "full", "--usage", "3600"])
        .env("TILL_KEY", key)
        .spawn()
        .unwrap();
    (served, Running(driver))
}

fn server(name: &str) -> Value {
    let options = json!({
        "charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1"
    });
    json!({"pay": true, "items": [{"product": "server", "name": name, "options": options, "months": 1}]})
}

/// Buys a server and waits until the order is in `state`; the order.
fn bought(served: &Served, key: &str, name: &str, state: &str) -> Value {
    let placed = served.post(key, "/v1/orders", &server(name)).good();
    let path = format!("/v1/orders/{}", placed["orders"][0]["id"].as_str().unwrap());
    eventually(&format!("{name} is {state}"), || {
        let order = served.get(key, &path).good();
        (order["state"] == state).then_some(order)
    })
}

fn wallet(served: &Served, key: &str) -> Value {
    served.get(key, "/v1/account").good()["wallet"].clone()
}

/// The tasks of what an order made.
fn tasks_of(served: &Served, order: &Value) -> Value {
    let resource = order["pieces"][0]["resource"].as_str().unwrap();
    served.get(&served.operator, &format!("/v1/tasks?state=any&resource={resource}")).good()["items"].clone()
}

#[test]
fn the_driver_delivers_what_was_bought() {
    let (served, _driver) = shop();
    let Customer { key, .. } = served.customer("shop", "100.00");
    let order = bought(&served, &key, "web", "delivered");
    let task = &tasks_of(&served, &order)[0];
    assert_eq!((&task["kind"], &task["state"]), (&json!("provision"), &json!("done")));
    assert_eq!(task["address"], "10.77.0.1");
    assert!(task["attributes"]["hostname"].as_str().unwrap().ends_with(".cloud.example"), "{task}");
    let wallet = wallet(&served, &key);
    assert_eq!((&wallet["available"], &wallet["frozen"]), (&json!("49.00"), &json!("0.00")));
}

#[test]
fn what_the_driver_cannot_deliver_costs_nothing() {
    let (served, _driver) = shop();
    let Customer { key, .. } = served.customer("shop", "100.00");
    let order = bought(&served, &key, "full", "delivery_failed");
    let task = &tasks_of(&served, &order)[0];
    assert_eq!(task["state"], "failed");
    assert_eq!(task["reason"], "no host has room for full");
    let wallet = wallet(&served, &key);
    assert_eq!((&wallet["available"], &wallet["frozen"]), (&json!("100.00"), &json!("0.00")));
}

/// Tasks over HTTP without any driver: waiting, answering, and who may.
#[test]
fn a_cloud_waits_for_a_task_and_answers_it() {
    let served = Served::start(&["--cloud", "external"]);
    let cloud = served.key(&["cloud"]);
    let Customer { key, .. } = served.customer("shop", "100.00");
    let ask = |path: &str| served.get(&cloud, path);
    assert_eq!(ask("/v1/tasks").good(), json!({"items": [], "next": null}));
    assert_eq!(served.get(&key, "/v1/tasks").status, 403);
    assert_eq!(ask("/v1/tasks?state=lost").status, 400);
    assert_eq!(ask("/v1/tasks?wait=61").status, 400);
    assert_eq!(ask("/v1/tasks/tsk_00000000000000000000000000000000").status, 404);

    let found = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| ask("/v1/tasks?wait=60").good());
        served.post(&key, "/v1/orders", &server("web")).good();
        waiting.join().unwrap()
    });
    let task = &found["items"][0];
    assert_eq!(
        (&task["kind"], &task["name"], &task["attempt"]),
        (&json!("provision"), &json!("web"), &json!(1))
    );
    let path = format!("/v1/tasks/{}", task["id"].as_str().unwrap());
    let post = |verb: &str, body: Value| served.post(&cloud, &format!("{path}/{verb}"), &body);
    let operate = |verb: &str, body: Value| served.post(&served.operator, &format!("{path}/{verb}"), &body);
    assert_eq!(post("retry", json!({})).status, 403);
    assert_eq!(post("done", json!({"adress": "10.0.0.1"})).status, 400);
    let many: serde_json::Map<String, Value> = (0..21).map(|it| (format!("k{it}"), json!("v"))).collect();
    let refused = post("done", json!({"attributes": many}));
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("answer_invalid")));

    let again = post("failed", json!({"reason": "busy", "attempt": 1.0})).good();
    assert_eq!((&again["state"], &again["attempt"]), (&json!("waiting"), &json!(2)));
    assert_eq!(ask("/v1/tasks").good()["items"], json!([]));
    let asked = operate("retry", json!({})).good();
    assert_eq!((&asked["state"], &asked["attempt"]), (&json!("open"), &json!(2)));

    let done = post("done", json!({"address": "10.0.0.1"})).good();
    assert_eq!((&done["state"], &done["address"]), (&json!("done"), &json!("10.0.0.1")));
    assert_eq!(post("done", json!({"address": "10.0.0.1"})).good(), done);
    let other = post("done", json!({"address": "10.0.0.2"}));
    assert_eq!((other.status, &other.json()["code"]), (409, &json!("conflict")));
    let late = operate("give-up", json!({"reason": "late"}));
    assert_eq!((late.status, &late.json()["code"]), (409, &json!("task_state_refused")));
    assert_eq!(wallet(&served, &key)["available"], "49.00");
}
