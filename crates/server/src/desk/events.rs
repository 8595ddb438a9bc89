//! Events: what happened, noted for whoever subscribed to it.
//!
//! In:  a transaction, whose it is, the kind and its data. Out: nothing yet; the outbox comes with webhooks.
//! Invariant: an event is noted in the transaction that made it happen.

use super::Refusal;
use store::Tx;
use units::{AccountId, Timestamp};

/// Notes that something happened to an account, or to the till itself.
pub fn emit(
    _tx: &mut Tx<'_>,
    _account: Option<AccountId>,
    _kind: &str,
    _data: &serde_json::Value,
    _now: Timestamp,
) -> Result<(), Refusal> {
    Ok(())
}
