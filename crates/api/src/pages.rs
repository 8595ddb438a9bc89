//! Pages that are no part of the API: metrics, and its document.

use super::state::Api;
use super::{older, routes};
use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use desk::gauges::{self, Gauges};
use desk::jobs::Job;
use std::sync::OnceLock;
use std::time::Duration;
use web::{Node, fresh, telemetry};

/// How long the database may take for what it tells of itself; then the metrics do without.
const ANSWER: Duration = Duration::from_secs(3);

/// Pages that are no part of the API: metrics, and the document itself.
pub fn routes() -> Router<Api> {
    let written =
        Router::new().route("/openapi.json", get(document)).route("/openapi-3.0.json", get(older_document));
    // They change with the program alone.
    let kept = from_fn(|request, next| fresh::tagged("public, max-age=300", request, next));
    written.layer(kept).route("/metrics", get(metrics))
}

async fn metrics(State(node): State<Node>) -> Response {
    let asked = tokio::time::timeout(ANSWER, node.report(gauges::read)).await;
    let is_up = matches!(asked, Ok(Ok(_)));
    // What the process knows by itself is told all the more when the database says nothing.
    metrics::gauge!(telemetry::DATABASE_UP).set(if is_up { 1.0 } else { 0.0 });
    if let Ok(Ok(it)) = asked {
        set(&it);
    }
    set_of_process(&node);
    let text = telemetry::render();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

/// What this process knows of itself.
fn set_of_process(node: &Node) {
    metrics::counter!(telemetry::DATABASE_STATEMENTS).absolute(node.store().statements());
    let ages = node.pulse().ages();
    for (job, age) in
        Job::ALL.into_iter().filter_map(|job| Some((job, ages.iter().find(|it| it.0 == job.chain())?.1)))
    {
        metrics::gauge!(telemetry::JOB_AGE, "job" => job.as_str()).set(age.as_secs_f64());
    }
    for (pool, it) in ["short", "reports"].into_iter().zip(node.store().uses()) {
        metrics::gauge!(telemetry::POOL_MOST, "pool" => pool).set(it.most as f64);
        metrics::gauge!(telemetry::POOL_WAITING, "pool" => pool).set(it.waiting as f64);
        for (state, count) in [("used", it.lent), ("idle", it.idle)] {
            metrics::gauge!(telemetry::POOL_CONNECTIONS, "pool" => pool, "state" => state).set(count as f64);
        }
    }
}

fn set(it: &Gauges) {
    for (state, count) in [("queued", it.mails.queued), ("dead", it.mails.dead)] {
        metrics::gauge!(telemetry::MAILS, "state" => state).set(count as f64);
    }
    metrics::gauge!(telemetry::MAIL_AGE).set(it.mails.oldest_seconds as f64);
    if let Some(seconds) = it.anchor_age {
        metrics::gauge!(telemetry::ANCHOR_AGE).set(seconds as f64);
    }
    metrics::gauge!(telemetry::ACCOUNTS_SET_ASIDE).set(it.set_aside as f64);
    metrics::gauge!(telemetry::RANGES_IN_HAND).set(it.ranges_in_hand as f64);
    metrics::gauge!(telemetry::CARD_DIFFERENCES).set(it.card_differences as f64);
    metrics::gauge!(telemetry::CARD_REFUNDS).set(it.card_refunds as f64);
    metrics::gauge!(telemetry::BOOKS_WITHHELD).set(it.books_withheld as f64);
    for (state, count) in &it.tasks {
        metrics::gauge!(telemetry::TASKS, "state" => state.as_str()).set(*count as f64);
    }
    for (job, last) in &it.ran {
        metrics::gauge!(telemetry::JOB_LAST_RUN, "job" => job.as_str()).set(last.as_second() as f64);
    }
    for (job, seconds) in &it.late {
        metrics::gauge!(telemetry::JOB_LATE, "job" => job.as_str()).set(*seconds as f64);
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
