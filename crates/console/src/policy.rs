//! What browsers may do with pages, and which requests come from pages of ours.
//!
//! In:  requests and answers. Out: the same with headers, or a refusal of what another site sent.
//! Invariant: every answer carries the policy; no request that another site's page made writes anything.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Every answer's headers; where a page says otherwise itself, that stands.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Refuses what another site sent, and says what browsers may do with the answer.
pub(crate) async fn kept(request: Request, next: Next) -> Response {
    let mut response = match request.method().is_safe() || is_ours(request.headers()) {
        true => next.run(request).await,
        false => {
            (StatusCode::FORBIDDEN, "this form came from another site; nothing was changed").into_response()
        }
    };
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Whether a form was sent by a page of this very site, by what the browser says of it. Old browsers say nothing; then the
/// form's own key decides.
fn is_ours(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|it| it.to_str().ok());
    let site = text(HeaderName::from_static("sec-fetch-site"));
    let host = text(header::HOST).unwrap_or("");
    let origin = text(header::ORIGIN).map(|it| it.split_once("://").map_or(it, |it| it.1));
    site.is_none_or(|it| it == "same-origin" || it == "none") && origin.is_none_or(|it| it == host)
}
