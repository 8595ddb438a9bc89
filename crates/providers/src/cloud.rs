//! The cloud: a real one that takes tasks over HTTP, or a simulated one that answers by itself.
//!
//! In:  what is to be done. Out: how long it takes and how it ends.
//! Invariant: the simulated cloud gives the same resource the same answer however often it is asked, so that a
//! restart changes nothing.

use billing::provision::{Kind, Made, Outcome, Retry};
use billing::task::Task;
use std::collections::BTreeMap;
use units::ResourceId;

/// Storage, bandwidth of others, and what is asked for by calls.
const WITHOUT_NETWORK: [&str; 13] = [
    "disk",
    "volume",
    "bandwidth-package",
    "cross-region-bandwidth",
    "lb-bandwidth",
    "high-defence-packet",
    "api-calls",
    "archive",
    "domain",
    "lookups",
    "mails",
    "payments",
    "stamps",
];

/// Who does what the till sells.
#[derive(Clone, Debug)]
pub enum Cloud {
    Simulated(Simulated),
    /// A driver that asks for tasks or is called with them, and calls back.
    External {
        /// Seconds after which an attempt without an answer has failed.
        timeout_seconds: u64,
    },
}

impl Default for Cloud {
    fn default() -> Cloud {
        Cloud::Simulated(Simulated::default())
    }
}

impl Cloud {
    /// Seconds from asking until the answer of a simulated cloud, or until the time-out of a real one.
    pub fn due_seconds(&self, kind: Kind, resource: ResourceId, range: (u64, u64)) -> u64 {
        match (self, kind) {
            (Cloud::External { timeout_seconds }, _) => *timeout_seconds,
            (Cloud::Simulated(it), Kind::Provision) => it.wait(resource, range),
            (Cloud::Simulated(it), Kind::Release) => it.release_seconds,
            (Cloud::Simulated(_), Kind::Change | Kind::Stop | Kind::Start) => 0,
        }
    }
}

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
    /// Seconds until the cloud delivers. `range` is what the product promises.
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

    /// How the attempt of a task ends. Only deliveries fail, and only they give an address, to what has a network.
    pub fn outcome(&self, task: &Task) -> Outcome {
        if task.kind != Kind::Provision {
            return Outcome::Done(Made::default());
        }
        if self.failures.get(&task.resource).is_some_and(|it| task.attempt <= *it) {
            let reason = "the simulated cloud has no stock".to_string();
            return Outcome::Failed { reason, retry: Retry::Later };
        }
        let address = has_network(&task.product).then(|| address(task.resource));
        Outcome::Done(Made { address, attributes: BTreeMap::new() })
    }
}

/// Whether something of a product can be reached. As every cloud does, it knows what it makes by the ids of products, here of the
/// books that come with the program; what it does not know is a machine.
fn has_network(product: &str) -> bool {
    !WITHOUT_NETWORK.contains(&product)
}

fn address(of: ResourceId) -> String {
    let [a, b, c] = [16, 8, 0].map(|it| (of.bits() >> it) as u8);
    format!("10.{a}.{b}.{c}")
}

#[cfg(test)]
mod tests;
