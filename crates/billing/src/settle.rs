//! Settlement of one account and cycle: from how its meters stood to bills, money and packs.
//!
//! In:  everything of the account that the cycle touches, read before. Out: everything to write.
//! Invariant: one bill per resource and cycle, or per account-wide sum; each rounded once; the money
//! moves in three passes: thaw all freezes, deduct all bills in order, freeze again.
//! Rules: R-SET-*, R-MON-2, R-MON-4, R-FRZ-2, R-PPU-3. Examples: scenarios/data/settle/.

use crate::aggregate::{self, AggregateError, Key, PartRef, Sample, Sums, Used, samples};
use crate::bill::{self, Bill, Kind, Line};
use crate::book::{Due, Scope};
use crate::cover::{self, Crossing, Demand};
use crate::pack::Pack;
use crate::plan::{ConfigRef, Configs};
use crate::rate::{self, Terms};
use crate::resource::State;
use crate::segment::{self, Change, Opening, Segment};
use crate::wallet::{Paid, Purses, Till, Transfer, Wallet};
use std::borrow::Cow;
use std::collections::BTreeMap;
use units::{AccountId, Amount, BillId, Cycle, CycleKind, FreezeId, MoneyError, ResourceId, Timestamp};

/// Money held for a resource: what it should be, and what it is. Source: R-FRZ-1, R-FRZ-2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freeze {
    pub resource: ResourceId,
    pub target: i64,
    pub held: Purses,
}

/// A sample whose cycle was closed when it came, with what held when it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Late {
    pub sample: Sample,
    pub config: ConfigRef,
    pub state: State,
    pub original: Cycle,
}

/// What post-paid bills of a product came to in the month so far. Source: R-MON-4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductSum {
    pub product: String,
    pub amount_e8: i64,
    pub total_minor: i64,
}

/// One account as a run reads it.
#[derive(Clone, Debug)]
pub struct AccountCycle {
    pub wallet: Wallet,
    pub terms: Terms,
    /// Sorted by resource.
    pub openings: Vec<Opening>,
    /// Sorted by resource and time.
    pub changes: Vec<Change>,
    /// Sorted by resource.
    pub samples: Vec<Sample>,
    pub late: Vec<Late>,
    pub packs: Vec<Pack>,
    /// Sorted by resource.
    pub freezes: Vec<Freeze>,
    pub sums: Vec<ProductSum>,
}

impl AccountCycle {
    /// An account with nothing to settle yet.
    pub fn new(wallet: Wallet, terms: Terms) -> AccountCycle {
        AccountCycle {
            wallet,
            terms,
            openings: Vec::new(),
            changes: Vec::new(),
            samples: Vec::new(),
            late: Vec::new(),
            packs: Vec::new(),
            freezes: Vec::new(),
            sums: Vec::new(),
        }
    }
}

/// What a run writes for one account.
#[derive(Clone, Debug)]
pub struct Settled<'a> {
    pub account: AccountId,
    pub wallet: Wallet,
    pub bills: Vec<Bill<'a>>,
    pub transfers: Vec<Transfer>,
    /// The openings of the next cycle: all that live on.
    pub openings: Vec<Opening>,
    pub packs: Vec<Pack>,
    pub crossings: Vec<Crossing>,
    pub freezes: Vec<Freeze>,
}

/// When a run happens, and what it had.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    pub cycle: Cycle,
    pub posted: Timestamp,
    pub watermark: Timestamp,
}

/// Settles one account. Errors: the account is set aside with this reason.
pub fn account<'a>(
    read: &AccountCycle,
    configs: &'a Configs,
    run: Run,
) -> Result<Settled<'a>, AggregateError> {
    let (segments, openings) = segment::segments(&read.openings, &read.changes, run.cycle, configs)?;
    let mut bills = resource_bills(read, &segments, configs, run)?;
    let (sums, packs, crossings) = account_sums(read, &segments, configs, run)?;
    for (key, used) in sums.in_order(configs)? {
        bills.push(sum_bill(read, &key, &used, configs, run)?);
    }
    for late in &read.late {
        bills.extend(late_bill(read, late, configs, run)?);
    }
    if run.cycle.kind == CycleKind::Month {
        let precision = precision_bills(read, &bills, run)?;
        bills.extend(precision);
    }
    let (wallet, transfers, freezes) = collect(read, &mut bills, run);
    Ok(Settled {
        account: read.wallet.account,
        wallet,
        bills,
        transfers,
        openings,
        packs,
        crossings,
        freezes,
    })
}

