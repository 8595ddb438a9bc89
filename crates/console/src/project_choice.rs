//! Projects to choose from: for resources that go into one, and for lists of what is in one.
//!
//! In:  an account, which projects something stands in already. Out: projects; a field; what a form says.
//! Invariant: the project in which something stands can be chosen, however many others are newer.

use crate::fields::Fields;
use crate::parts::Wrong;
use crate::signed::Signed;
use desk::lists::projects::{self, Project};
use desk::page::Part;
use desk::{Refusal, Tx};
use maud::{Markup, html};
use units::{AccountId, ProjectId};

/// Of the newest projects so many can be chosen.
const NEWEST: Part = Part::first(200);

/// The newest projects of an account, and `also` where it is older; one that is gone is left out.
pub(crate) fn all(
    tx: &mut Tx<'_>,
    account: AccountId,
    also: Option<ProjectId>,
) -> Result<Vec<Project>, Refusal> {
    let mut found = projects::page(tx, account, &NEWEST)?.items;
    if let Some(id) = also.filter(|id| found.iter().all(|it| it.id != *id)) {
        match projects::one(tx, account, id) {
            Ok(older) => found.push(older),
            Err(refusal) if refusal.kind() == desk::Code::NotFound => {}
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(found)
}

/// The project that a form names; `None` for none. Errors: `NotFound` of the field for what is none.
pub(crate) fn read(form: &Fields) -> Result<Option<ProjectId>, Refusal> {
    match form.text("project") {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Refusal::missing("such project").of("project")),
    }
}

/// A choice of projects, with what is wrong with it.
pub(crate) fn field(
    signed: &Signed,
    projects: &[Project],
    chosen: Option<&str>,
    wrong: Option<&Wrong>,
) -> Markup {
    let texts = signed.visit.texts();
    let bad = wrong.and_then(|it| it.at("project"));
    html! {
        div.field.bad[bad.is_some()] {
            label for="project" { (texts.project()) }
            select.select id="project" name="project" aria-invalid=[bad.map(|_| "true")] aria-describedby=[bad.map(|_| "e-project")] {
                option value="" { (texts.no_project()) }
                @for it in projects {
                    option value=(it.id) selected[chosen == Some(it.id.to_string().as_str())] { (it.name) }
                }
            }
            @if let Some(bad) = bad { p.error id="e-project" { (bad.text) } }
        }
    }
}
