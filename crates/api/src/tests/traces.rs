//! Events are of the trace of the request that made them, as its answer said it.

use super::super::asked::Asked;
use super::server;
use serde_json::json;
use std::collections::BTreeMap;
use store::events::EventFilter;

#[tokio::test]
async fn events_are_of_the_trace_of_their_request() {
    let till = Asked::new("2026-06-01T00:00:00Z");
    let account = till.customer("shop", "1000.00").await.to_string();
    let hook = json!({"url": "https://operator.example/till"});
    assert_eq!(till.post("/v1/webhooks", hook).await.0, 201);
    let mut answered = BTreeMap::new();
    let top_ups = format!("/v1/accounts/{account}/top-ups");
    let paid = json!({"amount": "1.00", "reference": "second"});
    let bought = json!({"pay": true, "items": [server()]});
    for (kind, path, key, body) in [
        ("wallet.topped_up", top_ups.as_str(), "operator", paid),
        ("order.placed", "/v1/orders", "shop", bought),
    ] {
        let headers = [("content-type", "application/json")];
        let (response, answer) = till.send(("POST", path, key), &headers, &body.to_string()).await;
        assert_eq!(response.status(), 201, "{answer}");
        answered.insert(kind, response.headers()["traceparent"].to_str().unwrap().to_string());
    }
    let filter = EventFilter::default();
    let events = till.node.store().read(|tx| store::events::page(tx, &filter, 50)).unwrap();
    let told: BTreeMap<&str, String> =
        events.iter().filter_map(|it| Some((it.kind.as_str(), it.trace.clone()?))).collect();
    for (kind, trace) in answered {
        assert_eq!(told.get(kind), Some(&trace), "{kind}: {told:?}");
    }
    assert_eq!(told.get("order.paid"), told.get("order.placed"), "what one request did is of one trace");
    assert_ne!(told.get("wallet.topped_up"), told.get("order.placed"));
}
