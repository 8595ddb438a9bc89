//! Lists as CSV: the same as their pages, whole however long, and refused like them.
//!
//! In:  a served till. Out: lines that hold what the items of the pages hold.

use crate::support::served::{Answer, Served};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const CSV: &str = "accept: text/csv";

fn lines(answer: &Answer) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(answer.body.as_slice());
    reader.records().map(|it| it.unwrap().iter().map(str::to_string).collect()).collect()
}

/// 450 readings that belong to nothing: three pages, asked for by a key that may ask twice a second.
#[test]
fn a_long_list_is_written_whole_at_the_pace_that_its_key_may_go() {
    let served = Served::start(&["--rate-limit", "2"]);
    let meter = served.key(&["meter"]);
    let reading = |it: usize| {
        json!({ "specversion": "1.0", "id": format!("e{it}"), "source": "/test", "type": "cloudtill.usage.v1",
            "subject": "res_00000000000000000000000000000000", "time": "2026-06-01T00:00:00Z",
            "data": { "meter": "traffic_out", "quantity": it } })
    };
    let batch: Vec<Value> = (0..450).map(reading).collect();
    let body = json!(batch).to_string();
    let typed = ["content-type: application/cloudevents-batch+json"];
    assert_eq!(served.call("POST", "/v1/usage/batch", &meter, &typed, body.as_bytes()).status, 200);
    let answer = served.call("GET", "/v1/quarantine", &served.operator, &[CSV], b"");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8; header=present"));
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"quarantine.csv\""));
    let all = lines(&answer);
    assert_eq!(all.len(), 451, "a heading and every reading");
    let event = all[0].iter().position(|it| it == "id" || it == "event").expect("readings have an id");
    let events: BTreeSet<&str> = all[1..].iter().map(|it| it[event].as_str()).collect();
    assert_eq!(events.len(), 450, "each once");
}

#[test]
fn lines_hold_what_the_items_hold_and_a_limit_holds() {
    let served = Served::start(&["--rate-limit", "0"]);
    for name in ["=HYPERLINK(1)", "plain, \"quoted\"", "中文"] {
        served.post(&served.operator, "/v1/accounts", &json!({ "name": name })).good();
    }
    let items = served.get(&served.operator, "/v1/accounts").good()["items"].as_array().unwrap().clone();
    let all = lines(&served.call("GET", "/v1/accounts", &served.operator, &[CSV], b""));
    let at = |name: &str| all[0].iter().position(|it| it == name).unwrap();
    // Accounts of one millisecond have no order among them but that of their ids.
    let names: BTreeSet<&str> = all[1..].iter().map(|it| it[at("name")].as_str()).collect();
    let expected = ["'=HYPERLINK(1)", "plain, \"quoted\"", "中文"];
    assert_eq!(names, BTreeSet::from(expected), "what a table would calculate is text");
    let ids: Vec<&str> = all[1..].iter().map(|it| it[at("id")].as_str()).collect();
    assert_eq!(ids, items.iter().map(|it| it["id"].as_str().unwrap()).collect::<Vec<_>>());
    let two = lines(&served.call("GET", "/v1/accounts?limit=2", &served.operator, &[CSV], b""));
    assert_eq!(two, all[..3]);
    let rest = format!("/v1/accounts?after={}", ids[1]);
    let rest = lines(&served.call("GET", &rest, &served.operator, &[CSV], b""));
    assert_eq!(rest[1..], all[3..]);
}

#[test]
fn what_is_refused_is_refused_as_in_json() {
    let served = Served::start(&["--rate-limit", "0"]);
    for (path, key, status) in [
        ("/v1/accounts", "", 401),
        ("/v1/accounts?limit=x", served.operator.as_str(), 400),
        ("/v1/accounts?limit=0", served.operator.as_str(), 400),
        ("/v1/accounts?nothing=1", served.operator.as_str(), 400),
        ("/v1/accounts?after=acc_x", served.operator.as_str(), 404),
    ] {
        let answer = served.call("GET", path, key, &[CSV], b"");
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
    }
    let json =
        served.call("GET", "/v1/accounts", &served.operator, &["accept: application/json, text/csv"], b"");
    assert_eq!(json.header("content-type"), Some("application/json"), "what is named first is wanted most");
}

#[test]
fn every_list_of_the_document_is_there_as_csv() {
    let served = Served::start(&["--rate-limit", "0"]);
    let customer = served.customer("acme", "10.00");
    let document = served.get("", "/openapi.json").good();
    let account = format!("till-account: {}", customer.account);
    let mut seen = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        let content = &item["get"]["responses"]["200"]["content"];
        if content["text/csv"].is_null() || path.contains('{') {
            continue;
        }
        let wanted = item["get"]["parameters"].as_array().into_iter().flatten();
        let wanted = wanted.filter(|it| it["in"] == "query" && it["required"] == true);
        let query: Vec<String> = wanted.map(|it| parameter(it["name"].as_str().unwrap())).collect();
        let address = format!("{path}?{}", query.join("&"));
        let cloud = served.key(&["cloud"]);
        let key = if path.starts_with("/v1/tasks") { &cloud } else { &served.operator };
        let answer = served.call("GET", &address, key, &[CSV, &account], b"");
        assert_eq!(answer.status, 200, "{address}: {}", String::from_utf8_lossy(&answer.body));
        let all = lines(&answer);
        assert!(all[0].len() > 1 && all[0].iter().all(|it| !it.is_empty()), "{path}: {:?}", all[0]);
        seen += 1;
    }
    assert!(seen > 20, "{seen} lists");
}

/// A value that fits a parameter that must be there.
fn parameter(name: &str) -> String {
    match name {
        "product" => "product=server".to_string(),
        "month" => "month=2026-06".to_string(),
        "from" => "from=2026-06-01T00:00:00Z".to_string(),
        "to" => "to=2026-06-02T00:00:00Z".to_string(),
        other => panic!("a list must be given `{other}`: say here what"),
    }
}
