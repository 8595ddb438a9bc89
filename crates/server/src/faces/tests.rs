//! Which requests are the API's, and which the console's.

use super::*;
use axum::http::HeaderValue;

fn browser() -> HeaderMap {
    HeaderMap::from_iter([(
        header::ACCEPT,
        HeaderValue::from_static("text/html,application/xhtml+xml,*/*;q=0.8"),
    )])
}

#[test]
fn paths_of_the_api_are_the_apis_for_browsers_too() {
    for path in ["/v1", "/v1/orders", "/openapi.json", "/metrics", "/health", "/ready"] {
        assert!(!is_of_console(path, &browser()), "{path}");
    }
}

#[test]
fn the_rest_is_a_page_for_a_browser_and_a_problem_for_a_program() {
    for path in ["/", "/sign-in", "/v1x", "/nowhere"] {
        assert!(is_of_console(path, &browser()), "{path}");
        assert!(!is_of_console(path, &HeaderMap::new()), "{path}");
    }
    let anything = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static("*/*"))]);
    let json = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static("application/json"))]);
    for path in ["/", "/sign-in"] {
        assert!(is_of_console(path, &anything), "{path}");
        assert!(!is_of_console(path, &json), "{path}");
    }
    assert!(!is_of_console("/nowhere", &anything));
    for path in ["/console.css", "/docs", "/docs/errors"] {
        assert!(is_of_console(path, &HeaderMap::new()), "{path}");
    }
}
