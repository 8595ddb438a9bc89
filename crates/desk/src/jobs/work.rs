//! What the jobs do.
//!
//! In:  a turn. Out: what is due is done, and noted when.
//! Invariant: at one instant in the order of `Job::ALL`; each item in a transaction of its own. Source: R-SET-6.

use super::job::{Chain, Job};
use super::ranges::Step;
use super::turn::{Failure, Halt, Spoiled, Turn, TurnEnd, failed};
use crate::after::{self, Consequence};
use crate::books::{self, Beginning};
use crate::corrections::prices;
use crate::resources::Own;
use crate::spending::Reach;
use crate::{
    Refusal, kept, letters, life, orders, price_notices, renewals, revenue, settle, statements, tasks,
    voucher_holds,
};
use billing::settle::Run;
use std::collections::BTreeSet;
use store::resources::StoredResource;
use store::{Tx, jobs};
use units::{AccountId, CycleKind, TaskId, Timestamp};

/// Tasks that fall due together are done so many in one transaction.
const TASKS: usize = 100;
/// For so long events can be read and sent again; what money follows from stays for ever.
const EVENTS_KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 90);

/// Does everything that is due, of all chains. Errors: what `spoiled` says of items that fail.
pub fn run_due(turn: &Turn<'_>, spoiled: &mut Spoiled<'_>) -> Result<TurnEnd, Failure> {
    run_jobs(turn, Job::ALL.into_iter(), spoiled)
}

/// Does what is due of one chain. Errors: what `spoiled` says of items that fail.
pub fn run(turn: &Turn<'_>, chain: Chain, spoiled: &mut Spoiled<'_>) -> Result<TurnEnd, Failure> {
    run_jobs(turn, chain.jobs(), spoiled)
}

fn run_jobs(
    turn: &Turn<'_>,
    jobs: impl Iterator<Item = Job>,
    spoiled: &mut Spoiled<'_>,
) -> Result<TurnEnd, Failure> {
    for job in jobs {
        match (Work { turn, job }).run(spoiled) {
            Ok(()) => {}
            Err(Halt::End(end)) => return Ok(end),
            Err(Halt::Failed(failure)) => return Err(failure),
        }
    }
    Ok(TurnEnd::Done)
}

/// One job in a turn.
struct Work<'a> {
    turn: &'a Turn<'a>,
    job: Job,
}

