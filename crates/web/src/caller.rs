//! Who calls: keys looked up by their hash, scopes, the account that a call is about, how often.
//!
//! In:  the Authorization header. Out: a caller of one scope, bound to an account where the scope is about one.
//! Invariant: no handler of a customer's thing sees any account but the caller's.

use super::call::Asker;
use super::node::Node;
use super::problem::Problem;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use desk::keys::{self, Scope};
use governor::clock::Clock;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use units::{AccountId, KeyId};

/// How long a key that was looked up is believed. On one node, ending a key acts at once.
const BELIEVED: Duration = Duration::from_secs(1);
const MOST_KNOWN: usize = 10_000;

/// Keys that called lately, and how often they may.
pub struct Callers {
    known: Mutex<HashMap<String, (Instant, keys::Key)>>,
    limiter: Option<DefaultKeyedRateLimiter<KeyId>>,
}

impl Callers {
    /// `per_second` is how many requests one key may make; 0 for any number.
    pub fn new(per_second: u32) -> Callers {
        let quota = NonZeroU32::new(per_second).map(Quota::per_second);
        Callers { known: Mutex::default(), limiter: quota.map(RateLimiter::keyed) }
    }

    /// Forgets what was looked up, after a key was ended.
    pub fn forget(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn known(&self, hash: &str) -> Option<keys::Key> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(hash).filter(|it| it.0.elapsed() < BELIEVED).map(|it| it.1.clone())
    }

    fn remember(&self, hash: String, key: &keys::Key) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(hash, (Instant::now(), key.clone()));
    }

    fn admit(&self, key: KeyId) -> Result<(), Problem> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        limiter.check_key(&key).map_err(|until| {
            let wait = until.wait_time_from(limiter.clock().now());
            let detail = "this key called too often; wait as long as Retry-After says";
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail);
            Problem { retry_after: Some(wait.as_secs() + 1), ..problem }
        })
    }
}

/// Whoever holds a key that is in force.
#[derive(Clone, Debug)]
pub struct Caller {
    pub key: KeyId,
    /// The key as the audit log names it.
    pub name: String,
    pub account: Option<AccountId>,
    pub scopes: Vec<Scope>,
}

impl Caller {
    pub fn has(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope) || self.scopes.contains(&Scope::Operator)
    }

    fn needs(&self, scope: Scope) -> Result<(), Problem> {
        if self.has(scope) {
            return Ok(());
        }
        let detail = format!("this needs a key with the scope `{}`", scope.as_str());
        Err(Problem::forbidden("scope_missing", detail))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller
where
    Node: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Caller, Problem> {
        let node = Node::from_ref(state);
        let text = bearer(&parts.headers)?;
        let hash = keys::hash(text);
        let key = match node.callers().known(&hash) {
            Some(key) => key,
            None => {
                let wanted = hash.clone();
                let found = node.read(move |tx, _| Ok(store::keys::by_hash(tx, &wanted)?)).await?;
                let key = found.ok_or_else(|| Problem::unauthorized("this key is not known"))?;
                node.callers().remember(hash, &key);
                key
            }
        };
        if key.revoked.is_some() {
            return Err(Problem::unauthorized("this key was ended; use another"));
        }
        if key.expires.is_some_and(|it| it <= node.clock().now()) {
            return Err(Problem::unauthorized("this key has expired; ask for another"));
        }
        node.callers().admit(key.id)?;
        tracing::Span::current().record("key", key.id.to_string());
        let scopes = key.scopes.split(' ').filter_map(Scope::parse).collect();
        Ok(Caller { key: key.id, name: key.id.to_string(), account: key.account, scopes })
    }
}

fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let value = headers.get(header::AUTHORIZATION).and_then(|it| it.to_str().ok());
    let text = value.and_then(|it| it.split_once(' ')).filter(|it| it.0.eq_ignore_ascii_case("bearer"));
    let text = text.map(|it| it.1.trim()).filter(|it| !it.is_empty());
    text.ok_or_else(|| Problem::unauthorized("send the key as `Authorization: Bearer till_live_…`"))
}

