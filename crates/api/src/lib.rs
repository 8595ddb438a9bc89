//! The HTTP API: requests around the desk's operations.
//!
//! In:  HTTP. Out: views as JSON, or problem documents.
//! Invariant: nothing is decided here; a handler checks who asks and the shape of what is asked, calls one
//! operation of the desk, and shows what it gave.

mod accounts;
#[cfg(test)]
mod asked;
mod authorize;
mod bills;
mod books;
mod buy;
mod catalogue;
mod clock;
mod cloudevents;
mod codes;
mod corrections;
mod costs;
mod coverage;
mod csv;
mod declared;
mod docs;
mod headers;
mod hooks;
mod items;
mod journal;
mod keys;
mod notices;
mod older;
mod openapi;
mod orders;
mod packs;
mod pages;
mod projects;
mod purchase;
mod quarantine;
mod quotes;
mod resources;
mod routes;
mod services;
mod settlements;
mod state;
mod system;
mod tasks;
mod usage;
mod verify;
mod wallet;
mod webhooks;

pub use routes::document;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use state::Api;
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use web::{Node, language, watch};

/// Bodies of more bytes are refused with 413.
pub const LARGEST_BODY: usize = 8 * 1024 * 1024;
/// A request that takes longer is answered with 503, where nothing else is said.
pub const LONGEST: Duration = Duration::from_secs(90);

/// The whole server.
pub fn router(node: Node) -> Router {
    router_within(node, LONGEST)
}

/// The same, with the time after which a request is not waited for any more.
pub fn router_within(node: Node, longest: Duration) -> Router {
    let tables = Arc::new(csv::Tables::of(&document()));
    routes::with_document()
        .0
        .merge(pages::routes())
        .fallback(system::nowhere)
        .method_not_allowed_fallback(system::not_that_way)
        .with_state(Api::new(node))
        .layer(axum::middleware::from_fn(move |request, next| csv::lists(tables.clone(), request, next)))
        .layer(axum::middleware::from_fn(declared::only))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(axum::middleware::from_fn(move |request, next| watch::timed(longest, request, next)))
        .layer(CatchPanicLayer::custom(watch::panicked))
        .layer(axum::middleware::from_fn(watch::logged))
        .layer(axum::middleware::from_fn(language::told))
}

#[cfg(test)]
mod tests;
