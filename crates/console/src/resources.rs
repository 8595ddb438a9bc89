//! Resources of an account: found, sorted, and selected for what is to be done with several.
//!
//! In:  what is looked for, in the address. Out: resources with their states; a form that leads to a preview.
//! Invariant: an address says all of what is shown, so that it can be kept and sent.

use crate::filters::{self, Asked};
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::{bulk_words, frame, parts, project_choice, tags, words};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::user::Right;
use desk::bulk::{self, Action};
use desk::lists::resources::{self as list, Seen, Sort};
use desk::page::{Page, Part};
use desk::{At, Tx};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Resources of a page: no more than can be selected at once.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/resources", get(resources))
}

async fn resources(
    signed: Signed,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Response> {
    let account = whose(&signed)?;
    let asked = Asked::read(&signed, &query)?;
    let (filter, chosen) = (asked.filter(account), asked.project());
    let part = Part { after: query.get("after").cloned(), most: MOST };
    let read = move |tx: &mut Tx<'_>, _: At<'_>| {
        let projects = project_choice::all(tx, account, chosen)?;
        Ok((list::page(tx, &filter, &part)?, projects))
    };
    let (found, projects) = signed.read(read).await?;
    let texts = signed.visit.texts();
    let csv = asked.of_list();
    let csv: Vec<(&str, &str)> = csv.iter().map(|it| (it.0, it.1.as_str())).collect();
    let body = html! {
        (filters::form(&signed, &asked, &projects))
        @if found.items.is_empty() { (empty(&signed, &asked)) } @else {
            (selection(&signed, &asked, &found))
            (parts::csv(&signed.visit, "resources", &csv))
        }
    };
    let page = frame::Page { title: &texts.resources(), sub: "", above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn empty(signed: &Signed, asked: &Asked) -> Markup {
    let texts = signed.visit.texts();
    html! {
        div.empty {
            @if asked.is_none() {
                h2 { (texts.no_resources()) }
                p { (texts.no_resources_hint()) }
                p.acts { a.btn.main href="/buy" { (texts.buy()) } }
            } @else {
                h2 { (texts.nothing_fits()) }
                p.acts { a.btn href="/resources" { (texts.show_all()) } }
            }
        }
    }
}

/// The table, and for who may what can be done with several of its rows.
fn selection(signed: &Signed, asked: &Asked, found: &Page<Seen>) -> Markup {
    let (texts, desk) = (signed.visit.texts(), signed.visit.node.desk());
    // What none of them could be asked for is not offered.
    let may = |action: Action| {
        let offered = |it: &Seen| bulk::is_offered(desk.at(signed.visit.now), &it.shown.resource, action);
        found.items.iter().any(offered)
    };
    html! {
        @if signed.may(Right::Buy) {
            form method="get" action="/resources/act" data-bulk {
                div.bulk role="group" aria-label=(texts.with_selected()) {
                    span { b data-count { "0" } " " (texts.selected()) }
                    @if may(Action::Renewal) { button.btn.small formaction="/renew" { (texts.renew()) } }
                    @for deed in Action::ALL.into_iter().filter(|it| may(*it)) {
                        button.btn.small.danger[deed == Action::Release] name="do" value=(deed.as_str()) { (bulk_words::name(texts, deed)) }
                    }
                }
                (table(signed, asked, found))
            }
        } @else { (table(signed, asked, found)) }
        (parts::more(&signed.visit, found.next.as_deref()))
    }
}

fn table(signed: &Signed, asked: &Asked, found: &Page<Seen>) -> Markup {
    let texts = signed.visit.texts();
    let may = signed.may(Right::Buy);
    let by_name = asked.sort == Sort::Name;
    html! {
        table.table data-rows {
            caption.sr { (texts.resources()) }
            thead {
                tr {
                    @if may { td.one { input type="checkbox" aria-label=(texts.select_all()); } }
                    th scope="col" aria-sort=[by_name.then_some("ascending")] { a href=(asked.sorted(if by_name { Sort::Newest } else { Sort::Name })) { (texts.name()) } }
                    th scope="col" { (texts.state()) }
                    th.p2 scope="col" { (texts.place()) }
                    th.p2 scope="col" { (texts.address()) }
                    th.p2 scope="col" { (texts.billing()) }
                }
            }
            tbody { @for it in &found.items { (row(signed, it)) } }
        }
    }
}

fn row(signed: &Signed, it: &Seen) -> Markup {
    let (texts, resource) = (signed.visit.texts(), &it.shown.resource);
    let called = signed.called(resource);
    html! {
        tr.dim[resource.state.is_over()] {
            @if signed.may(Right::Buy) {
                td.one { input type="checkbox" name="mark" value=(resource.id) aria-label=(texts.select_one(called.as_str())); }
            }
            th scope="row" {
                a href=(format!("/resources/{}", resource.id)) { (called) }
                span.s { (signed.product(&resource.product)) " " (tags::shown(&it.shown.labels.tags)) }
                span.only.s { (signed.place(resource.options.place())) @if let Some(address) = &resource.address { " · " code { (address) } } }
                span.only.s { (charged(signed, it)) }
            }
            td { (words::state_pill(texts, resource.state)) }
            td.p2.pre { (signed.place(resource.options.place())) }
            td.p2 { @match &resource.address { Some(address) => code { (address) }, None => "–" } }
            td.p2 { (charged(signed, it)) }
        }
    }
}

/// How it is paid for, or until when it is.
fn charged(signed: &Signed, it: &Seen) -> String {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    match (it.shown.resource.deadline, it.shown.is_prepaid()) {
        (Some(deadline), _) => texts.until(visit.time(deadline)),
        (None, false) => texts.pay_as_you_go(),
        (None, true) => texts.annual_monthly(),
    }
}
