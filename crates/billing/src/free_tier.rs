//! Free tiers: what an account uses of a month without paying, shared by all components that name the tier.
//!
//! In:  segments and samples of a month. Out: the same less what is free, taken in time order as packs take.
//! Invariant: a tier gives no more than it has, and only of what is charged. Nothing of it is kept: a month that is rated once more
//! shares it out anew.
//! Rules: R-PRC-25, R-PKG-11.

use crate::aggregate::Aggregation;
use crate::book::FreeTier;
use crate::charge::samples_of;
use crate::cover::{self, Demand, Supply};
use crate::plan::Reads;
use crate::segment::Segment;
use crate::used::{AggregateError, Sample, Used};
use std::collections::BTreeMap;
use units::{Measured, PackId, ResourceId, Timestamp};

/// What free tiers take of a month.
pub struct Freed<'a> {
    aggregation: Aggregation<'a>,
    /// Units of what was held, by segment and part.
    held: BTreeMap<(usize, usize), u64>,
    /// What is left of all samples that a component of a resource charges, where a tier takes any.
    rest: BTreeMap<(ResourceId, &'a str), Vec<Sample>>,
}

/// What a tier is asked for.
enum Wanted<'a> {
    /// A segment and a part of it.
    Held(usize, usize),
    /// A sample that a component of a resource charges, by its place among those.
    Read(ResourceId, &'a str, usize),
}

/// One tier, and all that asks for it.
struct Tier<'a> {
    /// When it is asked for first, and how much it has by the price that held then.
    first: i64,
    units: u64,
    wanted: Vec<Wanted<'a>>,
    demands: Vec<Demand>,
}

type Tiers<'a> = BTreeMap<&'a str, Tier<'a>>;

/// Notes that `demand` asks for a tier.
fn ask<'a>(tiers: &mut Tiers<'a>, tier: &'a FreeTier, demand: Demand, wanted: Wanted<'a>) {
    let none = || Tier { first: i64::MAX, units: 0, wanted: Vec::new(), demands: Vec::new() };
    let asked = tiers.entry(tier.name.as_str()).or_insert_with(none);
    if demand.from < asked.first {
        (asked.first, asked.units) = (demand.from, tier.units);
    }
    asked.demands.push(demand);
    asked.wanted.push(wanted);
}

