//! Jobs: what falls due at an instant, in the order of the rules.
//!
//! In:  a store, a desk, the instant. Out: everything due then is done.
//! Invariant: hour run, day run, month run, arrears, life cycle, notices, deliveries, balance alert. Source: R-SET-6.

use crate::desk::{Desk, Refusal, accounts, arrears, later, life, orders, packs, settle, tasks};
use billing::settle::Run;
use store::{Store, Tx};
use units::{CycleKind, Timestamp};

/// Tasks that fall due together are taken so many at a time.
pub const TASKS: u32 = 50;

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

/// Does everything that is due at `now`.
pub fn run_due(store: &Store, desk: &Desk, now: Timestamp) -> Result<(), Refusal> {
    while let Some(cycle) = store.read(|tx| settle::next(tx, desk, now))? {
        settle::run(store, desk, Run { cycle, posted: now, watermark: now }, settle::BATCH)?;
    }
    store.write(|tx| at_instant(tx, desk, now))
}

fn at_instant(tx: &mut Tx<'_>, desk: &Desk, now: Timestamp) -> Result<(), Refusal> {
    for account in store::accounts::restless(tx)? {
        arrears::evaluate(tx, desk, account, now)?;
    }
    for read in store::resources::due(tx, now)? {
        // A step of one resource may have changed another: each is read again.
        let read = store::resources::get(tx, read.resource.account, read.resource.id)?;
        if read.resource.due.is_some_and(|it| it <= now) {
            life::step(tx, desk, read, now)?;
        }
    }
    orders::time_out(tx, now)?;
    if desk.calendar.cycle(CycleKind::Hour, now)?.from == now {
        for account in store::packs::owners(tx)? {
            packs::remind(tx, desk, account, now)?;
        }
    }
    loop {
        // A delivery may ask for a release that is due at once.
        let due = store::tasks::due(tx, now, TASKS)?;
        if due.is_empty() {
            break;
        }
        for task in due {
            tasks::fall_due(tx, desk, task, now)?;
        }
    }
    let today = desk.calendar.midnight_after(now, 0)?;
    for account in store::accounts::uneasy(tx, today)? {
        accounts::alert(tx, desk, account, now)?;
    }
    Ok(())
}
