//! What one kind of cycle takes, close after close, if all that runs goes on as it is.
//!
//! In:  meters as the next settlement finds them, and what changes later. Out: what each cycle comes to when it closes.
//! Invariant: the settlement itself charges. What a whole cycle of a resource costs is taken again as long as it must be the
//! same: while it does not change, no edge of its tiers is crossed, and its prices hold.
//! Rules: R-SET-1 to R-SET-6, R-PRC-3, R-MON-4.

use super::steady;
use crate::bill::Bill;
use crate::pack::Pack;
use crate::plan::{ConfigRef, Configs};
use crate::resource::State;
use crate::run::{AccountCycle, ProductSum, Run};
use crate::segment::{Change, Opening};
use crate::settle::{self, Charged};
use crate::used::{AggregateError, Sample};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::Arc;
use units::{Calendar, Cycle, CycleKind, ResourceId, Timestamp};

/// One kind of cycle of an account as it stands.
#[derive(Clone, Debug)]
pub struct Meters {
    pub kind: CycleKind,
    /// The begin of the oldest cycle that is not settled.
    pub from: Timestamp,
    /// How meters stood then, with what else a run reads; without changes and samples.
    pub read: AccountCycle,
    /// What changed since.
    pub changes: Vec<Change>,
    pub samples: Vec<Sample>,
    pub configs: Configs,
}

/// What a cycle took, or several: of each product the exact sum of its bills and what was deducted.
#[derive(Clone, Debug, Default)]
pub(super) struct Taken {
    pub minor: i128,
    pub products: BTreeMap<String, (i128, i128)>,
}

impl Taken {
    fn add(&mut self, product: &str, cost: Cost) {
        self.minor += i128::from(cost.minor);
        let sums = match self.products.get_mut(product) {
            Some(sums) => sums,
            None => self.products.entry(product.to_string()).or_default(),
        };
        sums.0 += i128::from(cost.e8);
        sums.1 += i128::from(cost.minor);
    }

    fn less(&mut self, product: &str, cost: Cost) {
        self.add(product, Cost { e8: -cost.e8, minor: -cost.minor });
    }

    /// The same so many times.
    pub fn times(&self, count: u64) -> Taken {
        let by = i128::from(count);
        let products = self.products.iter().map(|(name, it)| (name.clone(), (it.0 * by, it.1 * by)));
        Taken { minor: self.minor * by, products: products.collect() }
    }
}

/// What a whole cycle of one resource costs.
#[derive(Clone, Copy, Debug)]
struct Cost {
    /// Without what rounding left for the next bill.
    e8: i64,
    minor: i64,
}

/// A kind of cycle, on its way.
#[derive(Clone, Debug)]
pub(super) struct Track {
    meters: Meters,
    /// The next one to close.
    pub cycle: Cycle,
    is_first: bool,
    /// How many closed.
    closed: u64,
    /// Which configuration a resource has.
    config: FxHashMap<ResourceId, ConfigRef>,
    /// What a whole cycle costs of those of which that is known, and together.
    costs: FxHashMap<ResourceId, (Arc<str>, Cost)>,
    steady: Taken,
    /// Of which it is not known, sorted.
    unknown: Vec<ResourceId>,
    /// Which cross an edge of their tiers in a cycle, by its number.
    crossings: BTreeMap<u64, Vec<ResourceId>>,
    /// Bills depend on each other, or months are not alike: every cycle is charged whole.
    is_whole: bool,
    /// How long a usual cycle is.
    seconds: u64,
    /// How many resources were charged so far, each for a cycle: the work that this was.
    pub charged: u64,
    /// When prices change next.
    cut: i64,
}

impl Track {
    pub fn new(meters: Meters, calendar: &Calendar, now: Timestamp) -> Result<Track, AggregateError> {
        let cycle = calendar.cycle(meters.kind, meters.from)?;
        let mut config: FxHashMap<ResourceId, ConfigRef> =
            meters.read.openings.iter().map(|it| (it.resource, it.config)).collect();
        config.extend(meters.changes.iter().map(|it| (it.resource, it.config)));
        let sums = |at: &ConfigRef| {
            let plans = meters.configs.get(*at).versions.iter().filter_map(|it| it.1.as_ref().ok());
            plans.into_iter().any(|it| it.sums_up(meters.kind))
        };
        let is_whole = meters.kind == CycleKind::Month
            || meters.configs.any_carries()
            || !meters.read.carries.is_empty()
            || config.values().any(sums);
        let seconds = calendar.next(&calendar.cycle(meters.kind, now)?)?.seconds();
        Ok(Track {
            meters,
            cycle,
            is_first: true,
            closed: 0,
            config,
            costs: FxHashMap::default(),
            steady: Taken::default(),
            unknown: Vec::new(),
            crossings: BTreeMap::new(),
            is_whole,
            seconds,
            charged: 0,
            cut: i64::MIN,
        })
    }

