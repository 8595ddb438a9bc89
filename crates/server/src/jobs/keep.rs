//! Keeping up with time: the loop of a server, and the leaps of a test clock.
//!
//! In:  the server's state. Out: what falls due is done, by one node at a time.
//! Invariant: within one process one run at a time; among nodes, whoever holds the lease.

use super::{next_due, run_due};
use crate::api::Till;
use crate::desk::{Desk, Refusal, later};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use store::clock::Lease;
use units::Timestamp;

/// The longest pause between two looks at what is due.
const PAUSE: Duration = Duration::from_secs(1);
/// The shortest pause, while others come in.
const GATHER: Duration = Duration::from_millis(10);
const LEASE_SECONDS: u64 = 15;

/// When the jobs of this process were done last; held while they run.
pub struct Last(Mutex<Timestamp>);

impl Default for Last {
    fn default() -> Last {
        Last(Mutex::new(Timestamp::UNIX_EPOCH))
    }
}

/// Does what falls due until the server ends.
pub async fn keep(till: Till) {
    let holder = crate::api::fresh("node");
    loop {
        let name = holder.clone();
        let done = till.blocking(move |till| tick(till, &name)).await;
        if let Err(problem) = done {
            tracing::error!(code = problem.code, "jobs: {}", problem.detail);
            tokio::time::sleep(PAUSE).await;
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            // What else comes in within this time is done with it.
            () = till.stirred() => tokio::time::sleep(GATHER).await,
            () = till.stopped() => break,
        }
    }
    let done = till.blocking(move |till| {
        till.store().write(|tx| Ok::<_, Refusal>(store::clock::release(tx, "jobs", &holder)?))
    });
    if let Err(problem) = done.await {
        tracing::warn!("jobs: the lease was not given back: {}", problem.detail);
    }
}

fn tick(till: &Till, holder: &str) -> Result<(), Refusal> {
    let mut last = till.last_run().0.lock().unwrap_or_else(PoisonError::into_inner);
    let now = till.clock().now();
    let until = later(now, LEASE_SECONDS);
    let lease =
        till.store().write(|tx| Ok::<_, Refusal>(store::clock::claim(tx, ("jobs", holder), until, now)?))?;
    refresh(till)?;
    let desk = till.desk();
    let due = next_due(till.store(), &desk, *last)?.is_some_and(|it| it <= now);
    if lease == Lease::Others || !due {
        return Ok(());
    }
    run_due(till.store(), &desk, (*last, now), &mut |refusal| {
        tracing::error!(code = refusal.code(), "jobs: {refusal}");
        metrics::counter!("till_jobs_failed_total", "code" => refusal.code()).increment(1);
        Ok(())
    })?;
    *last = now;
    Ok(())
}

/// Price books that were applied or taken back elsewhere come into force here.
pub(crate) fn refresh(till: &Till) -> Result<(), Refusal> {
    let there = till.store().read(|tx| Ok::<_, Refusal>(store::books::ids(tx)?))?;
    let desk = till.desk();
    if !desk.books.all().iter().map(|it| it.id).eq(there) {
        reload(till)?;
    }
    Ok(())
}

/// Reads the price books again.
pub fn reload(till: &Till) -> Result<(), Refusal> {
    let fresh = till.store().read(Desk::open)?;
    let desk = Desk { books: fresh.books, calendar: fresh.calendar, ..Desk::clone(&till.desk()) };
    till.replace_desk(desk);
    Ok(())
}

/// Moves a test clock to `to`, doing on the way what falls due, in its order. The first failure stops it.
pub fn advance(till: &Till, to: Timestamp) -> Result<(), Refusal> {
    let mut last = till.last_run().0.lock().unwrap_or_else(PoisonError::into_inner);
    let desk = till.desk();
    let mut now = till.clock().now();
    while let Some(due) = next_due(till.store(), &desk, now)?.filter(|it| *it <= to) {
        now = due.max(now);
        stand(till, now)?;
        run_due(till.store(), &desk, (*last, now), &mut Err)?;
        *last = now;
    }
    stand(till, to)
}

/// The clock stands at `now`, also after a restart.
fn stand(till: &Till, now: Timestamp) -> Result<(), Refusal> {
    till.store().write(|tx| Ok::<_, Refusal>(store::clock::set(tx, now)?))?;
    till.clock().set(now);
    Ok(())
}
