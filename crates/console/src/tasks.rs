//! Tasks of the cloud, of all customers: what it was asked to do and did not do yet, or could not.
//!
//! In:  a state. Out: tasks, the oldest first, each with tries and the reason of the last.
//! Invariant: what is done about a task is done on its own page.

use crate::house::{self, Asked};
use crate::signed::Signed;
use crate::state::Console;
use crate::{choice, frame, parts, words};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::provision::State;
use billing::task::Task;
use billing::user::Right;
use desk::lists::accounts::{self, Owned};
use desk::lists::tasks::{self as list, Filter};
use desk::page::{Page, Part};
use desk::{At, Tx};
use maud::{Markup, html};

/// Tasks of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/operator/tasks", get(tasks))
}

async fn tasks(signed: Signed, Query(asked): Query<Asked>) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    let state = chosen(&signed, &asked)?;
    let part = Part { after: house::text(&asked, "after"), most: MOST };
    let filter = Filter { state, kind: None, resource: None };
    let read = move |tx: &mut Tx<'_>, _: At<'_>| {
        let found = list::page(tx, &filter, &part)?;
        accounts::owned(tx, found, |it| it.account)
    };
    let found = signed.read(read).await?;
    let texts = signed.visit.texts();
    let body = html! {
        (filter_bar(&signed, state))
        @if found.items.is_empty() {
            div.empty { h2 { (texts.no_tasks()) } p { (texts.no_tasks_hint()) } }
        } @else {
            (table(&signed, &found))
            (parts::csv(&signed.visit, "tasks", &[("state", state.map_or("any", State::as_str))]))
        }
    };
    let page = frame::Page { title: &texts.tasks(), sub: &texts.tasks_sub(), above: &[], body: &body };
    Ok(frame::page(&signed, StatusCode::OK, &page))
}

/// The state that an address asks for; those that the cloud has in hand where it asks for none.
fn chosen(signed: &Signed, asked: &Asked) -> Result<Option<State>, Response> {
    if house::text(asked, "state").as_deref() == Some("any") {
        return Ok(None);
    }
    let state = choice::asked(signed, "state", &State::ALL, State::as_str)?;
    Ok(Some(state.unwrap_or(State::Open)))
}

fn filter_bar(signed: &Signed, chosen: Option<State>) -> Markup {
    let texts = signed.visit.texts();
    let ways = State::ALL.map(|state| (Some(state), state.as_str(), words::task_state(texts, state)));
    let any = [(None, "any", texts.any_state())];
    html! {
        nav.acts.ways aria-label=(texts.state()) {
            @for (state, word, label) in ways.into_iter().chain(any) {
                a.btn.small href=(format!("/operator/tasks?state={word}")) aria-current=[(state == chosen).then_some("true")] { (label) }
            }
        }
    }
}

fn table(signed: &Signed, found: &Page<Owned<Task>>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table.wraps data-rows {
            thead {
                tr {
                    th scope="col" { (texts.what()) }
                    th.p2 scope="col" { (texts.customer()) }
                    th scope="col" { (texts.state()) }
                    th.n.p2 scope="col" { (texts.tries()) }
                    th.p2 scope="col" { (texts.asked_at()) }
                }
            }
            tbody {
                @for Owned { name, of: it, .. } in &found.items {
                    tr {
                        th scope="row" {
                            a href=(format!("/operator/tasks/{}", it.id)) { (title(signed, it)) }
                            span.only.s { (name) }
                        }
                        td.p2 { (name) }
                        td { (words::task_pill(texts, it.state)) @if !it.reason.is_empty() { span.s { (it.reason) } } }
                        td.n.p2 { (it.attempt) }
                        td.p2.pre { (visit.exact_time(it.created)) }
                    }
                }
            }
        }
        (parts::more(visit, found.next.as_deref()))
    }
}

/// What the cloud is asked, and of what.
pub(crate) fn title(signed: &Signed, it: &Task) -> String {
    let what = if it.name.is_empty() { signed.product(&it.product) } else { it.name.clone() };
    format!("{}: {what}", words::task_kind(signed.visit.texts(), it.kind))
}