    pub fn kind(&self) -> CycleKind {
        self.meters.kind
    }

    /// From `at` on a resource has another state.
    pub fn change(&mut self, resource: ResourceId, at: Timestamp, state: State) {
        if let Some(config) = self.config.get(&resource) {
            self.meters.changes.push(Change { resource, at: at.as_second(), state, config: *config });
        }
    }

    /// What bills of other kinds came to in the month, which its end looks at. Source: R-MON-4.
    pub fn note(&mut self, taken: &Taken) {
        let currency = self.meters.read.wallet.currency();
        for (product, (e8, minor)) in &taken.products {
            let sums = &mut self.meters.read.sums;
            let at = match sums.iter().position(|it| it.product == *product) {
                Some(at) => at,
                None => {
                    let total = units::Money::zero(currency);
                    sums.push(ProductSum { product: product.clone(), amount_e8: 0, total });
                    sums.len() - 1
                }
            };
            sums[at].amount_e8 += e8;
            let minor = i64::try_from(i128::from(sums[at].total.minor()) + minor).unwrap_or(i64::MAX);
            sums[at].total = units::Money::from_minor(minor, currency);
        }
    }

    /// Closes the cycle that is open: what it takes.
    pub fn close(&mut self, calendar: &Calendar) -> Result<Taken, AggregateError> {
        let changes = self.seen();
        let samples = self.samples();
        let changed = sorted(
            changes
                .iter()
                .map(|it| it.resource)
                .chain(samples.iter().map(|it| it.resource))
                .chain(self.meters.read.recounts.iter().filter_map(|it| it.resource)),
        );
        let all = self.is_whole
            || self.is_first
            || self.cycle.seconds() != self.seconds
            || self.cut < self.cycle.to.as_second();
        let of = Part { changes, samples, changed };
        let taken = if all { self.whole(of)? } else { self.some(of)? };
        self.cycle = calendar.next(&self.cycle)?;
        self.closed += 1;
        self.is_first = false;
        Ok(taken)
    }

    /// What changed in the cycle, sorted by resource and time; the first sees what was written into closed ones.
    fn seen(&mut self) -> Vec<Change> {
        let end = self.cycle.to.as_second();
        let (mut seen, rest): (Vec<Change>, Vec<Change>) =
            std::mem::take(&mut self.meters.changes).into_iter().partition(|it| it.at < end);
        self.meters.changes = rest;
        seen.sort_by_key(|it| it.resource);
        seen
    }

    fn samples(&mut self) -> Vec<Sample> {
        let end = self.cycle.to.as_second();
        let (seen, rest): (Vec<Sample>, Vec<Sample>) =
            std::mem::take(&mut self.meters.samples).into_iter().partition(|it| it.at < end);
        self.meters.samples = rest;
        seen
    }

    fn run(&self) -> Run {
        Run { cycle: self.cycle, posted: self.cycle.to, watermark: self.cycle.to }
    }

