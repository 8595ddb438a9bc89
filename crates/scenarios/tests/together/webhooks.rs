//! Webhooks against real receivers on this machine: signatures, the log, who is told what.

use crate::support::hooks::*;
use crate::support::stores;
use axum::http::HeaderMap;
use billing::endpoint::Owner;
use billing::event::EventKind;
use desk::jobs::{self, Turn};
use desk::page::Part;
use desk::webhooks::{self, Change, New, Rotation};
use desk::{Cause, Desk, Refusal, events, first, lists};
use providers::installation::InstallationKey;
use providers::webhook::{self, Reach, Sender};
use server::outbox;
use standardwebhooks::{HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook, WebhookError};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use store::Store;
use store::messages;
use tokio::runtime::Runtime;
use units::EventId;

const BOUGHT: [&str; 5] =
    ["wallet.topped_up", "order.placed", "order.paid", "order.delivered", "resource.delivered"];

#[test]
fn a_purchase_is_told_and_signed() {
    let runtime = Runtime::new().unwrap();
    let receiver = runtime.block_on(Receiver::start());
    let sender = Sender::new(Reach::Anywhere).unwrap();
    for (engine, store, _server) in stores() {
        let (store, path) = (Arc::new(store), format!("/{engine}"));
        let (desk, account) = (desk(&store), customer(&store, "a"));
        listen(&store, Owner::Account(account.id), &receiver.url(&path), &["*"]);
        top_up(&store, desk.at(at("2026-06-01")), account.id, "first");
        let now = buy(&store, &desk, account.id, "one", later(60));
        assert_eq!(kinds(&store, Some(account.id)), BOUGHT, "{engine}");

        assert_eq!(runtime.block_on(outbox::due(&store, &sender, now)).unwrap(), 5, "{engine}");
        assert_eq!(runtime.block_on(outbox::due(&store, &sender, now)).unwrap(), 0, "{engine}");
        let mut came: Vec<String> = receiver.came(&path).into_iter().map(|it| it.1).collect();
        came.sort();
        let mut expected = BOUGHT.to_vec();
        expected.sort();
        assert_eq!(came, expected, "{engine}");
    }
    let check = Webhook::new(&secret(1)).unwrap();
    for it in receiver.came.lock().unwrap().iter() {
        check.verify(&it.body, &it.headers).unwrap();
        assert!(check.verify(b"{}", &it.headers).is_err());
        assert!(Webhook::new(&secret(2)).unwrap().verify(&it.body, &it.headers).is_err());
        assert_eq!(it.headers["content-type"], "application/json");
        let body: serde_json::Value = serde_json::from_slice(&it.body).unwrap();
        assert_eq!(body["id"].as_str().unwrap(), header(it, "webhook-id"));
        if kind(it) == "wallet.topped_up" {
            assert_eq!(body["data"]["amount"], "1000.00");
            assert_eq!(body["data"]["available"], "1000.00");
            assert_eq!(body["data"]["reference"], "first");
        }
        if kind(it) == "resource.delivered" {
            assert_eq!(body["data"]["state"], "running");
            assert_eq!(body["data"]["options"]["type"], "S1.SMALL1");
            assert!(body["data"]["address"].is_string());
        }
    }
}

fn key(digit: char) -> Arc<InstallationKey> {
    let text = format!("till_installation_{}", digit.to_string().repeat(64));
    Arc::new(InstallationKey::parse(&text).unwrap())
}

