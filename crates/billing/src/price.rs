//! Pricing: how a measured quantity becomes a cost.
//!
//! In:  a price item, what was measured, where a tier clock stood. Out: cost to 1e-8, rounded once.
//! Invariant: every kind multiplies exactly and divides once, at the end.
//! Rules: R-PRC-1, R-PRC-2, R-PRC-3, R-PRC-10, R-PRC-11, R-PRC-15 to R-PRC-17. Examples: scenarios/data/price/.

use units::decimal::{div_half_up, times};
use units::{Amount, Currency, Measured, MoneyError, Price, PriceError, Quantity};

/// One tier: what lies above `above` and up to the next tier, at `amount` per the quantity of the tiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    pub above: u128,
    pub amount: Amount,
    /// Taken once when the tier is entered. Source: R-PRC-15.
    pub flat: Amount,
}

/// Tiers in ascending order, the first above 0; each reaches up to the next, so none overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiers {
    pub per: Quantity,
    pub tiers: Vec<Tier>,
    /// Nothing above this is on sale. `None`: the last tier is open.
    pub up_to: Option<u128>,
}

/// Which side of an edge belongs to the band below it. Source: R-DDS-4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// `(lo, hi]`: the upper edge belongs to the band.
    Upper,
    /// `[lo, hi)`: the lower edge belongs to the band.
    Lower,
}

/// Bands in ascending order: one amount for whatever falls into the band.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bands {
    pub unit: units::Unit,
    pub edge: Edge,
    /// Where each band begins, and its amount.
    pub bands: Vec<(u128, Amount)>,
    /// Nothing above this is on sale.
    pub up_to: Option<u128>,
}

/// A share of a value, per event. Source: R-PRC-11.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Percentage {
    /// The rate in 1e-8: 1.2 % is 1 200 000.
    pub rate_e8: u64,
    pub fixed: Amount,
    pub least: Option<Amount>,
    pub most: Option<Amount>,
}

/// The kinds of price. Source: R-PRC-1 and section 21.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pricing {
    PerUnit(Price),
    /// Each part at the price of its tier: progressive tiers and step rates.
    Graduated(Tiers),
    /// All of it at the price of the tier that is reached.
    Volume(Tiers),
    /// Started blocks of `size`.
    Package {
        size: Quantity,
        price: Amount,
    },
    Percentage(Percentage),
    Band(Bands),
}

impl Pricing {
    /// The kind as price books write it.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Pricing::PerUnit(_) => "per_unit",
            Pricing::Graduated(_) => "graduated",
            Pricing::Volume(_) => "volume",
            Pricing::Package { .. } => "package",
            Pricing::Percentage(_) => "percentage",
            Pricing::Band(_) => "band",
        }
    }
}

/// A price as the book lists it, and what is done to the quantity before it is applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceItem {
    /// Unique in its book: product, component and the options that chose it.
    pub key: String,
    pub pricing: Pricing,
    /// Seconds that the price is for, where a quantity is held for a time; 1 where it is not.
    pub per_seconds: u64,
    /// Units of a cycle that cost nothing. Source: R-PRC-16.
    pub free: u128,
    /// The least that a cycle with any use costs. Source: R-PRC-16.
    pub minimum: Option<Amount>,
    /// What is started counts whole. Source: R-PRC-17.
    pub started: Option<u128>,
    /// The discount table for orders of several months.
    pub discount: Option<String>,
    /// Where the figure comes from, or `demo`.
    pub source: String,
}

impl PriceItem {
    /// The cost of `used`, to 1e-8, at list price. `offset` is what the tier clock showed before.
    ///
    /// Errors: `UnitMismatch`, or a sum that does not fit.
    pub fn cost(&self, used: Measured, offset: u128) -> Result<Amount, PriceError> {
        let any = used.quantity > 0;
        let used = self.counted(used, offset)?;
        // The tier clock does not count what was free.
        let offset = offset.saturating_sub(self.free);
        let cost = match &self.pricing {
            Pricing::PerUnit(price) => price.measured(used)?,
            Pricing::Graduated(tiers) => graduated(tiers, used, offset)?,
            Pricing::Volume(tiers) => volume(tiers, used)?,
            Pricing::Package { size, price } => package(*size, *price, used)?,
            Pricing::Percentage(percentage) => percent(percentage, used)?,
            Pricing::Band(bands) => in_band(bands, used)?,
        };
        match self.minimum {
            Some(least) if any && cost.e8() < least.e8() => Ok(least),
            _ => Ok(cost),
        }
    }

    /// `used` after free units and started units. `before` was used earlier in the cycle.
    ///
    /// Errors: started units that do not fit.
    #[inline]
    pub fn counted(&self, used: Measured, before: u128) -> Result<Measured, PriceError> {
        let mut used = used;
        if let Some(started) = self.started.filter(|it| *it > 0) {
            if used.num > 1 || used.den > 1 {
                let whole = u128::from(used.num).checked_next_multiple_of(started);
                used.num = whole.and_then(|it| u64::try_from(it).ok()).ok_or(MoneyError::Overflow)?;
            } else {
                let whole = used.quantity.checked_next_multiple_of(started);
                used.quantity = whole.ok_or(MoneyError::Overflow)?;
            }
        }
        used.quantity = used.quantity.saturating_sub(self.free.saturating_sub(before));
        Ok(used)
    }
}

