//! Projects: by which an account sorts its resources.
//!
//! In:  names. Out: the list; a project opened, renamed or removed, once.
//! Invariant: a project in which something lives is not removed; what is refused stands beside its field.

use crate::fields::Fields;
use crate::frame;
use crate::parts::{self, Field, Wrong, sent};
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use billing::user::{self, Right};
use desk::lists::projects::{self as list, Project};
use desk::page::{Page, Part};
use desk::projects::{self, Opening};
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use std::collections::BTreeMap;
use units::{AccountId, ProjectId};
use web::problem::Problem;

/// Projects of a page.
const MOST: u16 = 50;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/projects", get(show).post(open))
        .route("/projects/rename", post(rename))
        .route("/projects/remove", post(remove))
}

async fn show(signed: Signed, Query(query): Query<BTreeMap<String, String>>) -> Result<Response, Response> {
    page(&signed, query.get("after").cloned(), None).await
}

async fn page(
    signed: &Signed,
    after: Option<String>,
    wrong: Option<(&Fields, &Problem)>,
) -> Result<Response, Response> {
    let account = whose(signed)?;
    let part = Part { after, most: MOST };
    let found = signed.read(move |tx, _| list::page(tx, account, &part)).await?;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let form = wrong.map(|it| it.0);
    // What is refused of a project that is there stands beside the field of that project.
    let told = wrong.map(|it| Wrong::of(it.1, visit)).map(|it| of_row(it, sent(form, "project")));
    let body = html! {
        (parts::errors(visit, told.as_ref()))
        @if found.items.is_empty() {
            div.empty { h2 { (texts.no_projects()) } p { (texts.no_projects_hint()) } }
        } @else { (table(signed, &found, form, told.as_ref())) }
        (open_form(signed, form.filter(|it| it.text("project").is_empty()), told.as_ref()))
    };
    let page = frame::Page { title: &texts.projects(), sub: &texts.projects_sub(), above: &[], body: &body };
    Ok(frame::page(signed, wrong.map_or(StatusCode::OK, |it| it.1.status), &page))
}

/// The field of a project's new name.
fn name_field(project: &str) -> String {
    format!("name-{project}")
}

/// The same, of the project's own field where it is about a project that is there.
fn of_row(wrong: Wrong, project: &str) -> Wrong {
    let field =
        wrong.field.map(|it| if it == "name" && !project.is_empty() { name_field(project) } else { it });
    Wrong { field, ..wrong }
}

fn table(signed: &Signed, found: &Page<Project>, form: Option<&Fields>, wrong: Option<&Wrong>) -> Markup {
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.name()) }
                    th.p2 scope="col" { (texts.since()) }
                    th scope="col" { span.sr { (texts.actions()) } }
                }
            }
            tbody {
                @for it in &found.items {
                    tr {
                        th scope="row" { a href=(format!("/resources?project={}", it.id)) { (it.name) } }
                        td.p2 { (visit.time(it.created)) }
                        td.one { @if signed.may(Right::Buy) { (actions(signed, it, form, wrong)) } }
                    }
                }
            }
        }
        (parts::more(visit, found.next.as_deref()))
        (parts::csv(visit, "projects", &[]))
    }
}

/// What may be done about a project.
fn actions(signed: &Signed, it: &Project, form: Option<&Fields>, wrong: Option<&Wrong>) -> Markup {
    let (visit, texts, field) = (&signed.visit, signed.visit.texts(), name_field(&it.id.to_string()));
    let bad = wrong.filter(|it| it.field.as_deref() == Some(field.as_str()));
    let name = if bad.is_some() { sent(form, "name") } else { it.name.as_str() };
    let error = format!("e-{field}");
    html! {
        details.menu open[bad.is_some()] {
            summary.btn.small aria-label=(format!("{}: {}", texts.change(), it.name)) { (texts.change()) }
            div.list {
                form method="post" action="/projects/rename" {
                    (parts::hidden(visit))
                    input type="hidden" name="project" value=(it.id);
                    input.input id=(field) name="name" value=(name) aria-label=(texts.new_name()) autocomplete="off" required
                        aria-invalid=[bad.map(|_| "true")] aria-describedby=[bad.map(|_| error.as_str())];
                    @if let Some(bad) = bad { p.error id=(error) { (bad.text) } }
                    button { (texts.rename()) }
                }
                hr;
                form method="post" action="/projects/remove" {
                    (parts::hidden(visit))
                    button.bad name="project" value=(it.id) { (texts.remove()) }
                }
            }
        }
    }
}

fn open_form(signed: &Signed, was: Option<&Fields>, wrong: Option<&Wrong>) -> Markup {
    let texts = signed.visit.texts();
    let (value, label) = (sent(was, "name"), texts.name());
    html! {
        section aria-labelledby="h-open" {
            div.sect { h2 id="h-open" { (texts.open_project()) } }
            @if signed.may(Right::Buy) {
                form.narrow method="post" action="/projects" {
                    (parts::hidden(&signed.visit))
                    (Field::text("name", label, value).show(wrong))
                    div.field { button.btn.main { (texts.open_project()) } }
                }
            } @else { p.quiet { (texts.not_allowed()) } }
        }
    }
}

/// Does what a form asks for and shows the list as it stands then.
async fn done(
    signed: &Signed,
    form: &Fields,
    mut work: impl FnMut(&mut Tx<'_>, At<'_>, AccountId) -> Result<(), Refusal> + Send + 'static,
) -> Result<Response, Response> {
    frame::needs(signed, Right::Buy)?;
    let account = whose(signed)?;
    let act = move |tx: &mut Tx<'_>, at: At<'_>| {
        work(tx, at, account)?;
        Ok("/projects".to_string())
    };
    match signed.once(form, act).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(signed, None, Some((form, &problem))).await,
    }
}

fn named(form: &Fields) -> Result<String, Refusal> {
    user::name(form.text("name")).map_err(|error| Refusal::from(error).of("name"))
}

fn which(form: &Fields) -> Result<ProjectId, Refusal> {
    form.text("project").parse().map_err(|_| Refusal::missing("such project"))
}

async fn open(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    let asked = form.clone();
    let work = move |tx: &mut Tx<'_>, at: At<'_>, account: AccountId| {
        let name = named(&asked)?;
        let opening = Opening { account, name: &name, token: asked.once() };
        projects::open(tx, opening, at.now).map(drop)
    };
    done(&signed, &form, work).await
}

async fn rename(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    let asked = form.clone();
    let work = move |tx: &mut Tx<'_>, _: At<'_>, account: AccountId| {
        projects::rename(tx, account, which(&asked)?, &named(&asked)?).map(drop)
    };
    done(&signed, &form, work).await
}

async fn remove(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    let asked = form.clone();
    let work = move |tx: &mut Tx<'_>, _: At<'_>, account: AccountId| {
        projects::remove(tx, account, which(&asked)?).map(drop)
    };
    done(&signed, &form, work).await
}
