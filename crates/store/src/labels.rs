//! Labels: the project and the tags that an owner writes on a resource.
//!
//! In:  keys and values without control characters. Out: the same.
//! Invariant: a tag is stored between characters that no tag holds, so that a search for its text finds it alone.

use crate::engine::{Row, StoreError, Tx};
use std::collections::BTreeMap;
use units::{AccountId, ProjectId, ResourceId};

statements! {
    SAVE = "insert into labels (account, resource, project, tags) values ($1, $2, $3, $4)
        on conflict (account, resource) do update set project = excluded.project, tags = excluded.tags";
    GET = "select project, tags from labels where account = $1 and resource = $2";
}

/// Stands before and behind every tag.
const EDGE: char = '\u{1f}';
/// Stands between a key and its value.
const IS: char = '\u{1e}';

/// What an owner wrote on a resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    pub project: Option<ProjectId>,
    pub tags: BTreeMap<String, String>,
}

/// A tag as it is stored.
pub(crate) fn tag(key: &str, value: &str) -> String {
    format!("{EDGE}{key}{IS}{value}{EDGE}")
}

fn parsed(text: &str) -> Option<BTreeMap<String, String>> {
    let pair = |it: &str| it.split_once(IS).map(|(key, value)| (key.to_string(), value.to_string()));
    text.split(EDGE).filter(|it| !it.is_empty()).map(pair).collect()
}

/// Project and tags from two columns, both null where nothing was written.
pub(crate) fn read(row: &Row<'_>, first: usize) -> Result<Labels, StoreError> {
    let corrupt = |text: &str| StoreError::Corrupt(format!("label `{text}`"));
    let project = match row.maybe_text(first)? {
        Some(text) => Some(text.parse().map_err(|_| corrupt(&text))?),
        None => None,
    };
    let tags = row.maybe_text(first + 1)?.unwrap_or_default();
    Ok(Labels { project, tags: parsed(&tags).ok_or_else(|| corrupt(&tags))? })
}

/// What is written on a resource; nothing is nothing.
pub fn get(tx: &mut Tx<'_>, account: AccountId, resource: ResourceId) -> Result<Labels, StoreError> {
    let found =
        tx.rows(GET, &[account.to_string().into(), resource.to_string().into()], |row| read(row, 0))?;
    Ok(found.into_iter().next().unwrap_or_default())
}

/// Writes project and tags of a resource in place of those before.
pub fn save(
    tx: &mut Tx<'_>,
    account: AccountId,
    resource: ResourceId,
    labels: &Labels,
) -> Result<(), StoreError> {
    let tags: String = labels.tags.iter().map(|(key, value)| tag(key, value)).collect();
    let project = labels.project.map(|it| it.to_string());
    let args = [account.to_string().into(), resource.to_string().into(), project.into(), tags.into()];
    tx.exec(SAVE, &args).map(drop)
}

/// What is written on one resource is written on another one, which takes its place.
pub fn copy(tx: &mut Tx<'_>, account: AccountId, from: ResourceId, to: ResourceId) -> Result<(), StoreError> {
    let labels = get(tx, account, from)?;
    if labels == Labels::default() { Ok(()) } else { save(tx, account, to, &labels) }
}
