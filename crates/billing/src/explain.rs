//! Explaining: the arithmetic of a line as steps, from what the line stores.
//!
//! In:  a line, its component and price item. Out: steps with quantity, unit, price and result, that sentences, JSON and
//! pages are made from.
//! Invariant: the steps are the arithmetic: worked out one after the other, from their own figures, they give the line.
//! Rules: R-BIL-2, R-PRC-9, R-PRC-15 to R-PRC-18, R-PRC-23 to R-PRC-25, R-SET-5.

use crate::bill::Line;
use crate::book::{Component, Due, Meter};
use crate::evened;
use crate::meter::PayTime;
use crate::price::{self, Bands, Edge, FULL_RATE_E8, Percentage, PriceItem, Pricing, Tiers, of_sum};
use crate::tag::Per;
use crate::text::Text;
use crate::used::AggregateError;
use units::decimal::{div_half_up, times};
use units::{Amount, Currency, Measured, MoneyError, Price, PriceError, Quantity, Timestamp, Unit};

mod figures;
mod plain;
mod words;

pub use crate::language::Language;
pub use words::{bare, with_unit};

/// One step of the arithmetic of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Which price it is, and where its figure comes from. Of one that `has_steps`, the contract may set a part alone.
    Priced { name: Text, key: String, source: String, contract: Option<String>, has_steps: bool },
    /// What was used.
    Measured { used: Measured },
    /// The slots whose values make what was measured. Source: R-SLT-1.
    Chosen(Chosen),
    /// What was bought: a quantity, for so many months.
    Bought { used: Measured, meter: BoughtBy },
    /// So many seconds from the begin of a life on count whole. Source: R-PRC-23.
    AtLeast { seconds: u64 },
    /// So many seconds of a calendar month are charged at most. Source: R-PRC-24.
    AtMost { seconds: u64 },
    /// Units that a free tier of the account took; they are not in what was measured. Source: R-PRC-25.
    FreeTier { units: u64, unit: Unit },
    /// Units that packs covered; they are not in what was measured.
    Covered { units: u64, unit: Unit },
    /// Where the line stands in its cycle, or what the tier clock showed, in the unit of its quantity.
    After { before: u64, used: Measured },
    /// Started units count whole.
    Started { size: u128, counted: Measured },
    /// Units of the cycle that cost nothing.
    Free { free: u128, counted: Measured },
    /// A quantity at one price.
    Units { price: Price, per: Per, used: Measured, meter: Option<BoughtBy> },
    /// Each part at the price of its tier.
    Tiers { per: Quantity, of: Per, parts: Vec<TierPart>, used: Measured },
    /// All of it at the price of the tier that the whole cycle reaches.
    Reached { per: Quantity, of: Per, whole: u128, part: TierPart, used: Measured },
    /// Started blocks.
    Blocks { size: Quantity, blocks: u128, price: Amount },
    /// A share of a value and a fixed part, within bounds.
    Share { share: Percentage, value: Measured },
    /// One amount for the band that it falls into: from where, up to where.
    Band { used: Measured, from: u128, up_to: Option<u128>, edge: Edge, amount: Amount },
    /// Nothing of it is charged.
    Nothing { currency: Currency },
    /// The least that a cycle costs, less what the lines before cost.
    Minimum { least: Amount, earlier: Amount },
    /// What was agreed with the customer, or comes with the months.
    Rate { rate_e8: u64 },
    /// What the rate is short of the sum that was agreed. Source: docs/sales.md.
    Evened { by: Amount },
    /// What it cost before the change is given back. Source: R-CHG-1.
    GivenBack,
    /// The whole closed cycle, with all that is known by now.
    Recounted { cost: Amount },
    /// What the closed cycle had come to before.
    Billed { before: Amount },
}

/// Slots that a price kind chose out of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub seconds: u64,
    /// Of a percentile: which one, counted from the smallest, of how many.
    pub position: Option<(u128, u128)>,
    /// In time order; none where a percentile chose one without a report.
    pub slots: Vec<ChosenSlot>,
}

