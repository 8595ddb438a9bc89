//! Health, readiness, metrics, the document of the API and its page for people.

use super::docs;
use super::state::Api;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use desk::gauges::{self, Gauges};
use serde::Serialize;
use std::sync::OnceLock;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::problem::Problem;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(health)).routes(routes!(ready))
}

/// Pages that are no part of the API: metrics, the document itself, and what is written about it.
pub(super) fn pages() -> Router<Api> {
    let pages = Router::new()
        .route("/metrics", get(metrics))
        .route("/openapi.json", get(document))
        .route("/docs", get(page));
    docs::names().fold(pages, |pages, name| {
        pages.route(&format!("/docs/{name}"), get(move || async move { written(name) }))
    })
}

/// How the server is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"status": "ok", "version": "0.2.0"}))]
pub struct HealthView {
    /// `ok`.
    pub status: String,
    pub version: String,
}

fn well() -> HealthView {
    HealthView { status: "ok".into(), version: env!("CARGO_PKG_VERSION").into() }
}

/// Says that the process runs.
#[utoipa::path(get, path = "/health", tag = "system", responses((status = 200, body = HealthView)))]
async fn health() -> Json<HealthView> {
    Json(well())
}

/// Says that the database answers and a price book holds.
#[utoipa::path(get, path = "/ready", tag = "system",
    responses((status = 200, body = HealthView), (status = 503, body = Problem, content_type = "application/problem+json")))]
async fn ready(State(node): State<Node>) -> Result<Json<HealthView>, Problem> {
    let ready = node.read(desk::lists::books::ready).await;
    ready.map_err(|problem| Problem { status: 503, retry_after: Some(1), ..problem })?;
    Ok(Json(well()))
}

/// Where metrics are kept until they are asked for.
pub static METRICS: OnceLock<metrics_exporter_prometheus::PrometheusHandle> = OnceLock::new();

async fn metrics(State(node): State<Node>) -> Response {
    match node.read(|tx, _| gauges::read(tx)).await {
        Ok(it) => set(&it),
        Err(problem) => return problem.into_response(),
    }
    let text = METRICS.get().map_or_else(String::new, |it| it.render());
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

fn set(it: &Gauges) {
    metrics::gauge!("till_accounts_set_aside").set(it.set_aside as f64);
    for (state, count) in &it.tasks {
        metrics::gauge!("till_tasks", "state" => state.as_str()).set(*count as f64);
    }
    for (reason, count) in &it.quarantined {
        metrics::gauge!("till_quarantine_events", "reason" => reason.as_str()).set(*count as f64);
    }
}

async fn document() -> Response {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| super::document().to_pretty_json().unwrap_or_default());
    ([(header::CONTENT_TYPE, "application/json")], text.as_str()).into_response()
}

/// The document as a page for people.
async fn page() -> Response {
    static HTML: OnceLock<String> = OnceLock::new();
    let made = || docs::page(&serde_json::to_value(super::document()).unwrap_or_default());
    html(HTML.get_or_init(made).as_str())
}

/// A text of the documentation as a page.
fn written(name: &str) -> Response {
    docs::written(name).map_or_else(|| StatusCode::NOT_FOUND.into_response(), html)
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

pub(super) async fn nowhere() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "there is nothing here; /docs lists what there is")
}

pub(super) async fn not_that_way() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "use one of the methods in Allow")
}
