//! Reconciliation: what the gateway for cards has against what the books have.
//!
//! In:  what the gateway lists since an instant. Out: every difference, kept until it is there no more.
//! Invariant: nothing is put right here: an operator is told, and decides.

use super::{At, Refusal};
use billing::payment::Payment;
use billing::payment::reconcile::back::{self, ListingBack};
use billing::payment::reconcile::{self, Difference, Listing, MARGIN_SECONDS};
use std::collections::BTreeMap;
use store::{Tx, card_differences, card_payments, card_refunds};
use units::{Money, PaymentId, Timestamp};

pub use store::card_differences::OpenDifference;

/// How far back payments are listed, in seconds: longer than any bank keeps a sum, and the margin.
const BACK_SECONDS: i64 = 36 * 86_400;
/// Differences that are shown.
const MOST: usize = 500;

/// What the gateway lists: payments, and what went back to cards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub payments: Listing,
    pub back: ListingBack,
}

/// Compares what both have, and notes the differences. Gives all that there are.
pub fn compare(tx: &mut Tx<'_>, at: At<'_>, listed: &Listed) -> Result<Vec<OpenDifference>, Refusal> {
    let mut all = of_payments(tx, at, &listed.payments)?;
    all.extend(of_refunds(tx, &listed.back)?);
    card_differences::note(tx, &all, at.now)?;
    open(tx)
}

/// A difference, and whose it is; of nobody where the books do not know the payment.
type Owned = (String, Difference);

fn of_payments(tx: &mut Tx<'_>, at: At<'_>, listing: &Listing) -> Result<Vec<Owned>, Refusal> {
    let ours = card_payments::since(tx, before(listing.since, MARGIN_SECONDS))?;
    let ours: Vec<Payment> = ours.into_iter().map(|it| it.payment).collect();
    let owners = ours.iter().map(|it| (it.id, it.account.to_string())).collect();
    let mut on_their_way: BTreeMap<PaymentId, Money> = BTreeMap::new();
    for it in card_refunds::open(tx, usize::MAX)? {
        let sum = on_their_way.entry(it.payment).or_insert(Money::zero(it.money.currency()));
        *sum = sum.checked_add(it.money)?;
    }
    Ok(owned(reconcile::differences(&ours, &on_their_way, listing, at.now), &owners))
}

fn of_refunds(tx: &mut Tx<'_>, listing: &ListingBack) -> Result<Vec<Owned>, Refusal> {
    let ours = card_refunds::since(tx, before(listing.since, MARGIN_SECONDS))?;
    let owners = ours.iter().map(|it| (it.payment, it.account.to_string())).collect();
    Ok(owned(back::differences(&ours, listing), &owners))
}

fn owned(found: Vec<Difference>, owners: &BTreeMap<PaymentId, String>) -> Vec<Owned> {
    let owned = |it: Difference| (owners.get(&it.payment).cloned().unwrap_or_default(), it);
    found.into_iter().map(owned).collect()
}

/// Since when payments, and what went back to cards, are compared.
pub fn since(now: Timestamp) -> Timestamp {
    before(now, BACK_SECONDS)
}

fn before(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_sub(jiff::SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Differences that are open, the oldest first.
pub fn open(tx: &mut Tx<'_>) -> Result<Vec<OpenDifference>, Refusal> {
    Ok(card_differences::open(tx, MOST)?)
}
