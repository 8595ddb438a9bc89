//! What is seen of every request: a request id, a line in the log, counts and times.
//!
//! In:  requests on their way in, answers on their way out. Out: the same, with `x-request-id` and `traceparent`.
//! Invariant: every answer of the API of 400 and more is a problem document; no key and no body stands in the log, and of a path
//! nothing but the route and ids of ours: what else somebody put into it may be a secret.

use super::code::{Code, Own};
use super::problem::Problem;
use super::telemetry;
use super::trace::{TRACEPARENT, Trace};
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::any::Any;
use std::time::{Duration, Instant};
use tracing::Instrument;

const REQUEST_ID: &str = "x-request-id";

/// Names, logs and counts a request; what the framework refused by itself is told as a problem.
pub async fn logged(request: Request, next: Next) -> Response {
    seen(request, next, told_as_problem).await
}

/// Names, logs and counts a request for a page, which tells people itself what is wrong.
pub async fn page(request: Request, next: Next) -> Response {
    seen(request, next, std::convert::identity).await
}

async fn seen(mut request: Request, next: Next, told: fn(Response) -> Response) -> Response {
    let began = Instant::now();
    let id = request_id(&request);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|it| it.as_str().to_string());
    let path = shown(route.as_deref(), request.uri().path());
    let trace = Trace::of(request.headers());
    request.extensions_mut().insert(trace.clone());
    let span = tracing::info_span!("request", id = %id, trace = %trace.id, key = tracing::field::Empty);
    let response = next.run(request).instrument(span.clone()).await;
    let response = told(response);
    let (status, took) = (response.status().as_u16(), began.elapsed());
    span.in_scope(|| tracing::info!(%method, path, status, micros = took.as_micros() as u64, "answered"));
    count(&method, route.unwrap_or_else(|| "other".into()), status, took);
    let mut response = response;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    if let Some(value) = trace.header() {
        response.headers_mut().insert(TRACEPARENT, value);
    }
    response
}

/// The route as a path that may be written down: its parameters stand for what was there, unless that is an id of ours.
fn shown(route: Option<&str>, path: &str) -> String {
    let Some(route) = route else { return "other".to_string() };
    let mut parts = path.split('/');
    let part = |it: &str| {
        let there = parts.next().unwrap_or("");
        if it.starts_with('{') && is_id(there) { there.to_string() } else { it.to_string() }
    };
    route.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Whether a text is an id such as `ord_019eb7696c008cf183c2a061049531a6`: those tell nobody anything.
fn is_id(text: &str) -> bool {
    let is_digits = |it: &str| it.len() == 32 && it.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
    text.split_once('_').is_some_and(|(kind, digits)| {
        (2..=4).contains(&kind.len()) && kind.bytes().all(|it| it.is_ascii_lowercase()) && is_digits(digits)
    })
}

fn count(method: &Method, route: String, status: u16, took: Duration) {
    let method = method.as_str().to_string();
    let labels = [("method", method), ("route", route)];
    metrics::histogram!(telemetry::HTTP_SECONDS, &labels).record(took.as_secs_f64());
    let [method, route] = labels;
    metrics::counter!(telemetry::HTTP_REQUESTS, &[method, route, ("status", status.to_string())])
        .increment(1);
}

/// The id that a proxy gave, if it is a sane one, or a new one.
fn request_id(request: &Request) -> String {
    let given = request.headers().get(REQUEST_ID).and_then(|it| it.to_str().ok());
    let sane = |it: &&str| {
        (1..=64).contains(&it.len())
            && it.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_.".contains(&it))
    };
    given.filter(sane).map_or_else(|| super::random::fresh("req"), str::to_string)
}

/// What the framework refused by itself is told as a problem too.
fn told_as_problem(response: Response) -> Response {
    let status = response.status();
    let typed = response.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    if !(status.is_client_error() || status.is_server_error())
        || typed.is_some_and(|it| it.starts_with("application/problem+json"))
    {
        return response;
    }
    let (code, detail) = match status {
        StatusCode::PAYLOAD_TOO_LARGE => {
            (Code::from(Own::TooLarge), "the body is too large; send less at once")
        }
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            (Own::UnsupportedMediaType.into(), "a body is sent as it is, or with `Content-Encoding: gzip`")
        }
        StatusCode::METHOD_NOT_ALLOWED => (Own::MethodNotAllowed.into(), "use one of the methods in Allow"),
        StatusCode::NOT_FOUND => {
            (desk::Code::NotFound.into(), "there is nothing here; /docs lists what there is")
        }
        it if it.is_server_error() => {
            (Own::InternalError.into(), "something failed inside; ask again with the same Idempotency-Key")
        }
        _ => (Own::MalformedRequest.into(), "this request cannot be read"),
    };
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut told = Problem { status, ..Problem::new(code, detail) }.into_response();
    if let Some(allow) = allow {
        told.headers_mut().insert(header::ALLOW, allow);
    }
    told
}

/// Waits no longer for a request that takes too long. A write may be done yet, when whoever holds it up lets go: its
/// answer is not promised here but to the same request under its Idempotency-Key, whatever became of it.
pub async fn timed(longest: Duration, request: Request, next: Next) -> Response {
    let reads = request.method().is_safe();
    match tokio::time::timeout(longest, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let detail = if reads {
                "this took too long and was given up; ask for less at once"
            } else {
                "this takes too long and is not waited for any more; it may be done yet. Ask again with the same \
                 Idempotency-Key, or the same ids of usage: it is done once, and you get its answer. Without one, look first"
            };
            Problem::new(Own::TimedOut, detail).into_response()
        }
    }
}

/// A panic is a bug: it is logged, and the caller learns no more than that.
pub fn panicked(error: Box<dyn Any + Send>) -> Response {
    let text = error.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| error.downcast_ref::<&str>().copied()).unwrap_or("");
    tracing::error!("a request panicked: {text}");
    Problem::internal().into_response()
}

#[cfg(test)]
mod tests;
