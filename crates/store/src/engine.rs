//! Two engines behind one transaction: embedded SQLite and PostgreSQL, the same statements on both.
//!
//! In:  statements with `$n` parameters, `text` and `bigint` values. Out: rows.
//! Invariant: whatever differs between the engines is in this folder.

mod erased;
mod error;
mod pg;
mod pool;
mod row;
mod sets;
mod store;
mod tx;
mod value;
mod writes;

pub use error::{AsStoreError, StoreError};
pub use pg::TimeOuts;
pub use pool::{PoolUse, REPORTS_AT_ONCE, SHORT_AT_ONCE};
pub use row::Row;
pub use store::{EMBEDDED_SETTINGS, Store};
pub use tx::Tx;
pub use value::Value;
pub use writes::Writes;

/// Microseconds since 1970: how an instant is stored.
pub fn us(at: units::Timestamp) -> i64 {
    at.as_microsecond()
}

/// The instant of a stored count of microseconds.
pub fn at(us: i64) -> Result<units::Timestamp, StoreError> {
    units::Timestamp::from_microsecond(us).map_err(|_| StoreError::Corrupt(format!("the instant {us}")))
}
