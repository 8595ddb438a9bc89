//! The operator's home: what waits, what is wrong, and the money of today.
//!
//! In:  everything. Out: figures, each a way to the page that has the whole of it.
//! Invariant: what is well says so too: no figure is left out because it is nothing.

use crate::house;
use crate::signed::Signed;
use crate::state::Console;
use crate::{board, frame, show};
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::provision::State as TaskState;
use billing::user::Right;
use desk::lists::arrears::{self, InArrears};
use desk::page::Part;
use desk::today::{self, Today};
use maud::{Markup, html};
use units::Money;

/// Accounts in arrears that are shown here.
const FEW: u16 = 5;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/operator", get(home))
}

async fn home(signed: Signed) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    let read = |tx: &mut desk::Tx<'_>, at: desk::At<'_>| {
        Ok((today::read(tx, at)?, arrears::page(tx, at, &Part::first(FEW))?.items))
    };
    let (today, owing) = signed.report(read).await?;
    let texts = signed.visit.texts();
    let body = html! {
        form.filter method="get" action="/operator/customers" role="search" {
            input.input type="search" name="q" aria-label=(texts.search_customers()) placeholder=(texts.search_customers());
            button.btn { (texts.search()) }
        }
        (money(&signed, &today))
        (waiting(&signed, &today))
        (in_arrears(&signed, &owing))
    };
    let sub = texts.up_to_now(signed.visit.time(signed.visit.now));
    let page = frame::Page { title: &texts.home(), sub: &sub, above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

fn money(signed: &Signed, it: &Today) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let owed: Vec<Money> = it.arrears.iter().map(|it| it.1).collect();
    let accounts: i64 = it.arrears.iter().map(|it| it.0).sum();
    let day: String = visit.exact_time(visit.now).chars().take(10).collect();
    let month = show::month(&it.month, visit.language);
    html! {
        dl.figures {
            @if signed.may(Right::Revenue) {
                div {
                    dt { a href=(format!("/operator/revenue?month={}", it.month)) { (texts.revenue_so_far(month)) } }
                    dd.v { (house::sums(signed, &it.revenue)) }
                    dd { (texts.revenue_hint()) }
                }
            }
            div {
                dt { a href=(format!("/operator/top-ups?from={day}")) { (texts.money_in_today()) } }
                dd.v { (house::sums(signed, &it.money_in)) }
                dd { (texts.money_in_hint()) }
            }
            div.alert[accounts > 0] {
                dt { a href="/operator/arrears" { (texts.owed()) } }
                dd.v { (house::sums(signed, &owed)) }
                dd { (texts.by_so_many_customers(accounts)) }
            }
        }
    }
}

/// What waits, row by row.
fn waiting(signed: &Signed, today: &Today) -> Markup {
    let (texts, it) = (signed.visit.texts(), &today.gauges);
    let tasks = |state: TaskState| it.tasks.iter().find(|it| it.0 == state).map_or(0, |it| it.1);
    let quarantined: i64 = it.quarantined.iter().map(|it| it.1).sum();
    let late: Vec<&str> = today.late.iter().map(|it| it.0.as_str()).collect();
    let aside = i64::try_from(it.set_aside).unwrap_or(i64::MAX);
    html! {
        section aria-labelledby="h-waits" {
            div.sect { h2 id="h-waits" { (texts.what_waits()) } }
            table.table.wraps data-rows {
                thead {
                    tr {
                        th scope="col" { (texts.what()) }
                        th scope="col" { (texts.state()) }
                        th.n scope="col" { (texts.how_many()) }
                    }
                }
                tbody {
                    (row("/operator/tasks?state=failed", &texts.tasks_failed(), (tasks(TaskState::Failed), "bad", texts.task_failed()), signed))
                    (row("/operator/tasks?state=waiting", &texts.tasks_waiting(), (tasks(TaskState::Waiting), "care", texts.waits()), signed))
                    (row("/operator/tasks?state=open", &texts.tasks_open(), (tasks(TaskState::Open), "busy", texts.in_hand()), signed))
                    (row("/operator/settlement", &texts.accounts_aside(), (aside, "bad", texts.to_be_looked_at()), signed))
                    (row("/operator/quarantine", &texts.readings_waiting(), (quarantined, "care", texts.waits()), signed))
                    (row("/operator/books", &texts.books_withheld(), (it.books_withheld, "bad", texts.to_be_looked_at()), signed))
                    tr {
                        th scope="row" { a href="/operator/health" { (texts.jobs()) } }
                        td {
                            @if late.is_empty() { span.pill.ok { (texts.in_time()) } } @else {
                                span.pill.care { (texts.late()) } span.s { (late.join(", ")) }
                            }
                        }
                        td.n { (late.len()) }
                    }
                }
            }
        }
    }
}

/// A row of what waits: where it leads, what it is, how many; how that looks and is called where there is any.
fn row(to: &str, what: &str, (count, look, word): (i64, &str, String), signed: &Signed) -> Markup {
    let texts = signed.visit.texts();
    html! {
        tr {
            th scope="row" { a href=(to) { (what) } }
            td { @if count == 0 { span.pill.ok { (texts.nothing_waits()) } } @else { span class=(format!("pill {look}")) { (word) } } }
            td.n { (show::thousands(&count.to_string())) }
        }
    }
}

fn in_arrears(signed: &Signed, owing: &[InArrears]) -> Markup {
    let texts = signed.visit.texts();
    html! {
        section aria-labelledby="h-arr" {
            div.sect { h2 id="h-arr" { (texts.in_arrears()) } p { (texts.arrears_hint()) } a.more href="/operator/arrears" { (texts.arrears_board()) } }
            @if owing.is_empty() { p.quiet { (texts.nobody_in_arrears()) } } @else { (board::table(signed, owing)) }
        }
    }
}
