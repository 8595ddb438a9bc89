//! Pricing: how a measured quantity becomes a cost.
//!
//! In:  a price item, what was measured, where it stands in its cycle. Out: cost to 1e-8, rounded once.
//! Invariant: every kind multiplies exactly and divides once, at the end.
//! Rules: R-PRC-1, R-PRC-2, R-PRC-3, R-PRC-10, R-PRC-11, R-PRC-15 to R-PRC-18, R-PRC-20, R-PRC-21.
//! Examples: scenarios/data/price/.

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
    /// Which tier an edge belongs to where all is charged at the one that is reached.
    pub edge: Edge,
    /// Nothing above this is on sale. `None`: the last tier is open.
    pub up_to: Option<u128>,
}

/// Which side of an edge belongs to the band or tier below it. Source: R-DDS-4, R-PRC-19.
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
    /// Whether it has several prices, by how much it is: a contract may set one of them alone. Source: R-PRC-22.
    pub const fn has_steps(&self) -> bool {
        match self {
            Pricing::Graduated(_) | Pricing::Volume(_) | Pricing::Band(_) => true,
            Pricing::PerUnit(_) | Pricing::Package { .. } | Pricing::Percentage(_) => false,
        }
    }

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
    /// The contract that it is from, where it is no price of the book. Source: R-PRC-22.
    pub contract: Option<String>,
}

/// Where a part of a cycle's use stands among all of it, in the unit of its quantity: what was used before, what after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    pub before: u128,
    pub after: u128,
}

impl PriceItem {
    /// The cost of `used` as all that was used, to 1e-8, at list price.
    ///
    /// Errors: `UnitMismatch`, or a sum that does not fit. Source: R-PRC-16.
    pub fn cost(&self, used: Measured) -> Result<Amount, PriceError> {
        let cost = self.part(used, Position::default())?;
        match self.minimum {
            Some(least) if used.quantity > 0 && cost.e8() < least.e8() => Ok(least),
            _ => Ok(cost),
        }
    }

    /// The cost of a part of what was used, to 1e-8, at list price and without the minimum, which is of the whole.
    ///
    /// Nothing used costs nothing. Errors: `UnitMismatch`, or a sum that does not fit. Source: R-PRC-18, R-PRC-21.
    #[inline(always)]
    pub fn part(&self, used: Measured, at: Position) -> Result<Amount, PriceError> {
        let counted = self.counted(used, at.before)?;
        // What was free is not counted by tiers.
        let free = of_sum(self.free, used.count)?;
        let at = Position { before: at.before.saturating_sub(free), after: at.after };
        match &self.pricing {
            Pricing::PerUnit(price) => price.measured(counted),
            Pricing::Graduated(tiers) => graduated(tiers, counted, at.before),
            Pricing::Volume(tiers) => volume(tiers, counted, at),
            Pricing::Package { size, price } => package(*size, *price, counted),
            Pricing::Percentage(percentage) => percent(percentage, counted),
            Pricing::Band(bands) => in_band(bands, counted),
        }
    }

    /// Whether every unit costs the same, whatever else was used: parts of it need not know of each other.
    #[inline]
    pub const fn is_plain(&self) -> bool {
        matches!(self.pricing, Pricing::PerUnit(_)) && self.free == 0 && self.started.is_none()
    }

    /// `used` after free units and started units. `before` was used earlier in the cycle.
    ///
    /// Errors: started units that do not fit.
    #[inline(always)]
    pub fn counted(&self, used: Measured, before: u128) -> Result<Measured, PriceError> {
        let mut used = used;
        if let Some(started) = self.started.filter(|it| *it > 0) {
            if used.num > 1 || used.den > 1 {
                let whole = u128::from(used.num).checked_next_multiple_of(started);
                used.num = whole.and_then(|it| u64::try_from(it).ok()).ok_or(MoneyError::Overflow)?;
            } else {
                let whole = used.quantity.checked_next_multiple_of(of_sum(started, used.count)?);
                used.quantity = whole.ok_or(MoneyError::Overflow)?;
            }
        }
        let free = of_sum(self.free, used.count)?.saturating_sub(before);
        used.quantity = used.quantity.saturating_sub(free);
        Ok(used)
    }
}

fn unit_matches(price: units::Unit, used: Measured) -> Result<(), PriceError> {
    if price == used.unit { Ok(()) } else { Err(PriceError::UnitMismatch { price, used: used.unit }) }
}

