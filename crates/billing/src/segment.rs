//! Segments: whole-second spans in which state, options and prices of a resource stay the same.
//!
//! In:  how each meter stood when the cycle began, and the events of the cycle.
//! Out: segments `[from, to)`, and how each meter stands when the cycle ends.
//! Invariant: the segments of a resource tile the part of the cycle in which it lived; one of no length stands for what
//! began, or was there, and ended in one second. Where the first seconds of a life count whole, what of them lies in the bin
//! or behind the end is a segment too, that nothing else counts.
//! Rules: R-TIM-2, R-TIM-4, R-TIM-9, R-PRC-3, R-PRC-6, R-PRC-23, R-PRC-24, R-CHG-4.

use crate::book::Meter;
use crate::plan::{ConfigRef, Configs, Part, PlanError};
use crate::resource::State;
use units::{Cycle, ResourceId};

/// How a meter stands: since `since` in this state with these options. Carried from cycle to cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    pub resource: ResourceId,
    /// When the resource was delivered, in seconds: packs serve the oldest first. Source: R-PKG-11.
    pub created: i64,
    pub config: ConfigRef,
    pub state: State,
    pub since: i64,
    /// Seconds that the tier clock showed at `since`.
    pub clock: u64,
    /// Seconds that the month clock showed at `since`: those of its calendar month that a price counted that stops within the
    /// month. Source: R-PRC-24.
    pub month: u64,
}

/// From `at` (in seconds) on, the resource has this state and these options. It may lie before the cycle, where it was
/// written when that was closed: it counts from the begin of the cycle, and its tier clock from `at`. Source: R-TIM-11.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub resource: ResourceId,
    pub at: i64,
    pub state: State,
    pub config: ConfigRef,
}

/// A span in which nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    pub resource: ResourceId,
    pub created: i64,
    pub from: i64,
    pub to: i64,
    pub state: State,
    pub config: ConfigRef,
    /// Which price version of the configuration holds.
    pub version: usize,
    /// Seconds that the tier clock showed at `from`.
    pub clock: u64,
    /// Seconds that the month clock showed at `from`.
    pub month: u64,
}

impl Segment {
    pub fn seconds(&self) -> u64 {
        self.to.abs_diff(self.from)
    }

    /// Whether it was there in `second`: a second belongs to whatever touches it, also to what ended in it.
    ///
    /// Source: R-TIM-9.
    #[inline]
    pub const fn touches(&self, second: i64) -> bool {
        self.from <= second && second <= self.to
    }

    /// Whether it is a part of the life, outside of the bin.
    pub const fn is_lived(&self) -> bool {
        !self.state.is_over() && !matches!(self.state, State::Recycled)
    }

    /// Up to which second it is charged for `part`: to its end in a state that is charged, otherwise as far as the first
    /// seconds of the life go that count whole; no further than the month clock lets it. Where it is not charged, that is
    /// its begin.
    ///
    /// Source: R-PRC-23, R-PRC-24.
    #[inline]
    pub fn charged_to(&self, part: &Part) -> i64 {
        let charged = part.billed_while.contains(self.state);
        let to = if charged { self.to } else { self.first_to(part.least_seconds) };
        match part.month_seconds {
            None => to,
            Some(most) => to.min(self.from.saturating_add_unsigned(most.saturating_sub(self.month))),
        }
    }

    /// Up to which second it lies in the first `least` seconds of the life.
    fn first_to(&self, least: u64) -> i64 {
        if least == 0 {
            self.from
        } else {
            self.created.saturating_add_unsigned(least).clamp(self.from, self.to)
        }
    }
}

/// The segments of one account in `cycle`, and the openings of the next.
///
/// `openings` and `changes` are sorted by resource, changes then by time.
/// Errors: a configuration that has no plan.
pub fn segments(
    openings: &[Opening],
    changes: &[Change],
    cycle: Cycle,
    configs: &Configs,
) -> Result<(Vec<Segment>, Vec<Opening>), PlanError> {
    let mut walk = Walk {
        configs,
        start: cycle.from.as_second(),
        end: cycle.to.as_second(),
        month: (0, 0),
        segments: Vec::with_capacity(openings.len()),
        next: Vec::with_capacity(openings.len()),
    };
    let (mut open, mut change) = (0, 0);
    while open < openings.len() || change < changes.len() {
        let resource = match (openings.get(open), changes.get(change)) {
            (Some(one), Some(other)) => one.resource.min(other.resource),
            (Some(one), None) => one.resource,
            (None, Some(other)) => other.resource,
            (None, None) => break,
        };
        let opening = openings.get(open).filter(|it| it.resource == resource);
        open += usize::from(opening.is_some());
        let count = changes[change..].iter().take_while(|it| it.resource == resource).count();
        walk.resource(opening, &changes[change..change + count])?;
        change += count;
    }
    Ok((walk.segments, walk.next))
}

/// What the clocks of a meter show, in seconds.
#[derive(Clone, Copy, Debug, Default)]
struct Clocks {
    tier: u64,
    month: u64,
}

struct Walk<'a> {
    configs: &'a Configs,
    start: i64,
    end: i64,
    /// The calendar month that was asked for last, `[from, to)`.
    month: (i64, i64),
    segments: Vec<Segment>,
    next: Vec<Opening>,
}

