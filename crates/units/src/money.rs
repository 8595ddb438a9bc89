//! Money in two precisions: what use costs, and what moves.
//!
//! In:  decimals in text, counts of minor units. Out: `Amount` to 1e-8, `Money` in whole minor units.
//! Invariant: arithmetic never mixes currencies and never wraps; both are errors. The one way from
//! `Amount` to `Money` is `Amount::round`.
//! Rules: R-MON-1, R-MON-2, R-MON-5, R-MON-7.

use crate::decimal::{self, div_half_up};
use std::cmp::Ordering;
use std::fmt;

pub use crate::currency::{Currency, MoneyError};

/// Digits behind the point of an `Amount`.
pub const AMOUNT_DIGITS: u32 = 8;

/// What use costs, in 1e-8 of a major unit. Lines hold it; it never moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Amount {
    e8: i128,
    currency: Currency,
}

/// What moves: whole minor units (fen, cents). Wallets, orders and bills hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Amount {
    #[inline]
    pub const fn from_e8(e8: i128, currency: Currency) -> Amount {
        Amount { e8, currency }
    }

    #[inline]
    pub const fn zero(currency: Currency) -> Amount {
        Amount { e8: 0, currency }
    }

    pub fn parse(text: &str, currency: Currency) -> Result<Amount, MoneyError> {
        let e8 = decimal::parse(text, AMOUNT_DIGITS)?;
        i64::try_from(e8).map_err(|_| MoneyError::Overflow)?;
        Ok(Amount { e8, currency })
    }

    #[inline]
    pub const fn e8(self) -> i128 {
        self.e8
    }

    #[inline]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// As it is read: the digits of its currency, more only where they say something. `0.42`, `0.0009`; of yen `12`, `0.5`.
    pub fn short(self) -> String {
        decimal::print_short(self.e8, AMOUNT_DIGITS, self.currency.minor_digits())
    }

    /// The count of 1e-8 as a line stores it. Errors: `Overflow` beyond 9 × 10^10 major units.
    #[inline]
    pub fn to_row(self) -> Result<i64, MoneyError> {
        i64::try_from(self.e8).map_err(|_| MoneyError::Overflow)
    }

    #[inline]
    pub fn checked_add(self, other: Amount) -> Result<Amount, MoneyError> {
        same(self.currency, other.currency)?;
        let e8 = self.e8.checked_add(other.e8).ok_or(MoneyError::Overflow)?;
        Ok(Amount { e8, currency: self.currency })
    }

    #[inline]
    pub fn checked_sub(self, other: Amount) -> Result<Amount, MoneyError> {
        same(self.currency, other.currency)?;
        let e8 = self.e8.checked_sub(other.e8).ok_or(MoneyError::Overflow)?;
        Ok(Amount { e8, currency: self.currency })
    }

    /// Rounds half up, away from zero, to minor units. Nothing else turns cost into money.
    ///
    /// Source: R-MON-2. Round a bill, not its lines: 0.144 + 0.044 is 0.19, not 0.18.
    #[inline]
    pub fn round(self) -> Result<Money, MoneyError> {
        let minor = div_half_up(self.e8, e8_per_minor(self.currency));
        let minor = i64::try_from(minor).map_err(|_| MoneyError::Overflow)?;
        Ok(Money { minor, currency: self.currency })
    }
}

impl Money {
    #[inline]
    pub const fn from_minor(minor: i64, currency: Currency) -> Money {
        Money { minor, currency }
    }

    #[inline]
    pub const fn zero(currency: Currency) -> Money {
        Money { minor: 0, currency }
    }

    pub fn parse(text: &str, currency: Currency) -> Result<Money, MoneyError> {
        let minor = decimal::parse(text, currency.minor_digits())?;
        let minor = i64::try_from(minor).map_err(|_| MoneyError::Overflow)?;
        Ok(Money { minor, currency })
    }

