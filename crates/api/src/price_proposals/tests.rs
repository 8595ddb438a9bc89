//! Proposals of price changes, through the router: proposed, agreed to by another operator, applied, undone.

use crate::asked::Asked;
use desk::keys::Scope;
use serde_json::{Value, json};

const AUGUST: &str = "2026-08-01T00:00:00+08:00";

/// The files of the demo book in which a container of 1U1G costs so much.
fn files(amount: &str) -> Value {
    let files = pricebook::bundled("demo").unwrap();
    let text =
        |path: &str| files.get(path).unwrap().replacen("\n1U1G,0.17,", &format!("\n1U1G,{amount},"), 1);
    let pairs = files.paths().map(|path| (path.to_string(), Value::from(text(path))));
    Value::Object(pairs.collect())
}

fn body(id: &str, amount: &str) -> Value {
    json!({"id": id, "files": files(amount), "from": AUGUST, "reason": "dearer power"})
}

/// A shop that had a container through all of June, 720 h × 0.17 = 122.40, one that has nothing, and two operators.
async fn july() -> Asked {
    let asked = Asked::new("2026-05-31T16:00:00Z");
    asked.key("second", None, &[Scope::Operator]);
    asked.customer("shop", "1000.00").await;
    asked.customer("idle", "1.00").await;
    let options = json!({"region": "guangzhou", "spec": "1U1G"});
    let order = json!({"items": [{"product": "container", "name": "c", "options": options}], "pay": true});
    let (status, placed) = asked.ask("POST", "/v1/orders", "shop", Some(order)).await;
    assert_eq!(status, 201, "{placed}");
    advanced(&asked, "2026-06-30T17:00:00Z").await;
    asked
}

async fn advanced(asked: &Asked, to: &str) {
    let (status, clock) = asked.post("/v1/clock/advance", json!({ "to": to })).await;
    assert_eq!(status, 200, "{clock}");
}

/// What one operator does with a proposal: the status, and the state after it or the code of the refusal.
async fn step(asked: &Asked, (id, what): (&str, &str), key: &str) -> (u16, String) {
    let (status, answer) = asked.ask("POST", &format!("/v1/price-proposals/{id}/{what}"), key, None).await;
    let word = answer["state"].as_str().or(answer["code"].as_str()).unwrap_or("").to_string();
    (status, word)
}

fn is(status: u16, word: &str) -> (u16, String) {
    (status, word.to_string())
}

/// The kinds of notices of prices that a customer was told, the newest first.
async fn told(asked: &Asked, key: &str) -> Vec<(String, String)> {
    let (_, page) = asked.ask("GET", "/v1/notices", key, None).await;
    let text = |it: &Value| it.as_str().unwrap().to_string();
    let all = page["items"].as_array().unwrap().iter();
    let all = all.filter(|it| it["kind"].as_str().unwrap().starts_with("price_change"));
    all.map(|it| (text(&it["kind"]), text(&it["text"]["en"]))).collect()
}

