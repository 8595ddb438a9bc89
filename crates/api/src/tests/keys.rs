//! How many keys an account may have.

use super::super::asked::Asked;
use desk::keys::Scope;
use serde_json::json;

#[tokio::test]
async fn an_account_has_a_hundred_keys_at_most() {
    let asked = Asked::new("2026-06-01T00:00:00Z");
    let account = asked.customer("shop", "1.00").await;
    for number in 1..99 {
        asked.key(&format!("{number}"), Some(account), &[Scope::Read]);
    }
    let wanted = json!({"name": "one more", "scopes": ["read"]});
    let (status, last) = asked.ask("POST", "/v1/keys", "shop", Some(wanted.clone())).await;
    assert_eq!(status, 201, "{last}");
    let (status, refused) = asked.ask("POST", "/v1/keys", "shop", Some(wanted.clone())).await;
    assert_eq!((status, &refused["code"]), (409, &json!("too_many_keys")));
    assert!(refused["detail"].as_str().unwrap().contains("100 keys"), "{refused}");
    let path = format!("/v1/keys/{}/revoke", last["id"].as_str().unwrap());
    assert_eq!(asked.ask("POST", &path, "shop", Some(json!({}))).await.0, 200);
    assert_eq!(
        asked.ask("POST", "/v1/keys", "shop", Some(wanted)).await.0,
        201,
        "one that ended does not count"
    );
    assert_eq!(asked.post("/v1/keys", json!({"name": "cloud", "scopes": ["cloud"]})).await.0, 201);
}