/// A slot with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenSlot {
    pub from: Timestamp,
    /// When it begins, on the clock of the settlement zone.
    pub local: String,
    pub value: Measured,
}

/// How something was bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoughtBy {
    Month,
    Once,
}

/// What lies in one tier: its bounds, so many units, and its fee if it is entered here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierPart {
    pub from: u128,
    pub up_to: Option<u128>,
    pub quantity: u128,
    pub amount: Amount,
    pub flat: Amount,
}

/// A step, and what the line comes to after it. `None` before anything was priced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub step: Step,
    pub result: Option<Amount>,
}

impl Step {
    /// What the line comes to after this step, from its own figures. `before` is what it came to.
    ///
    /// Errors: a sum that does not fit.
    pub fn result(&self, before: Option<Amount>) -> Result<Option<Amount>, PriceError> {
        let known = || before.ok_or(PriceError::PerNothing);
        Ok(Some(match self {
            Step::Priced { .. }
            | Step::Measured { .. }
            | Step::Chosen(_)
            | Step::Bought { .. }
            | Step::AtLeast { .. }
            | Step::AtMost { .. }
            | Step::FreeTier { .. }
            | Step::Covered { .. }
            | Step::After { .. }
            | Step::Started { .. }
            | Step::Free { .. } => return Ok(before),
            Step::Units { price, used, .. } => price.measured(*used)?,
            Step::Tiers { per, parts, used, .. } => in_tiers(*per, parts, *used)?,
            Step::Reached { per, part, used, .. } => {
                let own = Measured { quantity: part.quantity, ..*used };
                Price { amount: part.amount, per: *per }.measured(own)?.checked_add(part.flat)?
            }
            Step::Blocks { blocks, price, .. } => times_whole(*price, *blocks)?,
            Step::Share { share, value } => price::percent(share, *value)?,
            Step::Band { amount, .. } => *amount,
            Step::Nothing { currency } => Amount::zero(*currency),
            Step::Minimum { least, earlier } => least.checked_sub(*earlier)?,
            Step::Rate { rate_e8 } => price::discounted(known()?, *rate_e8)?,
            Step::Evened { by } => known()?.checked_add(*by)?,
            Step::GivenBack => Amount::zero(known()?.currency()).checked_sub(known()?)?,
            Step::Recounted { cost } => *cost,
            Step::Billed { before } => known()?.checked_sub(*before)?,
        }))
    }
}

fn times_whole(price: Amount, count: u128) -> Result<Amount, PriceError> {
    let count = i128::try_from(count).map_err(|_| MoneyError::Overflow)?;
    let e8 = price.e8().checked_mul(count).ok_or(MoneyError::Overflow)?;
    Ok(Amount::from_e8(e8, price.currency()))
}

/// The sum over tiers, divided once.
fn in_tiers(per: Quantity, parts: &[TierPart], used: Measured) -> Result<Amount, PriceError> {
    let first = parts.first().ok_or(PriceError::PerNothing)?;
    let wide = |it: u128| i128::try_from(it).map_err(|_| MoneyError::Overflow);
    let per = wide(of_sum(per.value, used.count)?)?;
    let mut total: i128 = 0;
    for it in parts {
        let cost = times(it.amount.e8(), wide(it.quantity)?).ok_or(MoneyError::Overflow)?;
        let flat = times(it.flat.e8(), per).ok_or(MoneyError::Overflow)?;
        total = total.checked_add(cost).and_then(|it| it.checked_add(flat)).ok_or(MoneyError::Overflow)?;
    }
    let product = times(total, i128::from(used.num)).ok_or(MoneyError::Overflow)?;
    let by = times(per, i128::from(used.den)).filter(|it| *it > 0).ok_or(PriceError::PerNothing)?;
    Ok(Amount::from_e8(div_half_up(product, by), first.amount.currency()))
}

