//! Descriptors: how many files and sockets this process may have open, and how many connections there is room for.
//!
//! In:  the limits of the process. Out: the soft one raised as far as the hard one allows.
//! Invariant: the database, the log and webhooks always find descriptors: connections of clients take no more than is left.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Descriptors that are kept for what is no client: connections to the database or its files, webhooks, the log.
const KEPT: u64 = 256;
/// More connections than this take memory rather than descriptors.
const MOST_CONNECTIONS: u64 = 10_000;
/// Where the system names no limit.
const UNLIMITED: u64 = 1 << 20;

/// Raises the soft limit to the hard one; gives what holds then. Where that is refused, what was before still holds.
pub(crate) fn raise() -> u64 {
    let before = getrlimit(Resource::Nofile);
    let hard = before.maximum.unwrap_or(UNLIMITED);
    let soft = before.current.unwrap_or(UNLIMITED);
    if soft >= hard {
        return soft;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: Some(hard), maximum: before.maximum }) {
        Ok(()) => hard,
        Err(error) => {
            tracing::warn!("the limit of {soft} open files cannot be raised to {hard}: {error}");
            soft
        }
    }
}

/// How many connections of clients there is room for among so many descriptors.
pub(crate) fn connections(descriptors: u64) -> usize {
    let kept = KEPT.min(descriptors / 2);
    usize::try_from((descriptors - kept).min(MOST_CONNECTIONS)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
