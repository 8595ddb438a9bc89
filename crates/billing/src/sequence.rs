//! The parts of what a component used in one cycle: each goes on where the one before left off.
//!
//! In:  parts in time order, each at the price version that held when it was used. Out: the same, cut and placed so
//! that each can be priced by itself.
//! Invariant: parts of one price cost together what the whole would; a price version cuts a cycle in price, not in count.
//! Rules: R-PRC-16 to R-PRC-18, R-PRC-20, section 20 (R-MON-2).

use crate::meter::HeldBy;
use crate::plan::{Configs, Part, Plan};
use crate::price::{PriceItem, Pricing, Tiers, of_sum};
use crate::segment::Segment;
use crate::used::{AggregateError, PartRef, Used};
use std::collections::BTreeMap;

/// Sets the parts of what one resource held in `segments`, those of `used` from `first` on, in relation, component by
/// component.
///
/// Errors: a quantity that is too large.
pub fn held(
    segments: &[Segment],
    used: &mut Vec<Used>,
    first: usize,
    configs: &Configs,
) -> Result<(), AggregateError> {
    let mut any = false;
    for it in &used[first..] {
        any = any || is_related(it, segments.len(), configs)?;
    }
    if !any {
        return Ok(());
    }
    let mut components: Vec<(&str, Vec<Used>)> = Vec::new();
    for it in used.drain(first..) {
        let (plan, part) = it.at.resolve(configs)?;
        let id = plan.component(part).id.as_str();
        match components.iter_mut().find(|it| it.0 == id) {
            Some((_, parts)) => parts.push(it),
            None => components.push((id, vec![it])),
        }
    }
    for (_, parts) in components {
        let (plan, part) = parts[0].at.resolve(configs)?;
        let parts = match plan.component(part).meter.held_by() {
            Some(HeldBy::Rate) => started(parts, configs)?,
            Some(HeldBy::Sum) => go_on(parts, configs)?,
            Some(HeldBy::Highest) => at_highest(parts, configs)?,
            Some(HeldBy::Mean) => means(parts, configs)?,
            Some(HeldBy::Clock) => by_tier(parts, configs)?,
            None => parts,
        };
        used.extend(parts);
    }
    Ok(())
}

/// Sets the only part of a component in a cycle, appended to `used`: it is cut at its tiers.
///
/// Errors: a quantity that is too large.
#[inline(always)]
pub fn alone(mut it: Used, plan: &Plan, part: &Part, used: &mut Vec<Used>) -> Result<(), AggregateError> {
    match plan.component(part).meter.held_by() {
        // What it weighs among its likes is of no use.
        Some(HeldBy::Mean) => it.measured = it.measured.part(1, 1),
        Some(HeldBy::Rate | HeldBy::Highest) => {}
        Some(HeldBy::Sum | HeldBy::Clock) | None => return push_by_tier(it, plan.item(part), used),
    }
    used.push(it);
    Ok(())
}

/// Whether a part has to know of others, or has to be cut: mostly neither.
#[inline]
fn is_related(it: &Used, segments: usize, configs: &Configs) -> Result<bool, AggregateError> {
    let (plan, part) = it.at.resolve(configs)?;
    let item = plan.item(part);
    Ok(match plan.component(part).meter.held_by() {
        Some(HeldBy::Mean) => true,
        Some(HeldBy::Rate) => segments > 1 && item.started.is_some(),
        Some(HeldBy::Highest) => segments > 1,
        Some(HeldBy::Sum) => !item.is_plain() && (segments > 1 || crosses(it, item)?),
        Some(HeldBy::Clock) => crosses(it, item)?,
        None => false,
    })
}

#[inline]
fn crosses(it: &Used, item: &PriceItem) -> Result<bool, AggregateError> {
    match &item.pricing {
        Pricing::Graduated(tiers) => Ok(up_to_edge(it, item, tiers)?.is_some()),
        Pricing::PerUnit(_)
        | Pricing::Volume(_)
        | Pricing::Package { .. }
        | Pricing::Percentage(_)
        | Pricing::Band(_) => Ok(false),
    }
}

