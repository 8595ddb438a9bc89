//! Price books: all of them, as they stand among each other.
//!
//! In:  nothing. Out: each book with its state, from when it holds, and who applied it.
//! Invariant: a page of the list is one statement, however many books there are.

use crate::signed::Signed;
use crate::state::Console;
use crate::{frame, parts, show};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::user::Right;
use desk::lists::books::{self as list, BookHead, Standing, State};
use desk::page::{Page, Part};
use maud::{Markup, html};
use std::collections::BTreeMap;
use texts::Texts;

/// Books of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/operator/books", get(books))
}

async fn books(signed: Signed, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    let part = Part { after: query.get("after").cloned(), most: MOST };
    let found = signed.read(move |tx, at| list::standings(tx, at, &part)).await?;
    let texts = signed.visit.texts();
    let body = html! {
        @if query.get("said").is_some_and(|it| it == "undone") { (parts::done(&texts.book_undone(), &html! {})) }
        @if signed.may(Right::Books) { p.acts { a.btn.main href="/operator/books/new" { (texts.new_book()) } } }
        section { (table(&signed, &found)) }
    };
    let page =
        frame::Page { title: &texts.price_books(), sub: &texts.price_books_sub(), above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn table(signed: &Signed, found: &Page<Standing>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table data-rows {
            thead {
                tr {
                    th scope="col" { (texts.name()) }
                    th scope="col" { (texts.book_currency()) }
                    th scope="col" { (texts.state()) }
                    th scope="col" { (texts.holds_from()) }
                    th.p2 scope="col" { (texts.applied_at()) }
                    th.p2 scope="col" { (texts.applied_by()) }
                }
            }
            tbody {
                @for it in &found.items {
                    tr.dim[it.state == State::Past] {
                        th scope="row" {
                            a href=(address(&it.head)) { (it.head.name) }
                            span.s.id { (it.head.id) }
                            span.s { a href=(format!("{}#h-changes", address(&it.head))) aria-label=(show::labelled(&texts.book_changes(), &it.head.id.to_string(), visit.language)) { (texts.book_changes()) } }
                        }
                        td { (it.head.currency) }
                        td { (state(texts, it.state)) }
                        td.n-l { (visit.exact_time(it.head.from)) }
                        td.p2.pre { (visit.exact_time(it.head.applied)) }
                        td.p2 { (show::actor(&it.head.by, texts)) }
                    }
                }
            }
        }
        (parts::more(visit, found.next.as_deref()))
        (parts::csv(visit, "price-books", &[]))
    }
}

/// The page of a book.
pub(crate) fn address(head: &BookHead) -> String {
    format!("/operator/books/{}", head.id)
}

/// How a book stands, with its shape and colour.
pub(crate) fn state(texts: &Texts, state: State) -> Markup {
    match state {
        State::Past => html! { span.pill.end { (texts.book_past()) } },
        State::InForce => html! { span.pill.ok { (texts.book_in_force()) } },
        State::Scheduled => html! { span.pill.off { (texts.book_scheduled()) } },
        State::Withheld => html! { span.pill.bad { (texts.book_withheld()) } },
    }
}
