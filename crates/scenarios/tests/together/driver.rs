//! The cloud driver of the examples against a real server: it delivers, and what it cannot deliver costs nothing.

use crate::support::root;
use crate::support::served::{Running, Served, eventually, free_address, python};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// Starts the driver of the examples. It has no room for machines called `full`.
fn drive(served: &Served, arguments: &[&str]) -> Running {
    let mut driver = python(&root().join("examples/cloud-driver/driver.py"));
    driver.args(["--till", &served.url(""), "--fail", "full"]).args(arguments);
    Running(driver.env("TILL_KEY", served.key(&["cloud", "meter"])).stdout(Stdio::piped()).spawn().unwrap())
}

/// A server whose cloud is outside.
fn shop(arguments: &[&str]) -> Served {
    Served::start(&[&["--cloud", "external", "--log-level", "warn"], arguments].concat())
}

fn server(name: &str, charge: &str) -> Value {
    let options = json!({
        "charge": charge, "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1"
    });
    let months = if charge == "prepaid" { 1 } else { 0 };
    json!({"pay": true, "items": [{"product": "server", "name": name, "options": options, "months": months}]})
}

/// Buys a server and waits until the order is in `state`; the order.
fn bought(served: &Served, key: &str, item: &Value, state: &str) -> Value {
    let placed = served.post(key, "/v1/orders", item).good();
    let path = format!("/v1/orders/{}", placed["orders"][0]["id"].as_str().unwrap());
    eventually(&format!("an order is {state}"), || {
        let order = served.get(key, &path).good();
        (order["state"] == state).then_some(order)
    })
}

fn resource(order: &Value) -> &str {
    order["pieces"][0]["resource"].as_str().unwrap()
}

/// The first task of what an order made.
fn task(served: &Served, order: &Value) -> Value {
    let path = format!("/v1/tasks?state=any&resource={}", resource(order));
    served.get(&served.operator, &path).good()["items"][0].clone()
}

/// What may be spent, and what is frozen.
fn money(served: &Served, key: &str) -> (String, String) {
    let wallet = served.get(key, "/v1/account").good()["wallet"].clone();
    let text = |it: &str| wallet[it].as_str().unwrap().to_string();
    (text("available"), text("frozen"))
}

fn check_deliveries(served: &Served) {
    let shop = served.customer("shop", "150.00");
    let order = bought(served, &shop.key, &server("web", "prepaid"), "delivered");
    let found = task(served, &order);
    assert_eq!((&found["kind"], &found["state"]), (&json!("provision"), &json!("done")));
    assert_eq!(found["address"], "10.77.0.1");
    assert!(found["attributes"]["hostname"].as_str().unwrap().ends_with(".cloud.example"), "{found}");
    assert_eq!(money(served, &shop.key), ("99.00".into(), "0.00".into()));

    let order = bought(served, &shop.key, &server("full", "prepaid"), "delivery_failed");
    let found = task(served, &order);
    assert_eq!((&found["state"], &found["attempt"]), (&json!("failed"), &json!(1)));
    assert_eq!(found["reason"], "no host has room for full");
    assert_eq!(money(served, &shop.key), ("99.00".into(), "0.00".into()));
}

#[test]
fn a_driver_that_asks_delivers_and_what_it_cannot_deliver_costs_nothing() {
    let served = shop(&[]);
    let _driver = drive(&served, &["--usage", "3600"]);
    check_deliveries(&served);
}

#[test]
fn a_driver_that_is_called_delivers_and_what_it_cannot_deliver_costs_nothing() {
    let served = shop(&["--allow-private-webhooks"]);
    // The driver needs the webhook's secret, and the webhook needs its port: one that is free is chosen first.
    let port = free_address().port();
    let wanted = json!({"url": format!("http://127.0.0.1:{port}/"), "for": "cloud"});
    let made = served.post(&served.operator, "/v1/webhooks", &wanted).good();
    let secret = made["secret"].as_str().unwrap();
    let listening = ["--usage", "3600", "--listen", &port.to_string(), "--secret", secret];
    let mut driver = drive(&served, &listening);
    let mut line = String::new();
    let mut printed = BufReader::new(driver.0.stdout.take().unwrap());
    printed.read_line(&mut line).unwrap();
    assert_eq!(line.trim_end(), format!("listening on port {port}"));
    check_deliveries(&served);

    let forged = Command::new("python3")
        .args(["-c", FORGED, &port.to_string()])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&forged.stdout).trim(), "401");
}

