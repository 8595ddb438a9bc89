//! Pages where something is not as it was asked for: nothing there, not allowed, failed.
//!
//! In:  what went wrong. Out: a page that says so and where to go on.
//! Invariant: nothing of the inside is told but the id of the request.

use crate::document;
use crate::parts::Wrong;
use crate::visit::{Visit, see_other};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::html;
use std::any::Any;
use web::problem::Problem;

/// There is nothing at this address.
pub(crate) async fn nowhere(visit: Visit) -> Response {
    let texts = visit.texts();
    let body = html! {
        h1 { (texts.nothing_here()) }
        p { code { (visit.path()) } " " (texts.nothing_here_why()) }
        p { a href="/" { (texts.to_overview()) } }
    };
    document::alone(&visit, StatusCode::NOT_FOUND, &texts.nothing_here(), &body)
}

/// An address to which forms are sent and at which nothing is to be looked at: it leads to the page above.
pub(crate) async fn sent_only(method: Method, visit: Visit) -> Response {
    match method.is_safe() {
        true => see_other(visit.path().rsplit_once('/').map_or("/", |it| it.0)),
        false => nowhere(visit).await,
    }
}

/// A page of one sentence.
pub(crate) fn page(visit: &Visit, status: StatusCode, sentence: &str) -> Response {
    let body = html! {
        h1 { (sentence) }
        p { a href=(visit.page()) { (visit.texts().open_again()) } }
    };
    document::alone(visit, status, sentence, &body)
}

/// A problem that no form shows.
pub(crate) fn failed(visit: &Visit, problem: &Problem) -> Response {
    let wrong = Wrong::of(problem, visit);
    let body = html! {
        h1 { (problem.code.words(visit.language).title) }
        p { (wrong.text) }
        p { a href="/" { (visit.texts().to_overview()) } }
    };
    document::alone(visit, problem.status, problem.code.words(visit.language).title, &body)
}

/// The role of whoever asks does not allow it.
pub(crate) fn forbidden(visit: &Visit) -> Response {
    page(visit, StatusCode::FORBIDDEN, &visit.texts().not_allowed())
}

/// A panic is a bug: it is logged, and the visitor learns no more than that.
pub(crate) fn panicked(error: Box<dyn Any + Send>) -> Response {
    let problem = web::watch::panicked(error);
    (problem.status(), "Something failed inside. Nothing is half done; open the page again.").into_response()
}
