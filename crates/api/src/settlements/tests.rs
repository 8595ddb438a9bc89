//! Settlement, the audit log and the audit through the router.

use crate::asked::Asked;
use desk::{Refusal, audit};
use serde_json::{Value, json};
use units::{AccountId, CycleKind, Timestamp};

/// A customer with a server that is paid by use, since half past.
async fn running() -> (Asked, AccountId) {
    let asked = Asked::new("2026-06-01T00:30:00Z");
    let shop = asked.customer("shop", "100.00").await;
    let options =
        json!({"charge": "payg", "region": "guangzhou", "zone": "guangzhou-1", "type": "S1.SMALL1"});
    let wanted = json!({"pay": true, "items": [{"product": "server", "options": options}]});
    let (status, placed) = asked.ask("POST", "/v1/orders", "shop", Some(wanted)).await;
    assert_eq!(status, 201, "{placed}");
    (asked, shop)
}

async fn to(asked: &Asked, time: &str) {
    let (status, moved) = asked.post("/v1/clock/advance", json!({ "to": time })).await;
    assert_eq!(status, 200, "{moved}");
}

/// How the hours of accounts stand, and up to when hours are closed.
async fn hours(asked: &Asked) -> (Value, Value) {
    let (status, found) = asked.get("/v1/settlements").await;
    assert_eq!(status, 200, "{found}");
    let hours = found["cycles"].as_array().unwrap().iter().find(|it| it["cycle"] == "hour").unwrap();
    let mut stand = hours.clone();
    let closed = stand.as_object_mut().unwrap().remove("closed_to").unwrap();
    stand.as_object_mut().unwrap().remove("closed");
    (stand, closed)
}

async fn hour(asked: &Asked) -> Value {
    hours(asked).await.0
}

#[tokio::test]
async fn an_account_that_was_set_aside_is_seen_and_taken_back() {
    let (asked, shop) = running().await;
    to(&asked, "2026-06-01T12:00:00Z").await;
    let began = "2026-06-01T12:00:00Z";
    let expected = json!({"cycle": "hour", "settled_to": began, "waiting": 0, "done": 1, "set_aside": 0});
    assert_eq!(hours(&asked).await, (expected, json!(began)));
    let cycle =
        asked.node.desk().calendar.cycle(CycleKind::Hour, began.parse::<Timestamp>().unwrap()).unwrap();
    let store = asked.node.store().clone();
    store
        .write(|tx| Ok::<_, Refusal>(store::settlements::set_aside(tx, shop, &cycle, "a price is missing")?))
        .unwrap();
    to(&asked, "2026-06-01T14:30:00Z").await;
    let expected = json!({"cycle": "hour", "settled_to": null, "waiting": 0, "done": 0, "set_aside": 1});
    assert_eq!(hour(&asked).await, expected);
    let (_, page) = asked.get("/v1/settlements/set-aside?limit=1").await;
    let row = json!({
        "account": shop.to_string(), "name": "shop", "cycle": "hour", "since": began, "reason": "a price is missing"
    });
    assert_eq!(page, json!({"items": [row], "next": null}));
    let (_, page) = asked.get(&format!("/v1/settlements/set-aside?after={shop}:hour")).await;
    assert_eq!(page["items"], json!([]));
    let (_, none) = asked.post("/v1/settlements/retry", json!({"accounts": []})).await;
    assert_eq!(none, json!({"taken_back": 0}));
    let other = json!({"accounts": ["acc_00000000000000000000000000000001"]});
    assert_eq!(asked.post("/v1/settlements/retry", other).await.0, 404);
    let named = json!({"accounts": [shop.to_string()]});
    assert_eq!(asked.post("/v1/settlements/retry", named.clone()).await.1, json!({"taken_back": 1}));
    assert_eq!(asked.post("/v1/settlements/retry", named).await.1, json!({"taken_back": 0}));
    let expected = json!({"cycle": "hour", "settled_to": began, "waiting": 1, "done": 0, "set_aside": 0});
    assert_eq!(hour(&asked).await, expected);
    to(&asked, "2026-06-01T14:30:01Z").await;
    let expected = json!({"cycle": "hour", "settled_to": "2026-06-01T14:00:00Z", "waiting": 0, "done": 1, "set_aside": 0});
    assert_eq!(hour(&asked).await, expected);
    let (status, found) = asked.get("/v1/verify").await;
    assert_eq!((status, &found["ok"], &found["differences"]), (200, &json!(true), &json!([])), "{found}");
    assert_eq!(found["accounts"], 1);
}

#[tokio::test]
async fn every_write_stands_in_the_audit_log_of_whom_it_is_about() {
    let (asked, shop) = running().await;
    let (_, node) = asked.get("/v1/audit-log").await;
    let read = |page: &Value| -> Vec<(i64, String)> {
        let row =
            |it: &Value| (it["number"].as_i64().unwrap(), it["operation"].as_str().unwrap().to_string());
        page["items"].as_array().unwrap().iter().map(row).collect()
    };
    let top_up = "POST /v1/accounts/{account}/top-ups".to_string();
    assert_eq!(read(&node), [(2, top_up.clone()), (1, "POST /v1/accounts".into())]);
    let (_, page) = asked.get("/v1/audit-log?account=till&limit=1").await;
    assert_eq!((read(&page), &page["next"]), (vec![(2, top_up)], &json!("2")));
    let (_, page) = asked.get("/v1/audit-log?limit=1&after=2").await;
    assert_eq!((read(&page), &page["next"]), (vec![(1, "POST /v1/accounts".into())], &Value::Null));
    let (_, of_shop) = asked.get(&format!("/v1/audit-log?account={shop}")).await;
    assert_eq!(read(&of_shop), [(1, "POST /v1/orders".into())]);
    assert!(of_shop["items"][0]["body"].as_str().unwrap().contains("S1.SMALL1"));
    assert_eq!(asked.ask("GET", "/v1/account/audit-log", "shop", None).await, (200, of_shop));
    assert_eq!(asked.ask("GET", "/v1/audit-log", "shop", None).await.0, 403);
    assert_eq!(asked.get("/v1/audit-log?account=nobody").await.0, 404);
    assert_eq!(asked.get("/v1/audit-log?after=0").await.0, 400);
    let desk = asked.node.desk();
    let found = asked.node.store().read(|tx| audit::audit(tx, &desk)).unwrap();
    assert_eq!((found.journal, found.differences), (3, Vec::new()));
}
