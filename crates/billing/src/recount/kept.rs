//! What an adjustment holds back: a credit is at most what was paid with money, and what was held back is not charged again.
//!
//! In:  an adjustment as its lines come to, what was paid so far, what was held back so far. Out: the same with one more line.
//! Invariant: a bill stays the rounded sum of its lines; a cycle takes as much money as if vouchers had paid of what it costs in the
//! end, however often it was rated in between.
//! Rules: R-SET-5, section 20 (shares of vouchers never return).

use crate::bill::{Bill, KEPT, Line};
use crate::price::FULL_RATE_E8;
use std::borrow::Cow;
use units::{Measured, Money, MoneyError, Unit};

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
        component: Cow::Borrowed(KEPT),
        name: Cow::Borrowed("Paid by vouchers, not given back"),
        price: Cow::Borrowed(""),
        book: first.book,
        measured: Measured::of(1, Unit::Piece),
        offset: 0,
        later: 0,
        covered: 0,
        list_e8: held_e8,
        earlier_e8: None,
        rate_e8: FULL_RATE_E8,
        billed_e8: None,
        cost_e8: held_e8,
        from: first.from,
        to: first.to,
    };
    bill.lines.push(line);
    (bill.amount_e8, bill.total) = Bill::sum(&bill.lines, bill.currency())?;
    Ok(())
}

#[cfg(test)]
mod tests;
