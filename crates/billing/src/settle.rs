//! Settlement of one account and cycle: from how its meters stood to bills, money and packs.
//!
//! In:  everything of the account that the cycle touches, read before. Out: everything to write.
//! Invariant: one bill per resource and cycle, or per account-wide sum; each rounded once; the money
//! moves in three passes: thaw all freezes, deduct all bills in order, freeze again.
//! Rules: R-SET-*, R-MON-2, R-MON-4, R-FRZ-2, R-PPU-3, R-PRC-26. Examples: scenarios/data/settle/.

use crate::aggregate::Aggregation;
use crate::bill::Bill;
use crate::book::Scope;
use crate::carry;
use crate::charge::{Charging, samples_of};
use crate::collect::{Collected, SoFar, collect};
use crate::commitment;
use crate::cover::Crossing;
use crate::demand;
use crate::free_tier::Freed;
use crate::pack::Pack;
use crate::plan::Configs;
use crate::segment::{self, Opening, Segment};
use crate::sums::Sums;
use crate::used::{AggregateError, Sample, Used};
use units::{Cycle, CycleKind, Measured};

pub use crate::run::{AccountCycle, Billed, Carry, Committed, ProductSum, Recount, Redeemed, Run, Settled};

/// Settles one account. Errors: the account is set aside with this reason.
pub fn account<'a>(
    read: &AccountCycle,
    configs: &'a Configs,
    run: Run,
) -> Result<Settled<'a>, AggregateError> {
    let Charged { mut bills, openings, packs, crossings, so_far, carries, homeless } =
        charges(read, configs, run)?;
    let collected = collect(read, &mut bills, &so_far, run)?;
    let Collected { wallet, transfers, freezes, vouchers, redeemed } = collected;
    Ok(Settled {
        account: wallet.account(),
        wallet,
        bills,
        transfers,
        openings,
        packs,
        crossings,
        freezes,
        vouchers,
        redeemed,
        carries,
        homeless,
    })
}

/// What a cycle comes to, before any money moves.
#[derive(Clone, Debug)]
pub struct Charged<'a> {
    pub bills: Vec<Bill<'a>>,
    /// The openings of the next cycle: all that live on.
    pub openings: Vec<Opening>,
    pub packs: Vec<Pack>,
    pub crossings: Vec<Crossing>,
    pub so_far: SoFar,
    /// Those that changed.
    pub carries: Vec<Carry>,
    /// As in `Settled`.
    pub homeless: Vec<Sample>,
}

/// Charges one account for a cycle; nothing is collected. Errors: as `account`.
pub fn charges<'a>(
    read: &AccountCycle,
    configs: &'a Configs,
    run: Run,
) -> Result<Charged<'a>, AggregateError> {
    let (segments, openings) = segment::segments(&read.openings, &read.changes, run.cycle, configs)?;
    let charging = Charging { read, configs, run };
    let mut bills = charging.resources(&segments)?;
    let Shared { sums, packs, crossings } = shared(read, &segments, configs, &run.cycle)?;
    bills.append(&mut charging.sums(sums)?);
    let mut so_far = SoFar::new();
    for it in &read.recounts {
        for adjustment in charging.recount(it).map_err(|error| of_recount(error, it))? {
            so_far.insert(adjustment.bill.id, adjustment.so_far);
            bills.push(adjustment.bill);
        }
    }
    let carries = carry::carry(&mut bills, &read.carries, configs)?;
    bills.append(&mut charging.precision(&bills)?);
    let missing = commitment::true_up(read, &bills, run)?;
    bills.extend(missing);
    let homeless = if read.samples.is_empty() { Vec::new() } else { charging.homeless(&segments)? };
    Ok(Charged { bills, openings, packs, crossings, so_far, carries, homeless })
}

/// An error of a closed cycle that is rated once more, naming what it is of.
fn of_recount(error: AggregateError, it: &Recount) -> AggregateError {
    match it.resource {
        Some(resource) => error.of(format_args!("{resource} once more from {}", it.original.from)),
        None => error.of(format_args!("sums once more from {}", it.original.from)),
    }
}

/// What resources of the account have together: sums over it, and packs.
#[derive(Default)]
struct Shared {
    sums: Sums,
    /// After the cycle.
    packs: Vec<Pack>,
    crossings: Vec<Crossing>,
}

/// Account-wide sums of the cycle, after free tiers and packs.
fn shared(
    read: &AccountCycle,
    segments: &[Segment],
    configs: &Configs,
    cycle: &Cycle,
) -> Result<Shared, AggregateError> {
    let packs: &[Pack] = if cycle.kind == CycleKind::Month { &read.packs } else { &[] };
    if packs.is_empty() && !any_sums(segments, configs, cycle.kind)? {
        return Ok(Shared::default());
    }
    let covered = demand::serve(segments, configs, packs, cycle.kind)?;
    let aggregation = Aggregation::new(configs, Scope::Account, cycle);
    let freed = Freed::of(aggregation, segments, &read.samples)?;
    let mut sums = Sums::default();
    let mut used: Vec<Used> = Vec::new();
    let mut samples = read.samples.as_slice();
    let mut index = 0;
    for own in segments.chunk_by(|one, other| one.resource == other.resource) {
        let own_samples = samples_of(own[0].resource, &mut samples);
        if !own_samples.is_empty() {
            for component in aggregation.sampled_in(own)? {
                for it in freed.sampled(component, own, own_samples)? {
                    sums.add(&it, configs)?;
                }
            }
        }
        for at in 0..own.len() {
            used.clear();
            aggregation.held(&own[at..=at], &mut used)?;
            for it in &used {
                let taken = covered.units.get(&(index + at, it.at.part)).copied().unwrap_or(0);
                sums.add(&freed.held(&less(it, taken)?, index + at)?, configs)?;
            }
        }
        index += own.len();
    }
    let close = |it: &Pack| it.clone().close(covered.left.get(&it.id).copied().unwrap_or(it.left), cycle);
    Ok(Shared { sums, packs: packs.iter().map(close).collect(), crossings: covered.crossings })
}

/// What is left of `used` when packs took so many units of it. Errors: `Covered`.
fn less(used: &Used, taken: u64) -> Result<Used, AggregateError> {
    let rest = used.measured.quantity.checked_sub(taken.into()).ok_or(AggregateError::Covered)?;
    Ok(Used { measured: Measured { quantity: rest, ..used.measured }, covered: taken, ..*used })
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