fn resource_bills<'a>(
    read: &AccountCycle,
    segments: &[Segment],
    configs: &'a Configs,
    run: Run,
) -> Result<Vec<Bill<'a>>, AggregateError> {
    let mut bills = Vec::with_capacity(read.openings.len());
    let mut used: Vec<Used> = Vec::new();
    let mut samples = read.samples.as_slice();
    for own in segments.chunk_by(|one, other| one.resource == other.resource) {
        let resource = own[0].resource;
        let own_samples = samples_of(resource, &mut samples);
        used.clear();
        aggregate::resource(own, own_samples, configs, (&run.cycle, Scope::Resource), &mut used)?;
        if used.is_empty() {
            continue;
        }
        let mut lines = Vec::with_capacity(used.len());
        for it in &used {
            lines.push(rate::line(it, configs, read.terms)?);
        }
        let kind = Kind::of_cycle(run.cycle.kind);
        bills.push(bill(read, kind, (used[0].at, Some(resource), resource.bits()), lines, configs, run)?);
    }
    Ok(bills)
}

/// The samples of `resource`, off the front of `left`, which is as sorted as the resources are asked for.
fn samples_of<'a>(resource: ResourceId, left: &mut &'a [Sample]) -> &'a [Sample] {
    let first = left.iter().take_while(|it| it.resource < resource).count();
    let count = left[first..].iter().take_while(|it| it.resource == resource).count();
    let (own, rest) = left[first..].split_at(count);
    *left = rest;
    own
}

/// A bill over `lines`; `about` is the price it names, its resource, and what its id follows from.
#[inline(always)]
fn bill<'a>(
    read: &AccountCycle,
    kind: Kind,
    about: (PartRef, Option<ResourceId>, u128),
    lines: Vec<Line<'a>>,
    configs: &'a Configs,
    run: Run,
) -> Result<Bill<'a>, AggregateError> {
    let (at, resource, subject) = about;
    let (plan, part) = at.resolve(configs)?;
    let (amount_e8, total) = Bill::sum(&lines, read.wallet.currency).map_err(money)?;
    Ok(Bill {
        id: bill::id(read.wallet.account, kind, &run.cycle, subject),
        account: read.wallet.account,
        kind,
        product: Cow::Borrowed(&plan.product().id),
        region: Cow::Borrowed(plan.region()),
        resource,
        spec: if resource.is_some() { Cow::Borrowed("") } else { Cow::Borrowed(&part.spec) },
        order: None,
        from: run.cycle.from,
        to: run.cycle.to,
        posted: run.posted,
        watermark: run.watermark,
        original: None,
        currency: read.wallet.currency,
        amount_e8,
        total_minor: total.minor(),
        paid: Paid::default(),
        lines,
    })
}

fn money(error: MoneyError) -> AggregateError {
    AggregateError::Price(error.into())
}

/// Demands by pack family and spec: the segment and part that each comes from beside it.
type Groups = BTreeMap<(String, Option<String>), Vec<(usize, PartRef, Demand)>>;

/// What packs may cover: per family and spec, who needs how much when. Source: R-PKG-7, R-PKG-8.
fn demands(
    segments: &[Segment],
    configs: &Configs,
    packs: &[Pack],
    kind: CycleKind,
) -> Result<Groups, AggregateError> {
    let mut groups = Groups::new();
    for (index, segment) in segments.iter().enumerate() {
        let plan = configs.get(segment.config).plan(segment.version)?;
        for (number, part) in plan.parts.iter().enumerate() {
            let component = plan.component(part);
            let Some(family) = &component.pack else { continue };
            if component.due != Due::Cycle(kind) || !component.billed_while.contains(&segment.state) {
                continue;
            }
            let Some(pack) = packs.iter().find(|it| it.family == *family) else { continue };
            let spec = pack.spec.as_ref().map(|_| part.spec.clone());
            let rate =
                u64::try_from(part.quantity).map_err(|_| AggregateError::Overflow(component.id.clone()))?;
            let demand = Demand {
                created: segment.created,
                resource: segment.resource,
                from: segment.from,
                to: segment.to,
                rate,
            };
            let at = PartRef { config: segment.config, version: segment.version, part: number };
            groups.entry((family.clone(), spec)).or_default().push((index, at, demand));
        }
    }
    Ok(groups)
}

