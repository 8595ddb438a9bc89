//! What an owner writes on a resource: its name, its project, its tags.
//!
//! In:  a resource, a form. Out: the page of that form; what is written, once.
//! Invariant: no bill depends on it; what is refused stands beside its field, and what was typed stays.

use crate::fields::Fields;
use crate::parts::{self, Field, Wrong, sent};
use crate::posted::Posted;
use crate::resource::own;
use crate::signed::Signed;
use crate::state::Console;
use crate::visit::see_other;
use crate::{frame, project_choice, tags};
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use billing::user::{self, Right};
use desk::labels::{self, Change, TagChange};
use desk::lists::projects::Project;
use desk::lists::resources::{self as list, Seen};
use desk::resources::Own;
use desk::{At, Refusal, Tx};
use maud::{Markup, html};
use web::problem::Problem;

pub(crate) fn routes() -> Router<Console> {
    Router::new().route("/resources/{resource}/labels", get(show).post(change))
}

async fn show(signed: Signed, Path(resource): Path<String>) -> Result<Response, Response> {
    let own = own(&signed, &resource).await?;
    page(&signed, own, None).await
}

async fn page(signed: &Signed, own: Own, wrong: Option<(&Fields, &Problem)>) -> Result<Response, Response> {
    frame::needs(signed, Right::Buy)?;
    let read = move |tx: &mut Tx<'_>, _: At<'_>| {
        let seen = list::one(tx, own.account, own.id)?;
        let projects = project_choice::all(tx, own.account, seen.shown.labels.project)?;
        Ok((seen, projects))
    };
    let (seen, projects) = signed.read(read).await?;
    let told = wrong.map(|it| Wrong::of(it.1, &signed.visit));
    let body = html! {
        (parts::errors(&signed.visit, told.as_ref()))
        (fields(signed, &Stands { seen: &seen, projects: &projects }, wrong.map(|it| it.0), told.as_ref()))
    };
    let texts = signed.visit.texts();
    let (resources, called) = (texts.resources(), signed.called(&seen.shown.resource));
    let path = format!("/resources/{}", own.id);
    let above = [("/resources", resources.as_str()), (path.as_str(), called.as_str())];
    let title = texts.name_project_tags();
    let page = frame::Page { title: &title, sub: &texts.labels_cause(), above: &above, body: &body };
    Ok(frame::page(signed, wrong.map_or(StatusCode::OK, |it| it.1.status), &page))
}

/// A resource as it stands, and the projects that there are.
struct Stands<'a> {
    seen: &'a Seen,
    projects: &'a [Project],
}

fn fields(signed: &Signed, it: &Stands<'_>, was: Option<&Fields>, wrong: Option<&Wrong>) -> Markup {
    let (texts, shown, projects) = (signed.visit.texts(), &it.seen.shown, it.projects);
    let path = format!("/resources/{}", shown.resource.id);
    let name = was.map_or(shown.resource.name.as_str(), |it| it.text("name"));
    let stands = shown.labels.project.map(|it| it.to_string());
    let project = was.map_or(stands.as_deref(), |_| Some(sent(was, "project")));
    let written = was.map_or_else(|| tags::text(&shown.labels.tags), |it| it.exact("tags").to_string());
    let bad = wrong.and_then(|it| it.at("tags"));
    html! {
        form.narrow method="post" action=(format!("{path}/labels")) {
            (parts::hidden(&signed.visit))
            (Field::text("name", texts.name(), name).show(wrong))
            (project_choice::field(signed, projects, project, wrong))
            div.field.bad[bad.is_some()] {
                label for="tags" { (texts.tags()) }
                span.hint id="h-tags" { (texts.tags_hint(labels::MOST_TAGS.to_string())) }
                textarea.input id="tags" name="tags" rows="5" spellcheck="false" aria-invalid=[bad.map(|_| "true")]
                    aria-describedby=(if bad.is_some() { "h-tags e-tags" } else { "h-tags" }) { (written) }
                @if let Some(bad) = bad { p.error id="e-tags" { (bad.text) } }
            }
            div.acts { a.btn href=(path) { (texts.keep_it()) } button.btn.main { (texts.save()) } }
        }
    }
}

/// What a form says. Errors: a name, a project or a tag that cannot be.
fn wanted(form: &Fields, at: At<'_>) -> Result<Change, Refusal> {
    let project = project_choice::read(form)?;
    let name = user::name(form.text("name")).map_err(|error| Refusal::from(error).of("name"))?;
    let tags = TagChange::Replace(tags::all(form.exact("tags"))?);
    Ok(Change { at: at.now, name: Some(name), project: Some(project), tags: Some(tags) })
}

async fn change(
    Path(resource): Path<String>,
    Posted { who: signed, form }: Posted<Signed>,
) -> Result<Response, Response> {
    frame::needs(&signed, Right::Buy)?;
    let own = own(&signed, &resource).await?;
    let asked = form.clone();
    let work = move |tx: &mut Tx<'_>, at: At<'_>| {
        labels::change(tx, own.account, own.id, wanted(&asked, at)?)?;
        Ok(format!("/resources/{}", own.id))
    };
    match signed.once(&form, work).await {
        Ok(to) => Ok(see_other(&to)),
        Err(problem) => page(&signed, own, Some((&form, &problem))).await,
    }
}