/// What was kept open before there was a key is sealed with the first start that has one, and signs as before. After a
/// change of the secret both sign until the overlap is over, the new one first; then only the new one.
#[test]
fn an_old_secret_signs_beside_the_new_one_for_a_while() {
    let runtime = Runtime::new().unwrap();
    let receiver = runtime.block_on(Receiver::start());
    let key = key('1');
    let sender = Sender::new(Reach::Anywhere).unwrap().with_key(Some(key.clone()));
    for (engine, store, _server) in stores() {
        let (store, path) = (Arc::new(store), format!("/{engine}"));
        let desk = Desk { key: Some(key.clone()), ..desk(&store) };
        let account = customer(&store, "a");
        let it = listen(&store, Owner::Account(account.id), &receiver.url(&path), &["wallet.*"]);
        store.write(|tx| first::installation(tx, &key, later(0))).unwrap();
        let sealed = |store: &Store| {
            let kept = store.read(|tx| webhooks::get(tx, Some(account.id), it.id)).unwrap();
            [Some(kept.secret), kept.old.map(|it| it.secret)]
                .into_iter()
                .flatten()
                .all(|it| it.starts_with("sealed1:"))
        };
        assert!(sealed(&store), "{engine}");
        let new = secret(2);
        let rotation = Rotation { account: Some(account.id), id: it.id, secret: &new, overlap_seconds: 100 };
        let signed = |seconds: i64| {
            top_up(&store, desk.at(later(seconds)), account.id, &seconds.to_string());
            assert_eq!(runtime.block_on(outbox::due(&store, &sender, later(seconds))).unwrap(), 1);
            let came = receiver.came.lock().unwrap();
            let last = came.iter().rfind(|it| it.path == path).unwrap();
            let by =
                |number: u8| Webhook::new(&secret(number)).unwrap().verify(&last.body, &last.headers).is_ok();
            (last.headers["webhook-signature"].to_str().unwrap().split(' ').count(), by(1), by(2))
        };
        assert_eq!(signed(1), (1, true, false), "{engine}");
        store.write(|tx| webhooks::rotate(tx, desk.at(later(10)), &rotation)).unwrap();
        assert!(sealed(&store), "{engine}");
        assert_eq!(signed(109), (2, true, true), "{engine}");
        assert_eq!(signed(110), (1, false, true), "{engine}: the overlap is over");
        let at_once = Rotation { secret: &secret(1), overlap_seconds: 0, ..rotation };
        store.write(|tx| webhooks::rotate(tx, desk.at(later(120)), &at_once)).unwrap();
        assert_eq!(signed(121), (1, true, false), "{engine}");

        // Whoever reads the database with another key, or with none, sends nothing.
        let other = store.write(|tx| first::installation(tx, &self::key('2'), later(0))).unwrap_err();
        assert_eq!(other.code(), "installation_key");
        top_up(&store, desk.at(later(200)), account.id, "unsent");
        let keyless = Sender::new(Reach::Anywhere).unwrap();
        runtime.block_on(outbox::due(&store, &keyless, later(200))).unwrap();
        let log = store.read(|tx| log(tx, Some(account.id), it.id, &Part::first(1))).unwrap().items;
        assert!(log[0].attempts[0].error.contains("no installation's key"), "{:?}", log[0].attempts);
    }
}

/// Ninety days after an event, the first jobs of a day forget it, its messages and their attempts; later ones stay.
#[test]
fn events_are_kept_for_ninety_days() {
    for (engine, store, _server) in stores() {
        let (desk, account) = (desk(&store), customer(&store, "a"));
        let endpoint = listen(&store, Owner::Account(account.id), "http://127.0.0.1:9/", &["*"]);
        top_up(&store, desk.at(at("2026-06-01")), account.id, "first");
        top_up(&store, desk.at(at("2026-06-02")), account.id, "second");
        let told = || {
            let sent = store.read(|tx| log(tx, Some(account.id), endpoint.id, &Part::first(50))).unwrap();
            (kinds(&store, Some(account.id)).len(), sent.items.len())
        };
        let day_after_day = |from: &str, to: &str| {
            jobs::run_due(&Turn::alone(&store, desk.at(at(to)), at(from)), &mut Err).unwrap();
            told()
        };
        assert_eq!(day_after_day("2026-08-29", "2026-08-30"), (2, 2), "{engine}: 90 days are not over");
        assert_eq!(day_after_day("2026-08-30", "2026-08-31"), (1, 1), "{engine}");
        assert_eq!(day_after_day("2026-08-31", "2026-09-01"), (0, 0), "{engine}");
    }
}

