//! What a refund gave back of each order, read off its bill.
//!
//! In:  the bill of a refund or a downgrade, the bill of an order. Out: how much of that it gave back.
//! Invariant: the parts of all orders add up to what the bill gave back.
//! Rules: R-COR-1, R-REF-2, R-REF-3.

use super::lines::{PAID, PASSED};
use crate::bill::Bill;
use units::{Amount, Money, MoneyError};

impl Bill<'_> {
    /// What a refund, whose bill this is, gave back of what `of` billed: of the order that ran what was left of it, of a fee its share,
    /// of others all.
    pub fn given_back(&self, of: &Bill<'_>) -> Result<Money, MoneyError> {
        let none = Money::zero(self.currency());
        let time = of.lines.first().map(|it| (it.from, it.to));
        let all = self.of_orders();
        let Some(own) = all.iter().position(|it| Some(it.0) == time) else { return Ok(none) };
        let back = |it: &((i64, i64), i128)| Amount::from_e8(-it.1, self.currency()).round();
        let all = all.iter().map(back).collect::<Result<Vec<Money>, MoneyError>>()?;
        match own {
            0 => {
                let others = Money::sum(all.iter().skip(1).copied(), self.currency())?;
                let left = self.total.checked_neg()?.checked_sub(others)?;
                Ok(if left.is_negative() { none } else { left })
            }
            _ => Ok(all[own]),
        }
    }

    /// The time of each order that it gives back, and what was paid for it, below zero, less what of a fee has passed.
    fn of_orders(&self) -> Vec<((i64, i64), i128)> {
        let mut all: Vec<((i64, i64), i128)> = Vec::new();
        for it in self.lines.iter().filter(|it| it.is_sum()) {
            let cost_e8 = i128::from(it.cost_e8);
            match (it.component.as_ref(), all.last_mut()) {
                (PAID, _) => all.push(((it.from, it.to), cost_e8)),
                (PASSED, Some(last)) => last.1 += cost_e8,
                (_, _) => {}
            }
        }
        all
    }
}
