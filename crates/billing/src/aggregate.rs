//! Aggregation: segments and samples become measured quantities, one per line.
//!
//! In:  the segments of one resource, what packs left of them, the samples of the cycle.
//! Out: `Used` rows: a component, its price, and what was measured.
//! Invariant: sums stay whole numbers; a mean is a sum and a count until it is priced.
//! Rules: R-NET-2, R-NET-8, R-DDS-*, R-QCS-2, R-PRC-12 to R-PRC-14. Examples: scenarios/data/aggregate/.

use crate::book::{Meter, Scope};
use crate::plan::{ConfigRef, Configs, Part, Plan, PlanError, Reads};
use crate::price::PriceItem;
use crate::segment::Segment;
use std::collections::BTreeMap;
use units::calendar::CalendarError;
use units::{Cycle, Measured, PriceError, ResourceId};

pub mod samples;

/// One reading of a usage meter. Its quantity is in the unit of the meter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// What the sender calls it; unique for ever with its source.
    pub event: String,
    pub resource: ResourceId,
    pub usage: String,
    /// When it happened, in seconds; for a slot, when the slot begins.
    pub at: i64,
    pub quantity: u64,
    /// What tells readings of one second apart, such as the IP under attack.
    pub key: String,
}

/// A component of a plan, found again without a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartRef {
    pub config: ConfigRef,
    pub version: usize,
    pub part: usize,
}

impl PartRef {
    /// Errors: the configuration has no plan in that version.
    #[inline(always)]
    pub fn resolve(self, configs: &Configs) -> Result<(&Plan, &Part), PlanError> {
        let plan = configs.get(self.config).plan(self.version)?;
        Ok((plan, &plan.parts[self.part]))
    }
}

/// What one line will price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Used {
    pub at: PartRef,
    pub measured: Measured,
    /// Seconds that the tier clock showed before.
    pub offset: u64,
    /// Units that packs covered, already taken off.
    pub covered: u64,
    /// First and last second that it stands for.
    pub from: i64,
    pub to: i64,
}

/// Why an account could not be aggregated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AggregateError {
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Price(#[from] PriceError),
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    #[error("a quantity of {0} is too large")]
    Overflow(String),
}

/// The quantities of one resource in `cycle`, appended to `used`: of the components that settle then by `scope`.
///
/// `segments` are those of the resource, in time order.
pub fn resource(
    segments: &[Segment],
    samples: &[Sample],
    configs: &Configs,
    (cycle, scope): (&Cycle, Scope),
    used: &mut Vec<Used>,
) -> Result<(), AggregateError> {
    let first = used.len();
    let window = cycle.seconds();
    let mut sampled: Vec<usize> = Vec::new();
    for segment in segments {
        let plan = configs.get(segment.config).plan(segment.version)?;
        for (index, part) in plan.parts.iter().enumerate().filter(|it| it.1.settles(cycle.kind, scope)) {
            match part.reads {
                Reads::Samples if !samples.is_empty() => sampled.push(part.component),
                Reads::Segments if part.billed_while.contains(segment.state) => {
                    let at = PartRef { config: segment.config, version: segment.version, part: index };
                    held((at, plan, part), segment, (configs, window), first, used)?;
                }
                Reads::Samples | Reads::Segments => {}
            }
        }
    }
    sampled.sort_unstable();
    sampled.dedup();
    for component in sampled {
        samples::component(component, segments, samples, configs, used)?;
    }
    Ok(())
}

/// Whether both cost the same. Mostly both are one row of the book.
fn same_price(one: &PriceItem, other: &PriceItem) -> bool {
    std::ptr::eq(one, other) || one == other
}

