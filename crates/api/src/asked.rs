//! The router as a caller asks it, without a socket: for tests.
//!
//! In:  a book, a time. Out: answers of the real router over a database in memory.
//! Invariant: whatever is asked passes every layer that a request passes.

use super::{Node, router};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use desk::keys::{self, NewKey, Scope};
use desk::{Desk, books};
use serde_json::{Value, json};
use std::sync::Arc;
use store::Store;
use tower::ServiceExt;
use units::{AccountId, Timestamp};
use web::Limits;
use web::clock::Clock;

/// A till on a test clock, and an operator's key.
pub(crate) struct Asked {
    pub node: Node,
    pub operator: String,
    /// Made once: most of a request's time would go into it.
    router: Router,
}

impl Asked {
    /// A till with the demo book, at `now`, that lets in any number of requests.
    pub(crate) fn new(now: &str) -> Asked {
        Asked::limited(now, Limits::NONE)
    }

    /// The same within limits.
    pub(crate) fn limited(now: &str, limits: Limits) -> Asked {
        let (store, now) = (Store::memory().unwrap(), now.parse::<Timestamp>().unwrap());
        let book = pricebook::bundled("demo").unwrap();
        store.write(|tx| books::apply(tx, &book, None, now)).unwrap();
        let desk = store.read(Desk::open).unwrap();
        let node = Node::new(Arc::new(store), desk, Clock::test(now), limits);
        let asked = Asked { router: router(node.clone()), node, operator: "operator".into() };
        asked.key("operator", None, &[Scope::Operator]);
        asked
    }

    /// Stores a key whose text is `text`.
    pub(crate) fn key(&self, text: &str, account: Option<AccountId>, scopes: &[Scope]) {
        let new =
            NewKey { account, name: text.into(), scopes: scopes.to_vec(), expires: None, addresses: vec![] };
        let (hash, now) = (keys::hash(text), self.node.clock().now());
        self.node.store().write(|tx| keys::add(tx, &new, &hash, now)).unwrap();
    }

    /// An account with so much cash, and its key `name` that reads and buys.
    pub(crate) async fn customer(&self, name: &str, amount: &str) -> AccountId {
        let (status, opened) = self.post("/v1/accounts", json!({ "name": name })).await;
        assert_eq!(status, 201, "{opened}");
        let id: AccountId = opened["id"].as_str().unwrap().parse().unwrap();
        let paid = json!({ "amount": amount, "reference": "first" });
        let (status, wallet) = self.post(&format!("/v1/accounts/{id}/top-ups"), paid).await;
        assert_eq!(status, 201, "{wallet}");
        self.key(name, Some(id), &[Scope::Read, Scope::Buy]);
        id
    }

    /// The operator reads.
    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        self.ask("GET", path, &self.operator, None).await
    }

    /// The operator writes.
    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.ask("POST", path, &self.operator, Some(body)).await
    }

    /// One request with these headers and a body as it is: the whole answer, and its body.
    pub(crate) async fn send(
        &self,
        to: (&str, &str, &str),
        headers: &[(&str, &str)],
        body: &str,
    ) -> (Response, Value) {
        let (method, path, key) = to;
        let request =
            Request::builder().method(method).uri(path).header("authorization", format!("Bearer {key}"));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let request = request.body(Body::from(body.to_string())).unwrap();
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        (Response::from_parts(parts, Body::empty()), serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    /// One request: its status and its body.
    pub(crate) async fn ask(&self, method: &str, path: &str, key: &str, body: Option<Value>) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {key}"))
            .header("content-type", "application/json");
        let body = body.map_or_else(Body::empty, |it| Body::from(it.to_string()));
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }
}
