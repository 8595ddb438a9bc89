//! Slots: readings gathered into equal spans, each with one value, and what peaks, percentiles and means make of them.
//!
//! In:  placed samples. Out: `Used` rows; of keys that are priced each by itself one row a key.
//! Invariant: a slot has one value, the mean of its readings, added up over keys, exact as far as 128 bits reach; how
//! often somebody reports changes nothing.
//! Rules: R-SLT-1, R-DDS-11, R-DDS-12, R-NET-8, R-PRC-12, R-PRC-13, R-PRC-18.

use super::Placing;
use crate::meter::{Keys, Slots};
use crate::sequence;
use crate::used::{AggregateError, PartRef, Used, same_price};
use num_rational::Ratio;
use num_traits::{CheckedAdd, CheckedSub, Zero};
use std::collections::BTreeMap;
use units::{Calendar, Cycle, CycleKind, Measured, Timestamp, Unit};

const DAY: u64 = 86_400;

/// A value in bits per second.
pub(super) type Value = Ratio<u128>;

/// A slot in which something was reported.
#[derive(Clone, Copy)]
pub(super) struct Slot {
    /// When it begins, in seconds.
    pub from: i64,
    pub value: Value,
    /// What charges its first reading.
    at: PartRef,
}

/// The slots of one priced row, in time order.
pub(super) struct Row {
    pub slots: Vec<Slot>,
    /// First and last second of what was reported.
    from: i64,
    to: i64,
}

/// Where slots begin: within each day from its midnight on, those of days from the begin of the cycle on.
pub(super) struct Grid {
    calendar: Calendar,
    cycle: Cycle,
    seconds: i64,
    day: Option<Cycle>,
}

impl Grid {
    pub(super) fn new(placing: &Placing<'_>, slots: Slots) -> Result<Grid, AggregateError> {
        let (plan, _) = placing.first.resolve(placing.window.configs)?;
        let calendar = Calendar::in_zone(&plan.book.zone)?;
        let seconds =
            i64::try_from(slots.seconds.max(1)).map_err(|_| AggregateError::Overflow("seconds".into()))?;
        Ok(Grid { calendar, cycle: placing.window.cycle, seconds, day: None })
    }

    /// The day that a second falls into. Days of clock change are as long as they are.
    pub(super) fn day(&mut self, second: i64) -> Result<Cycle, AggregateError> {
        let at = instant(second)?;
        match self.day.filter(|it| it.contains(at)) {
            Some(day) => Ok(day),
            None => {
                let day = self.calendar.cycle(CycleKind::Day, at)?;
                self.day = Some(day);
                Ok(day)
            }
        }
    }

    /// When the slot of a second begins.
    fn slot(&mut self, second: i64) -> Result<i64, AggregateError> {
        let midnight = self.day(second)?.from.as_second();
        let days = self.seconds / DAY as i64;
        if days == 0 {
            return Ok(second - (second - midnight) % self.seconds);
        }
        // Rounded, since a day may be an hour shorter or longer.
        let number = (midnight - self.cycle.from.as_second() + DAY as i64 / 2).div_euclid(DAY as i64);
        let first = self.cycle.from.as_second() + number.div_euclid(days) * days * DAY as i64;
        self.day(first + DAY as i64 / 2).map(|it| it.from.as_second())
    }

    /// How many slots the segments of `placing` touch.
    pub(super) fn lived(&mut self, placing: &Placing<'_>) -> Result<u128, AggregateError> {
        let (mut count, mut counted) = (0_u128, i64::MIN);
        for segment in placing.segments.iter().filter(|it| it.from < it.to && it.is_lived()) {
            let mut second = segment.from;
            while second < segment.to {
                let end = self.day(second)?.to.as_second().min(segment.to);
                let (first, last) = (self.slot(second)?, self.slot(end - 1)?);
                count += u128::from((last - first).unsigned_abs() / self.seconds.unsigned_abs()) + 1;
                count -= u128::from(first == counted);
                (second, counted) = (end, last);
            }
        }
        Ok(count)
    }

    /// How many days the segments of `placing` touch.
    fn days_lived(&mut self, placing: &Placing<'_>) -> Result<u64, AggregateError> {
        let (mut count, mut counted) = (0, None);
        for segment in placing.segments.iter().filter(|it| it.from < it.to && it.is_lived()) {
            let mut second = segment.from;
            while second < segment.to {
                let day = self.day(second)?;
                count += u64::from(counted != Some(day.from));
                (second, counted) = (day.to.as_second(), Some(day.from));
            }
        }
        Ok(count)
    }
}

