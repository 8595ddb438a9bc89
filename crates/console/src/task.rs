//! One task of the cloud: what it says, how it went so far, and what an operator may do about it.
//!
//! In:  a task. Out: its page; asked again or given up, once.
//! Invariant: what a button causes stands beside it.

use crate::fields::Fields;
use crate::house::{self, Asked};
use crate::parts::{self, Field, Wrong, sent};
use crate::posted::Posted;
use crate::signed::Signed;
use crate::state::Console;
use crate::tasks::title;
use crate::visit::see_other;
use crate::{frame, resource_words, words};
use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::provision::{Kind, State};
use billing::task::Task;
use billing::user::Right;
use desk::lists::accounts::{self, Owned};
use desk::lists::tasks as list;
use desk::page::Page;
use desk::{At, Refusal, Tx, tasks};
use maud::{Markup, html};
use units::TaskId;
use web::problem::Problem;
use web::wire::Text;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/operator/tasks/{task}", get(show_page))
        .route("/operator/tasks/{task}/retry", post(retry))
        .route("/operator/tasks/{task}/give-up", post(give_up))
}

fn read(tx: &mut Tx<'_>, id: TaskId) -> Result<Owned<Task>, Refusal> {
    let found = Page::whole(vec![list::one(tx, id)?]);
    let owned = accounts::owned(tx, found, |it| it.account)?.items.pop();
    owned.ok_or_else(|| Refusal::missing(format!("task {id}")))
}

async fn show_page(
    signed: Signed,
    Path(task): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Response> {
    frame::operators(&signed, Right::Customers)?;
    let id = signed.id(&task).await?;
    let found = signed.read(move |tx, _| read(tx, id)).await?;
    let said = asked.contains_key("said").then(|| parts::done(&signed.visit.texts().changed(), &html! {}));
    Ok(page(&signed, &found, &said.unwrap_or_default(), None))
}

fn page(signed: &Signed, found: &Owned<Task>, said: &Markup, wrong: Option<(&Fields, &Problem)>) -> Response {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let told = wrong.map(|it| Wrong::of(it.1, visit));
    let body = html! {
        (said)
        (parts::errors(visit, told.as_ref()))
        (facts(signed, found))
        (deeds(signed, &found.of, wrong.map(|it| it.0), told.as_ref()))
    };
    let (title, all) = (title(signed, &found.of), texts.tasks());
    let above = [("/operator/tasks", all.as_str())];
    let sub = found.of.id.to_string();
    let page = frame::Page { title: &title, sub: &sub, above: &above, body: &body };
    frame::page(signed, wrong.map_or(StatusCode::OK, |it| it.1.status), &page)
}

fn facts(signed: &Signed, found: &Owned<Task>) -> Markup {
    let (visit, texts, it) = (&signed.visit, signed.visit.texts(), &found.of);
    html! {
        dl.pairs.ruled {
            dt { (texts.state()) } dd { (words::task_pill(texts, it.state)) }
            @if !it.reason.is_empty() { dt { (texts.reason()) } dd { (it.reason) } }
            dt { (texts.tries()) } dd { (texts.try_of(i64::from(it.attempt), i64::from(it.kind.attempts()))) }
            dt { (texts.asked_at()) } dd { (visit.exact_time(it.created)) }
            @if let Some(due) = it.due { dt { (texts.asked_again_at()) } dd { (visit.exact_time(due)) } }
            @if let Some(ended) = it.ended { dt { (texts.over_at()) } dd { (visit.exact_time(ended)) } }
            dt { (texts.customer()) } dd { (house::link(found.account, &found.name)) }
            dt { (texts.product()) } dd { (signed.product(&it.product)) }
            dt { (texts.to_be()) } dd { (resource_words::state(texts, it.target)) }
            @for (name, value) in it.options.iter() { dt { (name) } dd { (value) } }
            @if let Some(address) = &it.address { dt { (texts.address()) } dd { code { (address) } } }
            dt { (texts.number()) } dd.id { (it.resource) " · " a href=(format!("{}/orders/{}", house::address(found.account), it.order)) { (it.order) } }
        }
    }
}

/// Whether a task may still come good by being asked again, or be given up.
const fn is_open(it: &Task) -> bool {
    match it.state {
        State::Open | State::Waiting => true,
        // The money of a failed delivery is back.
        State::Failed => !matches!(it.kind, Kind::Provision),
        State::Done | State::GivenUp => false,
    }
}

fn deeds(signed: &Signed, it: &Task, form: Option<&Fields>, wrong: Option<&Wrong>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let path = format!("/operator/tasks/{}", it.id);
    let hint = match it.kind {
        Kind::Provision => texts.give_up_delivery(),
        Kind::Release => texts.give_up_release(),
        Kind::Change | Kind::Stop | Kind::Start => texts.give_up_other(),
    };
    let reason = Field::text("reason", texts.reason(), sent(form, "reason")).hint(hint);
    html! {
        section aria-labelledby="h-deeds" {
            div.sect { h2 id="h-deeds" { (texts.actions()) } }
            @if !is_open(it) {
                p.quiet { (texts.task_over()) }
            } @else if signed.may(Right::Tasks) {
                p.quiet { (texts.ask_again_hint()) }
                (parts::button(visit, &format!("{path}/retry"), &[], &texts.ask_again()))
                form.narrow.gap method="post" action=(format!("{path}/give-up")) {
                    (parts::hidden(visit))
                    (reason.show(wrong))
                    div.field { button.btn.danger { (texts.give_up()) } }
                }
            } @else { p.quiet { (texts.not_allowed()) } }
        }
    }
}

async fn retry(
    Path(task): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let ask = |tx: &mut Tx<'_>, at: At<'_>, id, _: &str| tasks::retry(tx, at, id).map(drop);
    done(&signed, &task, &form, ask).await
}

async fn give_up(
    Path(task): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    let give_up = |tx: &mut Tx<'_>, at: At<'_>, id, why: &str| tasks::give_up(tx, at, id, why).map(drop);
    done(&signed, &task, &form, give_up).await
}

/// Does something about a task, in the audit log of its account.
async fn done(
    signed: &Signed,
    task: &str,
    form: &Fields,
    deed: fn(&mut Tx<'_>, At<'_>, TaskId, &str) -> Result<(), Refusal>,
) -> Result<Response, Response> {
    frame::operators(signed, Right::Tasks)?;
    let id: TaskId = signed.id(task).await?;
    let found = signed.read(move |tx, _| read(tx, id)).await?;
    let done = match house::read::<Text<0, 500>>(form, "reason") {
        Ok(reason) => {
            let work = move |tx: &mut Tx<'_>, at: At<'_>| {
                deed(tx, at, id, reason.as_str())?;
                Ok(format!("/operator/tasks/{id}?said=changed"))
            };
            signed.once_for(found.account, form, work).await
        }
        Err(problem) => Err(problem),
    };
    match done {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => Ok(page(signed, &found, &html! {}, Some((form, &problem)))),
    }
}