/// What packs cover of the segments: units per segment and part, the packs after it, and their marks.
type Covered = (BTreeMap<(usize, usize), u64>, BTreeMap<units::PackId, u64>, Vec<Crossing>);

/// Serves all demands from `packs`, without closing anything. Source: R-PKG-13.
pub fn covered(
    segments: &[Segment],
    configs: &Configs,
    packs: &[Pack],
    kind: CycleKind,
) -> Result<Covered, AggregateError> {
    let (mut units, mut left, mut crossings) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    if packs.is_empty() {
        return Ok((units, left, crossings));
    }
    for ((family, spec), group) in demands(segments, configs, packs, kind)? {
        let own: Vec<&Pack> = packs.iter().filter(|it| it.family == family && it.spec == spec).collect();
        let supplies: Vec<cover::Supply> = own.iter().map(|it| it.supply()).collect();
        let demands: Vec<Demand> = group.iter().map(|it| it.2.clone()).collect();
        let found = cover::cover(&demands, &supplies);
        for ((index, at, _), taken) in group.iter().zip(&found.covered) {
            units.insert((*index, at.part), *taken);
        }
        left.extend(own.iter().map(|it| it.id).zip(found.left));
        crossings.extend(found.crossings);
    }
    Ok((units, left, crossings))
}

/// Account-wide sums of the cycle, after packs.
fn account_sums(
    read: &AccountCycle,
    segments: &[Segment],
    configs: &Configs,
    run: Run,
) -> Result<(Sums, Vec<Pack>, Vec<Crossing>), AggregateError> {
    let mut sums = Sums::default();
    let packs: &[Pack] = if run.cycle.kind == CycleKind::Month { &read.packs } else { &[] };
    if packs.is_empty() && !any_sums(segments, configs, run.cycle.kind)? {
        return Ok((sums, Vec::new(), Vec::new()));
    }
    let (units, left, crossings) = covered(segments, configs, packs, run.cycle.kind)?;
    let mut used: Vec<Used> = Vec::new();
    let mut samples = read.samples.as_slice();
    let mut index = 0;
    for own in segments.chunk_by(|one, other| one.resource == other.resource) {
        let own_samples = samples_of(own[0].resource, &mut samples);
        for at in 0..own.len() {
            used.clear();
            // Of the samples only those inside this one segment count.
            aggregate::resource(
                &own[at..=at],
                own_samples,
                configs,
                (&run.cycle, Scope::Account),
                &mut used,
            )?;
            for it in &used {
                let taken = units.get(&(index + at, it.at.part)).copied().unwrap_or(0);
                let rest = it.measured.quantity.saturating_sub(taken.into());
                sums.add(it.at, configs, rest, taken, (it.from, it.to))?;
            }
        }
        index += own.len();
    }
    let close = |it: &Pack| it.clone().close(left.get(&it.id).copied().unwrap_or(it.left), &run.cycle);
    Ok((sums, packs.iter().map(close).collect(), crossings))
}

/// Whether anything in the account adds to a sum over it: mostly nothing does.
fn any_sums(segments: &[Segment], configs: &Configs, kind: CycleKind) -> Result<bool, AggregateError> {
    for segment in segments {
        if configs.get(segment.config).plan(segment.version)?.sums_up(kind) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn sum_bill<'a>(
    read: &AccountCycle,
    key: &Key,
    used: &Used,
    configs: &'a Configs,
    run: Run,
) -> Result<Bill<'a>, AggregateError> {
    let line = rate::line(used, configs, read.terms)?;
    let name = format!(
        "{} {} {} {} {} {}",
        key.product, key.component, key.region, key.spec, key.version, key.price
    );
    let subject = BillId::named(run.cycle.from, &name).bits();
    bill(read, Kind::of_cycle(run.cycle.kind), (used.at, None, subject), vec![line], configs, run)
}

