//! Quantities in whole base units, and prices that say "so much for so much".
//!
//! In:  counts, prices. Out: cost to 1e-8, rounded once.
//! Invariant: a price per second or per byte is never computed; multiply first, divide once.
//! Rules: R-MON-3, R-PRC-7.

use crate::decimal::{div_half_up, times};
use crate::money::{Amount, MoneyError};
use std::fmt;

/// What a quantity counts. Sizes of specs (gigabytes, Mbps) and what flows are base units of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    Piece,
    Gigabyte,
    Mbps,
    Gbps,
    PieceSecond,
    GigabyteSecond,
    MbpsSecond,
    Byte,
    BitPerSecond,
    Event,
    /// 1e-8 of a currency unit: the value that a percentage is taken of.
    ValueE8,
}

impl Unit {
    pub const ALL: [Unit; 11] = [
        Unit::Piece,
        Unit::Gigabyte,
        Unit::Mbps,
        Unit::Gbps,
        Unit::PieceSecond,
        Unit::GigabyteSecond,
        Unit::MbpsSecond,
        Unit::Byte,
        Unit::BitPerSecond,
        Unit::Event,
        Unit::ValueE8,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Unit::Piece => "piece",
            Unit::Gigabyte => "GB",
            Unit::Mbps => "Mbps",
            Unit::Gbps => "Gbps",
            Unit::PieceSecond => "s",
            Unit::GigabyteSecond => "GB·s",
            Unit::MbpsSecond => "Mbps·s",
            Unit::Byte => "B",
            Unit::BitPerSecond => "bit/s",
            Unit::Event => "event",
            Unit::ValueE8 => "e-8",
        }
    }

    /// The unit that `self` held for a second is counted in.
    #[inline]
    pub const fn seconds(self) -> Unit {
        match self {
            Unit::Gigabyte => Unit::GigabyteSecond,
            Unit::Mbps => Unit::MbpsSecond,
            Unit::Piece
            | Unit::Gbps
            | Unit::PieceSecond
            | Unit::GigabyteSecond
            | Unit::MbpsSecond
            | Unit::Byte
            | Unit::BitPerSecond
            | Unit::Event
            | Unit::ValueE8 => Unit::PieceSecond,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A whole number of a base unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Quantity {
    pub value: u128,
    pub unit: Unit,
}

impl Quantity {
    #[inline]
    pub const fn new(value: u128, unit: Unit) -> Quantity {
        Quantity { value, unit }
    }
}

/// What was measured: `quantity / count`, for `num / den` of what the price is for; kept apart so that only the price rounds.
///
/// A mean is a sum with `count` = of how many: tiers, blocks and what is free compare with the mean (R-PRC-20).
/// A span is its quantity with `num` = seconds held and `den` = seconds of the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Measured {
    pub quantity: u128,
    pub count: u64,
    pub num: u64,
    pub den: u64,
    pub unit: Unit,
}

impl Measured {
    /// A plain quantity.
    #[inline]
    pub const fn of(quantity: u128, unit: Unit) -> Measured {
        Measured { quantity, count: 1, num: 1, den: 1, unit }
    }

    /// The same as the mean of `count`.
    #[inline]
    pub const fn mean(self, count: u64) -> Measured {
        Measured { count, ..self }
    }

    /// The same for `num / den` of what the price is for.
    #[inline]
    pub const fn part(self, num: u64, den: u64) -> Measured {
        Measured { num, den, ..self }
    }
}

/// Why a price could not be applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PriceError {
    #[error("the price is per {price}, the use was measured in {used}")]
    UnitMismatch { price: Unit, used: Unit },
    #[error("the price is per nothing")]
    PerNothing,
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// So much for so much: an amount per quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Price {
    pub amount: Amount,
    pub per: Quantity,
}

impl Price {
    /// The cost of `used`, to 1e-8, half up. Multiplies first and divides once.
    ///
    /// Source: R-MON-3. Never a price per second: 3660 s at 0.17 an hour is 0.17283333.
    #[inline]
    pub fn of(self, used: Quantity) -> Result<Amount, PriceError> {
        self.measured(Measured::of(used.value, used.unit))
    }

    /// The cost of what was measured, to 1e-8, half up.
    #[inline]
    pub fn measured(self, used: Measured) -> Result<Amount, PriceError> {
        if self.per.unit != used.unit {
            return Err(PriceError::UnitMismatch { price: self.per.unit, used: used.unit });
        }
        let e8 = scaled(self.amount.e8(), used, self.per.value)?;
        Ok(Amount::from_e8(e8, self.amount.currency()))
    }
}

/// `e8 × quantity × num / (count × den × per)`, half up, in that order.
#[inline]
pub fn scaled(e8: i128, used: Measured, per: u128) -> Result<i128, PriceError> {
    let value = i128::try_from(used.quantity).map_err(|_| MoneyError::Overflow)?;
    let product = times(e8, value).ok_or(MoneyError::Overflow)?;
    let product = times(product, i128::from(used.num)).ok_or(MoneyError::Overflow)?;
    let per = i128::try_from(per).map_err(|_| MoneyError::Overflow)?;
    let by = times(per, i128::from(used.den)).ok_or(MoneyError::Overflow)?;
    let by = times(by, i128::from(used.count)).ok_or(MoneyError::Overflow)?;
    if by <= 0 {
        return Err(PriceError::PerNothing);
    }
    Ok(div_half_up(product, by))
}

#[cfg(test)]
mod tests;