/// The account that a call is about: the key's own, or the one that an operator names.
fn account(caller: &Caller, headers: &HeaderMap) -> Result<AccountId, Problem> {
    let named = match headers.get("till-account") {
        None => None,
        Some(value) => {
            let text = value.to_str().unwrap_or("");
            let read = text.parse::<AccountId>();
            // Like an unreadable id in a path: there is no such account.
            let wrong = |_| Problem::not_found("account in the header Till-Account; it is written acc_…");
            Some(read.map_err(wrong)?)
        }
    };
    match (caller.account, named) {
        (Some(own), Some(named)) if own != named => Err(Problem::not_found(&format!("account {named}"))),
        (Some(own), _) => Ok(own),
        (None, Some(named)) => Ok(named),
        (None, None) => {
            let detail = "say for which account, with the header Till-Account: acc_…";
            Err(Problem::forbidden("account_needed", detail))
        }
    }
}

macro_rules! asker_from_parts {
    ($name:ident) => {
        impl<S: Send + Sync> FromRequestParts<S> for $name
        where
            Node: FromRef<S>,
        {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<$name, Problem> {
                let caller = Caller::from_request_parts(parts, state).await?;
                $name::admit(&caller, &parts.headers).map(|it| it.0)
            }
        }
    };
}

macro_rules! of_an_account {
    ($($(#[$doc:meta])* $name:ident: $scope:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name {
            pub account: AccountId,
        }

        impl Asker for $name {
            fn admit(caller: &Caller, headers: &HeaderMap) -> Result<($name, Option<AccountId>), Problem> {
                caller.needs(Scope::$scope)?;
                let account = account(caller, headers)?;
                Ok(($name { account }, Some(account)))
            }
        }

        asker_from_parts!($name);
    )*};
}

macro_rules! of_no_account {
    ($($(#[$doc:meta])* $name:ident: $scope:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name {
            pub key: KeyId,
        }

        impl Asker for $name {
            fn admit(caller: &Caller, _: &HeaderMap) -> Result<($name, Option<AccountId>), Problem> {
                caller.needs(Scope::$scope)?;
                Ok(($name { key: caller.key }, None))
            }
        }

        asker_from_parts!($name);
    )*};
}

of_an_account! {
    /// Reads what one account has.
    Reader: Read;
    /// Buys for one account and changes what it has.
    Buyer: Buy;
}

of_no_account! {
    /// A cloud: takes tasks and answers them.
    Cloud: Cloud;
    /// Sends usage.
    Meter: Meter;
    /// Looks after prices and accounts.
    Operator: Operator;
}

macro_rules! of_an_account_or_none {
    ($($(#[$doc:meta])* $name:ident: $scope:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name {
            /// `None` for the operator.
            pub account: Option<AccountId>,
        }

        impl Asker for $name {
            fn admit(caller: &Caller, headers: &HeaderMap) -> Result<($name, Option<AccountId>), Problem> {
                caller.needs(Scope::$scope)?;
                let account = match caller.account.is_none() && !headers.contains_key("till-account") {
                    true => None,
                    false => Some(account(caller, headers)?),
                };
                Ok(($name { account }, account))
            }
        }

        asker_from_parts!($name);
    )*};
}

of_an_account_or_none! {
    /// Whoever looks after something that an account or the operator may have, such as keys and webhooks.
    Owner: Buy;
    /// Whoever looks at it.
    Viewer: Read;
}

/// Whoever holds a key, of any scope.
#[derive(Clone, Debug)]
pub struct Anyone {
    pub key: KeyId,
}

impl Asker for Anyone {
    fn admit(caller: &Caller, _: &HeaderMap) -> Result<(Anyone, Option<AccountId>), Problem> {
        Ok((Anyone { key: caller.key }, caller.account))
    }
}

asker_from_parts!(Anyone);