    #[inline]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    #[inline]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    #[inline]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether it is above zero.
    #[inline]
    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    /// Whether it is below zero.
    #[inline]
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    #[inline]
    pub fn checked_add(self, other: Money) -> Result<Money, MoneyError> {
        same(self.currency, other.currency)?;
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Money { minor, currency: self.currency })
    }

    #[inline]
    pub fn checked_sub(self, other: Money) -> Result<Money, MoneyError> {
        same(self.currency, other.currency)?;
        let minor = self.minor.checked_sub(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Money { minor, currency: self.currency })
    }

    /// The same sum the other way round.
    #[inline]
    pub fn checked_neg(self) -> Result<Money, MoneyError> {
        let minor = self.minor.checked_neg().ok_or(MoneyError::Overflow)?;
        Ok(Money { minor, currency: self.currency })
    }

    /// So many times the same sum.
    #[inline]
    pub fn checked_mul(self, times: u32) -> Result<Money, MoneyError> {
        let minor = self.minor.checked_mul(times.into()).ok_or(MoneyError::Overflow)?;
        Ok(Money { minor, currency: self.currency })
    }

    /// Which is more. Errors: `Currency`.
    #[inline]
    pub fn checked_cmp(self, other: Money) -> Result<Ordering, MoneyError> {
        same(self.currency, other.currency)?;
        Ok(self.minor.cmp(&other.minor))
    }

    /// The smaller of both. Errors: `Currency`.
    #[inline]
    pub fn checked_min(self, other: Money) -> Result<Money, MoneyError> {
        Ok(if self.checked_cmp(other)?.is_le() { self } else { other })
    }

    /// The sum of all, zero of none. Errors: `Currency`, `Overflow`.
    pub fn sum(all: impl IntoIterator<Item = Money>, currency: Currency) -> Result<Money, MoneyError> {
        all.into_iter().try_fold(Money::zero(currency), Money::checked_add)
    }

    /// Splits it over `weights` so that the parts add up to it, as `split` does.
    ///
    /// Source: R-MON-7.
    pub fn split(self, weights: &[u64]) -> Vec<Money> {
        split(self.minor, weights).into_iter().map(|minor| Money { minor, currency: self.currency }).collect()
    }

    /// The same sum in the precision of lines.
    #[inline]
    pub fn to_amount(self) -> Amount {
        Amount { e8: i128::from(self.minor) * e8_per_minor(self.currency), currency: self.currency }
    }
}

/// So many 1e-8 are one minor unit: 1 000 000 of a fen, 100 000 000 of a yen.
#[inline]
fn e8_per_minor(currency: Currency) -> i128 {
    i128::from(10_i64.pow(AMOUNT_DIGITS - currency.minor_digits()))
}

#[inline]
fn same(one: Currency, other: Currency) -> Result<(), MoneyError> {
    if one == other { Ok(()) } else { Err(MoneyError::Currency(one, other)) }
}

/// Splits `total` over `weights` so that the parts add up to it.
///
/// Each part is floored; what is left goes one by one to the largest fractions, ties to the
/// earlier. With no weight at all everything goes to the first part. What is below zero is split like
/// what is above. Source: R-MON-7.
pub fn split(total: i64, weights: &[u64]) -> Vec<i64> {
    let sign = i128::from(total.signum());
    // A part is no larger than the total.
    split_magnitude(total.unsigned_abs(), weights)
        .into_iter()
        .map(|it| (i128::from(it) * sign) as i64)
        .collect()
}

fn split_magnitude(total: u64, weights: &[u64]) -> Vec<u64> {
    let whole: u128 = weights.iter().map(|it| u128::from(*it)).sum();
    let mut parts = vec![0_u64; weights.len()];
    if weights.is_empty() || total == 0 {
        return parts;
    }
    if whole == 0 {
        parts[0] = total;
        return parts;
    }
    let mut order: Vec<(u128, usize)> = Vec::with_capacity(weights.len());
    let mut left = total;
    for (at, weight) in weights.iter().enumerate() {
        let share = u128::from(total) * u128::from(*weight);
        parts[at] = (share / whole) as u64;
        left -= parts[at];
        order.push((share % whole, at));
    }
    order.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
    for (_, at) in order.into_iter().take(left as usize) {
        parts[at] += 1;
    }
    parts
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&decimal::print(self.e8, AMOUNT_DIGITS))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&decimal::print(self.minor.into(), self.currency.minor_digits()))
    }
}

#[cfg(test)]
mod tests;
