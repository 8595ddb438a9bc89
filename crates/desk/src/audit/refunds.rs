//! Auditing refunds: what went back is of what was paid, and once.
//!
//! In:  the refunds of an account and its bills. Out: what they say otherwise.
//! Invariant: a refund and what people credited of the same orders are together no more than was paid for them.
//! Rules: R-REF-1, R-REF-2, R-REF-6, R-PKG-14.

use super::finding::Audit;
use crate::Refusal;
use billing::bill::{Bill, Kind};
use billing::pack::Pack;
use std::collections::BTreeMap;
use store::Tx;
use store::refunds::{self, Seen, Subject};
use units::{AccountId, BillId, Money};

/// Compares all refunds of an account with its bills.
pub(super) fn compare(
    tx: &mut Tx<'_>,
    account: AccountId,
    bills: &[Bill<'_>],
    audit: &mut Audit,
) -> Result<(), Refusal> {
    let of_refunds = bills.iter().filter(|it| it.kind == Kind::Refund);
    let mut made: BTreeMap<BillId, &Bill<'_>> = of_refunds.map(|it| (it.id, it)).collect();
    for it in refunds::of_account(tx, account)? {
        let id = it.refund.id;
        match made.remove(&it.refund.bill) {
            None => audit.differences.push(format!("refund {id}: {} is no bill of a refund", it.refund.bill)),
            Some(bill) => {
                let cash = it.paid.purses().cash().checked_neg()?;
                if it.to_cards.checked_cmp(cash)?.is_gt() {
                    let to_cards = it.to_cards;
                    audit
                        .differences
                        .push(format!("refund {id}: {to_cards} went to cards of {cash} in cash"));
                }
                let paid = paid_for(&it, bill, bills)?;
                if it.total.checked_cmp(paid)?.is_gt() {
                    let total = it.total;
                    audit.differences.push(format!("refund {id}: {total} went back of {paid} that was paid"));
                }
            }
        }
    }
    let left = made.into_keys();
    audit.differences.extend(left.map(|it| format!("bill {it}: it is of a refund that there is not")));
    Ok(())
}

/// What was paid for the orders that a refund is of, less what people credited of them.
fn paid_for(it: &Seen, bill: &Bill<'_>, bills: &[Bill<'_>]) -> Result<Money, Refusal> {
    let is_order = |other: &&Bill<'_>| match other.kind {
        Kind::PrepaidNew | Kind::PrepaidRenew | Kind::PrepaidChange => other.to > it.refund.at,
        Kind::PackPurchase => true,
        Kind::Hourly
        | Kind::Daily
        | Kind::Monthly
        | Kind::Adjustment
        | Kind::PrecisionCredit
        | Kind::PrecisionWaiver
        | Kind::OneTime
        | Kind::Correction
        | Kind::Refund => false,
    };
    let is_own = |other: &&Bill<'_>| match it.refund.subject {
        Subject::Resource(id) => other.resource == Some(id),
        Subject::Pack(id) => other.pack() == Some(id) || other.resource.map(Pack::id_of) == Some(id),
    };
    let own = bills.iter().filter(is_own);
    let orders: Vec<&Bill<'_>> = own.clone().filter(is_order).collect();
    let is_of = |other: &&Bill<'_>| {
        other.kind == Kind::Correction
            && orders.iter().any(|order| other.original == Some((order.from, order.to)))
    };
    let all = orders.iter().copied().chain(own.filter(is_of));
    // What vouchers paid never goes back. Source: R-VOU-5.
    Ok(Money::sum(all.map(|other| other.paid.total()), bill.currency())?)
}
