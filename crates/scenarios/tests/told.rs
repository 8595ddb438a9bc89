//! What webhooks are told is what the document of the API says of it.
//!
//! In:  golden stories, played with somebody who listens to everything; the document. Out: every event fits its schema.
//! Invariant: a member that the document does not say, or says otherwise, fails.

mod support;

use billing::endpoint::Owner;
use desk::lists;
use desk::lists::events::Filter;
use desk::page::Part;
use desk::webhooks::{self, New};
use providers::webhook::Reach;
use serde_json::{Value, json};
use server::cli::simulate::play;
use std::collections::BTreeSet;
use store::Store;
use support::{data, files, read};
use units::Timestamp;

const FOLDERS: [&str; 6] = ["arrears", "order", "pack", "provision", "expiry", "ddos"];

/// What the stories tell; the other kinds are of a real cloud, of failures, and of whoever tries a webhook.
const TOLD: [&str; 17] = [
    "bill.posted",
    "order.closed",
    "order.delivered",
    "order.failed",
    "order.paid",
    "order.placed",
    "pack.active",
    "pack.empty",
    "pack.expiring",
    "pack.low",
    "resource.changed",
    "resource.delivered",
    "resource.failed",
    "resource.released",
    "wallet.cleared",
    "wallet.in_arrears",
    "wallet.topped_up",
];

/// What is wrong with a value by a schema; `None` when it fits.
fn wrong(document: &Value, schema: &Value, value: &Value) -> Option<String> {
    if let Some(name) = schema["$ref"].as_str() {
        return wrong(document, document.pointer(&name[1..]).unwrap(), value);
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(it) if it.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let kinds = schema["type"].as_array().cloned().unwrap_or_else(|| vec![schema["type"].clone()]);
    if !kinds.contains(&json!(kind)) {
        return Some(format!("{value} is no {kinds:?}"));
    }
    if schema["enum"].as_array().is_some_and(|it| !it.contains(value)) {
        return Some(format!("{value} is none of {}", schema["enum"]));
    }
    if schema["format"] == "date-time" && !value.is_null() && value.as_str()?.parse::<Timestamp>().is_err() {
        return Some(format!("{value} is no time"));
    }
    if let Some(items) = value.as_array() {
        return items.iter().find_map(|it| wrong(document, &schema["items"], it));
    }
    let members = value.as_object()?;
    let missing = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|it| !members.contains_key(it.as_str().unwrap()));
    if let Some(name) = missing {
        return Some(format!("{name} is missing"));
    }
    members.iter().find_map(|(name, it)| {
        let known = schema["properties"].get(name).or_else(|| schema.get("additionalProperties"));
        match known {
            Some(schema) => wrong(document, schema, it).map(|why| format!("{name}: {why}")),
            None => Some(format!("{name} is not known")),
        }
    })
}

fn listen(store: &Store, owner: Owner) {
    let (kinds, now) = (["*".to_string()], Timestamp::UNIX_EPOCH);
    let new = New { owner, url: "http://127.0.0.1:9/", kinds: &kinds, secret: "whsec_" };
    store.write(|tx| webhooks::create(tx, &new, Reach::Anywhere, now)).unwrap();
}

/// The bodies of all events.
fn events(store: &Store) -> Vec<Value> {
    let mut part = Part::first(200);
    let mut found = Vec::new();
    loop {
        let page = store.read(|tx| lists::events::page(tx, Filter::of(None), &part)).unwrap();
        found.extend(page.items.iter().map(|it| serde_json::from_str(&it.body).unwrap()));
        match page.next {
            Some(next) => part = Part { after: Some(next), ..part },
            None => return found,
        }
    }
}

#[test]
fn events_are_what_the_document_says() {
    let document = serde_json::to_value(api::document()).unwrap();
    let mut told = BTreeSet::new();
    for path in FOLDERS.iter().flat_map(|it| files(&data().join(it), "till")) {
        let store = Store::memory().unwrap();
        listen(&store, Owner::Operator);
        listen(&store, Owner::Cloud);
        play(&store, &read(&path)).unwrap();
        for event in events(&store) {
            let kind = event["type"].as_str().unwrap().to_string();
            let hook =
                &document["webhooks"][&kind]["post"]["requestBody"]["content"]["application/json"]["schema"];
            let why = wrong(&document, hook, &event);
            assert!(why.is_none(), "{}: {event}: {why:?}", path.display());
            told.insert(kind);
        }
    }
    let missing: Vec<&&str> = TOLD.iter().filter(|it| !told.contains(**it)).collect();
    assert!(missing.is_empty(), "no story tells {missing:?}; they tell {told:?}");
}
