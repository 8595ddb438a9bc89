//! Sums of money as events write them.

use units::{Currency, Money};

/// A decimal with all its digits.
pub(super) fn money(minor: i64, currency: Currency) -> String {
    Money::from_minor(minor, currency).to_string()
}
