//! Payments by card of all customers, and in what the gateway and the books differ.
//!
//! In:  a state, where to go on. Out: payments, the newest first; differences that are open.
//! Invariant: nothing is put right here; an address says all of what is shown.

use crate::house::{self, Asked};
use crate::signed::Signed;
use crate::state::Console;
use crate::{card_words, choice, frame, parts, refund_cards, show};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::payment::{Payment, State};
use billing::user::Right;
use desk::lists::accounts::Owned;
use desk::lists::card_payments as list;
use desk::page::{Page, Part};
use desk::reconcile::{self, OpenDifference};
use desk::{At, Tx, card_refunds};
use maud::{Markup, html};

/// Payments of a page.
const MOST: u16 = 50;
/// Refunds on their way that are shown, the oldest.
const MOST_OPEN: usize = 100;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/operator/card-payments", get(payments))
}

async fn payments(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    let part = Part { after: house::text(&asked, "after"), most: MOST };
    let state = choice::asked(&signed, "state", &State::ALL, State::as_str)?;
    let read = move |tx: &mut Tx<'_>, _: At<'_>| {
        Ok((list::of_all(tx, state, &part)?, reconcile::open(tx)?, card_refunds::open(tx, MOST_OPEN)?))
    };
    let (found, open, back) = signed.report(read).await?;
    let texts = signed.visit.texts();
    let body = html! {
        @if !open.is_empty() { (differences(&signed, &open)) }
        @if !back.is_empty() { (refund_cards::on_their_way(&signed, &back)) }
        @if found.items.is_empty() {
            div.empty { h2 { (texts.no_card_payments()) } p { (texts.no_card_payments_hint()) } }
        } @else {
            (table(&signed, &found))
            (parts::csv(&signed.visit, "card-payments", &[("state", state.map_or("", State::as_str))]))
        }
    };
    let (title, sub) = (texts.card_payments(), texts.card_payments_sub());
    let page = frame::Page { title: &title, sub: &sub, above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn differences(signed: &Signed, open: &[OpenDifference]) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        section aria-labelledby="h-differ" {
            div.sect { h2 id="h-differ" { (texts.card_differences()) } p { (texts.card_differences_hint()) } }
            table.table {
                thead {
                    tr {
                        th scope="col" { (texts.what()) }
                        th scope="col" { (texts.card_payment()) }
                        th.p2 scope="col" { (texts.at_gateway()) }
                        th scope="col" { (texts.since()) }
                    }
                }
                tbody {
                    @for it in open {
                        tr {
                            th scope="row" { (card_words::difference(texts, it.difference.kind)) span.s { (it.difference.detail) } }
                            td { code { (it.difference.payment) } }
                            td.p2 { code { (it.difference.intent) } }
                            td.pre { (visit.exact_time(it.found)) }
                        }
                    }
                }
            }
            (parts::csv(visit, "card-differences", &[]))
        }
    }
}

fn table(signed: &Signed, found: &Page<Owned<Payment>>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.customer()) }
                    th.p2 scope="col" { (texts.at()) }
                    th scope="col" { (texts.what()) }
                    th scope="col" { (texts.state()) }
                    th.n scope="col" { (texts.sum()) }
                    th.n.p2 scope="col" { (texts.card_taken()) }
                }
            }
            tbody {
                @for Owned { account, name, of: it } in &found.items {
                    tr {
                        th scope="row" { (house::link(*account, name)) span.s { code { (it.id) } } span.only.s { (visit.exact_time(it.created)) } }
                        td.p2.pre { (visit.exact_time(it.created)) }
                        td { (card_words::kind(texts, it.kind)) }
                        td {
                            (card_words::stands(texts, it))
                            @if let Some(reason) = &it.reason { span.s { (reason) } }
                        }
                        td.n { (show::money(it.money)) " " (show::currency(it.money.currency(), visit.language)) }
                        td.n.p2 {
                            (show::money(it.taken))
                            @if it.refunded.is_positive() { span.s { (texts.card_refunded()) " " (show::money(it.refunded)) } }
                        }
                    }
                }
            }
        }
        (parts::more(visit, found.next.as_deref()))
    }
}