impl Placing<'_> {
    /// The rows that are priced: one of all keys together, or one for each. Source: R-SLT-1.
    pub(super) fn rows(&self, grid: &mut Grid, keys: Keys) -> Result<Vec<Row>, AggregateError> {
        let mut rows: BTreeMap<&str, BTreeMap<i64, Gathered<'_>>> = BTreeMap::new();
        for it in &self.placed {
            let row = match keys {
                Keys::AddedUp => "",
                Keys::PricedEach => it.sample.key.as_str(),
            };
            let slot = rows.entry(row).or_default().entry(grid.slot(it.sample.at)?);
            let slot = slot.or_insert(Gathered { at: it.at, last: it.sample.at, keys: BTreeMap::new() });
            let (sum, count) = slot.keys.entry(&it.sample.key).or_default();
            *sum += u128::from(it.sample.quantity);
            *count += 1;
            slot.last = it.sample.at;
        }
        Ok(rows.into_values().map(row).collect())
    }

    /// The highest slot above what is free. Source: R-DDS-11.
    pub(super) fn peak_above(&self, free: u64, slots: Slots) -> Result<Vec<Used>, AggregateError> {
        let rows = self.rows(&mut Grid::new(self, slots)?, slots.keys)?;
        let peak = |row: Row| {
            let peak = row.slots.iter().rev().max_by_key(|it| it.value)?;
            let above = above(peak.value, free)?;
            Some(Used::new(peak.at, measured(above, Unit::BitPerSecond), row.from, row.to))
        };
        Ok(rows.into_iter().filter_map(peak).collect())
    }

    /// Bits per second above what is free, for the seconds of each slot, in bytes; one part per price that held.
    ///
    /// Source: R-DDS-12, R-PRC-18.
    pub(super) fn volume_above(&self, free: u64, slots: Slots) -> Result<Vec<Used>, AggregateError> {
        let configs = self.window.configs;
        let mut used = Vec::new();
        for row in self.rows(&mut Grid::new(self, slots)?, slots.keys)? {
            let mut parts: Vec<(PartRef, Value, i64, i64)> = Vec::new();
            for slot in &row.slots {
                let Some(above) = above(slot.value, free) else { continue };
                let bytes = above * Ratio::new(u128::from(slots.seconds), 8);
                let (plan, part) = slot.at.resolve(configs)?;
                let to = slot.from.saturating_add_unsigned(slots.seconds).min(row.to);
                let same =
                    parts.last_mut().map(|it| it.0.resolve(configs).map(|its| (it, its))).transpose()?;
                match same.filter(|it| same_price(it.1.0.item(it.1.1), plan.item(part))) {
                    Some((last, _)) => (last.1, last.3) = (sum(last.1, bytes), to),
                    None => parts.push((slot.at, bytes, slot.from.max(row.from), to)),
                }
            }
            let count = common_count(parts.iter().map(|it| it.1));
            let part = |it: (PartRef, Value, i64, i64)| {
                let quantity = times_rounded(it.1, count).unwrap_or(u128::MAX);
                Used::new(it.0, Measured::of(quantity, Unit::Byte).mean(count), it.2, it.3)
            };
            used.extend(sequence::go_on(parts.into_iter().map(part).collect(), configs)?);
        }
        Ok(used)
    }

    /// The value at position ceil(p × n) of all slots in which the resource lived; silent slots are 0.
    ///
    /// Source: R-PRC-12.
    pub(super) fn percentile(&self, p_e6: u64, slots: Slots) -> Result<Vec<Used>, AggregateError> {
        let mut grid = Grid::new(self, slots)?;
        let lived = grid.lived(self)?;
        let at_position = |row: Row| {
            let mut values: Vec<Value> = row.slots.iter().map(|it| it.value).collect();
            values.sort_unstable();
            // What was read in the second of the end may be of a slot that was not lived.
            let slots = lived.max(values.len() as u128);
            let silent = slots - values.len() as u128;
            let position = (slots * u128::from(p_e6)).div_ceil(1_000_000);
            // The position is of a slot, since p is at most one.
            let index = position.checked_sub(silent + 1).and_then(|it| usize::try_from(it).ok());
            let value = index.and_then(|it| values.get(it).copied()).unwrap_or_else(Value::zero);
            Used::new(self.first, measured(value, Unit::BitPerSecond), row.from, row.to)
        };
        Ok(self.rows(&mut grid, slots.keys)?.into_iter().map(at_position).collect())
    }

    /// The mean of the k largest. Source: R-PRC-13.
    pub(super) fn top_mean(&self, k: u64, slots: Slots) -> Result<Vec<Used>, AggregateError> {
        let rows = self.rows(&mut Grid::new(self, slots)?, slots.keys)?;
        let mean = |row: Row| {
            let mean = mean_of_largest(row.slots.iter().map(|it| it.value).collect(), k);
            Used::new(self.first, measured(mean, Unit::BitPerSecond), row.from, row.to)
        };
        Ok(rows.into_iter().map(mean).collect())
    }

    /// The mean of the k largest day peaks × days used / days of the month. Source: R-NET-8.
    pub(super) fn day_peaks(&self, nth: u64, k: u64, slots: Slots) -> Result<Vec<Used>, AggregateError> {
        let mut grid = Grid::new(self, slots)?;
        let lived = grid.days_lived(self)?;
        let month = grid.calendar.days_in_month(self.window.cycle.from);
        let mut used = Vec::new();
        for row in self.rows(&mut grid, slots.keys)? {
            let mut days: BTreeMap<Timestamp, Vec<Value>> = BTreeMap::new();
            for slot in &row.slots {
                days.entry(grid.day(slot.from)?.from).or_default().push(slot.value);
            }
            let peaks = days.into_values().map(|it| nth_largest(it, nth)).collect();
            let mean = measured(mean_of_largest(peaks, k), Unit::BitPerSecond).part(lived, month);
            used.push(Used::new(self.first, mean, row.from, row.to));
        }
        Ok(used)
    }
}

