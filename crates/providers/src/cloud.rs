//! A simulated cloud: delivers after a delay, fails where it is told to, hands out addresses.
//!
//! In:  what is to be delivered. Out: how long it takes and how it ends.
//! Invariant: the same resource gets the same answer however often it is asked, so that a restart
//! changes nothing.

use billing::provision::Outcome;
use std::collections::BTreeMap;
use units::ResourceId;

/// How long deliveries take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delay {
    /// As long as the product says: somewhere between its shortest and longest.
    AsProduct,
    Seconds(u64),
}

/// What the simulated cloud does.
#[derive(Clone, Debug)]
pub struct Simulated {
    pub delay: Delay,
    /// From asking for a release until it is complete.
    pub release_seconds: u64,
    /// Delays of single resources.
    pub delays: BTreeMap<ResourceId, u64>,
    /// How many attempts fail before one succeeds.
    pub failures: BTreeMap<ResourceId, u32>,
}

impl Default for Simulated {
    fn default() -> Simulated {
        Simulated {
            delay: Delay::Seconds(0),
            release_seconds: 0,
            delays: BTreeMap::new(),
            failures: BTreeMap::new(),
        }
    }
}

impl Simulated {
    /// Seconds until the cloud answers. `range` is what the product promises.
    pub fn wait(&self, resource: ResourceId, range: (u64, u64)) -> u64 {
        if let Some(seconds) = self.delays.get(&resource) {
            return *seconds;
        }
        match self.delay {
            Delay::Seconds(seconds) => seconds,
            Delay::AsProduct => {
                let span = u128::from(range.1.saturating_sub(range.0)) + 1;
                range.0 + u64::try_from(resource.bits() % span).unwrap_or(0)
            }
        }
    }

    /// How attempt number `attempt` (from 1) ends.
    pub fn outcome(&self, resource: ResourceId, attempt: u32) -> Outcome {
        if self.failures.get(&resource).is_some_and(|it| attempt <= *it) {
            return Outcome::Failed { reason: "the simulated cloud has no stock".into() };
        }
        let [a, b] = [(resource.bits() >> 8) as u8, resource.bits() as u8];
        Outcome::Delivered { address: Some(format!("10.{}.{a}.{b}", (resource.bits() >> 16) as u8)) }
    }
}
