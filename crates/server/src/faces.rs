//! Which face answers a request: the API or the console.
//!
//! In:  requests. Out: answers of one of the two.
//! Invariant: paths of the API are the API's; the documentation and links of mails are pages, whoever asks; the
//! entrances are for whoever takes anything; everything else is the console's for a browser, and a problem
//! document for a program.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use tower::{ServiceExt, service_fn};

/// Where the API stands, with its documents and what watches a server.
const OF_API: [&str; 6] = ["/v1", "/openapi.json", "/openapi-3.0.json", "/health", "/ready", "/metrics"];
/// Pages of the console that are a page for everybody: the documentation, and what mail programs follow by themselves.
const PAGES: [&str; 2] = ["/docs", "/mail/leave"];
/// Where people come in: a page also for programs that take anything, such as `curl` without more words.
const ENTRANCES: [&str; 2] = ["/", "/sign-in"];
/// What pages are made of, which browsers ask for as anything.
const ASSETS: [&str; 4] = ["/console.css", "/console.js", "/cards.js", "/icon.svg"];

/// Both faces at one address.
pub(crate) fn both(api: Router, console: Router) -> Router {
    let face = service_fn(move |request: Request| {
        let face = if is_of_console(request.uri().path(), request.headers()) { &console } else { &api };
        face.clone().oneshot(request)
    });
    Router::new().fallback_service(face)
}

fn is_of_console(path: &str, headers: &HeaderMap) -> bool {
    let is_under = |of: &str| path.strip_prefix(of).is_some_and(|it| it.is_empty() || it.starts_with('/'));
    if OF_API.into_iter().any(is_under) {
        return false;
    }
    let says = |name, word: &str| {
        headers.get(name).and_then(|it| it.to_str().ok()).is_some_and(|it| it.contains(word))
    };
    PAGES.into_iter().any(is_under)
        || ASSETS.contains(&path)
        || (ENTRANCES.contains(&path) && says(header::ACCEPT, "*/*"))
        || says(header::ACCEPT, "text/html")
        || says(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        || headers.contains_key("till-part")
}

#[cfg(test)]
mod tests;
