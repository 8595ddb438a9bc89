//! Which sums a card pays in a currency.
//!
//! In:  what a gateway charges at least, and in which steps; a sum. Out: the next sum that it charges, or why it does not.
//! Invariant: nothing is rounded that was billed: what a card cannot pay is left to the balance.
//! Rules: R-PAY-2, R-MON-5.

use super::CardError;
use units::{Money, MoneyError};

/// What a gateway charges in a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// So much at least.
    pub least: Money,
    /// Multiples of it, above zero: 0.010 of KWD, one minor unit of most.
    pub step: Money,
}

impl Limits {
    /// Errors: `Minimum`, `Fraction`; `Money` for another currency.
    pub fn check(self, sum: Money) -> Result<(), CardError> {
        let Limits { least, step } = self;
        if sum.checked_cmp(least)?.is_lt() {
            return Err(CardError::Minimum { sum, least });
        }
        match self.down(sum) == sum {
            true => Ok(()),
            false => Err(CardError::Fraction { sum, step }),
        }
    }

    /// The largest multiple of the step that is not more.
    pub fn down(self, sum: Money) -> Money {
        let step = self.step.minor().max(1);
        Money::from_minor(sum.minor() - sum.minor().rem_euclid(step), sum.currency())
    }

    /// The smallest multiple of the step that is not less. Errors: `Overflow`.
    pub fn up(self, sum: Money) -> Result<Money, MoneyError> {
        match self.down(sum) {
            whole if whole == sum => Ok(sum),
            whole => whole.checked_add(Money::from_minor(self.step.minor(), sum.currency())),
        }
    }
}

#[cfg(test)]
mod tests;
