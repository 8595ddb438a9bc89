//! Aggregation: segments and samples become measured quantities, one per line.
//!
//! In:  the segments of one resource, what packs left of them, the samples of the cycle.
//! Out: `Used` rows: a component, its price, and what was measured.
//! Invariant: a segment is in one line of each component that is charged in its state.
//! Rules: R-NET-2, R-PRC-3, R-PRC-14, R-PRC-18, R-PRC-23, R-TIM-9. Examples: scenarios/data/aggregate/.

use crate::book::{Meter, Scope};
use crate::meter::HeldBy;
use crate::plan::{Configs, Part, Plan, Reads};
use crate::segment::Segment;
use crate::sequence;
use crate::used::{AggregateError, PartRef, Sample, Used, Window, same_price};
use units::{Cycle, CycleKind, Measured};

pub mod samples;

/// What is added up: components that settle in one kind of cycle, by resource or over the account.
#[derive(Clone, Copy, Debug)]
pub struct Aggregation<'a> {
    pub configs: &'a Configs,
    pub scope: Scope,
    kind: CycleKind,
    window: Window<'a>,
}

impl<'a> Aggregation<'a> {
    pub fn new(configs: &'a Configs, scope: Scope, cycle: &Cycle) -> Aggregation<'a> {
        Aggregation { configs, scope, kind: cycle.kind, window: Window { configs, cycle: *cycle } }
    }

    /// The quantities of one resource, appended to `used`, each placed among the others of its component.
    ///
    /// `segments` are those of the resource, in time order.
    pub fn resource(
        &self,
        segments: &[Segment],
        samples: &[Sample],
        used: &mut Vec<Used>,
    ) -> Result<(), AggregateError> {
        if let [segment] = segments {
            return self.unchanged(segment, samples, used);
        }
        let first = used.len();
        self.held(segments, used)?;
        sequence::held(segments, used, first, self.configs)?;
        if samples.is_empty() {
            return Ok(());
        }
        for component in self.sampled_in(segments)? {
            used.extend(self.sampled_in_place(component, segments, samples)?);
        }
        Ok(())
    }

    /// The same for a resource of one segment, as most are: what it used of a component has no other part beside it.
    #[inline]
    fn unchanged(
        &self,
        segment: &Segment,
        samples: &[Sample],
        used: &mut Vec<Used>,
    ) -> Result<(), AggregateError> {
        let Segment { config, version, .. } = *segment;
        let plan = self.configs.get(config).plan(version)?;
        let charged = |it: &(usize, &Part)| {
            let is_charged = it.1.billed_while.contains(segment.state) || it.1.least_seconds > 0;
            is_charged && it.1.settles(self.kind, self.scope)
        };
        let mut any_sampled = false;
        for (part, it) in plan.parts.iter().enumerate().filter(charged) {
            if it.reads == Reads::Samples {
                any_sampled = true;
                continue;
            }
            let to = segment.charged_to(it);
            if segment.from < to {
                let held = Held { at: PartRef { config, version, part }, plan, part: it, segment, to };
                sequence::alone(held.line(self.window.cycle.seconds()), plan, it, used)?;
            }
        }
        if samples.is_empty() || !any_sampled {
            return Ok(());
        }
        for (part, it) in plan.parts.iter().enumerate().filter(charged) {
            if it.reads == Reads::Segments {
                continue;
            }
            let component = plan.component(it);
            if let Meter::Sum { usage } = &component.meter {
                if let Some((sum, from, to)) = samples::sum(segment, samples, usage) {
                    let at = PartRef { config, version, part };
                    let sum = Used::new(at, Measured::of(sum, component.quantity.unit), from, to);
                    sequence::alone(sum, plan, it, used)?;
                }
            } else {
                let own =
                    samples::component(&component.id, std::slice::from_ref(segment), samples, &self.window)?;
                used.extend(own);
            }
        }
        Ok(())
    }

    /// What one component counts of the samples, each part placed among the others.
    pub fn sampled_in_place(
        &self,
        component: &str,
        segments: &[Segment],
        samples: &[Sample],
    ) -> Result<Vec<Used>, AggregateError> {
        let parts = self.sampled(component, segments, samples)?;
        if self.adds_up(&parts)? { sequence::go_on(parts, self.configs) } else { Ok(parts) }
    }

    /// What was held, appended to `used`.
    pub fn held(&self, segments: &[Segment], used: &mut Vec<Used>) -> Result<(), AggregateError> {
        let first = used.len();
        for segment in segments.iter().filter(|it| it.from < it.to) {
            let plan = self.configs.get(segment.config).plan(segment.version)?;
            for (index, part) in plan.parts.iter().enumerate() {
                if part.reads != Reads::Segments || !part.settles(self.kind, self.scope) {
                    continue;
                }
                let to = segment.charged_to(part);
                if segment.from < to {
                    let at = PartRef { config: segment.config, version: segment.version, part: index };
                    self.hold(&Held { at, plan, part, segment, to }, first, used)?;
                }
            }
        }
        Ok(())
    }

    /// The components of the segments that read samples, by their ids, in the order of the product.
    pub fn sampled_in(&self, segments: &[Segment]) -> Result<Vec<&'a str>, AggregateError> {
        let mut sampled: Vec<&'a str> = Vec::new();
        for segment in segments {
            let plan = self.configs.get(segment.config).plan(segment.version)?;
            let own = plan.parts.iter().filter(|it| it.reads == Reads::Samples);
            for part in own.filter(|it| it.settles(self.kind, self.scope)) {
                let id = plan.component(part).id.as_str();
                if !sampled.contains(&id) {
                    sampled.push(id);
                }
            }
        }
        Ok(sampled)
    }

