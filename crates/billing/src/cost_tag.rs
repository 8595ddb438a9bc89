//! Cost tags: the keys of tags by which an account cuts its costs, each from a month on.
//!
//! In:  the cost tags of an account, the keys that are to be ones. Out: what changes.
//! Invariant: a key counts in whole months, and what it counts in stays; at most 15 count from any month on.
//! Rules: R-ALC-2. Examples: scenarios/data/allocation/.

use std::collections::BTreeSet;
use units::{Cycle, Timestamp};

/// So many keys are cost tags at once.
pub const MOST: usize = 15;

/// A key of tags that counts in the costs of some months.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CostTag {
    pub key: String,
    /// The beginning of the month in which it was made one.
    pub from: Timestamp,
    /// The beginning of the month in which it was taken away; `None` until then.
    pub until: Option<Timestamp>,
}

impl CostTag {
    /// Whether it counts in the costs of a month. Source: R-ALC-2.
    pub fn counts_in(&self, month: &Cycle) -> bool {
        self.from <= month.from && self.until.is_none_or(|it| month.from < it)
    }
}

/// More keys than there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} keys would be cost tags, and {MOST} may be; take some away")]
pub struct TooMany(pub usize);

/// What is written so that exactly `keys` are cost tags from the month on that begins at `month`: those that end, and new ones.
/// Nothing where they are already.
///
/// Errors: `TooMany`. Source: R-ALC-2.
pub fn changed(
    there: &[CostTag],
    keys: &BTreeSet<String>,
    month: Timestamp,
) -> Result<Vec<CostTag>, TooMany> {
    if keys.len() > MOST {
        return Err(TooMany(keys.len()));
    }
    let open = || there.iter().filter(|it| it.until.is_none());
    let ended = open().filter(|it| !keys.contains(&it.key));
    let mut changed: Vec<CostTag> = ended.map(|it| CostTag { until: Some(month), ..it.clone() }).collect();
    let new = keys.iter().filter(|key| !open().any(|it| it.key == **key));
    changed.extend(new.map(|key| CostTag { key: key.clone(), from: month, until: None }));
    Ok(changed)
}

#[cfg(test)]
mod tests;
