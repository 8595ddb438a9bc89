//! The arrears board: who owes how much since when, and what happens next if nothing is paid.
//!
//! In:  accounts in arrears. Out: them in the order of what happens next.
//! Invariant: every row says what happens and when, or that nothing does.

use crate::house::{self, Asked};
use crate::signed::Signed;
use crate::state::Console;
use crate::{frame, parts, show};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::user::Right;
use desk::lists::arrears::{self as list, Coming, InArrears};
use desk::page::Part;
use maud::{Markup, html};

/// Accounts of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/operator/arrears", get(board))
}

async fn board(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    let part = Part { after: house::text(&asked, "after"), most: MOST };
    let found = signed.report(move |tx, at| list::page(tx, at, &part)).await?;
    let texts = signed.visit.texts();
    let body = html! {
        @if found.items.is_empty() {
            div.empty { h2 { (texts.nobody_in_arrears()) } p { (texts.nobody_in_arrears_hint()) } }
        } @else {
            (table(&signed, &found.items))
            (parts::more(&signed.visit, found.next.as_deref()))
            (parts::csv(&signed.visit, "arrears", &[]))
        }
    };
    let page =
        frame::Page { title: &texts.in_arrears(), sub: &texts.arrears_hint(), above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

/// Accounts in arrears as a table.
pub(crate) fn table(signed: &Signed, owing: &[InArrears]) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table data-rows {
            thead {
                tr {
                    th scope="col" { (texts.customer()) }
                    th.n scope="col" { (texts.owed()) }
                    th.p2 scope="col" { (texts.since()) }
                    th.p2 scope="col" { (texts.done_so_far()) }
                    th scope="col" { (texts.next_step()) }
                }
            }
            tbody {
                @for it in owing {
                    @let account = &it.customer.account;
                    tr {
                        th scope="row" { (house::link(account.id, &account.name)) span.only.s { (visit.time(it.since)) } span.only.s { (done(signed, it)) } }
                        td.n { a href=(format!("{}/bills", house::address(account.id))) aria-label=(format!("{}: {}", texts.bills(), account.name)) { (show::money(it.customer.wallet.owed())) } " " (show::currency(account.currency, visit.language)) }
                        td.p2 { (visit.time(it.since)) }
                        td.p2 { (done(signed, it)) }
                        td { (coming(signed, it.coming.as_ref())) }
                    }
                }
            }
        }
    }
}

/// What arrears did to the account's resources so far.
fn done(signed: &Signed, it: &InArrears) -> String {
    let texts = signed.visit.texts();
    match (it.stopped, it.limited) {
        (0, 0) => texts.nothing_stopped(),
        (stopped, 0) => texts.so_many_stopped(stopped),
        (0, limited) => texts.so_many_limited(limited),
        (stopped, limited) => {
            format!("{} · {}", texts.so_many_stopped(stopped), texts.so_many_limited(limited))
        }
    }
}

/// What happens next, and when.
pub(crate) fn coming(signed: &Signed, it: Option<&Coming>) -> Markup {
    let visit = &signed.visit;
    html! {
        @match it {
            Some(it) => {
                b { (visit.time(it.at)) }
                span.s { (signed.called(&it.resource)) " · " (it.what.text().get(visit.language)) }
            }
            None => (visit.texts().nothing_next()),
        }
    }
}