impl Work<'_> {
    fn run(&self, spoiled: &mut Spoiled<'_>) -> Result<(), Halt> {
        match self.job {
            Job::BeginBooks => self.begin_books(),
            Job::Corrections => self.corrections(),
            Job::Settle => self.settle(),
            Job::Renewals => self.renewals(spoiled),
            Job::Arrears => self.arrears(spoiled),
            Job::Life => self.life(spoiled),
            Job::TimeOuts => self.time_outs(spoiled),
            Job::Reminders => self.reminders(spoiled),
            Job::Budgets => self.budgets(spoiled),
            Job::Statements => self.statements(),
            Job::Deliveries => self.deliveries(spoiled),
            Job::OldEvents => self.old_events(spoiled),
            Job::Alerts => self.alerts(spoiled),
            Job::PriceNotices => self.price_notices(),
            Job::BillSums => self.bill_sums(spoiled),
        }
    }

    /// Reads what is due and does each item in its own transaction. Returns how many there were.
    fn each<T>(
        &self,
        due: impl Fn(&mut Tx<'_>) -> Result<Vec<T>, Refusal>,
        work: impl Fn(&mut Tx<'_>, &T) -> Result<(), Refusal>,
        spoiled: &mut Spoiled<'_>,
    ) -> Result<usize, Halt> {
        let found = self.turn.read(self.job, due)?;
        for it in &found {
            self.turn.go_on(self.job)?;
            self.item(|tx| work(tx, it), spoiled)?;
        }
        Ok(found.len())
    }

    /// One item. A lease that ended is no failure of the item.
    fn item(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<(), Refusal>,
        spoiled: &mut Spoiled<'_>,
    ) -> Result<(), Halt> {
        match self.turn.write(self.job, work) {
            Ok(()) => Ok(()),
            Err(Halt::Failed(failure)) => spoiled(failure).map_err(Halt::Failed),
            Err(Halt::End(end)) => Err(Halt::End(end)),
        }
    }

    /// Notes that the job did something, to the second: what is due at once may be due a hundred times in one.
    fn did(&self, items: usize) -> Result<(), Halt> {
        if items == 0 {
            return Ok(());
        }
        let (last, now) = (self.turn.last(self.job)?, self.turn.at.now);
        let is_noted = last.is_some_and(|it| it.as_second() == now.as_second());
        if is_noted { Ok(()) } else { self.turn.ran(self.job) }
    }

    /// A turn works by the books that it was given: where one of them does not begin, it ends.
    fn begin_books(&self) -> Result<(), Halt> {
        let at = self.turn.at;
        let due = self.turn.read(self.job, |tx| Ok(store::books::to_begin(tx, at.now)?))?;
        for id in &due {
            let beginning = self.turn.write(self.job, |tx| books::begin(tx, at, *id))?;
            if beginning == Beginning::Withheld {
                self.did(1)?;
                return Err(Halt::End(TurnEnd::BookWithheld));
            }
        }
        self.did(due.len())
    }

    /// Corrections of prices, so many accounts in each transaction.
    fn corrections(&self) -> Result<(), Halt> {
        let (at, mut done) = (self.turn.at, 0);
        while self.turn.write(self.job, |tx| prices::part(tx, at))?.is_some() {
            done += 1;
            self.turn.go_on(self.job)?;
        }
        self.did(done)
    }

    /// Every cycle that is closed: with other nodes where there may be some, else alone.
    fn settle(&self) -> Result<(), Halt> {
        if self.turn.taker().is_none() {
            return self.settle_alone();
        }
        while let Some(taker) = self.turn.taker() {
            match self.turn.write(self.job, |tx| taker.lead(tx))? {
                Step::Settle(range) => {
                    // Accounts whose lease ended meanwhile are in other hands.
                    self.turn.write(self.job, |tx| {
                        self.turn.taker().map_or(Ok(None), |it| it.settle(tx, &range))
                    })?;
                    self.turn.go_on(self.job)?;
                }
                Step::OthersAtIt => return Err(Halt::End(TurnEnd::OthersAtIt)),
                Step::Done => break,
            }
        }
        Ok(())
    }

    /// Batch after batch. Arrears have to be looked at after each, whatever happens between.
    fn settle_alone(&self) -> Result<(), Halt> {
        let (at, mut settled) = (self.turn.at, 0);
        while let Some(cycle) = self.turn.read(self.job, |tx| settle::next(tx, at))? {
            let run = Run { cycle, posted: at.now, watermark: at.now };
            let mut part = settle::Part::first(settle::BATCH);
            while let Some((rest, _)) = self.turn.write(self.job, |tx| {
                jobs::ran(tx, Job::Arrears.as_str(), None)?;
                settle::part(tx, at.desk, run, &part)
            })? {
                part = rest;
                settled += 1;
                self.turn.go_on(self.job)?;
            }
        }
        self.did(settled)
    }

    /// Whatever else moves money looks at the arrears of its account itself.
    fn arrears(&self, spoiled: &mut Spoiled<'_>) -> Result<(), Halt> {
        if !self.turn.is_new(self.job, CycleKind::Hour)? {
            return Ok(());
        }
        let at = self.turn.at;
        self.each(
            |tx| Ok(store::accounts::restless(tx)?),
            |tx, it| after::look(tx, at, *it, Consequence::Arrears(*it)),
            spoiled,
        )?;
        self.turn.ran(self.job)
    }

    /// Behind the settlement and before arrears are looked at: a bill goes before a renewal. Source: R-SET-6.
    ///
    /// In the order of time: what was missed while nothing ran is made up for month by month, before the lives end at their deadlines.
    fn renewals(&self, spoiled: &mut Spoiled<'_>) -> Result<(), Halt> {
        let (at, mut done) = (self.turn.at, 0);
        let mut due = self.turn.read(self.job, |tx| Ok(store::resources::renewals_due(tx, at.now)?))?;
        while let Some((_, id, account)) = due.pop_first() {
            self.turn.go_on(self.job)?;
            match self.turn.write(self.job, |tx| renewals::fall_due(tx, at, Own { account, id })) {
                Ok(again) => due.extend(again.map(|it| (it, id, account))),
                Err(Halt::Failed(failure)) => spoiled(failure).map_err(Halt::Failed)?,
                Err(Halt::End(end)) => return Err(Halt::End(end)),
            }
            done += 1;
        }
        self.did(done)
    }

    fn life(&self, spoiled: &mut Spoiled<'_>) -> Result<(), Halt> {
        let now = self.turn.at.now;
        let stepped =
            self.each(|tx| Ok(store::resources::due(tx, now)?), |tx, it| self.live(tx, it), spoiled)?;
        self.did(stepped)
    }

    /// A step of one resource may have changed another: each is read again.
    fn live(&self, tx: &mut Tx<'_>, found: &StoredResource) -> Result<(), Refusal> {
        let at = self.turn.at;
        let read = store::resources::get(tx, found.resource.account, found.resource.id)?;
        match read.resource.due {
            Some(due) if due <= at.now => life::step(tx, at, read),
            Some(_) | None => Ok(()),
        }
    }

    fn time_outs(&self, spoiled: &mut Spoiled<'_>) -> Result<(), Halt> {
        let at = self.turn.at;
        let wait_too_long = |tx: &mut Tx<'_>| {
            let first = store::orders::next_time_out(tx)?;
            Ok(first.filter(|it| *it <= at.now).into_iter().collect())
        };
        let over = self.each(wait_too_long, |tx, _| orders::time_out(tx, at).map(drop), spoiled)?;
        self.did(over)
    }

    /// At full hours, behind the settlement of them: accounts without a budget cost nothing, nor does a settlement. Who shared what is
    /// read by the first one of a day alone.
    fn budgets(&self, spoiled: &mut Spoiled<'_>) -> Result<(), Halt> {
        if !self.turn.is_new(self.job, CycleKind::Hour)? {
            return Ok(());
        }
        let at = self.turn.at;
        let is_first = self.turn.is_new(self.job, CycleKind::Day)?;
        let reach = if is_first { Reach::Shares } else { Reach::Rows };
        self.each(
            |tx| Ok(store::budgets::owners(tx)?),
            |tx, it| after::look(tx, at, *it, Consequence::Budgets(*it, reach)),
            spoiled,
        )?;
        self.turn.ran(self.job)
    }

    /// Of months that became final since it ran last, and of those that are settled late; so many accounts in each transaction.
    fn statements(&self) -> Result<(), Halt> {
        let at = self.turn.at;
        let last = self.turn.last(self.job)?.unwrap_or(Timestamp::UNIX_EPOCH);
        let months = self.turn.read(self.job, |tx| statements::since(tx, at, last))?;
        for month in &months {
            let mut rest = Some(String::new());
            while let Some(after) = rest {
                rest = self.turn.write(self.job, |tx| statements::part(tx, at, month, &after))?;
                self.turn.go_on(self.job)?;
            }
        }
        while self.turn.write(self.job, |tx| statements::late(tx, at))? {
            self.turn.go_on(self.job)?;
        }
        if months.is_empty() { Ok(()) } else { self.turn.ran(self.job) }
    }

    fn reminders(&self, spoiled: &mut Spoiled<'_>) -> Result<(), Halt> {
        if !self.turn.is_new(self.job, CycleKind::Hour)? {
            return Ok(());
        }
        let at = self.turn.at;
        self.each(
            |tx| {
                let mut all: BTreeSet<AccountId> = store::packs::owners(tx)?.into_iter().collect();
                all.extend(voucher_holds::ending_soon(tx, at.now)?);
                Ok(all.into_iter().collect())
            },
            |tx, it| after::look(tx, at, *it, Consequence::Remind(*it)),
            spoiled,
        )?;
        self.turn.ran(self.job)
    }

    /// Many tasks in one transaction; when one of them fails, each in its own.
    ///
    /// A delivery may ask for a release that is due at once: what is due is read again until nothing is new.
    fn deliveries(&self, spoiled: &mut Spoiled<'_>) -> Result<(), Halt> {
        let at = self.turn.at;
        let fall_due = |tx: &mut Tx<'_>, batch: &[TaskId]| tasks::fall_due(tx, at, batch);
        let mut tried = BTreeSet::new();
        loop {
            let mut due = self.turn.read(self.job, |tx| Ok(store::tasks::due(tx, at.now)?))?;
            due.retain(|it| tried.insert(*it));
            if due.is_empty() {
                return self.did(tried.len());
            }
            for batch in due.chunks(TASKS) {
                self.turn.go_on(self.job)?;
                match self.turn.write(self.job, |tx| fall_due(tx, batch)) {
                    Ok(()) => continue,
                    Err(Halt::Failed(_)) => {}
                    Err(Halt::End(end)) => return Err(Halt::End(end)),
                }
                for one in batch.chunks(1) {
                    self.item(|tx| fall_due(tx, one), spoiled)?;
                }
            }
        }
    }

    fn old_events(&self, spoiled: &mut Spoiled<'_>) -> Result<(), Halt> {
        if !self.turn.is_new(self.job, CycleKind::Day)? {
            return Ok(());
        }
        let old = self.turn.at.now.checked_sub(EVENTS_KEPT).unwrap_or(Timestamp::MIN);
        let now = self.turn.at.now;
        let tidy = |tx: &mut Tx<'_>| {
            store::events::drop_before(tx, old)?;
            letters::forget(tx, old, now)
        };
        self.item(tidy, spoiled)?;
        self.turn.ran(self.job)
    }

    fn alerts(&self, spoiled: &mut Spoiled<'_>) -> Result<(), Halt> {
        let at = self.turn.at;
        let today = at.desk.calendar.cycle(CycleKind::Day, at.now);
        let today = today.map_err(|it| failed(self.job, it.into()))?.from;
        let is_new = self.turn.is_new(self.job, CycleKind::Day)?;
        let told = self.each(
            |tx| Ok(store::accounts::uneasy(tx, today)?),
            |tx, it| after::look(tx, at, *it, Consequence::Alert(*it)),
            spoiled,
        )?;
        if is_new { self.turn.ran(self.job) } else { self.did(told) }
    }

    /// So many customers in each transaction.
    fn price_notices(&self) -> Result<(), Halt> {
        let (at, mut done) = (self.turn.at, 0);
        while self.turn.write(self.job, |tx| price_notices::part(tx, at))?.is_some() {
            done += 1;
            self.turn.go_on(self.job)?;
        }
        self.did(done)
    }

    /// So many bills in each transaction, until no account is due.
    fn bill_sums(&self, spoiled: &mut Spoiled<'_>) -> Result<(), Halt> {
        let (at, mut done) = (self.turn.at, 0);
        loop {
            let due = self.turn.read(self.job, |tx| kept::due(tx, at))?;
            let looked = match self.turn.write(self.job, |tx| kept::roll_up(tx, at, &due)) {
                Ok(looked) => looked,
                Err(Halt::Failed(_)) => self.one_by_one(&due, spoiled)?,
                Err(Halt::End(end)) => return Err(Halt::End(end)),
            };
            if looked == 0 {
                return self.revenue(done);
            }
            done += looked;
            self.turn.go_on(self.job)?;
        }
    }

    /// So much news in each transaction, until none is due; `done` says what the job did before.
    fn revenue(&self, mut done: usize) -> Result<(), Halt> {
        loop {
            match self.turn.write(self.job, |tx| revenue::fold(tx, self.turn.at))? {
                0 => return self.did(done),
                some => done += some,
            }
            self.turn.go_on(self.job)?;
        }
    }

    /// Rolls up accounts each for itself; whichever cannot be is put off, so that it keeps nobody else waiting.
    fn one_by_one(&self, due: &BTreeSet<AccountId>, spoiled: &mut Spoiled<'_>) -> Result<usize, Halt> {
        let at = self.turn.at;
        for account in due {
            let alone = BTreeSet::from([*account]);
            match self.turn.write(self.job, |tx| kept::roll_up(tx, at, &alone)) {
                Ok(_) => {}
                Err(Halt::Failed(failure)) => {
                    self.turn.write(self.job, |tx| kept::put_off(tx, at, *account))?;
                    spoiled(failure).map_err(Halt::Failed)?;
                }
                Err(Halt::End(end)) => return Err(Halt::End(end)),
            }
        }
        Ok(due.len())
    }
}
