//! Resource packs: what is left of each, until when it is good, and when it will be empty.
//!
//! In:  an account. Out: its packs as they stand.
//! Invariant: when a pack is empty is found by the sweep that settlement does; the order of the list is the desk's, over all pages.

use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::{burn, chart, frame, parts, words};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::pack::PackState;
use billing::user::Right;
use desk::lists::packs as list;
use desk::outlook::Standing;
use desk::page::{Page, Part};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Packs of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/packs", get(packs))
}

async fn packs(signed: Signed, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Response> {
    let account = whose(&signed)?;
    let part = Part { after: query.get("after").cloned(), most: MOST };
    let read = move |tx: &mut desk::Tx<'_>, at: desk::At<'_>| list::by_begin(tx, at, account, &part);
    let found = signed.report(read).await?;
    let texts = signed.visit.texts();
    let body = html! {
        @if found.items.is_empty() {
            div.empty { h2 { (texts.no_packs()) } p { (texts.no_packs_hint()) } p.acts { a.btn.main href="/buy" { (texts.buy()) } } }
        } @else {
            @for it in found.items.iter().filter(|it| it.state == PackState::Active) {
                section {
                    div.sect {
                        h2 { (burn::name(&signed, it)) }
                        @if burn::is_sold(&signed, it) { a.btn.small href=(format!("/buy/{}", it.product)) { (texts.buy_another()) } }
                    }
                    (burn::down_chart(&signed, it))
                }
            }
            (table(&signed, &found))
        }
    };
    let page = frame::Page { title: &texts.packs(), sub: &texts.packs_sub(), above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn table(signed: &Signed, found: &Page<Standing>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.name()) }
                    th scope="col" { (texts.state()) }
                    th scope="col" { (texts.left()) }
                    th.p2 scope="col" { (texts.good_from()) }
                    th.p2 scope="col" { (texts.good_until()) }
                    th.p2 scope="col" { (texts.empty_on()) }
                }
            }
            tbody {
                @for it in &found.items {
                    tr.dim[matches!(it.state, PackState::Expired | PackState::Refunded)] {
                        th scope="row" {
                            (burn::name(signed, it)) @if let Some(spec) = &it.pack.spec { span.s { (spec) } }
                            span.only.s { (visit.exact_time(it.pack.effective)) " – " (visit.exact_time(it.pack.expires)) }
                            @if let Some(at) = it.empty { span.only.s { (texts.empty_on()) " " (visit.exact_time(at)) } }
                            @if let Some(short) = burn::short_of_month(signed, it.pack.effective, it.pack.expires) { span.s { (short) } }
                        }
                        td {
                            (words::pack_state(texts, it.state))
                            @if it.state == PackState::Scheduled && signed.may(Right::Buy) {
                                span.s { a href=(format!("/refund?pack={}", it.pack.id)) { (texts.refund()) } }
                            }
                        }
                        td { (left(signed, it)) }
                        td.p2.pre { (visit.exact_time(it.pack.effective)) }
                        td.p2.pre { (visit.exact_time(it.pack.expires)) }
                        td.p2.pre { @match it.empty { Some(at) => (visit.exact_time(at)), None => "–" } }
                    }
                }
            }
        }
        (parts::more(visit, found.next.as_deref()))
        (parts::csv(visit, "packs", &[]))
    }
}

/// What is left of what, as a bar and as figures.
fn left(signed: &Signed, it: &Standing) -> Markup {
    let sentence = burn::left_of(signed, it);
    html! { (chart::meter(it.left, it.pack.capacity, &sentence)) span.s { (sentence) } }
}
