//! What is followed at the gateway, so many at once, until the server ends.
//!
//! In:  a node, what is due, how one is followed. Out: nothing; each that is due is followed by one task at a time.
//! Invariant: one that waits for its answer holds nothing else up; those under way when the server ends are waited for.

use desk::{At, Refusal, Tx};
use std::collections::HashSet;
use std::fmt::Display;
use std::future::Future;
use std::hash::Hash;
use std::time::Duration;
use tokio::task::{JoinError, JoinSet};
use web::Node;

/// How often to look when nothing happens.
const LOOK: Duration = Duration::from_secs(1);

/// What is followed: its name in the log, how many at once, and which are due.
pub(crate) struct Kind<I> {
    pub name: &'static str,
    pub at_once: usize,
    pub due: fn(&mut Tx<'_>, At<'_>, usize) -> Result<Vec<I>, Refusal>,
}

/// Follows all that is due until the server ends.
pub(crate) async fn keep<I, F>(node: &Node, of: Kind<I>, follow: impl Fn(I) -> F)
where
    I: Copy + Eq + Hash + Display + Send + 'static,
    F: Future<Output = I> + Send + 'static,
{
    let Kind { name, at_once, due } = of;
    let mut stirs = node.stirs();
    let (mut flying, mut ids) = (JoinSet::new(), HashSet::new());
    while !node.is_stopping() {
        match node.read(move |tx, at| due(tx, at, at_once)).await {
            Ok(due) => {
                for id in due {
                    if flying.len() < at_once && ids.insert(id) {
                        flying.spawn(follow(id));
                    }
                }
            }
            Err(problem) => tracing::error!(code = problem.code.as_str(), "{name}: {}", problem.detail),
        }
        tokio::select! {
            Some(landed) = flying.join_next() => land(name, &mut ids, landed),
            _ = stirs.changed() => {}
            () = tokio::time::sleep(LOOK) => {}
            () = node.stopped() => break,
        }
    }
    while let Some(landed) = flying.join_next().await {
        land(name, &mut ids, landed);
    }
}

fn land<I: Eq + Hash>(name: &str, ids: &mut HashSet<I>, landed: Result<I, JoinError>) {
    match landed {
        Ok(id) => drop(ids.remove(&id)),
        Err(error) => {
            tracing::error!(%error, "{name}: one broke off; it is looked at again");
            ids.clear();
        }
    }
}
