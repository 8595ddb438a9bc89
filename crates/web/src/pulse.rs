//! The pulse of the jobs of this node: when each chain gave the last sign of life.
//!
//! In:  a sign of life, whenever a chain goes on to its next item or finds nothing to do. Out: how long ago that was.
//! Invariant: a chain that never began has no age; nothing here asks the database, which may be what it waits for.

use desk::jobs::Chain;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A chain that gave no sign of life for so long is late.
pub const LATE: Duration = Duration::from_secs(30);

/// When each chain of jobs gave the last sign of life.
#[derive(Debug, Default)]
pub struct Pulse(Mutex<[Option<Instant>; Chain::ALL.len()]>);

impl Pulse {
    /// The chain goes on.
    pub fn beat(&self, chain: Chain) {
        let mut beats = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (known, beat) in Chain::ALL.into_iter().zip(beats.iter_mut()) {
            if known == chain {
                *beat = Some(Instant::now());
            }
        }
    }

    /// How long ago each chain that began went on last.
    pub fn ages(&self) -> Vec<(Chain, Duration)> {
        let beats = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let age = |(chain, beat): (Chain, &Option<Instant>)| Some((chain, beat.as_ref()?.elapsed()));
        Chain::ALL.into_iter().zip(beats.iter()).filter_map(age).collect()
    }

    /// The chain that stands for the longest time, where that is too long.
    pub fn late(&self) -> Option<(Chain, Duration)> {
        self.ages().into_iter().filter(|it| it.1 > LATE).max_by_key(|it| it.1)
    }
}

#[cfg(test)]
mod tests;
