//! Aggregation of samples: sums, peaks, excesses, percentiles and means of the largest.
//!
//! In:  the samples of one resource in a cycle, and its segments. Out: `Used` rows.
//! Invariant: a sample counts only where a segment that charges the component covers its instant;
//! it uses the options of that instant.
//! Rules: R-DDS-2 to R-DDS-12, R-NET-8, R-PRC-11 to R-PRC-13.

use super::{AggregateError, PartRef, Sample, Used};
use crate::book::{AttackMode, Meter};
use crate::plan::{Configs, Part, Plan};
use crate::price::Pricing;
use crate::segment::Segment;
use std::collections::{BTreeMap, BTreeSet};
use units::{Calendar, Cycle, CycleKind, Measured, Timestamp, Unit};

const GBPS: u128 = 1_000_000_000;

/// A sample with the component that charges it.
struct Placed<'a> {
    sample: &'a Sample,
    at: PartRef,
}

/// The quantities of one sampled component (an index into its product), appended to `used`.
pub fn component(
    component: usize,
    segments: &[Segment],
    samples: &[Sample],
    configs: &Configs,
    used: &mut Vec<Used>,
) -> Result<(), AggregateError> {
    let placed = place(component, segments, samples, configs)?;
    let Some(first) = placed.first() else { return Ok(()) };
    let (plan, part) = first.at.resolve(configs)?;
    match &plan.component(part).meter {
        Meter::Sum { .. } => sum(&placed, configs, used),
        Meter::Events { free, .. } => events(&placed, *free, used),
        Meter::Attack { base, cap, mode, .. } => attack(&placed, configs, (base, cap, *mode), used),
        Meter::PeakAbove { free, .. } => peak_above(&placed, *free, used),
        Meter::VolumeAbove { free, slot_seconds, .. } => volume_above(&placed, *free, *slot_seconds, used),
        Meter::Percentile { p_e6, slot_seconds, .. } => {
            percentile(&placed, segments, *p_e6, *slot_seconds, used)
        }
        Meter::TopMean { k, .. } => top_mean(&placed, *k, used),
        Meter::DayPeaks { nth, k, .. } => day_peaks(&placed, segments, (*nth, *k), configs, used),
        Meter::Months
        | Meter::Once
        | Meter::Held
        | Meter::HeldSum
        | Meter::HeldHighest
        | Meter::HeldMean
        | Meter::Clock => Ok(()),
    }
}

/// The samples of the component's meter, in time order, where it is charged.
fn place<'a>(
    component: usize,
    segments: &[Segment],
    samples: &'a [Sample],
    configs: &Configs,
) -> Result<Vec<Placed<'a>>, AggregateError> {
    let mut placed = Vec::with_capacity(samples.len());
    for sample in samples {
        let Some(segment) = segments.iter().find(|it| it.from <= sample.at && sample.at < it.to) else {
            continue;
        };
        let plan = configs.get(segment.config).plan(segment.version)?;
        let Some(part) = plan.parts.iter().position(|it| it.component == component) else { continue };
        let charged = &plan.parts[part];
        if charged.billed_while.contains(segment.state)
            && plan.component(charged).meter.usage() == Some(&sample.usage)
        {
            placed.push(Placed {
                sample,
                at: PartRef { config: segment.config, version: segment.version, part },
            });
        }
    }
    let when = |it: &Placed<'a>| (it.sample.at, &it.sample.key);
    // They are mostly read in that order.
    if !placed.is_sorted_by(|one, other| when(one) <= when(other)) {
        placed.sort_by(|one, other| when(one).cmp(&when(other)));
    }
    Ok(placed)
}

fn line(at: PartRef, measured: Measured, (from, to): (i64, i64)) -> Used {
    Used { at, measured, offset: 0, covered: 0, from, to }
}