/// The steps of one line, each with what the line comes to after it.
///
/// Errors: the price does not fit what was measured, or the steps do not come to what the line says.
pub fn line(
    line: &Line<'_>,
    component: &Component,
    item: &PriceItem,
    currency: Currency,
) -> Result<Vec<Reason>, AggregateError> {
    let mut reasons = Vec::new();
    let mut result = None;
    for step in steps(line, component, item, currency)? {
        result = step.result(result)?;
        reasons.push(Reason { step, result });
    }
    match result {
        Some(cost) if cost.e8() == i128::from(line.cost_e8) => Ok(reasons),
        _ => Err(AggregateError::Explained(item.key.clone())),
    }
}

fn steps(
    line: &Line<'_>,
    component: &Component,
    item: &PriceItem,
    currency: Currency,
) -> Result<Vec<Step>, AggregateError> {
    let mut steps = vec![Step::Priced {
        name: component.label.or(&line.name),
        key: item.key.clone(),
        source: item.source.clone(),
        contract: item.contract.clone(),
        has_steps: item.pricing.has_steps(),
    }];
    let used = line.measured;
    steps.push(match bought_by(&component.meter) {
        Some(meter) => Step::Bought { used, meter },
        None => Step::Measured { used },
    });
    if component.least_seconds > 0 {
        steps.push(Step::AtLeast { seconds: component.least_seconds });
    }
    if let Some(seconds) = component.month_seconds {
        steps.push(Step::AtMost { seconds });
    }
    if line.free > 0 {
        steps.push(Step::FreeTier { units: line.free, unit: used.unit });
    }
    if line.covered > 0 {
        steps.push(Step::Covered { units: line.covered, unit: used.unit });
    }
    if let Some(before) = line.billed_e8 {
        let amount = |e8: i64| Amount::from_e8(e8.into(), currency);
        steps.push(Step::Recounted { cost: amount(line.cost_e8).checked_add(amount(before))? });
        steps.push(Step::Billed { before: amount(before) });
        return Ok(steps);
    }
    count(line, item, &mut steps)?;
    steps.push(charge(line, component, item, currency)?);
    if let (Some(earlier_e8), Some(least)) = (line.earlier_e8, item.minimum) {
        steps.push(Step::Minimum { least, earlier: Amount::from_e8(earlier_e8.into(), currency) });
    } else if let Some(least) = item.minimum.filter(|it| i128::from(line.list_e8) == it.e8()) {
        // What is paid with an order has no lines before it.
        steps.push(Step::Minimum { least, earlier: Amount::zero(currency) });
    }
    if line.rate_e8 != FULL_RATE_E8 {
        steps.push(Step::Rate { rate_e8: line.rate_e8 });
        if component.due == Due::Order && !line.gives_back() {
            let by = evened::by(line, currency).map_err(AggregateError::Price)?;
            steps.extend(by.map(|by| Step::Evened { by }));
        }
    }
    if line.gives_back() {
        steps.push(Step::GivenBack);
    }
    Ok(steps)
}

/// How what a meter counts is bought; `None` for what is paid after use.
fn bought_by(meter: &Meter) -> Option<BoughtBy> {
    match meter.form().pay {
        PayTime::WithOrder if *meter == Meter::Months => Some(BoughtBy::Month),
        PayTime::WithOrder => Some(BoughtBy::Once),
        PayTime::AfterCycle => None,
    }
}

/// Where the line stands, and what of it counts.
fn count(line: &Line<'_>, item: &PriceItem, steps: &mut Vec<Step>) -> Result<(), AggregateError> {
    if line.offset > 0 {
        steps.push(Step::After { before: line.offset, used: line.measured });
    }
    let whole = PriceItem { free: 0, ..item.clone() }.counted(line.measured, 0)?;
    if whole != line.measured {
        steps.push(Step::Started { size: item.started.unwrap_or(0), counted: whole });
    }
    let counted = item.counted(line.measured, line.offset.into())?;
    if counted != whole {
        steps.push(Step::Free { free: item.free, counted });
    }
    Ok(())
}

