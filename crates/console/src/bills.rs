//! The months of an account, what each came to.
//!
//! In:  an account. Out: its months that have bills, the newest first.
//! Invariant: a month that is not final says so.

use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::{frame, parts, show, statement};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use desk::lists::bills::{self as list, Month};
use desk::page::{Page, Part};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Months of a page.
const MOST: u16 = 24;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/bills", get(months)).route("/bills/{name}", get(month_or_bill))
}

async fn months(signed: Signed, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Response> {
    let account = whose(&signed)?;
    let part = Part { after: query.get("after").cloned(), most: MOST };
    let found = signed.report(move |tx, at| list::months(tx, at, account, &part)).await?;
    let texts = signed.visit.texts();
    let body = html! {
        @if found.items.is_empty() {
            div.empty { h2 { (texts.no_bills()) } p { (texts.no_bills_hint()) } }
        } @else { (table(&signed, &found)) }
    };
    let page = frame::Page { title: &texts.bills(), sub: &texts.bills_sub(), above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn table(signed: &Signed, found: &Page<Month>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let unit = signed.unit();
    html! {
        table.table data-rows {
            thead {
                tr {
                    th scope="col" { (texts.month()) }
                    th.n.p2 scope="col" { (texts.bills()) }
                    th.n.p2 scope="col" { (texts.lines_cost(unit)) }
                    th.n scope="col" { (texts.deducted(unit)) }
                    th.n.p2 scope="col" { (texts.was_owed(unit)) }
                }
            }
            tbody {
                @for it in &found.items {
                    tr {
                        th scope="row" {
                            a href=(format!("/bills/{}", it.name)) { (show::month(&it.name, visit.language)) }
                            @if it.estimate { span.s { (texts.not_final()) } }
                            @if it.sum.paid.owed().is_positive() { span.only.s { (show::labelled(&texts.was_owed(unit), &show::money(it.sum.paid.owed()), visit.language)) } }
                        }
                        td.n.p2 { (show::thousands(&it.sum.bills.to_string())) }
                        td.n.p2 { (parts::exact(it.sum.amount_e8, it.sum.total.currency())) }
                        td.n { (show::money(it.sum.total)) }
                        td.n.p2 { (show::money(it.sum.paid.owed())) }
                    }
                }
            }
        }
        (parts::more(visit, found.next.as_deref()))
        (parts::csv(visit, "bill-months", &[]))
    }
}

/// A month such as `2026-06`, or a bill by its id.
async fn month_or_bill(
    signed: Signed,
    Path(name): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Response> {
    match name.parse() {
        Ok(id) => crate::bill::page(&signed, id).await,
        Err(_) => statement::page(&signed, &name, query.get("after").cloned()).await,
    }
}
