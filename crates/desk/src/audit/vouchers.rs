//! Auditing vouchers: what was held and spent of them is what orders and bills say, and no more than they are worth.
//!
//! In:  vouchers with their parts, the bills of an account. Out: what they say otherwise.
//! Invariant: what vouchers pay stands three times, in their parts, in bills that the wallet did not pay in full, and in the ledger.
//! Rules: R-VOU-4, R-VOU-5, R-BIL-4.

use super::finding::Audit;
use crate::Refusal;
use billing::bill::{Bill, Kind};
use billing::wallet::Purse;
use std::collections::BTreeMap;
use store::vouchers;
use store::{Tx, promotions, verify};
use units::AccountId;

/// What vouchers paid of an account, by what they paid for.
#[derive(Debug, Default)]
pub(super) struct Spent(BTreeMap<(String, String, String), i64>);

impl Spent {
    pub(super) fn of(tx: &mut Tx<'_>, account: AccountId) -> Result<Spent, Refusal> {
        let all = vouchers::spent(tx, account)?.into_iter();
        Ok(Spent(all.map(|it| ((it.order, it.piece, it.bill), it.minor)).collect()))
    }

    /// What vouchers paid of a bill; it is taken out.
    pub(super) fn take(&mut self, bill: &Bill<'_>) -> i64 {
        let piece = || bill.resource.map_or_else(String::new, |it| it.to_string());
        let key = match (bill.kind, bill.order) {
            (
                Kind::PrepaidNew
                | Kind::PrepaidRenew
                | Kind::PrepaidChange
                | Kind::PackPurchase
                | Kind::OneTime,
                Some(order),
            ) => (order.to_string(), piece(), String::new()),
            (
                Kind::PrepaidNew
                | Kind::PrepaidRenew
                | Kind::PrepaidChange
                | Kind::PackPurchase
                | Kind::OneTime
                | Kind::Hourly
                | Kind::Daily
                | Kind::Monthly
                | Kind::Adjustment
                | Kind::PrecisionCredit
                | Kind::PrecisionWaiver
                | Kind::Correction
                | Kind::Refund
                | Kind::Commitment,
                _,
            ) => (String::new(), String::new(), bill.id.to_string()),
        };
        self.0.remove(&key).unwrap_or(0)
    }

    /// What vouchers paid for that no bill is of.
    pub(super) fn rest(self, audit: &mut Audit) {
        let left = self.0.into_iter().map(|((order, piece, bill), minor)| {
            format!("vouchers paid {minor} for {order} {piece} {bill}, and no bill says so")
        });
        audit.differences.extend(left);
    }
}

/// Vouchers are their parts, and pieces say what parts do.
pub(super) fn compare(tx: &mut Tx<'_>, audit: &mut Audit) -> Result<(), Refusal> {
    for it in vouchers::part_sums(tx)? {
        if (it.held, it.spent) != (it.parts_held, it.parts_spent) {
            audit.differences.push(format!(
                "voucher {}: {} held and {} spent, its parts say {} and {}",
                it.id, it.held, it.spent, it.parts_held, it.parts_spent
            ));
        }
    }
    for it in vouchers::all(tx)?.iter().filter(|it| !it.is_sound()) {
        let (held, spent, lapsed, face) = (it.held, it.spent, it.lapsed, it.face);
        audit.differences.push(format!(
            "voucher {} is {}: {held} held, {spent} spent and {lapsed} lapsed of {face}",
            it.id,
            it.state.as_str()
        ));
    }
    for (order, piece, says, parts) in vouchers::pieces_otherwise(tx)? {
        let difference =
            format!("piece {piece} of order {order}: vouchers pay {says}, their parts say {parts}");
        audit.differences.push(difference);
    }
    for (word, [says, noted, given]) in promotions::counts(tx)? {
        if (says, says) != (noted, given) {
            audit.differences.push(format!(
                "promotion code {word}: redeemed {says} times, {noted} are noted, {given} vouchers came of it"
            ));
        }
    }
    ledger(tx, audit)
}

/// What left the account of vouchers is what was spent of them.
fn ledger(tx: &mut Tx<'_>, audit: &mut Audit) -> Result<(), Refusal> {
    let mut spent: BTreeMap<String, i64> = BTreeMap::new();
    for it in vouchers::all(tx)? {
        *spent.entry(it.account.to_string()).or_default() += it.spent.minor();
    }
    spent.retain(|_, minor| *minor != 0);
    let debits = verify::debits(tx)?.into_iter().filter(|it| it.purse == Purse::Vouchers);
    let moved: BTreeMap<String, i64> = debits.map(|it| (it.account, it.minor)).collect();
    if moved != spent {
        audit.differences.push(format!("vouchers say {spent:?} was spent of them, transfers say {moved:?}"));
    }
    Ok(())
}
