//! What an adjustment holds back: a credit is at most what was paid with money, and what was held back is not charged again.
//!
//! In:  an adjustment as its lines come to, what was paid so far, what was held back so far. Out: the same with one more line.
//! Invariant: a bill stays the rounded sum of its lines; a cycle takes as much money as if vouchers had paid of what it costs in the
//! end, however often it was rated in between.
//! Rules: R-SET-5, section 20 (shares of vouchers never return).

use crate::bill::{Bill, KEPT, Line};
use units::{Money, MoneyError};

/// Adds the line that holds back, or makes good what was held back. `kept_e8` is what earlier adjustments held back, in 1e-8.
///
/// Errors: a sum that does not fit.
pub(super) fn hold_back(bill: &mut Bill<'_>, paid: Money, kept_e8: i64) -> Result<(), MoneyError> {
    let none = Money::zero(bill.currency());
    let most = if paid.is_negative() { none } else { paid };
    let held_e8 = match bill.amount_e8 {
        amount if amount > 0 => -amount.min(kept_e8.max(0)),
        _ if bill.total.checked_neg()?.checked_cmp(most)?.is_le() => 0,
        amount => {
            let left = most.checked_neg()?.to_amount().to_row()?;
            left.checked_sub(amount).ok_or(MoneyError::Overflow)?
        }
    };
    let Some(first) = bill.lines.first().filter(|_| held_e8 != 0) else { return Ok(()) };
    let line = Line {
        from: first.from,
        to: first.to,
        ..Line::of_sum(KEPT, "Paid by vouchers, not given back", held_e8, first.book)
    };
    bill.lines.push(line);
    (bill.amount_e8, bill.total) = Bill::sum(&bill.lines, bill.currency())?;
    Ok(())
}

#[cfg(test)]
mod tests;
