//! Walking through the month of one account, cycle by cycle, by the books before and after.
//!
//! In:  how its meters lived, its readings, its terms, what packs took. Out: what it comes to on both sides.
//! Invariant: segments, quantities and lines are those of settlement. A cycle in which nothing changes is rated once for all
//! that follow it and are like it: as long, by the same prices and terms, in the same tiers of the clock. What packs took stays
//! taken. Source: R-PKG-13, R-SET-5.

use super::figures::{Costs, Kept, Sides};
use super::month::{Cycles, Month};
use super::pair::Pair;
use crate::aggregate::Aggregation;
use crate::book::{Meter, Scope};
use crate::charge::{Charging, samples_of};
use crate::history;
use crate::pack::Pack;
use crate::plan::{ConfigRef, Configs, Plan};
use crate::price::{PriceItem, Pricing};
use crate::rate::{self, Terms};
use crate::run::{AccountCycle, Billed, Recount, Run};
use crate::segment::{self, Change, Opening, Segment};
use crate::used::{AggregateError, Sample};
use crate::wallet::Wallet;
use std::collections::{HashMap, VecDeque};
use units::{AccountId, Currency, Cycle, CycleKind, ResourceId, Timestamp};

/// What was agreed with an account, over time.
#[derive(Clone, Debug)]
pub struct Agreed {
    /// Where nothing else is noted.
    pub terms: Terms,
    /// From when on something else was agreed, in order.
    pub changes: Vec<(Timestamp, Terms)>,
}

impl Agreed {
    /// What held when a cycle closed that ended at `to`: what was agreed just before.
    fn before(&self, to: Timestamp) -> Terms {
        let known = self.changes.partition_point(|it| it.0 < to);
        known.checked_sub(1).map_or(self.terms, |at| self.changes[at].1)
    }

    /// When something else is agreed than what holds before `to`.
    fn next_change(&self, to: Timestamp) -> Option<i64> {
        self.changes.get(self.changes.partition_point(|it| it.0 < to)).map(|it| it.0.as_second())
    }
}

/// One account and month.
#[derive(Clone, Debug)]
pub struct AccountMonth {
    pub account: AccountId,
    pub name: String,
    pub currency: Currency,
    pub agreed: Agreed,
    /// What changed from birth on to the end of the month, sorted by resource and time, as the books that held resolve it.
    pub life: Vec<Change>,
    /// The readings of the month, sorted by resource and time.
    pub samples: Vec<Sample>,
    /// What packs took of sums in the month.
    pub taken: Vec<Billed>,
    /// Those packs; what is left of each is what the month took of it.
    pub packs: Vec<Pack>,
    /// Whether a cycle of the month is not settled yet.
    pub unsettled: bool,
}

/// What an account comes to by both books. `pairs` has every configuration of its life.
///
/// Errors: `Unsettled`, since what packs took is not known yet; what settlement would set it aside for.
pub fn account<'c>(
    read: &AccountMonth,
    pairs: &HashMap<ConfigRef, Pair>,
    configs: &'c Configs,
    month: &Month,
) -> Result<Costs<'c>, AggregateError> {
    if read.unsettled {
        return Err(AggregateError::Unsettled);
    }
    let of = Of { read, pairs, configs, month };
    let mut costs = Costs::default();
    let mut samples = read.samples.as_slice();
    for own in read.life.chunk_by(|one, other| one.resource == other.resource) {
        let own_samples = samples_of(own[0].resource, &mut samples);
        if of.is_there(own) {
            of.resource(own, own_samples, &mut costs)?;
        }
    }
    for kind in CycleKind::ALL {
        of.sums(kind, &mut costs)?;
    }
    Ok(costs)
}

#[derive(Clone, Copy)]
struct Of<'r, 'c> {
    read: &'r AccountMonth,
    pairs: &'r HashMap<ConfigRef, Pair>,
    configs: &'c Configs,
    month: &'r Month,
}

