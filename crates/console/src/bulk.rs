//! Several resources at once: what a wish would make of each, the wish done, and what became of it.
//!
//! In:  resources that were selected, what is wished. Out: a page that says what each becomes and costs; then what was done.
//! Invariant: what is done is what the preview asks for; each that was refused is told by its name, with the reason.

use crate::bulk_words as say;
use crate::fields::Fields;
use crate::parts::{self, Wrong};
use crate::posted::Posted;
use crate::signed::{Signed, whose};
use crate::state::Console;
use crate::visit::see_other;
use crate::{frame, lost, tags, words};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::user::{Right, UserError};
use desk::bulk::{self, Deed, Outcome, Preview, Wish};
use desk::lists::projects::{self, Project};
use desk::page::Part;
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use std::collections::BTreeMap;
use units::ResourceId;
use web::problem::Problem;

/// Projects that can be chosen.
const PROJECTS: u16 = 200;

pub(crate) fn routes() -> Router<Console> {
    Router::new()
        .route("/resources/act", get(preview).post(act))
        .route("/resources/acted", get(crate::bulk_done::show))
}

/// What a page shows: what is wished, of which, and the projects that there are.
struct Previewed {
    deed: Deed,
    found: Vec<Preview>,
    projects: Vec<Project>,
}

impl Previewed {
    /// Whether states change, and with them what is charged.
    const fn is_of_states(&self) -> bool {
        match self.deed {
            Deed::Stop | Deed::StopFree | Deed::Start | Deed::Release => true,
            Deed::Move(_) | Deed::Tag(_) => false,
        }
    }
}

/// The resources that are selected, each once.
fn selected<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<ResourceId> {
    let mut found: Vec<ResourceId> = Vec::new();
    for id in pairs.filter(|it| it.0 == "mark").filter_map(|it| it.1.parse().ok()) {
        if !found.contains(&id) && found.len() < bulk::MOST {
            found.push(id);
        }
    }
    found
}

/// What a form asks for. `None` for a word that is none. Errors: a project or a tag that cannot be.
fn deed(form: &Fields) -> Result<Option<Deed>, Refusal> {
    Ok(Some(match form.text("do") {
        "stop" => Deed::Stop,
        "stop_free" => Deed::StopFree,
        "start" => Deed::Start,
        "release" => Deed::Release,
        "move" => match form.text("project") {
            "" => Deed::Move(None),
            text => Deed::Move(Some(text.parse().map_err(|_| Refusal::missing("such project"))?)),
        },
        "tag" => Deed::Tag(tags::one(form)?),
        _ => return Ok(None),
    }))
}

async fn preview(signed: Signed, Query(query): Query<Vec<(String, String)>>) -> Result<Response, Response> {
    let form = Fields::of(query);
    page(&signed, &form, None).await
}

async fn page(signed: &Signed, form: &Fields, wrong: Option<&Problem>) -> Result<Response, Response> {
    frame::needs(signed, Right::Buy)?;
    let account = whose(signed)?;
    let marks = selected(form.pairs());
    if marks.is_empty() {
        return Ok(see_other("/resources"));
    }
    // A tag that is still to be written, or was written wrong, leads to no other preview.
    let asked = deed(form).unwrap_or_else(|_| Some(Deed::Tag(BTreeMap::new())));
    let Some(asked) = asked else { return Err(lost::nowhere(signed.visit.clone()).await) };
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        let found = bulk::preview(tx, at, Wish { account, resources: &marks, deed: &asked })?;
        let projects = projects::page(tx, account, &Part::first(PROJECTS))?.items;
        Ok(Previewed { deed: asked.clone(), found, projects })
    };
    let it = signed.read(read).await?;
    let texts = signed.visit.texts();
    let told = wrong.map(|it| Wrong::of(it, signed.visit.language));
    let body = html! {
        (parts::errors(&signed.visit, told.as_ref()))
        (table(signed, &it))
        (send(signed, form, &it, told.as_ref()))
    };
    let (title, resources) = (say::title(texts, &it.deed, it.found.len()), texts.resources());
    let above = [("/resources", resources.as_str())];
    let sub = say::hint(texts, &it.deed);
    let page = frame::Page { title: &title, sub: &sub, above: &above, body: &body };
    Ok(frame::page(signed, wrong.map_or(StatusCode::OK, |it| it.status), &page))
}

