//! Conversions back as programs ask for them: quoted, made once, refused with the field that is wrong. Source: R-CNV-2.

use super::{bought, of, shop_with_a_server};
use serde_json::{Value, json};

fn disk(charge: &str, months: u32) -> Value {
    let options = json!({"charge": charge, "region": "guangzhou", "zone": "guangzhou-1", "type": "premium", "size": 100});
    json!({"product": "disk", "months": months, "options": options})
}

/// 100 GB are 35.00 a month and 0.09 an hour: 35.00 less a day is 32.84, and three hours, 0.27, are held.
#[tokio::test]
async fn a_conversion_gives_what_was_quoted_and_is_made_once() {
    let (asked, _) = shop_with_a_server().await;
    let id = bought(&asked, disk("prepaid", 1)).await;
    let (status, now) = asked.post("/v1/clock/advance", json!({"to": "2026-06-16T01:00:00Z"})).await;
    assert_eq!(status, 200, "{now}");
    let body = json!({"resource": id});
    let (status, quoted) =
        asked.ask("POST", "/v1/conversions/by-use/quote", "shop", Some(body.clone())).await;
    assert_eq!(
        (status, &quoted["holds"], &quoted["a_day"]),
        (200, &json!("0.27"), &json!("2.16000000")),
        "{quoted}"
    );
    let used =
        quoted["lines"].as_array().unwrap().iter().find(|it| it["component"] == "storage-hour").unwrap();
    assert_eq!(
        (&quoted["lines"][0]["cost"], &quoted["options"]["charge"]),
        (&json!("-35.00000000"), &json!("payg"))
    );
    assert!(used["cost"].as_str().unwrap().starts_with("2.1"), "{used}");
    let body = json!({"resource": id, "at_least": quoted["total"]});
    let headers = [("content-type", "application/json"), ("idempotency-key", "again")];
    let to = ("POST", "/v1/conversions/by-use", "shop");
    let (first, made) = asked.send(to, &headers, &body.to_string()).await;
    assert_eq!(first.status(), 201, "{made}");
    let (again, same) = asked.send(to, &headers, &body.to_string()).await;
    assert_eq!((again.status().as_u16(), &same), (201, &made));
    assert_eq!(
        (&made["refund"]["total"], &made["refund"]["way"], &made["refund"]["back"]),
        (&quoted["total"], &json!("converted"), &quoted["back"])
    );
    assert_eq!(
        (&made["resource"]["charge"], &made["resource"]["state"], &made["resource"]["deadline"]),
        (&json!("pay_per_use"), &json!("running"), &Value::Null)
    );
    let answer = asked.ask("POST", "/v1/conversions/by-use", "shop", Some(json!({"resource": id}))).await;
    assert_eq!(of(&answer).1, "not_prepaid", "{}", answer.1);
    let answer = asked.ask("POST", "/v1/refunds", "shop", Some(json!({"resource": id}))).await;
    assert_eq!(of(&answer).1, "not_prepaid", "{}", answer.1);
    let (_, verified) = asked.get("/v1/verify").await;
    assert_eq!(verified["differences"], json!([]), "{verified}");
}

#[tokio::test]
async fn what_is_not_converted_says_why() {
    let (asked, server) = shop_with_a_server().await;
    asked.customer("other", "100.00").await;
    let id = bought(&asked, disk("prepaid", 1)).await;
    for (key, body, expected) in [
        ("shop", json!({"resource": server}), (422, "not_convertible", "")),
        ("shop", json!({"resource": "dull"}), (404, "not_found", "resource")),
        ("other", json!({"resource": id}), (404, "not_found", "")),
    ] {
        for path in ["/v1/conversions/by-use", "/v1/conversions/by-use/quote"] {
            let answer = asked.ask("POST", path, key, Some(body.clone())).await;
            assert_eq!(of(&answer), expected, "{path}: {}", answer.1);
        }
    }
    let more = json!({"resource": id, "at_least": "35.01"});
    let answer = asked.ask("POST", "/v1/conversions/by-use", "shop", Some(more)).await;
    assert_eq!(of(&answer), (409, "refund_less", "at_least"), "{}", answer.1);
}
