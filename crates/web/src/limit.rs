//! How often one actor may call, and how often all keys of one account together.
//!
//! In:  who calls. Out: what that leaves of the limits, and whether this call is within them.
//! Invariant: those who call within their limits never wait for those who do not; more keys give an account no more calls.

pub mod told;

use super::code::Own;
use super::identity::{Actor, Identity};
use super::problem::Problem;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use std::hash::Hash;
use std::num::NonZeroU32;
use std::time::Duration;
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

/// Of whom a limit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// One key.
    Key,
    /// All keys of an account together.
    Account,
}

impl Of {
    /// The name of the limit in headers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Of::Key => "key",
            Of::Account => "account",
        }
    }

    /// The beginning of a sentence about whoever called too often.
    const fn called(self) -> &'static str {
        match self {
            Of::Key => "this key called",
            Of::Account => "the keys of this account called, all of them together,",
        }
    }
}

/// Where one limit stands once a request was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub of: Of,
    /// Requests in a second.
    pub quota: u32,
    /// Requests that may follow at once.
    pub left: u32,
    /// So long the request would have to wait; `None` for one that is let in.
    pub wait: Option<Duration>,
}

impl Standing {
    /// Whole seconds after which a request that has to wait is let in: not sooner, and less than one second later.
    pub fn seconds(&self) -> Option<u64> {
        self.wait.map(|it| it.as_secs() + u64::from(it.subsec_nanos() > 0))
    }
}

/// Where the limits of whoever calls stand: those that a request was counted by; none where any number is let in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowance(Vec<Standing>);

impl Allowance {
    /// All of them.
    pub fn all(&self) -> &[Standing] {
        &self.0
    }

    /// The one that is reached first: of which the least is left.
    pub fn tightest(&self) -> Option<&Standing> {
        self.0.iter().min_by_key(|it| (it.wait.is_none(), it.left))
    }

    /// Errors: `rate_limited`, with the seconds to wait.
    pub fn check(&self) -> Result<(), Problem> {
        let Some((it, seconds)) = self.0.iter().find_map(|it| Some((it, it.seconds()?))) else {
            return Ok(());
        };
        let detail = format!("{} too often; wait as long as Retry-After says", it.of.called());
        Err(Problem { retry_after: Some(seconds), ..Problem::new(Own::RateLimited, detail) })
    }
}

/// Counts by key and tells where each stands.
type Counter<K> = RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock, StateInformationMiddleware>;

/// How often each actor and each account may call.
pub struct Limiter {
    actors: Option<Counter<Actor>>,
    accounts: Option<Counter<AccountId>>,
}

impl Limiter {
    pub fn new(limits: Limits) -> Limiter {
        Limiter { actors: counter(limits.of_key), accounts: counter(limits.of_account) }
    }

    /// Counts one request. A key that called too often takes nothing of what its account has left.
    pub fn count(&self, who: &Identity) -> Allowance {
        let of_key = self.actors.as_ref().map(|it| counted(it, &who.actor, Of::Key));
        let is_refused = of_key.is_some_and(|it| it.wait.is_some());
        let of_account = match (&self.accounts, &who.account) {
            (Some(accounts), Some(account)) if !is_refused => Some(counted(accounts, account, Of::Account)),
            (Some(_), _) | (None, _) => None,
        };
        Allowance(of_key.into_iter().chain(of_account).collect())
    }
}

fn counter<K: Hash + Eq + Clone>(per_second: u32) -> Option<Counter<K>> {
    let quota = Quota::per_second(NonZeroU32::new(per_second)?);
    Some(RateLimiter::keyed(quota).with_middleware())
}

fn counted<K: Hash + Eq + Clone>(counter: &Counter<K>, by: &K, of: Of) -> Standing {
    match counter.check_key(by) {
        Ok(state) => Standing {
            of,
            quota: state.quota().burst_size().get(),
            left: state.remaining_burst_capacity(),
            wait: None,
        },
        Err(until) => Standing {
            of,
            quota: until.quota().burst_size().get(),
            left: 0,
            wait: Some(until.wait_time_from(counter.clock().now())),
        },
    }
}

#[cfg(test)]
mod tests;
