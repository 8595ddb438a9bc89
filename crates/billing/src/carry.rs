//! Carrying: what rounding leaves of a bill is the first line of the next one of the same product.
//!
//! In:  the bills of a run, what earlier bills left. Out: the same bills with what they take over, and what is left then.
//! Invariant: a bill is the rounded sum of its lines; what was deducted is never more than half a minor unit from what was
//! used. Bills take it in the order of their ids, whatever order they stand in.
//! Rules: R-MON-9, R-MON-2.

use crate::bill::{Bill, CARRIED, Line};
use crate::book::Rounding;
use crate::plan::Configs;
use crate::run::Carry;
use crate::used::AggregateError;
use std::collections::BTreeMap;
use units::MoneyError;

/// Lets post-paid bills take over what stands, and leave what rounding leaves where their product carries.
///
/// Gives what stands now, of those products where it changed. Errors: a sum that does not fit. Source: R-MON-9.
pub fn carry(
    bills: &mut [Bill<'_>],
    before: &[Carry],
    configs: &Configs,
) -> Result<Vec<Carry>, AggregateError> {
    if !configs.any_carries() && before.iter().all(|it| it.amount_e8 == 0) {
        return Ok(Vec::new());
    }
    let mut standing: BTreeMap<String, i64> =
        before.iter().map(|it| (it.product.clone(), it.amount_e8)).collect();
    let takes = |it: &Bill<'_>| it.kind.is_post_paid() && !it.lines.is_empty();
    let mut order: Vec<usize> = (0..bills.len()).filter(|it| takes(&bills[*it])).collect();
    order.sort_by_key(|it| bills[*it].id);
    for at in order {
        let bill = &mut bills[at];
        let product = bill.product.to_string();
        let name = |it: MoneyError| AggregateError::from(it).of(&product);
        let stands = standing.entry(product.clone()).or_default();
        // A credit is at most what was paid: what stands waits for a bill to be paid.
        if !bill.total.is_negative() {
            take_over(bill, std::mem::take(stands)).map_err(name)?;
        }
        // The bill is of a cycle that ended; the book of its last second holds.
        match configs.rounding(bill.total.currency(), &bill.product, bill.to.as_second() - 1) {
            Rounding::Waive => {}
            Rounding::Carry => bill.carried_e8 = left(bill).map_err(name)?,
        }
        *stands = stands.checked_add(bill.carried_e8).ok_or_else(|| name(MoneyError::Overflow))?;
    }
    let old = |product: &str| before.iter().find(|it| it.product == product).map_or(0, |it| it.amount_e8);
    let changed = standing.into_iter().filter(|(product, amount_e8)| old(product) != *amount_e8);
    Ok(changed.map(|(product, amount_e8)| Carry { product, amount_e8 }).collect())
}

/// What rounding left of a bill, to 1e-8.
fn left(bill: &Bill<'_>) -> Result<i64, MoneyError> {
    let total_e8 = bill.total.to_amount().to_row()?;
    bill.amount_e8.checked_sub(total_e8).ok_or(MoneyError::Overflow)
}

/// Puts what earlier bills left before the lines of `bill`, if anything.
fn take_over(bill: &mut Bill<'_>, amount_e8: i64) -> Result<(), MoneyError> {
    let Some(first) = bill.lines.first().filter(|_| amount_e8 != 0) else { return Ok(()) };
    let line = Line {
        from: bill.from.as_second(),
        to: bill.to.as_second(),
        ..Line::of_sum(CARRIED, "Left by rounding", amount_e8, first.book)
    };
    bill.lines.insert(0, line);
    (bill.amount_e8, bill.total) = Bill::sum(&bill.lines, bill.currency())?;
    Ok(())
}

#[cfg(test)]
mod tests;