fn span(placed: &[Placed<'_>]) -> (i64, i64) {
    let first = placed.iter().map(|it| it.sample.at).min().unwrap_or(0);
    let last = placed.iter().map(|it| it.sample.at).max().unwrap_or(0);
    (first, last + 1)
}

/// One line per price that held.
fn sum(placed: &[Placed<'_>], configs: &Configs, used: &mut Vec<Used>) -> Result<(), AggregateError> {
    let first = used.len();
    for it in placed {
        let (plan, part) = it.at.resolve(configs)?;
        let unit = plan.component(part).quantity.unit;
        let mut same = None;
        for line in &mut used[first..] {
            let (other_plan, other_part) = line.at.resolve(configs)?;
            if line.at == it.at || super::same_price(other_plan.item(other_part), plan.item(part)) {
                same = Some(line);
            }
        }
        match same {
            Some(line) => {
                line.measured.quantity += u128::from(it.sample.quantity);
                line.to = it.sample.at + 1;
            }
            None => used.push(line(
                it.at,
                Measured::of(it.sample.quantity.into(), unit),
                (it.sample.at, it.sample.at + 1),
            )),
        }
    }
    carry(&mut used[first..], configs)
}

/// Lines of one component in one cycle, in time order: free units and tiers go on where the line
/// before, at another price, left them. Source: R-PRC-16.
pub(super) fn carry(lines: &mut [Used], configs: &Configs) -> Result<(), AggregateError> {
    let mut before: u128 = 0;
    for line in lines {
        let (plan, part) = line.at.resolve(configs)?;
        let item = plan.item(part);
        if item.free > 0 || !matches!(item.pricing, Pricing::PerUnit(_)) {
            line.offset = u64::try_from(before).map_err(|_| AggregateError::Overflow(item.key.clone()))?;
        }
        before += line.measured.quantity;
    }
    Ok(())
}

fn events(placed: &[Placed<'_>], free: u64, used: &mut Vec<Used>) -> Result<(), AggregateError> {
    for it in placed.iter().skip(usize::try_from(free).unwrap_or(usize::MAX)) {
        let measured = Measured::of(it.sample.quantity.into(), Unit::ValueE8);
        used.push(line(it.at, measured, (it.sample.at, it.sample.at + 1)));
    }
    Ok(())
}

/// Peaks of one second are added over addresses; each uses the base and cap of its instant; the day
/// costs what its dearest attack costs.
///
/// Source: R-DDS-2, R-DDS-3, R-DDS-5 to R-DDS-8, section 20.
fn attack(
    placed: &[Placed<'_>],
    configs: &Configs,
    (base, cap, mode): (&str, &str, AttackMode),
    used: &mut Vec<Used>,
) -> Result<(), AggregateError> {
    let mut dearest: Option<(i128, Used)> = None;
    for second in placed.chunk_by(|one, other| one.sample.at == other.sample.at) {
        let it = &second[0];
        let (plan, part) = it.at.resolve(configs)?;
        let peak: u128 = second.iter().map(|it| u128::from(it.sample.quantity)).sum();
        let (base, cap) = (u128::from(plan.number(base)) * GBPS, u128::from(plan.number(cap)) * GBPS);
        let peak = peak.min(cap);
        let billable = match mode {
            AttackMode::ExcessOverBase => peak.saturating_sub(base),
            AttackMode::AbsolutePeak if peak > base => peak,
            AttackMode::AbsolutePeak => 0,
        };
        let measured = Measured::of(billable, Unit::BitPerSecond);
        let cost = plan.item(part).cost(measured, 0)?.e8();
        let better =
            dearest.as_ref().is_none_or(|(most, line)| (cost, billable) > (*most, line.measured.quantity));
        if billable > 0 && better {
            dearest = Some((cost, line(it.at, measured, (it.sample.at, it.sample.at + 1))));
        }
    }
    used.extend(dearest.map(|it| it.1));
    Ok(())
}

/// Source: R-DDS-11.
fn peak_above(placed: &[Placed<'_>], free: u64, used: &mut Vec<Used>) -> Result<(), AggregateError> {
    let Some(peak) = placed.iter().max_by_key(|it| it.sample.quantity) else { return Ok(()) };
    let above = peak.sample.quantity.saturating_sub(free);
    if above > 0 {
        used.push(line(peak.at, Measured::of(above.into(), Unit::BitPerSecond), span(placed)));
    }
    Ok(())
}

/// Source: R-DDS-12. Bits per second above what is free, for the seconds of the slot, in bytes.
fn volume_above(
    placed: &[Placed<'_>],
    free: u64,
    slot: u64,
    used: &mut Vec<Used>,
) -> Result<(), AggregateError> {
    let bits: u128 =
        placed.iter().map(|it| u128::from(it.sample.quantity.saturating_sub(free)) * u128::from(slot)).sum();
    if let (Some(first), true) = (placed.first(), bits > 0) {
        used.push(line(
            first.at,
            Measured { quantity: bits, num: 1, den: 8, unit: Unit::Byte },
            span(placed),
        ));
    }
    Ok(())
}

/// The value at position ceil(p × n) of all slots in which the resource lived; silent slots are 0.
///
/// Source: R-PRC-12.
fn percentile(
    placed: &[Placed<'_>],
    segments: &[Segment],
    p_e6: u64,
    slot: u64,
    used: &mut Vec<Used>,
) -> Result<(), AggregateError> {
    let slot = i64::try_from(slot.max(1)).unwrap_or(i64::MAX);
    let slots = slots_lived(segments, slot);
    let position = (slots * u128::from(p_e6)).div_ceil(1_000_000);
    // A slot has one value: of several reports, the highest.
    let mut by_slot: BTreeMap<i64, u64> = BTreeMap::new();
    for it in placed {
        let highest = by_slot.entry(it.sample.at.div_euclid(slot)).or_default();
        *highest = it.sample.quantity.max(*highest);
    }
    let mut values: Vec<u64> = by_slot.into_values().collect();
    values.sort_unstable();
    let silent = slots.saturating_sub(values.len() as u128);
    let value = match position.checked_sub(silent + 1) {
        Some(index) => {
            values.get(usize::try_from(index).unwrap_or(usize::MAX)).or(values.last()).copied().unwrap_or(0)
        }
        None => 0,
    };
    if let Some(first) = placed.first() {
        used.push(line(first.at, Measured::of(value.into(), Unit::BitPerSecond), span(placed)));
    }
    Ok(())
}

/// Slots of the grid that the segments, which are in time order, touch.
fn slots_lived(segments: &[Segment], slot: i64) -> u128 {
    let (mut count, mut next) = (0_u128, i64::MIN);
    for segment in segments {
        let first = segment.from.div_euclid(slot).max(next);
        let end = (segment.to - 1).div_euclid(slot) + 1;
        count += u128::try_from(end - first).unwrap_or(0);
        next = end.max(next);
    }
    count
}

/// The sum of the k largest, over how many there are. Source: R-PRC-13.
fn largest(mut values: Vec<u64>, k: u64) -> (u128, u64) {
    values.sort_unstable_by(|one, other| other.cmp(one));
    values.truncate(usize::try_from(k).unwrap_or(usize::MAX));
    (values.iter().map(|it| u128::from(*it)).sum(), values.len() as u64)
}

fn top_mean(placed: &[Placed<'_>], k: u64, used: &mut Vec<Used>) -> Result<(), AggregateError> {
    let (quantity, den) = largest(placed.iter().map(|it| it.sample.quantity).collect(), k);
    if let (Some(first), true) = (placed.first(), den > 0) {
        used.push(line(first.at, Measured { quantity, num: 1, den, unit: Unit::BitPerSecond }, span(placed)));
    }
    Ok(())
}

/// The mean of the k largest day peaks × days used / days of the month. Source: R-NET-8.
fn day_peaks(
    placed: &[Placed<'_>],
    segments: &[Segment],
    (nth, k): (u64, u64),
    configs: &Configs,
    used: &mut Vec<Used>,
) -> Result<(), AggregateError> {
    let Some(first) = placed.first() else { return Ok(()) };
    let (plan, _) = first.at.resolve(configs)?;
    let calendar = Calendar::in_zone(&plan.book.zone)?;
    let mut days: BTreeMap<Timestamp, Vec<u64>> = BTreeMap::new();
    for it in placed {
        days.entry(day_of(&calendar, it.sample.at)?.from).or_default().push(it.sample.quantity);
    }
    let peak = |mut values: Vec<u64>| {
        values.sort_unstable_by(|one, other| other.cmp(one));
        let at = usize::try_from(nth.max(1) - 1).unwrap_or(usize::MAX).min(values.len().saturating_sub(1));
        values.get(at).copied().unwrap_or(0)
    };
    let (quantity, count) = largest(days.into_values().map(peak).collect(), k);
    let mut lived: BTreeSet<Timestamp> = BTreeSet::new();
    for segment in segments {
        let mut second = segment.from;
        while second < segment.to {
            let day = day_of(&calendar, second)?;
            lived.insert(day.from);
            second = day.to.as_second();
        }
    }
    let month = calendar.days_in_month(instant(first.sample.at)?);
    let den = count.checked_mul(month).ok_or_else(|| AggregateError::Overflow("days".into()))?;
    let measured = Measured { quantity, num: lived.len() as u64, den, unit: Unit::BitPerSecond };
    used.push(line(first.at, measured, span(placed)));
    Ok(())
}

/// The day that a second falls into, on the calendar of the book. Days of clock change are as long as they are.
fn day_of(calendar: &Calendar, second: i64) -> Result<Cycle, AggregateError> {
    Ok(calendar.cycle(CycleKind::Day, instant(second)?)?)
}

fn instant(second: i64) -> Result<Timestamp, AggregateError> {
    Timestamp::from_second(second).map_err(|_| AggregateError::Overflow("seconds".into()))
}

/// A sample that came after its cycle was closed, priced alone. Source: R-SET-5.
pub fn late(sample: &Sample, at: PartRef, plan: &Plan, part: &Part) -> Option<Used> {
    let measured = match &plan.component(part).meter {
        Meter::Sum { .. } => Measured::of(sample.quantity.into(), plan.component(part).quantity.unit),
        Meter::Events { .. } => Measured::of(sample.quantity.into(), Unit::ValueE8),
        Meter::VolumeAbove { free, slot_seconds, .. } => {
            let bits = u128::from(sample.quantity.saturating_sub(*free)) * u128::from(*slot_seconds);
            Measured { quantity: bits, num: 1, den: 8, unit: Unit::Byte }
        }
        _ => return None,
    };
    Some(line(at, measured, (sample.at, sample.at + 1))).filter(|it| it.measured.quantity > 0)
}
