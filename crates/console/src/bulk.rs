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
use crate::{choice, frame, lost, marks, project_choice, renewal, tags, words};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::resource::renew::Flag;
use billing::user::{Right, UserError};
use desk::bulk::{self, Action, Deed, Outcome, Preview, Wish};
use desk::lists::projects::Project;
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use std::collections::BTreeMap;
use web::problem::Problem;

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
            Deed::Move(_) | Deed::Tag(_) | Deed::Renewal(_) => false,
        }
    }
}

fn offered(form: &Fields) -> Result<Action, Problem> {
    choice::read(form, "do", &Action::ALL, Action::as_str)
}

/// What a form asks for. Errors: of the field, a project, a tag or a renewal that cannot be.
fn deed(form: &Fields, of: Action) -> Result<Deed, Problem> {
    Ok(match of {
        Action::Stop => Deed::Stop,
        Action::StopFree => Deed::StopFree,
        Action::Start => Deed::Start,
        Action::Release => Deed::Release,
        Action::Move => Deed::Move(project_choice::read(form)?),
        Action::Tag => Deed::Tag(tags::one(form)?),
        Action::Renewal => Deed::Renewal(renewal::flag_of(form)?),
    })
}

/// What a page previews: a tag that is still to be written, or what was refused, changes nothing yet; renewals begin with the first
/// of the choices.
///
/// Errors: a project that cannot be.
fn previewed(form: &Fields, of: Action, wrong: Option<&Problem>) -> Result<Deed, Problem> {
    match of {
        Action::Renewal => Ok(Deed::Renewal(renewal::flag_of(form).unwrap_or(Flag::Auto))),
        Action::Tag => Ok(tags::one(form).map_or_else(|_| Deed::Tag(BTreeMap::new()), Deed::Tag)),
        Action::Move if wrong.is_some() => Ok(Deed::Move(None)),
        Action::Move | Action::Stop | Action::StopFree | Action::Start | Action::Release => deed(form, of),
    }
}

async fn preview(signed: Signed, Query(query): Query<Vec<(String, String)>>) -> Result<Response, Response> {
    let form = Fields::of(query);
    page(&signed, &form, None).await
}

async fn page(signed: &Signed, form: &Fields, wrong: Option<&Problem>) -> Result<Response, Response> {
    frame::needs(signed, Right::Buy)?;
    let account = whose(signed)?;
    let failed = |problem: Problem| lost::failed(&signed.visit, &problem);
    let (marks, of) = (marks::of(form).map_err(failed)?, offered(form).map_err(failed)?);
    if marks.is_empty() {
        return Ok(see_other("/resources"));
    }
    let asked = previewed(form, of, wrong).map_err(failed)?;
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        let found = bulk::preview(tx, at, Wish { account, resources: &marks, deed: &asked })?;
        let chosen = if let Deed::Move(chosen) = &asked { *chosen } else { None };
        let projects = project_choice::all(tx, account, chosen)?;
        Ok(Previewed { deed: asked.clone(), found, projects })
    };
    let it = signed.read(read).await?;
    let texts = signed.visit.texts();
    let told =
        wrong.map(|it| Wrong::of(it, &signed.visit).among(&["sure", "project", "key", "value", "renewal"]));
    let body = html! {
        (parts::errors(&signed.visit, told.as_ref()))
        (table(signed, &it))
        (send(signed, form, &it, told.as_ref()))
    };
    let (title, resources) = (say::title(texts, &it.deed, it.found.len()), texts.resources());
    let above = [("/resources", resources.as_str())];
    let sub = say::hint(texts, &it.deed, &it.found);
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

/// Why one stays as it is: it is refused, or it would be done for nothing.
fn why_not(signed: &Signed, it: &Preview) -> Option<String> {
    match &it.becomes {
        Err(refusal) => Some(Wrong::of_refusal(refusal, &signed.visit).text),
        Ok(_) => it.worth.err().map(|why| say::for_nothing(signed.visit.texts(), why)),
    }
}

fn row(signed: &Signed, of: &Previewed, it: &Preview) -> Markup {
    let (texts, resource) = (signed.visit.texts(), &it.shown.resource);
    let why_not = why_not(signed, it);
    html! {
        tr.dim[why_not.is_some()] {
            th scope="row" { (signed.called(resource)) span.s { (signed.product(&resource.product)) } }
            td {
                (words::state_pill(texts, resource.state))
                @match (&it.becomes, &why_not) {
                    (_, Some(why)) => span.s { (texts.stays(why)) },
                    (Ok(then), None) if then.state != resource.state => { " → " (words::state_pill(texts, then.state)) }
                    (Ok(_) | Err(_), None) => {}
                }
            }
            @if of.is_of_states() {
                @let a_day = it.becomes.as_ref().ok().filter(|_| it.worth.is_ok()).and_then(|it| it.a_day);
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
    let able: Vec<&Preview> = found.iter().filter(|it| it.becomes.is_ok() && it.worth.is_ok()).collect();
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
                    Deed::Move(chosen) => (project_choice::field(signed, projects, chosen.map(|it| it.to_string()).as_deref(), wrong)),
                    Deed::Tag(_) => (tags::fields(signed, form, wrong)),
                    Deed::Renewal(flag) => (renewal::flag_field(texts, *flag, wrong)),
                    Deed::Release => (sure_field(signed, count, wrong)),
                    Deed::Stop | Deed::StopFree | Deed::Start => {}
                }
                div.acts {
                    a.btn href="/resources" { (texts.keep_them()) }
                    button.btn.main[*deed != Deed::Release].danger[*deed == Deed::Release] { (say::title(texts, deed, count)) }
                }
            }
        }
    }
}

fn sure_field(signed: &Signed, count: usize, wrong: Option<&Wrong>) -> Markup {
    let label = signed.visit.texts().write_count(count.to_string());
    parts::Field::text("sure", label, "").show(wrong)
}

async fn act(Posted { who: signed, form }: Posted<Signed>) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let account = whose(&signed)?;
    let failed = |problem: Problem| lost::failed(&signed.visit, &problem);
    let (marks, of) = (marks::of(&form).map_err(failed)?, offered(&form).map_err(failed)?);
    let deed = match deed(&form, of) {
        Ok(deed) => deed,
        Err(problem) => return page(&signed, &form, Some(&problem)).await,
    };
    let sure = form.text("sure").to_string();
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        if deed == Deed::Release && sure != marks.len().to_string() {
            return Err(Refusal::from(UserError::Sure).of("sure"));
        }
        let done = bulk::act(tx, at, Wish { account, resources: &marks, deed: &deed })?;
        Ok(result(of.as_str(), &done))
    };
    match signed.once(&form, work).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, &form, Some(&problem)).await,
    }
}

/// The address of the page that says what became of it.
fn result(word: &str, done: &[Outcome]) -> String {
    let mut to = form_urlencoded::Serializer::new(String::new());
    to.append_pair("do", word);
    for it in done {
        match &it.refused {
            None => to.append_pair("ok", &it.resource.to_string()),
            Some(refusal) => to.append_pair("no", &format!("{} {}", it.resource, refusal.code())),
        };
    }
    format!("/resources/acted?{}", to.finish())
}
