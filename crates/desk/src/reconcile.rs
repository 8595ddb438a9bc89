//! Reconciliation: what the gateway for cards has against what the books have.
//!
//! In:  what the gateway lists since an instant. Out: every difference, kept until it is there no more.
//! Invariant: nothing is put right here: an operator is told, and decides.

use super::{At, Refusal};
use billing::payment::reconcile::{self, Difference, Listing};
use std::collections::BTreeMap;
use store::{Tx, card_differences};
use units::{PaymentId, Timestamp};

pub use store::card_differences::OpenDifference;

/// How far back payments are compared, in hours: longer than any bank keeps a sum.
const BACK_HOURS: i64 = 35 * 24;
/// Differences that are shown.
const MOST: usize = 500;

/// Compares what both have, and notes the differences. Gives all that there are.
pub fn compare(tx: &mut Tx<'_>, at: At<'_>, listing: &Listing) -> Result<Vec<OpenDifference>, Refusal> {
    let ours = card_differences::payments_since(tx, listing.since)?;
    let owners: BTreeMap<PaymentId, String> = ours.iter().map(|it| (it.id, it.account.to_string())).collect();
    let found = reconcile::differences(&ours, &listing.payments, at.now);
    let owned = |it: Difference| (owners.get(&it.payment).cloned().unwrap_or_default(), it);
    let all: Vec<(String, Difference)> = found.into_iter().map(owned).collect();
    card_differences::note(tx, &all, at.now)?;
    open(tx)
}

/// Since when payments are compared.
pub fn since(now: Timestamp) -> Timestamp {
    now.checked_sub(jiff::SignedDuration::from_hours(BACK_HOURS)).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Differences that are open, the oldest first.
pub fn open(tx: &mut Tx<'_>) -> Result<Vec<OpenDifference>, Refusal> {
    Ok(card_differences::open(tx, MOST)?)
}