/// The step that prices what counts.
fn charge(
    line: &Line<'_>,
    component: &Component,
    item: &PriceItem,
    currency: Currency,
) -> Result<Step, AggregateError> {
    let used = item.counted(line.measured, line.offset.into())?;
    let per = |it: Quantity| crate::tag::per(component, it, item.per_seconds);
    Ok(match &item.pricing {
        Pricing::PerUnit(price) => {
            Step::Units { price: *price, per: per(price.per), used, meter: bought_by(&component.meter) }
        }
        Pricing::Graduated(tiers) => {
            let parts = tier_parts(tiers, used, clock(line, item)?)?;
            match parts.is_empty() {
                true => Step::Nothing { currency },
                false => Step::Tiers { per: tiers.per, of: per(tiers.per), parts, used },
            }
        }
        Pricing::Volume(tiers) => match reached(tiers, used, line, item)? {
            None => Step::Nothing { currency },
            Some((whole, part)) => Step::Reached { per: tiers.per, of: per(tiers.per), whole, part, used },
        },
        Pricing::Package { size, price } => {
            let blocks = used.quantity.div_ceil(of_sum(size.value, used.count)?.max(1));
            Step::Blocks { size: *size, blocks, price: *price }
        }
        Pricing::Percentage(share) => Step::Share { share: share.clone(), value: used },
        Pricing::Band(bands) => band(bands, used)?.unwrap_or(Step::Nothing { currency }),
    })
}

/// What tiers had counted before the line: what is free is not counted.
fn clock(line: &Line<'_>, item: &PriceItem) -> Result<u128, MoneyError> {
    Ok(u128::from(line.offset).saturating_sub(of_sum(item.free, line.measured.count)?))
}

fn tier_parts(tiers: &Tiers, used: Measured, before: u128) -> Result<Vec<TierPart>, AggregateError> {
    let to = before.checked_add(used.quantity).ok_or(MoneyError::Overflow)?;
    let mut parts = Vec::new();
    for (at, tier) in tiers.tiers.iter().enumerate() {
        let above = of_sum(tier.above, used.count)?;
        let next = tiers.tiers.get(at + 1).map(|it| it.above);
        let end = next.map(|it| of_sum(it, used.count)).transpose()?.unwrap_or(u128::MAX);
        let (from, to) = (above.max(before), end.min(to));
        if from < to {
            let flat = if before <= above { tier.flat } else { Amount::zero(tier.flat.currency()) };
            let (quantity, amount) = (to - from, tier.amount);
            parts.push(TierPart { from: tier.above, up_to: next, quantity, amount, flat });
        }
    }
    Ok(parts)
}

/// The tier that the whole reaches, with the line's part in it, and how much the whole is.
fn reached(
    tiers: &Tiers,
    used: Measured,
    line: &Line<'_>,
    item: &PriceItem,
) -> Result<Option<(u128, TierPart)>, AggregateError> {
    let before = clock(line, item)?;
    let whole = before + used.quantity + u128::from(line.later);
    let is_reached = |above: u128| match tiers.edge {
        Edge::Upper => above < whole,
        Edge::Lower => above <= whole,
    };
    let mut found = None;
    for (at, tier) in tiers.tiers.iter().enumerate() {
        if used.quantity > 0 && is_reached(of_sum(tier.above, used.count)?) {
            found = Some((tier, tiers.tiers.get(at + 1).map(|it| it.above)));
        }
    }
    let Some((tier, up_to)) = found else { return Ok(None) };
    // What is more than the units at the tier's price is its fee.
    let own = Price { amount: tier.amount, per: tiers.per }.measured(used)?;
    let all = item.part(line.measured, line.position())?;
    let flat = all.checked_sub(own)?;
    let part = TierPart { from: tier.above, up_to, quantity: used.quantity, amount: tier.amount, flat };
    Ok(Some((whole, part)))
}

fn band(bands: &Bands, used: Measured) -> Result<Option<Step>, AggregateError> {
    let mut found = None;
    for (at, (from, amount)) in bands.bands.iter().enumerate() {
        let edge = of_sum(*from, used.count)?;
        let is_reached = match bands.edge {
            Edge::Upper => edge < used.quantity,
            Edge::Lower => edge <= used.quantity && used.quantity > 0,
        };
        if is_reached {
            let up_to = bands.bands.get(at + 1).map(|it| it.0).or(bands.up_to);
            found = Some(Step::Band { used, from: *from, up_to, edge: bands.edge, amount: *amount });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
