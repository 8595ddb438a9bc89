//! What webhooks are told is what the document of the API says of it.
//!
//! In:  golden stories, and what a cloud, a book, a settlement and a trial bring, with somebody who listens to everything;
//! the document. Out: every event fits its schema.
//! Invariant: a member that the document does not say, or says otherwise, fails; so does a kind that nothing here tells.

use crate::support::{data, read};
use billing::endpoint::Owner;
use billing::event::EventKind;
use billing::provision::{Made, Retry, State as Task};
use billing::settle::Run;
use desk::lists::events::Filter;
use desk::page::Part;
use desk::tasks::{self, Failure};
use desk::webhooks::{self, New};
use desk::{Desk, Refusal, books, lists, settle};
use play::Player;
use providers::cloud::Cloud;
use providers::webhook::Reach;
use serde_json::{Value, json};
use server::cli::files;
use server::cli::simulate::play;
use std::collections::BTreeSet;
use store::Store;
use store::tasks::TaskFilter;
use units::{Calendar, CycleKind, Timestamp};

/// Stories that tell of orders, resources, packs, money and readings.
const FOLDERS: [&str; 10] =
    ["budget", "offer", "arrears", "order", "pack", "provision", "expiry", "ddos", "wallet", "network"];

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

/// A player on the demo book, with the operator and the cloud listening.
fn heard(store: &Store) -> Player<'_> {
    let start = at("2026-06-01 00:00:00");
    store.write(|tx| books::apply(tx, &files::book("demo").unwrap(), None, start)).unwrap();
    listen(store, Owner::Operator);
    listen(store, Owner::Cloud);
    Player::new(store, start).unwrap()
}

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

fn steps(player: &mut Player<'_>, text: &str) {
    let played = player.play(&crate::support::parse("told", text), &mut |_, _| {}).unwrap();
    assert!(played.failures.is_empty(), "{:?}", played.failures);
}

/// A cloud that delivers and then cannot release.
fn of_a_cloud(store: &Store) {
    let mut player = heard(store);
    player.desk = Desk { cloud: Cloud::External { timeout_seconds: 600 }, ..player.desk };
    let open = |store: &Store| {
        let filter = TaskFilter { state: Some(Task::Open), ..TaskFilter::default() };
        store.read(|tx| store::tasks::list(tx, filter, 1)).unwrap()[0].id
    };
    steps(
        &mut player,
        "2026-06-01 09:00:00 account acme\ntopup acme 100.00\nbuy acme c container region=guangzhou spec=1U1G",
    );
    let delivered = open(store);
    store
        .write(|tx| tasks::done(tx, player.desk.at(at("2026-06-01 09:00:10")), delivered, &Made::default()))
        .unwrap();
    steps(&mut player, "2026-06-01 09:01:00 release c");
    let failure = Failure { reason: "no host answers".into(), retry: Retry::Never, attempt: None };
    let released = open(store);
    store
        .write(|tx| tasks::failed(tx, player.desk.at(at("2026-06-01 09:01:10")), released, &failure))
        .unwrap();
}

/// A book that begins when something lives that it drops.
fn of_a_book(store: &Store) {
    let mut player = heard(store);
    let demo = files::book("demo").unwrap();
    let mut fewer = pricebook::Files::default();
    for path in demo.paths().filter(|it| *it != "products/load-balancer-hourly.toml") {
        fewer.add(path, demo.get(path).unwrap());
    }
    let (from, now) = (at("2026-06-01 13:00:00"), at("2026-06-01 00:00:00"));
    store.write(|tx| books::apply(tx, &fewer, Some(from), now)).unwrap();
    player.desk = store.read(Desk::open).unwrap();
    steps(
        &mut player,
        "2026-06-01 12:30:00 account acme\ntopup acme 100.00\nbuy acme lb load-balancer-hourly region=guangzhou\n\
         2026-06-01 13:30:00 settle",
    );
}

