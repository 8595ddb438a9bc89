//! Shares: bills of what resources share, split over those that they served, by what is written on these.
//!
//! In:  bills of sums over the account and of packs, what tells labels apart. Out: their parts.
//! Invariant: the parts of a bill are the bill; what served nobody, or nobody that anything is written on, is a part of its own.
//! A fixed number of statements reads all bills of an account, and one more each kind of cycle.
//! Rules: R-ALC-1, R-ALC-2, R-QCS-3, R-MON-7.

use crate::{At, Refusal};
use billing::allocation::{self, Charged, Priced, Shared, SumLine, SumOf};
use billing::bill::{Kind, Sum};
use billing::pack::Pack;
use billing::plan::Configs;
use billing::run::Recount;
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::bills::Span;
use store::bills::basis::{self, PackUse};
use store::bills::shared::{self, SharedBill};
use store::labels::{self, LabelSpan, Labels};
use store::recounts::{self, Waiting};
use units::{AccountId, BillId, Calendar, Cycle, CycleKind, MoneyError, PackId, ResourceId, Timestamp};

/// What tells labels apart.
pub(super) type ByLabel<'a, K> = &'a dyn Fn(&Labels) -> Option<K>;

/// A part of a bill: what it is for by the labels, and what it comes to.
pub(super) type LabelParts<K> = BTreeMap<Option<K>, Sum>;

/// How many units a pack gave in which month.
type Taken = Vec<(Cycle, u64)>;

/// Who shared what in the closed cycles that some bills are about, and what was written on the resources.
pub(super) struct Shares {
    cycles: BTreeMap<Cycle, Shared>,
    packs: BTreeMap<PackId, Taken>,
    costs: BTreeMap<BillId, Vec<SumLine>>,
    /// The lines of each sum of a cycle, those of differences left out.
    lines: BTreeMap<(Cycle, SumOf), Vec<Priced>>,
    written: BTreeMap<ResourceId, Vec<LabelSpan>>,
}

/// What shares are read for.
pub(super) struct Wanted<'a> {
    pub account: AccountId,
    pub bills: &'a [SharedBill],
    /// Packs beside those of the bills.
    pub packs: BTreeSet<PackId>,
}

impl Shares {
    /// Reads what the bills and packs are split by. Errors: a cycle that cannot be rated any more.
    pub(super) fn read(tx: &mut Tx<'_>, at: At<'_>, of: &Wanted<'_>) -> Result<Shares, Refusal> {
        let calendar = &at.desk.calendar;
        let mut wanted = of.packs.clone();
        let is_pack = |it: &&SharedBill| it.kind == Kind::PackPurchase;
        wanted.extend(of.bills.iter().filter(is_pack).filter_map(|it| it.piece).map(Pack::id_of));
        let mut cycles = BTreeSet::new();
        for bill in of.bills {
            cycles.extend(cycle(calendar, bill)?);
        }
        let owned = store::packs::of_account(tx, of.account)?;
        let uses = basis::pack_uses(tx, of.account, Span::EVER)?;
        let packs = taken(calendar, &owned, &uses)?;
        let own = packs.iter().filter(|it| wanted.contains(it.0));
        cycles.extend(own.flat_map(|it| it.1.iter().map(|month| month.0)));
        let mut costs: BTreeMap<BillId, Vec<SumLine>> = BTreeMap::new();
        for (bill, line) in shared::costs(tx, of.account, of.bills)? {
            costs.entry(bill).or_default().push(line);
        }
        let lines = lines(calendar, of.bills, &costs)?;
        let written = written(tx, of, &cycles)?;
        let cycles = lived(tx, at, of.account, (&cycles, owned.as_slice(), &packs))?;
        Ok(Shares { cycles, packs, costs, lines, written })
    }

    /// The parts of a bill. Source: R-ALC-1: what is written on a resource counts as it stood at the deduction, for packs at the end
    /// of each month that took of them.
    pub(super) fn parts<K: Ord + Clone>(
        &self,
        calendar: &Calendar,
        bill: &SharedBill,
        by: ByLabel<'_, K>,
    ) -> Result<LabelParts<K>, Refusal> {
        let charged = match bill.piece.filter(|_| bill.kind == Kind::PackPurchase) {
            Some(piece) => self.given(Pack::id_of(piece), None, by),
            None => self.used(cycle(calendar, bill)?, bill, by),
        };
        Ok(split(&bill.sum, bill.kind, &charged)?)
    }

