//! History: how meters stood in a cycle that is long closed, made again from the lives of their resources.
//!
//! In:  every change from birth on. Out: openings at an instant, and the changes behind it.
//! Invariant: what is made again is what the runs carried from cycle to cycle: `segment` is the same for both.
//! Rules: R-SET-5, R-PRC-3.

use crate::plan::{Configs, PlanError};
use crate::run::Recount;
use crate::segment::{self, Change, Opening};
use units::{Cycle, Timestamp};

/// How meters stand at `from`, and what changes from then on. `life` is sorted by resource, then by time.
///
/// Errors: a configuration that has no plan in a book of that time.
pub fn meters(
    life: &[Change],
    from: Timestamp,
    configs: &Configs,
) -> Result<(Vec<Opening>, Vec<Change>), PlanError> {
    let start = from.as_second();
    let (before, within): (Vec<Change>, Vec<Change>) = life.iter().partition(|it| it.at < start);
    let born = before.iter().map(|it| it.at).min().and_then(|it| Timestamp::from_second(it).ok());
    let Some(born) = born else { return Ok((Vec::new(), within)) };
    // Which kind of cycle it is means nothing to segments: they end where it ends.
    let until = Cycle { kind: units::CycleKind::Month, from: born, to: from };
    let (_, openings) = segment::segments(&[], &before, until, configs)?;
    Ok((openings, within))
}

impl Recount {
    /// How its meters stood when the closed cycle began, and what changed within it.
    ///
    /// Errors: a configuration that has no plan in a book of that time.
    pub fn meters(&self, configs: &Configs) -> Result<(Vec<Opening>, Vec<Change>), PlanError> {
        meters(&self.life, self.original.from, configs)
    }
}

#[cfg(test)]
mod tests;