/// What a receiver must refuse: a message that was signed more than five minutes ago, however well.
#[test]
fn stale_and_future_signatures_are_refused_by_receivers() {
    let check = Webhook::new(&secret(1)).unwrap();
    let real = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap();
    let headers = |signed: i64, said: i64| {
        let mut headers = HeaderMap::new();
        let signature = webhook::sign(&secret(1), "evt_1", signed, "{}").unwrap();
        headers.insert("webhook-id", "evt_1".parse().unwrap());
        headers.insert(HEADER_WEBHOOK_TIMESTAMP, said.into());
        headers.insert(HEADER_WEBHOOK_SIGNATURE, signature.parse().unwrap());
        headers
    };
    assert!(check.verify(b"{}", &headers(real - 200, real - 200)).is_ok());
    let stale = check.verify(b"{}", &headers(real - 400, real - 400));
    assert!(matches!(stale, Err(WebhookError::TimestampTooOldError)));
    let future = check.verify(b"{}", &headers(real + 400, real + 400));
    assert!(matches!(future, Err(WebhookError::FutureTimestampError)));
    // Replayed with a fresh time: the time is signed too.
    let replayed = check.verify(b"{}", &headers(real - 400, real));
    assert!(matches!(replayed, Err(WebhookError::InvalidSignature)));
}

#[test]
fn everybody_is_told_only_what_is_theirs() {
    let runtime = Runtime::new().unwrap();
    let receiver = runtime.block_on(Receiver::start());
    let sender = Sender::new(Reach::Anywhere).unwrap();
    let (_, store, _) = stores().swap_remove(0);
    let store = Arc::new(store);
    let desk = desk(&store);
    let (one, other, third) = (customer(&store, "a"), customer(&store, "b"), customer(&store, "c"));
    top_up(&store, desk.at(later(0)), third.id, "unheard");
    assert_eq!(kinds(&store, None), [""; 0]);
    let mine = listen(&store, Owner::Account(one.id), &receiver.url("/one"), &["wallet.*", "wallet.low"]);
    listen(&store, Owner::Account(other.id), &receiver.url("/other"), &["order.*"]);
    listen(&store, Owner::Operator, &receiver.url("/operator"), &["*"]);
    let cloud = listen(&store, Owner::Cloud, &receiver.url("/cloud"), &["*"]);
    top_up(&store, desk.at(later(1)), one.id, "x");
    top_up(&store, desk.at(later(2)), other.id, "x");
    let data = serde_json::json!({ "task": "tsk_1" });
    for kind in [EventKind::TaskOpened, EventKind::SettlementSetAside] {
        let news = events::News { account: Some(one.id), kind, data: data.clone() };
        store.write(|tx| events::emit(tx, news.clone(), later(3))).unwrap();
    }
    runtime.block_on(outbox::due(&store, &sender, later(4))).unwrap();
    let came = |path: &str| {
        let mut kinds: Vec<String> = receiver.came(path).into_iter().map(|it| it.1).collect();
        kinds.sort();
        kinds
    };
    assert_eq!(came("/one"), ["wallet.topped_up"]);
    assert_eq!(came("/other"), [""; 0]);
    assert_eq!(came("/operator"), ["settlement.set_aside", "wallet.topped_up", "wallet.topped_up"]);
    assert_eq!(came("/cloud"), ["task.opened"]);
    assert_eq!(kinds(&store, Some(one.id)), ["wallet.topped_up"]);
    assert_eq!(kinds(&store, None).len(), 4);

    let not_found = |done: Result<(), Refusal>| assert_eq!(done.unwrap_err().code(), "not_found");
    let sent = store.read(|tx| log(tx, Some(one.id), mine.id, &Part::first(1))).unwrap().items;
    let (message, event) = (sent[0].message.id, sent[0].message.event);
    for stranger in [Some(other.id), None] {
        not_found(store.read(|tx| webhooks::get(tx, stranger, mine.id).map(drop)));
        let new = Rotation { account: stranger, id: mine.id, secret: "whsec_", overlap_seconds: 0 };
        not_found(store.write(|tx| webhooks::rotate(tx, desk.at(later(5)), &new).map(drop)));
        not_found(store.write(|tx| webhooks::remove(tx, stranger, mine.id)));
        not_found(store.write(|tx| webhooks::ping(tx, stranger, mine.id, desk.at(later(5))).map(drop)));
        not_found(store.write(|tx| webhooks::resend(tx, stranger, message, later(5)).map(drop)));
        not_found(store.read(|tx| log(tx, stranger, mine.id, &Part::first(1)).map(drop)));
    }
    not_found(store.read(|tx| lists::events::one(tx, Some(other.id), event).map(drop)));
    not_found(store.read(|tx| webhooks::get(tx, Some(one.id), cloud.id).map(drop)));
    assert_eq!(store.read(|tx| lists::webhooks::all(tx, None)).unwrap().items.len(), 2);

    store.write(|tx| webhooks::remove(tx, Some(one.id), mine.id)).unwrap();
    not_found(store.read(|tx| webhooks::message(tx, Some(one.id), message).map(drop)));
    assert!(store.read(|tx| lists::events::one(tx, Some(one.id), event)).is_ok());
}

