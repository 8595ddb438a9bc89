//! What answers say of the limits: the headers `RateLimit-Policy` and `RateLimit`.
//!
//! In:  where the limits of whoever calls stand. Out: headers on the answer, whatever it is.
//! Invariant: who is not known, and who may call as often as they like, is told nothing.
//! Source: draft-ietf-httpapi-ratelimit-headers-10; windows are of one second.

use super::{Allowance, Standing};
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::{Arc, Mutex, PoisonError};

/// What the limits are: `"key";q=200;w=1, "account";q=400;w=1`.
pub const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// What is left of the one that is reached first: `"key";r=199;t=1`.
pub const LEFT: HeaderName = HeaderName::from_static("ratelimit");

/// A window in seconds: after so long all of a limit is there again.
const WINDOW_SECONDS: u64 = 1;

/// Where it is kept what a request was counted by. Every request carries one; whoever asks several times in its name
/// leaves the last.
#[derive(Clone, Debug, Default)]
pub struct Kept(Arc<Mutex<Allowance>>);

impl Kept {
    /// Keeps what the answer is to say.
    pub fn keep(&self, allowance: Allowance) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = allowance;
    }

    fn take(&self) -> Allowance {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Says on every answer to whoever is known where their limits stand.
pub async fn standings(mut request: Request, next: Next) -> Response {
    let kept = Kept::default();
    request.extensions_mut().insert(kept.clone());
    let mut response = next.run(request).await;
    let allowance = kept.take();
    let told = [(POLICY, policy(&allowance)), (LEFT, left(&allowance))];
    for (name, text) in told {
        if let Some(value) = text.and_then(|it| HeaderValue::from_str(&it).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// The limits that a request was counted by; `None` where there are none.
fn policy(of: &Allowance) -> Option<String> {
    let one = |it: &Standing| format!("\"{}\";q={};w={WINDOW_SECONDS}", it.of.as_str(), it.quota);
    let all: Vec<String> = of.all().iter().map(one).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// What is left of the tightest.
fn left(of: &Allowance) -> Option<String> {
    let it = of.tightest()?;
    let seconds = it.seconds().unwrap_or(WINDOW_SECONDS);
    Some(format!("\"{}\";r={};t={seconds}", it.of.as_str(), it.left))
}

#[cfg(test)]
mod tests;
