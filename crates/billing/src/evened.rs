//! Evening out: the lines of an offered piece come to exactly what was agreed for it.
//!
//! In:  the lines of a piece at a rate in 1e-8 of the list, and the piece. Out: the same lines; what the rate was short of is on them.
//! Invariant: a rate that is the nearest to a sum of whole minor units stands for that sum; the price of a piece stays what it was.
//! Rules: R-MON-7, R-BIL-2; docs/sales.md.

use crate::bill::{Bill, Kind, Line};
use crate::price::{self, FULL_RATE_E8};
use units::decimal::div_half_up;
use units::{Amount, Currency, Money, MoneyError, PriceError, money};

/// What the roundings of the lines of one piece add at most, in 1e-8.
const ROUNDINGS_E8: i64 = 8;
/// Half steps of a rate in a rate of one.
const HALF_STEPS: i64 = 200_000_000;

/// Puts on lines, by their list prices, what `rate_e8` is short of the piece. Lines of a rate that stands for no sum stay as they are.
///
/// Errors: `Overflow`.
pub(crate) fn out(lines: &mut [Line<'_>], piece: Money, rate_e8: u64) -> Result<(), MoneyError> {
    let agreed_e8 = piece.to_amount().e8();
    let list_e8: i128 = lines.iter().map(|it| i128::from(it.list_e8)).sum();
    if list_e8 <= 0 || rate_e8 == FULL_RATE_E8 {
        return Ok(());
    }
    let nearest = agreed_e8.checked_mul(FULL_RATE_E8.into()).map(|it| div_half_up(it, list_e8));
    if nearest != Some(rate_e8.into()) {
        return Ok(());
    }
    let cost_e8: i128 = lines.iter().map(|it| i128::from(it.cost_e8)).sum();
    let short_e8 = i64::try_from(agreed_e8 - cost_e8).map_err(|_| MoneyError::Overflow)?;
    let weights: Vec<u64> = lines.iter().map(|it| it.list_e8.unsigned_abs()).collect();
    let parts = money::split(short_e8, &weights);
    if lines.iter().zip(&parts).all(|(line, by)| by.abs() <= most(line.list_e8)) {
        for (line, by) in lines.iter_mut().zip(parts) {
            line.cost_e8 = line.cost_e8.checked_add(by).ok_or(MoneyError::Overflow)?;
        }
    }
    Ok(())
}

/// What was put on a line beside its rate. `None` where that is nothing, or more than evening out puts on one.
pub(crate) fn by(line: &Line<'_>, currency: Currency) -> Result<Option<Amount>, PriceError> {
    let at_rate = price::discounted(Amount::from_e8(line.list_e8.into(), currency), line.rate_e8)?;
    let by = i128::from(line.cost_e8) - at_rate.e8();
    let is_evened = by != 0 && by.abs() <= i128::from(most(line.list_e8));
    Ok(is_evened.then(|| Amount::from_e8(by, currency)))
}

/// Whether a bill of an order that was offered at `rate_e8` is of a piece, and its lines are to the digit what evening out makes of that.
///
/// Errors: `Overflow`.
pub fn is_out(bill: &Bill<'_>, rate_e8: u64) -> Result<bool, PriceError> {
    if !matches!(bill.kind, Kind::PrepaidNew | Kind::OneTime | Kind::PackPurchase) {
        return Ok(false);
    }
    let mut lines = bill.lines.clone();
    for line in &mut lines {
        let at_rate = price::discounted(Amount::from_e8(line.list_e8.into(), bill.currency()), rate_e8)?;
        line.cost_e8 = i64::try_from(at_rate.e8()).map_err(|_| MoneyError::Overflow)?;
    }
    out(&mut lines, bill.total, rate_e8)?;
    Ok(lines.iter().zip(&bill.lines).all(|(evened, line)| evened.cost_e8 == line.cost_e8))
}

/// Half a step of a rate, of this list price.
const fn most(list_e8: i64) -> i64 {
    list_e8.abs() / HALF_STEPS + ROUNDINGS_E8
}

#[cfg(test)]
mod tests;
