//! A settlement run that nodes share: one leads it, everybody takes accounts of it until none are left.
//!
//! In:  a transaction, the desk at an instant, who wants accounts. Out: accounts in hand, and what settling them came to.
//! Invariant: who leads holds the lease of the books; a run is begun and ended by it alone, and is not ended while accounts
//! are in hand: so no node is at a cycle when arrears are looked at. Source: R-SET-6.
//! Invariant: all bills of a run are of the instant at which it began, whoever settles them: so of each account those of a later cycle
//! are never posted before those of an earlier one.
//! Invariant: what a node left in hand is taken over when its lease ended, by whoever comes next.

use super::job::Job;
use super::lease::{Keeper, TURN_SECONDS, claim};
use crate::{At, Refusal, books, later, settle, settled};
use billing::settle::Run;
use settle::Outcome;
use store::jobs::{self, Claim, Lease};
use store::runs::{self, Range};
use store::{Store, Tx};
use units::Timestamp;

/// Somebody who takes accounts of runs.
#[derive(Clone, Copy)]
pub struct Taker<'a> {
    pub at: At<'a>,
    /// Like no other's: of two hands of one node each has its own.
    pub name: &'a str,
    /// The time of its machine: leases are about processes.
    pub now: Timestamp,
    /// How many accounts it takes at once.
    pub size: i64,
}

/// What whoever leads is to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Settle these accounts.
    Settle(Range),
    /// Others still have accounts of the run in hand.
    OthersAtIt,
    /// No cycle that is closed waits any more.
    Done,
}

impl Taker<'_> {
    fn claim(&self) -> Claim<'_> {
        claim("settle", self.name, self.now)
    }

    /// The next step of whoever leads, under the lease of the books.
    pub fn lead(&self, tx: &mut Tx<'_>) -> Result<Step, Refusal> {
        let open = runs::hold_open(tx)?;
        if let Some(run) = &open
            && let Some(range) = runs::take_over(tx, run, &self.claim())?
        {
            return self.taken(tx, range).map(Step::Settle);
        }
        let next = settle::next(tx, self.at)?;
        if let Some(run) = open.as_ref().filter(|it| next == Some(it.cycle))
            && let Some(range) = runs::take(tx, run, self.size, &self.claim())?
        {
            return self.taken(tx, range).map(Step::Settle);
        }
        if runs::in_hand(tx)? > 0 {
            return Ok(Step::OthersAtIt);
        }
        // Those that began to wait behind the back of the run are taken by the same once more.
        runs::end(tx)?;
        if open.is_some() {
            jobs::ran(tx, Job::Settle.as_str(), Some(self.at.now))?;
        }
        let Some(cycle) = next else { return Ok(Step::Done) };
        let run = runs::begin(tx, &cycle, self.at.now)?;
        match runs::take(tx, &run, self.size, &self.claim())? {
            Some(range) => self.taken(tx, range).map(Step::Settle),
            None => Ok(Step::OthersAtIt),
        }
    }

    /// Accounts for somebody who helps; `None` where no run is open that this node could settle as its leader does.
    pub fn help(&self, tx: &mut Tx<'_>) -> Result<Option<Range>, Refusal> {
        settled::check_clock(tx, self.at.now)?;
        let Some(run) = runs::hold_open(tx)? else { return Ok(None) };
        let closes = later(run.cycle.to, self.at.desk.settlement_delay_seconds);
        if closes > self.at.now || !books::is_current(tx, &self.at.desk.books)? {
            return Ok(None);
        }
        let left = runs::take_over(tx, &run, &self.claim())?;
        let range = match left {
            Some(range) => Some(range),
            None => runs::take(tx, &run, self.size, &self.claim())?,
        };
        range.map(|it| self.taken(tx, it)).transpose()
    }

    /// Arrears have to be looked at after each range, whatever happens between.
    fn taken(&self, tx: &mut Tx<'_>, range: Range) -> Result<Range, Refusal> {
        jobs::ran(tx, Job::Arrears.as_str(), None)?;
        Ok(range)
    }

    /// Settles accounts in hand. `None`: the lease of them ended, and somebody else has them.
    pub fn settle(&self, tx: &mut Tx<'_>, range: &Range) -> Result<Option<Outcome>, Refusal> {
        match runs::hold(tx, range, &self.claim())? {
            Lease::Held => {}
            Lease::Others => return Ok(None),
        }
        let run = Run { cycle: range.cycle, posted: range.begun, watermark: self.at.now };
        let outcome = settle::settle(tx, self.at.desk, &range.accounts, run)?;
        runs::done(tx, range)?;
        Ok(Some(outcome))
    }
}

/// What somebody who helped did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Help {
    pub ranges: usize,
    pub accounts: usize,
    pub bills: usize,
    /// Who left ranges in hand that were taken over.
    pub left_by: Vec<String>,
}

/// Helps with the run that is open, if one is, for as long as a turn takes.
pub fn help(store: &Store, at: At<'_>, keeper: Keeper<'_>) -> Result<Help, Refusal> {
    let mut help = Help::default();
    let begun = (keeper.clock)();
    let taker = || Taker { at, name: keeper.holder, now: (keeper.clock)(), size: settle::BATCH };
    while !(keeper.is_ending)() && (keeper.clock)() <= later(begun, TURN_SECONDS) {
        if store.read(|tx| Ok::<_, Refusal>(runs::open(tx)?))?.is_none() {
            break;
        }
        let Some(range) = store.write(|tx| taker().help(tx))? else { break };
        help.left_by.extend(range.left_by.clone());
        if let Some(outcome) = store.write(|tx| taker().settle(tx, &range))? {
            help.ranges += 1;
            help.accounts += outcome.accounts;
            help.bills += outcome.bills;
        }
    }
    Ok(help)
}
