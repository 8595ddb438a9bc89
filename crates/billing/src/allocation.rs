//! Allocation: a bill of what resources share, split over those that it served.
//!
//! In:  a cycle as it was lived or goes on, packs as they stood when it began; a bill. Out: what each pack covered of each resource
//! and what packs and free tiers left of it in every version of every sum; the parts of the bill.
//! Invariant: the parts of a bill add up to it in every purse, to the minor unit. It is a view: nothing is posted by it.
//! Rules: R-ALC-1, R-ALC-2, R-QCS-3, R-PRC-25, R-MON-7. Examples: scenarios/data/allocation/.

use crate::aggregate::Aggregation;
use crate::bill::{Kind, Sum};
use crate::book::Scope;
use crate::charge::samples_of;
use crate::demand::{self, Units};
use crate::free_tier::Freed;
use crate::pack::Pack;
use crate::plan::Configs;
use crate::run::{AccountCycle, Recount};
use crate::segment::{self, Segment};
use crate::sums::Key;
use crate::used::{AggregateError, Sample, Used};
use crate::wallet::{Paid, Purses};
use std::collections::BTreeMap;
use units::{BookId, Cycle, CycleKind, MoneyError, PackId, ResourceId, money};

/// What a sum over the account is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SumOf {
    pub product: String,
    pub region: String,
    pub spec: String,
    pub component: String,
}

/// A price in the book named beside it, and seconds: of a version those in which it holds, of a line those that it charges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priced {
    pub price: String,
    pub book: BookId,
    pub from: i64,
    pub to: i64,
}

impl Priced {
    const fn meets(&self, other: &Priced) -> bool {
        self.from < other.to && other.from < self.to
    }

    fn is_priced_as(&self, other: &Priced) -> bool {
        self.price == other.price && self.book == other.book
    }
}

/// A line of a sum, or all those of one price: what it is split by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SumLine {
    pub component: String,
    pub priced: Priced,
    /// Whether it is the difference to what a closed cycle came to before, in all its versions.
    pub is_difference: bool,
    /// What it costs, without its sign, in 1e-8.
    pub size_e8: u64,
}

/// How much of something each resource had, in one unit: spec-seconds, GB-seconds, bytes.
pub type Shares = BTreeMap<ResourceId, u128>;

/// What resources used of a sum under one version of its price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub priced: Priced,
    pub shares: Shares,
}

/// What the resources of an account shared in a closed cycle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// What each used of a sum, version by version, less what packs covered of it and what was free.
    pub sums: BTreeMap<SumOf, Vec<Version>>,
    /// What each pack covered of each.
    pub covered: BTreeMap<PackId, Shares>,
}

impl Shared {
    /// How much each resource had of what a line of a sum charges; `lines` are the lines of that sum in the cycle, as far as they
    /// are known.
    ///
    /// A line goes by its own version. Where prices were corrected since, it goes by what lived while it held, whatever that is
    /// priced by now and whatever that price is called; a difference, or what nothing is left of, by the whole cycle.
    /// Source: R-QCS-3, R-COR-1.
    pub fn used(&self, of: &SumOf, line: &SumLine, lines: &[Priced]) -> Shares {
        let all = self.sums.get(of).map_or(&[][..], Vec::as_slice);
        if line.is_difference {
            return together(all.iter());
        }
        // What is begun under one version may be filled under the next.
        let later = lines.iter().filter(|it| it.price == line.priced.price && it.from > line.priced.from);
        let to = later.map(|it| it.from).fold(line.priced.to, i64::min);
        let own = Priced { to, ..line.priced.clone() };
        let fits = |it: &&Version| {
            let version = &it.priced;
            let is_unknown = || !lines.iter().any(|other| other.is_priced_as(version));
            let is_own = || version.price == own.price && (version.book == own.book || is_unknown());
            version.meets(&own) && (is_own() || is_renamed(version, &own, all, lines))
        };
        let found = together(all.iter().filter(fits));
        if found.is_empty() { together(all.iter()) } else { found }
    }
}

/// Whether a version stands where the price of a line held and is called otherwise since: no line of that time has its price, and while
/// it holds none of the versions has that of the line.
fn is_renamed(version: &Priced, own: &Priced, all: &[Version], lines: &[Priced]) -> bool {
    let in_line = |it: &Priced| it.price == version.price && it.meets(version);
    let as_before = |it: &Version| it.priced.price == own.price && it.priced.meets(version);
    !lines.iter().any(in_line) && !all.iter().any(as_before)
}

