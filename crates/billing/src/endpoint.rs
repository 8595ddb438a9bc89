//! Endpoints: addresses that are told of events, and whose they are.
//!
//! In:  what an owner asked for. Out: endpoints with their secrets, listeners without.
//! Invariant: a secret is never printed.

use std::fmt;
use units::{AccountId, EndpointId, Timestamp};

/// Whose events an endpoint is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    Account(AccountId),
    /// Events of all accounts, and of the till itself.
    Operator,
    /// Work for the cloud.
    Cloud,
}

impl Owner {
    /// The account, where it is one.
    pub const fn account(self) -> Option<AccountId> {
        match self {
            Owner::Account(id) => Some(id),
            Owner::Operator | Owner::Cloud => None,
        }
    }

    /// The owner of this name.
    pub fn parse(text: &str) -> Option<Owner> {
        match text {
            "operator" => Some(Owner::Operator),
            "cloud" => Some(Owner::Cloud),
            account => account.parse().ok().map(Owner::Account),
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Owner::Account(id) => write!(f, "{id}"),
            Owner::Operator => f.write_str("operator"),
            Owner::Cloud => f.write_str("cloud"),
        }
    }
}

/// Whether an endpoint is sent anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Enabled,
    Disabled,
}

impl State {
    /// Its stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            State::Enabled => "enabled",
            State::Disabled => "disabled",
        }
    }

    /// The state of this name.
    pub fn parse(text: &str) -> Option<State> {
        [State::Enabled, State::Disabled].into_iter().find(|it| it.as_str() == text)
    }
}

/// The secret that an endpoint had before: it signs beside the new one, so that its owner has time to change it.
#[derive(Clone, PartialEq, Eq)]
pub struct OldSecret {
    pub secret: String,
    /// From then on it signs nothing.
    pub until: Timestamp,
}

/// Without the secret.
impl fmt::Debug for OldSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OldSecret(until {})", self.until)
    }
}

/// An address that is told of events.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub id: EndpointId,
    pub owner: Owner,
    pub url: String,
    /// Signs every message; shown to its owner once. As it is kept: sealed, but where nothing is kept for long.
    pub secret: String,
    /// The one before, until it signs nothing any more.
    pub old: Option<OldSecret>,
    /// Kinds of events: `*`, `order.*` or exact.
    pub kinds: Vec<String>,
    pub state: State,
    pub created: Timestamp,
}

/// Without the secret.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({} of {}: {})", self.id, self.owner, self.url)
    }
}

/// An enabled endpoint, as far as telling it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    pub id: EndpointId,
    pub owner: Owner,
    pub kinds: Vec<String>,
}
