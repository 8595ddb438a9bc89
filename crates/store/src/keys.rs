//! API keys: who may call, for which account, until when. Only the hash of a key is stored.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use units::{AccountId, KeyId, Timestamp};

columns!(api_keys: id, hash, account, name, scopes, created_us, expires_us, revoked_us, addresses, last_used_us);
pub(crate) use api_keys;

statements! {
    ADD = concat!(api_keys!(insert), " on conflict do nothing");
    BY_HASH = concat!(api_keys!(select), " where hash = $1");
    GET = concat!(api_keys!(select), " where id = $1");
    OF_ACCOUNT = concat!(api_keys!(select), " where account = $1 and id < $2 order by id desc limit $3");
    ALL = concat!(api_keys!(select), " where id < $1 order by id desc limit $2");
    REVOKE = "update api_keys set revoked_us = $2 where id = $1 and revoked_us is null";
    LIMIT = "update api_keys set expires_us = $2 where id = $1 and (expires_us is null or expires_us > $2)";
    USED = "update api_keys set last_used_us = $2 where id = $1 and (last_used_us is null or last_used_us <= $3)";
    NAME = "select id, name from api_keys where id = $1";
    COUNT = "select count(*) from api_keys";
    LIVE = "select count(*) from api_keys where account = $1 and revoked_us is null and (expires_us is null or expires_us > $2)";
}

/// A key as it is stored: everything but the key itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub id: KeyId,
    /// `None` for those who are no customer: clouds, meters, operators.
    pub account: Option<AccountId>,
    pub name: String,
    /// Words such as `read` and `buy`, parted by spaces.
    pub scopes: String,
    pub created: Timestamp,
    pub expires: Option<Timestamp>,
    pub revoked: Option<Timestamp>,
    /// Networks from which it may be used, parted by spaces; empty for anywhere.
    pub addresses: String,
    /// When it was used last, to the minute.
    pub last_used: Option<Timestamp>,
}

/// The hash of a key's text.
pub(crate) fn hash(row: &Row<'_>) -> Result<String, StoreError> {
    row.text(api_keys!(hash))
}

pub(crate) fn key(row: &Row<'_>) -> Result<Key, StoreError> {
    Ok(Key {
        id: row.parsed(api_keys!(id), "key", |it| it.parse().ok())?,
        account: match row.maybe_text(api_keys!(account))? {
            None => None,
            Some(text) => {
                Some(text.parse().map_err(|_| StoreError::Corrupt(format!("account `{text}` of a key")))?)
            }
        },
        name: row.text(api_keys!(name))?,
        scopes: row.text(api_keys!(scopes))?,
        created: at(row.int(api_keys!(created_us))?)?,
        expires: row.maybe_int(api_keys!(expires_us))?.map(at).transpose()?,
        revoked: row.maybe_int(api_keys!(revoked_us))?.map(at).transpose()?,
        addresses: row.text(api_keys!(addresses))?,
        last_used: row.maybe_int(api_keys!(last_used_us))?.map(at).transpose()?,
    })
}

/// Adds a key under the hash of its text. Errors: `Differs` when the id or hash is taken.
pub fn add(tx: &mut Tx<'_>, new: &Key, hash: &str) -> Result<(), StoreError> {
    let args: [Value<'_>; api_keys!(count)] = [
        new.id.to_string().into(),
        hash.into(),
        new.account.map(|it| it.to_string()).into(),
        new.name.as_str().into(),
        new.scopes.as_str().into(),
        us(new.created).into(),
        new.expires.map(us).into(),
        new.revoked.map(us).into(),
        new.addresses.as_str().into(),
        new.last_used.map(us).into(),
    ];
    if tx.exec(ADD, &args)? == 0 {
        return Err(StoreError::Differs(format!("key {}", new.id)));
    }
    Ok(())
}

/// The key whose text has this hash, if there is one.
pub fn by_hash(tx: &mut Tx<'_>, hash: &str) -> Result<Option<Key>, StoreError> {
    Ok(tx.rows(BY_HASH, &[hash.into()], key)?.into_iter().next())
}

/// Errors: `NotFound`.
pub fn get(tx: &mut Tx<'_>, id: KeyId) -> Result<Key, StoreError> {
    tx.one(GET, &[id.to_string().into()], &format!("key {id}"), key)
}

/// The hash of a key's text. Errors: `NotFound`.
pub fn hash_of(tx: &mut Tx<'_>, id: KeyId) -> Result<String, StoreError> {
    tx.one(GET, &[id.to_string().into()], &format!("key {id}"), hash)
}

/// Keys of an account, newest first, below `before`.
pub fn of_account(
    tx: &mut Tx<'_>,
    account: AccountId,
    before: &str,
    most: i64,
) -> Result<Vec<Key>, StoreError> {
    tx.rows(OF_ACCOUNT, &[account.to_string().into(), before.into(), most.into()], key)
}

/// Every key, newest first, below `before`.
pub fn all(tx: &mut Tx<'_>, before: &str, most: i64) -> Result<Vec<Key>, StoreError> {
    tx.rows(ALL, &[before.into(), most.into()], key)
}

/// What keys are called; one that is not there is left out.
pub fn names(tx: &mut Tx<'_>, ids: &[KeyId]) -> Result<Vec<(KeyId, String)>, StoreError> {
    let keys: Vec<[Value<'_>; 1]> = ids.iter().map(|it| [it.to_string().into()]).collect();
    tx.each(NAME, &keys, |row| Ok((row.parsed(0, "key", |it| it.parse().ok())?, row.text(1)?)))
}

/// Ends a key. One that ended before stays as it was.
pub fn revoke(tx: &mut Tx<'_>, id: KeyId, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(REVOKE, &[id.to_string().into(), us(now).into()]).map(drop)
}

/// Keys of an account that have neither ended nor expired at `now`.
pub fn live_count(tx: &mut Tx<'_>, account: AccountId, now: Timestamp) -> Result<i64, StoreError> {
    let args = [account.to_string().into(), us(now).into()];
    tx.one(LIVE, &args, "count of keys", |row| row.int(0))
}

/// A key ends at `until`, unless it ends before.
pub fn limit(tx: &mut Tx<'_>, id: KeyId, until: Timestamp) -> Result<(), StoreError> {
    tx.exec(LIMIT, &[id.to_string().into(), us(until).into()]).map(drop)
}

/// Notes that a key was used, if that was not noted since `noted`.
pub fn used(tx: &mut Tx<'_>, id: KeyId, now: Timestamp, noted: Timestamp) -> Result<(), StoreError> {
    tx.exec(USED, &[id.to_string().into(), us(now).into(), us(noted).into()]).map(drop)
}

pub fn count(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.one(COUNT, &[], "count of keys", |row| row.int(0))
}
