//! Keeping up with time: the loops of a server, one for each chain of jobs, and a hand for settlement runs.
//!
//! In:  the server's state. Out: what falls due is done, by one node at a time; a settlement run by all of them.
//! Invariant: a node works at a chain under its lease only, and gives up its turn when it is asked to end.

use desk::Refusal;
use desk::jobs::{self, Chain, Failure, Help, Keeper, Lease, Turn, TurnEnd};
use std::collections::HashSet;
use std::time::Duration;
use web::Node;
use web::clock::Clock;
use web::pulse::LATE;

/// The longest pause between two looks at what is due.
const PAUSE: Duration = Duration::from_secs(1);
/// The shortest pause, while others come in.
const GATHER: Duration = Duration::from_millis(10);
/// The pause while other nodes have in hand what this one waits for.
const OTHERS: Duration = Duration::from_millis(50);

/// Does what falls due until the server ends, under leases of this holder; then all that it holds is given back.
pub async fn keep(node: Node, holder: String) {
    let hand = format!("{holder}-hand");
    tokio::join!(
        keep_chain(&node, Chain::Books, &holder),
        keep_chain(&node, Chain::Deliveries, &holder),
        keep_chain(&node, Chain::OldEvents, &holder),
        keep_chain(&node, Chain::Sums, &holder),
        keep_hand(&node, &hand),
        watch(&node),
    );
    let done = node.blocking(move |node| {
        node.store().write(|tx| {
            for name in [&holder, &hand] {
                store::runs::give_back(tx, name)?;
            }
            Ok::<_, Refusal>(store::jobs::release(tx, &holder)?)
        })
    });
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
        if looked.as_ref().err().is_none_or(|it| it.code != desk::Code::DatabaseUnavailable.into()) {
            node.pulse().beat(chain);
        }
        match looked {
            Ok(TurnEnd::GivenUp | TurnEnd::BookWithheld) => continue,
            Ok(TurnEnd::OthersAtIt) => {
                tokio::time::sleep(OTHERS).await;
                continue;
            }
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

/// Helps with settlement runs, whoever leads them. Where one writes at a time, nobody could help.
async fn keep_hand(node: &Node, name: &str) {
    while !node.is_stopping() && node.store().writes_at_once() > 1 {
        let holder = name.to_string();
        let helped = node.blocking(move |node| help(node, &holder)).await;
        match helped {
            Ok(help) if help.ranges > 0 => continue,
            Ok(_) => {}
            Err(problem) => tracing::error!(code = problem.code.as_str(), "settlement: {}", problem.detail),
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = node.stopped() => break,
        }
    }
}

/// Takes accounts of the run that is open and settles them, until none are left or a turn is over.
fn help(node: &Node, holder: &str) -> Result<Help, Refusal> {
    let _working = node.working();
    node.refresh()?;
    let desk = node.desk();
    let keeper = Keeper { holder, clock: &|| Clock::Machine.now(), is_ending: &|| node.is_stopping() };
    let help = jobs::help(node.store(), desk.at(node.clock().now()), keeper)?;
    if help.ranges > 0 {
        let Help { ranges, accounts, bills, .. } = &help;
        tracing::info!(ranges, accounts, bills, "settlement: this node helped with a run");
    }
    for left_by in &help.left_by {
        tracing::warn!(left_by, "settlement: accounts that another node had in hand were taken over");
    }
    Ok(help)
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
        Ok(end @ (TurnEnd::Done | TurnEnd::GivenUp | TurnEnd::OthersAtIt)) => Ok(end),
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