/// Source: R-PRC-6. 720 h × 0.19 = 136.80 are 14.40 more than 122.40, 11.8 % of the month: above the limit of 5 %.
#[tokio::test]
async fn above_the_limit_another_operator_agrees_and_whoever_it_hits_is_told() {
    let asked = july().await;
    let (status, made) = asked.post("/v1/price-proposals", body("p-1", "0.19")).await;
    assert_eq!((status, &made["state"], &made["stale"]), (201, &json!("proposed"), &json!(false)), "{made}");
    let sum = json!({"before": "122.40000000", "after": "136.80000000", "change": "14.40000000", "percent": "+11.8"});
    let impact = &made["impact"];
    assert_eq!((&impact["sum"], &impact["moved"]), (&sum, &json!("14.40000000")));
    assert_eq!(
        (&impact["month"], &impact["customers"], &impact["of_customers"]),
        (&json!("2026-06"), &json!(2), &json!(2))
    );
    assert_eq!((&made["limit_percent"], &made["variance_percent"]), (&json!("5.0"), &json!("11.8")));
    assert_eq!(asked.post("/v1/price-proposals", body("p-1", "0.19")).await, (201, made.clone()));
    let (status, other) = asked.post("/v1/price-proposals", body("p-1", "0.18")).await;
    assert_eq!((status, &other["code"], &other["field"]), (409, &json!("conflict"), &json!("id")), "{other}");

    assert_eq!(step(&asked, ("p-1", "apply"), "operator").await, is(409, "proposal_state_refused"));
    assert_eq!(step(&asked, ("p-1", "agree"), "operator").await, is(409, "proposal_needs_another"));
    assert_eq!(step(&asked, ("p-1", "agree"), "second").await, is(200, "ready"));
    assert_eq!(step(&asked, ("p-1", "agree"), "second").await, is(200, "ready"));
    assert_eq!(asked.get("/v1/price-books").await.1["items"].as_array().unwrap().len(), 1);
    assert_eq!(step(&asked, ("p-1", "apply"), "operator").await, is(200, "applied"));
    assert_eq!(step(&asked, ("p-1", "apply"), "operator").await, is(200, "applied"));
    let (_, books) = asked.get("/v1/price-books").await;
    assert_eq!((&books["items"][0]["state"], &books["items"][0]["id"]), (&json!("scheduled"), &made["book"]));
    let path = format!("/v1/price-books/{}", made["book"].as_str().unwrap());
    let (status, refused) = asked.ask("DELETE", &path, "operator", None).await;
    assert_eq!((status, &refused["code"]), (409, &json!("book_of_proposal")), "{refused}");

    advanced(&asked, "2026-06-30T17:00:01Z").await;
    let heard = told(&asked, "shop").await;
    assert_eq!((heard.len(), heard[0].0.as_str()), (1, "price_change"));
    assert!(heard[0].1.starts_with("From 1 August 2026, 00:00 on, other prices hold"), "{heard:?}");
    assert!(told(&asked, "idle").await.is_empty(), "nothing that it has is charged otherwise");
    let (_, whole) = asked.get("/v1/price-proposals/p-1").await;
    assert_eq!((&whole["told"], &whole["movers"][0]["name"]), (&json!(1), &json!("shop")));
    assert_eq!(whole["files"], files("0.19"));

    assert_eq!(step(&asked, ("p-1", "undo"), "second").await, is(200, "undone"));
    assert_eq!(asked.get("/v1/price-books").await.1["items"].as_array().unwrap().len(), 1);
    advanced(&asked, "2026-06-30T17:00:02Z").await;
    let heard = told(&asked, "shop").await;
    assert_eq!((heard.len(), heard[0].0.as_str()), (2, "price_change_undone"), "{heard:?}");
    assert!(told(&asked, "idle").await.is_empty());
    assert_eq!(step(&asked, ("p-1", "apply"), "operator").await, is(409, "proposal_state_refused"));
}

/// 720 h × 0.175 = 126.00 are 3.60 more, 2.9 %: whoever proposed it applies it, unless another book began meanwhile.
#[tokio::test]
async fn figures_that_compare_with_another_book_are_computed_again() {
    let asked = july().await;
    let (_, made) = asked.post("/v1/price-proposals", body("p-2", "0.175")).await;
    assert_eq!((&made["state"], &made["variance_percent"]), (&json!("ready"), &json!("2.9")), "{made}");
    let book = json!({"files": files("0.18"), "from": "2026-07-02T00:00:00Z"});
    let (status, applied) = asked.post("/v1/price-books", book).await;
    assert_eq!(status, 201, "{applied}");
    advanced(&asked, "2026-07-02T01:00:00Z").await;
    let (_, page) = asked.get("/v1/price-proposals").await;
    assert_eq!(
        (&page["items"][0]["id"], &page["items"][0]["stale"]),
        (&json!("p-2"), &json!(true)),
        "{page}"
    );
    assert_eq!(step(&asked, ("p-2", "apply"), "operator").await, is(409, "proposal_stale"));
    let (status, again) = asked.post("/v1/price-proposals/p-2/compute", json!({"month": "2026-06"})).await;
    // 720 h × 0.18 = 129.60 before, 126.00 after: 3.60 less are 2.8 % of it, half up.
    let sum = json!({"before": "129.60000000", "after": "126.00000000", "change": "-3.60000000", "percent": "-2.8"});
    assert_eq!((status, &again["state"], &again["impact"]["sum"]), (200, &json!("ready"), &sum), "{again}");
    assert_eq!(again["impact"]["against"], applied["id"]);
    assert_eq!(step(&asked, ("p-2", "apply"), "operator").await, is(200, "applied"));
    // From its date on it is not undone.
    advanced(&asked, "2026-07-31T17:00:00Z").await;
    assert_eq!(step(&asked, ("p-2", "undo"), "operator").await, is(409, "book_in_force"));
    // Where it stands, and what it says, comes before its date.
    let (status, told) = asked.post("/v1/price-proposals/p-2/compute", json!({"month": "2026-06"})).await;
    assert_eq!((status, &told["code"]), (409, &json!("proposal_state_refused")), "{told}");
    assert_eq!(asked.post("/v1/price-proposals", body("p-2", "0.175")).await.0, 201);
    let (status, told) = asked.post("/v1/price-proposals", body("p-2", "0.18")).await;
    assert_eq!((status, &told["code"], &told["field"]), (409, &json!("conflict"), &json!("id")), "{told}");
    let (_, told) = asked.post("/v1/price-proposals", body("p-4", "0.18")).await;
    assert_eq!(told["code"], "time_invalid", "{told}");
}

