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
mod coverage;
mod declared;
mod docs;
mod journal;
mod keys;
mod notices;
pub mod openapi;
mod orders;
mod packs;
mod projects;
mod quarantine;
mod quotes;
mod resources;
mod services;
mod settlements;
mod state;
mod system;
mod tasks;
mod usage;
mod verify;
mod wallet;
mod webhooks;

pub use system::METRICS;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use state::Api;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use web::{Node, watch};

/// Bodies of more bytes are refused with 413.
pub const LARGEST_BODY: usize = 8 * 1024 * 1024;
/// A request that takes longer is given up.
const LONGEST: Duration = Duration::from_secs(90);

/// Every route of the API with the document that describes it.
fn described() -> (Router<Api>, OpenApi) {
    OpenApiRouter::with_openapi(openapi::head())
        .merge(accounts::routes())
        .merge(authorize::routes())
        .merge(bills::routes())
        .merge(books::routes())
        .merge(catalogue::routes())
        .merge(clock::routes())
        .merge(coverage::routes())
        .merge(journal::routes())
        .merge(keys::routes())
        .merge(notices::routes())
        .merge(orders::routes())
        .merge(packs::routes())
        .merge(projects::routes())
        .merge(quarantine::routes())
        .merge(quotes::routes())
        .merge(resources::routes())
        .merge(services::routes())
        .merge(settlements::routes())
        .merge(system::routes())
        .merge(tasks::routes())
        .merge(usage::routes())
        .merge(verify::routes())
        .merge(wallet::routes())
        .merge(webhooks::routes())
        .split_for_parts()
}

/// The document of the API.
pub fn document() -> OpenApi {
    openapi::finished(described().1)
}

/// The whole server.
pub fn router(node: Node) -> Router {
    described()
        .0
        .merge(system::pages())
        .fallback(system::nowhere)
        .method_not_allowed_fallback(system::not_that_way)
        .with_state(Api::new(node))
        .layer(axum::middleware::from_fn(declared::only))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(axum::middleware::from_fn(|request, next| watch::timed(LONGEST, request, next)))
        .layer(CatchPanicLayer::custom(watch::panicked))
        .layer(axum::middleware::from_fn(watch::logged))
}

#[cfg(test)]
mod tests;
