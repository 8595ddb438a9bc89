//! Auditing refunds: what went back is of what was paid, and once.
//!
//! In:  the refunds of an account and its bills. Out: what they say otherwise.
//! Invariant: a refund and what people credited of the same orders are together no more than was paid for them; so are what a downgrade
//! gave back and what counts as paid from then on.
//! Rules: R-CHG-3, R-REF-1, R-REF-2, R-REF-6, R-PKG-14.

use super::finding::Audit;
use crate::Refusal;
use billing::bill::{Bill, Kind};
use billing::pack::Pack;
use billing::refund::lines::PAID;
use std::collections::BTreeMap;
use store::Tx;
use store::downgrades::{self, Downgrade};
use store::refunds::{self, Seen, Subject};
use units::{AccountId, Amount, BillId, Money, OrderId, Timestamp};

/// Compares all refunds of an account with its bills.
pub(super) fn compare(
    tx: &mut Tx<'_>,
    account: AccountId,
    bills: &[Bill<'_>],
    audit: &mut Audit,
) -> Result<(), Refusal> {
    let lowered = downgrades::of_account(tx, account)?;
    for it in &lowered {
        audit.differences.extend(lowered_otherwise(&it.downgrade, bills)?);
    }
    let of_refunds = bills.iter().filter(|it| it.kind == Kind::Refund);
    let mut made: BTreeMap<BillId, &Bill<'_>> = of_refunds.map(|it| (it.id, it)).collect();
    let refunds = refunds::of_account(tx, account)?;
    for it in &refunds {
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
                let earlier =
                    refunds.iter().map(|it| &it.refund).filter(|of| of.subject == it.refund.subject);
                let since = earlier.map(|it| it.at).filter(|at| *at < it.refund.at).max();
                let paid = paid_for(it, bill, &Ahead { bills, lowered: &lowered, since })?;
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

/// In what a downgrade differs from its bill.
fn lowered_otherwise(it: &Downgrade, bills: &[Bill<'_>]) -> Result<Option<String>, Refusal> {
    let Some(bill) = bills.iter().find(|bill| bill.id == it.bill && bill.kind == Kind::PrepaidChange) else {
        return Ok(Some(format!("downgrade {}: {} is no bill of a change", it.order, it.bill)));
    };
    let given = it.counted.total().checked_sub(bill.total)?;
    let paid: i128 = bill
        .lines
        .iter()
        .filter(|it| it.is_sum() && it.component == PAID)
        .map(|it| -i128::from(it.cost_e8))
        .sum();
    let paid = Amount::from_e8(paid, bill.currency()).round()?;
    let differs = given.checked_cmp(paid)?.is_gt();
    Ok(differs
        .then(|| format!("downgrade {}: {given} went back or counts of {paid} that was paid", it.order)))
}

/// What may have been paid for what a refund gave back.
struct Ahead<'a> {
    bills: &'a [Bill<'a>],
    lowered: &'a [downgrades::Seen],
    /// When something of it was given back last: what was paid before is over since. Source: R-CNV-2.
    since: Option<Timestamp>,
}

/// What was paid for the orders that a refund is of, or counts as paid, less what people credited of them.
fn paid_for(it: &Seen, bill: &Bill<'_>, ahead: &Ahead<'_>) -> Result<Money, Refusal> {
    let Ahead { bills, lowered, since } = *ahead;
    let is_open = |at: Timestamp| at <= it.refund.at && since.is_none_or(|since| at >= since);
    // An order has several pieces: what one of them was lowered to says nothing of the others.
    let own: Vec<&Downgrade> = lowered
        .iter()
        .map(|by| &by.downgrade)
        .filter(|by| Subject::Resource(by.resource) == it.refund.subject)
        .collect();
    let again = |order: OrderId| own.iter().any(|by| by.replaced.contains(&order));
    let is_replaced = |order: OrderId| again(order) || own.iter().any(|by| by.order == order);
    let runs = own.iter().filter(|by| by.until > it.refund.at && is_open(by.at) && !again(by.order));
    let counted = Money::sum(runs.map(|by| by.counted.total()), bill.currency())?;
    let is_order = |other: &&Bill<'_>| {
        let is_ahead = other.kind.is_ahead() && other.to > it.refund.at && is_open(other.from);
        other.kind == Kind::PackPurchase || is_ahead
    };
    let is_own = |other: &&Bill<'_>| match it.refund.subject {
        Subject::Resource(id) => other.resource == Some(id),
        Subject::Pack(id) => other.pack() == Some(id) || other.resource.map(Pack::id_of) == Some(id),
    };
    let open = bills.iter().filter(is_own).filter(|other| !other.order.is_some_and(is_replaced));
    let orders: Vec<&Bill<'_>> = open.clone().filter(is_order).collect();
    let is_of = |other: &&Bill<'_>| {
        other.kind == Kind::Correction
            && orders.iter().any(|order| other.original == Some((order.from, order.to)))
    };
    let all = orders.iter().copied().chain(open.filter(is_of));
    // What vouchers paid never goes back. Source: R-VOU-5.
    Ok(Money::sum(all.map(|other| other.paid.total()), bill.currency())?.checked_add(counted)?)
}