/// An account whose server is of a type that has no price.
fn of_a_settlement(store: &Store) {
    let mut player = heard(store);
    steps(
        &mut player,
        "2026-06-01 09:00:00 account acme\ntopup acme 100.00\n\
         buy acme web server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1",
    );
    let account = store.read(|tx| store::accounts::by_name(tx, "acme")).unwrap();
    let mut broken = store.read(|tx| store::resources::of_account(tx, account.id)).unwrap().remove(0);
    let options = broken.resource.options.to_string().replace("S1.SMALL1", "S1.GONE");
    broken.resource.options = billing::options::Options::parse(&options).unwrap();
    let event = [(broken.resource.metered(at("2026-06-01 09:20:00")), 50)];
    let add = |tx: &mut store::Tx<'_>| -> Result<(), Refusal> {
        let mut writes = store::Writes::default();
        store::resources::add_events(&mut writes, &event);
        Ok(tx.write(writes)?)
    };
    store.write(add).unwrap();
    let cycle = player.desk.calendar.cycle(CycleKind::Hour, at("2026-06-01 09:00:00")).unwrap();
    let now = at("2026-06-01 10:10:00");
    let run = Run { cycle, posted: now, watermark: now };
    assert_eq!(settle::run(store, &player.desk, run, 10).unwrap().set_aside, 1);
}

/// Somebody who tries a webhook.
fn of_a_trial(store: &Store) {
    let player = heard(store);
    let page = store.read(|tx| lists::webhooks::all(tx, None)).unwrap();
    let at = player.desk.at(player.now);
    store.write(|tx| webhooks::ping(tx, None, page.items[0].id, at)).unwrap();
}

/// A customer who asks sales for something.
fn of_a_request(store: &Store) {
    let mut player = heard(store);
    steps(&mut player, "2026-06-01 09:00:00 account acme");
    let account = store.read(|tx| store::accounts::by_name(tx, "acme")).unwrap().id;
    let at = player.desk.at(player.now);
    let new = desk::sales::New {
        account,
        product: Some("container-pack"),
        quantity: None,
        from: Some("2026-07-01"),
        price: None,
        message: "ten packs",
        token: "one",
    };
    store.write(|tx| desk::sales::ask(tx, at, new.clone())).unwrap();
}

/// The kinds of the events of a store, each of which fits its schema.
fn checked(document: &Value, store: &Store, of: &str) -> BTreeSet<String> {
    let mut told = BTreeSet::new();
    for event in events(store) {
        let kind = event["type"].as_str().unwrap().to_string();
        let hook =
            &document["webhooks"][&kind]["post"]["requestBody"]["content"]["application/json"]["schema"];
        let why = wrong(document, hook, &event);
        assert!(why.is_none(), "{of}: {event}: {why:?}");
        told.insert(kind);
    }
    told
}

/// What makes something happen of which somebody is told.
type Tell = fn(&Store);

#[test]
fn events_of_every_kind_are_what_the_document_says() {
    let document = serde_json::to_value(api::document()).unwrap();
    let mut told = BTreeSet::new();
    for path in FOLDERS.iter().flat_map(|it| crate::support::files(&data().join(it), "till")) {
        let store = Store::memory().unwrap();
        listen(&store, Owner::Operator);
        listen(&store, Owner::Cloud);
        play(&store, &read(&path)).unwrap();
        told.extend(checked(&document, &store, &path.display().to_string()));
    }
    let others: [(&str, Tell); 5] = [
        ("a cloud", of_a_cloud),
        ("a book", of_a_book),
        ("a settlement", of_a_settlement),
        ("a trial", of_a_trial),
        ("a request", of_a_request),
    ];
    for (of, make) in others {
        let store = Store::memory().unwrap();
        make(&store);
        told.extend(checked(&document, &store, of));
    }
    let all: BTreeSet<String> = EventKind::ALL.iter().map(|it| it.as_str().to_string()).collect();
    let missing: Vec<&String> = all.difference(&told).collect();
    assert!(missing.is_empty(), "nothing here tells {missing:?}: add what does");
}