fn table(signed: &Signed, of: &Previewed) -> Markup {
    let (texts, unit) = (signed.visit.texts(), signed.unit());
    html! {
        table.table {
            thead {
                tr {
                    th scope="col" { (texts.name()) }
                    th scope="col" { (texts.state()) }
                    @if of.is_of_states() {
                        th.n.p2 scope="col" { (texts.a_day_now(unit)) }
                        th.n scope="col" { (texts.a_day_then(unit)) }
                    }
                }
            }
            tbody { @for it in &of.found { (row(signed, of, it)) } }
        }
        @if of.is_of_states() { p.hint { (texts.a_day_hint()) } }
    }
}

fn row(signed: &Signed, of: &Previewed, it: &Preview) -> Markup {
    let (visit, texts, resource) = (&signed.visit, signed.visit.texts(), &it.shown.resource);
    html! {
        tr.dim[it.becomes.is_err()] {
            th scope="row" { (signed.called(resource)) span.s { (signed.product(&resource.product)) } }
            td {
                (words::state_pill(texts, resource.state))
                @match &it.becomes {
                    Ok(then) if then.state != resource.state => { " → " (words::state_pill(texts, then.state)) }
                    Ok(_) => {}
                    Err(refusal) => span.s { (texts.stays(Wrong::of_refusal(refusal, visit.language).text)) }
                }
            }
            @if of.is_of_states() {
                @let a_day = it.becomes.as_ref().ok().and_then(|it| it.a_day);
                @for (at, class) in [(0, "n p2"), (1, "n")] {
                    td class=(class) { @match a_day { Some(a_day) => (parts::exact(a_day[at].e8(), a_day[at].currency())), None => "–" } }
                }
            }
        }
    }
}

/// The form that does it: what else it needs, and its button.
fn send(signed: &Signed, form: &Fields, of: &Previewed, wrong: Option<&Wrong>) -> Markup {
    let Previewed { deed, found, projects } = of;
    let (visit, texts) = (&signed.visit, signed.visit.texts());
    let able: Vec<&Preview> = found.iter().filter(|it| it.becomes.is_ok()).collect();
    let count = able.len();
    html! {
        @if able.is_empty() {
            p.acts { a.btn href="/resources" { (texts.keep_them()) } }
        } @else {
            form.narrow.gap method="post" action="/resources/act" {
                (parts::hidden(visit))
                input type="hidden" name="do" value=(form.text("do"));
                @for it in able { input type="hidden" name="mark" value=(it.shown.resource.id); }
                @match deed {
                    Deed::Move(chosen) => (project_field(signed, projects, chosen.map(|it| it.to_string()).as_deref())),
                    Deed::Tag(_) => (tags::fields(signed, form, wrong)),
                    Deed::Release => (sure_field(signed, count, wrong)),
                    Deed::Stop | Deed::StopFree | Deed::Start => {}
                }
                div.acts {
                    a.btn href="/resources" { (texts.keep_them()) }
                    button.btn.main[*deed != Deed::Release].danger[*deed == Deed::Release] { (say::button(texts, deed, count)) }
                }
            }
        }
    }
}

/// A choice of projects.
pub(crate) fn project_field(signed: &Signed, projects: &[Project], chosen: Option<&str>) -> Markup {
    let texts = signed.visit.texts();
    html! {
        div.field {
            label for="project" { (texts.project()) }
            select.select id="project" name="project" {
                option value="" { (texts.no_project()) }
                @for it in projects {
                    option value=(it.id) selected[chosen == Some(it.id.to_string().as_str())] { (it.name) }
                }
            }
        }
    }
}

fn sure_field(signed: &Signed, count: usize, wrong: Option<&Wrong>) -> Markup {
    let label = signed.visit.texts().write_count(count.to_string());
    parts::Field { name: "sure", label, kind: "text", value: "", autocomplete: "off", hint: None }.show(wrong)
}

async fn act(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let account = whose(&signed)?;
    let (marks, sent) = (selected(form.pairs()), form.clone());
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        let Some(deed) = deed(&sent)? else { return Err(Refusal::missing("such deed")) };
        if deed == Deed::Release && sent.text("sure") != marks.len().to_string() {
            return Err(Refusal::from(UserError::Sure).of("sure"));
        }
        let done = bulk::act(tx, at, Wish { account, resources: &marks, deed: &deed })?;
        Ok(result(sent.text("do"), &done))
    };
    match signed.once(&form, work).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, &form, Some(&problem)).await,
    }
}

/// The address of the page that says what became of it.
fn result(word: &str, done: &[Outcome]) -> String {
    let mut to = form_urlencoded::Serializer::new(String::from("/resources/acted?"));
    to.append_pair("do", word);
    for it in done {
        match &it.refused {
            None => to.append_pair("ok", &it.resource.to_string()),
            Some(refusal) => to.append_pair("no", &format!("{} {}", it.resource, refusal.code())),
        };
    }
    to.finish()
}
