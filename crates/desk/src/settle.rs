//! Settlement runs: a cycle, batch after batch of accounts, each batch one transaction.

use super::events::Ears;
use super::sheet::Sheet;
use super::{At, Desk, Refusal, events, packs};
use billing::reading::Reason;
use billing::settle::{self, Run, Settled};
use billing::used::Sample;
use rayon::prelude::*;
use store::settlements::{self, Batch};
use store::usage::homeless::{self, Why};
use store::{Store, Tx, closes};
use units::{AccountId, Cycle, CycleKind, Timestamp};

/// Accounts of one transaction. Memory grows with this, not with how many accounts there are.
pub const BATCH: i64 = 2_000;

/// What a run came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub accounts: usize,
    pub bills: usize,
    pub set_aside: usize,
}

/// Where a run stands: the accounts after one, so many in one transaction.
#[derive(Clone, Debug)]
pub struct Part {
    after: String,
    size: i64,
}

impl Part {
    /// The first accounts, so many in one transaction.
    pub const fn first(size: i64) -> Part {
        Part { after: String::new(), size }
    }
}

/// Settles `cycle` for every account that waits for it. Running it again changes nothing.
///
/// Source: R-SET-1 to R-SET-4.
pub fn run(store: &Store, desk: &Desk, run: Run, size: i64) -> Result<Outcome, Refusal> {
    let mut total = Outcome::default();
    let mut rest = Part::first(size);
    while let Some((next, outcome)) = store.write(|tx| part(tx, desk, run, &rest))? {
        rest = next;
        total.accounts += outcome.accounts;
        total.bills += outcome.bills;
        total.set_aside += outcome.set_aside;
    }
    Ok(total)
}

/// Settles the next accounts of a run that wait for it, and says where it goes on. `None` when none are left.
pub fn part(tx: &mut Tx<'_>, desk: &Desk, run: Run, part: &Part) -> Result<Option<(Part, Outcome)>, Refusal> {
    let Some(batch) = settlements::batch(tx, &run.cycle, &part.after, part.size)? else { return Ok(None) };
    let outcome = settle(tx, desk, &batch, run)?;
    Ok(Some((Part { after: batch.to, size: part.size }, outcome)))
}

/// Settles one batch: reads, decides in parallel over accounts, writes.
///
/// An account that fails is set aside with its reason; the others go on.
pub fn settle(tx: &mut Tx<'_>, desk: &Desk, batch: &Batch, run: Run) -> Result<Outcome, Refusal> {
    let read = settlements::read(tx, &desk.books, batch, &run.cycle)?;

    let decide = |(at, (account, _)): (usize, &(settle::AccountCycle, i64))| {
        (at, settle::account(account, &read.configs, run))
    };
    let decided: Vec<_> = read.accounts.par_iter().enumerate().map(decide).collect();

    let mut outcome = Outcome { accounts: decided.len(), ..Outcome::default() };
    let mut settled: Vec<(usize, Settled<'_>)> = Vec::with_capacity(decided.len());
    for (at, it) in decided {
        match it {
            Ok(it) => {
                outcome.bills += it.bills.len();
                settled.push((at, it));
            }
            Err(reason) => {
                outcome.set_aside += 1;
                let (account, reason) = (read.accounts[at].0.wallet.account(), reason.to_string());
                settlements::set_aside(tx, account, &run.cycle, &reason)?;
                events::set_aside(tx, account, run, &reason)?;
            }
        }
    }
    settlements::write(tx, &read, &settled)?;
    closes::note(tx, &run.cycle, run.posted)?;
    set_homeless_aside(tx, &settled, run)?;
    events::settled(tx, &settled, run)?;
    let (at, mut sheet, mut owners) = (desk.at(run.posted), Sheet::default(), Vec::new());
    for (_, it) in settled.into_iter().filter(|it| !it.1.packs.is_empty()) {
        owners.push(it.account);
        sheet.notices.extend(packs::notices_at_close(at, it.packs, it.crossings)?);
    }
    if !sheet.notices.is_empty() {
        let ears = Ears::of(tx, owners)?;
        sheet.write(tx, &ears, at)?;
    }
    Ok(outcome)
}

/// Why a settlement sets readings aside that were taken before. Source: R-TIM-9.
const HOMELESS: Why =
    Why { reason: Reason::NotRunning.as_str(), detail: "it was accepted before this was known" };

/// Sets aside what was taken and what no component takes after all; whoever listens is told.
fn set_homeless_aside(tx: &mut Tx<'_>, settled: &[(usize, Settled<'_>)], run: Run) -> Result<(), Refusal> {
    let all: Vec<(AccountId, &Sample)> = settled
        .iter()
        .flat_map(|it| {
            let account = it.1.account;
            it.1.homeless.iter().map(move |sample| (account, sample))
        })
        .collect();
    if all.is_empty() {
        return Ok(());
    }
    let gone = homeless::set_aside(tx, &all, HOMELESS)?;
    events::homeless(tx, &gone, HOMELESS, run.posted)
}

