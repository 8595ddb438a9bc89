//! Quarantine: readings that have no place yet, by reason; tried again.
//!
//! In:  a reason, in the address. Out: how many wait for which reason, samples of them; what became of those tried again.
//! Invariant: none is lost: what does not fit stays, with the reason of today.

use crate::fields::Fields;
use crate::parts::{self, Wrong};
use crate::posted::Posted;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::{choice, frame, show, words};
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
use web::problem::Problem;

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
    page(&signed, &query, None).await
}

/// The page, with what is wrong with what was sent.
async fn page(
    signed: &Signed,
    query: &BTreeMap<String, String>,
    wrong: Option<&Problem>,
) -> Result<Response, Response> {
    frame::operators(signed, Right::Customers)?;
    let reason = choice::asked(signed, "reason", &Reason::ALL, Reason::as_str)?;
    let part = Part { after: query.get("after").cloned(), most: MOST };
    let of = Filter { reason, resource: None };
    let read = move |tx: &mut Tx<'_>, _: At<'_>| Ok((list::reasons(tx)?.items, list::page(tx, &of, &part)?));
    let (reasons, found) = signed.report(read).await?;
    let texts = signed.visit.texts();
    let told = wrong.map(|it| Wrong::of(it, &signed.visit).among(&["reading"]));
    let body = html! {
        (tried(signed, query))
        (parts::errors(&signed.visit, told.as_ref()))
        @if reasons.is_empty() {
            div.empty { h2 { (texts.nothing_in_quarantine()) } p { (texts.nothing_in_quarantine_hint()) } }
        } @else {
            section aria-labelledby="h-reasons" {
                div.sect { h2 id="h-reasons" { (texts.by_reason()) } }
                (by_reason(signed, &reasons))
                (parts::csv(&signed.visit, "quarantine-reasons", &[]))
            }
            (samples(signed, reason, &found))
        }
    };
    let page =
        frame::Page { title: &texts.quarantine(), sub: &texts.quarantine_sub(), above: &[], body: &body };
    Ok(frame::page(signed, wrong.map_or(StatusCode::OK, |it| it.status), &page))
}

/// What became of what was tried again, as the address says it.
fn tried(signed: &Signed, query: &BTreeMap<String, String>) -> Markup {
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
                            // A reason that this program does not know is one of another version: it is shown as it is.
                            @match Reason::parse(&it.reason) {
                                Some(reason) => {
                                    a href=(format!("/operator/quarantine?reason={reason}", reason = reason.as_str())) { (words::reason(texts, reason)) }
                                    span.s { (words::reason_hint(texts, reason)) }
                                }
                                None => (it.reason),
                            }
                        }
                        td.n { (show::thousands(&it.count.to_string())) }
                        td.p2.pre { (visit.exact_time(it.oldest)) }
                        td.p2.pre { (visit.exact_time(it.newest)) }
                        td.one {
                            @if signed.may(Right::Retry) && Reason::parse(&it.reason).is_some() {
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
            form id="reading" method="post" action="/operator/quarantine/replay" data-bulk {
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
                @if may { p.acts.gap { button.btn data-chosen { (texts.try_chosen_again()) } } }
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
            th scope="row" {
                code { (sent.event) } span.s { (sent.source) }
                span.only.s { code { (sent.resource) } " · " (sent.meter) }
                span.only.s { (visit.exact_time(it.at)) }
                span.only.s { (name(signed, &it.kept.reason)) }
            }
            td.p2 { code { (sent.resource) } span.s { (sent.meter) @if !sent.key.is_empty() { " · " (sent.key) } } }
            td.n { (show::thousands(&sent.quantity.to_string())) }
            td.p2.pre { (visit.exact_time(it.at)) span.s { (visit.exact_time(it.kept.received)) } }
            td.p2 { (name(signed, &it.kept.reason)) @if !it.kept.detail.is_empty() { span.s lang="en" { (it.kept.detail) } } }
        }
    }
}

async fn replay(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Retry)?;
    match replayed(&signed, &form).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, &BTreeMap::new(), Some(&problem)).await,
    }
}

async fn replayed(signed: &Signed, form: &Fields) -> Result<String, Problem> {
    let which = which(form)?;
    signed.once(form, move |tx, at| Ok(address(&deeds::replay(tx, at, &which)?))).await
}

/// Which readings a form means: those that are chosen, or the oldest of a reason. Errors: one that names none, or no reason.
fn which(form: &Fields) -> Result<Which, Problem> {
    let wrong =
        |_| Problem::malformed(Some("reading".into()), "a reading is named by its source and its event");
    let named = form.pairs().filter(|it| it.0 == "reading").map(|it| serde_json::from_str(it.1));
    let chosen: Vec<(String, String)> = named.collect::<Result<_, _>>().map_err(wrong)?;
    if !chosen.is_empty() {
        return Ok(Which::These(chosen));
    }
    if form.text("reason").is_empty() {
        return Err(Problem::malformed(Some("reading".into()), "no reading is chosen; choose at least one"));
    }
    let reason = choice::read(form, "reason", &Reason::ALL, Reason::as_str)?;
    Ok(Which::Oldest { of: Filter { reason: Some(reason), resource: None }, after: None })
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
