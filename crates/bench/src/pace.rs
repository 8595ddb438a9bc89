//! Loads: as fast as it goes, or so many per second whatever the server does.
//!
//! In:  what one request is, how many threads, for how long. Out: how many were done and how long each took.
//! Invariant: at a fixed rate the time of a request counts from when it was due, not from when a thread was free to
//! send it, so a server that stalls is charged for everybody who waits.

#[cfg(test)]
mod tests;

use anyhow::{Result, anyhow};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// No load has so many requests: the next number is set to it when a request fails, and all threads end.
const OVER: u64 = u64::MAX / 2;

/// What a load came to.
pub(super) struct Load {
    pub done: u64,
    pub elapsed: Duration,
    /// Of each request, ascending.
    took: Vec<Duration>,
}

/// How the requests follow one another.
#[derive(Clone, Copy)]
pub(super) enum Pace {
    /// The next when the last is answered, until the time is over.
    Closed(Duration),
    /// The next when the last is answered, until there were so many.
    Count(u64),
    /// So many per second, for so long.
    Open(u64, Duration),
}

/// Runs `threads` threads; `make(i)` makes what thread `i` needs, and what it made is called with the number of each
/// request. The first error ends its thread and becomes the result.
pub(super) fn run<F>(pace: Pace, threads: usize, make: impl Fn(usize) -> Result<F> + Sync) -> Result<Load>
where
    F: FnMut(u64) -> Result<()> + Send,
{
    let made = (0..threads).map(make).collect::<Result<Vec<F>>>()?;
    let next = AtomicU64::new(0);
    let start = Instant::now();
    let each: Vec<Result<Vec<Duration>>> = std::thread::scope(|scope| {
        let running: Vec<_> =
            made.into_iter().map(|one| scope.spawn(|| one_thread(pace, start, &next, one))).collect();
        running.into_iter().map(|it| it.join().unwrap_or_else(|_| Err(anyhow!("a thread broke")))).collect()
    });
    let elapsed = start.elapsed();
    let took = each.into_iter().collect::<Result<Vec<_>>>()?.concat();
    Ok(Load::new(took, elapsed))
}

fn one_thread(
    pace: Pace,
    start: Instant,
    next: &AtomicU64,
    mut one: impl FnMut(u64) -> Result<()>,
) -> Result<Vec<Duration>> {
    let mut took = Vec::new();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let Some(due) = due(pace, start, number) else { return Ok(took) };
        // A sleep of nothing where the request is late already.
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        one(number).inspect_err(|_| next.store(OVER, Ordering::Relaxed))?;
        took.push(due.elapsed());
    }
}

/// When request `number` is due; nothing if the load is over by then.
fn due(pace: Pace, start: Instant, number: u64) -> Option<Instant> {
    match pace {
        _ if number >= OVER => None,
        Pace::Closed(length) => (start.elapsed() < length).then(Instant::now),
        Pace::Count(all) => (number < all).then(Instant::now),
        Pace::Open(rate, length) => {
            let after = Duration::from_nanos(number.saturating_mul(1_000_000_000) / rate.max(1));
            (after < length).then(|| start + after)
        }
    }
}

impl Load {
    fn new(mut took: Vec<Duration>, elapsed: Duration) -> Load {
        took.sort_unstable();
        Load { done: took.len() as u64, elapsed, took }
    }

    /// The same, where what was begun ended later than its last answer.
    pub fn ended_after(self, elapsed: Duration) -> Load {
        Load { elapsed, ..self }
    }

    /// Requests per second.
    pub fn rate(&self) -> f64 {
        self.done as f64 / self.elapsed.as_secs_f64()
    }

    /// The time that so many per mille of the requests did not exceed.
    pub fn per_mille(&self, share: usize) -> Duration {
        let at = (self.took.len() * share).div_ceil(1_000).max(1) - 1;
        self.took.get(at).copied().unwrap_or_default()
    }

    pub fn longest(&self) -> Duration {
        self.took.last().copied().unwrap_or_default()
    }
}
