//! Statements: what a month came to.
//!
//! In:  the sums of a month by product and resource, as the lists of bills give them. Out: lines that add up to its total.
//! Invariant: the figures are those of the lists; nothing is rounded here.
//! Rules: R-BIL-1, R-SET-7.

use crate::bill::{self, Sum};
use crate::text::Text;
use units::{Currency, Money, MoneyError};

/// A line: what one resource came to, or one product where there are too many resources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementLine {
    /// The id of the product, and what it is called.
    pub product: String,
    pub product_name: Text,
    /// What the resource is called, or the spec of a sum; empty where it is neither.
    pub name: String,
    /// How it was charged; `None` for the sum of a product.
    pub kind: Option<bill::Kind>,
    pub sum: Sum,
}

/// A month of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Such as `2026-06`.
    pub month: String,
    pub lines: Vec<StatementLine>,
    pub bills: u64,
    /// What the lines of the bills cost before rounding, in 1e-8.
    pub amount_e8: i128,
    pub total: Money,
    pub bonus: Money,
    pub cash: Money,
    pub income: Money,
    pub owed: Money,
    /// The number of the statement of the same month that this one takes the place of: more was billed since.
    pub replaces: Option<String>,
}

impl Statement {
    /// The statement of a month with these lines. Errors: `Overflow`.
    pub fn of(month: &str, lines: Vec<StatementLine>, currency: Currency) -> Result<Statement, MoneyError> {
        let sum = Sum::of(lines.iter().map(|it| &it.sum), currency)?;
        let purses = sum.paid.purses();
        Ok(Statement {
            month: month.to_string(),
            bills: sum.bills,
            amount_e8: sum.amount_e8,
            total: sum.total,
            bonus: purses.bonus(),
            cash: purses.cash(),
            income: purses.income(),
            owed: sum.paid.owed(),
            replaces: None,
            lines,
        })
    }

    /// What vouchers paid: all that the wallet neither paid nor owes. It fits: it lies between nothing and the total.
    pub const fn vouchers(&self) -> Money {
        let wallet = self.bonus.minor() + self.cash.minor() + self.income.minor() + self.owed.minor();
        Money::from_minor(self.total.minor() - wallet, self.total.currency())
    }

    /// Whether both say the same of the month, whatever they replace and whatever a resource is called by now.
    pub fn says_as(&self, other: &Statement) -> bool {
        let same = |one: &StatementLine, other: &StatementLine| {
            one.product == other.product && one.kind == other.kind && one.sum == other.sum
        };
        self.month == other.month
            && self.lines.len() == other.lines.len()
            && self.lines.iter().zip(&other.lines).all(|(one, other)| same(one, other))
    }
}