#[test]
fn customers_cannot_have_private_addresses_called() {
    let (_, store, _) = stores().swap_remove(0);
    let account = customer(&store, "a");
    let make = |owner: Owner, url: &str, kind: &str| {
        let new = New { owner, url, kinds: &[kind.to_string()], secret: "whsec_" };
        store.write(|tx| webhooks::create(tx, &new, Reach::Public, later(0)))
    };
    let private = [
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://[::1]/",
        "https://169.254.169.254/latest",
        "https://localhost/",
        "http://example.com/",
        "https://a:b@example.com/",
    ];
    let owner = Owner::Account(account.id);
    let mine = make(owner, "https://example.com/", "*").unwrap();
    for url in private {
        assert_eq!(make(owner, url, "*").unwrap_err().code(), "address_refused", "{url}");
        let change = Change { url: Some(url), ..Change::none(Reach::Public) };
        let changed = store.write(|tx| webhooks::change(tx, Some(account.id), mine.id, &change, later(0)));
        assert_eq!(changed.unwrap_err().code(), "address_refused", "{url}");
    }
    assert!(make(Owner::Cloud, "http://127.0.0.1:9/", "*").is_ok());
    assert_eq!(make(owner, "https://example.com/", "task.*").unwrap_err().code(), "unknown_event_kind");
    for number in 1..webhooks::MOST {
        make(owner, &format!("https://example.com/{number}"), "*").unwrap();
    }
    assert_eq!(make(owner, "https://example.com/", "*").unwrap_err().code(), "too_many_webhooks");
}

/// Two hours of a server at work: each hour is one `bill.posted` for its owner, and nothing for others.
#[test]
fn a_settlement_run_tells_each_account_once() {
    for (engine, store, _server) in stores() {
        let desk = desk(&store);
        let (one, other) = (customer(&store, "a"), customer(&store, "b"));
        listen(&store, Owner::Operator, "http://127.0.0.1:9/", &["bill.posted"]);
        listen(&store, Owner::Account(other.id), "http://127.0.0.1:9/", &["*"]);
        for account in [&one, &other] {
            top_up(&store, desk.at(later(0)), account.id, "first");
        }
        buy(&store, &desk, one.id, "one", later(0));
        let now = later(2 * 3_600 + 600);
        jobs::run_due(&Turn::alone(&store, desk.at(now), now), &mut Err).unwrap();
        let mut found = store
            .read(|tx| lists::events::page(tx, lists::events::Filter::of(Some(one.id)), &Part::first(50)))
            .unwrap()
            .items;
        found.reverse();
        assert_eq!(found.len(), 2, "{engine}: {found:?}");
        for (hour, it) in (0..).zip(&found) {
            let body: serde_json::Value = serde_json::from_str(&it.body).unwrap();
            assert_eq!(body["type"], "bill.posted");
            assert_eq!(body["data"]["cycle"], "hour");
            assert_eq!(body["data"]["from"], later(hour * 3_600).to_string());
            assert_eq!(body["data"]["bills"], 1);
            assert_eq!(body["data"]["account"], one.id.to_string());
        }
        assert_eq!(kinds(&store, Some(other.id)), ["wallet.topped_up"], "{engine}");
    }
}

