//! Aggregation of samples: sums, peaks, excesses, percentiles and means of the largest.
//!
//! In:  the samples of one resource in a cycle, and its segments. Out: `Used` rows.
//! Invariant: a sample counts where a segment that charges the component covers its second, or ended in it; it uses the
//! options of that instant; where slots are compared, each has one value.
//! Rules: R-DDS-2 to R-DDS-12, R-NET-8, R-PRC-11 to R-PRC-13, R-PRC-18, R-PRC-21, R-SLT-1, R-TIM-9.

use crate::book::{AttackMode, Due, Meter};
use crate::plan::Reads;
use crate::segment::Segment;
use crate::used::{AggregateError, Choice, PartRef, Sample, Used, Window, same_price};
use units::{Measured, Unit};

mod chosen;
mod slots;

const GBPS: u128 = 1_000_000_000;

/// A sample with the component that charges it.
struct Placed<'a> {
    sample: &'a Sample,
    at: PartRef,
}

/// The samples of one component, in time order, and what they happened in.
struct Placing<'a> {
    placed: Vec<Placed<'a>>,
    segments: &'a [Segment],
    window: &'a Window<'a>,
    /// Where the component was charged first: what counts once in a window has the price of its begin.
    first: PartRef,
}

/// The quantities of one sampled component, in time order; of a sum not yet placed one after the other.
pub fn component(
    id: &str,
    segments: &[Segment],
    samples: &[Sample],
    window: &Window<'_>,
) -> Result<Vec<Used>, AggregateError> {
    let Some(placing) = placing(id, segments, samples, window)? else { return Ok(Vec::new()) };
    match placing.meter()? {
        Meter::Sum { .. } => placing.sum(),
        Meter::Events { free, .. } => Ok(placing.events(*free)),
        Meter::Attack { base, cap, mode, .. } => placing.dearest(&Attack { base, cap, mode: *mode }),
        Meter::PeakAbove { free, slots, .. } => placing.peak_above(*free, *slots),
        Meter::VolumeAbove { free, slots, .. } => placing.volume_above(*free, *slots),
        Meter::Percentile { p_e6, slots, .. } => placing.percentile(*p_e6, *slots),
        Meter::TopMean { k, slots, .. } => placing.top_mean(*k, *slots),
        Meter::DayPeaks { nth, k, slots, .. } => placing.day_peaks(*nth, *k, *slots),
        Meter::Months
        | Meter::Once
        | Meter::Held
        | Meter::HeldSum
        | Meter::HeldHighest
        | Meter::HeldMean
        | Meter::Clock => Ok(Vec::new()),
    }
}

/// Which slots the quantities of one sampled component came from; none where its meter compares no slots. Source: R-SLT-1.
pub fn choices(
    id: &str,
    segments: &[Segment],
    samples: &[Sample],
    window: &Window<'_>,
) -> Result<Vec<Choice>, AggregateError> {
    match placing(id, segments, samples, window)? {
        Some(placing) => placing.choices(placing.meter()?),
        None => Ok(Vec::new()),
    }
}

/// The samples that a component charges, each by which part, in time order.
pub fn charged<'s>(
    id: &str,
    segments: &[Segment],
    samples: &'s [Sample],
    window: &Window<'_>,
) -> Result<Vec<(&'s Sample, PartRef)>, AggregateError> {
    let charges = charges(id, segments, window)?;
    Ok(place(&charges, segments, samples).into_iter().map(|it| (it.sample, it.at)).collect())
}

/// `None` where the component is never charged, or nothing was reported while it was.
fn placing<'a>(
    id: &str,
    segments: &'a [Segment],
    samples: &'a [Sample],
    window: &'a Window<'a>,
) -> Result<Option<Placing<'a>>, AggregateError> {
    let charges = charges(id, segments, window)?;
    let Some(first) = charges.iter().flatten().next().map(|it| it.at) else { return Ok(None) };
    let placed = place(&charges, segments, samples);
    Ok((!placed.is_empty()).then_some(Placing { placed, segments, window, first }))
}

