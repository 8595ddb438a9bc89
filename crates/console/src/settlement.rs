//! Settlement: how far each kind of cycle is, the run that is under way, accounts that were set aside.
//!
//! In:  nothing. Out: progress that renews itself; accounts that are tried again.
//! Invariant: what was set aside stays so until somebody says otherwise, and its reason stands beside it.

use crate::fields::Fields;
use crate::posted::Posted;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::{chart, choice, frame, lost, parts, show, words};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use billing::user::Right;
use desk::lists::accounts;
use desk::lists::settlements::{self as list, Close, Course, Named, OpenRun};
use desk::page::{Page, Part};
use desk::settle::{self, Progress};
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use std::collections::BTreeMap;
use units::AccountId;
use web::problem::Problem;

/// Accounts of a page.
const MOST: u16 = 50;
/// Seconds after which the page looks again while something is under way, and while nothing is.
const SOON: &str = "3";
const LATER: &str = "20";

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/operator/settlement", get(settlement))
        .route("/operator/settlement/retry", post(retry))
}

/// How far settlement is.
struct Standing {
    progress: Vec<Progress>,
    course: Course,
}

impl Standing {
    fn read(tx: &mut Tx<'_>, at: At<'_>) -> Result<Standing, Refusal> {
        Ok(Standing { progress: settle::progress(tx, at)?, course: list::course(tx)? })
    }

    fn is_under_way(&self) -> bool {
        self.course.run.is_some() || self.progress.iter().any(|it| it.waiting > 0)
    }
}

async fn settlement(
    signed: Signed,
    Query(query): Query<BTreeMap<String, String>>,
) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    if signed.visit.part.as_deref() == Some("runs") {
        let standing = signed.report(Standing::read).await?;
        return Ok(Html(runs(&signed, &standing).into_string()).into_response());
    }
    let part = Part { after: query.get("after").cloned(), most: MOST };
    let read = move |tx: &mut Tx<'_>, at: At<'_>| Ok((Standing::read(tx, at)?, list::page(tx, &part)?));
    let (standing, aside) = signed.report(read).await?;
    let texts = signed.visit.texts();
    let taken = query.get("taken").and_then(|it| it.parse::<u64>().ok());
    let body = html! {
        @if let Some(taken) = taken { (parts::done(&texts.taken_back(taken.to_string()), &html! {})) }
        (runs(&signed, &standing))
        (set_aside(&signed, &aside))
    };
    let delay = signed.visit.node.desk().settlement_delay_seconds;
    let sub = texts.settlement_sub(delay);
    let page = frame::Page { title: &texts.settlement(), sub: &sub, above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn runs(signed: &Signed, it: &Standing) -> Markup {
    let texts = signed.visit.texts();
    let again = if it.is_under_way() { SOON } else { LATER };
    html! {
        div id="runs" data-poll=(again) {
            section aria-labelledby="h-cycles" {
                div.sect {
                    h2 id="h-cycles" { (texts.cycles()) }
                    p.byjs { (texts.renews_itself()) }
                    a.more.nojs href=(signed.visit.path()) { (texts.refresh()) }
                }
                p.sr data-say { @if it.is_under_way() { (texts.under_way()) } @else { (texts.all_settled()) } }
                table.table {
                    thead {
                        tr {
                            th scope="col" { (texts.cycle()) }
                            th scope="col" { (texts.accounts_done()) }
                            th.p2 scope="col" { (texts.settled_to()) }
                            th.p2 scope="col" { (texts.last_close()) }
                            th.n scope="col" { (texts.set_aside()) }
                        }
                    }
                    tbody { @for progress in &it.progress { (cycle(signed, it, progress)) } }
                }
            }
            @if let Some(run) = &it.course.run { (open(signed, run, &it.course)) }
        }
    }
}

fn cycle(signed: &Signed, of: &Standing, it: &Progress) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let all = it.done + it.waiting;
    let sentence = texts.so_many_done(all, it.done.to_string());
    let count = |it: i64| u64::try_from(it).unwrap_or(0);
    let close = of.course.closes.iter().find(|close| close.kind == it.kind);
    html! {
        tr {
            th scope="row" {
                (words::cycle(texts, it.kind))
                span.s { @if it.waiting > 0 { (texts.under_way()) } @else { (texts.all_settled()) } }
            }
            td {
                @if all > 0 { (chart::meter(count(it.done), count(all), &sentence)) }
                span.s { @if all > 0 { (sentence) } @else { (texts.nobody_has_such()) } }
            }
            td.p2.pre { @match it.settled_to { Some(at) => (visit.exact_time(at)), None => "–" } }
            td.p2.pre { @match close { Some(close) => (closed(signed, close)), None => "–" } }
            td.n { (show::thousands(&it.set_aside.to_string())) }
        }
    }
}

