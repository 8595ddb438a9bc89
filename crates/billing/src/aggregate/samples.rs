//! Aggregation of samples: sums, peaks, excesses, percentiles and means of the largest.
//!
//! In:  the samples of one resource in a cycle, and its segments. Out: `Used` rows.
//! Invariant: a sample counts only where a segment that charges the component covers its instant;
//! it uses the options of that instant.
//! Rules: R-DDS-2 to R-DDS-12, R-NET-8, R-PRC-11 to R-PRC-13.

use crate::book::{AttackMode, Meter};
use crate::plan::{Configs, Part, Plan};
use crate::segment::Segment;
use crate::used::{AggregateError, PartRef, Sample, Used, carry, same_price};
use std::collections::{BTreeMap, BTreeSet};
use units::{Calendar, Cycle, CycleKind, Measured, Timestamp, Unit};

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
    configs: &'a Configs,
}

/// The quantities of one sampled component (an index into its product).
pub fn component(
    component: usize,
    segments: &[Segment],
    samples: &[Sample],
    configs: &Configs,
) -> Result<Vec<Used>, AggregateError> {
    let placing = Placing { placed: place(component, segments, samples, configs)?, segments, configs };
    let Some(first) = placing.placed.first() else { return Ok(Vec::new()) };
    let (plan, part) = first.at.resolve(configs)?;
    match &plan.component(part).meter {
        Meter::Sum { .. } => placing.sum(),
        Meter::Events { free, .. } => Ok(placing.events(*free)),
        Meter::Attack { base, cap, mode, .. } => placing.dearest(&Attack { base, cap, mode: *mode }),
        Meter::PeakAbove { free, .. } => Ok(placing.peak_above(*free)),
        Meter::VolumeAbove { free, slot_seconds, .. } => Ok(placing.volume_above(*free, *slot_seconds)),
        Meter::Percentile { p_e6, slot_seconds, .. } => placing.percentile(*p_e6, *slot_seconds),
        Meter::TopMean { k, .. } => Ok(placing.top_mean(*k)),
        Meter::DayPeaks { nth, k, .. } => placing.day_peaks(*nth, *k),
        Meter::Months
        | Meter::Once
        | Meter::Held
        | Meter::HeldSum
        | Meter::HeldHighest
        | Meter::HeldMean
        | Meter::Clock => Ok(Vec::new()),
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

impl Placing<'_> {
    /// The line of all samples, at the price of `of`.
    fn of_all(&self, of: &Placed<'_>, measured: Measured) -> Vec<Used> {
        let seconds = || self.placed.iter().map(|it| it.sample.at);
        let (Some(from), Some(last)) = (seconds().min(), seconds().max()) else { return Vec::new() };
        vec![Used::new(of.at, measured, from, last + 1)]
    }

    /// One line per price that held.
    fn sum(&self) -> Result<Vec<Used>, AggregateError> {
        let mut lines: Vec<Used> = Vec::new();
        for it in &self.placed {
            let (plan, part) = it.at.resolve(self.configs)?;
            let mut same = None;
            for line in &mut lines {
                let (other, its) = line.at.resolve(self.configs)?;
                if line.at == it.at || same_price(other.item(its), plan.item(part)) {
                    same = Some(line);
                }
            }
            let quantity = u128::from(it.sample.quantity);
            match same {
                Some(line) => {
                    line.measured.quantity += quantity;
                    line.to = it.sample.at + 1;
                }
                None => {
                    let unit = plan.component(part).quantity.unit;
                    lines.push(of_sample(it, Measured::of(quantity, unit)));
                }
            }
        }
        carry(&mut lines, self.configs)?;
        Ok(lines)
    }

    /// Each alone, but for the first that are free.
    fn events(&self, free: u64) -> Vec<Used> {
        let charged = (0..).zip(&self.placed).filter(|it| it.0 >= free);
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
            let (plan, part) = it.at.resolve(self.configs)?;
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
            let cost = plan.item(part).cost(measured, 0)?.e8();
            let better = dearest
                .as_ref()
                .is_none_or(|(most, line)| (cost, billable) > (*most, line.measured.quantity));
            if billable > 0 && better {
                dearest = Some((cost, of_sample(it, measured)));
            }
        }
        Ok(dearest.map(|it| it.1).into_iter().collect())
    }

    /// Source: R-DDS-11.
    fn peak_above(&self, free: u64) -> Vec<Used> {
        let Some(peak) = self.placed.iter().max_by_key(|it| it.sample.quantity) else { return Vec::new() };
        match peak.sample.quantity.saturating_sub(free) {
            0 => Vec::new(),
            above => self.of_all(peak, Measured::of(above.into(), Unit::BitPerSecond)),
        }
    }

    /// Source: R-DDS-12. Bits per second above what is free, for the seconds of the slot, in bytes.
    fn volume_above(&self, free: u64, slot: u64) -> Vec<Used> {
        let above = |it: &Placed<'_>| u128::from(it.sample.quantity.saturating_sub(free)) * u128::from(slot);
        let bits: u128 = self.placed.iter().map(above).sum();
        match self.placed.first().filter(|_| bits > 0) {
            None => Vec::new(),
            Some(first) => self.of_all(first, Measured { quantity: bits, num: 1, den: 8, unit: Unit::Byte }),
        }
    }

    /// The value at position ceil(p × n) of all slots in which the resource lived; silent slots are 0.
    ///
    /// Source: R-PRC-12.
    fn percentile(&self, p_e6: u64, slot: u64) -> Result<Vec<Used>, AggregateError> {
        let slot = i64::try_from(slot.max(1)).map_err(|_| AggregateError::Overflow("seconds".into()))?;
        // A slot has one value: of several reports, the highest.
        let mut by_slot: BTreeMap<i64, u64> = BTreeMap::new();
        for it in &self.placed {
            let highest = by_slot.entry(it.sample.at.div_euclid(slot)).or_default();
            *highest = it.sample.quantity.max(*highest);
        }
        let mut values: Vec<u64> = by_slot.into_values().collect();
        values.sort_unstable();
        let slots = slots_lived(self.segments, slot);
        assert!(slots >= values.len() as u128, "a reading counts only where the resource lived");
        let silent = slots - values.len() as u128;
        let position = (slots * u128::from(p_e6)).div_ceil(1_000_000);
        // The position is of a slot, since p is at most one.
        let value = match position.checked_sub(silent + 1) {
            Some(index) => (0..=index).zip(values).last().map_or(0, |it| it.1),
            None => 0,
        };
        let Some(first) = self.placed.first() else { return Ok(Vec::new()) };
        Ok(self.of_all(first, Measured::of(value.into(), Unit::BitPerSecond)))
    }

    /// The mean of the k largest. Source: R-PRC-13.
    fn top_mean(&self, k: u64) -> Vec<Used> {
        let (quantity, den) = largest(self.placed.iter().map(|it| it.sample.quantity).collect(), k);
        match self.placed.first().filter(|_| den > 0) {
            None => Vec::new(),
            Some(first) => self.of_all(first, Measured { quantity, num: 1, den, unit: Unit::BitPerSecond }),
        }
    }

    /// The mean of the k largest day peaks × days used / days of the month. Source: R-NET-8.
    fn day_peaks(&self, nth: u64, k: u64) -> Result<Vec<Used>, AggregateError> {
        let Some(first) = self.placed.first() else { return Ok(Vec::new()) };
        let (plan, _) = first.at.resolve(self.configs)?;
        let calendar = Calendar::in_zone(&plan.book.zone)?;
        let mut days: BTreeMap<Timestamp, Vec<u64>> = BTreeMap::new();
        for it in &self.placed {
            days.entry(day_of(&calendar, it.sample.at)?.from).or_default().push(it.sample.quantity);
        }
        // The nth largest of a day, or its smallest where it has fewer.
        let peak = |mut values: Vec<u64>| {
            values.sort_unstable_by(|one, other| other.cmp(one));
            (1..=nth.max(1)).zip(values).last().map_or(0, |it| it.1)
        };
        let (quantity, count) = largest(days.into_values().map(peak).collect(), k);
        let month = calendar.days_in_month(instant(first.sample.at)?);
        let den = count.checked_mul(month).ok_or_else(|| AggregateError::Overflow("days".into()))?;
        let num = days_lived(self.segments, &calendar)?;
        Ok(self.of_all(first, Measured { quantity, num, den, unit: Unit::BitPerSecond }))
    }
}

