//! Problems as RFC 9457 problem details: how the API shows them.
//!
//! In:  a problem. Out: `application/problem+json` with its headers.
//! Invariant: nothing of a problem is decided here.

use super::code::Retry;
use super::problem::{BookProblem, Problem};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::borrow::Cow;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// What went wrong and what to do about it.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "type": "/docs/errors#balance_insufficient", "title": "Not enough money", "status": 402,
    "code": "balance_insufficient", "detail": "12.00 is available, 51.00 is needed; top up or buy less",
    "remedy": "Top up, or buy less", "retry": "when_changed"
}))]
struct Details {
    /// Where the code is explained.
    r#type: String,
    /// What the code is called, in the language of `Accept-Language`: English or Chinese.
    title: &'static str,
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// Programs match on this; it is never renamed.
    code: &'static str,
    /// What happened and what to do, for people.
    detail: String,
    /// What to do about any problem of this code, in the language of the title.
    remedy: &'static str,
    /// Whether the same request may be sent again.
    retry: Retry,
    /// The field at fault, as a path into the body, or the name of a parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// What is wrong with a price book.
    #[serde(skip_serializing_if = "Option::is_none")]
    problems: Option<Vec<BookProblem>>,
}

impl From<Problem> for Details {
    fn from(it: Problem) -> Details {
        let (code, words) = (it.code.as_str(), it.code.words(it.language));
        Details {
            r#type: format!("/docs/errors#{code}"),
            title: words.title,
            status: it.status.as_u16(),
            code,
            remedy: words.remedy,
            retry: it.code.retry(),
            detail: it.detail,
            field: it.field,
            problems: it.problems,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, retry_after) = (self.status, self.retry_after);
        let language = self.language.as_str();
        let text = serde_json::to_string(&Details::from(self.clone())).unwrap_or_default();
        let mut response = (status, text).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        // Whoever tells it in another language finds it here.
        response.extensions_mut().insert(self);
        response
    }
}

/// In documents a problem is what the API shows of it.
impl ToSchema for Problem {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Problem")
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Details::schemas(schemas);
    }
}

impl PartialSchema for Problem {
    fn schema() -> RefOr<Schema> {
        Details::schema()
    }
}
