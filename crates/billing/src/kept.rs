//! Sums of bills that are kept, so that nobody adds up a month of hours to read it.
//!
//! In:  bills, each with the day and the month of the settlement calendar in which its use began. Out: sums to be kept.
//! Invariant: a bill is counted once by days and once by months, and every sum is one of whole numbers: the order does not matter.
//! Rules: R-BIL-1, R-TIM-5, R-ALC-1.

use std::collections::BTreeMap;
use units::{MoneyError, Timestamp};

/// What bills come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub bills: i64,
    /// What their lines cost, less what was carried on: whole units of the currency, and 1e-8 of them.
    pub whole: i64,
    pub rest: i64,
    /// Minor units of the currency.
    pub total: i64,
    pub bonus: i64,
    pub cash: i64,
    pub income: i64,
    pub owed: i64,
}

impl Figures {
    /// Both together. Errors: `Overflow`.
    pub fn and(&self, other: &Figures) -> Result<Figures, MoneyError> {
        let sum = |one: i64, other: i64| one.checked_add(other).ok_or(MoneyError::Overflow);
        Ok(Figures {
            bills: sum(self.bills, other.bills)?,
            whole: sum(self.whole, other.whole)?,
            rest: sum(self.rest, other.rest)?,
            total: sum(self.total, other.total)?,
            bonus: sum(self.bonus, other.bonus)?,
            cash: sum(self.cash, other.cash)?,
            income: sum(self.income, other.income)?,
            owed: sum(self.owed, other.owed)?,
        })
    }
}

/// What is told apart of a day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OfDay {
    /// The begin of the day.
    pub from: Timestamp,
    pub product: String,
    pub region: String,
    pub kind: String,
    pub currency: String,
}

/// What is told apart of a month; the empty text is for nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OfMonth {
    /// The begin of the month.
    pub from: Timestamp,
    pub product: String,
    pub region: String,
    /// The resource; empty for a sum over the account.
    pub subject: String,
    pub kind: String,
    pub spec: String,
    /// What was written on the resource when the bill was deducted, as it is stored.
    pub project: String,
    pub tags: String,
    pub currency: String,
}

/// What is kept of a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MonthFigures {
    /// The last order that a bill is of, by its id; empty for none.
    pub order: String,
    pub figures: Figures,
}

/// A bill as it is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// `from` is when its use began.
    pub of: OfMonth,
    pub order: String,
    pub figures: Figures,
}

/// When the day and the month begin that a bill is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begins {
    pub day: Timestamp,
    pub month: Timestamp,
}

/// Sums of one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptSums {
    pub days: BTreeMap<OfDay, Figures>,
    pub months: BTreeMap<OfMonth, MonthFigures>,
}

impl KeptSums {
    /// Counts a bill. Errors: `Overflow`.
    pub fn count(&mut self, it: Counted, begins: Begins) -> Result<(), MoneyError> {
        let Counted { of, order, figures } = it;
        let day = OfDay {
            from: begins.day,
            product: of.product.clone(),
            region: of.region.clone(),
            kind: of.kind.clone(),
            currency: of.currency.clone(),
        };
        let days = self.days.entry(day).or_default();
        *days = days.and(&figures)?;
        let month = self.months.entry(OfMonth { from: begins.month, ..of }).or_default();
        month.figures = month.figures.and(&figures)?;
        month.order = order.max(std::mem::take(&mut month.order));
        Ok(())
    }
}

#[cfg(test)]
mod tests;
