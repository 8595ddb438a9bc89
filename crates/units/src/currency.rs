//! Currencies, and why a sum of them could not be read or computed.
//!
//! In:  codes in text. Out: a currency with its digits, or what is wrong.
//! Invariant: nothing here converts; two currencies are two price lists.
//! Rules: R-MON-5. Source: ISO 4217, as the crate `iso_currency` lists it.

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
    #[error("`{code}` is not a currency that the till knows: {why}")]
    UnknownCurrency { code: String, why: NoCurrency },
}

/// Why a code is no currency of the till.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoCurrency {
    /// ISO 4217 has no such code.
    Unlisted,
    /// A fund, such as CLF: nobody pays with it.
    Fund,
    /// A metal, a unit of account or a test, such as XAU: it has no minor unit.
    Special,
    /// Another currency stands for it by now, such as EUR for HRK.
    Superseded(&'static str),
}

impl fmt::Display for NoCurrency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoCurrency::Unlisted => f.write_str("write a code of ISO 4217 in capital letters, such as CNY"),
            NoCurrency::Fund => f.write_str("it is a fund, which nobody pays with"),
            NoCurrency::Special => f.write_str("it has no minor unit, and nobody pays with it"),
            NoCurrency::Superseded(by) => write!(f, "it was superseded; write {by}"),
        }
    }
}

/// The currency of an account and of a price list: one of ISO 4217, with its digits.
///
/// As wide as the sum beside it: sums are copied often, and a narrow one would be copied with its padding, piece by piece.
/// From the highest byte on: three letters, their number in ISO 4217, digits. So currencies are in the order of their codes.
/// Source: R-MON-5: price lists of two currencies are two lists; nothing here converts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(u64);

impl Currency {
    pub const CNY: Currency = Currency::of(*b"CNY", 156, 2);
    pub const USD: Currency = Currency::of(*b"USD", 840, 2);

    /// Digits behind the point that any currency has at most. Source: ISO 4217, funds left out.
    pub const MOST_DIGITS: u32 = 3;

    const fn of(code: [u8; 3], number: u16, digits: u8) -> Currency {
        let [one, two, three] = code;
        let [high, low] = number.to_be_bytes();
        Currency(u64::from_be_bytes([0, 0, one, two, three, high, low, digits]))
    }

    /// Digits behind the point of what moves: 2 of most, 0 of JPY, 3 of KWD.
    #[inline]
    pub const fn minor_digits(self) -> u32 {
        (self.0 & 0xFF) as u32
    }

    /// So many minor units are one major unit.
    #[inline]
    pub const fn minor_per_major(self) -> i64 {
        10_i64.pow(self.minor_digits())
    }

    /// Its code, as rows and the API write it.
    pub fn as_str(self) -> &'static str {
        iso(self).map_or("", |it| it.code())
    }

    /// The currency of this code, also one that was superseded meanwhile: rows and books keep theirs. Errors: `UnknownCurrency`.
    pub fn parse(text: &str) -> Result<Currency, MoneyError> {
        // The two that most rows are full of need no search.
        match text {
            "CNY" => Ok(Currency::CNY),
            "USD" => Ok(Currency::USD),
            other => listed(other).map_err(|why| unknown(other, why)),
        }
    }

    /// The same currency, if something new may begin in it. Errors: `UnknownCurrency` for one that was superseded.
    pub fn active(self) -> Result<Currency, MoneyError> {
        let by = iso(self).filter(|it| *it != STILL_ACTIVE).and_then(|it| it.is_superseded());
        match by {
            Some(by) => Err(unknown(self.as_str(), NoCurrency::Superseded(by.code()))),
            None => Ok(self),
        }
    }
}

/// The crate lists VES as superseded by VED. ISO 4217 has both: one currency with two codes, VED within the country alone.
const STILL_ACTIVE: iso_currency::Currency = iso_currency::Currency::VES;

fn iso(it: Currency) -> Option<iso_currency::Currency> {
    iso_currency::Currency::from_numeric(((it.0 >> 8) & 0xFFFF) as u16)
}

fn listed(text: &str) -> Result<Currency, NoCurrency> {
    let iso = iso_currency::Currency::from_code(text).ok_or(NoCurrency::Unlisted)?;
    if iso.is_fund() {
        return Err(NoCurrency::Fund);
    }
    let digits = iso.exponent().filter(|_| !iso.is_special()).and_then(|it| u8::try_from(it).ok());
    let digits = digits.filter(|it| u32::from(*it) <= Currency::MOST_DIGITS).ok_or(NoCurrency::Special)?;
    let code = <[u8; 3]>::try_from(text.as_bytes()).map_err(|_| NoCurrency::Unlisted)?;
    Ok(Currency::of(code, iso.numeric(), digits))
}

fn unknown(code: &str, why: NoCurrency) -> MoneyError {
    MoneyError::UnknownCurrency { code: code.chars().take(40).collect(), why }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests;
