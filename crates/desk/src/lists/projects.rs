//! Projects of an account.

use super::accounts::currency;
use crate::Refusal;
use crate::page::{Page, Part};
use store::Tx;
use store::projects;
use units::{AccountId, ProjectId};

pub use store::projects::Project;

/// Projects, the newest first.
pub fn page(tx: &mut Tx<'_>, account: AccountId, part: &Part) -> Result<Page<Project>, Refusal> {
    currency(tx, account)?;
    // A project may be gone by the time the next page is asked for; its place in the list is not.
    let before = part.before(|_: ProjectId| Ok(true))?;
    let found = projects::page(tx, account, &before, part.reach())?;
    Ok(Page::of(found, part, |it| it.id.to_string()))
}

/// One project. Errors: `NotFound`, also for a project of another account.
pub fn one(tx: &mut Tx<'_>, account: AccountId, id: ProjectId) -> Result<Project, Refusal> {
    Ok(projects::get(tx, account, id)?)
}