impl<'c> Of<'_, 'c> {
    /// Whether a resource did not end before the month.
    fn is_there(&self, own: &[Change]) -> bool {
        let from = self.month.cycle.from.as_second();
        own.last().is_some_and(|it| !it.state.is_over() || it.at >= from)
    }

    fn pair(&self, change: &Change) -> &Pair {
        &self.pairs[&change.config]
    }

    /// A resource by itself.
    fn resource(
        &self,
        own: &[Change],
        samples: &[Sample],
        costs: &mut Costs<'c>,
    ) -> Result<(), AggregateError> {
        let resource = own[0].resource;
        let mut alone = Sides::default();
        for kind in CycleKind::ALL {
            if own.iter().any(|it| self.pair(it).settles(kind, Scope::Resource)) {
                let walk = Walk { of: *self, kind, resource: Some(resource) };
                alone.add(walk.run(own, samples, costs).map_err(|it| it.of(resource))?);
            }
        }
        if let Some((config, why)) = self.kept(own) {
            let config = self.configs.get(config);
            let kept = Kept { resources: 1, before_e8: alone.before_e8, example: config.options.to_string() };
            costs.kept.entry((&config.product, why)).or_default().add(&kept);
        }
        Ok(())
    }

    /// The first of what a resource was in the month that keeps its price, and why.
    fn kept(&self, own: &[Change]) -> Option<(ConfigRef, String)> {
        let from = self.month.cycle.from.as_second();
        let lasts = |at: usize| own.get(at + 1).is_none_or(|next| next.at > from);
        let mut held = own.iter().enumerate().filter(|it| lasts(it.0) && !it.1.state.is_over());
        held.find_map(|it| Some((it.1.config, self.pair(it.1).kept.clone()?)))
    }

    /// What all resources add up to over the account.
    fn sums(&self, kind: CycleKind, costs: &mut Costs<'c>) -> Result<(), AggregateError> {
        let chunks = self.read.life.chunk_by(|one, other| one.resource == other.resource);
        let adds = |own: &&[Change]| {
            self.is_there(own) && own.iter().any(|it| self.pair(it).settles(kind, Scope::Account))
        };
        let life: Vec<Change> = chunks.filter(adds).flatten().copied().collect();
        if life.is_empty() {
            return Ok(());
        }
        Walk { of: *self, kind, resource: None }.run(&life, &self.read.samples, costs).map(drop)
    }
}

/// One resource, or the sums over the account, in the cycles of one kind.
struct Walk<'r, 'c> {
    of: Of<'r, 'c>,
    kind: CycleKind,
    /// `None`: the sums over the account.
    resource: Option<ResourceId>,
}

/// What one side knows of a cycle: how meters stand when it begins, and the changes of later ones.
struct Side {
    openings: Vec<Opening>,
    /// Each with the cycle that it falls into, in the order of cycles.
    changes: VecDeque<(usize, Change)>,
}

/// Those of a cycle, off the front.
fn taken<T>(all: &mut VecDeque<(usize, T)>, cycle: usize) -> Vec<T> {
    let count = all.iter().take_while(|it| it.0 == cycle).count();
    all.drain(..count).map(|it| it.1).collect()
}

/// Each with the cycle of its second, in the order of cycles; within one as they were.
fn by_cycle<T>(
    cycles: &Cycles,
    all: impl Iterator<Item = T>,
    at: impl Fn(&T) -> i64,
) -> VecDeque<(usize, T)> {
    let mut found: Vec<(usize, T)> = all.map(|it| (cycles.ended_by(at(&it)), it)).collect();
    found.sort_by_key(|it| it.0);
    found.into()
}

/// A cycle: which, and how its readings and terms stand.
struct InCycle {
    at: usize,
    recount: Recount,
}

