//! Auditing what is carried from bill to bill: nothing of it is lost, and nothing taken twice.
//!
//! In:  the bills of an account, what stands for its next ones. Out: what does not fit together.
//! Invariant: what bills took over and what stands now is what bills left. Source: R-MON-9.

use super::finding::Audit;
use crate::Refusal;
use billing::bill::Bill;
use std::collections::BTreeMap;
use store::{Tx, verify};

/// Compares what was left, taken over and stands, product by product.
pub(super) fn compare(
    tx: &mut Tx<'_>,
    account: &str,
    bills: &[Bill<'_>],
    audit: &mut Audit,
) -> Result<(), Refusal> {
    let mut open: BTreeMap<&str, i128> = BTreeMap::new();
    for bill in bills {
        if bill.carried_e8 != 0 && !is_rest(bill) {
            audit.differences.push(format!(
                "bill {}: it left {} e-8, which is not what rounding left of {} e-8",
                bill.id, bill.carried_e8, bill.amount_e8
            ));
        }
        let taken = bill.lines.iter().filter(|it| it.is_carried()).map(|it| i128::from(it.cost_e8));
        *open.entry(&*bill.product).or_default() += i128::from(bill.carried_e8) - taken.sum::<i128>();
    }
    let stands: BTreeMap<String, i64> = verify::carries(tx, account)?.into_iter().collect();
    for (product, left) in open {
        let says = stands.get(product).copied().unwrap_or(0);
        if left != i128::from(says) {
            audit.differences.push(format!(
                "{product} of account {account}: bills left {left} e-8 to the next, {says} stand"
            ));
        }
    }
    Ok(())
}

fn is_rest(bill: &Bill<'_>) -> bool {
    bill.total.to_amount().e8() + i128::from(bill.carried_e8) == i128::from(bill.amount_e8)
}