fn wide(value: u128) -> Result<i128, PriceError> {
    Ok(i128::try_from(value).map_err(|_| MoneyError::Overflow)?)
}

/// An edge, block or band as a sum of `count`, as the mean is kept that is compared with it. Source: R-PRC-20.
#[inline]
pub fn of_sum(edge: u128, count: u64) -> Result<u128, MoneyError> {
    // Mostly it is no mean, and a product of 128 bits takes long.
    if count == 1 {
        return Ok(edge);
    }
    edge.checked_mul(count.into()).ok_or(MoneyError::Overflow)
}

/// The sum over tiers of what falls into each, between `offset` and `offset + quantity`.
///
/// Source: R-PRC-1 ProgressiveTier, R-PRC-2, R-PRC-3.
fn graduated(tiers: &Tiers, used: Measured, offset: u128) -> Result<Amount, PriceError> {
    unit_matches(tiers.per.unit, used)?;
    let overflow = || PriceError::from(MoneyError::Overflow);
    let to = offset.checked_add(used.quantity).ok_or_else(overflow)?;
    let per = wide(of_sum(tiers.per.value, used.count)?)?;
    let mut total: i128 = 0;
    for (at, tier) in tiers.tiers.iter().enumerate() {
        let above = of_sum(tier.above, used.count)?;
        if above >= to {
            break;
        }
        let next = match tiers.tiers.get(at + 1) {
            Some(next) => of_sum(next.above, used.count)?,
            None => u128::MAX,
        };
        // Used before.
        if next <= offset {
            continue;
        }
        let (from, to) = (above.max(offset), next.min(to));
        let cost = times(tier.amount.e8(), wide(to - from)?).ok_or_else(overflow)?;
        let entered = offset <= above;
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

/// At the price of the tier that the whole reaches; its flat part belongs to the part that enters it.
///
/// Source: R-PRC-1 ArrivalTier, R-PRC-18.
fn volume(tiers: &Tiers, used: Measured, at: Position) -> Result<Amount, PriceError> {
    unit_matches(tiers.per.unit, used)?;
    let to = at.before.checked_add(used.quantity).ok_or(MoneyError::Overflow)?;
    let all = to.checked_add(at.after).ok_or(MoneyError::Overflow)?;
    let mut tier = None;
    for it in &tiers.tiers {
        let above = of_sum(it.above, used.count)?;
        let is_reached = match tiers.edge {
            Edge::Upper => above < all,
            Edge::Lower => above <= all,
        };
        if is_reached {
            tier = Some((it, above));
        }
    }
    let Some((tier, above)) = tier.filter(|_| used.quantity > 0) else {
        return Ok(Amount::zero(currency(tiers)?));
    };
    let cost = Price { amount: tier.amount, per: tiers.per }.measured(used)?;
    let enters = match tiers.edge {
        Edge::Upper => at.before <= above && above < to,
        Edge::Lower => (at.before < above || (above == 0 && at.before == 0)) && above <= to,
    };
    Ok(if enters { cost.checked_add(tier.flat)? } else { cost })
}

/// Started blocks. Source: R-PRC-10.
fn package(size: Quantity, price: Amount, used: Measured) -> Result<Amount, PriceError> {
    unit_matches(size.unit, used)?;
    if size.value == 0 || used.count == 0 {
        return Err(PriceError::PerNothing);
    }
    let blocks = wide(used.quantity.div_ceil(of_sum(size.value, used.count)?))?;
    let e8 = price.e8().checked_mul(blocks).ok_or(MoneyError::Overflow)?;
    Ok(Amount::from_e8(e8, price.currency()))
}

/// Rate × value + fixed part, within its bounds; nothing of nothing. Source: R-PRC-11, R-PRC-21.
pub(crate) fn percent(percentage: &Percentage, used: Measured) -> Result<Amount, PriceError> {
    unit_matches(units::Unit::ValueE8, used)?;
    if used.quantity == 0 {
        return Ok(Amount::zero(percentage.fixed.currency()));
    }
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
    let mut amount =
        Amount::zero(bands.bands.first().map(|it| it.1.currency()).ok_or(PriceError::PerNothing)?);
    for (from, of_band) in &bands.bands {
        let from = of_sum(*from, used.count)?;
        let is_reached = match bands.edge {
            Edge::Upper => from < used.quantity,
            Edge::Lower => from <= used.quantity && used.quantity > 0,
        };
        if is_reached {
            amount = *of_band;
        }
    }
    Ok(amount)
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
