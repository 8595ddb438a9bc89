//! Webhooks against real receivers on this machine: signatures, retries, the log, who is told what.

mod support;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode, Uri};
use billing::account::{Account, Verified};
use billing::endpoint::{Endpoint, Owner, State};
use billing::event::EventKind;
use billing::quote::Wish;
use billing::wallet::Purse;
use desk::accounts::TopUp;
use desk::jobs::{self, Turn};
use desk::orders::{self, Item, Payment};
use desk::page::{Page, Part};
use desk::purchases::{Pay, Purchase};
use desk::webhooks::{self, Change, Logged, New, Rotation};
use desk::{Desk, Refusal, accounts, books, events, first, lists};
use providers::installation::InstallationKey;
use providers::webhook::{self, Reach, Sender};
use server::cli::files;
use server::outbox;
use standardwebhooks::{HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook, WebhookError};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};
use store::messages;
use store::{Store, Tx};
use support::stores;
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use units::{AccountId, Calendar, Currency, EndpointId, EventId, Money, OrderId, Timestamp};

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

fn later(seconds: i64) -> Timestamp {
    Timestamp::from_second(at("2026-06-01").as_second() + seconds).unwrap()
}

struct Received {
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

/// A receiver on a free port: answers 204, or what was prepared for a path, and keeps what came.
#[derive(Clone, Default)]
struct Receiver {
    port: u16,
    came: Arc<Mutex<Vec<Received>>>,
    answers: Arc<Mutex<HashMap<String, Vec<u16>>>>,
    free: Arc<Notify>,
}

impl Receiver {
    async fn start() -> Receiver {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Receiver { port: listener.local_addr().unwrap().port(), ..Receiver::default() };
        let app = Router::new().fallback(take).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        receiver
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The next answers to `path`.
    fn answer(&self, path: &str, statuses: &[u16]) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.insert(path.to_string(), statuses.to_vec());
    }

