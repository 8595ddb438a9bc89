//! What is around the pages of the documentation: the console's frame for whoever is signed in, a plain one for others.
//!
//! In:  a title and a body. Out: whole documents.
//! Invariant: what is written is the same for everybody.

use crate::signed::Signed;
use crate::state::Console;
use crate::visit::Visit;
use crate::{document, frame};
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Response};
use maud::html;
use std::convert::Infallible;

/// Whoever reads.
pub(super) enum Reader {
    Signed(Box<Signed>),
    Guest(Box<Visit>),
}

impl Reader {
    pub fn visit(&self) -> &Visit {
        match self {
            Reader::Signed(it) => &it.visit,
            Reader::Guest(it) => it,
        }
    }

    /// The page, in the frame that suits the reader.
    pub fn page(&self, it: &frame::Page<'_>) -> Response {
        match self {
            Reader::Signed(signed) => frame::page(signed, StatusCode::OK, it),
            Reader::Guest(visit) => open(visit, it),
        }
    }
}

impl FromRequestParts<Console> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, console: &Console) -> Result<Reader, Infallible> {
        if let Ok(signed) = Signed::from_request_parts(parts, console).await {
            return Ok(Reader::Signed(Box::new(signed)));
        }
        let Ok(visit) = Visit::from_request_parts(parts, console).await;
        Ok(Reader::Guest(Box::new(visit)))
    }
}

fn open(visit: &Visit, it: &frame::Page<'_>) -> Response {
    let texts = visit.texts();
    let body = html! {
        body.shell {
            a.skip href="#main" { (texts.skip()) }
            header.topbar {
                (document::mark("/docs"))
                button.btn.small type="button" popovertarget="nav" { (texts.menu()) }
            }
            nav.side id="nav" popover aria-label=(texts.main_navigation()) {
                (document::mark("/docs"))
                ul {
                    li { a href="/docs" aria-current=[(visit.path() == "/docs").then_some("page")] { (texts.api_docs()) } }
                    li { a href="/sign-in" { (texts.sign_in()) } }
                }
                div.prefs {
                    (document::other_language(visit))
                    button.plain type="button" data-theme-next { (texts.theme()) }
                }
            }
            main id="main" {
                div.head {
                    (frame::above(visit, it))
                    div { h1 { (it.title) } @if !it.sub.is_empty() { p.sub { (it.sub) } } }
                }
                (it.body)
            }
        }
    };
    (StatusCode::OK, Html(document::whole(visit, it.title, &body).into_string())).into_response()
}