/// What was reported of one slot: by key the sum of its readings and how many there were.
struct Gathered<'a> {
    at: PartRef,
    last: i64,
    keys: BTreeMap<&'a str, (u128, u128)>,
}

/// The mean of each key's readings, added up.
fn row(slots: BTreeMap<i64, Gathered<'_>>) -> Row {
    let mut row = Row { slots: Vec::with_capacity(slots.len()), from: i64::MAX, to: i64::MIN };
    for (from, it) in slots {
        let means = it.keys.values().map(|(total, count)| Ratio::new(*total, *count));
        row.slots.push(Slot { from, value: means.fold(Value::zero(), sum), at: it.at });
        (row.from, row.to) = (row.from.min(from), row.to.max(it.last + 1));
    }
    row
}

/// The nth largest, or the smallest where there are fewer.
fn nth_largest(mut values: Vec<Value>, nth: u64) -> Value {
    values.sort_unstable_by(|one, other| other.cmp(one));
    (1..=nth.max(1)).zip(values).last().map_or_else(Value::zero, |it| it.1)
}

/// The mean of the k largest, or of all there are.
fn mean_of_largest(mut values: Vec<Value>, k: u64) -> Value {
    values.sort_unstable_by(|one, other| other.cmp(one));
    let (total, count) = (0..k).zip(values).fold((Value::zero(), 0), |all, it| (sum(all.0, it.1), all.1 + 1));
    if count == 0 { total } else { total / Ratio::from_integer(count) }
}

pub(super) fn above(value: Value, free: u64) -> Option<Value> {
    value.checked_sub(&Ratio::from_integer(free.into())).filter(|it| !it.is_zero())
}

/// The sum of both; to a thousand-millionth where its fraction has no room in 128 bits.
fn sum(one: Value, other: Value) -> Value {
    let coarse =
        |it: Value| Ratio::new(times_rounded(it, 1_000_000_000).unwrap_or(u128::MAX >> 64), 1_000_000_000);
    one.checked_add(&other).unwrap_or_else(|| coarse(one) + coarse(other))
}

fn lcm(one: u128, other: u128) -> Option<u128> {
    let common = *Ratio::new(one, other).numer();
    common.checked_mul(other)
}

/// A count of which all values are whole sums that fit 63 bits together, or else a thousand.
fn common_count(values: impl Iterator<Item = Value> + Clone) -> u64 {
    let count = values.clone().try_fold(1_u128, |all, it| lcm(all, *it.denom()));
    let fits = |it: &u64| {
        let total = times_rounded(values.clone().fold(Value::zero(), sum), *it);
        total.is_some_and(|it| i64::try_from(it).is_ok()) && i64::try_from(*it).is_ok()
    };
    count.and_then(|it| u64::try_from(it).ok()).filter(fits).unwrap_or(1_000)
}

/// `value × count`, half up. `None`: it does not fit.
fn times_rounded(value: Value, count: u64) -> Option<u128> {
    let (numer, denom) = (*value.numer(), *value.denom());
    let rest = numer % denom;
    let part = match rest.checked_mul(count.into()) {
        Some(it) => it.checked_add(denom / 2)? / denom,
        // A fraction of so many digits is cut where it no longer shows.
        None => rest / (denom / u128::from(count)).max(1),
    };
    (numer / denom).checked_mul(count.into())?.checked_add(part)
}

/// A value as it is kept on a line: exact where both parts fit 63 bits, else to a thousandth.
pub(super) fn measured(value: Value, unit: Unit) -> Measured {
    let fits = |it: u128| i64::try_from(it).is_ok();
    let count = u64::try_from(*value.denom()).ok().filter(|_| fits(*value.denom()) && fits(*value.numer()));
    match count {
        Some(count) => Measured::of(*value.numer(), unit).mean(count),
        None => Measured::of(times_rounded(value, 1_000).unwrap_or(u128::MAX), unit).mean(1_000),
    }
}

fn instant(second: i64) -> Result<Timestamp, AggregateError> {
    Timestamp::from_second(second).map_err(|_| AggregateError::Overflow("seconds".into()))
}
