//! Who calls, whatever proved it: an actor, its account, what it may do.
//!
//! In:  what a way of proving it found. Out: a value that scopes, limits, idempotency and the audit log work by.
//! Invariant: nothing here or behind it asks how somebody proved who they are.

use super::code::Own;
use super::problem::Problem;
use axum::http::Method;
use desk::keys::Scope;
use std::fmt;
use units::{AccountId, KeyId, UserId};

/// Whoever acts, by what acts for it: a key, or a user who is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    Key(KeyId),
    User(UserId),
}

impl Actor {
    /// The key that acts. Errors: `unauthorized` for somebody who has none.
    pub fn key(self) -> Result<KeyId, Problem> {
        match self {
            Actor::Key(id) => Ok(id),
            Actor::User(_) => Err(Problem::unauthorized("this is done with a key")),
        }
    }
}

/// As the audit log names it.
impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actor::Key(id) => id.fmt(f),
            Actor::User(id) => id.fmt(f),
        }
    }
}

/// Somebody who proved who they are.
#[derive(Clone, Debug)]
pub struct Identity {
    pub actor: Actor,
    /// The account that it is bound to; `None` for those who act for the operator or the cloud.
    pub account: Option<AccountId>,
    pub scopes: Vec<Scope>,
}

/// Somebody who proved to another face of this process who they are: what only this process can put beside a request.
///
/// That face looked whether the person may read one list, and that list is all that it is good for.
#[derive(Clone, Debug)]
pub struct Proved {
    identity: Identity,
    list: &'static str,
}

impl Proved {
    /// A person who may read the list at this path.
    pub const fn reads(list: &'static str, identity: Identity) -> Proved {
        Proved { identity, list }
    }

    /// Who asks. Errors: `scope_missing` for anything but reading the list.
    pub fn identity(&self, method: &Method, path: &str) -> Result<&Identity, Problem> {
        if method.is_safe() && path == self.list {
            return Ok(&self.identity);
        }
        Err(Problem::new(
            Own::ScopeMissing,
            format!("this person may read {} here, and nothing else", self.list),
        ))
    }
}

impl Identity {
    pub fn has(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope) || self.scopes.contains(&Scope::Operator)
    }

    /// Errors: `scope_missing`.
    pub fn needs(&self, scope: Scope) -> Result<(), Problem> {
        if self.has(scope) {
            return Ok(());
        }
        let detail = format!("this needs a key with the scope `{}`", scope.as_str());
        Err(Problem::new(Own::ScopeMissing, detail))
    }
}

#[cfg(test)]
mod tests;
