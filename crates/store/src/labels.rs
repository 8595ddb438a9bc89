//! Labels: the project and the tags that an owner writes on a resource.
//!
//! In:  keys and values without control characters. Out: the same.
//! Invariant: a tag is stored between characters that no tag holds, so that a search for its text finds it alone.

use crate::engine::{Row, StoreError, Tx, at, us};
use std::collections::{BTreeMap, BTreeSet};
use units::{AccountId, ProjectId, ResourceId, Timestamp};

statements! {
    SAVE = "insert into labels (account, resource, project, tags) values ($1, $2, $3, $4)
        on conflict (account, resource) do update set project = excluded.project, tags = excluded.tags";
    CLOSE = "update label_spans set to_us = $3 where account = $1 and resource = $2 and to_us = 9223372036854775807";
    OPEN = "insert into label_spans (account, resource, from_us, to_us, project, tags) values ($1, $2, $3, 9223372036854775807, $4, $5)
        on conflict (account, resource, from_us) do update set to_us = excluded.to_us, project = excluded.project, tags = excluded.tags";
    GET = "select project, tags from labels where account = $1 and resource = $2";
    PROJECTS = "select resource, project from labels where account = $1 and project is not null";
    SPANS = "select resource, from_us, to_us, project, tags from label_spans where account = $1 and from_us <= $3 and to_us > $2
        order by resource, from_us";
    TAGS = "select distinct tags from labels where account = $1 and tags <> '' order by tags limit 1000";
}

/// As many as `TAGS` reads.
const MOST_READ: usize = 1_000;
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

/// The projects that resources of an account are in now; one that is in none is left out.
pub fn projects(tx: &mut Tx<'_>, account: AccountId) -> Result<BTreeMap<ResourceId, ProjectId>, StoreError> {
    let found = tx.rows(PROJECTS, &[account.to_string().into()], |row| {
        let resource = row.parsed(0, "resource", |it| it.parse().ok())?;
        Ok((resource, row.parsed(1, "project", |it| it.parse().ok())?))
    })?;
    Ok(found.into_iter().collect())
}

/// What was written on a resource in `[from, to)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelSpan {
    pub resource: ResourceId,
    pub from: Timestamp,
    pub to: Timestamp,
    pub labels: Labels,
}

/// What was written on the resources of an account between two instants, both of them included, by resource and time.
pub fn spans(
    tx: &mut Tx<'_>,
    account: AccountId,
    between: (Timestamp, Timestamp),
) -> Result<Vec<LabelSpan>, StoreError> {
    let args = [account.to_string().into(), us(between.0).into(), us(between.1).into()];
    tx.rows(SPANS, &args, |row| {
        Ok(LabelSpan {
            resource: row.parsed(0, "resource", |it| it.parse().ok())?,
            from: at(row.int(1)?)?,
            // What stands there now has no end.
            to: at(row.int(2)?).unwrap_or(Timestamp::MAX),
            labels: read(row, 3)?,
        })
    })
}

/// The keys of tags that stand on resources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    pub keys: BTreeSet<String>,
    /// Whether these are all of them: of very many different tags, some are read.
    pub is_all: bool,
}

/// The keys of tags that stand on resources of an account now.
pub fn keys(tx: &mut Tx<'_>, account: AccountId) -> Result<Keys, StoreError> {
    let found = tx.rows(TAGS, &[account.to_string().into()], |row| {
        row.parsed(0, "tags", |it| parsed(it).map(BTreeMap::into_keys))
    })?;
    let is_all = found.len() < MOST_READ;
    Ok(Keys { keys: found.into_iter().flatten().collect(), is_all })
}

/// Project and tags of a resource from an instant on.
#[derive(Clone, Debug)]
pub struct Written<'a> {
    pub account: AccountId,
    pub resource: ResourceId,
    pub labels: &'a Labels,
    pub at: Timestamp,
}

/// Writes project and tags of a resource in place of those before, which are known for their time.
pub fn save(tx: &mut Tx<'_>, it: &Written<'_>) -> Result<(), StoreError> {
    let tags: String = it.labels.tags.iter().map(|(key, value)| tag(key, value)).collect();
    let project = it.labels.project.map(|it| it.to_string());
    let (account, resource, at) = (it.account.to_string(), it.resource.to_string(), us(it.at));
    let (account, resource) = (account.as_str(), resource.as_str());
    let (project, tags) = (project.as_deref(), tags.as_str());
    tx.exec(SAVE, &[account.into(), resource.into(), project.into(), tags.into()])?;
    tx.exec(CLOSE, &[account.into(), resource.into(), at.into()])?;
    tx.exec(OPEN, &[account.into(), resource.into(), at.into(), project.into(), tags.into()]).map(drop)
}
