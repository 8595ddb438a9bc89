//! What an owner writes on a resource: its name, project and tags. No bill depends on them.

use super::Refusal;
use std::collections::BTreeMap;
use store::labels::{self, Labels, Written};
use store::{Tx, projects, resources};
use units::{AccountId, ProjectId, ResourceId, Timestamp};

/// What is to change; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// From when on it stands there.
    pub at: Timestamp,
    pub name: Option<String>,
    /// `Some(None)` takes it out of its project.
    pub project: Option<Option<ProjectId>>,
    pub tags: Option<TagChange>,
}

/// What becomes of tags.
#[derive(Clone, Debug)]
pub enum TagChange {
    /// In place of all tags before.
    Replace(BTreeMap<String, String>),
    /// Beside those before; what is `None` goes. Source: RFC 7396.
    Merge(BTreeMap<String, Option<String>>),
}

/// A resource has no more tags than this.
pub const MOST_TAGS: usize = 20;

impl TagChange {
    /// The tags after it. Errors: `Tags` for more than there may be.
    fn after(self, before: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Refusal> {
        let changes = match self {
            TagChange::Replace(tags) => return Ok(tags),
            TagChange::Merge(changes) => changes,
        };
        let mut tags = before.clone();
        for (key, value) in changes {
            match value {
                Some(value) => drop(tags.insert(key, value)),
                None => drop(tags.remove(&key)),
            }
        }
        match tags.len() {
            there if there > MOST_TAGS => Err(Refusal::Tags { there, most: MOST_TAGS }),
            _ => Ok(tags),
        }
    }
}

/// A tag as it is kept. Errors: `TagText` for a key or a value that cannot be, of the field at fault.
pub fn tag(key: &str, value: &str) -> Result<(String, String), Refusal> {
    let is_plain = |it: &str| !it.chars().any(char::is_control);
    let fits = (1..=60).contains(&key.chars().count()) && !key.contains(':') && is_plain(key);
    match (fits, value.chars().count() <= 100 && is_plain(value)) {
        (true, true) => Ok((key.to_string(), value.to_string())),
        (false, _) => Err(Refusal::TagText.of("key")),
        (true, false) => Err(Refusal::TagText.of("value")),
    }
}

/// Changes what is written on a resource. Errors: `NotFound` for a resource or project that is not the account's.
pub fn change(tx: &mut Tx<'_>, account: AccountId, id: ResourceId, change: Change) -> Result<(), Refusal> {
    resources::get(tx, account, id)?;

    if let Some(name) = &change.name {
        resources::rename(tx, account, id, name)?;
        resources::touch(tx, account, id, change.at)?;
    }
    if let Some(Some(project)) = change.project {
        projects::hold(tx, account, project)?;
    }
    let before = labels::get(tx, account, id)?;
    let after = Labels {
        project: change.project.unwrap_or(before.project),
        tags: match change.tags {
            Some(tags) => tags.after(&before.tags)?,
            None => before.tags.clone(),
        },
    };
    if after != before {
        labels::save(tx, &Written { account, resource: id, labels: &after, at: change.at })?;
        resources::touch(tx, account, id, change.at)?;
    }
    Ok(())
}
