//! The test clock of a database: held by one server, from its start to its end.
//!
//! In:  a store, the name of this process. Out: the clock is ours, or a refusal that says what to do.
//! Invariant: a server that lost its test clock to another ends; a crashed one holds it no longer than its lease.

use anyhow::{Result, bail};
use desk::jobs::{Sole, sole};
use std::time::Duration;
use store::Store;
use web::Node;
use web::clock::Clock;

/// How often whoever holds it says so.
const BEAT: Duration = Duration::from_secs(3);
/// How often it is looked at while somebody else may hold it.
const LOOK: Duration = Duration::from_millis(500);

/// Takes the test clock. One that a crashed server left behind is waited for; errors: one that another prolongs.
pub(crate) fn take(store: &Store, holder: &str) -> Result<()> {
    let mut first = None;
    loop {
        match sole(store, holder, Clock::Machine.now())? {
            Sole::Ours => return Ok(()),
            Sole::Others { until } if *first.get_or_insert(until) == until => {}
            Sole::Others { .. } => bail!(
                "another server runs on the test clock of this database, and two would each move a time of their own: end \
                 it first, or name another database with --data or --database-url"
            ),
        }
        std::thread::sleep(LOOK);
    }
}

/// Prolongs it until the server ends; ends the server when another took it meanwhile.
pub(crate) async fn keep(node: Node, holder: String) {
    while !node.is_stopping() {
        tokio::select! {
            () = tokio::time::sleep(BEAT) => {}
            () = node.stopped() => break,
        }
        let name = holder.clone();
        let done = node.blocking(move |node| sole(node.store(), &name, Clock::Machine.now())).await;
        match done {
            Ok(Sole::Ours) => {}
            Ok(Sole::Others { .. }) => {
                tracing::error!("another server took the test clock of this database: this one ends");
                node.stop();
            }
            Err(problem) => tracing::warn!("the test clock was not prolonged: {}", problem.detail),
        }
    }
}
