//! Readings that wait for a place, and how many for which reason.

use crate::Refusal;
use crate::page::{Page, Part, mark};
use crate::usage::quarantine::{Filter, end};
use store::quarantine::{self, Kept};
use store::{StoreError, Tx};
use units::Timestamp;

pub use store::quarantine::ReasonCount;

/// A reading that waits, and when it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub kept: Kept,
    pub at: Timestamp,
}

/// What waits, the newest first.
pub fn page(tx: &mut Tx<'_>, of: &Filter, part: &Part) -> Result<Page<Waiting>, Refusal> {
    let after = mark::of(part)?;
    let found = quarantine::newest(tx, &of.query(), after.as_ref(), i64::from(part.most) + 1)?;
    let waiting = |kept: Kept| -> Result<_, StoreError> {
        Ok(Waiting { at: store::engine::at(kept.sent.at_us)?, kept })
    };
    Ok(Page::of(found, part, |it| mark::word(&end(it))).try_map(waiting)?)
}

/// How much waits, by reason.
pub fn reasons(tx: &mut Tx<'_>) -> Result<Page<ReasonCount>, Refusal> {
    Ok(Page::whole(quarantine::reasons(tx)?))
}
