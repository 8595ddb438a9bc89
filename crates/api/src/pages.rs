//! Pages that are no part of the API: metrics, its document, and what is written about it for people.

use super::state::Api;
use super::{docs, older, routes};
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use desk::gauges::{self, Gauges};
use std::sync::OnceLock;
use web::{Node, telemetry};

/// Pages that are no part of the API: metrics, the document itself, and what is written about it.
pub fn routes() -> Router<Api> {
    let pages = Router::new()
        .route("/metrics", get(metrics))
        .route("/openapi.json", get(document))
        .route("/openapi-3.0.json", get(older_document))
        .route("/docs", get(page));
    docs::names().fold(pages, |pages, name| {
        pages.route(&format!("/docs/{name}"), get(move || async move { text_response(name) }))
    })
}

async fn metrics(State(node): State<Node>) -> Response {
    match node.report(|tx, _| gauges::read(tx)).await {
        Ok(it) => set(&it),
        Err(problem) => return problem.into_response(),
    }
    let text = telemetry::render();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

fn set(it: &Gauges) {
    metrics::gauge!(telemetry::ACCOUNTS_SET_ASIDE).set(it.set_aside as f64);
    metrics::gauge!(telemetry::BOOKS_WITHHELD).set(it.books_withheld as f64);
    for (state, count) in &it.tasks {
        metrics::gauge!(telemetry::TASKS, "state" => state.as_str()).set(*count as f64);
    }
    for (job, last) in &it.ran {
        metrics::gauge!(telemetry::JOB_LAST_RUN, "job" => job.as_str()).set(last.as_second() as f64);
    }
    for (kind, to) in &it.settled_to {
        metrics::gauge!(telemetry::SETTLED_TO, "cycle" => kind.as_str()).set(to.as_second() as f64);
    }
    for (reason, count) in &it.quarantined {
        metrics::gauge!(telemetry::QUARANTINE_EVENTS, "reason" => reason.as_str()).set(*count as f64);
    }
}

async fn document() -> Response {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| routes::document().to_pretty_json().unwrap_or_default());
    ([(header::CONTENT_TYPE, "application/json")], text.as_str()).into_response()
}

/// The same for tools that do not read OpenAPI 3.1.
async fn older_document() -> Response {
    static TEXT: OnceLock<String> = OnceLock::new();
    let made = || {
        let document = serde_json::to_value(routes::document()).unwrap_or_default();
        serde_json::to_string_pretty(&older::rendered(document)).unwrap_or_default()
    };
    ([(header::CONTENT_TYPE, "application/json")], TEXT.get_or_init(made).as_str()).into_response()
}

/// The document as a page for people.
async fn page() -> Response {
    static HTML: OnceLock<String> = OnceLock::new();
    let made = || docs::page(&serde_json::to_value(routes::document()).unwrap_or_default());
    html(HTML.get_or_init(made).as_str())
}

/// A text of the documentation as a page.
fn text_response(name: &str) -> Response {
    docs::text_page(name).map_or_else(|| StatusCode::NOT_FOUND.into_response(), html)
}

/// A page that may load nothing and run nothing.
fn html(text: impl Into<axum::body::Body>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text.into()).into_response()
}