    /// What one component counts of the samples, in time order, where it is added up not yet placed.
    pub fn sampled(
        &self,
        component: &str,
        segments: &[Segment],
        samples: &[Sample],
    ) -> Result<Vec<Used>, AggregateError> {
        samples::component(component, segments, samples, &self.window)
    }

    /// The samples that one component charges, each by which part, in time order.
    pub fn charged<'s>(
        &self,
        component: &str,
        segments: &[Segment],
        samples: &'s [Sample],
    ) -> Result<Vec<(&'s Sample, PartRef)>, AggregateError> {
        samples::charged(component, segments, samples, &self.window)
    }

    /// Whether it adds up `part`.
    pub fn takes(&self, part: &Part) -> bool {
        part.settles(self.kind, self.scope)
    }

    /// Whether the parts go on from one to the next.
    fn adds_up(&self, parts: &[Used]) -> Result<bool, AggregateError> {
        let Some(first) = parts.first() else { return Ok(false) };
        let (plan, part) = first.at.resolve(self.configs)?;
        Ok(matches!(plan.component(part).meter, Meter::Sum { .. }))
    }

    /// Adds a segment to the line that it belongs to, of those from `first` on, or as a line of its own.
    #[inline]
    fn hold(&self, held: &Held<'_>, first: usize, used: &mut Vec<Used>) -> Result<(), AggregateError> {
        let new = held.line(self.window.cycle.seconds());
        let component = held.plan.component(held.part);
        for line in used[first..].iter_mut().rev() {
            if !held.is_component_of(line, self.configs)? {
                continue;
            }
            if held.is_priced_as(line, self.configs)? && grow(line, &new, &component.meter) {
                return Ok(());
            }
            if held.must_follow(line) {
                break;
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
    /// Up to when it is charged.
    to: i64,
}

impl Held<'_> {
    /// A line of its own.
    #[inline(always)]
    fn line(&self, window: u64) -> Used {
        let seconds = self.to.abs_diff(self.segment.from);
        let measured = self.plan.held(self.part, seconds, window);
        let new = Used::new(self.at, measured, self.segment.from, self.to);
        match self.plan.component(self.part).meter.held_by() {
            Some(HeldBy::Clock) => Used { offset: self.segment.clock, ..new },
            // The weight of the version, until all are known.
            Some(HeldBy::Mean) => Used { measured: measured.part(seconds, 1), ..new },
            Some(HeldBy::Rate | HeldBy::Sum | HeldBy::Highest) | None => new,
        }
    }

    /// Whether `line` is of the same component. Two parts of one plan are two components.
    #[inline]
    fn is_component_of(&self, line: &Used, configs: &Configs) -> Result<bool, AggregateError> {
        let (one, other) = (line.at, self.at);
        if (one.config, one.version) == (other.config, other.version) {
            return Ok(one == other);
        }
        let (plan, part) = one.resolve(configs)?;
        Ok(plan.component(part).id == self.plan.component(self.part).id)
    }

    /// Whether `line`, which is of the same component, has the same price.
    #[inline]
    fn is_priced_as(&self, line: &Used, configs: &Configs) -> Result<bool, AggregateError> {
        let (plan, part) = line.at.resolve(configs)?;
        Ok(line.at == self.at || same_price(plan.item(part), self.plan.item(self.part)))
    }

    /// Whether it has to stand after `line`, for what was used before changes what it costs.
    fn must_follow(&self, line: &Used) -> bool {
        let is_plain = self.plan.item(self.part).is_plain();
        match self.plan.component(self.part).meter.held_by() {
            Some(HeldBy::Sum) => !is_plain,
            Some(HeldBy::Rate) => !is_plain && line.measured.quantity == self.part.quantity,
            Some(HeldBy::Highest | HeldBy::Mean | HeldBy::Clock) | None => false,
        }
    }
}

/// Adds `new` to `line`, which is of the same component and price, if `meter` adds both up in one line.
#[inline]
fn grow(line: &mut Used, new: &Used, meter: &Meter) -> bool {
    match meter.held_by() {
        Some(HeldBy::Sum) => line.measured.quantity += new.measured.quantity,
        Some(HeldBy::Mean) => {
            line.measured.quantity += new.measured.quantity;
            line.measured.num += new.measured.num;
        }
        Some(HeldBy::Clock) if u128::from(line.offset) + line.measured.quantity == new.offset.into() => {
            line.measured.quantity += new.measured.quantity;
        }
        Some(HeldBy::Highest) => {
            line.measured.num += new.measured.num;
            if new.measured.quantity > line.measured.quantity {
                (line.measured.quantity, line.at) = (new.measured.quantity, new.at);
            }
        }
        Some(HeldBy::Rate) if line.measured.quantity == new.measured.quantity => {
            line.measured.num += new.measured.num;
        }
        Some(HeldBy::Clock | HeldBy::Rate) | None => return false,
    }
    line.to = new.to;
    true
}