impl<'a> Freed<'a> {
    /// What tiers take of `segments` and `samples`, both sorted by resource.
    ///
    /// Errors: a configuration without a plan, or a quantity that is too large.
    pub fn of(
        aggregation: Aggregation<'a>,
        segments: &[Segment],
        samples: &[Sample],
    ) -> Result<Freed<'a>, AggregateError> {
        let mut freed = Freed { aggregation, held: BTreeMap::new(), rest: BTreeMap::new() };
        // Mostly no book knows any.
        if !aggregation.configs.any_free_tier() {
            return Ok(freed);
        }
        let (mut tiers, mut index, mut samples) = (Tiers::new(), 0, samples);
        for own in segments.chunk_by(|one, other| one.resource == other.resource) {
            let own_samples = samples_of(own[0].resource, &mut samples);
            for (at, segment) in own.iter().enumerate() {
                freed.hold(segment, index + at, &mut tiers)?;
            }
            if !own_samples.is_empty() {
                freed.read(own, own_samples, &mut tiers)?;
            }
            index += own.len();
        }
        tiers.into_iter().for_each(|(name, tier)| freed.take(name, &tier));
        Ok(freed)
    }

    /// What is held in a segment asks for its tiers.
    fn hold(&self, segment: &Segment, index: usize, tiers: &mut Tiers<'a>) -> Result<(), AggregateError> {
        let configs = self.aggregation.configs;
        let plan = configs.get(segment.config).plan(segment.version)?;
        for (number, part) in plan.parts.iter().enumerate() {
            let Some(tier) = &part.free_tier else { continue };
            let to = segment.charged_to(part);
            if part.reads != Reads::Segments || !self.aggregation.takes(part) || segment.from >= to {
                continue;
            }
            let too_large = |_| AggregateError::Overflow(plan.component(part).id.clone());
            let rate = u64::try_from(part.quantity).map_err(too_large)?;
            let Segment { created, resource, from, .. } = *segment;
            let demand = Demand { created, resource, from, to, rate };
            ask(tiers, tier, demand, Wanted::Held(index, number));
        }
        Ok(())
    }

    /// What a resource reported asks for the tiers of the components that charge it.
    fn read(
        &mut self,
        own: &[Segment],
        samples: &[Sample],
        tiers: &mut Tiers<'a>,
    ) -> Result<(), AggregateError> {
        let (aggregation, Segment { resource, created, .. }) = (self.aggregation, own[0]);
        for component in aggregation.sampled_in(own)? {
            let (mut rest, mut any) = (Vec::new(), false);
            for (at, (sample, part)) in aggregation.charged(component, own, samples)?.into_iter().enumerate()
            {
                rest.push(sample.clone());
                let (_, part) = part.resolve(aggregation.configs)?;
                let Some(tier) = &part.free_tier else { continue };
                any = true;
                let (from, to) = (sample.at, sample.at.saturating_add(1));
                // More than all of it is not to be had.
                let rate = sample.quantity.min(tier.units);
                let demand = Demand { created, resource, from, to, rate };
                ask(tiers, tier, demand, Wanted::Read(resource, component, at));
            }
            if any {
                self.rest.insert((resource, component), rest);
            }
        }
        Ok(())
    }

    /// Shares a tier out in time order; within a second the oldest resource is served first, also in part. Source: R-PKG-11.
    fn take(&mut self, name: &str, tier: &Tier<'a>) {
        let supply = Supply {
            id: PackId::named(Timestamp::UNIX_EPOCH, name),
            capacity: tier.units,
            left: tier.units,
            effective: tier.first,
            from: tier.first,
            expires: i64::MAX,
            bought: tier.first,
            marks: Vec::new(),
        };
        let found = cover::cover(&tier.demands, std::slice::from_ref(&supply));
        for (wanted, units) in tier.wanted.iter().zip(found.covered) {
            match wanted {
                Wanted::Held(segment, part) => {
                    self.held.insert((*segment, *part), units);
                }
                Wanted::Read(resource, component, at) => {
                    let rest = self.rest.get_mut(&(*resource, *component));
                    if let Some(sample) = rest.and_then(|it| it.get_mut(*at)) {
                        sample.quantity = sample.quantity.saturating_sub(units);
                    }
                }
            }
        }
    }

    /// What is left to pay of what was held in a segment, by its place among all.
    ///
    /// Errors: `Covered`.
    pub fn held(&self, used: &Used, segment: usize) -> Result<Used, AggregateError> {
        let free = self.held.get(&(segment, used.at.part)).copied().unwrap_or(0);
        let rest = used.measured.quantity.checked_sub(free.into()).ok_or(AggregateError::Covered)?;
        Ok(Used { measured: Measured { quantity: rest, ..used.measured }, free, ..*used })
    }

    /// What one component counts of the samples of a resource, as `Aggregation::sampled` does, less what is free.
    ///
    /// Errors: as that, and `Covered`.
    pub fn sampled(
        &self,
        component: &'a str,
        own: &[Segment],
        samples: &[Sample],
    ) -> Result<Vec<Used>, AggregateError> {
        let all = self.aggregation.sampled(component, own, samples)?;
        let Some(rest) = self.rest.get(&(own[0].resource, component)) else { return Ok(all) };
        let rest = self.aggregation.sampled(component, own, rest)?;
        // The same samples make the same rows.
        let less = |(all, rest): (&Used, Used)| {
            let free = all.measured.quantity.checked_sub(rest.measured.quantity);
            let free = free.and_then(|it| u64::try_from(it).ok()).ok_or(AggregateError::Covered)?;
            Ok(Used { free, ..rest })
        };
        all.iter().zip(rest).map(less).collect()
    }
}

#[cfg(test)]
mod tests;
