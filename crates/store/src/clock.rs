//! The test clock's standing.
//!
//! In:  a transaction. Out: where the clock stands.
//! Invariant: a database that ran on the machine's clock has none.

use crate::engine::{StoreError, Tx, at, us};
use units::Timestamp;

statements! {
    GET = "select now_us from clock where id = 1";
    SET = "insert into clock (id, now_us) values (1, $1) on conflict (id) do update set now_us = excluded.now_us";
}

/// Where the test clock stands, if this database ever had one.
pub fn get(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    tx.rows(GET, &[], |row| row.int(0))?.into_iter().next().map(at).transpose()
}

/// The test clock stands at `now` from here on, also after a restart.
pub fn set(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(SET, &[us(now).into()]).map(drop)
}
