//! How Stripe counts money.
//!
//! In:  sums. Out: whole numbers of what Stripe counts the currency in, and back.
//! Invariant: nothing is rounded; what cannot be said exactly is not said.
//! Source: Stripe, "supported currencies": zero-decimal currencies, special cases, three-decimal currencies.

use units::{Currency, Money};

/// Currencies of which Stripe counts others than the digits of ISO 4217: króna and shilling with two digits that are 0,
/// for old times' sake, and ariary whole.
const SPECIAL: [(&str, Scale); 3] =
    [("ISK", Scale::Hundredths), ("MGA", Scale::Whole), ("UGX", Scale::Hundredths)];

#[derive(Clone, Copy)]
enum Scale {
    /// Hundredths of a minor unit.
    Hundredths,
    /// A hundred minor units.
    Whole,
}

fn special(currency: Currency) -> Option<Scale> {
    SPECIAL.iter().find(|it| it.0 == currency.as_str()).map(|it| it.1)
}

fn part(whole: i64) -> Option<i64> {
    (whole % 100 == 0).then_some(whole / 100)
}

/// A sum as Stripe counts it. `None` for what lies between, or does not fit.
pub(super) fn of_money(it: Money) -> Option<i64> {
    match special(it.currency()) {
        None => Some(it.minor()),
        Some(Scale::Hundredths) => it.minor().checked_mul(100),
        Some(Scale::Whole) => part(it.minor()),
    }
}

/// A sum that Stripe counted. `None` for what is no sum of the currency.
pub(super) fn money(counted: i64, currency: Currency) -> Option<Money> {
    let minor = match special(currency) {
        None => Some(counted),
        Some(Scale::Hundredths) => part(counted),
        Some(Scale::Whole) => counted.checked_mul(100),
    };
    minor.map(|it| Money::from_minor(it, currency))
}

#[cfg(test)]
mod tests;