/// Adds one segment to the line that it belongs to.
fn held(
    (at, plan, part): (PartRef, &Plan, &Part),
    segment: &Segment,
    (configs, window): (&Configs, u64),
    first: usize,
    used: &mut Vec<Used>,
) -> Result<(), AggregateError> {
    let (component, item) = (plan.component(part), plan.item(part));
    let unit = component.quantity.unit;
    let seconds = segment.seconds();
    let offset = if matches!(component.meter, Meter::Clock) { segment.clock } else { 0 };
    let measured = match component.meter {
        Meter::HeldSum | Meter::Clock => Measured::of(part.quantity * u128::from(seconds), unit.seconds()),
        Meter::HeldMean => {
            Measured { quantity: part.quantity * u128::from(seconds), num: 1, den: window, unit }
        }
        _ => Measured { quantity: part.quantity, num: seconds, den: item.per_seconds, unit },
    };
    let (from, to) = (segment.from, segment.to);
    for line in &mut used[first..] {
        // Two parts of one plan are two components.
        if line.at != at && (line.at.config, line.at.version) == (at.config, at.version) {
            continue;
        }
        let (other_plan, other_part) = line.at.resolve(configs)?;
        let same_item = other_part.component == part.component
            && (line.at == at || same_price(other_plan.item(other_part), item))
            && line.to <= from;
        if !same_item {
            continue;
        }
        match component.meter {
            Meter::HeldSum | Meter::HeldMean => line.measured.quantity += measured.quantity,
            Meter::Clock if line.offset + line.measured.quantity as u64 == offset => {
                line.measured.quantity += measured.quantity;
            }
            Meter::HeldHighest => {
                line.measured.num += seconds;
                if part.quantity > line.measured.quantity {
                    (line.measured.quantity, line.at) = (part.quantity, at);
                }
            }
            Meter::Held if line.measured.quantity == part.quantity => line.measured.num += seconds,
            _ => continue,
        }
        line.to = to;
        return Ok(());
    }
    used.push(Used { at, measured, offset, covered: 0, from, to });
    Ok(())
}

/// What an account-wide sum is keyed by. Source: R-QCS-3.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub product: String,
    pub component: String,
    pub region: String,
    pub spec: String,
    /// The price version, and the price where other options than the spec choose it.
    pub version: i64,
    pub price: String,
}

/// Account-wide sums in the making.
#[derive(Default)]
pub struct Sums {
    sums: BTreeMap<Key, Used>,
}

impl Sums {
    /// Adds `quantity` of what `at` prices, of which packs covered `covered` units.
    pub fn add(
        &mut self,
        at: PartRef,
        configs: &Configs,
        quantity: u128,
        covered: u64,
        (from, to): (i64, i64),
    ) -> Result<(), AggregateError> {
        let (plan, part) = at.resolve(configs)?;
        let component = plan.component(part);
        let key = Key {
            product: plan.product().id.clone(),
            component: component.id.clone(),
            region: plan.region().to_string(),
            spec: part.spec.clone(),
            version: configs.get(at.config).versions[at.version].0,
            price: plan.item(part).key.clone(),
        };
        let unit = if component.meter.usage().is_some() {
            component.quantity.unit
        } else {
            component.quantity.unit.seconds()
        };
        let empty = Used { at, measured: Measured::of(0, unit), offset: 0, covered: 0, from, to };
        let sum = self.sums.entry(key).or_insert(empty);
        sum.measured.quantity += quantity;
        sum.covered += covered;
        sum.from = sum.from.min(from);
        sum.to = sum.to.max(to);
        Ok(())
    }

    /// The sums in the order of their keys: kind of resource, spec, price version.
    ///
    /// Errors: a sum that is too large to carry into the next price version.
    pub fn in_order(self, configs: &Configs) -> Result<Vec<(Key, Used)>, AggregateError> {
        let mut sums: Vec<(Key, Used)> = self.sums.into_iter().collect();
        let same = |one: &(Key, Used), other: &(Key, Used)| {
            let of =
                |it: &Key| (it.product.clone(), it.component.clone(), it.region.clone(), it.spec.clone());
            of(&one.0) == of(&other.0)
        };
        for versions in sums.chunk_by_mut(same).filter(|it| it.len() > 1) {
            let mut lines: Vec<Used> = versions.iter().map(|it| it.1).collect();
            samples::carry(&mut lines, configs)?;
            versions.iter_mut().zip(lines).for_each(|(version, line)| version.1 = line);
        }
        Ok(sums)
    }
}
