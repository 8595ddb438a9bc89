//! The style, the script and the icon: made known by a digest, so that browsers keep them until they change.

use crate::state::Console;
use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use desk::journal::digest;
use std::sync::LazyLock;

/// The design system.
const STYLE: &str = include_str!("../assets/console.css");
/// What the pages can do beyond HTML.
pub(crate) const SCRIPT: &str = include_str!("../assets/console.js");
/// What the pages can do on which the gateway's own script works.
const CARDS: &str = include_str!("../assets/cards.js");
const ICON: &str = include_str!("../assets/icon.svg");

/// Tells one version of them from another.
static VERSION: LazyLock<String> =
    LazyLock::new(|| digest([STYLE, SCRIPT, CARDS, ICON].concat().as_bytes()).chars().take(12).collect());

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/console.css", get(|| kept("text/css; charset=utf-8", STYLE)))
        .route("/console.js", get(|| kept("text/javascript; charset=utf-8", SCRIPT)))
        .route("/cards.js", get(|| kept("text/javascript; charset=utf-8", CARDS)))
        .route("/icon.svg", get(|| kept("image/svg+xml", ICON)))
}

/// The address of one of them.
pub(crate) fn address(name: &str) -> String {
    format!("/{name}?{}", *VERSION)
}

async fn kept(kind: &'static str, text: &'static str) -> Response {
    let headers =
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, text).into_response()
}