/// What resources used under several versions.
fn together<'a>(versions: impl Iterator<Item = &'a Version>) -> Shares {
    let mut found = Shares::new();
    for (resource, units) in versions.flat_map(|it| &it.shares) {
        *found.entry(*resource).or_default() += *units;
    }
    found
}

/// What resources shared in the closed cycle of `recount`; `packs` are those that took something of it, as they stood when it began.
///
/// Errors: a configuration that has no plan; a quantity too large for packs. Source: R-QCS-3, R-PKG-6.
pub fn shared(recount: &Recount, packs: &[Pack], configs: &Configs) -> Result<Shared, AggregateError> {
    let (openings, changes) = recount.meters(configs)?;
    let cycle = &recount.original;
    let (segments, _) = segment::segments(&openings, &changes, *cycle, configs)?;
    Lived { segments: &segments, samples: &recount.samples, packs, cycle }.shared(configs)
}

/// What resources share in a cycle that is not closed, as `read` has it: what has not ended goes on to its end.
///
/// Errors: as of `shared`. Source: R-QCS-3, R-PKG-6.
pub fn sharing(read: &AccountCycle, cycle: &Cycle, configs: &Configs) -> Result<Shared, AggregateError> {
    let (segments, _) = segment::segments(&read.openings, &read.changes, *cycle, configs)?;
    Lived { segments: &segments, samples: &read.samples, packs: &read.packs, cycle }.shared(configs)
}

/// A cycle as the resources of an account lived it, sorted by resource, and the packs that take something of it.
struct Lived<'a> {
    segments: &'a [Segment],
    samples: &'a [Sample],
    packs: &'a [Pack],
    cycle: &'a Cycle,
}

impl Lived<'_> {
    fn shared(&self, configs: &Configs) -> Result<Shared, AggregateError> {
        let by_pack = demand::by_pack(self.segments, configs, self.packs, CycleKind::Month)?;
        let aggregation = Aggregation::new(configs, Scope::Account, self.cycle);
        let freed = Freed::of(aggregation, self.segments, self.samples)?;
        let left = Left { aggregation, served: served(&by_pack), freed };
        let mut versions: BTreeMap<Key, Version> = BTreeMap::new();
        let (mut samples, mut first) = (self.samples, 0);
        for own in self.segments.chunk_by(|one, other| one.resource == other.resource) {
            let resource = own[0].resource;
            let mut used = left.read(own, samples_of(resource, &mut samples))?;
            used.append(&mut left.held(own, first)?);
            for it in &used {
                add(&mut versions, resource, it, configs)?;
            }
            first += own.len();
        }
        let mut shared = Shared { covered: covered(&by_pack, self.segments), sums: BTreeMap::new() };
        for (Key { product, component, region, spec, .. }, version) in versions {
            let of = SumOf { product, region, spec, component };
            shared.sums.entry(of).or_default().push(version);
        }
        Ok(shared)
    }
}

/// Adds what a resource used to the version of the sum that a bill of it has. Source: R-QCS-3.
fn add(
    versions: &mut BTreeMap<Key, Version>,
    resource: ResourceId,
    used: &Used,
    configs: &Configs,
) -> Result<(), AggregateError> {
    let key = Key::of(used.at, configs)?;
    let (plan, _) = used.at.resolve(configs)?;
    let next = configs.get(used.at.config).versions.get(used.at.version + 1);
    let to = next.map_or(i64::MAX, |it| it.0);
    let (price, from) = (key.price.clone(), key.version);
    // As of the bill, the book is that of the first.
    let new = || Version { priced: Priced { price, book: plan.book.id, from, to }, shares: Shares::new() };
    let version = versions.entry(key).or_insert_with(new);
    version.priced.to = version.priced.to.max(to);
    *version.shares.entry(resource).or_default() += used.measured.quantity;
    Ok(())
}

/// What packs and free tiers leave of what resources add to sums over the account.
struct Left<'a> {
    aggregation: Aggregation<'a>,
    /// Units that packs covered.
    served: Units,
    freed: Freed<'a>,
}

