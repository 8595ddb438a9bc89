//! How the till is registered at a provider.
//!
//! In:  what the operator configured. Out: the same, checked.
//! Invariant: a provider is asked over TLS, but for one on this very machine.
//! Source: OpenID Connect Discovery 1.0, 4.

use crate::webhook::Reach;
use crate::webhook::guard;
use reqwest::Url;
use std::fmt;
use std::net::IpAddr;

/// What the till is to a provider.
#[derive(Clone, PartialEq, Eq)]
pub struct Registration {
    /// The provider's own address, exactly as it calls itself.
    pub issuer: String,
    pub client_id: String,
    pub client_secret: String,
    /// What people know the provider by; the host of its address where nothing is said.
    pub name: Option<String>,
    /// With mail addresses of these domains people of the operator come in; with all where there is none.
    pub domains: Vec<String>,
}

/// A secret is never printed.
impl fmt::Debug for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registration").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// What is wrong with an address of a provider.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssuerError {
    #[error(transparent)]
    Address(#[from] guard::AddressError),
    #[error("{0} is neither https nor on this machine; use https")]
    Open(String),
    #[error("an issuer has no `?` and no `#`; write it as the provider calls itself")]
    Parts,
}

impl Registration {
    /// The issuer as an address. Errors: it is none that can be asked.
    pub fn address(&self) -> Result<Url, IssuerError> {
        let url = address(&self.issuer)?;
        match url.query().is_none() && url.fragment().is_none() {
            true => Ok(url),
            false => Err(IssuerError::Parts),
        }
    }

    /// Where the provider says how it is asked.
    pub(super) fn discovery(&self) -> Result<Url, IssuerError> {
        self.address()?;
        address(&format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/')))
    }

    /// What people know the provider by.
    pub fn shown(&self) -> String {
        let host = || self.address().ok().and_then(|it| it.host_str().map(str::to_string));
        self.name.clone().or_else(host).unwrap_or_else(|| self.issuer.clone())
    }
}

/// An address at which a provider may be asked.
pub(super) fn address(text: &str) -> Result<Url, IssuerError> {
    let url = guard::check(text, Reach::Anywhere)?;
    let host = url.host_str().unwrap_or("").trim_start_matches('[').trim_end_matches(']');
    let is_here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|it| it.is_loopback());
    match url.scheme() == "https" || is_here {
        true => Ok(url),
        false => Err(IssuerError::Open(text.chars().take(80).collect())),
    }
}
