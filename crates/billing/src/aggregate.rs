//! Aggregation: segments and samples become measured quantities, one per line.
//!
//! In:  the segments of one resource, what packs left of them, the samples of the cycle.
//! Out: `Used` rows: a component, its price, and what was measured.
//! Invariant: a segment is in one line of each component that is charged in its state.
//! Rules: R-NET-2, R-PRC-3, R-PRC-14. Examples: scenarios/data/aggregate/.

use crate::book::{Meter, Scope};
use crate::plan::{Configs, Part, Plan, Reads};
use crate::segment::Segment;
use crate::used::{AggregateError, PartRef, Sample, Used, same_price};
use units::{Cycle, CycleKind};

pub mod samples;

/// What is added up: components that settle in one kind of cycle, by resource or over the account.
#[derive(Clone, Copy, Debug)]
pub struct Aggregation<'a> {
    pub configs: &'a Configs,
    pub scope: Scope,
    kind: CycleKind,
    /// Seconds of the cycle.
    window: u64,
}

impl<'a> Aggregation<'a> {
    pub fn new(configs: &'a Configs, scope: Scope, cycle: &Cycle) -> Aggregation<'a> {
        Aggregation { configs, scope, kind: cycle.kind, window: cycle.seconds() }
    }

    /// The quantities of one resource, appended to `used`. `segments` are those of the resource, in time order.
    pub fn resource(
        &self,
        segments: &[Segment],
        samples: &[Sample],
        used: &mut Vec<Used>,
    ) -> Result<(), AggregateError> {
        let first = used.len();
        let mut sampled: Vec<usize> = Vec::new();
        for segment in segments {
            let plan = self.configs.get(segment.config).plan(segment.version)?;
            let own = plan.parts.iter().enumerate().filter(|it| it.1.settles(self.kind, self.scope));
            for (index, part) in own {
                match part.reads {
                    Reads::Samples if !samples.is_empty() => sampled.push(part.component),
                    Reads::Segments if part.billed_while.contains(segment.state) => {
                        let at = PartRef { config: segment.config, version: segment.version, part: index };
                        self.hold(&Held { at, plan, part, segment }, first, used)?;
                    }
                    Reads::Samples | Reads::Segments => {}
                }
            }
        }
        sampled.sort_unstable();
        sampled.dedup();
        for component in sampled {
            used.extend(samples::component(component, segments, samples, self.configs)?);
        }
        Ok(())
    }

    /// Adds a segment to the line that it belongs to, of those from `first` on, or as a line of its own.
    #[inline]
    fn hold(&self, held: &Held<'_>, first: usize, used: &mut Vec<Used>) -> Result<(), AggregateError> {
        let new = held.line(self.window);
        for line in &mut used[first..] {
            if held.is_of(line, self.configs)? && grow(line, &new, &held.plan.component(held.part).meter) {
                return Ok(());
            }
        }
        used.push(new);
        Ok(())
    }
}

/// A component that was held for a segment.
struct Held<'a> {
    at: PartRef,
    plan: &'a Plan,
    part: &'a Part,
    segment: &'a Segment,
}

impl Held<'_> {
    /// A line of its own.
    #[inline]
    fn line(&self, window: u64) -> Used {
        let measured = self.plan.held(self.part, self.segment.seconds(), window);
        let clock = matches!(self.plan.component(self.part).meter, Meter::Clock);
        let offset = if clock { self.segment.clock } else { 0 };
        Used { offset, ..Used::new(self.at, measured, self.segment.from, self.segment.to) }
    }

    /// Whether `line` is of the same component at the same price, and ended before.
    #[inline]
    fn is_of(&self, line: &Used, configs: &Configs) -> Result<bool, AggregateError> {
        let (one, other) = (line.at, self.at);
        // Two parts of one plan are two components.
        if one != other && (one.config, one.version) == (other.config, other.version) {
            return Ok(false);
        }
        let (plan, part) = one.resolve(configs)?;
        Ok(part.component == self.part.component
            && (one == other || same_price(plan.item(part), self.plan.item(self.part)))
            && line.to <= self.segment.from)
    }
}

/// Adds `new` to `line`, which is of the same component and price, if `meter` adds both up in one line.
#[inline]
fn grow(line: &mut Used, new: &Used, meter: &Meter) -> bool {
    match meter {
        Meter::HeldSum | Meter::HeldMean => line.measured.quantity += new.measured.quantity,
        Meter::Clock if u128::from(line.offset) + line.measured.quantity == new.offset.into() => {
            line.measured.quantity += new.measured.quantity;
        }
        Meter::HeldHighest => {
            line.measured.num += new.measured.num;
            if new.measured.quantity > line.measured.quantity {
                (line.measured.quantity, line.at) = (new.measured.quantity, new.at);
            }
        }
        Meter::Held if line.measured.quantity == new.measured.quantity => {
            line.measured.num += new.measured.num;
        }
        Meter::Clock
        | Meter::Held
        | Meter::Months
        | Meter::Once
        | Meter::Sum { .. }
        | Meter::Events { .. }
        | Meter::Attack { .. }
        | Meter::PeakAbove { .. }
        | Meter::VolumeAbove { .. }
        | Meter::Percentile { .. }
        | Meter::TopMean { .. }
        | Meter::DayPeaks { .. } => return false,
    }
    line.to = new.to;
    true
}
