//! The HTTP API: requests around the desk's operations.
//!
//! In:  HTTP. Out: views as JSON, or problem documents.
//! Invariant: nothing is decided here; a handler checks who asks and the shape of what is asked, calls one
//! operation of the desk, and shows what it gave.

mod accounts;
mod actions;
mod ahead;
mod arrears;
#[cfg(test)]
mod asked;
mod authorize;
mod bank;
mod bills;
mod books;
mod budgets;
mod buy;
mod by_use;
mod card_payments;
mod card_refunds;
mod card_rules;
mod cards;
mod catalogue;
mod changes;
mod clock;
mod cloudevents;
mod codes;
mod commitments;
mod contract_prices;
mod conversions;
mod corrections;
mod cost_tags;
mod costs;
mod coverage;
mod credit_lines;
mod csv;
mod declared;
mod documents;
mod gateway_events;
mod headers;
mod hooks;
mod impact;
mod items;
mod journal;
mod keys;
mod mails;
mod merge;
mod notices;
mod offers;
mod older;
mod openapi;
mod orders;
mod origins;
mod packs;
mod pages;
mod price_proposals;
mod projects;
mod promotion_codes;
mod purchase;
mod quarantine;
mod queues;
mod quotes;
mod refunds;
mod renewals;
mod resources;
mod routes;
mod sales;
mod services;
mod settlements;
mod state;
mod system;
mod tariff;
mod tasks;
mod today;
mod usage;
mod verify;
mod voucher_body;
mod voucher_choices;
mod vouchers;
mod wallet;
mod webhooks;

pub use ahead::ForecastView;
pub use impact::ImpactView;
pub use origins::Origins;
pub use routes::document;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use state::Api;
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::decompression::RequestDecompressionLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;
use web::{Node, language, limit, watch};

/// Bodies of more bytes are refused with 413.
pub const LARGEST_BODY: usize = 8 * 1024 * 1024;
/// A request that takes longer is answered with 503, where nothing else is said.
pub const LONGEST: Duration = Duration::from_secs(90);

/// A body of which nothing more comes for so long has broken off.
const BODY_PAUSE: Duration = Duration::from_secs(10);

/// The whole server.
pub fn router(node: Node) -> Router {
    router_as(node, Serving { longest: LONGEST, origins: Origins::Nobody })
}

/// How requests are served.
#[derive(Clone, Debug)]
pub struct Serving {
    /// After this time a request is not waited for any more.
    pub longest: Duration,
    /// Whose pages may read answers in a browser.
    pub origins: Origins,
}

/// The same, served as it is said. Bodies may come compressed, and are no larger than others when they are expanded.
pub fn router_as(node: Node, serving: Serving) -> Router {
    let Serving { longest, origins } = serving;
    let (routes, document) = routes::with_document();
    let tables = Arc::new(csv::Tables::of(&openapi::finished(document)));
    let router = routes
        .merge(pages::routes())
        .merge(gateway_events::routes())
        .fallback(system::nowhere)
        .method_not_allowed_fallback(system::not_that_way)
        .with_state(Api::new(node))
        .layer(axum::middleware::from_fn(move |request, next| csv::lists(tables.clone(), request, next)))
        .layer(axum::middleware::from_fn(declared::only))
        .layer(RequestDecompressionLayer::new())
        .layer(RequestBodyTimeoutLayer::new(BODY_PAUSE))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(axum::middleware::from_fn(move |request, next| watch::timed(longest, request, next)))
        .layer(CatchPanicLayer::custom(watch::panicked))
        .layer(axum::middleware::from_fn(watch::logged))
        .layer(axum::middleware::from_fn(limit::told::standings))
        .layer(axum::middleware::from_fn(language::told))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest));
    match origins.layer() {
        Some(layer) => router.layer(layer),
        None => router,
    }
}

#[cfg(test)]
mod tests;
