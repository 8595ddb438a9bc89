//! Leaving a kind of mail by the link that stands in it, without signing in.
//!
//! In:  the text of a link. Out: a page that asks once more; with the form, or one click of a mail program, it is done.
//! Invariant: the link itself says who leaves what, and only this till can have made it; looking changes nothing.
//! Source: RFC 8058.

use crate::state::Console;
use crate::visit::Visit;
use crate::{document, lost};
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use desk::correspondents::{self, Leave};
use maud::html;
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/mail/leave/{link}", get(show).post(leave))
}

/// Who leaves what.
fn read(visit: &Visit, link: &str) -> Result<Leave, Response> {
    let desk = visit.node.desk();
    let found = correspondents::read_leave(desk.key.as_deref(), link);
    found.map_err(|refusal| lost::failed(visit, &Problem::from(refusal)))
}

async fn show(visit: Visit, Path(link): Path<String>) -> Result<Response, Response> {
    let asked = read(&visit, &link)?;
    let texts = visit.texts();
    let body = html! {
        h1 { (texts.leave_title()) }
        p { (texts.leave_asked(mail::called(asked.kind(), visit.language))) }
        form method="post" action=(visit.path()) {
            input type="hidden" name="List-Unsubscribe" value="One-Click";
            div.field { button.btn.main.wide { (texts.leave()) } }
        }
        p.hint { a href="/mail" { (texts.leave_choose()) } }
    };
    Ok(document::alone(&visit, StatusCode::OK, &texts.leave_title(), &body))
}

/// Mail programs send this by themselves: they have no form of ours, and need none.
async fn leave(visit: Visit, Path(link): Path<String>) -> Result<Response, Response> {
    let asked = read(&visit, &link)?;
    let kind = mail::called(asked.kind(), visit.language);
    let done = visit.node.write(move |tx, _| correspondents::leave(tx, &asked)).await;
    done.map_err(|problem| lost::failed(&visit, &problem))?;
    let texts = visit.texts();
    let body = html! {
        h1 { (texts.left_title()) }
        p { (texts.left_now(kind)) }
        p.hint { a href="/mail" { (texts.leave_choose()) } }
    };
    Ok(document::alone(&visit, StatusCode::OK, &texts.left_title(), &body))
}