/// Slots of the grid that the segments, which are in time order, touch.
fn slots_lived(segments: &[Segment], slot: i64) -> u128 {
    let (mut count, mut next) = (0_u128, i64::MIN);
    for segment in segments {
        let first = segment.from.div_euclid(slot).max(next);
        let end = (segment.to - 1).div_euclid(slot) + 1;
        debug_assert!(first <= end, "segments are in time order");
        count += u128::from(end.abs_diff(first));
        next = end.max(next);
    }
    count
}

/// Days that the segments touch.
fn days_lived(segments: &[Segment], calendar: &Calendar) -> Result<u64, AggregateError> {
    let mut lived: BTreeSet<Timestamp> = BTreeSet::new();
    for segment in segments {
        let mut second = segment.from;
        while second < segment.to {
            let day = day_of(calendar, second)?;
            lived.insert(day.from);
            second = day.to.as_second();
        }
    }
    Ok(lived.len() as u64)
}

/// The sum of the k largest, and how many there are.
fn largest(mut values: Vec<u64>, k: u64) -> (u128, u64) {
    values.sort_unstable_by(|one, other| other.cmp(one));
    (0..k).zip(values).fold((0, 0), |(sum, count), (_, it)| (sum + u128::from(it), count + 1))
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
    let component = plan.component(part);
    let measured = match &component.meter {
        Meter::Sum { .. } => Measured::of(sample.quantity.into(), component.quantity.unit),
        Meter::Events { .. } => Measured::of(sample.quantity.into(), Unit::ValueE8),
        Meter::VolumeAbove { free, slot_seconds, .. } => {
            let bits = u128::from(sample.quantity.saturating_sub(*free)) * u128::from(*slot_seconds);
            Measured { quantity: bits, num: 1, den: 8, unit: Unit::Byte }
        }
        Meter::Months
        | Meter::Once
        | Meter::Held
        | Meter::HeldSum
        | Meter::HeldHighest
        | Meter::HeldMean
        | Meter::Clock
        | Meter::Attack { .. }
        | Meter::PeakAbove { .. }
        | Meter::Percentile { .. }
        | Meter::TopMean { .. }
        | Meter::DayPeaks { .. } => return None,
    };
    Some(of_sample(&Placed { sample, at }, measured)).filter(|it| it.measured.quantity > 0)
}