/// The next cycle to settle at `now`, by the order of kinds at one instant. Source: R-SET-6.
pub fn next(tx: &mut Tx<'_>, at: At<'_>) -> Result<Option<Cycle>, Refusal> {
    let mut due: Vec<Cycle> = Vec::new();
    for (kind, from) in settlements::next(tx)? {
        let cycle = at.desk.calendar.cycle(kind, from)?;
        if super::later(cycle.to, at.desk.settlement_delay_seconds) <= at.now {
            due.push(cycle);
        }
    }
    let order = |kind: CycleKind| CycleKind::ALL.iter().position(|it| *it == kind);
    Ok(due.into_iter().min_by_key(|it| (it.to, order(it.kind))))
}

/// Where the accounts of one kind of cycle stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub kind: CycleKind,
    /// The begin of the oldest cycle that is not settled; `None` when no account has such cycles.
    pub settled_to: Option<Timestamp>,
    /// Accounts with a cycle that closed and is not settled.
    pub waiting: i64,
    /// Accounts that are settled up to the cycle that runs.
    pub done: i64,
    pub set_aside: i64,
}

/// How far settlement is at `now`, kind by kind.
pub fn progress(tx: &mut Tx<'_>, at: At<'_>) -> Result<Vec<Progress>, Refusal> {
    let aside = settlements::aside_counts(tx)?;
    let of = |kind: CycleKind| aside.iter().find(|it| it.0 == kind).map_or(0, |it| it.1);
    let mut found: Vec<Progress> = CycleKind::ALL
        .into_iter()
        .map(|kind| Progress { kind, settled_to: None, waiting: 0, done: 0, set_aside: of(kind) })
        .collect();
    for it in settlements::standings(tx)? {
        let cycle = at.desk.calendar.cycle(it.kind, it.settled_to)?;
        let closed = super::later(cycle.to, at.desk.settlement_delay_seconds) <= at.now;
        for progress in found.iter_mut().filter(|progress| progress.kind == it.kind) {
            let oldest = progress.settled_to.get_or_insert(it.settled_to);
            *oldest = it.settled_to.min(*oldest);
            *(if closed { &mut progress.waiting } else { &mut progress.done }) += it.accounts;
        }
    }
    Ok(found)
}

/// Lets accounts that were set aside be tried again by the next run: those named, or all of them.
///
/// Gives in how many kinds of cycle an account was taken back. Errors: `NotFound` for an account that is not there.
pub fn retry(tx: &mut Tx<'_>, accounts: Option<&[AccountId]>) -> Result<u64, Refusal> {
    let Some(accounts) = accounts else { return Ok(settlements::take_back(tx)?) };
    let mut taken = 0;
    for account in accounts {
        store::accounts::get(tx, *account)?;
        taken += settlements::take_back_one(tx, *account)?;
    }
    Ok(taken)
}