/// The end of the cycle that was closed last, and how long after it that was.
fn closed(signed: &Signed, it: &Close) -> Markup {
    let texts = signed.visit.texts();
    let after = it.closed.as_second().saturating_sub(it.to.as_second());
    html! { (signed.visit.exact_time(it.to)) span.s { (texts.closed_after(show::thousands(&after.max(0).to_string()))) } }
}

/// The run that nodes share, and who has what of it in hand.
fn open(signed: &Signed, run: &OpenRun, course: &Course) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let seconds = visit.now.as_second().saturating_sub(run.begun.as_second()).max(0);
    let cycle = words::cycle(texts, run.cycle.kind);
    let since = texts.run_since(visit.exact_time(run.begun), show::thousands(&seconds.to_string()));
    html! {
        section aria-labelledby="h-run" {
            div.sect { h2 id="h-run" { (texts.open_run(cycle, visit.exact_time(run.cycle.from), visit.exact_time(run.cycle.to))) } p { (since) } }
            @if course.hands.is_empty() {
                p.quiet { (texts.nothing_in_hand()) }
            } @else {
                table.table {
                    thead {
                        tr {
                            th scope="col" { (texts.node()) }
                            th scope="col" { (texts.accounts_in_hand()) }
                            th.p2 scope="col" { (texts.lease_until()) }
                        }
                    }
                    tbody {
                        @for it in &course.hands {
                            tr {
                                th scope="row" { span.id { (it.holder) } }
                                td { span.id { @if !it.accounts.after.is_empty() { (it.accounts.after) " – " } (it.accounts.to) } }
                                td.p2.pre { (visit.exact_time(it.until)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn set_aside(signed: &Signed, found: &Page<Named>) -> Markup {
    let (visit, texts, may) = (&signed.visit, signed.visit.texts(), signed.may(Right::Retry));
    html! {
        section aria-labelledby="h-aside" {
            div.sect { h2 id="h-aside" { (texts.set_aside()) } p { (texts.set_aside_hint()) } }
            @if found.items.is_empty() { p.quiet { (texts.none_set_aside()) } } @else {
                table.table {
                    thead {
                        tr {
                            th scope="col" { (texts.customer_account()) }
                            th scope="col" { (texts.cycle()) }
                            th.p2 scope="col" { (texts.since()) }
                            th scope="col" { (texts.kept_for()) }
                            th scope="col" { span.sr { (texts.actions()) } }
                        }
                    }
                    tbody {
                        @for it in &found.items {
                            tr {
                                th scope="row" { (it.name) span.s.id { (it.aside.account) } }
                                td { (words::cycle(texts, it.aside.kind)) }
                                td.p2.pre { (visit.exact_time(it.aside.from)) }
                                td lang="en" { (it.aside.reason) }
                                td.one {
                                    @if may {
                                        (parts::button(visit, "/operator/settlement/retry", &[("account", &it.aside.account.to_string())], &texts.try_again()))
                                    }
                                }
                            }
                        }
                    }
                }
                @if may {
                    form.gap method="post" action="/operator/settlement/retry" {
                        (parts::hidden(visit))
                        input type="hidden" name="all" value="yes";
                        button.btn { (texts.try_all_again()) }
                    }
                } @else { p.quiet.gap { (texts.not_allowed()) } }
                (parts::more(visit, found.next.as_deref()))
                (parts::csv(visit, "set-aside", &[]))
            }
        }
    }
}

/// The account that a form names; `None` where it says that all are meant. Errors: of the field that says neither.
fn which(form: &Fields) -> Result<Option<AccountId>, Problem> {
    match form.text("account") {
        "" => choice::read(form, "all", &["yes"], |it| it).map(|_| None),
        text => Ok(Some(accounts::id(text)?)),
    }
}

async fn retry(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Retry)?;
    let account = which(&form).map_err(|problem| lost::failed(&signed.visit, &problem))?;
    let retry = move |tx: &mut Tx<'_>, _: At<'_>| {
        let taken = settle::retry(tx, account.as_ref().map(std::slice::from_ref))?;
        Ok(format!("/operator/settlement?taken={taken}"))
    };
    let done = signed.once(&form, retry).await;
    done.map(|to| see_other(&to)).map_err(|problem| lost::failed(&signed.visit, &problem))
}
