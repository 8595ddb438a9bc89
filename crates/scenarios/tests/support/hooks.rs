//! Receivers of webhooks on this machine, and a shop that has something to tell.
//!
//! In:  stores. Out: receivers that keep what came to them; accounts, purchases and webhooks; what their logs say.
//! Invariant: a receiver answers 204 unless something else was prepared for a path.
#![allow(dead_code)]

use axum::Router;
use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode, Uri};
use billing::account::{Account, Verified};
use billing::endpoint::{Endpoint, Owner};
use billing::quote::Wish;
use billing::voucher::choose::Choice;
use billing::wallet::Purse;
use desk::accounts::TopUp;
use desk::jobs::{self, Turn};
use desk::orders::{self, Item, Payment};
use desk::page::{Page, Part};
use desk::purchases::{Pay, Purchase};
use desk::webhooks::{self, Logged, New};
use desk::{Desk, Refusal, accounts, books, lists};
use providers::webhook::{self, Reach};
use server::cli::files;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use store::messages;
use store::{Store, Tx};
use tokio::sync::Notify;
use units::{AccountId, Calendar, Currency, EndpointId, Money, OrderId, Timestamp};

pub fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

pub fn later(seconds: i64) -> Timestamp {
    Timestamp::from_second(at("2026-06-01").as_second() + seconds).unwrap()
}

pub struct Received {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// A receiver on a free port: answers 204, or what was prepared for a path, and keeps what came.
#[derive(Clone, Default)]
pub struct Receiver {
    pub port: u16,
    pub came: Arc<Mutex<Vec<Received>>>,
    pub answers: Arc<Mutex<HashMap<String, Vec<u16>>>>,
    pub free: Arc<Notify>,
}

impl Receiver {
    pub async fn start() -> Receiver {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Receiver { port: listener.local_addr().unwrap().port(), ..Receiver::default() };
        let app = Router::new().fallback(take).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        receiver
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The next answers to `path`.
    pub fn answer(&self, path: &str, statuses: &[u16]) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.insert(path.to_string(), statuses.to_vec());
    }

    /// What came to `path`: id and kind of each, in order.
    pub fn came(&self, path: &str) -> Vec<(String, String)> {
        let came = self.came.lock().unwrap_or_else(PoisonError::into_inner);
        let of = came.iter().filter(|it| it.path == path);
        of.map(|it| (header(it, "webhook-id"), kind(it))).collect()
    }
}

pub fn header(it: &Received, name: &str) -> String {
    it.headers[name].to_str().unwrap().to_string()
}

pub fn kind(it: &Received) -> String {
    let body: serde_json::Value = serde_json::from_slice(&it.body).unwrap();
    body["type"].as_str().unwrap().to_string()
}

pub async fn take(Shared(it): Shared<Receiver>, uri: Uri, headers: HeaderMap, body: Bytes) -> StatusCode {
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

pub fn desk(store: &Store) -> Desk {
    let book = files::book("demo").unwrap();
    store.write(|tx| books::apply(tx, &book, None, at("2026-06-01"))).unwrap();
    store.read(Desk::open).unwrap()
}

pub fn customer(store: &Store, name: &str) -> Account {
    let terms = billing::rate::Terms::default();
    let opening = accounts::Opening { currency: Currency::CNY, terms, verified: Verified::Yes, alert: None };
    store.write(|tx| accounts::open(tx, name, opening, at("2026-06-01"))).unwrap()
}

pub fn top_up(store: &Store, at: desk::At<'_>, account: AccountId, reference: &str) {
    let money = Money::from_minor(100_000, Currency::CNY);
    store
        .write(|tx| accounts::top_up(tx, at, account, TopUp { money, purse: Purse::Cash, reference }))
        .unwrap();
}

pub fn secret(number: u8) -> String {
    webhook::secret([number; 32])
}

pub fn listen(store: &Store, owner: Owner, url: &str, kinds: &[&str]) -> Endpoint {
    let kinds: Vec<String> = kinds.iter().map(ToString::to_string).collect();
    let secret = secret(1);
    let new = New { owner, url, kinds: &kinds, secret: &secret };
    store.write(|tx| webhooks::create(tx, &new, Reach::Anywhere, at("2026-06-01"))).unwrap()
}

/// Buys a server by the hour and lets it be delivered; returns when.
pub fn buy(store: &Store, desk: &Desk, account: AccountId, token: &str, now: Timestamp) -> Timestamp {
    let pairs = [("charge", "payg"), ("region", "guangzhou"), ("zone", "guangzhou-1"), ("type", "S1.SMALL1")];
    let options = pairs.map(|it| (it.0.to_string(), it.1.to_string())).to_vec();
    let wish = Wish { product: "server".into(), options, months: 0, quantity: 1 };
    let item = Item { wish, name: "s".into(), ..Item::default() };
    let purchase = Purchase {
        account,
        token,
        items: std::slice::from_ref(&item),
        pay: Pay::Later,
        vouchers: Choice::None,
    };
    let placed = store.write(|tx| orders::one(tx, desk.at(now), purchase)).unwrap();
    let ids: Vec<OrderId> = placed.iter().map(|it| it.id).collect();
    let payment = Payment { account, token, orders: &ids };
    store.write(|tx| orders::pay(tx, desk.at(now), payment)).unwrap();
    let due = store.read(store::tasks::next).unwrap().unwrap();
    jobs::run_due(&Turn::alone(store, desk.at(due), due), &mut Err).unwrap();
    due
}

/// The delivery log of an endpoint, whatever state its messages are in.
pub fn log(
    tx: &mut Tx<'_>,
    account: Option<AccountId>,
    webhook: EndpointId,
    part: &Part,
) -> Result<Page<Logged>, Refusal> {
    lists::webhooks::messages(tx, &lists::webhooks::Filter { account, webhook, state: None }, part)
}

/// Kinds of all events of an account, oldest first.
pub fn kinds(store: &Store, account: Option<AccountId>) -> Vec<String> {
    let mut found = store
        .read(|tx| lists::events::page(tx, lists::events::Filter::of(account), &Part::first(200)))
        .unwrap()
        .items;
    found.reverse();
    found.into_iter().map(|it| it.kind.as_str().into()).collect()
}

/// State, attempts with their answers, and the last error of the only message of an endpoint.
pub fn only(
    store: &Store,
    owner: Option<AccountId>,
    it: &Endpoint,
) -> (messages::MessageState, Vec<Option<i64>>, String) {
    let log = store.read(|tx| log(tx, owner, it.id, &Part::first(50))).unwrap().items;
    assert_eq!(log.len(), 1);
    let answers = log[0].attempts.iter().map(|it| it.status).collect();
    (log[0].message.state, answers, log[0].message.error.clone())
}