    /// The parts of what was consumed of a pack: in one month, or in all of them.
    pub(super) fn parts_of_pack<K: Ord + Clone>(
        &self,
        of: &Sum,
        taken: (PackId, Option<Timestamp>),
        by: ByLabel<'_, K>,
    ) -> Result<LabelParts<K>, Refusal> {
        let (pack, month) = taken;
        Ok(split(of, Kind::PackPurchase, &self.given(pack, month, by))?)
    }

    /// What the lines of a sum cost, and who used how much of what each charges.
    fn used<K: Ord>(
        &self,
        cycle: Option<Cycle>,
        bill: &SharedBill,
        by: ByLabel<'_, K>,
    ) -> Vec<Charged<Option<K>>> {
        let Some(cycle) = cycle else { return Vec::new() };
        let Some(lived) = self.cycles.get(&cycle) else { return Vec::new() };
        let costs = self.costs.get(&bill.id).map_or(&[][..], Vec::as_slice);
        let charged = costs.iter().filter_map(|line| {
            let key = (cycle, sum_of(bill, &line.component));
            let lines = self.lines.get(&key).map_or(&[][..], Vec::as_slice);
            let used = lived.used(&key.1, line, lines);
            let shares = self.labelled(&used, bill.posted, by);
            (!shares.is_empty()).then_some(Charged { size: line.size_e8, shares })
        });
        charged.collect()
    }

    /// What a pack gave in the month that begins at `month`, or in all of them.
    fn given<K: Ord>(
        &self,
        pack: PackId,
        month: Option<Timestamp>,
        by: ByLabel<'_, K>,
    ) -> Vec<Charged<Option<K>>> {
        let Some(months) = self.packs.get(&pack) else { return Vec::new() };
        let own = months.iter().filter(|it| month.is_none_or(|from| it.0.from == from));
        let charged = own.filter_map(|(cycle, units)| {
            let covered = self.cycles.get(cycle)?.covered.get(&pack)?;
            Some(Charged { size: *units, shares: self.labelled(covered, cycle.to, by) })
        });
        charged.collect()
    }

    /// Shares of resources as shares of what was written on them at an instant.
    fn labelled<K: Ord>(
        &self,
        shares: &allocation::Shares,
        at: Timestamp,
        by: ByLabel<'_, K>,
    ) -> BTreeMap<Option<K>, u128> {
        let mut found: BTreeMap<Option<K>, u128> = BTreeMap::new();
        for (resource, units) in shares {
            let spans = self.written.get(resource).map_or(&[][..], Vec::as_slice);
            let then = spans.iter().find(|it| it.from <= at && at < it.to);
            *found.entry(then.and_then(|it| by(&it.labels))).or_default() += *units;
        }
        found
    }
}

/// The sum that a component of a bill is of.
fn sum_of(bill: &SharedBill, component: &str) -> SumOf {
    SumOf {
        product: bill.product.clone(),
        region: bill.region.clone(),
        spec: bill.spec.clone(),
        component: component.to_string(),
    }
}

/// The lines of each sum of a cycle: what tells its versions apart.
fn lines(
    calendar: &Calendar,
    bills: &[SharedBill],
    costs: &BTreeMap<BillId, Vec<SumLine>>,
) -> Result<BTreeMap<(Cycle, SumOf), Vec<Priced>>, Refusal> {
    let mut found: BTreeMap<(Cycle, SumOf), Vec<Priced>> = BTreeMap::new();
    for bill in bills {
        let Some(cycle) = cycle(calendar, bill)? else { continue };
        let own = costs.get(&bill.id).into_iter().flatten().filter(|it| !it.is_difference);
        for line in own {
            found.entry((cycle, sum_of(bill, &line.component))).or_default().push(line.priced.clone());
        }
    }
    Ok(found)
}

/// The parts of what a bill comes to; all of it in one where nobody had any.
fn split<K: Ord + Clone>(
    of: &Sum,
    kind: Kind,
    charged: &[Charged<Option<K>>],
) -> Result<LabelParts<K>, MoneyError> {
    let weights = allocation::weights(charged);
    if weights.is_empty() { Ok(BTreeMap::from([(None, *of)])) } else { allocation::split(of, kind, &weights) }
}

