//! API keys: made, listed, ended.
//!
//! In:  the hash of a key, never the key. Out: keys as they stand.
//! Invariant: a customer's key is bound to one account and has no scope beyond it.

use super::{Refusal, journal};
use store::accounts::Patience;
use store::{Tx, keys};
use units::{AccountId, KeyId, Timestamp};

pub use store::keys::Key;

/// Keys that one account may have at once; those that ended or expired do not count.
const MOST_OF_ACCOUNT: i64 = 100;

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Read what an account has and was billed.
    Read,
    /// Order, pay and change what an account has.
    Buy,
    /// Take tasks and answer them.
    Cloud,
    /// Send usage.
    Meter,
    /// Everything, for every account.
    Operator,
}

impl Scope {
    pub const ALL: [Scope; 5] = [Scope::Read, Scope::Buy, Scope::Cloud, Scope::Meter, Scope::Operator];

    pub const fn as_str(self) -> &'static str {
        match self {
            Scope::Read => "read",
            Scope::Buy => "buy",
            Scope::Cloud => "cloud",
            Scope::Meter => "meter",
            Scope::Operator => "operator",
        }
    }

    pub fn parse(text: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Whether the scope is about one account.
    pub const fn is_of_account(self) -> bool {
        match self {
            Scope::Read | Scope::Buy => true,
            Scope::Cloud | Scope::Meter | Scope::Operator => false,
        }
    }
}

/// What a new key is to be.
#[derive(Clone, Debug)]
pub struct NewKey {
    pub account: Option<AccountId>,
    pub name: String,
    pub scopes: Vec<Scope>,
    pub expires: Option<Timestamp>,
}

/// The hash under which the text of a key is stored. Keys are random, so that one plain hash is enough.
pub fn hash(text: &str) -> String {
    journal::digest(text.as_bytes())
}

/// Stores a key under the hash of its text.
///
/// Errors: `KeyScopes` when the scopes do not go with each other, `Past` when it would have expired, `Keys` when the
/// account has as many as it may have.
pub fn add(tx: &mut Tx<'_>, new: &NewKey, hash: &str, now: Timestamp) -> Result<Key, Refusal> {
    if let Some(account) = new.account {
        // Held, so that several that are made at once are counted.
        store::accounts::lock(tx, [account], Patience::Wait)?;
        store::accounts::get(tx, account)?;
        if keys::live_count(tx, account, now)? >= MOST_OF_ACCOUNT {
            return Err(Refusal::Keys(MOST_OF_ACCOUNT));
        }
    }
    let fits = |it: &Scope| it.is_of_account() == new.account.is_some();
    if new.scopes.is_empty() || !new.scopes.iter().all(fits) {
        return Err(Refusal::KeyScopes);
    }
    if let Some(expires) = new.expires.filter(|it| *it <= now) {
        return Err(Refusal::Past(expires).of("expires"));
    }
    let mut scopes: Vec<&str> = new.scopes.iter().map(|it| it.as_str()).collect();
    scopes.sort_unstable();
    scopes.dedup();
    let key = Key {
        id: KeyId::named(now, hash),
        account: new.account,
        name: new.name.clone(),
        scopes: scopes.join(" "),
        created: now,
        expires: new.expires,
        revoked: None,
    };
    keys::add(tx, &key, hash)?;
    Ok(key)
}

/// Ends a key. `account` is whose keys the caller may end; `None` for every key. `asking` is `None` on the command line.
///
/// Errors: `OwnKey` for the key that asks, if a key asks: whoever ends it could not say so again.
pub fn revoke(
    tx: &mut Tx<'_>,
    asking: Option<KeyId>,
    account: Option<AccountId>,
    id: KeyId,
    now: Timestamp,
) -> Result<Key, Refusal> {
    let key = keys::get(tx, id)?;
    if account.is_some() && key.account != account {
        return Err(store::StoreError::NotFound(format!("key {id}")).into());
    }
    if asking == Some(id) {
        return Err(Refusal::OwnKey);
    }
    keys::revoke(tx, id, now)?;
    Ok(keys::get(tx, id)?)
}
