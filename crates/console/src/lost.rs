//! Pages where something is not as it was asked for: nothing there, not allowed, failed.
//!
//! In:  what went wrong. Out: a page that says so and where to go on.
//! Invariant: nothing of the inside is told but the id of the request.

use crate::document;
use crate::parts::Wrong;
use crate::visit::{Visit, see_other};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use std::any::Any;
use web::code::{Code, Own};
use web::problem::Problem;

/// What such a page says below its title. It stands beside the answer, so that who is signed in sees it in the frame (`framed.rs`).
#[derive(Clone)]
pub(crate) struct Lost {
    pub title: String,
    pub content: Markup,
}

fn said(visit: &Visit, status: StatusCode, it: Lost) -> Response {
    let mut response = document::alone(visit, status, &it.title, &html! { h1 { (it.title) } (it.content) });
    response.extensions_mut().insert(it);
    response
}

/// There is nothing at this address.
pub(crate) async fn nowhere(visit: Visit) -> Response {
    let texts = visit.texts();
    let content = html! {
        p { code { (visit.path()) } " " (texts.nothing_here_why()) }
        p { a href="/" { (texts.to_overview()) } }
    };
    said(&visit, StatusCode::NOT_FOUND, Lost { title: texts.nothing_here(), content })
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
    let content = html! { p { a href=(visit.page()) { (visit.texts().open_again()) } } };
    said(visit, status, Lost { title: sentence.to_string(), content })
}

/// A part of something that it does not have: why, and the way to the whole.
pub(crate) fn part(visit: &Visit, title: String, content: Markup) -> Response {
    said(visit, StatusCode::NOT_FOUND, Lost { title, content })
}

/// A problem that no form shows.
pub(crate) fn failed(visit: &Visit, problem: &Problem) -> Response {
    let wrong = Wrong::of(problem, visit);
    let content = html! {
        p { (wrong.text) }
        p { a href="/" { (visit.texts().to_overview()) } }
    };
    // What a program reads of a document says nothing to whoever typed an address.
    let title = match problem.code == Code::from(Own::MalformedRequest) {
        true => visit.texts().page_not_so(),
        false => problem.code.words(visit.language).title.to_string(),
    };
    said(visit, problem.status, Lost { title, content })
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
