//! What a month would cost of what is paid after use, and what that assumes.
//!
//! In:  a plan, what is assumed of use. Out: a sum, and what is not in it.
//! Invariant: every line is priced by the price items of the plan, cycle by cycle, as settlement would, for one resource
//! that runs alone from the start of its tier clock; nothing is assumed that was not said, but that it runs.
//! Rules: R-PRC-1, R-PRC-3, R-PRC-5, R-PRC-23 to R-PRC-25, R-MON-3.

use crate::book::{Component, Due};
use crate::meter::{HeldBy, Meter};
use crate::plan::{Part, Plan};
use crate::quote::QuoteError;
use crate::rate::{Cost, Terms, rate_e8};
use crate::used::AggregateError;
use std::collections::BTreeMap;
use units::{Amount, CycleKind, Measured, Money, MoneyError};

/// Hours of a month, where nothing else is said: 30 days.
pub const HOURS: u32 = 720;

/// Seconds of an hour and of a day.
const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;

/// What is assumed of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumed {
    /// Hours in which it runs.
    pub hours: u32,
    /// What is reported in them, by usage meter, in base units; evenly over the hours.
    pub usage: BTreeMap<String, u128>,
}

impl Default for Assumed {
    fn default() -> Assumed {
        Assumed { hours: HOURS, usage: BTreeMap::new() }
    }
}

/// A component in an estimate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EstimateLine {
    /// Its place in the product.
    pub component: usize,
    pub list_e8: i64,
    pub cost_e8: i64,
    /// What was assumed to be reported, in base units.
    pub usage: Option<u128>,
}

/// About what a month costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Estimate {
    pub hours: u32,
    pub lines: Vec<EstimateLine>,
    /// For one piece, and for all.
    pub piece: Money,
    pub total: Money,
    /// Places of components that cost something only when they are used, of which nothing is assumed.
    pub left_out: Vec<usize>,
}

/// The estimate for `plan`. `None` where nothing is paid after use.
///
/// Errors: a price that does not fit, or a sum that is too large.
pub(super) fn of(
    plan: &Plan,
    quantity: u32,
    terms: Terms,
    assumed: &Assumed,
) -> Result<Option<Estimate>, QuoteError> {
    let (mut lines, mut left_out, mut sum) = (Vec::new(), Vec::new(), Amount::zero(plan.book.currency));
    for part in &plan.parts {
        let component = plan.component(part);
        let Due::Cycle(kind) = component.due else { continue };
        if plan.is_off(part)? {
            continue;
        }
        let list = match list(plan, part, kind, assumed).map_err(|it| it.of_part(plan, part))? {
            Some(list) => list,
            None => {
                left_out.push(part.component);
                continue;
            }
        };
        let cost = Cost::new(list, rate_e8(component, terms)).map_err(|it| it.of_part(plan, part))?;
        sum = sum.checked_add(Amount::from_e8(cost.cost_e8.into(), plan.book.currency))?;
        let usage = usage(component, assumed);
        let (list_e8, cost_e8) = (cost.list_e8, cost.cost_e8);
        lines.push(EstimateLine { component: part.component, list_e8, cost_e8, usage });
    }
    if lines.is_empty() && left_out.is_empty() {
        return Ok(None);
    }
    let piece = sum.round()?;
    let total = piece.checked_mul(quantity)?;
    Ok(Some(Estimate { hours: assumed.hours, lines, piece, total, left_out }))
}

/// What is assumed to be reported to the meter of a component.
fn usage(component: &Component, assumed: &Assumed) -> Option<u128> {
    match &component.meter {
        Meter::Sum { usage } => assumed.usage.get(usage).copied(),
        Meter::Months
        | Meter::Once
        | Meter::Held
        | Meter::HeldSum
        | Meter::HeldHighest
        | Meter::HeldMean
        | Meter::Clock
        | Meter::Events { .. }
        | Meter::Attack { .. }
        | Meter::PeakAbove { .. }
        | Meter::VolumeAbove { .. }
        | Meter::Percentile { .. }
        | Meter::TopMean { .. }
        | Meter::DayPeaks { .. } => None,
    }
}

/// What the month costs at list price. `None` where it goes by use of which nothing is assumed.
fn list(
    plan: &Plan,
    part: &Part,
    kind: CycleKind,
    assumed: &Assumed,
) -> Result<Option<Amount>, AggregateError> {
    let component = plan.component(part);
    // What counts whole of a life does so however few hours it runs.
    let least = if assumed.hours == 0 { 0 } else { component.least_seconds };
    let seconds = (u64::from(assumed.hours) * HOUR).max(least);
    let seconds = component.month_seconds.map_or(seconds, |most| seconds.min(most));
    let cycles = Cycles::of(kind, seconds);
    // A month is one cycle of what names a free tier, and nothing else asks for it.
    let free = component.free_tier.as_ref().map_or(0, |it| u128::from(it.units));
    let cost = |it: Measured| {
        let rest = Measured { quantity: it.quantity.saturating_sub(free), ..it };
        plan.item(part).cost(rest).map_err(AggregateError::Price)
    };
    match component.meter.held_by() {
        // Its tiers go on from cycle to cycle.
        Some(HeldBy::Clock) => cost(plan.held(part, seconds, seconds)).map(Some),
        Some(HeldBy::Rate | HeldBy::Sum | HeldBy::Highest | HeldBy::Mean) => {
            let whole = cost(plan.held(part, cycles.length, cycles.length))?;
            let rest = match cycles.rest {
                0 => Amount::zero(plan.book.currency),
                rest => cost(plan.held(part, rest, cycles.length))?,
            };
            Ok(Some(times(whole, cycles.count)?.checked_add(rest)?))
        }
        None => {
            let Some(used) = usage(component, assumed) else { return Ok(None) };
            let unit = component.quantity.unit;
            // Parts of it need not know of each other.
            if plan.item(part).is_plain() {
                return cost(Measured::of(used, unit)).map(Some);
            }
            let count = u128::from(cycles.count + u64::from(cycles.rest > 0)).max(1);
            let (each, more) = (used / count, used % count);
            let last = cost(Measured::of(each + more, unit))?;
            let others = cost(Measured::of(each, unit))?;
            let others = times(others, u64::try_from(count - 1).map_err(|_| MoneyError::Overflow)?)?;
            Ok(Some(others.checked_add(last)?))
        }
    }
}

/// How a month falls into cycles.
struct Cycles {
    length: u64,
    count: u64,
    rest: u64,
}

impl Cycles {
    fn of(kind: CycleKind, seconds: u64) -> Cycles {
        let length = match kind {
            CycleKind::Hour => HOUR,
            CycleKind::Day => DAY,
            CycleKind::Month => seconds.max(1),
        };
        Cycles { length, count: seconds / length, rest: seconds % length }
    }
}

fn times(amount: Amount, count: u64) -> Result<Amount, MoneyError> {
    let e8 = amount.e8().checked_mul(count.into()).ok_or(MoneyError::Overflow)?;
    Ok(Amount::from_e8(e8, amount.currency()))
}