impl<'c> Walk<'_, 'c> {
    fn cycles(&self) -> &Cycles {
        self.of.month.cycles(self.kind)
    }

    /// Adds what it comes to, product by product, and gives the sum.
    fn run(
        &self,
        life: &[Change],
        samples: &[Sample],
        costs: &mut Costs<'c>,
    ) -> Result<Sides, AggregateError> {
        let by = |config: fn(&Pair) -> ConfigRef| -> Vec<Change> {
            life.iter().map(|it| Change { config: config(self.of.pair(it)), ..*it }).collect()
        };
        let (before, after) = (by(|it| it.before), by(|it| it.after));
        // Where both charge by the same configurations, they are rated once.
        let mut sides = vec![self.side(&before)?];
        if before != after {
            sides.push(self.side(&after)?);
        }
        let cycles = self.cycles();
        let mut samples = by_cycle(cycles, samples.iter(), |it| it.at);
        let (mut at, mut sum) = (0, Sides::default());
        while at < cycles.all.len() {
            let mut own = self.in_cycle(at);
            own.recount.samples = taken(&mut samples, at).into_iter().cloned().collect();
            let next = samples.front().map_or(cycles.all.len(), |it| it.0);
            let (until, found) = self.step(&mut sides, &own, next)?;
            for (product, component, sides) in found {
                let times = |e8: i128| e8 * (until - at) as i128;
                let sides = Sides { before_e8: times(sides.before_e8), after_e8: times(sides.after_e8) };
                costs.by.entry((product, component)).or_default().add(sides);
                sum.add(sides);
            }
            at = until;
        }
        Ok(sum)
    }

    fn side(&self, life: &[Change]) -> Result<Side, AggregateError> {
        let (openings, changes) = history::meters(life, self.of.month.cycle.from, self.of.configs)?;
        Ok(Side { openings, changes: by_cycle(self.cycles(), changes.into_iter(), |it| it.at) })
    }

    fn in_cycle(&self, at: usize) -> InCycle {
        let original = self.cycles().all[at];
        // Packs serve the sums of months. Source: R-PKG-6.
        let has_packs = self.resource.is_none() && self.kind == CycleKind::Month;
        let recount = Recount {
            original,
            resource: self.resource,
            terms: self.of.read.agreed.before(original.to),
            life: Vec::new(),
            samples: Vec::new(),
            billed: if has_packs { self.of.read.taken.clone() } else { Vec::new() },
            packs: if has_packs { self.of.read.packs.clone() } else { Vec::new() },
        };
        InCycle { at, recount }
    }

    /// Rates a cycle on both sides, and says before which one something is other than in it; `next` is the one with the next
    /// readings.
    fn step(
        &self,
        sides: &mut [Side],
        own: &InCycle,
        next: usize,
    ) -> Result<(usize, Found<'c>), AggregateError> {
        let InCycle { at, recount } = own;
        let mut until = if recount.samples.is_empty() { next.min(self.agreed_to(*at)) } else { at + 1 };
        let mut found = Found::new();
        let is_one = sides.len() == 1;
        for (number, side) in sides.iter_mut().enumerate() {
            let changes = taken(&mut side.changes, *at);
            let (segments, openings) =
                segment::segments(&side.openings, &changes, recount.original, self.of.configs)?;
            side.openings = openings;
            let quiet = if changes.is_empty() { self.alike_to(*at, &segments)? } else { at + 1 };
            until = until.min(quiet).min(side.changes.front().map_or(usize::MAX, |it| it.0));
            for (product, component, cost_e8) in self.rated(&segments, recount)? {
                let e8 = |counts: bool| if counts { i128::from(cost_e8) } else { 0 };
                let cost = Sides { before_e8: e8(number == 0), after_e8: e8(is_one || number == 1) };
                found.push((product, component, cost));
            }
        }
        Ok((until.max(at + 1), found))
    }

    /// Up to which cycle they are as long as this one and the same is agreed.
    fn agreed_to(&self, at: usize) -> usize {
        let cycles = self.cycles();
        let next = self.of.read.agreed.next_change(cycles.all[at].to);
        next.map_or(usize::MAX, |it| cycles.ended_by(it)).min(cycles.alike_to[at])
    }

    /// Up to which cycle the same segments stand at the same prices.
    fn alike_to(&self, at: usize, segments: &[Segment]) -> Result<usize, AggregateError> {
        let cycles = self.cycles();
        let Cycle { from, to, .. } = cycles.all[at];
        let mut until = cycles.all.len();
        for it in segments {
            if (it.from, it.to) != (from.as_second(), to.as_second()) {
                return Ok(at + 1);
            }
            let config = self.of.configs.get(it.config);
            if let Some((next, _)) = config.versions.get(it.version + 1) {
                until = until.min(cycles.ended_by(*next));
            }
            let plan = config.plan(it.version)?;
            // A month clock counts on.
            if !plan.month_runs.is_empty() {
                return Ok(at + 1);
            }
            // What counts whole in the first seconds of a life does not go on.
            if plan.least_seconds > 0 && it.from < it.created.saturating_add_unsigned(plan.least_seconds) {
                return Ok(at + 1);
            }
            if self.resource.is_some() && plan.clock_runs.contains(it.state) {
                until = until.min(at + self.in_tiers(plan, it));
            }
        }
        Ok(until)
    }

    /// For how many cycles the tier clock stays between the same edges, this one counted.
    fn in_tiers(&self, plan: &Plan, it: &Segment) -> usize {
        let parts = plan.parts.iter().filter(|part| part.settles(self.kind, Scope::Resource));
        let clocked = parts.filter(|part| matches!(plan.component(part).meter, Meter::Clock));
        let stays = clocked.map(|part| {
            // As far as one cycle reaches, and one unit more: an edge belongs to either side of it.
            // What is started counts whole, and reaches further.
            let started = plan.item(part).started.unwrap_or(0);
            let reach = part.quantity.saturating_mul(it.seconds().into()).max(it.seconds().into());
            let reach = reach.saturating_add(started);
            let clock = u128::from(it.clock);
            let next = edges(plan.item(part)).filter(|edge| *edge >= clock).min();
            let Some(next) = next else { return u128::MAX };
            (next - clock)
                .checked_sub(reach.saturating_add(1))
                .map_or(1, |left| left / u128::from(it.seconds().max(1)) + 1)
        });
        usize::try_from(stays.min().unwrap_or(u128::MAX)).unwrap_or(usize::MAX / 2)
    }

    /// What the components of a cycle cost.
    fn rated(
        &self,
        segments: &[Segment],
        recount: &Recount,
    ) -> Result<Vec<(&'c str, &'c str, i64)>, AggregateError> {
        let configs = self.of.configs;
        if segments.is_empty() {
            return Ok(Vec::new());
        }
        if self.resource.is_none() {
            return self.rated_sums(segments, recount);
        }
        let mut used = Vec::new();
        Aggregation::new(configs, Scope::Resource, &recount.original).resource(
            segments,
            &recount.samples,
            &mut used,
        )?;
        let lines = rate::lines(&used, configs, recount.terms)?;
        let cost = |(it, line): (&crate::used::Used, &crate::bill::Line<'c>)| {
            let (plan, part) = it.at.resolve(configs)?;
            Ok((plan.product().id.as_str(), plan.component(part).id.as_str(), line.cost_e8))
        };
        used.iter().zip(&lines).map(cost).collect()
    }

    fn rated_sums(
        &self,
        segments: &[Segment],
        recount: &Recount,
    ) -> Result<Vec<(&'c str, &'c str, i64)>, AggregateError> {
        let cycle = recount.original;
        let wallet = Wallet::empty(self.of.read.account, self.of.read.currency);
        let read = AccountCycle::new(wallet, recount.terms);
        let run = Run { cycle, posted: cycle.to, watermark: cycle.to };
        let charging = Charging { read: &read, configs: self.of.configs, run };
        charging.costs_of_sums(recount, segments)
    }
}

/// What components of a cycle cost, on both sides.
type Found<'c> = Vec<(&'c str, &'c str, Sides)>;

/// Where the price of what follows another use may change.
fn edges(item: &PriceItem) -> impl Iterator<Item = u128> + '_ {
    let tiers = match &item.pricing {
        Pricing::Graduated(tiers) | Pricing::Volume(tiers) => tiers.tiers.as_slice(),
        Pricing::PerUnit(_) | Pricing::Package { .. } | Pricing::Percentage(_) | Pricing::Band(_) => &[],
    };
    let own = tiers.iter().flat_map(|it| [it.above, it.above.saturating_add(item.free)]);
    own.chain([0, item.free])
}

#[cfg(test)]
mod tests;