/// The closed cycle of which a sum over the account is; `None` of what follows from no use, such as a correction of rounding.
fn cycle(calendar: &Calendar, bill: &SharedBill) -> Result<Option<Cycle>, Refusal> {
    let span = match bill.kind {
        Kind::Hourly | Kind::Daily | Kind::Monthly => (bill.from, bill.to),
        Kind::Adjustment | Kind::Correction => {
            let Some(original) = bill.original else { return Ok(None) };
            original
        }
        Kind::PrepaidNew
        | Kind::PackPurchase
        | Kind::PrecisionCredit
        | Kind::PrecisionWaiver
        | Kind::OneTime
        | Kind::PrepaidRenew
        | Kind::Refund
        | Kind::PrepaidChange
        | Kind::Commitment => return Ok(None),
    };
    for kind in CycleKind::ALL {
        let cycle = calendar.cycle(kind, span.0)?;
        if (cycle.from, cycle.to) == span {
            return Ok(Some(cycle));
        }
    }
    Ok(None)
}

/// What closed months took of packs.
fn taken(
    calendar: &Calendar,
    owned: &[Pack],
    uses: &BTreeMap<PackId, PackUse>,
) -> Result<BTreeMap<PackId, Taken>, Refusal> {
    let mut found = BTreeMap::new();
    for pack in owned {
        let mut months = Taken::new();
        for (to, units, _) in uses.get(&pack.id).map_or(&[][..], |it| it.closes.as_slice()) {
            if *units > 0 {
                let last = Timestamp::from_second(to.as_second() - 1);
                let last = last.map_err(|_| Refusal::Time(to.to_string()))?;
                months.push((calendar.cycle(CycleKind::Month, last)?, *units));
            }
        }
        found.insert(pack.id, months);
    }
    Ok(found)
}

/// What was written on the resources of the account at the deductions of the bills and at the ends of the cycles.
fn written(
    tx: &mut Tx<'_>,
    of: &Wanted<'_>,
    cycles: &BTreeSet<Cycle>,
) -> Result<BTreeMap<ResourceId, Vec<LabelSpan>>, Refusal> {
    let instants = || of.bills.iter().map(|it| it.posted).chain(cycles.iter().map(|it| it.to));
    let (Some(first), Some(last)) = (instants().min(), instants().max()) else { return Ok(BTreeMap::new()) };
    let mut found: BTreeMap<ResourceId, Vec<LabelSpan>> = BTreeMap::new();
    for it in labels::spans(tx, of.account, (first, last))? {
        found.entry(it.resource).or_default().push(it);
    }
    Ok(found)
}

/// How closed cycles were lived; packs take what they took.
fn lived(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    (cycles, owned, packs): (&BTreeSet<Cycle>, &[Pack], &BTreeMap<PackId, Taken>),
) -> Result<BTreeMap<Cycle, Shared>, Refusal> {
    let (mut configs, mut read): (Configs, Vec<Recount>) = (Configs::default(), Vec::new());
    for kind in CycleKind::ALL {
        let own = cycles.iter().filter(|it| it.kind == kind);
        let all: Vec<Waiting> = own.map(|it| Waiting { account, original: *it, resource: None }).collect();
        let found = recounts::read(tx, &at.desk.books, &mut configs, &all)?;
        read.extend(found.into_iter().map(|it| it.1));
    }
    let mut lived = BTreeMap::new();
    for it in read {
        let stood: Vec<Pack> =
            owned.iter().filter_map(|pack| stood(pack, packs.get(&pack.id)?, &it.original)).collect();
        lived.insert(it.original, allocation::shared(&it, &stood, &configs)?);
    }
    Ok(lived)
}

/// A pack as it stood when a month began that took something of it; `None` where it took nothing.
fn stood(pack: &Pack, taken: &[(Cycle, u64)], month: &Cycle) -> Option<Pack> {
    taken.iter().find(|it| it.0 == *month)?;
    let before: u64 = taken.iter().filter(|it| it.0.to <= month.from).map(|it| it.1).sum();
    let left = pack.capacity.saturating_sub(before);
    Some(Pack { left, used: before, lost: 0, settled_to: month.from, refunded: None, ..pack.clone() })
}