/// What charges samples of a usage meter in a segment.
#[derive(Clone, Copy)]
struct Charge<'a> {
    at: PartRef,
    usage: &'a str,
}

/// Segment by segment, the part of component `id` if it reads samples and is charged there.
fn charges<'a>(
    id: &str,
    segments: &[Segment],
    window: &Window<'a>,
) -> Result<Vec<Option<Charge<'a>>>, AggregateError> {
    let charge = |segment: &Segment| {
        let plan = window.configs.get(segment.config).plan(segment.version)?;
        let part = plan.parts.iter().position(|it| plan.component(it).id == id);
        let charged = part.filter(|it| plan.parts[*it].billed_while.contains(segment.state));
        Ok(charged.and_then(|part| {
            let usage = plan.component(&plan.parts[part]).meter.usage()?;
            Some(Charge { at: PartRef { config: segment.config, version: segment.version, part }, usage })
        }))
    };
    segments.iter().map(charge).collect()
}

/// The samples in time order, where the component is charged: of the segments that touch their second, by the last.
fn place<'a>(charges: &[Option<Charge<'_>>], segments: &[Segment], samples: &'a [Sample]) -> Vec<Placed<'a>> {
    let mut placed = Vec::with_capacity(samples.len());
    for sample in samples {
        let touching = segments.iter().zip(charges).rev().filter(|it| it.0.touches(sample.at));
        let mut charging = touching.filter_map(|it| it.1.filter(|it| it.usage == sample.usage));
        placed.extend(charging.next().map(|Charge { at, .. }| Placed { sample, at }));
    }
    let when = |it: &Placed<'a>| (it.sample.at, &it.sample.key);
    // They are mostly read in that order.
    if !placed.is_sorted_by(|one, other| when(one) <= when(other)) {
        placed.sort_by(|one, other| when(one).cmp(&when(other)));
    }
    placed
}

/// What the samples of `usage` in `segment` add up to, and the seconds `[from, to)` that they lie in. `None` without any.
#[inline]
pub fn sum(segment: &Segment, samples: &[Sample], usage: &str) -> Option<(u128, i64, i64)> {
    let mut found: Option<(u128, i64, i64)> = None;
    for it in samples.iter().filter(|it| it.usage == usage && segment.touches(it.at)) {
        let (sum, from, to) = found.unwrap_or((0, it.at, it.at + 1));
        found = Some((sum + u128::from(it.quantity), from.min(it.at), to.max(it.at + 1)));
    }
    found
}

/// The samples that a component of their resource reads in a cycle of this kind, and that none charges: what is stopped
/// or cut off in the second of a sample does not use anything.
///
/// Source: R-TIM-9, R-NET-1.
pub fn homeless<'s>(
    segments: &[Segment],
    samples: &'s [Sample],
    window: &Window<'_>,
) -> Result<Vec<&'s Sample>, AggregateError> {
    let mut homeless = Vec::new();
    let mut known: Option<(usize, &str, bool)> = None;
    for sample in samples {
        let within = segments.iter().position(|it| it.from < sample.at && sample.at < it.to);
        // Those of one meter within one segment are alike.
        let alike = known.filter(|it| Some(it.0) == within && it.1 == sample.usage);
        let is_home = match alike {
            Some((_, _, is_home)) => is_home,
            None => has_home(sample, segments, window)?,
        };
        known = within.map(|it| (it, sample.usage.as_str(), is_home));
        if !is_home {
            homeless.push(sample);
        }
    }
    Ok(homeless)
}

/// Whether a segment that touches its second charges it, or no component of any reads it in cycles of this kind.
fn has_home(sample: &Sample, segments: &[Segment], window: &Window<'_>) -> Result<bool, AggregateError> {
    let (mut nowhere, mut reads) = (true, false);
    for segment in segments.iter().filter(|it| it.touches(sample.at)) {
        nowhere = false;
        let plan = window.configs.get(segment.config).plan(segment.version)?;
        for part in plan.parts.iter().filter(|it| it.reads == Reads::Samples) {
            if plan.component(part).meter.usage() == Some(&sample.usage) {
                if part.billed_while.contains(segment.state) {
                    return Ok(true);
                }
                reads |= part.due == Due::Cycle(window.cycle.kind);
            }
        }
    }
    Ok(!nowhere && !reads)
}

