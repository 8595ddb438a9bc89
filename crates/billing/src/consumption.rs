//! Consumption: what was paid ahead, spread over the days or the use that it is for.
//!
//! In:  bills of what was paid ahead, what became of it, some days. Out: what of each falls into these days.
//! Invariant: over all days the shares of every purse add up to what was paid, to the minor unit; no share has another sign than
//! the whole, and nothing falls into a day before the payment.
//! It is a view: nothing is posted by it, and no book is reconciled with it. Rules: R-AMO-1 to R-AMO-3.

use crate::bill::{Kind, Sum};
use crate::wallet::{Paid, Purses};
use std::ops::Range;
use units::decimal::div_half_up;
use units::{Money, MoneyError};

/// By what a month is told from others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Basis {
    /// By the time of use; what was paid ahead stands in the month in which it was paid.
    #[default]
    Used,
    /// By the time at which it was deducted.
    Paid,
    /// By the time of use; what was paid ahead is spread over what it is for.
    Consumed,
}

impl Basis {
    pub const ALL: [Basis; 3] = [Basis::Used, Basis::Paid, Basis::Consumed];

    pub const fn as_str(self) -> &'static str {
        match self {
            Basis::Used => "used",
            Basis::Paid => "paid",
            Basis::Consumed => "consumed",
        }
    }

    pub fn parse(text: &str) -> Option<Basis> {
        Basis::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

impl Kind {
    /// Whether it is for months or a capacity ahead, and consumed by and by. Source: R-AMO-1, R-AMO-3.
    pub const fn is_ahead(self) -> bool {
        match self {
            Kind::PrepaidNew | Kind::PrepaidRenew | Kind::PrepaidChange | Kind::PackPurchase => true,
            Kind::Hourly
            | Kind::Daily
            | Kind::Monthly
            | Kind::Adjustment
            | Kind::PrecisionCredit
            | Kind::PrecisionWaiver
            | Kind::OneTime
            | Kind::Correction
            | Kind::Refund
            | Kind::Commitment => false,
        }
    }
}

/// A day of the settlement calendar by its number.
pub type Day = i64;

/// What something that was paid ahead is consumed by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Course {
    /// The days from its first up to the one before it expires. Source: R-AMO-1.
    Days(Range<Day>),
    /// What closed months took of a capacity, on their last days. Source: R-AMO-3.
    Units { capacity: u64, taken: Vec<(Day, u64)> },
}

/// A bill of something that was paid ahead, and how it is consumed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ahead {
    pub course: Course,
    /// The day of the payment: what is for days before falls there.
    pub paid_on: Day,
    /// The day on which it went back, or on which what was left of it expired: what is left of the cost falls there.
    pub ended: Option<Day>,
    pub sum: Sum,
}

/// What of something that was paid ahead falls into some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub consumed: Sum,
    /// What was left when it ended. Source: R-AMO-2, R-AMO-3.
    pub rest: Sum,
}

impl Ahead {
    /// What falls into `days`. Errors: `Overflow`.
    pub fn within(&self, days: &Range<Day>) -> Result<Share, MoneyError> {
        let consumed = self.each(|whole| {
            Ok(self.reached(whole, days.end)?.saturating_sub(self.reached(whole, days.start)?))
        })?;
        let rest = match self.ended.filter(|it| days.contains(it)) {
            Some(_) => self.each(|whole| Ok(whole.saturating_sub(self.reached(whole, days.end)?)))?,
            None => Sum::zero(self.sum.total.currency()),
        };
        let is_counted = !consumed.is_nothing();
        let rest = Sum { bills: u64::from(!is_counted && !rest.is_nothing()), ..rest };
        Ok(Share { consumed: Sum { bills: u64::from(is_counted), ..consumed }, rest })
    }

    /// The same part of what the lines cost and of the share of every purse, each by itself. Source: R-AMO-1.
    fn each(&self, part: impl Fn(i128) -> Result<i128, MoneyError>) -> Result<Sum, MoneyError> {
        let (of, currency) = (&self.sum, self.sum.total.currency());
        let minor = |it: Money| -> Result<i64, MoneyError> {
            i64::try_from(part(it.minor().into())?).map_err(|_| MoneyError::Overflow)
        };
        let [bonus, cash, income] = of.paid.purses().kinds();
        let purses = Purses::of_minor([minor(bonus)?, minor(cash)?, minor(income)?], currency)?;
        let paid = Paid::new(purses, Money::from_minor(minor(of.paid.owed())?, currency))?;
        let vouchers = Money::from_minor(minor(of.vouchers())?, currency);
        Ok(Sum::new(0, part(of.amount_e8)?, paid.total().checked_add(vouchers)?, paid))
    }

    /// How much of `whole` is consumed before the day `end`, what was left at the end of it apart.
    fn reached(&self, whole: i128, end: Day) -> Result<i128, MoneyError> {
        if end <= self.paid_on {
            return Ok(0);
        }
        let end = self.ended.map_or(end, |it| end.min(it.saturating_add(1)));
        match &self.course {
            Course::Days(days) => Ok(after_days(whole, days, end)),
            Course::Units { capacity, taken } => {
                let units: i128 = taken.iter().filter(|it| it.0 < end).map(|it| i128::from(it.1)).sum();
                let capacity = i128::from((*capacity).max(1));
                let share = whole.checked_mul(units.min(capacity)).ok_or(MoneyError::Overflow)?;
                Ok(div_half_up(share, capacity))
            }
        }
    }
}

/// What falls into the days of `days` that lie before `end`: the same for each, half up, and what is left on the last; where that
/// would be less than one for a day, one from the second day on until it is used up. Source: R-AMO-1.
///
/// What half up would take beyond the whole falls into no day, so that none is below zero.
fn after_days(whole: i128, days: &Range<Day>, end: Day) -> i128 {
    let count = i128::from(days.end.saturating_sub(days.start).max(1));
    let passed = i128::from(end.saturating_sub(days.start)).clamp(0, count);
    let (size, sign) = (whole.abs(), whole.signum());
    let so_far = if passed == count {
        size
    } else if size < count {
        (passed - 1).max(0).min(size)
    } else {
        div_half_up(size, count).saturating_mul(passed).min(size)
    };
    so_far * sign
}

impl Sum {
    /// Whether nothing of any purse is in it, and no line costs anything.
    pub fn is_nothing(&self) -> bool {
        *self == Sum { bills: self.bills, ..Sum::zero(self.total.currency()) }
    }
}

#[cfg(test)]
mod tests;
