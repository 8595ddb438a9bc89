//! Renewals as programs ask for them: quoted, ordered once, refused with the field that is wrong.
//! Source: R-REN-1, R-REN-2, R-ORD-7, R-PRE-3.

use super::{of, shop_with_a_server};
use serde_json::{Value, json};

fn items(all: &[(&str, i64)]) -> Value {
    json!({ "items": all.iter().map(|it| json!({"resource": it.0, "months": it.1})).collect::<Vec<_>>() })
}

#[tokio::test]
async fn an_order_costs_what_was_quoted_and_is_made_once() {
    let (asked, id) = shop_with_a_server().await;
    let (status, quoted) =
        asked.ask("POST", "/v1/renewals/quote", "shop", Some(items(&[(id.as_str(), 12)]))).await;
    // 51.00 and 20.00 for twelve months at 0.83.
    assert_eq!(
        (status, &quoted["total"], &quoted["items"][0]["list"]),
        (200, &json!("707.16"), &json!("852.00"))
    );
    let mut body = items(&[(id.as_str(), 12)]);
    (body["pay"], body["items"][0]["quoted"]) = (json!(true), quoted["total"].clone());
    let headers = [("content-type", "application/json"), ("idempotency-key", "again")];
    let to = ("POST", "/v1/renewals", "shop");
    let (first, renewed) = asked.send(to, &headers, &body.to_string()).await;
    assert_eq!(first.status(), 201, "{renewed}");
    let (again, same) = asked.send(to, &headers, &body.to_string()).await;
    assert_eq!((again.status().as_u16(), &same), (201, &renewed));
    let order = &renewed["orders"][0];
    assert_eq!(
        (&order["action"], &order["state"], &order["total"]),
        (&json!("renew"), &json!("delivered"), &quoted["total"])
    );
    let path = format!("/v1/resources/{id}");
    let (_, resource) = asked.ask("GET", &path, "shop", None).await;
    assert_eq!((&resource["deadline"], &resource["renewal"]), (&quoted["items"][0]["to"], &json!("manual")));
    let (status, chosen) =
        asked.ask("PUT", &format!("{path}/renewal"), "shop", Some(json!({"renewal": "auto"}))).await;
    assert_eq!((status, &chosen["renewal"]), (200, &json!("auto")));
    let (_, ahead) = asked.ask("GET", &format!("{path}/ahead"), "shop", None).await;
    assert_eq!(ahead["steps"][0]["what"], "renewal_due", "{ahead}");
    let (_, history) = asked.ask("GET", &format!("{path}/history"), "shop", None).await;
    assert_eq!(history["items"][2]["what"], "renewed", "{history}");
}

#[tokio::test]
async fn what_is_refused_says_which_field() {
    let (asked, id) = shop_with_a_server().await;
    asked.customer("other", "1000.00").await;
    let payg = json!({"pay": true, "items": [{"product": "server", "options": {"charge": "payg", "region": "guangzhou",
        "zone": "guangzhou-1", "type": "S1.SMALL1"}}]});
    let (_, hourly) = asked.ask("POST", "/v1/orders", "shop", Some(payg)).await;
    asked.post("/v1/clock/advance", json!({"to": "2026-06-15T02:00:00Z"})).await;
    let hourly = hourly["orders"][0]["pieces"][0]["resource"].as_str().unwrap().to_string();
    let id = id.as_str();
    for (key, all, expected) in [
        ("shop", items(&[(id, 13)]), (422, "months_invalid", "items[0].months")),
        ("shop", items(&[(id, 1), (id, 1)]), (422, "named_twice", "items[1].resource")),
        ("shop", items(&[(id, 1), (&hourly, 1)]), (422, "not_prepaid", "items[1].resource")),
        ("other", items(&[(id, 1)]), (404, "not_found", "")),
    ] {
        for path in ["/v1/renewals", "/v1/renewals/quote"] {
            let answer = asked.ask("POST", path, key, Some(all.clone())).await;
            assert_eq!(of(&answer), expected, "{path}: {}", answer.1);
        }
    }
    let (status, placed) = asked.ask("POST", "/v1/renewals", "shop", Some(items(&[(id, 1)]))).await;
    assert_eq!((status, &placed["orders"][0]["state"]), (201, &json!("unpaid")));
    let answer = asked.ask("POST", "/v1/renewals/quote", "shop", Some(items(&[(id, 1)]))).await;
    assert_eq!(of(&answer), (409, "unpaid_order", ""));
    let pay = format!("/v1/orders/{}/pay", placed["orders"][0]["id"].as_str().unwrap());
    assert_eq!(asked.ask("POST", &pay, "shop", None).await.0, 200);
    let answer = asked
        .ask("PUT", &format!("/v1/resources/{hourly}/renewal"), "shop", Some(json!({"renewal": "auto"})))
        .await;
    assert_eq!(of(&answer), (422, "not_prepaid", "resource"));
    let answer = asked
        .ask("PUT", &format!("/v1/resources/{id}/renewal"), "other", Some(json!({"renewal": "auto"})))
        .await;
    assert_eq!(answer.0, 404);
    let day = asked.ask("PUT", "/v1/account/expiry-day", "shop", Some(json!({"day": 20}))).await;
    assert_eq!(day, (200, json!({"day": 20})));
    assert_eq!(asked.ask("GET", "/v1/account/expiry-day", "shop", None).await, day);
    let answer = asked.ask("PUT", "/v1/account/expiry-day", "shop", Some(json!({"day": 32}))).await;
    assert_eq!(answer.0, 400, "{}", answer.1);
}
