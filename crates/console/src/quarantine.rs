//! Quarantine: readings that have no place yet, by reason; tried again.
//!
//! In:  a reason, in the address. Out: how many wait for which reason, samples of them; what became of those tried again.
//! Invariant: none is lost: what does not fit stays, with the reason of today.

use crate::posted::Posted;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::{frame, lost, parts, show, words};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::reading::{Reason, Taken};
use billing::user::Right;
use desk::lists::quarantine::{self as list, ReasonCount, Waiting};
use desk::page::{Page, Part};
use desk::usage::quarantine::{self as deeds, Filter, Replayed, Which};
use desk::{At, Tx};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Readings of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/operator/quarantine", get(quarantine))
        .route("/operator/quarantine/replay", post(replay))
}

async fn quarantine(
    signed: Signed,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    let reason = query.get("reason").and_then(|it| Reason::parse(it));
    let part = Part { after: query.get("after").cloned(), most: MOST };
    let of = Filter { reason, resource: None };
    let read = move |tx: &mut Tx<'_>, _: At<'_>| Ok((list::reasons(tx)?.items, list::page(tx, &of, &part)?));
    let (reasons, found) = signed.report(read).await?;
    let texts = signed.visit.texts();
    let body = html! {
        (told(&signed, &query))
        @if reasons.is_empty() {
            div.empty { h2 { (texts.nothing_in_quarantine()) } p { (texts.nothing_in_quarantine_hint()) } }
        } @else {
            section aria-labelledby="h-reasons" {
                div.sect { h2 id="h-reasons" { (texts.by_reason()) } }
                (by_reason(&signed, &reasons))
                (parts::csv(&signed.visit, "quarantine-reasons", &[]))
            }
            (samples(&signed, reason, &found))
        }
    };
    let page =
        frame::Page { title: &texts.quarantine(), sub: &texts.quarantine_sub(), above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

/// What became of what was tried again, as the address says it.
fn told(signed: &Signed, query: &BTreeMap<String, String>) -> Markup {
    let texts = signed.visit.texts();
    let count = |name: &str| query.get(name).and_then(|it| it.parse::<usize>().ok());
    html! {
        @if let (Some(taken), Some(stay)) = (count("taken"), count("stay")) {
            (parts::done(&texts.tried_again(taken.to_string(), stay.to_string()), &html! {
                @if query.contains_key("more") { p { (texts.more_to_try()) } }
            }))
        }
    }
}

fn by_reason(signed: &Signed, all: &[ReasonCount]) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.kept_for()) }
                    th.n scope="col" { (texts.readings()) }
                    th.p2 scope="col" { (texts.oldest()) }
                    th.p2 scope="col" { (texts.newest()) }
                    th scope="col" { span.sr { (texts.actions()) } }
                }
            }
            tbody {
                @for it in all {
                    tr {
                        th scope="row" {
                            a href=(format!("/operator/quarantine?reason={}", it.reason)) { (name(signed, &it.reason)) }
                            @if let Some(reason) = Reason::parse(&it.reason) { span.s { (words::reason_hint(texts, reason)) } }
                        }
                        td.n { (show::thousands(&it.count.to_string())) }
                        td.p2.pre { (visit.exact_time(it.oldest)) }
                        td.p2.pre { (visit.exact_time(it.newest)) }
                        td.one {
                            @if signed.may(Right::Retry) {
                                (parts::button(visit, "/operator/quarantine/replay", &[("reason", &it.reason)], &texts.try_again()))
                            }
                        }
                    }
                }
            }
        }
        @if !signed.may(Right::Retry) { p.quiet.gap { (texts.not_allowed()) } }
    }
}

/// What a reason is called; one that this program does not know is shown as it is.
fn name(signed: &Signed, reason: &str) -> String {
    Reason::parse(reason).map_or_else(|| reason.to_string(), |it| words::reason(signed.visit.texts(), it))
}

/// Readings that wait, to choose from.
fn samples(signed: &Signed, reason: Option<Reason>, found: &Page<Waiting>) -> Markup {
    let texts = signed.visit.texts();
    let may = signed.may(Right::Retry);
    html! {
        section aria-labelledby="h-samples" {
            div.sect {
                h2 id="h-samples" {
                    @match reason { Some(it) => (words::reason(texts, it)), None => (texts.all_readings()) }
                }
                p { (texts.newest_first()) }
                @if reason.is_some() { a.more href="/operator/quarantine" { (texts.show_all()) } }
            }
            form method="post" action="/operator/quarantine/replay" data-bulk {
                (parts::hidden(&signed.visit))
                table.table {
                    thead {
                        tr {
                            @if may { th.one scope="col" { span.sr { (texts.chosen()) } } }
                            th scope="col" { (texts.reading()) }
                            th.p2 scope="col" { (texts.resource_and_meter()) }
                            th.n scope="col" { (texts.quantity()) }
                            th.p2 scope="col" { (texts.happened()) }
                            th.p2 scope="col" { (texts.kept_for()) }
                        }
                    }
                    tbody { @for it in &found.items { (sample(signed, it)) } }
                }
                @if may { p.acts.gap { button.btn { (texts.try_chosen_again()) } } }
            }
            (parts::more(&signed.visit, found.next.as_deref()))
            (parts::csv(&signed.visit, "quarantine", &[("reason", reason.map_or("", Reason::as_str))]))
        }
    }
}

fn sample(signed: &Signed, it: &Waiting) -> Markup {
    let (visit, sent) = (&signed.visit, &it.kept.sent);
    let named = serde_json::json!([sent.source, sent.event]).to_string();
    html! {
        tr {
            @if signed.may(Right::Retry) {
                td.one { input type="checkbox" name="reading" value=(named) aria-label=(sent.event); }
            }
            th scope="row" { code { (sent.event) } span.s { (sent.source) } }
            td.p2 { code { (sent.resource) } span.s { (sent.meter) @if !sent.key.is_empty() { " · " (sent.key) } } }
            td.n { (show::thousands(&sent.quantity.to_string())) }
            td.p2.pre { (visit.exact_time(it.at)) span.s { (visit.exact_time(it.kept.received)) } }
            td.p2 { (name(signed, &it.kept.reason)) @if !it.kept.detail.is_empty() { span.s lang="en" { (it.kept.detail) } } }
        }
    }
}

async fn replay(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Retry)?;
    let named = |it: (&str, &str)| serde_json::from_str::<(String, String)>(it.1).ok();
    let chosen: Vec<(String, String)> =
        form.pairs().filter(|it| it.0 == "reading").filter_map(named).collect();
    let reason = Reason::parse(form.text("reason"));
    let which = match (chosen.is_empty(), reason) {
        (false, _) => Which::These(chosen),
        (true, Some(reason)) => {
            Which::Oldest { of: Filter { reason: Some(reason), resource: None }, after: None }
        }
        (true, None) => return Ok(see_other("/operator/quarantine")),
    };
    let done = signed.once(&form, move |tx, at| Ok(address(&deeds::replay(tx, at, &which)?))).await;
    done.map(|to| see_other(&to)).map_err(|problem| lost::failed(&signed.visit, &problem))
}

/// Where it is told what became of what was tried.
fn address(tried: &Replayed) -> String {
    let is_taken = |it: &&(String, String, Result<Taken, desk::Refusal>)| {
        matches!(it.2, Ok(Taken::Accepted | Taken::Duplicate | Taken::Late))
    };
    let taken = tried.results.iter().filter(is_taken).count();
    let more = if tried.next.is_some() { "&more=1" } else { "" };
    format!("/operator/quarantine?taken={taken}&stay={}{more}", tried.results.len() - taken)
}
