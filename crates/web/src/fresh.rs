//! Answers that change seldom: a tag of what they hold, and nothing at all for whoever has that already.
//!
//! In:  a request to read, and its answer. Out: the same with `ETag` and `Cache-Control`, or 304.
//! Invariant: two answers with one tag hold the same; the tag is a weak one, since the same may be sent compressed.

use super::problem::Problem;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use desk::journal::digest;

/// Digits of a tag.
const DIGITS: usize = 32;

/// Tags what is read, and says how long it may be kept: `control` is a value of `Cache-Control`.
pub async fn tagged(control: &'static str, request: Request, next: Next) -> Response {
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let reads = request.method() == Method::GET;
    let response = next.run(request).await;
    if !reads || response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, usize::MAX).await else {
        return Problem::internal().into_response();
    };
    let tag = format!("W/\"{}\"", &digest(&bytes)[..DIGITS]);
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(control));
    let is_known = known.is_some_and(|it| names(it.to_str().unwrap_or(""), &tag));
    if let Ok(value) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, value);
    }
    if is_known {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// Whether `If-None-Match` names a tag; weak and strong ones of the same text are the same here.
fn names(known: &str, tag: &str) -> bool {
    let bare = |it: &str| it.trim().trim_start_matches("W/").to_string();
    known.trim() == "*" || known.split(',').any(|it| bare(it) == bare(tag))
}
