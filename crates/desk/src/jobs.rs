//! Jobs: what falls due at an instant, in the order of the rules.
//!
//! In:  a store, a desk, the instant. Out: everything due then is done, each item in a transaction of its own.
//! Invariant: hour run, day run, month run, arrears, life cycle, notices, deliveries, balance alert. Source: R-SET-6.
//! Invariant: an item that fails changes nothing and stops no other; who called decides whether it goes on.

use super::after::{self, Consequence};
use super::{Desk, Refusal, later, life, orders, settle, tasks};
use billing::settle::Run;
use std::collections::BTreeSet;
use store::{Store, Tx};
use units::{CycleKind, TaskId, Timestamp};

/// Tasks that fall due together are done so many in one transaction.
const TASKS: usize = 100;
/// For so long events can be read and sent again; what money follows from stays for ever.
const EVENTS_KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 90);

/// The next instant after which something falls due, if anything will.
pub fn next_due(store: &Store, desk: &Desk, now: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    store.read(|tx| {
        let mut due: Vec<Timestamp> = Vec::new();
        for (kind, from) in store::settlements::next(tx)? {
            due.push(later(desk.calendar.cycle(kind, from)?.to, desk.settlement_delay_seconds));
        }
        if !store::accounts::uneasy(tx, desk.calendar.cycle(CycleKind::Day, now)?.to)?.is_empty() {
            due.push(desk.calendar.cycle(CycleKind::Day, now)?.to);
        }
        due.extend(store::resources::next_due(tx)?);
        due.extend(store::tasks::next(tx)?);
        due.extend(store::orders::next_time_out(tx)?);
        if !store::packs::owners(tx)?.is_empty() {
            due.push(desk.calendar.cycle(CycleKind::Hour, now)?.to);
        }
        Ok(due.into_iter().min())
    })
}

/// What to do about an item that failed: `Err` stops, `Ok` goes on with the others.
pub type Spoiled<'a> = dyn FnMut(Refusal) -> Result<(), Refusal> + 'a;

/// Does everything that is due at `now`. `since` is when this was done last: hours that began after it are noted.
///
/// Errors: what `spoiled` says of items that fail.
pub fn run_due(
    store: &Store,
    desk: &Desk,
    (since, now): (Timestamp, Timestamp),
    spoiled: &mut Spoiled<'_>,
) -> Result<(), Refusal> {
    let mut settled = false;
    while let Some(cycle) = store.read(|tx| settle::next(tx, desk.at(now)))? {
        settle::run(store, desk, Run { cycle, posted: now, watermark: now }, settle::BATCH)?;
        settled = true;
    }
    let at = Instant { store, desk, now };
    let new_hour = desk.calendar.cycle(CycleKind::Hour, now)?.from > since;
    if settled || new_hour {
        // Whatever else moves money looks at the arrears of its account itself.
        at.each(
            |tx| Ok(store::accounts::restless(tx)?),
            |tx, it| after::look(tx, desk.at(now), *it, Consequence::Arrears(*it)),
            spoiled,
        )?;
    }
    at.each(|tx| Ok(store::resources::due(tx, now)?), |tx, it| at.live(tx, it), spoiled)?;
    let waits_too_long =
        |tx: &mut Tx<'_>| Ok(store::orders::next_time_out(tx)?.filter(|it| *it <= now).into_iter().collect());
    at.each(waits_too_long, |tx, _| orders::time_out(tx, desk.at(now)).map(drop), spoiled)?;
    if new_hour {
        at.each(
            |tx| Ok(store::packs::owners(tx)?),
            |tx, it| after::look(tx, desk.at(now), *it, Consequence::Remind(*it)),
            spoiled,
        )?;
    }
    at.tasks(spoiled)?;
    let today = desk.calendar.midnight_after(now, 0)?;
    if today > since {
        let old = now.checked_sub(EVENTS_KEPT).unwrap_or(Timestamp::MIN);
        let forgotten = store.write(|tx| Ok(store::events::drop_before(tx, old)?));
        forgotten.or_else(&mut *spoiled)?;
    }
    at.each(
        |tx| Ok(store::accounts::uneasy(tx, today)?),
        |tx, it| after::look(tx, desk.at(now), *it, Consequence::Alert(*it)),
        spoiled,
    )
}

/// What every item of one run works by.
struct Instant<'a> {
    store: &'a Store,
    desk: &'a Desk,
    now: Timestamp,
}

impl Instant<'_> {
    /// Reads what is due and does each item in its own transaction.
    fn each<T>(
        &self,
        due: impl Fn(&mut Tx<'_>) -> Result<Vec<T>, Refusal>,
        work: impl Fn(&mut Tx<'_>, &T) -> Result<(), Refusal>,
        spoiled: &mut Spoiled<'_>,
    ) -> Result<(), Refusal> {
        for it in self.store.read(|tx| due(tx))? {
            if let Err(refusal) = self.store.write(|tx| work(tx, &it)) {
                spoiled(refusal)?;
            }
        }
        Ok(())
    }

    /// A step of one resource may have changed another: each is read again.
    fn live(&self, tx: &mut Tx<'_>, found: &store::resources::StoredResource) -> Result<(), Refusal> {
        let read = store::resources::get(tx, found.resource.account, found.resource.id)?;
        match read.resource.due {
            Some(due) if due <= self.now => life::step(tx, self.desk.at(self.now), read),
            _ => Ok(()),
        }
    }

    /// Many tasks in one transaction; when one of them fails, each in its own.
    ///
    /// A delivery may ask for a release that is due at once: what is due is read again until nothing is new.
    fn tasks(&self, spoiled: &mut Spoiled<'_>) -> Result<(), Refusal> {
        let fall_due = |tx: &mut Tx<'_>, batch: &[TaskId]| tasks::fall_due(tx, self.desk.at(self.now), batch);
        let mut tried = BTreeSet::new();
        loop {
            let mut due = self.store.read(|tx| store::tasks::due(tx, self.now))?;
            due.retain(|it| tried.insert(*it));
            if due.is_empty() {
                return Ok(());
            }
            for batch in due.chunks(TASKS) {
                if self.store.write(|tx| fall_due(tx, batch)).is_ok() {
                    continue;
                }
                for one in batch.chunks(1) {
                    if let Err(refusal) = self.store.write(|tx| fall_due(tx, one)) {
                        spoiled(refusal)?;
                    }
                }
            }
        }
    }
}
