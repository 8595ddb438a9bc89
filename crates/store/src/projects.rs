//! Projects: by which an owner sorts resources.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use units::{AccountId, ProjectId, Timestamp};

columns!(projects: account, id, name, created_us);

statements! {
    ADD = concat!(projects!(insert), " on conflict do nothing");
    GET = concat!(projects!(select), " where account = $1 and id = $2");
    BY_NAME = concat!(projects!(select), " where account = $1 and name = $2");
    PAGE = concat!(projects!(select), " where account = $1 and id < $2 order by id desc limit $3");
    HOLD = "update projects set created_us = created_us where account = $1 and id = $2";
    RENAME = "update projects set name = $3 where account = $1 and id = $2";
    INSIDE = "select count(*) from labels l join resources r on r.account = l.account and r.id = l.resource
        where l.account = $1 and l.project = $2 and r.state not in ('released', 'failed')";
    LEAVE = "update labels set project = null where account = $1 and project = $2";
    DROP = "delete from projects where account = $1 and id = $2";
}

/// What resources are sorted by. Names are unique within an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    pub account: AccountId,
    pub id: ProjectId,
    pub name: String,
    pub created: Timestamp,
}

fn project(row: &Row<'_>) -> Result<Project, StoreError> {
    Ok(Project {
        account: row.parsed(projects!(account), "account", |it| it.parse().ok())?,
        id: row.parsed(projects!(id), "project", |it| it.parse().ok())?,
        name: row.text(projects!(name))?,
        created: at(row.int(projects!(created_us))?)?,
    })
}

/// Adds a project. Errors: `Differs` when its name or id is taken.
pub fn add(tx: &mut Tx<'_>, it: &Project) -> Result<(), StoreError> {
    let args = [
        it.account.to_string().into(),
        it.id.to_string().into(),
        it.name.as_str().into(),
        us(it.created).into(),
    ];
    tx.exec_or(ADD, &args, || StoreError::Differs(format!("project {}", it.name)))
}

/// Errors: `NotFound`, also for a project of another account.
pub fn get(tx: &mut Tx<'_>, account: AccountId, id: ProjectId) -> Result<Project, StoreError> {
    tx.one(GET, &[account.to_string().into(), id.to_string().into()], &format!("project {id}"), project)
}

/// These projects of an account; one that is not there is left out.
pub fn get_all(tx: &mut Tx<'_>, account: AccountId, ids: &[ProjectId]) -> Result<Vec<Project>, StoreError> {
    let account = account.to_string();
    let keys: Vec<[Value<'_>; 2]> =
        ids.iter().map(|it| [account.as_str().into(), it.to_string().into()]).collect();
    tx.each(GET, &keys, project)
}

/// The project of this name, if there is one.
pub fn by_name(tx: &mut Tx<'_>, account: AccountId, name: &str) -> Result<Option<Project>, StoreError> {
    Ok(tx.rows(BY_NAME, &[account.to_string().into(), name.into()], project)?.into_iter().next())
}

/// The newest projects below `before`, at most `most`.
pub fn page(
    tx: &mut Tx<'_>,
    account: AccountId,
    before: &str,
    most: usize,
) -> Result<Vec<Project>, StoreError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    tx.rows(PAGE, &[account.to_string().into(), before.into(), most.into()], project)
}

/// Keeps a project as it is until `tx` ends. Errors: `NotFound`.
pub fn hold(tx: &mut Tx<'_>, account: AccountId, id: ProjectId) -> Result<(), StoreError> {
    match tx.exec(HOLD, &[account.to_string().into(), id.to_string().into()])? {
        0 => Err(StoreError::NotFound(format!("project {id}"))),
        _ => Ok(()),
    }
}

/// Gives a project another name, which nobody has.
pub fn rename(tx: &mut Tx<'_>, account: AccountId, id: ProjectId, name: &str) -> Result<(), StoreError> {
    tx.exec(RENAME, &[account.to_string().into(), id.to_string().into(), name.into()]).map(drop)
}

/// How many resources are in it that are not over.
pub fn inside(tx: &mut Tx<'_>, account: AccountId, id: ProjectId) -> Result<i64, StoreError> {
    tx.one(INSIDE, &[account.to_string().into(), id.to_string().into()], "count", |row| row.int(0))
}

/// Takes a project away; what is over and was in it is in none from then on.
pub fn remove(tx: &mut Tx<'_>, account: AccountId, id: ProjectId) -> Result<(), StoreError> {
    let args = [account.to_string().into(), id.to_string().into()];
    tx.exec(LEAVE, &args)?;
    tx.exec(DROP, &args).map(drop)
}