/// Of two proposals for one time one is applied: the other would hide it.
#[tokio::test]
async fn no_two_books_begin_at_one_time() {
    let asked = july().await;
    for (id, price) in [("p-5", "0.175"), ("p-6", "0.172")] {
        let (status, made) = asked.post("/v1/price-proposals", body(id, price)).await;
        assert_eq!((status, &made["state"]), (201, &json!("ready")), "{made}");
    }
    assert_eq!(step(&asked, ("p-5", "apply"), "operator").await, is(200, "applied"));
    assert_eq!(step(&asked, ("p-6", "apply"), "operator").await, is(409, "proposal_time_taken"));
    assert_eq!(step(&asked, ("p-5", "undo"), "operator").await, is(200, "undone"));
    assert_eq!(step(&asked, ("p-6", "apply"), "operator").await, is(200, "applied"));
}

#[tokio::test]
async fn what_cannot_be_proposed_is_refused_by_its_field() {
    let asked = july().await;
    let refused = async |more: Value| {
        let mut body = body("p-3", "0.175");
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (_, told) = asked.post("/v1/price-proposals", body).await;
        (told["code"].as_str().unwrap_or("").to_string(), told["field"].as_str().unwrap_or("").to_string())
    };
    let by = |code: &str, field: &str| (code.to_string(), field.to_string());
    let late = json!({"from": "2026-06-30T16:59:59Z"});
    assert_eq!(refused(late).await, by("time_invalid", "from"));
    assert_eq!(refused(json!({"month": "2026-07"})).await, by("time_invalid", "month"));
    assert_eq!(refused(json!({"reason": " "})).await, by("reason_missing", "reason"));
    assert_eq!(refused(json!({"id": "p 3"})).await, by("id_invalid", "id"));
    let (_, books) = asked.get("/v1/price-books").await;
    assert_eq!(refused(json!({"book": books["items"][0]["id"]})).await, by("field_invalid", "files"));
    assert_eq!(refused(json!({"files": {"book.toml": "name = 1"}})).await.0, "book_invalid");
    assert_eq!(asked.ask("GET", "/v1/price-proposals", "shop", None).await.0, 403);
    assert_eq!(step(&asked, ("nothing", "apply"), "operator").await, is(404, "not_found"));
    assert_eq!(asked.get("/v1/price-proposals").await.1["items"], json!([]), "nothing was kept");
    // A book that was applied before, from another date on, moves nothing.
    let same = json!({"id": "p-4", "book": books["items"][0]["id"], "from": AUGUST, "reason": "once more"});
    let (status, same) = asked.post("/v1/price-proposals", same).await;
    assert_eq!(
        (status, &same["variance_percent"], &same["state"]),
        (201, &json!("0.0"), &json!("ready")),
        "{same}"
    );
    assert_eq!(step(&asked, ("p-4", "reject"), "operator").await, is(409, "proposal_needs_another"));
    assert_eq!(step(&asked, ("p-4", "withdraw"), "second").await, is(409, "proposal_not_yours"));
    assert_eq!(step(&asked, ("p-4", "reject"), "second").await, is(200, "rejected"));
    assert_eq!(step(&asked, ("p-4", "withdraw"), "operator").await, is(409, "proposal_state_refused"));
}
