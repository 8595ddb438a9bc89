//! Keeping up with time: the loop of a server.
//!
//! In:  the server's state. Out: what falls due is done, by one node at a time.
//! Invariant: within one process one run at a time; among nodes, whoever holds the lease.

use desk::jobs::{next_due, run_due};
use desk::{Refusal, later};
use std::time::Duration;
use store::clock::Lease;
use web::Node;

/// The longest pause between two looks at what is due.
const PAUSE: Duration = Duration::from_secs(1);
/// The shortest pause, while others come in.
const GATHER: Duration = Duration::from_millis(10);
const LEASE_SECONDS: u64 = 15;

/// Does what falls due until the server ends.
pub async fn keep(node: Node) {
    let holder = web::random::fresh("node");
    loop {
        let name = holder.clone();
        let done = node.blocking(move |node| tick(node, &name)).await;
        if let Err(problem) = done {
            tracing::error!(code = problem.code, "jobs: {}", problem.detail);
            tokio::time::sleep(PAUSE).await;
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            // What else comes in within this time is done with it.
            () = node.stirred() => tokio::time::sleep(GATHER).await,
            () = node.stopped() => break,
        }
    }
    let done = node.blocking(move |node| {
        node.store().write(|tx| Ok::<_, Refusal>(store::clock::release(tx, "jobs", &holder)?))
    });
    if let Err(problem) = done.await {
        tracing::warn!("jobs: the lease was not given back: {}", problem.detail);
    }
}

fn tick(node: &Node, holder: &str) -> Result<(), Refusal> {
    let mut last = node.last_run();
    let now = node.clock().now();
    let until = later(now, LEASE_SECONDS);
    let lease =
        node.store().write(|tx| Ok::<_, Refusal>(store::clock::claim(tx, ("jobs", holder), until, now)?))?;
    node.refresh()?;
    let desk = node.desk();
    let due = next_due(node.store(), &desk, *last)?.is_some_and(|it| it <= now);
    if lease == Lease::Others || !due {
        return Ok(());
    }
    run_due(node.store(), &desk, (*last, now), &mut |refusal| {
        tracing::error!(code = refusal.code(), "jobs: {refusal}");
        metrics::counter!("till_jobs_failed_total", "code" => refusal.code()).increment(1);
        Ok(())
    })?;
    *last = now;
    Ok(())
}