/// What an attack is measured by: the options that hold its base and its cap, and what selects the band.
struct Attack<'a> {
    base: &'a str,
    cap: &'a str,
    mode: AttackMode,
}

/// A line that stands for one sample.
fn of_sample(it: &Placed<'_>, measured: Measured) -> Used {
    Used::new(it.at, measured, it.sample.at, it.sample.at + 1)
}

impl<'a> Placing<'a> {
    /// The meter of the component when it was charged first.
    fn meter(&self) -> Result<&'a Meter, AggregateError> {
        let (plan, part) = self.first.resolve(self.window.configs)?;
        Ok(&plan.component(part).meter)
    }
}

impl Placing<'_> {
    /// One part per price that held, in time order; at a plain price what has the same is one.
    fn sum(&self) -> Result<Vec<Used>, AggregateError> {
        let configs = self.window.configs;
        let mut parts: Vec<Used> = Vec::new();
        for it in &self.placed {
            let (plan, part) = it.at.resolve(configs)?;
            let item = plan.item(part);
            let mut same = None;
            for (back, other) in parts.iter_mut().rev().enumerate() {
                if back > 0 && !item.is_plain() {
                    break;
                }
                let (its_plan, its_part) = other.at.resolve(configs)?;
                if other.at == it.at || same_price(its_plan.item(its_part), item) {
                    same = Some(other);
                    break;
                }
            }
            let quantity = u128::from(it.sample.quantity);
            match same {
                Some(other) => {
                    other.measured.quantity += quantity;
                    other.to = it.sample.at + 1;
                }
                None => {
                    let unit = plan.component(part).quantity.unit;
                    parts.push(of_sample(it, Measured::of(quantity, unit)));
                }
            }
        }
        Ok(parts)
    }

    /// Each alone, but for the first that are free. An event of nothing is none. Source: R-PRC-11, R-PRC-21.
    fn events(&self, free: u64) -> Vec<Used> {
        let any = self.placed.iter().filter(|it| it.sample.quantity > 0);
        let charged = (0..).zip(any).filter(|it| it.0 >= free);
        charged.map(|(_, it)| of_sample(it, Measured::of(it.sample.quantity.into(), Unit::ValueE8))).collect()
    }

    /// Peaks of one second are added over addresses; each uses the base and cap of its instant; the day
    /// costs what its dearest attack costs.
    ///
    /// Source: R-DDS-2, R-DDS-3, R-DDS-5 to R-DDS-8, section 20.
    fn dearest(&self, attack: &Attack<'_>) -> Result<Vec<Used>, AggregateError> {
        let mut dearest: Option<(i128, Used)> = None;
        for second in self.placed.chunk_by(|one, other| one.sample.at == other.sample.at) {
            let it = &second[0];
            let (plan, part) = it.at.resolve(self.window.configs)?;
            let number = |option| -> Result<u128, AggregateError> {
                Ok(u128::from(plan.number(plan.component(part), option)?) * GBPS)
            };
            let (base, cap) = (number(attack.base)?, number(attack.cap)?);
            let peak: u128 = second.iter().map(|it| u128::from(it.sample.quantity)).sum();
            let peak = peak.min(cap);
            let billable = match attack.mode {
                AttackMode::ExcessOverBase => peak.saturating_sub(base),
                AttackMode::AbsolutePeak if peak > base => peak,
                AttackMode::AbsolutePeak => 0,
            };
            let measured = Measured::of(billable, Unit::BitPerSecond);
            let cost = plan.item(part).cost(measured)?.e8();
            let better = dearest
                .as_ref()
                .is_none_or(|(most, line)| (cost, billable) > (*most, line.measured.quantity));
            if billable > 0 && better {
                dearest = Some((cost, of_sample(it, measured)));
            }
        }
        Ok(dearest.map(|it| it.1).into_iter().collect())
    }
}
