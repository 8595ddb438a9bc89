//! Price books through the router: applied, scheduled, taken back, refused.

use super::*;
use crate::asked::Asked;
use serde_json::{Value, json};

const DAY_ONE: &str = "2026-06-01T00:00:00Z";
/// Before the order of midnight ends by itself.
const NOON: &str = "2026-06-01T12:00:00Z";
const DAY_TWO: &str = "2026-06-02T00:00:00Z";

/// The demo book; with one price changed when there is one.
fn book(amount: Option<&str>) -> Files {
    let mut files = pricebook::bundled("demo").unwrap();
    if let Some(amount) = amount {
        let text = "[[price]]\nproduct = \"high-defence-ip\"\ncomponent = \"base\"\n\
            when = { line = [\"bgp\"], base = [\"10\"] }\nsource = \"demo\"\n";
        files.add("amendments.toml", &format!("{text}amount = \"{amount}\"\n"));
    }
    files
}

fn body(files: &Files) -> Value {
    let pairs = files.paths().map(|path| (path.to_string(), Value::from(files.get(path).unwrap())));
    Value::Object(pairs.collect())
}

fn item() -> Value {
    let options = json!({"region": "guangzhou", "line": "bgp", "base": "10"});
    json!({"items": [{"product": "high-defence-ip", "name": "one", "options": options, "months": 1}]})
}

async fn ids(asked: &Asked) -> Vec<(String, String)> {
    let (_, page) = asked.get("/v1/price-books").await;
    let text = |it: &Value, name: &str| it[name].as_str().unwrap().to_string();
    page["items"].as_array().unwrap().iter().map(|it| (text(it, "id"), text(it, "state"))).collect()
}

