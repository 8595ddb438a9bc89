//! Origins: pages of which sites a browser lets read answers, as CORS asks.
//!
//! In:  settings. Out: a layer that says it, or none.
//! Invariant: who may call is a matter of keys; a browser sends none by itself, so no origin gets more than its page has.

use axum::http::{HeaderName, HeaderValue, Method, Uri, header};
use std::time::Duration;
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

/// How long a browser need not ask again.
const KEPT: Duration = Duration::from_secs(600);

/// Whose pages may read answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origins {
    #[default]
    Nobody,
    Everybody,
    These(Vec<HeaderValue>),
}

impl Origins {
    /// Reads settings: `*`, or origins such as `https://console.example`. Errors: the sentence about one that is none.
    pub fn read(texts: &[String]) -> Result<Origins, String> {
        match texts {
            [] => Ok(Origins::Nobody),
            [one] if one == "*" => Ok(Origins::Everybody),
            some => some.iter().map(|it| origin(it)).collect::<Result<_, _>>().map(Origins::These),
        }
    }

    /// What says it; `None` where nobody may.
    pub(super) fn layer(&self) -> Option<CorsLayer> {
        let allowed = match self {
            Origins::Nobody => return None,
            Origins::Everybody => AllowOrigin::any(),
            Origins::These(origins) => AllowOrigin::list(origins.clone()),
        };
        let shown = ["idempotency-replayed", "ratelimit", "ratelimit-policy", "traceparent", "x-request-id"];
        let shown = shown.map(HeaderName::from_static);
        let shown = [header::ETAG, header::LOCATION, header::RETRY_AFTER].into_iter().chain(shown);
        let methods = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
        Some(
            CorsLayer::new()
                .allow_origin(allowed)
                .allow_methods(methods)
                // Usage in binary mode has headers of its own.
                .allow_headers(AllowHeaders::mirror_request())
                .expose_headers(shown.collect::<Vec<_>>())
                .max_age(KEPT),
        )
    }
}

/// An origin is a scheme, a host and maybe a port, as a browser writes it.
fn origin(text: &str) -> Result<HeaderValue, String> {
    let wrong = || {
        format!(
            "`{text}` is no origin; write a scheme, a host and a port if there is one, such as https://console.example"
        )
    };
    let uri: Uri = text.parse().map_err(|_| wrong())?;
    let scheme = uri.scheme_str().filter(|it| ["http", "https"].contains(it)).ok_or_else(wrong)?;
    let place = uri.authority().ok_or_else(wrong)?;
    if text != format!("{scheme}://{place}") || text != text.to_ascii_lowercase() || text.contains('@') {
        return Err(wrong());
    }
    HeaderValue::from_str(text).map_err(|_| wrong())
}
