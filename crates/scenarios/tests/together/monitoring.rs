//! Metrics and alerts against promtool, which comes with Prometheus.
//!
//! In:  `/metrics` of a server that has done something of everything, the rules of `docs/monitoring`. Out: no finding.
//! Invariant: every metric that the till has a name for is looked at.

use crate::support::served::{Folder, Served, eventually};
use crate::support::shop::{self, Cloud};
use crate::support::sink::Sink;
use crate::support::stripe::Gateway;
use crate::support::tools::{good, printed, promtool};
use serde_json::json;
use std::collections::BTreeSet;
use std::io::Write;
use std::process::Stdio;
use web::telemetry;

/// The names of the metrics in a text.
fn names(text: &str) -> BTreeSet<&str> {
    text.lines().filter_map(|it| it.strip_prefix("# TYPE ")?.split(' ').next()).collect()
}

/// What shows only where something went wrong, or where jobs had long nothing to do.
const SELDOM: [&str; 5] = [
    telemetry::JOBS_FAILED,
    telemetry::QUARANTINE_EVENTS,
    telemetry::CONNECTIONS_CLOSED,
    telemetry::OIDC_SIGN_INS,
    telemetry::OIDC_UP,
];

/// Metrics of a server that has sold, been asked what it does not have, taken usage, taken a card's money, sent a mail and called
/// a webhook.
fn busy() -> String {
    let anchors = Folder::new("monitoring");
    let folder = anchors.0.to_str().unwrap();
    let cloud = ["--cloud-delay-seconds", "0", "--allow-private-webhooks"];
    let (gateway, sink) = (Gateway::start(), Sink::start(&[]));
    let outside = [gateway.arguments(), sink.arguments()].concat();
    let outside: Vec<&str> = outside.iter().map(String::as_str).collect();
    let served = Served::start(&[&cloud[..], &["--anchor-dir", folder], &outside].concat());
    let shop = shop::open(&served, Cloud::Simulated);
    let address = json!({ "mail": "finance@shop.example", "topics": ["finance"] });
    served.post(&shop.key, "/v1/account/mail-addresses", &address).good();
    let token = gateway.card("4242424242424242");
    let card = served.post(&shop.key, "/v1/cards", &json!({ "token": token })).good();
    let paid = json!({ "card": card["id"], "amount": "10.00", "currency": "CNY" });
    served.post(&shop.key, "/v1/card-top-ups", &paid).good();
    let item = json!({ "product": "server", "name": "web", "months": 1, "options": { "charge": "prepaid",
        "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1" } });
    served.post(&shop.key, "/v1/orders", &json!({ "items": [item], "pay": true })).good();
    served.get(&shop.key, "/v1/orders/none");
    served.get("", "/v1/wallet");
    let meter = served.key(&["meter"]);
    let event = json!({"specversion": "1.0", "id": "1", "source": "test", "type": "traffic.out", "subject": "res_none",
        "time": "2026-06-01T00:00:00Z", "data": {"value": 1}});
    served.call(
        "POST",
        "/v1/usage",
        &meter,
        &["content-type: application/cloudevents+json"],
        event.to_string().as_bytes(),
    );
    served.call("GET", "/v1/orders", &shop.key, &["accept: text/csv"], b"");
    let wanted: BTreeSet<&str> = telemetry::names().filter(|it| !SELDOM.contains(it)).collect();
    eventually("a sample of every metric", || {
        let text = served.get("", "/metrics").text();
        let there = wanted.iter().all(|it| names(&text).contains(it));
        there.then_some(text)
    })
}

#[test]
fn promtool_finds_nothing_in_the_metrics() {
    let text = busy();
    let mut command = promtool();
    command.args(["check", "metrics"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().unwrap();
    running.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = running.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", printed(&output));
    assert_eq!(printed(&output), "", "not even a remark");
}

#[test]
fn promtool_finds_nothing_in_the_alerts() {
    let rules = crate::support::root().join("docs/monitoring/alerts.yml");
    let said = good(promtool().args(["check", "rules"]).arg(rules));
    assert!(String::from_utf8_lossy(&said).contains("rules found"), "{}", String::from_utf8_lossy(&said));
}
