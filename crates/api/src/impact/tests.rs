//! A month by a book that is not applied, through the router.

use crate::asked::Asked;
use serde_json::{Value, json};

/// The files of the demo book in which a container of 1U1G costs so much.
fn body(amount: &str) -> Value {
    let files = pricebook::bundled("demo").unwrap();
    let text =
        |path: &str| files.get(path).unwrap().replacen("\n1U1G,0.17,", &format!("\n1U1G,{amount},"), 1);
    let pairs = files.paths().map(|path| (path.to_string(), Value::from(text(path))));
    Value::Object(pairs.collect())
}

/// A shop that had a container through all of June: 720 h × 0.17 = 122.40.
async fn june() -> Asked {
    let asked = Asked::new("2026-05-31T16:00:00Z");
    asked.customer("shop", "1000.00").await;
    let options = json!({"region": "guangzhou", "spec": "1U1G"});
    let order = json!({"items": [{"product": "container", "name": "c", "options": options}], "pay": true});
    let (status, placed) = asked.ask("POST", "/v1/orders", "shop", Some(order)).await;
    assert_eq!(status, 201, "{placed}");
    let (status, clock) = asked.post("/v1/clock/advance", json!({"to": "2026-06-30T17:00:00Z"})).await;
    assert_eq!(status, 200, "{clock}");
    asked
}

/// Source: R-PRC-6. By 0.19 it would have been 136.80: 14.40 more.
#[tokio::test]
async fn a_month_is_rated_by_a_book_that_is_not_applied() {
    let asked = june().await;
    let (status, found) = asked.post("/v1/price-books/impact", json!({"files": body("0.19")})).await;
    assert_eq!(status, 200, "{found}");
    let sum = json!({"before": "122.40000000", "after": "136.80000000", "change": "14.40000000", "percent": "+11.8"});
    assert_eq!((&found["month"], &found["sum"]), (&json!("2026-06"), &sum), "{found}");
    assert_eq!((&found["more"], &found["less"], &found["failed"]), (&json!(1), &json!(0), &json!(0)));
    assert_eq!(found["rising"][0]["name"], "shop");
    assert_eq!(found["components"], json!([{"product": "container", "component": "compute", "sum": sum}]));
    assert_eq!(found.get("next"), None);
    // Behind the last customer there is none; a book against itself moves nothing.
    let after = json!({"files": body("0.19"), "after": found["rising"][0]["account"]});
    assert_eq!(asked.post("/v1/price-books/impact", after).await.1["customers"], 0);
    let (_, books) = asked.get("/v1/price-books").await;
    assert_eq!(books["items"].as_array().unwrap().len(), 1, "nothing is applied");
    let against = json!({"files": body("0.17"), "against": books["items"][0]["id"], "month": "2026-06"});
    let (_, same) = asked.post("/v1/price-books/impact", against).await;
    assert_eq!((&same["more"], &same["less"]), (&json!(0), &json!(0)), "{same}");
}

#[tokio::test]
async fn what_cannot_be_rated_is_refused_by_its_field() {
    let asked = june().await;
    let refused = async |more: Value| {
        let mut body = json!({"files": body("0.19")});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (status, told) = asked.post("/v1/price-books/impact", body).await;
        (status, told["code"].as_str().unwrap().to_string(), told["field"].clone())
    };
    let invalid = |field: &str| (422, "time_invalid".to_string(), json!(field));
    assert_eq!(refused(json!({"month": "2026-07"})).await, invalid("month"));
    assert_eq!(refused(json!({"month": "June"})).await.0, 400);
    let none = "boo_019eb7696c008cf183c2a061049531a6";
    assert_eq!(refused(json!({"against": none})).await.0, 404);
    assert_eq!(refused(json!({"against": "mine"})).await.0, 404);
    assert_eq!(refused(json!({"after": "behind"})).await.0, 404);
    let mut other = body("0.19");
    let head = other["book.toml"].as_str().unwrap().replace("CNY", "USD");
    other["book.toml"] = head.into();
    // Nobody has an account in dollars.
    let (status, none) = asked.post("/v1/price-books/impact", json!({"files": other})).await;
    assert_eq!((status, &none["customers"]), (200, &json!(0)), "{none}");
    let (_, books) = asked.get("/v1/price-books").await;
    let (code, field) = ("currency_mismatch".to_string(), json!("against"));
    assert_eq!(
        refused(json!({"files": other, "against": books["items"][0]["id"]})).await,
        (422, code, field)
    );
    assert_eq!(refused(json!({"files": {"book.toml": "name = 1"}})).await.1, "book_invalid");
    let (status, _) = asked.ask("POST", "/v1/price-books/impact", "shop", Some(json!({"files": {}}))).await;
    assert_eq!(status, 403);
}
