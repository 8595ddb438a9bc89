//! Refunds as programs ask for them: quoted, made once, listed for their owner and the operator, refused with the field that is wrong.
//! Source: R-REF-1, R-REF-2, R-ORD-7.

use super::{of, shop_with_a_server};
use serde_json::{Value, json};

#[tokio::test]
async fn a_refund_gives_what_was_quoted_and_is_made_once() {
    let (asked, id) = shop_with_a_server().await;
    let (status, quoted) =
        asked.ask("POST", "/v1/refunds/quote", "shop", Some(json!({"resource": id}))).await;
    assert_eq!(
        (status, &quoted["way"], &quoted["total"]),
        (200, &json!("whole"), &json!("71.00")),
        "{quoted}"
    );
    assert_eq!(quoted["orders"][0]["paid"]["cash"], "71.00");
    assert_eq!(
        (&quoted["lines"][0]["component"], &quoted["lines"][0]["cost"]),
        (&json!("paid"), &json!("-71.00000000"))
    );
    let body = json!({"resource": id, "at_least": quoted["total"]});
    let headers = [("content-type", "application/json"), ("idempotency-key", "again")];
    let to = ("POST", "/v1/refunds", "shop");
    let (first, made) = asked.send(to, &headers, &body.to_string()).await;
    assert_eq!(first.status(), 201, "{made}");
    let (again, same) = asked.send(to, &headers, &body.to_string()).await;
    assert_eq!((again.status().as_u16(), &same), (201, &made));
    assert_eq!(
        (&made["total"], &made["back"]["cash"], &made["name"]),
        (&json!("71.00"), &json!("71.00"), &quoted["name"])
    );
    let path = format!("/v1/refunds/{}", made["id"].as_str().unwrap());
    let (_, one) = asked.ask("GET", &path, "shop", None).await;
    assert_eq!((&one["id"], &one["lines"]), (&made["id"], &quoted["lines"]));
    let (_, listed) = asked.ask("GET", "/v1/refunds", "shop", None).await;
    assert_eq!(listed["items"], json!([made]));
    let (_, resource) = asked.ask("GET", &format!("/v1/resources/{id}"), "shop", None).await;
    assert_eq!((&resource["state"], &resource["ended_by"]), (&json!("recycled"), &json!("refund")));
    let (_, order) =
        asked.ask("GET", &format!("/v1/orders/{}", made["order"].as_str().unwrap()), "shop", None).await;
    assert_eq!((&order["state"], &order["pieces"][0]["state"]), (&json!("refunded"), &json!("refunded")));
    let (_, bill) =
        asked.ask("GET", &format!("/v1/bills/{}", made["bill"].as_str().unwrap()), "shop", None).await;
    assert_eq!((&bill["kind"], &bill["total"]), (&json!("refund"), &json!("-71.00")));
    let (status, refused) = asked.ask("POST", "/v1/refunds", "shop", Some(json!({"resource": id}))).await;
    assert_eq!((status, &refused["code"]), (409, &json!("already_refunded")));
}

#[tokio::test]
async fn what_is_not_given_back_names_its_field_or_its_reason() {
    let (asked, id) = shop_with_a_server().await;
    asked.customer("rival", "1.00").await;
    let cases: [(Value, &str, (u16, &str, &str)); 6] = [
        (json!({"resource": "dull"}), "shop", (404, "not_found", "resource")),
        (json!({"resource": id}), "rival", (404, "not_found", "")),
        (json!({}), "shop", (422, "field_invalid", "resource")),
        (json!({"resource": id, "pack": "pck_1"}), "shop", (422, "field_invalid", "resource")),
        (json!({"pack": "pck_019eb7696c008cf183c2a061049531a6"}), "shop", (404, "not_found", "")),
        (json!({"resource": id, "at_least": "71.01"}), "shop", (409, "refund_less", "at_least")),
    ];
    for (body, who, expected) in cases {
        let answer = asked.ask("POST", "/v1/refunds", who, Some(body.clone())).await;
        assert_eq!(of(&answer), expected, "{body} of {who}: {}", answer.1);
    }
    let (status, none) = asked.ask("GET", "/v1/refunds", "shop", None).await;
    assert_eq!((status, &none["items"]), (200, &json!([])));
}
