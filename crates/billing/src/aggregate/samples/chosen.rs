//! Which slots were chosen: those whose values a percentile, a mean of the largest or a peak goes by.
//!
//! In:  placed samples. Out: for each row that is priced what was measured, and the slots that it came from.
//! Invariant: only explanations ask; what is measured is measured by `slots` alone.
//! Rules: R-SLT-1, R-PRC-12, R-PRC-13, R-NET-8, R-DDS-11.

use super::Placing;
use super::slots::{Grid, Row, Slot, above, measured};
use crate::book::Meter;
use crate::meter::Slots;
use crate::used::{AggregateError, Choice, Used};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use units::{Timestamp, Unit};

impl Placing<'_> {
    /// The choice of each row, in the order of what is measured; none where a meter compares no slots.
    pub(super) fn choices(&self, meter: &Meter) -> Result<Vec<Choice>, AggregateError> {
        match meter {
            Meter::PeakAbove { free, slots, .. } => self.highest(*free, *slots),
            Meter::Percentile { p_e6, slots, .. } => self.at_percentile(*p_e6, *slots),
            Meter::TopMean { k, slots, .. } => {
                let rows = self.rows(&mut Grid::new(self, *slots)?, slots.keys)?;
                let largest = rows.into_iter().map(|row| largest(row.slots, *k)).collect();
                Ok(choices(self.top_mean(*k, *slots)?, largest, *slots))
            }
            Meter::DayPeaks { nth, k, slots, .. } => {
                let mut grid = Grid::new(self, *slots)?;
                let rows = self.rows(&mut grid, slots.keys)?;
                let peaks = |row: Row| Ok(largest(day_peaks(row, *nth, &mut grid)?, *k));
                let largest = rows.into_iter().map(peaks).collect::<Result<_, AggregateError>>()?;
                Ok(choices(self.day_peaks(*nth, *k, *slots)?, largest, *slots))
            }
            Meter::Months
            | Meter::Once
            | Meter::Held
            | Meter::HeldSum
            | Meter::HeldHighest
            | Meter::HeldMean
            | Meter::Clock
            | Meter::Sum { .. }
            | Meter::Events { .. }
            | Meter::Attack { .. }
            | Meter::VolumeAbove { .. } => Ok(Vec::new()),
        }
    }

    /// The highest slot of each row in which something exceeds what is free; the first of equal ones.
    fn highest(&self, free: u64, slots: Slots) -> Result<Vec<Choice>, AggregateError> {
        let rows = self.rows(&mut Grid::new(self, slots)?, slots.keys)?;
        let peaks = rows.into_iter().map(|row| largest(row.slots, 1));
        let peaks = peaks.filter(|it| it.iter().any(|slot| above(slot.value, free).is_some())).collect();
        Ok(choices(self.peak_above(free, slots)?, peaks, slots))
    }

    /// The slot at the position of a percentile: the first of those that are equal.
    fn at_percentile(&self, p_e6: u64, slots: Slots) -> Result<Vec<Choice>, AggregateError> {
        let mut grid = Grid::new(self, slots)?;
        let lived = grid.lived(self)?;
        let (mut chosen, mut positions) = (Vec::new(), Vec::new());
        for row in self.rows(&mut grid, slots.keys)? {
            let known = row.slots.len() as u64;
            let of = lived.max(known.into());
            let position = (of * u128::from(p_e6)).div_ceil(1_000_000);
            // Silent slots are the smallest.
            let rank = position.saturating_sub(of - u128::from(known)) as u64;
            let largest = largest(row.slots, known + 1 - rank);
            let least = largest.iter().min_by_key(|it| it.value).copied().filter(|_| rank > 0);
            chosen.push(least.into_iter().collect());
            positions.push((position, of));
        }
        let all = choices(self.percentile(p_e6, slots)?, chosen, slots);
        let placed = all.into_iter().zip(positions);
        Ok(placed.map(|(it, position)| Choice { position: Some(position), ..it }).collect())
    }
}

fn choices(used: Vec<Used>, chosen: Vec<Vec<Slot>>, slots: Slots) -> Vec<Choice> {
    let value = |it: Slot| (it.from, measured(it.value, Unit::BitPerSecond));
    let choice = |(used, chosen): (Used, Vec<Slot>)| Choice {
        used,
        seconds: slots.seconds,
        position: None,
        slots: chosen.into_iter().map(value).collect(),
    };
    used.into_iter().zip(chosen).map(choice).collect()
}

/// The k largest, or all there are, in time order.
fn largest(mut slots: Vec<Slot>, k: u64) -> Vec<Slot> {
    slots.sort_by_key(|it| (Reverse(it.value), it.from));
    slots.truncate(usize::try_from(k).unwrap_or(usize::MAX));
    slots.sort_by_key(|it| it.from);
    slots
}

/// The nth largest slot of each day, or the smallest where there are fewer.
fn day_peaks(row: Row, nth: u64, grid: &mut Grid) -> Result<Vec<Slot>, AggregateError> {
    let mut days: BTreeMap<Timestamp, Vec<Slot>> = BTreeMap::new();
    for slot in row.slots {
        days.entry(grid.day(slot.from)?.from).or_default().push(slot);
    }
    let peak = |slots: Vec<Slot>| largest(slots, nth.max(1)).into_iter().min_by_key(|it| it.value);
    Ok(days.into_values().filter_map(peak).collect())
}
