//! How often one actor may call, and how often all keys of one account together.
//!
//! In:  who calls. Out: whether this call is within the limits.
//! Invariant: those who call within their limits never wait for those who do not; more keys give an account no more calls.

use super::code::Own;
use super::identity::{Actor, Identity};
use super::problem::Problem;
use governor::clock::Clock;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::hash::Hash;
use std::num::NonZeroU32;
use units::AccountId;

/// Requests in a second; 0 for any number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of one key.
    pub of_key: u32,
    /// Of all keys of one account together.
    pub of_account: u32,
}

impl Limits {
    /// Any number of requests.
    pub const NONE: Limits = Limits { of_key: 0, of_account: 0 };
}

/// How often each actor and each account may call.
pub struct Limiter {
    actors: Option<DefaultKeyedRateLimiter<Actor>>,
    accounts: Option<DefaultKeyedRateLimiter<AccountId>>,
}

impl Limiter {
    pub fn new(limits: Limits) -> Limiter {
        Limiter { actors: keyed(limits.of_key), accounts: keyed(limits.of_account) }
    }

    /// Counts one request. Errors: `rate_limited`, with the seconds to wait.
    pub fn admit(&self, who: &Identity) -> Result<(), Problem> {
        if let Some(actors) = &self.actors {
            check(actors, &who.actor, "this key called")?;
        }
        match (&self.accounts, &who.account) {
            (Some(accounts), Some(account)) => {
                check(accounts, account, "the keys of this account called, all of them together,")
            }
            (Some(_), None) | (None, _) => Ok(()),
        }
    }
}

fn keyed<K: Hash + Eq + Clone>(per_second: u32) -> Option<DefaultKeyedRateLimiter<K>> {
    NonZeroU32::new(per_second).map(|it| RateLimiter::keyed(Quota::per_second(it)))
}

fn check<K: Hash + Eq + Clone>(
    limiter: &DefaultKeyedRateLimiter<K>,
    of: &K,
    whose: &str,
) -> Result<(), Problem> {
    limiter.check_key(of).map_err(|until| {
        let wait = until.wait_time_from(limiter.clock().now());
        let detail = format!("{whose} too often; wait as long as Retry-After says");
        let problem = Problem::new(Own::RateLimited, detail);
        Problem { retry_after: Some(wait.as_secs() + 1), ..problem }
    })
}

#[cfg(test)]
mod tests;
