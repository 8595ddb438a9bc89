//! Projects: opened, renamed, removed.

use super::Refusal;
use store::Tx;
use store::projects::{self, Project};
use units::{AccountId, ProjectId, Timestamp};

/// A project that is to be opened.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'a> {
    pub account: AccountId,
    pub name: &'a str,
    /// What tells one opening from another.
    pub token: &'a str,
}

/// Opens a project. The same name again is the project that there is.
pub fn open(tx: &mut Tx<'_>, opening: Opening<'_>, now: Timestamp) -> Result<Project, Refusal> {
    let Opening { account, name, token } = opening;
    store::accounts::get(tx, account)?;
    if let Some(there) = projects::by_name(tx, account, name)? {
        return Ok(there);
    }
    let id = ProjectId::named(now, &format!("{account} {token} {name}"));
    let project = Project { account, id, name: name.to_string(), created: now };
    projects::add(tx, &project)?;
    Ok(project)
}

/// Gives a project another name. Errors: `ProjectName` when another project has it.
pub fn rename(tx: &mut Tx<'_>, account: AccountId, id: ProjectId, name: &str) -> Result<Project, Refusal> {
    projects::hold(tx, account, id)?;
    if projects::by_name(tx, account, name)?.is_some_and(|it| it.id != id) {
        return Err(Refusal::ProjectName(name.to_string()));
    }
    projects::rename(tx, account, id, name)?;
    Ok(projects::get(tx, account, id)?)
}

/// Takes a project away. Errors: `ProjectInUse` while a resource in it lives.
pub fn remove(tx: &mut Tx<'_>, account: AccountId, id: ProjectId) -> Result<Project, Refusal> {
    projects::hold(tx, account, id)?;
    let project = projects::get(tx, account, id)?;
    match projects::inside(tx, account, id)? {
        0 => projects::remove(tx, account, id)?,
        many => return Err(Refusal::ProjectInUse(id, many)),
    }
    Ok(project)
}
