//! When jobs fall due.
//!
//! In:  a store, the instant. Out: whether something is due, or when it will be.
//! Invariant: looking changes nothing, so that every node may look.

use super::job::{Chain, Job};
use crate::{At, Desk, Refusal, later, revenue, statements, voucher_holds};
use store::{Store, Tx, jobs};
use units::{CycleKind, Timestamp};

/// The next instant after `now` at which something falls due, if anything will. What only tidies up stops no clock.
pub fn next_due(store: &Store, desk: &Desk, now: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    store.read(|tx| {
        let mut due: Vec<Timestamp> = Vec::new();
        for job in Job::ALL.into_iter().filter(|it| !it.chain().only_tidies()) {
            due.extend(next(tx, desk, job, now)?);
        }
        Ok(due.into_iter().min())
    })
}

/// Whether a chain has something to do.
pub fn is_due(store: &Store, chain: Chain, at: At<'_>) -> Result<bool, Refusal> {
    store.read(|tx| {
        let rows = jobs::all(tx)?;
        for job in chain.jobs() {
            let row = rows.iter().find(|it| it.name == job.as_str());
            let last = row.map_or(Some(Timestamp::UNIX_EPOCH), |it| it.last);
            let due = match last {
                Some(last) => next(tx, at.desk, job, last)?,
                None => Some(at.now),
            };
            if due.is_some_and(|it| it <= at.now) {
                return Ok(true);
            }
        }
        Ok(false)
    })
}

/// For how many seconds something is due that a job did not do yet: 0 when nothing is.
pub fn late(tx: &mut Tx<'_>, at: At<'_>) -> Result<Vec<(Job, u64)>, Refusal> {
    let (rows, mut all) = (jobs::all(tx)?, Vec::new());
    for job in Job::ALL {
        let row = rows.iter().find(|it| it.name == job.as_str());
        // What never ran, or has to run again, is due now.
        let last = row.and_then(|it| it.last).unwrap_or(at.now);
        let due = next(tx, at.desk, job, last)?;
        let seconds = due.map_or(0, |it| at.now.as_second() - it.as_second());
        all.push((job, u64::try_from(seconds).unwrap_or(0)));
    }
    Ok(all)
}

/// When a job that ran at `last` falls due. What follows others alone has no time of its own.
fn next(tx: &mut Tx<'_>, desk: &Desk, job: Job, last: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    let end = |kind: CycleKind| desk.calendar.cycle(kind, last).map(|it| it.to);
    match job {
        Job::BeginBooks => Ok(store::books::next_begin(tx)?),
        Job::Corrections => Ok(store::corrections::prices::pending(tx)?.map(|_| last)),
        Job::Settle => next_close(tx, desk),
        Job::Renewals => Ok(store::resources::next_renewal(tx)?),
        Job::Arrears => Ok(None),
        Job::Life => Ok(store::resources::next_due(tx)?),
        Job::TimeOuts => Ok(store::orders::next_time_out(tx)?),
        Job::Reminders => match store::packs::owners(tx)?.is_empty() {
            true => voucher_holds::next_ending(tx, &desk.calendar, last),
            false => Ok(Some(end(CycleKind::Hour)?)),
        },
        Job::Budgets => match store::budgets::any(tx)? {
            true => Ok(Some(end(CycleKind::Hour)?)),
            false => Ok(None),
        },
        Job::Statements => statements::next(tx, desk, last),
        Job::Deliveries => Ok(store::tasks::next(tx)?),
        Job::OldEvents => Ok(Some(end(CycleKind::Day)?)),
        Job::Alerts => {
            let tomorrow = end(CycleKind::Day)?;
            let is_somebody_uneasy = !store::accounts::uneasy(tx, tomorrow)?.is_empty();
            Ok(is_somebody_uneasy.then_some(tomorrow))
        }
        Job::PriceNotices => Ok(store::price_notices::pending(tx)?.map(|_| last)),
        Job::BillSums => {
            let revenue = revenue::next_due(tx, desk)?;
            Ok(store::bills::kept::next_due(tx)?.into_iter().chain(revenue).min())
        }
    }
}

/// When the next cycle that somebody waits for is closed.
fn next_close(tx: &mut Tx<'_>, desk: &Desk) -> Result<Option<Timestamp>, Refusal> {
    let mut due: Vec<Timestamp> = Vec::new();
    for (kind, from) in store::settlements::next(tx)? {
        due.push(later(desk.calendar.cycle(kind, from)?.to, desk.settlement_delay_seconds));
    }
    Ok(due.into_iter().min())
}