    /// Charges everything, and learns what a whole cycle costs.
    fn whole(&mut self, of: Part) -> Result<Taken, AggregateError> {
        let run = self.run();
        let read = &mut self.meters.read;
        (read.changes, read.samples) = (of.changes, of.samples);
        // A run reads the packs that are in force before its end.
        let is_later = |it: &Pack| it.effective >= run.cycle.to;
        let (later, packs) = std::mem::take(&mut read.packs).into_iter().partition(is_later);
        read.packs = packs;
        self.charged += read.openings.len() as u64;
        let charged = settle::charges(read, &self.meters.configs, run)?;
        let mut taken = Taken::default();
        for it in &charged.bills {
            taken.add(&it.product, cost(it));
        }
        self.cut = steady::next_price(&self.meters.configs, self.config.values(), run.cycle.from.as_second());
        let is_usual = run.cycle.seconds() == self.seconds && self.cut >= run.cycle.to.as_second();
        let mut found = Learnt::default();
        if !self.is_whole {
            let known = |it: &Opening| is_usual && !is_among(it.resource, &of.changed);
            found = learn(&charged, &self.meters.configs, (run.cycle.from.as_second(), &known));
        }
        let carries = charged.carries;
        (read.openings, read.packs) = (charged.openings, charged.packs);
        let later: Vec<Pack> = later;
        read.packs.extend(later);
        read.packs.sort_by_key(|it| it.id);
        read.carries.retain(|it| carries.iter().all(|changed| changed.product != it.product));
        read.carries.extend(carries);
        (read.changes, read.samples) = (Vec::new(), Vec::new());
        read.recounts.clear();
        read.sums.clear();
        (self.costs, self.steady, self.crossings) = Default::default();
        self.know(found);
        Ok(taken)
    }

    /// Charges what is not known, and takes the rest as it is.
    fn some(&mut self, of: Part) -> Result<Taken, AggregateError> {
        let crossing = self.crossings.remove(&self.closed).unwrap_or_default();
        let ids = sorted(
            std::mem::take(&mut self.unknown).into_iter().chain(of.changed.iter().copied()).chain(crossing),
        );
        if ids.is_empty() {
            return Ok(self.steady.clone());
        }
        self.charged += ids.len() as u64;
        for id in &ids {
            if let Some((product, cost)) = self.costs.remove(id) {
                self.steady.less(&product, cost);
            }
        }
        let run = self.run();
        let mut read = AccountCycle::new(self.meters.read.wallet, self.meters.read.terms);
        let openings = &mut self.meters.read.openings;
        read.openings = ids.iter().filter_map(|id| place(id, openings).ok().map(|at| openings[at])).collect();
        (read.changes, read.samples) = (of.changes, of.samples);
        let charged = settle::charges(&read, &self.meters.configs, run)?;
        let mut taken = self.steady.clone();
        for it in &charged.bills {
            taken.add(&it.product, cost(it));
        }
        let known = |it: &Opening| !is_among(it.resource, &of.changed);
        let found = learn(&charged, &self.meters.configs, (run.cycle.from.as_second(), &known));
        let after = charged.openings;
        for it in &after {
            match place(&it.resource, openings) {
                Ok(at) => openings[at] = *it,
                Err(at) => openings.insert(at, *it),
            }
        }
        let is_gone = |id: &ResourceId| is_among(*id, &ids) && place(id, &after).is_err();
        if after.len() < ids.len() {
            openings.retain(|it| !is_gone(&it.resource));
        }
        self.know(found);
        Ok(taken)
    }

    /// Notes what whole cycles cost from now on.
    fn know(&mut self, found: Learnt) {
        self.unknown = found.unknown;
        for (resource, cycles) in found.crossing {
            self.crossings.entry(self.closed + cycles + 1).or_default().push(resource);
        }
        for (_, product, cost) in &found.costs {
            self.steady.add(product, *cost);
        }
        self.costs
            .extend(found.costs.into_iter().map(|(resource, product, cost)| (resource, (product, cost))));
    }

    /// So many cycles are sure to cost the same, and what each takes; none where the next one has to be charged.
    pub fn alike(&self) -> Option<(u64, &Taken)> {
        let is_still = self.meters.changes.is_empty() && self.meters.samples.is_empty();
        if self.is_whole || self.is_first || !self.unknown.is_empty() || !is_still {
            return None;
        }
        if self.cycle.seconds() != self.seconds {
            return None;
        }
        let length = i64::try_from(self.seconds).unwrap_or(i64::MAX).max(1);
        let held = self.cut.saturating_sub(self.cycle.from.as_second()) / length;
        let held = u64::try_from(held).unwrap_or(0);
        let crossing = self.crossings.keys().next().map_or(u64::MAX, |at| at.saturating_sub(self.closed));
        let cycles = held.min(crossing);
        (cycles > 0).then_some((cycles, &self.steady))
    }

