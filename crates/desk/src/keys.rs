//! API keys: made, listed, ended.
//!
//! In:  the hash of a key, never the key. Out: keys as they stand.
//! Invariant: a customer's key is bound to one account and has no scope beyond it.

use super::facts::{self, Fact};
use super::network::{self, Network};
use super::{Over, Refusal, journal, later};
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
    /// From where it may be used; empty for anywhere.
    pub addresses: Vec<Network>,
}

/// `new`, if `maker` may make it: it may do no more, from no more places, and for no longer than its maker. What is left
/// open is taken over from the maker.
///
/// Errors: `KeyExceeds`, of the field at fault.
pub fn within(tx: &mut Tx<'_>, maker: KeyId, new: NewKey) -> Result<NewKey, Refusal> {
    limited(&keys::get(tx, maker)?, new)
}

fn limited(maker: &Key, new: NewKey) -> Result<NewKey, Refusal> {
    let scopes = scopes(maker);
    let may = |it: &Scope| scopes.contains(it) || scopes.contains(&Scope::Operator);
    if let Some(more) = new.scopes.iter().find(|it| !may(it)) {
        return Err(Refusal::KeyExceeds(format!("has no scope `{}`", more.as_str())).of("scopes"));
    }
    if maker.account.is_some() && maker.account != new.account {
        return Err(Refusal::KeyExceeds("is of another account".into()).of("account"));
    }
    let own = addresses(maker)?;
    let beyond = |it: &&Network| !own.is_empty() && !own.iter().any(|own| own.holds(**it));
    if let Some(beyond) = new.addresses.iter().find(beyond) {
        return Err(Refusal::KeyExceeds(format!("may not be used from {beyond}")).of("addresses"));
    }
    let expires = match (maker.expires, new.expires) {
        (Some(own), Some(asked)) if asked > own => {
            return Err(Refusal::KeyExceeds(format!("ends at {own}")).of("expires"));
        }
        (own, asked) => asked.or(own),
    };
    let addresses = if new.addresses.is_empty() { own } else { new.addresses };
    Ok(NewKey { expires, addresses, ..new })
}

/// What a key may do.
pub fn scopes(key: &Key) -> Vec<Scope> {
    key.scopes.split(' ').filter_map(Scope::parse).collect()
}

/// From where a key may be used; empty for anywhere. Errors: `Corrupt`.
pub fn addresses(key: &Key) -> Result<Vec<Network>, Refusal> {
    network::all(&key.addresses).map_err(|_| Refusal::corrupt(format!("the addresses of key {}", key.id)))
}

/// A key that takes the place of another.
#[derive(Clone, Copy, Debug)]
pub struct Rotation<'a> {
    /// The key that asks; `None` on the command line.
    pub asking: Option<KeyId>,
    /// Whose keys the asker may change; `None` for every key.
    pub account: Option<AccountId>,
    pub id: KeyId,
    /// The hash of the new key's text.
    pub hash: &'a str,
    /// So long the old one is good too, in seconds.
    pub overlap_seconds: u64,
}

/// So long an old key is good beside the new one where nothing else is said: a day.
pub const OVERLAP_SECONDS: u64 = 86_400;

/// Makes a key that may do what another one may, which ends after the overlap. A key may do that for itself.
///
/// Errors: `NotFound`, also for a key of somebody else; `KeyEnded` for one that has ended; `KeyExceeds` when it may more
/// than the key that asks.
pub fn rotate(tx: &mut Tx<'_>, it: &Rotation<'_>, now: Timestamp) -> Result<Key, Refusal> {
    let old = of_asker(tx, it.account, it.id)?;
    if old.revoked.is_some() || old.expires.is_some_and(|end| end <= now) {
        return Err(Refusal::KeyEnded(old.id));
    }
    let (account, name, expires) = (old.account, old.name.clone(), old.expires);
    let new = NewKey { account, name, scopes: scopes(&old), expires, addresses: addresses(&old)? };
    if let Some(asking) = it.asking.filter(|asking| *asking != old.id) {
        let asker = keys::get(tx, asking)?;
        let longer = asker.expires.is_some_and(|own| old.expires.is_none_or(|end| end > own));
        if longer || limited(&asker, new.clone())?.addresses != new.addresses {
            return Err(Refusal::KeyExceeds("may less than the key that is to be replaced".into()));
        }
    }
    let key = add(tx, &new, it.hash, now)?;
    let until = later(now, it.overlap_seconds);
    let hash = keys::hash_of(tx, old.id)?;
    keys::limit(tx, old.id, until)?;
    let old = keys::get(tx, old.id)?;
    facts::note(tx, &[Fact::key(&old, &hash)], now)?;
    Ok(key)
}

/// Errors: `NotFound`, also for a key of another account than `account`.
fn of_asker(tx: &mut Tx<'_>, account: Option<AccountId>, id: KeyId) -> Result<Key, Refusal> {
    let key = keys::get(tx, id)?;
    if account.is_some() && key.account != account {
        return Err(store::StoreError::NotFound(format!("key {id}")).into());
    }
    Ok(key)
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
        return Err(Refusal::Past(Over::Time(expires)).of("expires"));
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
        addresses: network::text(&new.addresses),
        last_used: None,
    };
    keys::add(tx, &key, hash)?;
    facts::note(tx, &[Fact::key(&key, hash)], now)?;
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
    let key = of_asker(tx, account, id)?;
    if asking == Some(id) {
        return Err(Refusal::OwnKey);
    }
    keys::revoke(tx, id, now)?;
    facts::note(tx, &[Fact::key_ended(&key)], now)?;
    Ok(keys::get(tx, id)?)
}
