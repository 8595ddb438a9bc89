//! Keeping up with time: the loops of a server, one for each chain of jobs.
//!
//! In:  the server's state. Out: what falls due is done, by one node at a time.
//! Invariant: a node works at a chain under its lease only, and gives up its turn when it is asked to end.

use desk::Refusal;
use desk::jobs::{self, Chain, Failure, Keeper, Lease, Turn, TurnEnd};
use std::collections::HashSet;
use std::time::Duration;
use web::Node;
use web::clock::Clock;
use web::pulse::LATE;

/// The longest pause between two looks at what is due.
const PAUSE: Duration = Duration::from_secs(1);
/// The shortest pause, while others come in.
const GATHER: Duration = Duration::from_millis(10);

/// Does what falls due until the server ends, under leases of this holder; then all that it holds is given back.
pub async fn keep(node: Node, holder: String) {
    tokio::join!(
        keep_chain(&node, Chain::Books, &holder),
        keep_chain(&node, Chain::Deliveries, &holder),
        keep_chain(&node, Chain::OldEvents, &holder),
        watch(&node),
    );
    let done = node
        .blocking(move |node| node.store().write(|tx| Ok::<_, Refusal>(store::jobs::release(tx, &holder)?)));
    if let Err(problem) = done.await {
        tracing::warn!("jobs: the leases were not given back: {}", problem.detail);
    }
}

async fn keep_chain(node: &Node, chain: Chain, holder: &str) {
    let mut stirs = node.stirs();
    node.pulse().beat(chain);
    while !node.is_stopping() {
        let name = holder.to_string();
        let looked = node.blocking(move |node| look(node, chain, &name)).await;
        // What fails is told as that; where the database says nothing, the jobs stand.
        if looked.as_ref().err().is_none_or(|it| it.code.as_str() != "database_unavailable") {
            node.pulse().beat(chain);
        }
        match looked {
            Ok(TurnEnd::GivenUp | TurnEnd::BookWithheld) => continue,
            Ok(TurnEnd::Done | TurnEnd::LeaseLost) => {}
            Err(problem) => {
                tracing::error!(code = problem.code.as_str(), "jobs: {}", problem.detail);
                tokio::time::sleep(PAUSE).await;
            }
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            // What else comes in within this time is done with it.
            _ = stirs.changed() => tokio::time::sleep(GATHER).await,
            () = node.stopped() => break,
        }
    }
}

/// Says when a chain stands, once each time.
async fn watch(node: &Node) {
    let mut told: HashSet<Chain> = HashSet::new();
    while !node.is_stopping() {
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = node.stopped() => break,
        }
        for (chain, age) in node.pulse().ages() {
            let name = chain.as_str();
            if age <= LATE {
                if told.remove(&chain) {
                    tracing::info!(chain = name, "jobs: they go on");
                }
            } else if told.insert(chain) {
                tracing::error!(
                    chain = name,
                    seconds = age.as_secs(),
                    "jobs: they are late; nothing went on for so long"
                );
            }
        }
    }
}

/// Looks at what is due of a chain and does it, unless another node is at it.
fn look(node: &Node, chain: Chain, holder: &str) -> Result<TurnEnd, Refusal> {
    let _working = node.working();
    if chain == Chain::Books {
        node.refresh()?;
    }
    let desk = node.desk();
    let at = desk.at(node.clock().now());
    if !jobs::is_due(node.store(), chain, at)? {
        return Ok(TurnEnd::Done);
    }
    // Asked between two items: whoever asks goes on.
    let is_ending = || {
        node.pulse().beat(chain);
        node.is_stopping()
    };
    let keeper = Keeper { holder, clock: &|| Clock::Machine.now(), is_ending: &is_ending };
    let Some(lease) = Lease::take(node.store(), chain, keeper)? else { return Ok(TurnEnd::Done) };
    let end = jobs::run(&Turn::under(&lease, node.store(), at), chain, &mut |failure| {
        tell(&failure);
        Ok(())
    });
    match end {
        Ok(TurnEnd::LeaseLost) => {
            tracing::warn!(
                chain = chain.as_str(),
                "jobs: the lease ended before the work; another node goes on"
            );
            Ok(TurnEnd::LeaseLost)
        }
        Ok(TurnEnd::BookWithheld) => {
            tracing::error!(
                "jobs: a price book drops what lives and did not begin; the list of price books says why"
            );
            Ok(TurnEnd::BookWithheld)
        }
        Ok(end @ (TurnEnd::Done | TurnEnd::GivenUp)) => Ok(end),
        Err(failure) => {
            tell(&failure);
            Err(failure.refusal)
        }
    }
}

/// Logs and counts an item that failed.
fn tell(it: &Failure) {
    let (job, code) = (it.job.as_str(), it.refusal.code());
    tracing::error!(job, code, "jobs: {}", it.refusal);
    metrics::counter!(web::telemetry::JOBS_FAILED, "job" => job, "code" => code).increment(1);
}
