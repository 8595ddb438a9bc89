//! Currencies, and why a sum of them could not be read or computed.
//!
//! In:  codes in text. Out: a currency, or what is wrong.
//! Invariant: nothing here converts; two currencies are two price lists.
//! Rules: R-MON-5.

use std::fmt;

/// Why a sum could not be read or computed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("`{0}` is not a decimal number; write it like 12.50")]
    Malformed(String),
    #[error("`{text}` has more than {places} digits behind the point")]
    TooFine { text: String, places: u32 },
    #[error("the sum is too large")]
    Overflow,
    #[error("a balance would be below zero")]
    BelowZero,
    #[error("{0} and {1} do not mix")]
    Currency(Currency, Currency),
    #[error("`{0}` is not a currency that the till knows; it knows CNY and USD")]
    UnknownCurrency(String),
}

/// The currency of an account and of a price list. Both known ones have two minor digits.
///
/// As wide as the sum beside it: sums are copied often, and a narrow one would be copied with its padding, piece by piece.
/// Source: R-MON-5: price lists of two currencies are two lists; nothing here converts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u64)]
pub enum Currency {
    Cny,
    Usd,
}

impl Currency {
    /// Digits behind the point of what moves.
    pub const fn minor_digits(self) -> u32 {
        match self {
            Currency::Cny | Currency::Usd => 2,
        }
    }

    /// Its code, as rows and the API write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Currency::Cny => "CNY",
            Currency::Usd => "USD",
        }
    }

    /// The currency of this code. Errors: `UnknownCurrency`.
    pub fn parse(text: &str) -> Result<Currency, MoneyError> {
        match text {
            "CNY" => Ok(Currency::Cny),
            "USD" => Ok(Currency::Usd),
            other => Err(MoneyError::UnknownCurrency(other.chars().take(40).collect())),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