fn unit_matches(price: units::Unit, used: Measured) -> Result<(), PriceError> {
    if price == used.unit { Ok(()) } else { Err(PriceError::UnitMismatch { price, used: used.unit }) }
}

fn wide(value: u128) -> Result<i128, PriceError> {
    Ok(i128::try_from(value).map_err(|_| MoneyError::Overflow)?)
}

/// The sum over tiers of what falls into each, between `offset` and `offset + quantity`.
///
/// Source: R-PRC-1 ProgressiveTier, R-PRC-2, R-PRC-3.
fn graduated(tiers: &Tiers, used: Measured, offset: u128) -> Result<Amount, PriceError> {
    unit_matches(tiers.per.unit, used)?;
    let overflow = || PriceError::from(MoneyError::Overflow);
    let to = offset.checked_add(used.quantity).ok_or_else(overflow)?;
    let per = wide(tiers.per.value)?;
    let mut total: i128 = 0;
    for (at, tier) in tiers.tiers.iter().enumerate() {
        let end = tiers.tiers.get(at + 1).map_or(u128::MAX, |next| next.above);
        let (from, to) = (tier.above.max(offset), end.min(to));
        if from >= to {
            continue;
        }
        let cost = times(tier.amount.e8(), wide(to - from)?).ok_or_else(overflow)?;
        let entered = offset <= tier.above;
        let flat = if entered { times(tier.flat.e8(), per).ok_or_else(overflow)? } else { 0 };
        total = total.checked_add(cost).and_then(|it| it.checked_add(flat)).ok_or_else(overflow)?;
    }
    let product = times(total, i128::from(used.num)).ok_or_else(overflow)?;
    divide(product, per, used.den, currency(tiers)?)
}

#[inline]
fn divide(product: i128, per: i128, den: u64, currency: Currency) -> Result<Amount, PriceError> {
    let by = times(per, i128::from(den)).ok_or(MoneyError::Overflow)?;
    if by <= 0 {
        return Err(PriceError::PerNothing);
    }
    Ok(Amount::from_e8(div_half_up(product, by), currency))
}

/// Errors: `PerNothing` for a price without tiers, which no book has.
fn currency(tiers: &Tiers) -> Result<Currency, PriceError> {
    tiers.tiers.first().map(|it| it.amount.currency()).ok_or(PriceError::PerNothing)
}

/// All of it at the price of the tier that the total reaches. Source: R-PRC-1 ArrivalTier.
fn volume(tiers: &Tiers, used: Measured) -> Result<Amount, PriceError> {
    unit_matches(tiers.per.unit, used)?;
    let reached = tiers.tiers.partition_point(|it| it.above < used.quantity);
    let Some(tier) = reached.checked_sub(1).map(|at| &tiers.tiers[at]) else {
        return Ok(Amount::zero(currency(tiers)?));
    };
    Ok(Price { amount: tier.amount, per: tiers.per }.measured(used)?.checked_add(tier.flat)?)
}

/// Started blocks. Source: R-PRC-10.
fn package(size: Quantity, price: Amount, used: Measured) -> Result<Amount, PriceError> {
    unit_matches(size.unit, used)?;
    if size.value == 0 {
        return Err(PriceError::PerNothing);
    }
    let blocks = wide(used.quantity.div_ceil(size.value))?;
    let e8 = price.e8().checked_mul(blocks).ok_or(MoneyError::Overflow)?;
    Ok(Amount::from_e8(e8, price.currency()))
}

/// Rate × value + fixed part, within its bounds. Source: R-PRC-11.
fn percent(percentage: &Percentage, used: Measured) -> Result<Amount, PriceError> {
    unit_matches(units::Unit::ValueE8, used)?;
    let rate = Amount::from_e8(i128::from(percentage.rate_e8), percentage.fixed.currency());
    let share = units::quantity::scaled(rate.e8(), used, 100_000_000)?;
    let cost = share.checked_add(percentage.fixed.e8()).ok_or(MoneyError::Overflow)?;
    let cost = percentage.least.map_or(cost, |least| cost.max(least.e8()));
    let cost = percentage.most.map_or(cost, |most| cost.min(most.e8()));
    Ok(Amount::from_e8(cost, percentage.fixed.currency()))
}

/// The one band that the quantity falls into; nothing below the first.
///
/// Errors: `UnitMismatch` when it was measured in another unit. Source: R-DDS-2, R-DDS-4.
fn in_band(bands: &Bands, used: Measured) -> Result<Amount, PriceError> {
    unit_matches(bands.unit, used)?;
    let reached = match bands.edge {
        Edge::Upper => bands.bands.partition_point(|it| it.0 < used.quantity),
        Edge::Lower => bands.bands.partition_point(|it| it.0 <= used.quantity),
    };
    let currency = bands.bands.first().map(|it| it.1.currency()).ok_or(PriceError::PerNothing)?;
    let none = reached == 0 || used.quantity == 0;
    Ok(if none { Amount::zero(currency) } else { bands.bands[reached - 1].1 })
}

/// `list` × a rate in 1e-8, half up. Source: R-PRC-9.
pub fn discounted(list: Amount, rate_e8: u64) -> Result<Amount, PriceError> {
    let product = times(list.e8(), i128::from(rate_e8)).ok_or(MoneyError::Overflow)?;
    Ok(Amount::from_e8(div_half_up(product, 100_000_000), list.currency()))
}

/// A rate of one: no discount.
pub const FULL_RATE_E8: u64 = 100_000_000;

#[cfg(test)]
mod tests;