fn item_of(at: PartRef, configs: &Configs) -> Result<&PriceItem, AggregateError> {
    let (plan, part) = at.resolve(configs)?;
    Ok(plan.item(part))
}

fn too_large(item: &PriceItem) -> AggregateError {
    AggregateError::Overflow(item.key.clone())
}

/// Parts that add up: what is begun is filled first, then each is placed after those before and cut at its tiers.
pub fn go_on(parts: Vec<Used>, configs: &Configs) -> Result<Vec<Used>, AggregateError> {
    let placed = place(parts, configs)?;
    let end = match placed.last() {
        Some(last) => end_of(last, item_of(last.at, configs)?)?,
        None => 0,
    };
    let mut cut = Vec::with_capacity(placed.len());
    for mut it in placed {
        let item = item_of(it.at, configs)?;
        if let Pricing::Volume(_) = item.pricing {
            // The last part ends last.
            let later = end.checked_sub(end_of(&it, item)?).and_then(|it| u64::try_from(it).ok());
            it.later = later.ok_or_else(|| too_large(item))?;
        }
        push_by_tier(it, item, &mut cut)?;
    }
    Ok(cut)
}

/// Where a part ends; what is started counts whole.
fn end_of(part: &Used, item: &PriceItem) -> Result<u128, AggregateError> {
    let end = u128::from(part.offset) + part.measured.quantity;
    Ok(if item.started.is_some() { end + room(part, item)? } else { end })
}

/// A begun block and a begun unit take what comes next, whatever version it falls under; the rest begins after it.
fn place(parts: Vec<Used>, configs: &Configs) -> Result<Vec<Used>, AggregateError> {
    let mut placed: Vec<Used> = Vec::with_capacity(parts.len());
    let mut before: u128 = 0;
    for mut it in parts {
        if let Some(last) = placed.last_mut() {
            let fills = room(last, item_of(last.at, configs)?)?.min(it.measured.quantity);
            last.measured.quantity += fills;
            it.measured.quantity -= fills;
            before += fills;
            if fills > 0 {
                last.to = it.to;
            }
            if it.measured.quantity == 0 && fills > 0 {
                last.covered += it.covered;
                last.free += it.free;
                continue;
            }
        }
        let item = item_of(it.at, configs)?;
        if !item.is_plain() {
            it.offset = u64::try_from(before).map_err(|_| too_large(item))?;
        }
        before += it.measured.quantity;
        placed.push(it);
    }
    Ok(placed)
}

/// What still fits into the block or the started unit that `part` has begun.
fn room(part: &Used, item: &PriceItem) -> Result<u128, AggregateError> {
    let left = |size: u128, used: u128| match used.checked_rem(size) {
        None | Some(0) => 0,
        Some(over) => size - over,
    };
    let count = part.measured.count;
    if let Some(started) = item.started {
        return Ok(left(of_sum(started, count)?, part.measured.quantity));
    }
    match &item.pricing {
        Pricing::Package { size, .. } => {
            let counted = item.counted(part.measured, part.offset.into()).map_err(AggregateError::Price)?;
            Ok(left(of_sum(size.value, count)?, counted.quantity))
        }
        Pricing::PerUnit(_)
        | Pricing::Graduated(_)
        | Pricing::Volume(_)
        | Pricing::Percentage(_)
        | Pricing::Band(_) => Ok(0),
    }
}

/// Parts whose place is known: cut at the tiers of their price.
fn by_tier(parts: Vec<Used>, configs: &Configs) -> Result<Vec<Used>, AggregateError> {
    let mut cut = Vec::with_capacity(parts.len());
    for it in parts {
        push_by_tier(it, item_of(it.at, configs)?, &mut cut)?;
    }
    Ok(cut)
}

/// One line has one unit price: what crosses the edge of a tier is a line on either side. What is started counts whole,
/// and is not cut. Source: section 20, R-MON-2.
#[inline]
fn push_by_tier(mut it: Used, item: &PriceItem, cut: &mut Vec<Used>) -> Result<(), AggregateError> {
    if let (Pricing::Graduated(tiers), None) = (&item.pricing, item.started) {
        while let Some(below) = up_to_edge(&it, item, tiers)? {
            cut.push(Used { measured: units::Measured { quantity: below.into(), ..it.measured }, ..it });
            it.measured.quantity -= u128::from(below);
            it.offset = it.offset.checked_add(below).ok_or_else(|| too_large(item))?;
            (it.covered, it.free) = (0, 0);
        }
    }
    cut.push(it);
    Ok(())
}

