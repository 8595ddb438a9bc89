//! Steps as people read them: attempts that fail for one cause are one.
//!
//! In:  steps in the order of time. Out: the same, an attempt that failed before left out, with how many more there are of it.
//! Invariant: nothing else is left out; after a renewal that succeeds the next that fails is told anew.
//! Rules: R-REN-2.

use super::{Coming, Step};
use crate::renewal::Failure;
use crate::story::What;
use std::collections::BTreeMap;
use units::{ResourceId, Timestamp};

/// A step, and the attempts that fail after it for the same cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Folded {
    pub step: Step,
    /// How many more attempts fail.
    pub more: usize,
    /// When the last of them does.
    pub last: Timestamp,
}

/// Steps in the order of time, the attempts to renew a resource that fail for one cause as the first of them.
pub fn fold(steps: &[Step]) -> Vec<Folded> {
    let mut all: Vec<Folded> = Vec::with_capacity(steps.len());
    let mut failing: BTreeMap<ResourceId, (Failure, usize)> = BTreeMap::new();
    for step in steps {
        match step.coming {
            Coming::RenewalFails(id, why) => {
                if let Some((_, at)) = failing.get(&id).filter(|it| it.0 == why) {
                    let first = &mut all[*at];
                    (first.more, first.last) = (first.more + 1, step.at);
                    continue;
                }
                failing.insert(id, (why, all.len()));
            }
            Coming::Resource { id, what: What::Renewed } => {
                failing.remove(&id);
            }
            Coming::Resource { .. }
            | Coming::PackEmpty(_)
            | Coming::PackEnds(_)
            | Coming::MoneyGone
            | Coming::MoneyBack => {}
        }
        all.push(Folded { step: *step, more: 0, last: step.at });
    }
    all
}

#[cfg(test)]
mod tests;
