//! Health: what an operator looks at to know that all goes on.
//!
//! In:  a transaction. Out: what waits, who does the jobs, the newest close, the installation's key, queues of webhooks.
//! Invariant: a fixed number of statements, however much waits.

use super::gauges::{self, Gauges};
use super::jobs::Chain;
use super::lists::webhooks::{self, Queue};
use super::{At, Refusal};
use store::{Tx, closes, installation, jobs};
use units::Timestamp;

pub use store::jobs::JobRow;

/// How the till is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    pub gauges: Gauges,
    /// Who does the jobs of each chain, and until when nobody else does.
    pub leases: Vec<JobRow>,
    /// When the newest close was: no clock may lie far behind it.
    pub newest_close: Option<Timestamp>,
    /// The public half of the installation's key.
    pub public_key: Option<String>,
    /// Where messages to webhooks wait.
    pub queues: Vec<Queue>,
}

/// Looks.
pub fn read(tx: &mut Tx<'_>, at: At<'_>) -> Result<Health, Refusal> {
    let is_chain = |it: &JobRow| Chain::ALL.iter().any(|chain| chain.as_str() == it.name);
    Ok(Health {
        gauges: gauges::read(tx, at)?,
        leases: jobs::all(tx)?.into_iter().filter(is_chain).collect(),
        newest_close: closes::newest(tx)?,
        public_key: installation::public_key(tx)?,
        queues: webhooks::queues(tx)?.items,
    })
}