/// Its own bill, at the price of the usage instant, no pack, naming the closed cycle. Source: R-SET-5.
fn late_bill<'a>(
    read: &AccountCycle,
    late: &Late,
    configs: &'a Configs,
    run: Run,
) -> Result<Option<Bill<'a>>, AggregateError> {
    let config = configs.get(late.config);
    let version = config.version(late.sample.at);
    let plan = config.plan(version)?;
    for (part, it) in plan.parts.iter().enumerate() {
        let component = plan.component(it);
        let charged = component.meter.usage() == Some(&late.sample.usage)
            && component.billed_while.contains(&late.state);
        let at = PartRef { config: late.config, version, part };
        let Some(used) = samples::late(&late.sample, at, plan, it).filter(|_| charged) else { continue };
        let line = rate::line(&used, configs, read.terms)?;
        let subject = BillId::named(run.cycle.from, &late.sample.event).bits();
        let bill = bill(
            read,
            Kind::Adjustment,
            (at, Some(late.sample.resource), subject),
            vec![line],
            configs,
            run,
        )?;
        return Ok(Some(Bill { original: Some((late.original.from, late.original.to)), ..bill }));
    }
    Ok(None)
}

/// What rounding took too much is given back, what it took too little is waived. Source: R-MON-4.
fn precision_bills<'a>(
    read: &AccountCycle,
    bills: &[Bill<'a>],
    run: Run,
) -> Result<Vec<Bill<'a>>, AggregateError> {
    let mut sums: BTreeMap<&str, (i128, i128)> = BTreeMap::new();
    for it in &read.sums {
        let sum = sums.entry(&it.product).or_default();
        (sum.0, sum.1) = (sum.0 + i128::from(it.amount_e8), sum.1 + i128::from(it.total_minor));
    }
    for it in bills.iter().filter(|it| it.kind.is_post_paid()) {
        let sum = sums.entry(&it.product).or_default();
        (sum.0, sum.1) = (sum.0 + i128::from(it.amount_e8), sum.1 + i128::from(it.total_minor));
    }
    let currency = read.wallet.currency;
    let mut found = Vec::new();
    for (product, (e8, minor)) in sums {
        let minor = i64::try_from(minor).map_err(|_| money(MoneyError::Overflow))?;
        let deducted = units::Money::from_minor(minor, currency).to_amount();
        let difference = Amount::from_e8(e8 - deducted.e8(), currency);
        let rounded = difference.round().map_err(money)?;
        if rounded.minor() == 0 {
            continue;
        }
        let kind = if rounded.minor() < 0 { Kind::PrecisionCredit } else { Kind::PrecisionWaiver };
        let total_minor = rounded.minor().min(0);
        let subject = BillId::named(run.cycle.from, product).bits();
        found.push(Bill {
            id: bill::id(read.wallet.account, kind, &run.cycle, subject),
            account: read.wallet.account,
            kind,
            product: Cow::Owned(product.to_string()),
            region: Cow::Borrowed(""),
            resource: None,
            spec: Cow::Borrowed(""),
            order: None,
            from: run.cycle.from,
            to: run.cycle.to,
            posted: run.posted,
            watermark: run.watermark,
            original: None,
            currency,
            amount_e8: difference.to_row().map_err(money)?,
            total_minor,
            paid: Paid::default(),
            lines: Vec::new(),
        });
    }
    Ok(found)
}

/// Three passes: thaw, deduct in order, freeze again; only the net of the freezes is posted.
///
/// Source: R-FRZ-2, R-SET-1 and section 20.
fn collect(read: &AccountCycle, bills: &mut [Bill<'_>], run: Run) -> (Wallet, Vec<Transfer>, Vec<Freeze>) {
    if bills.iter().all(|it| it.total_minor == 0)
        && read.freezes.iter().all(|it| it.held.total() == it.target)
    {
        return (read.wallet, Vec::new(), Vec::new());
    }
    let mut till = Till::new(read.wallet, run.posted);
    till.transfers.reserve(bills.len() + Purses::KINDS.len());
    let before = till.wallet.frozen;
    let name = bill::id(read.wallet.account, Kind::of_cycle(run.cycle.kind), &run.cycle, 0);
    for freeze in &read.freezes {
        till.thaw(freeze.held);
    }
    till.pay_debt(name.bits());
    for bill in bills.iter_mut() {
        bill.paid = match bill.total_minor {
            0 => Paid::default(),
            minor if minor > 0 => till.charge(minor, bill.id),
            minor => till.credit(-minor, bill.id),
        };
    }
    let mut freezes = Vec::new();
    for freeze in &read.freezes {
        let held = till.refreeze(freeze.target);
        if held != freeze.held {
            freezes.push(Freeze { held, ..*freeze });
        }
    }
    // An id is made from text, which takes long: only where there is something to name.
    if till.wallet.frozen != before {
        till.post_net(before, FreezeId::named(run.posted, &name.to_string()));
    }
    (till.wallet, till.transfers, freezes)
}
