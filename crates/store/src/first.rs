//! What first starts wait for each other at.
//!
//! In:  a transaction. Out: nobody else is at the first start of this database until it ends.

use crate::engine::{StoreError, Tx};

statements! {
    HOLD = "select number from migrations where number = 1 for update";
}

/// Holds the row of the first migration, which every database has.
pub fn hold(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.one(HOLD, &[], "first migration", |row| row.int(0)).map(drop)
}
