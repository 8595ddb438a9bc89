//! The public half of the installation's key, and of those that signed before it.
//!
//! In:  a transaction. Out: whose books these are, and who signed for them before.
//! Invariant: no public half is forgotten; the keys themselves are in no database.

use crate::engine::{StoreError, Tx, us};
use units::Timestamp;

statements! {
    PUBLIC = "select public_key from installation where id = 1";
    SET = "insert into installation (id, public_key, made_us) values (1, $1, $2) on conflict do nothing";
    KEEP = "insert into installation_keys (public_key, made_us, until_us, next_key, signature)
        select public_key, made_us, $1, $2, $3 from installation where id = 1";
    REPLACE = "update installation set public_key = $1, made_us = $2 where id = 1";
    BEFORE = "select public_key, next_key, signature from installation_keys order by until_us desc, public_key";
}

/// The public half, if a node with a key ever served these books.
pub fn public_key(tx: &mut Tx<'_>) -> Result<Option<String>, StoreError> {
    Ok(tx.rows(PUBLIC, &[], |row| row.text(0))?.into_iter().next())
}

/// Writes the public half; one that is there stays.
pub fn set(tx: &mut Tx<'_>, public: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(SET, &[public.into(), us(now).into()]).map(drop)
}

/// A key that another took the place of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyBefore {
    pub public: String,
    /// The public half of the one that took its place.
    pub next: String,
    /// By which that one says so.
    pub signature: String,
}

/// Puts another public half in the place of the present one, which is kept with the word of the new one.
pub fn replace(tx: &mut Tx<'_>, public: &str, signature: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(KEEP, &[us(now).into(), public.into(), signature.into()])?;
    tx.exec(REPLACE, &[public.into(), us(now).into()]).map(drop)
}

/// Keys before the present one, the newest first.
pub fn before(tx: &mut Tx<'_>) -> Result<Vec<KeyBefore>, StoreError> {
    tx.rows(BEFORE, &[], |row| {
        Ok(KeyBefore { public: row.text(0)?, next: row.text(1)?, signature: row.text(2)? })
    })
}