/// Sends the driver a task that nobody signed.
const FORGED: &str = "
import sys, time, urllib.error, urllib.request
headers = {'webhook-id': 'msg_1', 'webhook-timestamp': str(int(time.time())), 'webhook-signature': 'v1,AAAA'}
try:
    urllib.request.urlopen(urllib.request.Request(f'http://127.0.0.1:{sys.argv[1]}/', b'{}', headers))
    print('taken')
except urllib.error.HTTPError as error:
    print(error.code)
";

/// Machines that run send what they sent, and the till takes it.
#[test]
fn a_driver_sends_usage() {
    let served = shop(&[]);
    let _driver = drive(&served, &["--usage", "0.5"]);
    let shop = served.customer("shop", "100.00");
    let mut item = server("web", "payg");
    item["items"][0]["options"]["network"] = json!("traffic");
    let order = bought(&served, &shop.key, &item, "delivered");
    let path = format!("/v1/usage?resource={}", resource(&order));
    let reading = eventually("usage arrives", || {
        let found = served.get(&shop.key, &path).good()["items"][0].clone();
        found.is_object().then_some(found)
    });
    assert_eq!((&reading["meter"], &reading["source"]), (&json!("traffic_out"), &json!("cloud-driver")));
}

/// What was opened while the driver was away is done when it starts.
#[test]
fn a_driver_that_was_away_catches_up() {
    let served = shop(&[]);
    let shop = served.customer("shop", "100.00");
    let order = bought(&served, &shop.key, &server("web", "prepaid"), "delivering");
    let _driver = drive(&served, &["--usage", "3600"]);
    eventually("the task is done", || (task(&served, &order)["state"] == "done").then_some(()));
    assert_eq!(money(&served, &shop.key), ("49.00".into(), "0.00".into()));
}

/// Tasks over HTTP without any driver: waiting, answering, and who may.
#[test]
fn a_cloud_waits_for_a_task_and_answers_it() {
    let served = shop(&[]);
    let cloud = served.key(&["cloud"]);
    let shop = served.customer("shop", "100.00");
    let ask = |path: &str| served.get(&cloud, path);
    assert_eq!(ask("/v1/tasks").good(), json!({"items": [], "next": null}));
    assert_eq!(served.get(&shop.key, "/v1/tasks").status, 403);
    assert_eq!(ask("/v1/tasks?state=lost").status, 400);
    assert_eq!(ask("/v1/tasks?wait=61").status, 400);
    assert_eq!(ask("/v1/tasks/tsk_00000000000000000000000000000000").status, 404);

    let found = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| ask("/v1/tasks?wait=60").good());
        served.post(&shop.key, "/v1/orders", &server("web", "prepaid")).good();
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
    assert_eq!((refused.status, &refused.json()["code"]), (422, &json!("answer_invalid")));

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
    assert_eq!(money(&served, &shop.key), ("49.00".into(), "0.00".into()));
}

/// A delivery that an operator gave up never delivers, whatever the cloud says later.
#[test]
fn a_delivery_that_was_given_up_never_delivers() {
    let served = shop(&[]);
    let (cloud, shop) = (served.key(&["cloud"]), served.customer("shop", "100.00"));
    let order = bought(&served, &shop.key, &server("web", "payg"), "delivering");
    let path = format!("/v1/tasks/{}", task(&served, &order)["id"].as_str().unwrap());
    served.post(&served.operator, &format!("{path}/give-up"), &json!({"reason": "no rack"})).good();
    assert_eq!(money(&served, &shop.key), ("100.00".into(), "0.00".into()));
    let late = served.post(&cloud, &format!("{path}/done"), &json!({"address": "10.0.0.1"}));
    assert_eq!((late.status, &late.json()["code"]), (409, &json!("task_state_refused")));
    let path = format!("/v1/orders/{}", order["id"].as_str().unwrap());
    assert_eq!(served.get(&shop.key, &path).good()["state"], "delivery_failed");
}
