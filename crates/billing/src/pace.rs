//! Pace: what a day costs of something that stands as it stands.
//!
//! In:  a plan, a state, what was agreed. Out: a cost in 1e-8.
//! Invariant: every part is priced by the price items of the plan, cycle by cycle, as settlement would, for a resource at the
//! start of its tier clock; what goes by use alone is not in it, nor what packs cover.
//! Rules: R-PRC-1, R-PRC-5, R-PPU-2, R-MON-3.

use crate::book::Due;
use crate::plan::{Part, Plan};
use crate::rate::{Cost, Terms, rate_e8};
use crate::resource::State;
use crate::used::AggregateError;
use units::{Amount, CycleKind, MoneyError};

/// Seconds of an hour, a day, and a month of 30 days.
const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;
const MONTH: u64 = 30 * DAY;

/// What a day in `state` costs, discounts taken off.
///
/// Errors: a price that does not fit, or a sum that is too large.
pub fn a_day(plan: &Plan, state: State, terms: Terms) -> Result<Amount, AggregateError> {
    let mut sum = Amount::zero(plan.book.currency);
    for part in plan.parts.iter().filter(|it| it.billed_while.contains(state)) {
        let component = plan.component(part);
        let (Due::Cycle(kind), Some(_)) = (component.due, component.meter.held_by()) else { continue };
        let cost = Cost::new(list(plan, part, kind)?, rate_e8(component, terms))?;
        sum = sum.checked_add(Amount::from_e8(cost.cost_e8.into(), plan.book.currency))?;
    }
    Ok(sum)
}

/// The list price of a day of a part that is held.
fn list(plan: &Plan, part: &Part, kind: CycleKind) -> Result<Amount, AggregateError> {
    let cost = |seconds, window| plan.item(part).cost(plan.held(part, seconds, window));
    match kind {
        CycleKind::Hour => {
            let hour = cost(HOUR, HOUR)?;
            let e8 = hour.e8().checked_mul(24).ok_or(MoneyError::Overflow)?;
            Ok(Amount::from_e8(e8, hour.currency()))
        }
        CycleKind::Day => Ok(cost(DAY, DAY)?),
        CycleKind::Month => Ok(cost(DAY, MONTH)?),
    }
}
