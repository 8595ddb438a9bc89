//! Conversions as programs ask for them: quoted, ordered once, refused with the field that is wrong. Source: R-CNV-1.

use super::{bought, of, shop_with_a_server};
use serde_json::json;

#[tokio::test]
async fn a_conversion_costs_what_was_quoted_and_is_made_once() {
    let (asked, prepaid) = shop_with_a_server().await;
    asked.customer("other", "100.00").await;
    let payg = json!({"product": "server", "options": {"charge": "payg", "region": "guangzhou", "zone": "guangzhou-1",
        "type": "S1.SMALL1"}});
    let id = bought(&asked, payg).await;
    let body = json!({"resource": id, "months": 1});
    let (status, quoted) = asked.ask("POST", "/v1/conversions/quote", "shop", Some(body.clone())).await;
    assert_eq!(
        (status, &quoted["total"], &quoted["frees"]),
        (200, &json!("51.00"), &json!("0.42")),
        "{quoted}"
    );
    assert_eq!(quoted["options"]["charge"], "prepaid");
    for (key, body, expected) in [
        ("shop", json!({"resource": prepaid, "months": 1}), (409, "already_prepaid", "")),
        ("shop", json!({"resource": id, "months": 100}), (422, "months_invalid", "months")),
        ("other", body.clone(), (404, "not_found", "")),
    ] {
        for path in ["/v1/conversions", "/v1/conversions/quote"] {
            let answer = asked.ask("POST", path, key, Some(body.clone())).await;
            assert_eq!(of(&answer), expected, "{path}: {}", answer.1);
        }
    }
    let mut order = body;
    (order["pay"], order["quoted"]) = (json!(true), quoted["total"].clone());
    let headers = [("content-type", "application/json"), ("idempotency-key", "again")];
    let to = ("POST", "/v1/conversions", "shop");
    let (first, made) = asked.send(to, &headers, &order.to_string()).await;
    assert_eq!(first.status(), 201, "{made}");
    let (again, same) = asked.send(to, &headers, &order.to_string()).await;
    assert_eq!((again.status().as_u16(), &same), (201, &made));
    assert_eq!(
        (&made["order"]["action"], &made["order"]["state"], &made["order"]["total"]),
        (&json!("convert"), &json!("delivered"), &json!("51.00"))
    );
    assert_eq!(made["resource"]["charge"], "prepaid", "{made}");
    assert!(made["resource"]["deadline"].is_string(), "{made}");
    let (_, verified) = asked.get("/v1/verify").await;
    assert_eq!(verified["differences"], json!([]), "{verified}");
}

/// 20 minutes of use are 0.14; what comes of the month beyond them costs nothing, for it is paid. Source: R-CNV-1.
#[tokio::test]
async fn what_was_converted_costs_nothing_more_in_the_month() {
    let (asked, _) = shop_with_a_server().await;
    let payg = json!({"product": "server", "options": {"charge": "payg", "region": "guangzhou", "zone": "guangzhou-1",
        "type": "S1.SMALL1"}});
    let id = bought(&asked, payg).await;
    let (status, now) = asked.post("/v1/clock/advance", json!({"to": "2026-06-15T01:20:00Z"})).await;
    assert_eq!(status, 200, "{now}");
    let body = json!({"resource": id, "months": 1, "pay": true});
    let (status, made) = asked.ask("POST", "/v1/conversions", "shop", Some(body)).await;
    assert_eq!(status, 201, "{made}");
    // What happens in the second of now is seen in the next one.
    let (status, now) = asked.post("/v1/clock/advance", json!({"to": "2026-06-15T01:20:01Z"})).await;
    assert_eq!(status, 200, "{now}");
    let (status, cost) = asked.ask("GET", &format!("/v1/resources/{id}/cost"), "shop", None).await;
    assert_eq!(
        (status, &cost["billed"], &cost["forecast"]),
        (200, &json!("51.00"), &json!("51.14")),
        "{cost}"
    );
}