#[tokio::test]
async fn a_scheduled_book_ends_orders_that_were_not_paid_before_it() {
    let asked = Asked::new(DAY_ONE);
    asked.customer("tower", "20000.00").await;
    let (status, placed) = asked.ask("POST", "/v1/orders", "tower", Some(item())).await;
    assert_eq!((status, &placed["total"]), (201, &json!("8600.00")), "{placed}");
    let files = book(Some("9000.00"));
    let (status, lines) = asked.post("/v1/price-books/diff", json!({"files": body(&files)})).await;
    let lines: Vec<&str> = lines["lines"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    assert_eq!((status, lines.len()), (200, 1), "{lines:?}");
    assert!(lines[0].starts_with('~') && lines[0].contains("8600") && lines[0].contains("9000"), "{lines:?}");
    let (status, applied) = asked.post("/v1/price-books", json!({"files": body(&files), "from": NOON})).await;
    assert_eq!((status, &applied["state"]), (201, &json!("scheduled")), "{applied}");
    let (_, quote) = asked.ask("POST", "/v1/quotes", "tower", Some(item())).await;
    assert_eq!(quote["total"], "8600.00", "the book in force");
    let (status, clock) = asked.post("/v1/clock/advance", json!({"to": NOON})).await;
    assert_eq!(status, 200, "{clock}");
    let (_, quote) = asked.ask("POST", "/v1/quotes", "tower", Some(item())).await;
    assert_eq!(quote["total"], "9000.00", "without a restart");
    let order = format!("/v1/orders/{}", placed["orders"][0]["id"].as_str().unwrap());
    let (status, refused) = asked.ask("POST", &format!("{order}/pay"), "tower", None).await;
    assert_eq!((status, &refused["code"]), (409, &json!("price_changed")), "{refused}");
    let (_, order) = asked.ask("GET", &order, "tower", None).await;
    assert_eq!(order["state"], "invalid");
    let states: Vec<String> = ids(&asked).await.into_iter().map(|it| it.1).collect();
    assert_eq!(states, ["in_force", "past"]);
}

#[tokio::test]
async fn a_book_is_taken_back_before_it_begins_and_not_after() {
    let asked = Asked::new(DAY_ONE);
    let wanted = json!({"files": body(&book(Some("9000.00"))), "from": DAY_TWO});
    let (_, first) = asked.post("/v1/price-books", wanted.clone()).await;
    let (status, second) = asked.post("/v1/price-books", wanted).await;
    assert_eq!((status, &first), (201, &second), "the same book again changes nothing");
    let path = format!("/v1/price-books/{}", first["id"].as_str().unwrap());
    let (_, whole) = asked.get(&path).await;
    assert_eq!(whole["file_count"], whole["files"].as_object().unwrap().len());
    assert!(whole["files"]["amendments.toml"].as_str().unwrap().contains("9000.00"));
    assert_eq!(asked.node.desk().books.all().len(), 2);
    let (status, undone) = asked.ask("DELETE", &path, "operator", None).await;
    assert_eq!((status, &undone), (200, &first));
    assert_eq!(asked.node.desk().books.all().len(), 1, "without a restart");
    assert_eq!(asked.get(&path).await.0, 404);
    assert_eq!(asked.ask("DELETE", &path, "operator", None).await.0, 404);
    let last = ids(&asked).await;
    assert_eq!((last.len(), last[0].1.as_str()), (1, "in_force"));
    let (status, refused) =
        asked.ask("DELETE", &format!("/v1/price-books/{}", last[0].0), "operator", None).await;
    assert_eq!((status, &refused["code"]), (409, &json!("book_in_force")), "{refused}");
}

#[tokio::test]
async fn what_is_billed_is_never_priced_again() {
    let asked = Asked::new("2026-06-10T00:00:00Z");
    asked.customer("tower", "20000.00").await;
    let mut paid = item();
    paid["pay"] = true.into();
    let (status, placed) = asked.ask("POST", "/v1/orders", "tower", Some(paid)).await;
    assert_eq!(status, 201, "{placed}");
    let (status, clock) = asked.post("/v1/clock/advance", json!({"to": "2026-06-10T01:00:00Z"})).await;
    assert_eq!(status, 200, "{clock}");
    let wanted = json!({"files": body(&book(Some("9000.00"))), "from": "2026-06-09T23:59:59Z"});
    let (_, refused) = asked.post("/v1/price-books", wanted).await;
    assert_eq!(
        (&refused["code"], &refused["field"]),
        (&json!("book_too_early"), &json!("from")),
        "{refused}"
    );
    assert_eq!(ids(&asked).await.len(), 1);
}

#[tokio::test]
async fn every_problem_of_a_book_is_told() {
    let asked = Asked::new(DAY_ONE);
    let (status, good) = asked.post("/v1/price-books/check", json!({"files": body(&book(None))})).await;
    assert_eq!((status, &good["ok"], &good["problems"]), (200, &json!(true), &json!([])), "{good}");
    assert_eq!(good["products"], 18);
    let mut files = book(None);
    files.add("products/eip.toml", "id = 7\n");
    files.add("tables/x.csv", "a\n=== book.toml\n");
    let wanted = json!({"files": body(&files)});
    let (status, bad) = asked.post("/v1/price-books/check", wanted.clone()).await;
    assert_eq!((status, &bad["ok"], &bad["products"]), (200, &json!(false), &json!(0)), "{bad}");
    let places: Vec<(&str, u64)> = bad["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["file"].as_str().unwrap(), it["line"].as_u64().unwrap()))
        .collect();
    assert!(places.contains(&("tables/x.csv", 2)), "{bad}");
    let (status, refused) = asked.post("/v1/price-books", wanted).await;
    assert_eq!((status, &refused["code"]), (422, &json!("book_invalid")), "{refused}");
    assert_eq!(refused["problems"], bad["problems"]);
    let mut files = book(None);
    files.add("book.toml", &files.get("book.toml").unwrap().replace("+08:00", "+01:00"));
    let wanted = json!({"files": body(&files), "from": DAY_TWO});
    let (_, refused) = asked.post("/v1/price-books", wanted).await;
    assert_eq!(refused["code"], "book_incompatible", "{refused}");
}

#[tokio::test]
async fn what_another_node_does_to_the_books_is_noticed() {
    let asked = Asked::new(DAY_ONE);
    let (store, now) = (asked.node.store().clone(), asked.node.clock().now());
    let apply = |amount: &str| {
        let from = Some(DAY_TWO.parse().unwrap());
        store.write(|tx| books::apply(tx, &book(Some(amount)), from, now)).unwrap().id
    };
    let first = apply("9000.00");
    asked.node.refresh().unwrap();
    assert_eq!(asked.node.desk().books.all()[1].id, first);
    store.write(|tx| books::undo(tx, desk::Desk::empty().at(now), first)).unwrap();
    let second = apply("9100.00");
    asked.node.refresh().unwrap();
    assert_eq!(asked.node.desk().books.all()[1].id, second, "as many books as before, and another one");
}

/// Lines that end as on Windows give the book the id that it has when it is read back.
#[test]
fn a_book_keeps_its_id_when_it_is_stored() {
    let demo = book(None);
    let mut windows = Files::default();
    for path in demo.paths() {
        windows.add(path, &demo.get(path).unwrap().replace('\n', "\r\n"));
    }
    let read = |files: &Files| books::read(files, None).unwrap().id;
    assert_eq!(read(&windows), read(&demo));
    assert_eq!(read(&Files::from_text(&windows.to_text())), read(&demo));
}