/// How much of `it` lies below the first edge inside it, if there is one.
fn up_to_edge(it: &Used, item: &PriceItem, tiers: &Tiers) -> Result<Option<u64>, AggregateError> {
    let (from, to) = (u128::from(it.offset), u128::from(it.offset) + it.measured.quantity);
    // What is free has no line of its own.
    for tier in tiers.tiers.iter().filter(|it| it.above > 0) {
        let above = tier.above.checked_add(item.free).ok_or_else(|| too_large(item))?;
        let edge = of_sum(above, it.measured.count)?;
        if edge >= to {
            break;
        }
        if from < edge {
            return u64::try_from(edge - from).map(Some).map_err(|_| too_large(item));
        }
    }
    Ok(None)
}

/// Time in started units, quantity by quantity: a unit that is begun under one version ends under it.
fn started(parts: Vec<Used>, configs: &Configs) -> Result<Vec<Used>, AggregateError> {
    let mut placed: Vec<Used> = Vec::with_capacity(parts.len());
    for mut it in parts {
        if let Some(last) = placed.iter_mut().rfind(|last| last.measured.quantity == it.measured.quantity) {
            let over = item_of(last.at, configs)?.started.and_then(|unit| {
                let unit = u64::try_from(unit).ok()?;
                last.measured.num.checked_rem(unit).filter(|over| *over > 0).map(|over| unit - over)
            });
            let fills = over.unwrap_or(0).min(it.measured.num);
            last.measured.num += fills;
            it.measured.num -= fills;
            if fills > 0 {
                last.to = it.to;
            }
            if it.measured.num == 0 {
                continue;
            }
        }
        placed.push(it);
    }
    Ok(placed)
}

/// The highest quantity of the cycle, for the seconds of every version. Source: R-NET-2, R-PRC-18.
fn at_highest(mut parts: Vec<Used>, configs: &Configs) -> Result<Vec<Used>, AggregateError> {
    let Some(highest) =
        parts.iter().copied().max_by_key(|it| (it.measured.quantity, std::cmp::Reverse(it.from)))
    else {
        return Ok(parts);
    };
    let (plan, part) = highest.at.resolve(configs)?;
    let component = &plan.component(part).id;
    let config = configs.get(highest.at.config);
    for it in parts.iter_mut().filter(|it| it.measured.quantity < highest.measured.quantity) {
        // The options of the highest, at the prices of the version that held.
        let version = config.version(it.from);
        let plan = config.plan(version)?;
        let part = plan.parts.iter().position(|it| plan.component(it).id == *component);
        if let Some(part) = part {
            it.at = PartRef { config: highest.at.config, version, part };
        }
        it.measured.quantity = highest.measured.quantity;
    }
    Ok(parts)
}

/// The mean of the whole window at each version that held, weighted by its time; `num` holds the seconds of each.
///
/// Source: R-PRC-14, R-PRC-18.
fn means(parts: Vec<Used>, configs: &Configs) -> Result<Vec<Used>, AggregateError> {
    let mut rows: BTreeMap<&str, (u128, u64)> = BTreeMap::new();
    for it in &parts {
        let row = rows.entry(&item_of(it.at, configs)?.key).or_default();
        *row = (row.0 + it.measured.quantity, row.1 + it.measured.num);
    }
    let whole = |mut it: Used| {
        // Each part stands in its row.
        let (sum, seconds) = rows[item_of(it.at, configs)?.key.as_str()];
        let own = it.measured.num;
        it.measured.quantity = sum;
        it.measured = if own == seconds { it.measured.part(1, 1) } else { it.measured.part(own, seconds) };
        Ok(it)
    };
    parts.into_iter().map(whole).collect()
}

#[cfg(test)]
pub(crate) mod tests;