    /// Closes so many cycles that are alike.
    pub fn skip(&mut self, cycles: u64, calendar: &Calendar) -> Result<Taken, AggregateError> {
        let from = units::calendar::seconds_after(self.cycle.from, cycles.saturating_mul(self.seconds))?;
        self.cycle = calendar.cycle(self.meters.kind, from)?;
        self.closed += cycles;
        Ok(self.steady.times(cycles))
    }

    /// What a day of the next whole cycle costs as everything stands, at the prices that hold now, in 1e-8.
    pub fn a_day_e8(&self, calendar: &Calendar, now: Timestamp) -> Result<i128, AggregateError> {
        let present = calendar.cycle(self.meters.kind, now)?;
        let next = calendar.next(&present)?;
        let mut changes = self.meters.changes.clone();
        changes.sort_by_key(|it| it.resource);
        let until = Cycle { to: present.to, ..self.cycle };
        let configs: &Configs = &self.meters.configs.held_at(now.as_second());
        let openings = crate::segment::segments(&self.meters.read.openings, &changes, until, configs)?.1;
        let mut read = AccountCycle::new(self.meters.read.wallet, self.meters.read.terms);
        (read.openings, read.packs) = (openings, self.meters.read.packs.clone());
        read.packs.retain(|it| it.effective < next.to);
        let run = Run { cycle: next, posted: next.to, watermark: next.to };
        let bills = settle::charges(&read, configs, run)?.bills;
        let post_paid = bills.iter().filter(|it| it.kind.is_post_paid());
        let whole: i128 = post_paid.map(|it| i128::from(it.amount_e8)).sum();
        Ok(whole * 86_400 / i128::from(next.seconds().max(1)))
    }
}

/// What of a cycle is charged anew.
struct Part {
    changes: Vec<Change>,
    samples: Vec<Sample>,
    /// Sorted.
    changed: Vec<ResourceId>,
}

/// Whether a resource is one of those, which are sorted.
fn is_among(resource: ResourceId, all: &[ResourceId]) -> bool {
    all.binary_search(&resource).is_ok()
}

fn sorted(all: impl Iterator<Item = ResourceId>) -> Vec<ResourceId> {
    let mut all: Vec<ResourceId> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Where an opening is among those that are sorted by resource, or would be.
fn place(id: &ResourceId, openings: &[Opening]) -> Result<usize, usize> {
    openings.binary_search_by_key(id, |it| it.resource)
}

fn cost(it: &Bill<'_>) -> Cost {
    Cost { e8: it.amount_e8.saturating_sub(it.carried_e8), minor: it.total.minor() }
}

/// What a closed cycle says of the next ones.
#[derive(Default)]
struct Learnt {
    /// What whole cycles cost of those that cost anything.
    costs: Vec<(ResourceId, Arc<str>, Cost)>,
    /// Which cost that for so many more cycles alone.
    crossing: Vec<(ResourceId, u64)>,
    /// Of which it is not known what the next cycle costs.
    unknown: Vec<ResourceId>,
}

/// What the bills of a whole cycle say of the next ones, of those that are `known` to have lived it as they go on.
fn learn(
    charged: &Charged<'_>,
    configs: &Configs,
    (second, is_known): (i64, &dyn Fn(&Opening) -> bool),
) -> Learnt {
    let own = charged.bills.iter().filter_map(|it| Some((it.resource?, it)));
    let mut own: Vec<(ResourceId, &Bill<'_>)> = own.collect();
    own.sort_by_key(|it| it.0);
    let mut products: Vec<Arc<str>> = Vec::new();
    let mut found = Learnt::default();
    for it in &charged.openings {
        let from = own.partition_point(|bill| bill.0 < it.resource);
        let count = own[from..].iter().take_while(|bill| bill.0 == it.resource).count();
        let bills = &own[from..from + count];
        let Some(alike) =
            is_known(it).then(|| steady::cycles(bills, configs.get(it.config), second)).flatten()
        else {
            found.unknown.push(it.resource);
            continue;
        };
        found.crossing.extend(alike.end().map(|cycles| (it.resource, cycles)));
        if let Some((_, bill)) = bills.first() {
            let known = products.iter().find(|it| ***it == *bill.product).cloned();
            let product = known.unwrap_or_else(|| {
                products.push(Arc::from(&*bill.product));
                Arc::clone(&products[products.len() - 1])
            });
            found.costs.push((it.resource, product, cost(bill)));
        }
    }
    found
}
