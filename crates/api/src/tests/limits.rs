//! What answers say of the limits of whoever calls.

use super::super::asked::Asked;
use axum::response::Response;
use desk::keys::Scope;
use serde_json::json;
use web::Limits;

const NOW: &str = "2026-06-01T00:00:00Z";

fn said(response: &Response) -> [&str; 3] {
    ["ratelimit-policy", "ratelimit", "retry-after"]
        .map(|name| response.headers().get(name).map_or("", |it| it.to_str().unwrap()))
}

/// What one request that reads is told.
async fn told(till: &Asked, path: &str, key: &str, headers: &[(&str, &str)]) -> (u16, [String; 3]) {
    let (response, _) = till.send(("GET", path, key), headers, "").await;
    (response.status().as_u16(), said(&response).map(str::to_string))
}

#[tokio::test]
async fn every_answer_to_a_known_key_says_what_is_left() {
    let till = Asked::limited(NOW, Limits { of_key: 1_000_000, of_account: 5 });
    let account = till.customer("shop", "1.00").await;
    till.key("other", Some(account), &[Scope::Read]);
    let policy = r#""key";q=1000000;w=1, "account";q=5;w=1"#;
    for (path, key, status, accept) in [
        ("/v1/wallet", "shop", 200, "*/*"),
        ("/v1/orders/none", "other", 404, "*/*"),
        ("/v1/accounts", "shop", 403, "*/*"),
        ("/v1/orders?limit=none", "shop", 400, "*/*"),
        ("/v1/orders", "shop", 200, "text/csv"),
    ] {
        let (answered, [all, left, _]) = told(&till, path, key, &[("accept", accept)]).await;
        // What a second brings while this runs comes on top.
        let of_account = (0..5).map(|it| format!(r#""account";r={it};t=1"#)).any(|it| it == left);
        assert!(answered == status && all == policy && of_account, "{path}: {answered} {all} {left}");
    }
    let refused = loop {
        let answer = told(&till, "/v1/wallet", "other", &[]).await;
        if answer.0 == 429 {
            break answer.1;
        }
    };
    assert_eq!(refused, [policy, r#""account";r=0;t=1"#, "1"].map(str::to_string));
}

#[tokio::test]
async fn who_has_no_account_is_told_of_the_key_alone_and_strangers_of_nothing() {
    let till = Asked::limited(NOW, Limits { of_key: 100, of_account: 200 });
    let (status, [all, one, _]) = told(&till, "/v1/accounts", "operator", &[]).await;
    assert_eq!((status, all.as_str()), (200, r#""key";q=100;w=1"#));
    assert_eq!(one, r#""key";r=99;t=1"#);
    let nothing = [(); 3].map(|()| String::new());
    assert_eq!(told(&till, "/v1/accounts", "nobody", &[]).await, (401, nothing.clone()));
    assert_eq!(told(&Asked::new(NOW), "/v1/accounts", "operator", &[]).await, (200, nothing));
}

#[test]
fn the_document_describes_them_once() {
    let document = serde_json::to_value(crate::document()).unwrap();
    for name in ["RateLimit", "RateLimit-Policy"] {
        assert!(document["components"]["headers"][name]["schema"]["pattern"].is_string(), "{name}");
        let wallet = &document["paths"]["/v1/wallet"]["get"]["responses"];
        for status in ["200", "429"] {
            let refers = json!(format!("#/components/headers/{name}"));
            assert_eq!(wallet[status]["headers"][name]["$ref"], refers, "{status}");
        }
    }
}