    /// What came to `path`: id and kind of each, in order.
    fn came(&self, path: &str) -> Vec<(String, String)> {
        let came = self.came.lock().unwrap_or_else(PoisonError::into_inner);
        let of = came.iter().filter(|it| it.path == path);
        of.map(|it| (header(it, "webhook-id"), kind(it))).collect()
    }
}

fn header(it: &Received, name: &str) -> String {
    it.headers[name].to_str().unwrap().to_string()
}

fn kind(it: &Received) -> String {
    let body: serde_json::Value = serde_json::from_slice(&it.body).unwrap();
    body["type"].as_str().unwrap().to_string()
}

async fn take(Shared(it): Shared<Receiver>, uri: Uri, headers: HeaderMap, body: Bytes) -> StatusCode {
    let path = uri.path().to_string();
    let count = {
        let mut came = it.came.lock().unwrap_or_else(PoisonError::into_inner);
        came.push(Received { path: path.clone(), headers, body });
        came.iter().filter(|it| it.path == "/fast").count()
    };
    // `/slow` answers when everything has come to `/fast`.
    if count >= 20 {
        it.free.notify_one();
    }
    if path == "/slow" {
        it.free.notified().await;
        it.free.notify_one();
    }
    let mut answers = it.answers.lock().unwrap_or_else(PoisonError::into_inner);
    let next = answers.get_mut(&path).filter(|it| !it.is_empty()).map(|it| it.remove(0));
    StatusCode::from_u16(next.unwrap_or(204)).unwrap()
}

fn desk(store: &Store) -> Desk {
    let book = files::book("demo").unwrap();
    store.write(|tx| books::apply(tx, &book, None, at("2026-06-01"))).unwrap();
    store.read(Desk::open).unwrap()
}

fn customer(store: &Store, name: &str) -> Account {
    let terms = billing::rate::Terms::default();
    let opening = accounts::Opening { currency: Currency::Cny, terms, verified: Verified::Yes, alert: None };
    store.write(|tx| accounts::open(tx, name, opening, at("2026-06-01"))).unwrap()
}

fn top_up(store: &Store, at: desk::At<'_>, account: AccountId, reference: &str) {
    let money = Money::from_minor(100_000, Currency::Cny);
    store
        .write(|tx| accounts::top_up(tx, at, account, TopUp { money, purse: Purse::Cash, reference }))
        .unwrap();
}

fn secret(number: u8) -> String {
    webhook::secret([number; 32])
}

fn listen(store: &Store, owner: Owner, url: &str, kinds: &[&str]) -> Endpoint {
    let kinds: Vec<String> = kinds.iter().map(ToString::to_string).collect();
    let secret = secret(1);
    let new = New { owner, url, kinds: &kinds, secret: &secret };
    store.write(|tx| webhooks::create(tx, &new, Reach::Anywhere, at("2026-06-01"))).unwrap()
}

/// Buys a server by the hour and lets it be delivered; returns when.
fn buy(store: &Store, desk: &Desk, account: AccountId, token: &str, now: Timestamp) -> Timestamp {
    let pairs = [("charge", "payg"), ("region", "guangzhou"), ("zone", "guangzhou-1"), ("type", "S1.SMALL1")];
    let options = pairs.map(|it| (it.0.to_string(), it.1.to_string())).to_vec();
    let wish = Wish { product: "server".into(), options, months: 0, quantity: 1 };
    let item = Item { wish, name: "s".into(), ..Item::default() };
    let purchase = Purchase { account, token, items: std::slice::from_ref(&item), pay: Pay::Later };
    let placed = store.write(|tx| orders::one(tx, desk.at(now), purchase)).unwrap();
    let ids: Vec<OrderId> = placed.iter().map(|it| it.id).collect();
    let payment = Payment { account, token, orders: &ids };
    store.write(|tx| orders::pay(tx, desk.at(now), payment)).unwrap();
    let due = store.read(store::tasks::next).unwrap().unwrap();
    jobs::run_due(&Turn::alone(store, desk.at(due), due), &mut Err).unwrap();
    due
}

/// The delivery log of an endpoint, whatever state its messages are in.
fn log(
    tx: &mut Tx<'_>,
    account: Option<AccountId>,
    webhook: EndpointId,
    part: &Part,
) -> Result<Page<Logged>, Refusal> {
    lists::webhooks::messages(tx, &lists::webhooks::Filter { account, webhook, state: None }, part)
}

/// Kinds of all events of an account, oldest first.
fn kinds(store: &Store, account: Option<AccountId>) -> Vec<String> {
    let mut found = store
        .read(|tx| lists::events::page(tx, lists::events::Filter::of(account), &Part::first(200)))
        .unwrap()
        .items;
    found.reverse();
    found.into_iter().map(|it| it.kind.as_str().into()).collect()
}

/// State, attempts with their answers, and the last error of the only message of an endpoint.
fn only(
    store: &Store,
    owner: Option<AccountId>,
    it: &Endpoint,
) -> (messages::MessageState, Vec<Option<i64>>, String) {
    let log = store.read(|tx| log(tx, owner, it.id, &Part::first(50))).unwrap().items;
    assert_eq!(log.len(), 1);
    let answers = log[0].attempts.iter().map(|it| it.status).collect();
    (log[0].message.state, answers, log[0].message.error.clone())
}

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
fn what_failed_is_tried_again_with_the_same_id() {
    let runtime = Runtime::new().unwrap();
    let receiver = runtime.block_on(Receiver::start());
    let sender = Sender::new(Reach::Anywhere).unwrap();
    for (engine, store, _server) in stores() {
        let (store, path) = (Arc::new(store), format!("/{engine}"));
        let (desk, account) = (desk(&store), customer(&store, "a"));
        let me = Some(account.id);
        let it = listen(&store, Owner::Account(account.id), &receiver.url(&path), &["wallet.*"]);
        receiver.answer(&path, &[500, 302]);
        top_up(&store, desk.at(later(0)), account.id, "first");

        // 5 s after the first failure, 30 s after the second.
        for (seconds, sent) in [(0, 1), (4, 0), (5, 1), (34, 0), (35, 1), (100_000, 0)] {
            let now = later(seconds);
            assert_eq!(
                runtime.block_on(outbox::due(&store, &sender, now)).unwrap(),
                sent,
                "{engine} {seconds}"
            );
        }
        let came = receiver.came(&path);
        assert_eq!(came.len(), 3);
        assert!(came.iter().all(|it| *it == came[0]), "{came:?}");
        let expected =
            (messages::MessageState::Delivered, vec![Some(500), Some(302), Some(204)], String::new());
        assert_eq!(only(&store, me, &it), expected, "{engine}");

        // Once more at the owner's wish; the log goes on.
        let log = store.read(|tx| log(tx, me, it.id, &Part::first(50))).unwrap().items;
        store.write(|tx| webhooks::resend(tx, me, log[0].message.id, later(100_000))).unwrap();
        assert_eq!(runtime.block_on(outbox::due(&store, &sender, later(100_000))).unwrap(), 1);
        assert_eq!(receiver.came(&path)[3], came[0]);
        let (state, answers, _) = only(&store, me, &it);
        assert_eq!((state, answers.len()), (messages::MessageState::Delivered, 4));
    }
}

#[test]
fn after_ten_attempts_a_message_is_given_up() {
    let (_, store, _) = stores().swap_remove(0);
    let (store, sender) = (Arc::new(store), Sender::new(Reach::Anywhere).unwrap());
    let runtime = Runtime::new().unwrap();
    let (desk, account) = (desk(&store), customer(&store, "a"));
    // Nobody listens on this port any more.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let it = listen(&store, Owner::Account(account.id), &format!("http://{gone}/"), &["*"]);
    top_up(&store, desk.at(later(0)), account.id, "first");
    let mut attempts = 0;
    while let Some(due) = store.read(messages::next_due).unwrap() {
        attempts += runtime.block_on(outbox::due(&store, &sender, due)).unwrap();
    }
    let (state, answers, error) = only(&store, Some(account.id), &it);
    assert_eq!((attempts, state, answers), (10, messages::MessageState::GivenUp, vec![None; 10]));
    assert_eq!(error, "cannot connect: check name, port and certificate");
    // It can still be resent, and the waits begin anew.
    let log = store.read(|tx| log(tx, Some(account.id), it.id, &Part::first(1))).unwrap().items;
    let now = later(1_000_000);
    store.write(|tx| webhooks::resend(tx, Some(account.id), log[0].message.id, now)).unwrap();
    assert_eq!(runtime.block_on(outbox::due(&store, &sender, now)).unwrap(), 1);
    assert_eq!(store.read(messages::next_due).unwrap(), Some(later(1_000_005)));
}

#[test]
fn a_receiver_that_is_gone_is_not_called_again() {
    let runtime = Runtime::new().unwrap();
    let receiver = runtime.block_on(Receiver::start());
    let sender = Sender::new(Reach::Anywhere).unwrap();
    for (engine, store, _server) in stores() {
        let (store, path) = (Arc::new(store), format!("/{engine}"));
        let (desk, account) = (desk(&store), customer(&store, "a"));
        let me = Some(account.id);
        let it = listen(&store, Owner::Account(account.id), &receiver.url(&path), &["*"]);
        receiver.answer(&path, &[500, 410]);
        top_up(&store, desk.at(later(0)), account.id, "first");
        runtime.block_on(outbox::due(&store, &sender, later(0))).unwrap();
        top_up(&store, desk.at(later(1)), account.id, "second");
        runtime.block_on(outbox::due(&store, &sender, later(1))).unwrap();
        let after = store.read(|tx| webhooks::get(tx, me, it.id)).unwrap();
        assert_eq!(after.state, State::Disabled, "{engine}");

        // Held, not noted, not pinged, not resent, until it is enabled.
        top_up(&store, desk.at(later(2)), account.id, "third");
        assert_eq!(runtime.block_on(outbox::due(&store, &sender, later(1_000))).unwrap(), 0);
        let refused = store.write(|tx| webhooks::ping(tx, me, it.id, later(3))).unwrap_err();
        assert_eq!(refused.code(), "webhook_disabled");
        let change = Change { state: Some(State::Enabled), ..Change::none(Reach::Anywhere) };
        store.write(|tx| webhooks::change(tx, me, it.id, &change, later(2_000))).unwrap();
        assert_eq!(runtime.block_on(outbox::due(&store, &sender, later(2_000))).unwrap(), 1);
        assert_eq!(receiver.came(&path).len(), 3, "{engine}");
    }
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
        not_found(store.write(|tx| webhooks::ping(tx, stranger, mine.id, later(5)).map(drop)));
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

/// `/slow` answers only after all 20 messages came to `/fast`: slow receivers must leave room for others.
#[test]
fn a_slow_receiver_does_not_stop_the_others() {
    let runtime = Runtime::new().unwrap();
    let receiver = runtime.block_on(Receiver::start());
    let (_, store, _) = stores().swap_remove(0);
    let (store, sender) = (Arc::new(store), Sender::new(Reach::Anywhere).unwrap());
    let (desk, account) = (desk(&store), customer(&store, "a"));
    let slow = listen(&store, Owner::Account(account.id), &receiver.url("/slow"), &["*"]);
    for number in 0..20 {
        top_up(&store, desk.at(later(0)), account.id, &format!("a{number}"));
    }
    let change = Change { kinds: Some(&["bill.*".to_string()]), ..Change::none(Reach::Anywhere) };
    let me = Some(account.id);
    store.write(|tx| webhooks::change(tx, me, slow.id, &change, later(0))).unwrap();
    listen(&store, Owner::Account(account.id), &receiver.url("/fast"), &["*"]);
    for number in 0..20 {
        top_up(&store, desk.at(later(1)), account.id, &format!("b{number}"));
    }
    assert_eq!(runtime.block_on(outbox::due(&store, &sender, later(1))).unwrap(), 40);
    assert_eq!((receiver.came("/slow").len(), receiver.came("/fast").len()), (20, 20));
}

/// The twenty receivers of one customer answer only after everything has come to another customer and to the cloud.
#[test]
fn a_customer_whose_receivers_hang_delays_nobody_else() {
    let runtime = Runtime::new().unwrap();
    let receiver = runtime.block_on(Receiver::start());
    let (_, store, _) = stores().swap_remove(0);
    let (store, sender) = (Arc::new(store), Sender::new(Reach::Anywhere).unwrap());
    let (desk, one, other) = (desk(&store), customer(&store, "a"), customer(&store, "b"));
    for number in 0..webhooks::MOST {
        listen(&store, Owner::Account(one.id), &receiver.url(&format!("/slow?{number}")), &["wallet.*"]);
    }
    for number in 0..8 {
        top_up(&store, desk.at(later(0)), one.id, &format!("a{number}"));
    }
    listen(&store, Owner::Account(other.id), &receiver.url("/fast"), &["wallet.*"]);
    listen(&store, Owner::Operator, &receiver.url("/fast"), &["wallet.*"]);
    for number in 0..10 {
        top_up(&store, desk.at(later(1)), other.id, &format!("b{number}"));
    }
    let hanging = webhooks::MOST * 8;
    assert_eq!(runtime.block_on(outbox::due(&store, &sender, later(1))).unwrap(), hanging + 20);
    assert_eq!((receiver.came("/slow").len(), receiver.came("/fast").len()), (hanging, 20));
}

#[test]
fn two_nodes_send_a_message_once() {
    let runtime = Runtime::new().unwrap();
    let receiver = runtime.block_on(Receiver::start());
    let sender = Sender::new(Reach::Anywhere).unwrap();
    for (engine, store, _server) in stores() {
        let (store, path) = (Arc::new(store), format!("/{engine}"));
        let (desk, account) = (desk(&store), customer(&store, "a"));
        listen(&store, Owner::Account(account.id), &receiver.url(&path), &["*"]);
        for number in 0..40 {
            top_up(&store, desk.at(later(0)), account.id, &format!("a{number}"));
        }
        let both = async {
            let due = || outbox::due(&store, &sender, later(1));
            tokio::join!(due(), due())
        };
        let (one, other) = runtime.block_on(both);
        assert_eq!(one.unwrap() + other.unwrap(), 40, "{engine}");
        let mut came = receiver.came(&path);
        came.sort();
        came.dedup();
        assert_eq!((came.len(), receiver.came(&path).len()), (40, 40), "{engine}");
    }
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