/// Pages of events and of the log fit together without gaps, also where much happens at one instant.
#[test]
fn pages_of_events_and_messages_follow_one_another() {
    for (engine, store, _server) in stores() {
        let (desk, account) = (desk(&store), customer(&store, "a"));
        let me = Some(account.id);
        let it = listen(&store, Owner::Account(account.id), "http://127.0.0.1:9/", &["wallet.*"]);
        for number in 0..7 {
            top_up(&store, desk.at(later(number / 4)), account.id, &format!("a{number}"));
        }
        let all = store
            .read(|tx| lists::events::page(tx, lists::events::Filter::of(me), &Part::first(50)))
            .unwrap()
            .items;
        let reference = |body: &str| -> String {
            let body: serde_json::Value = serde_json::from_str(body).unwrap();
            body["data"]["reference"].as_str().unwrap().to_string()
        };
        let references: Vec<String> = all.iter().map(|it| reference(&it.body)).collect();
        assert_eq!(references, ["a6", "a5", "a4", "a3", "a2", "a1", "a0"], "{engine}");

        let (mut events, mut sent) = (Vec::new(), Vec::new());
        for _ in 0..4 {
            let part = Part { after: events.last().map(EventId::to_string), most: 2 };
            let page =
                store.read(|tx| lists::events::page(tx, lists::events::Filter::of(me), &part)).unwrap();
            events.extend(page.items.into_iter().map(|it| it.id));
            let after = sent.last().map(|it: &messages::Message| it.id.to_string());
            let page = store.read(|tx| log(tx, me, it.id, &Part { after: after.clone(), most: 2 })).unwrap();
            sent.extend(page.items.into_iter().map(|it| it.message));
        }
        assert_eq!(events, all.iter().map(|it| it.id).collect::<Vec<_>>(), "{engine}");
        assert_eq!(sent.iter().map(|it| it.event).collect::<Vec<_>>(), events, "{engine}");
        let state = Some(messages::MessageState::GivenUp);
        let given_up = lists::webhooks::Filter { account: me, webhook: it.id, state };
        let none = store.read(|tx| lists::webhooks::messages(tx, &given_up, &Part::first(2))).unwrap();
        assert_eq!(none.items.len(), 0, "{engine}");
        let theirs = store
            .read(|tx| lists::events::page(tx, lists::events::Filter::of(None), &Part::first(50)))
            .unwrap()
            .items;
        assert_eq!(theirs.len(), 7, "{engine}");
    }
}

/// A receiver goes on in the trace of the request that made an event; what a job brings is a trace of its own.
#[test]
fn a_message_is_of_the_trace_of_its_request() {
    let runtime = Runtime::new().unwrap();
    let receiver = runtime.block_on(Receiver::start());
    let sender = Sender::new(Reach::Anywhere).unwrap();
    for (engine, store, _server) in stores() {
        let (store, path) = (Arc::new(store), format!("/{engine}"));
        let (desk, account) = (desk(&store), customer(&store, "a"));
        listen(&store, Owner::Account(account.id), &receiver.url(&path), &["*"]);
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        top_up(&store, desk.at(later(1)).because(Cause::Request(trace)), account.id, "first");
        let now = buy(&store, &desk, account.id, "one", later(60));
        runtime.block_on(outbox::due(&store, &sender, now)).unwrap();
        let came = receiver.came.lock().unwrap();
        let mut of_requests = 0;
        for it in came.iter().filter(|it| it.path == path) {
            let own = format!("00-{}-", header(it, "webhook-id").trim_start_matches("evt_"));
            match kind(it).as_str() {
                "wallet.topped_up" => {
                    of_requests += 1;
                    assert_eq!(header(it, "traceparent"), trace, "{engine}");
                }
                other => assert!(header(it, "traceparent").starts_with(&own), "{engine}: {other}"),
            }
        }
        assert_eq!(of_requests, 1, "{engine}");
    }
}
