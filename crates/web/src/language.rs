//! In which language the words of a problem are.
//!
//! In:  `Accept-Language`. Out: the title and the remedy of a problem in English or Chinese.
//! Invariant: status, code, detail and field are the same in every language.

use super::problem::Problem;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use billing::explain::Language;

/// Tells problems in the language that the caller prefers.
pub async fn told(request: Request, next: Next) -> Response {
    let language = preferred(request.headers());
    let mut response = next.run(request).await;
    // It stays there for a face of this process that shows it otherwise.
    let Some(problem) = response.extensions().get::<Problem>().cloned() else { return response };
    if language != Language::English {
        // What other layers said in headers stays.
        let before = std::mem::take(response.headers_mut());
        response = problem.in_language(language).into_response();
        for (name, value) in &before {
            response.headers_mut().entry(name).or_insert_with(|| value.clone());
        }
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-language"));
    response
}

/// Chinese where it is wanted more than English.
pub fn preferred(headers: &HeaderMap) -> Language {
    let said = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|it| it.to_str().ok());
    let (mut english, mut chinese) = (0, 0);
    for (tag, weight) in said.flat_map(|it| it.split(',')).map(weighed) {
        match tag.split('-').next().unwrap_or("").to_ascii_lowercase().as_str() {
            "zh" => chinese = weight.max(chinese),
            "en" => english = weight.max(english),
            _ => {}
        }
    }
    if chinese > english { Language::Chinese } else { Language::English }
}

/// A tag and its weight in thousandths; one that cannot be read weighs nothing.
fn weighed(part: &str) -> (&str, u32) {
    let (tag, weight) = part.split_once(';').unwrap_or((part, "q=1"));
    let digits = weight.trim().trim_start_matches("q=").replace('.', "");
    let thousandths = format!("{digits:0<4}").get(..4).and_then(|it| it.parse().ok());
    (tag.trim(), thousandths.unwrap_or(0))
}

#[cfg(test)]
mod tests;
