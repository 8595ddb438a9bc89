//! What paid for a bill: the purses, and what was missing and became debt.
//!
//! In:  sums of purses and of debt. Out: what was paid in all, and in which ratio it goes back.
//! Invariant: one currency, and the total fits.
//! Rules: R-PAY-1, R-REF-4.

use super::Purses;
use units::{Currency, Money, MoneyError};

/// What of the wallet paid for a bill, or for bills; what is missing of their total, vouchers paid.
///
/// Invariant: one currency, and the total fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    pub(super) purses: Purses,
    /// Minor units of the same currency.
    pub(super) owed: i64,
}

impl Paid {
    /// Nothing was paid and nothing is owed.
    pub const fn none(currency: Currency) -> Paid {
        Paid { purses: Purses::none(currency), owed: 0 }
    }

    /// Errors: `Currency`, `Overflow`.
    #[inline]
    pub fn new(purses: Purses, owed: Money) -> Result<Paid, MoneyError> {
        purses.total().checked_add(owed)?;
        Ok(Paid { purses, owed: owed.minor() })
    }

    pub const fn purses(&self) -> Purses {
        self.purses
    }

    /// In which ratio it goes back: what bonus, cash and income paid, and what was owed. A purse below zero got back what was owed.
    ///
    /// Source: R-REF-4.
    pub fn weights(&self) -> [u64; 4] {
        let kinds = self.purses.kinds().map(Money::minor);
        let back = kinds.iter().fold(0_i64, |sum, it| sum.saturating_add((*it).min(0)));
        let owed = self.owed.saturating_add(back).max(0);
        let [bonus, cash, income] = kinds.map(|it| it.max(0).unsigned_abs());
        [bonus, cash, income, owed.unsigned_abs()]
    }

    /// The same with no purse below zero: what that got back beyond what it paid had been owed. To be added to others. Errors: `Overflow`.
    pub fn netted(self) -> Result<Paid, MoneyError> {
        let kinds = self.purses.kinds().map(|it| it.minor().max(0));
        let purses = Purses::of_minor(kinds, self.purses.currency)?;
        Paid::new(purses, self.total().checked_sub(purses.total())?)
    }

    /// What was missing and became debt.
    pub const fn owed(&self) -> Money {
        Money::from_minor(self.owed, self.purses.currency)
    }

    /// Paid and owed together. It fits: nothing is paid of which it does not.
    pub const fn total(&self) -> Money {
        Money::from_minor(self.purses.total().minor() + self.owed, self.purses.currency)
    }

    /// Errors: `Currency`, `Overflow`.
    pub fn checked_add(self, other: Paid) -> Result<Paid, MoneyError> {
        Paid::new(self.purses.checked_add(other.purses)?, self.owed().checked_add(other.owed())?)
    }

    /// The same the other way: of what was paid, what goes back. Errors: `Overflow`.
    pub fn checked_neg(&self) -> Result<Paid, MoneyError> {
        let none = Purses::none(self.purses.currency);
        Paid::new(none.checked_sub(self.purses)?, self.owed().checked_neg()?)
    }
}