impl Walk<'_> {
    fn resource(&mut self, opening: Option<&Opening>, changes: &[Change]) -> Result<(), PlanError> {
        let mut now: Option<Opening> = opening.copied();
        for change in changes {
            let (created, clocks) = match now {
                Some(before) => {
                    let mut clocks = self.span(before, change.at)?;
                    self.rest(&before, change, clocks);
                    if self.resets(before.config, change.config) {
                        clocks.tier = 0;
                    }
                    (before.created, clocks)
                }
                None => (change.at, Clocks::default()),
            };
            let Change { resource, at, state, config } = *change;
            let Clocks { tier: clock, month } = clocks;
            now = Some(Opening { resource, created, config, state, since: at, clock, month });
        }
        let Some(last) = now else { return Ok(()) };
        self.span(last, self.end)?;
        if !last.state.is_over() {
            // An unchanged meter is carried as it was, so that its row need not be written again.
            self.next.push(last);
        }
        Ok(())
    }

    /// Seconds that the tier clock of a meter shows when the cycle begins, or at `to` before that.
    fn wound(&self, meter: &Opening, to: i64) -> Result<u64, PlanError> {
        let end = to.min(self.start);
        if meter.since >= end {
            return Ok(meter.clock);
        }
        let config = self.configs.get(meter.config);
        let runs = config.plan(config.version(self.start))?.clock_runs.contains(meter.state);
        Ok(meter.clock + if runs { end.abs_diff(meter.since) } else { 0 })
    }

    /// What the month clock of a meter shows at `at`, which is not before it began to stand so; 0 where a month begins.
    ///
    /// Source: R-PRC-24.
    fn month_at(&mut self, meter: &Opening, at: i64) -> u64 {
        let (begin, _) = self.month_of(at);
        let config = self.configs.get(meter.config);
        let (mut from, mut shown) = (meter.since.max(begin), 0);
        if meter.since > begin {
            shown = meter.month;
        }
        while from < at {
            let version = config.version(from);
            let cut = config.versions.get(version + 1).map_or(at, |next| next.0.min(at));
            if config.plan(version).is_ok_and(|it| it.month_runs.contains(meter.state)) {
                shown += cut.abs_diff(from);
            }
            from = cut;
        }
        shown
    }

    /// The calendar month of `second`, `[from, to)`.
    fn month_of(&mut self, second: i64) -> (i64, i64) {
        if !(self.month.0..self.month.1).contains(&second) {
            self.month = self.configs.month(second);
        }
        self.month
    }

    /// Adds what of the cycle lies from `meter.since` to `to`, cut where prices change. Returns the clocks at `to`.
    ///
    /// What began and ended in one second of the cycle is a segment of no length: readings of that second still belong
    /// to it. Source: R-TIM-9.
    fn span(&mut self, meter: Opening, to: i64) -> Result<Clocks, PlanError> {
        let Opening { resource, created, config: at, state, .. } = meter;
        let (mut from, mut clock) = (meter.since.max(self.start), self.wound(&meter, to)?);
        let config = self.configs.get(at);
        // Mostly nothing looks at the month.
        let by_month = config.stops_in_month || meter.month > 0;
        let month_then = if by_month { self.month_at(&meter, to) } else { 0 };
        if to < self.start || state.is_over() || matches!(state, State::Pending) {
            return Ok(Clocks { tier: clock, month: month_then });
        }
        let mut to = to;
        if matches!(state, State::Recycled) {
            to = to.min(self.whole_until(&meter, from));
            if to <= from {
                return Ok(Clocks { tier: clock, month: month_then });
            }
        }
        let mut month = if by_month { self.month_at(&meter, from) } else { 0 };
        if from == to {
            let version = config.version(from);
            let config = at;
            self.segments.push(Segment { resource, created, from, to, state, config, version, clock, month });
        }
        while from < to {
            let version = config.version(from);
            let mut cut = config.versions.get(version + 1).map_or(to, |next| next.0.min(to));
            if by_month {
                let (begin, end) = self.month_of(from);
                cut = cut.min(end);
                if from == begin {
                    month = 0;
                }
            }
            let plan = config.plan(version)?;
            let segment =
                Segment { resource, created, from, to: cut, state, config: at, version, clock, month };
            if plan.clock_runs.contains(state) {
                clock += segment.seconds();
            }
            if plan.month_runs.contains(state) {
                month += segment.seconds();
            }
            self.segments.push(segment);
            from = cut;
        }
        Ok(Clocks { tier: clock, month: month_then })
    }

    /// Until when the first seconds of a life count whole, by the prices of `second`: its begin where they do not.
    fn whole_until(&self, meter: &Opening, second: i64) -> i64 {
        let config = self.configs.get(meter.config);
        let least = config.plan(config.version(second)).map_or(0, |it| it.least_seconds);
        meter.created.saturating_add_unsigned(least)
    }

    /// What ended before the first seconds of its life were over: the rest of them is charged with its end. What ended in a
    /// cycle that is closed is rated once more there, rest and all. Source: R-PRC-23, R-TIM-11.
    fn rest(&mut self, last: &Opening, end: &Change, clocks: Clocks) {
        if !end.state.is_over() || last.state == State::Pending || end.at < self.start {
            return;
        }
        let Opening { resource, created, config, .. } = *last;
        let Clocks { tier: clock, month } = clocks;
        let (from, to) = (end.at, self.whole_until(last, end.at));
        if from < to {
            let version = self.configs.get(config).version(from);
            self.segments.push(Segment {
                resource,
                created,
                from,
                to,
                state: end.state,
                config,
                version,
                clock,
                month,
            });
        }
    }

    /// A change of what the tier clock counts starts it anew. Source: R-PRC-3.
    fn resets(&self, before: ConfigRef, after: ConfigRef) -> bool {
        if before == after {
            return false;
        }
        let key = |at: ConfigRef| {
            let config = self.configs.get(at);
            let plan = config.versions.last().and_then(|it| it.1.as_ref().ok())?;
            plan.parts
                .iter()
                .find(|it| matches!(plan.component(it).meter, Meter::Clock))
                .map(|it| plan.item(it).key.clone())
        };
        key(before) != key(after)
    }
}

#[cfg(test)]
mod tests;
