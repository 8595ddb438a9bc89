//! The public half of the installation's key.
//!
//! In:  a transaction. Out: whose books these are.
//! Invariant: once it is written it stays; the key itself is in no database.

use crate::engine::{StoreError, Tx, us};
use units::Timestamp;

statements! {
    PUBLIC = "select public_key from installation where id = 1";
    SET = "insert into installation (id, public_key, made_us) values (1, $1, $2) on conflict do nothing";
}

/// The public half, if a node with a key ever served these books.
pub fn public_key(tx: &mut Tx<'_>) -> Result<Option<String>, StoreError> {
    Ok(tx.rows(PUBLIC, &[], |row| row.text(0))?.into_iter().next())
}

/// Writes the public half; one that is there stays.
pub fn set(tx: &mut Tx<'_>, public: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(SET, &[public.into(), us(now).into()]).map(drop)
}
