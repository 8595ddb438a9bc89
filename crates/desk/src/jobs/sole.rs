//! A test clock has one server: two would each move a time of their own, and write into what the other has settled.
//!
//! In:  a store, the name of a process, the time of its machine. Out: whether the test clock of this database is its.
//! Invariant: as long as it is prolonged nobody else gets it; after a crash it is free when its lease ended.

use super::lease::claim;
use crate::Refusal;
use store::jobs::{self, Lease};
use store::{Store, Tx};
use units::Timestamp;

/// The name of its row among those of jobs.
const NAME: &str = "test_clock";

/// Whose a test clock is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sole {
    Ours,
    /// Another process has it, at least up to then if it still runs.
    Others {
        until: Timestamp,
    },
}

/// Takes the test clock of a database for a process, or prolongs it.
pub fn sole(store: &Store, holder: &str, now: Timestamp) -> Result<Sole, Refusal> {
    store.write(|tx| match jobs::claim(tx, &claim(NAME, holder, now))? {
        Lease::Held => Ok(Sole::Ours),
        Lease::Others => Ok(Sole::Others { until: until(tx)?.unwrap_or(now) }),
    })
}

fn until(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, Refusal> {
    Ok(jobs::all(tx)?.into_iter().find(|it| it.name == NAME).map(|it| it.until))
}
