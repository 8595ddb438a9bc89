//! Movements of the wallet, with the balance after each.
//!
//! In:  an account. Out: what came in, was held and went out, the newest first.
//! Invariant: what a movement was for has its name, and a way to it where it has a page.

use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::{frame, parts, show, words};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use desk::lists::wallet::{self, Cause, Filter, Movement, Thing, Told};
use desk::page::{Page, Part};
use maud::{Markup, html};
use std::collections::BTreeMap;
use texts::Texts;

/// Movements of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/movements", get(movements))
}

async fn movements(
    signed: Signed,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Response> {
    let account = whose(&signed)?;
    let part = Part { after: query.get("after").cloned(), most: MOST };
    let read = move |tx: &mut desk::Tx<'_>, _: desk::At<'_>| {
        let page = wallet::movements(tx, account, Filter::EVERY, &part)?;
        wallet::told(tx, account, page)
    };
    let found = signed.report(read).await?;
    let texts = signed.visit.texts();
    let body = html! {
        @if found.items.is_empty() {
            div.empty { h2 { (texts.no_movements()) } p { (texts.no_movements_hint()) } }
        } @else { (table(&signed, &found)) }
    };
    let page =
        frame::Page { title: &texts.movements(), sub: &texts.movements_sub(), above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn table(signed: &Signed, found: &Page<Told>) -> Markup {
    let (visit, texts, unit) = (&signed.visit, signed.visit.texts(), signed.unit());
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.at()) }
                    th scope="col" { (texts.what()) }
                    th.p2 scope="col" { (texts.purses()) }
                    th.n scope="col" { (texts.amount(unit)) }
                    th.n.p2 scope="col" { (texts.balance_after(unit)) }
                }
            }
            tbody {
                @for it in &found.items {
                    tr {
                        th.pre scope="row" { (visit.exact_time(it.entry.movement.at)) }
                        td {
                            (words::movement(texts, &it.entry.movement)) (cause(signed, it, ""))
                            span.only.s { (purses(texts, &it.entry.movement)) }
                            span.only.s { (show::labelled(&texts.balance_after(unit), &show::money(it.entry.balance), visit.language)) }
                        }
                        td.p2 { (purses(texts, &it.entry.movement)) }
                        td.n { (signed_sum(&it.entry.movement)) }
                        td.n.p2 { (show::money(it.entry.balance)) }
                    }
                }
            }
        }
        (parts::more(visit, found.next.as_deref()))
        (parts::csv(visit, "movements", &[]))
    }
}

/// From where to where.
fn purses(texts: &Texts, it: &Movement) -> String {
    format!("{} → {}", words::purse(texts, it.debit), words::purse(texts, it.credit))
}

/// What a movement did to the balance, with its sign; what only moved within it has none.
pub(crate) fn signed_sum(it: &Movement) -> String {
    let sign = match it.change() {
        Ok(change) if change.is_positive() => "+",
        Ok(change) if change.is_negative() => "\u{2212}",
        Ok(_) | Err(_) => "",
    };
    format!("{sign}{}", show::money(it.money))
}

/// What a movement was for, by its name; its page is at `place`, below which somebody finds it.
pub(crate) fn cause(signed: &Signed, it: &Told, place: &str) -> Markup {
    html! {
        @match (&it.reference, &it.cause) {
            (Some(reference), _) => span.s.id { (reference) },
            (None, Some(cause)) => span.s { (named(signed, cause, place)) },
            (None, None) => span.s.id { (it.entry.movement.subject) },
        }
    }
}

fn named(signed: &Signed, it: &Cause, place: &str) -> Markup {
    let (visit, product) = (&signed.visit, signed.product(&it.product));
    let (name, kind) = if it.name.is_empty() { (&product, None) } else { (&it.name, Some(&product)) };
    html! {
        @match it.thing {
            Thing::Bill { id, .. } => a href=(format!("{place}/bills/{id}")) { (name) },
            Thing::Order(id) => a href=(format!("{place}/orders/{id}")) { (name) },
            // Operators have no page of a resource.
            Thing::Resource(id) if place.is_empty() => a href=(format!("/resources/{id}")) { (name) },
            Thing::Resource(_) => (name),
        }
        @if let Some(product) = kind { " · " (product) }
        @if let Thing::Bill { kind, from, .. } = it.thing {
            " · " (kind.text().get(visit.language)) " · " (visit.exact_time(from))
        }
    }
}
