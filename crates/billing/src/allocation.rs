//! Allocation: a bill of what resources share, split over those that it served.
//!
//! In:  a cycle as it was lived or goes on, packs as they stood when it began; a bill. Out: what packs covered of each resource and
//! what they left of it in every sum; the parts of the bill.
//! Invariant: the parts of a bill add up to it in every purse, to the minor unit. It is a view: nothing is posted by it.
//! Rules: R-ALC-1, R-ALC-2, R-QCS-3, R-MON-7. Examples: scenarios/data/allocation/.

use crate::aggregate::Aggregation;
use crate::bill::{Kind, Sum};
use crate::book::Scope;
use crate::charge::samples_of;
use crate::demand;
use crate::pack::Pack;
use crate::plan::Configs;
use crate::run::{AccountCycle, Recount};
use crate::segment::{self, Segment};
use crate::used::{AggregateError, Sample, Used};
use crate::wallet::{Paid, Purses};
use std::collections::BTreeMap;
use units::{Cycle, CycleKind, MoneyError, ResourceId, money};

/// What a sum over the account is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SumOf {
    pub product: String,
    pub region: String,
    pub spec: String,
    pub component: String,
}

/// What packs are for: their family, and the one spec that they cover.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackFor {
    pub family: String,
    pub spec: Option<String>,
}

impl PackFor {
    /// What a pack is for.
    pub fn of(pack: &Pack) -> PackFor {
        PackFor { family: pack.family.clone(), spec: pack.spec.clone() }
    }
}

/// How much of something each resource had, in one unit: spec-seconds, GB-seconds, bytes.
pub type Shares = BTreeMap<ResourceId, u128>;

/// What the resources of an account shared in a closed cycle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// What each used of a sum, less what packs covered of it.
    pub sums: BTreeMap<SumOf, Shares>,
    /// What packs covered of each.
    pub covered: BTreeMap<PackFor, Shares>,
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
        let served = demand::serve(self.segments, configs, self.packs, CycleKind::Month)?.units;
        let covered = covered(&served, self.segments, self.packs, configs)?;
        let mut shared = Shared { covered, sums: BTreeMap::new() };
        let aggregation = Aggregation::new(configs, Scope::Account, self.cycle);
        let (mut samples, mut first) = (self.samples, 0);
        for own in self.segments.chunk_by(|one, other| one.resource == other.resource) {
            let resource = own[0].resource;
            let read = read(&aggregation, own, samples_of(resource, &mut samples))?;
            for it in read.into_iter().chain(held(&aggregation, own, (&served, first))?) {
                let (plan, part) = it.at.resolve(configs)?;
                let of = SumOf {
                    product: plan.product().id.clone(),
                    region: plan.region().to_string(),
                    spec: part.spec.clone(),
                    component: plan.component(part).id.clone(),
                };
                *shared.sums.entry(of).or_default().entry(resource).or_default() += it.measured.quantity;
            }
            first += own.len();
        }
        Ok(shared)
    }
}

/// Units that packs covered, by segment and part.
type Served = BTreeMap<(usize, usize), u64>;

/// What one resource adds to sums over the account by its readings.
fn read(
    aggregation: &Aggregation<'_>,
    own: &[Segment],
    samples: &[Sample],
) -> Result<Vec<Used>, AggregateError> {
    let mut used = Vec::new();
    if !samples.is_empty() {
        for component in aggregation.sampled_in(own)? {
            used.extend(aggregation.sampled(component, own, samples)?);
        }
    }
    Ok(used)
}

/// The same by being there, less what packs covered; `first` is the place of its first segment among all.
fn held(
    aggregation: &Aggregation<'_>,
    own: &[Segment],
    (served, first): (&Served, usize),
) -> Result<Vec<Used>, AggregateError> {
    let mut used = Vec::new();
    for at in 0..own.len() {
        let mut held = Vec::new();
        aggregation.held(&own[at..=at], &mut held)?;
        for it in &mut held {
            let taken = served.get(&(first + at, it.at.part)).copied().unwrap_or(0);
            it.measured.quantity = it.measured.quantity.saturating_sub(taken.into());
        }
        used.append(&mut held);
    }
    Ok(used)
}

/// What packs covered of each resource.
fn covered(
    served: &Served,
    segments: &[Segment],
    packs: &[Pack],
    configs: &Configs,
) -> Result<BTreeMap<PackFor, Shares>, AggregateError> {
    let mut found: BTreeMap<PackFor, Shares> = BTreeMap::new();
    for ((at, part), units) in served {
        let segment = &segments[*at];
        let plan = configs.get(segment.config).plan(segment.version)?;
        let part = &plan.parts[*part];
        let family = plan.component(part).pack.as_ref();
        let Some(pack) = packs.iter().find(|it| family == Some(&it.family)) else { continue };
        let spec = pack.spec.as_ref().map(|_| part.spec.clone());
        let of = PackFor { family: pack.family.clone(), spec };
        *found.entry(of).or_default().entry(segment.resource).or_default() += u128::from(*units);
    }
    Ok(found)
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
