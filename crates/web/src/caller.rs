//! Callers: who calls, with which scope, and the account that the call is about.
//!
//! In:  headers. Out: a caller of one scope, bound to an account where the scope is about one.
//! Invariant: no handler of a customer's thing sees any account but the caller's.

use super::bearer;
use super::code::Own;
use super::guest::Guest;
use super::identity::{Actor, Identity, Proved};
use super::limit::told::Kept;
use super::node::Node;
use super::problem::Problem;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use desk::keys::Scope;
use units::AccountId;

/// Who calls. Every way of proving it is tried here, in order; the first that the request uses decides.
///
/// Another way is a line here, a file beside `bearer` and, for another kind of actor, a variant of `Actor`.
/// Errors: `unauthorized`, `rate_limited`.
pub async fn identify(node: &Node, parts: &Parts) -> Result<Identity, Problem> {
    let nobody = || Problem::unauthorized("send the key as `Authorization: Bearer till_live_…`");
    let identity = match parts.extensions.get::<Proved>() {
        Some(proved) => proved.identity(&parts.method, parts.uri.path())?.clone(),
        None => bearer::identity(node, parts).await?.ok_or_else(nobody)?,
    };
    parts.extensions.get::<Guest>().into_iter().for_each(Guest::has_shown_a_key);
    let allowance = node.limiter().count(&identity);
    let admitted = allowance.check();
    parts.extensions.get::<Kept>().into_iter().for_each(|it| it.keep(allowance.clone()));
    admitted?;
    tracing::Span::current().record("key", identity.actor.to_string());
    Ok(identity)
}

/// A caller with the right scope, and the account that the call is about.
// trait: implemented by every scope of this file
pub trait Asker: Sized {
    /// Errors: 401, 403, or 404 for an account that is not the caller's.
    fn admit(caller: &Identity, headers: &HeaderMap) -> Result<(Self, Option<AccountId>), Problem>;
}

/// The account that a call is about: the caller's own, or the one that an operator names.
fn account(caller: &Identity, headers: &HeaderMap) -> Result<AccountId, Problem> {
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
            Err(Problem::new(Own::AccountNeeded, detail))
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
                let caller = identify(&Node::from_ref(state), parts).await?;
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
            fn admit(caller: &Identity, headers: &HeaderMap) -> Result<($name, Option<AccountId>), Problem> {
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
            pub actor: Actor,
        }

        impl Asker for $name {
            fn admit(caller: &Identity, _: &HeaderMap) -> Result<($name, Option<AccountId>), Problem> {
                caller.needs(Scope::$scope)?;
                Ok(($name { actor: caller.actor }, None))
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
            fn admit(caller: &Identity, headers: &HeaderMap) -> Result<($name, Option<AccountId>), Problem> {
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

/// Whoever is known, with any scope.
#[derive(Clone, Copy, Debug)]
pub struct Anyone {
    pub actor: Actor,
    /// `None` for the operator, the cloud and meters.
    pub account: Option<AccountId>,
}

impl Asker for Anyone {
    fn admit(caller: &Identity, _: &HeaderMap) -> Result<(Anyone, Option<AccountId>), Problem> {
        Ok((Anyone { actor: caller.actor, account: caller.account }, caller.account))
    }
}

asker_from_parts!(Anyone);
