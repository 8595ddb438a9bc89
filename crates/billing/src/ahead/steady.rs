//! For how long cycles cost the same: until prices change, or a tier clock crosses an edge.
//!
//! In:  the bill of one resource over a whole cycle in which nothing changed. Out: how many more cycles cost as much.
//! Invariant: too few are said rather than too many: what is not sure is charged again.
//! Rules: R-PRC-3, R-PRC-6, R-PRC-15 to R-PRC-18, R-PRC-24.

use crate::bill::Bill;
use crate::meter::Meter;
use crate::plan::{Config, ConfigRef, Configs};
use crate::price::{PriceItem, Pricing};
use units::{Measured, ResourceId};

/// How many more cycles cost the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alike {
    Cycles(u64),
    Always,
}

impl Alike {
    /// The number of cycles, where it has an end.
    pub const fn end(self) -> Option<u64> {
        match self {
            Alike::Cycles(count) => Some(count),
            Alike::Always => None,
        }
    }
}

/// When prices change next behind `second`; the end of time where they do not.
pub(super) fn next_price<'a>(
    configs: &Configs,
    used: impl Iterator<Item = &'a ConfigRef>,
    second: i64,
) -> i64 {
    let mut seen: Vec<ConfigRef> = used.copied().collect();
    seen.sort_unstable();
    seen.dedup();
    let cuts = seen.into_iter().flat_map(|it| configs.get(it).versions.iter().map(|it| it.0));
    cuts.filter(|it| *it > second).min().unwrap_or(i64::MAX)
}

/// How many more cycles like this one the bills of a resource cost the same; `None` where the next one may cost something else.
pub(super) fn cycles(bills: &[(ResourceId, &Bill<'_>)], config: &Config, second: i64) -> Option<Alike> {
    // A price that stops within a month costs something else as soon as it does, and when the next month begins.
    if config.stops_in_month {
        return None;
    }
    let bill = match bills {
        [] => return Some(Alike::Always),
        [(_, bill)] if !bill.total.is_negative() => bill,
        _ => return None,
    };
    let plan = config.plan(config.version(second)).ok()?;
    let mut least = Alike::Always;
    for part in &plan.parts {
        let component = plan.component(part);
        if component.meter != Meter::Clock {
            continue;
        }
        let mut lines = bill.lines.iter().filter(|it| it.component == component.id);
        let Some(line) = lines.next() else { continue };
        // What lies in two tiers is like no other.
        if lines.next().is_some() {
            return None;
        }
        match (room(plan.item(part), line.measured, line.offset)?, least) {
            (Alike::Cycles(0), _) => return None,
            (Alike::Cycles(one), Alike::Cycles(other)) => least = Alike::Cycles(one.min(other)),
            (Alike::Cycles(one), Alike::Always) => least = Alike::Cycles(one),
            (Alike::Always, _) => {}
        }
    }
    Some(least)
}

/// How often as much fits between where the tier clock stands and the next edge of a price.
fn room(item: &PriceItem, used: Measured, offset: u64) -> Option<Alike> {
    let tiers = match (&item.pricing, item.started, item.minimum) {
        (Pricing::PerUnit(_), None, None) if item.free == 0 => return Some(Alike::Always),
        (Pricing::Graduated(tiers), None, None) => &tiers.tiers,
        _ => return None,
    };
    if used.count != 1 || used.quantity == 0 {
        return None;
    }
    let (begin, end) = (u128::from(offset), u128::from(offset) + used.quantity);
    let edges = tiers.iter().flat_map(|it| [it.above, it.above.saturating_add(item.free)]);
    let edges: Vec<u128> = edges.chain([item.free]).collect();
    // What enters a tier may have a part that is taken once.
    if edges.contains(&begin) && tiers.iter().any(|it| it.flat.e8() != 0) {
        return Some(Alike::Cycles(0));
    }
    let Some(next) = edges.into_iter().filter(|it| *it >= end).min() else { return Some(Alike::Always) };
    Some(Alike::Cycles(u64::try_from((next - end) / used.quantity).unwrap_or(u64::MAX)))
}
