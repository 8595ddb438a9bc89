//! How often one actor may call.
//!
//! Invariant: those who call within their limit never wait for those who do not.

use super::code::Own;
use super::identity::Actor;
use super::problem::Problem;
use governor::clock::Clock;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;

/// How often each actor may call.
pub struct Limiter(Option<DefaultKeyedRateLimiter<Actor>>);

impl Limiter {
    /// `per_second` is how many requests one actor may make; 0 for any number.
    pub fn new(per_second: u32) -> Limiter {
        Limiter(NonZeroU32::new(per_second).map(|it| RateLimiter::keyed(Quota::per_second(it))))
    }

    /// Counts one request. Errors: `rate_limited`, with the seconds to wait.
    pub fn admit(&self, actor: Actor) -> Result<(), Problem> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        limiter.check_key(&actor).map_err(|until| {
            let wait = until.wait_time_from(limiter.clock().now());
            let detail = "this key called too often; wait as long as Retry-After says";
            let problem = Problem::new(Own::RateLimited, detail);
            Problem { retry_after: Some(wait.as_secs() + 1), ..problem }
        })
    }
}