impl Left<'_> {
    /// Of what one resource reported.
    fn read(&self, own: &[Segment], samples: &[Sample]) -> Result<Vec<Used>, AggregateError> {
        let mut used = Vec::new();
        if !samples.is_empty() {
            for component in self.aggregation.sampled_in(own)? {
                used.append(&mut self.freed.sampled(component, own, samples)?);
            }
        }
        Ok(used)
    }

    /// Of what it had by being there; `first` is the place of its first segment among all.
    fn held(&self, own: &[Segment], first: usize) -> Result<Vec<Used>, AggregateError> {
        let mut used = Vec::new();
        for at in 0..own.len() {
            let mut held = Vec::new();
            self.aggregation.held(&own[at..=at], &mut held)?;
            for it in &held {
                let mut it = self.freed.held(it, first + at)?;
                let taken = self.served.get(&(first + at, it.at.part)).copied().unwrap_or(0);
                it.measured.quantity = it.measured.quantity.saturating_sub(taken.into());
                used.push(it);
            }
        }
        Ok(used)
    }
}

/// What packs covered, by segment and part.
fn served(by_pack: &BTreeMap<PackId, Units>) -> Units {
    let mut served = Units::new();
    for (at, units) in by_pack.values().flatten() {
        *served.entry(*at).or_default() += *units;
    }
    served
}

/// What each pack covered of each resource.
fn covered(by_pack: &BTreeMap<PackId, Units>, segments: &[Segment]) -> BTreeMap<PackId, Shares> {
    let mut found: BTreeMap<PackId, Shares> = BTreeMap::new();
    for (pack, units) in by_pack {
        let shares = found.entry(*pack).or_default();
        for ((segment, _), units) in units {
            *shares.entry(segments[*segment].resource).or_default() += u128::from(*units);
        }
    }
    found
}

/// Something that a bill charges: how much it counts beside what else it charges, and who had how much of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charged<K> {
    /// What its lines cost without their sign, in 1e-8; of a pack the units that a month took.
    pub size: u64,
    pub shares: BTreeMap<K, u128>,
}

/// By what a bill is split: the size of everything that it charges, over who had it; what costs nothing counts a little, so that
/// a bill of nothing goes to who used most. Empty where nobody had any.
///
/// Source: R-QCS-3, R-MON-7.
pub fn weights<K: Ord + Clone>(charged: &[Charged<K>]) -> BTreeMap<K, u64> {
    let mut found: BTreeMap<K, u64> = BTreeMap::new();
    for it in charged {
        let size = i64::try_from(it.size.max(1)).unwrap_or(i64::MAX);
        let parts = money::split(size, &fitting(it.shares.values().copied()));
        for (key, part) in it.shares.keys().zip(parts) {
            let weight = found.entry(key.clone()).or_default();
            *weight = weight.saturating_add(part.unsigned_abs());
        }
    }
    found
}

/// The same ratio in numbers that fit together: what is cut off is less than one in 2^62 of them all.
fn fitting(all: impl Iterator<Item = u128> + Clone) -> Vec<u64> {
    let whole = all.clone().fold(0_u128, u128::saturating_add);
    let over = (u128::BITS - whole.leading_zeros()).saturating_sub(63);
    all.map(|it| u64::try_from(it >> over).unwrap_or(u64::MAX)).collect()
}

/// The parts of what a bill of `kind` comes to, by `weights`: what its lines cost and each purse by itself, the largest remainder
/// first. It counts as a bill where most of it falls.
///
/// Errors: `Overflow`. Source: R-MON-7.
pub fn split<K: Ord + Clone>(
    of: &Sum,
    kind: Kind,
    weights: &BTreeMap<K, u64>,
) -> Result<BTreeMap<K, Sum>, MoneyError> {
    let over: Vec<u64> = weights.values().copied().collect();
    let most = over.iter().max().copied();
    let counted = over.iter().position(|it| Some(*it) == most);
    let amount_e8 = i64::try_from(of.amount_e8).map_err(|_| MoneyError::Overflow)?;
    let amounts = money::split(amount_e8, &over);
    let [bonus, cash, income] = of.paid.purses().kinds().map(|it| it.split(&over));
    let (owed, vouchers) = (of.paid.owed().split(&over), of.vouchers().split(&over));
    let part = |(at, key): (usize, &K)| {
        let paid = Paid::new(Purses::new(bonus[at], cash[at], income[at])?, owed[at])?;
        let total = paid.total().checked_add(vouchers[at])?;
        let bills = if Some(at) == counted { of.bills } else { 0 };
        Ok((key.clone(), Sum::new(bills, amounts[at].into(), total, paid).of_kind(kind)))
    };
    weights.keys().enumerate().map(part).collect()
}

#[cfg(test)]
mod tests;
