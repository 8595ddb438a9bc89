//! What every handler shares: the store, the desk, the clock, who may call how often.
//!
//! In:  closures over a transaction. Out: their results, from a thread that may block.
//! Invariant: one closure, one transaction, one instant.

use super::clock::Clock;
use super::known::KnownKeys;
use super::limit::{Limiter, Limits};
use super::problem::Problem;
use super::pulse::Pulse;
use billing::when;
use desk::{At, Desk, Refusal};
use std::any::Any;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use store::engine::REPORTS_AT_ONCE;
use store::{Store, Tx};
use tokio::sync::{Notify, Semaphore, watch};
use units::Timestamp;

/// Transactions that run at once. More would only wait for one another.
const AT_ONCE: usize = 16;

/// Documents that are drawn at once: each takes a core for as long as it lasts.
const DRAWN_AT_ONCE: usize = 2;

/// What a handler has made, and what makes it, without their types.
type Made = Box<dyn Any + Send>;
type Work = Box<dyn FnOnce(&Node) -> Made + Send>;

/// The server's state; cheap to clone.
#[derive(Clone)]
pub struct Node(Arc<Inner>);

struct Inner {
    store: Arc<Store>,
    desk: RwLock<Arc<Desk>>,
    clock: Clock,
    slots: Semaphore,
    /// Reports that run at once, beside those.
    reports: Semaphore,
    /// Documents that are drawn, beside both.
    drawings: Semaphore,
    known_keys: KnownKeys,
    limiter: Limiter,
    /// One audit at a time.
    audits: Arc<Semaphore>,
    /// How often something may have fallen due.
    due: watch::Sender<u64>,
    /// A task was opened.
    tasks: Notify,
    /// Read while jobs run in this process, written while a test clock leaps.
    jobs: RwLock<()>,
    stop: watch::Sender<bool>,
    pulse: Pulse,
}

impl Node {
    pub fn new(store: Arc<Store>, desk: Desk, clock: Clock, limits: Limits) -> Node {
        Node(Arc::new(Inner {
            store,
            desk: RwLock::new(Arc::new(desk)),
            clock,
            slots: Semaphore::new(AT_ONCE),
            reports: Semaphore::new(REPORTS_AT_ONCE),
            drawings: Semaphore::new(DRAWN_AT_ONCE),
            known_keys: KnownKeys::default(),
            limiter: Limiter::new(limits),
            audits: Arc::new(Semaphore::new(1)),
            due: watch::Sender::new(0),
            tasks: Notify::new(),
            jobs: RwLock::new(()),
            stop: watch::Sender::new(false),
            pulse: Pulse::default(),
        }))
    }

    pub fn store(&self) -> &Arc<Store> {
        &self.0.store
    }

    /// The price books and the calendar as they stand.
    pub fn desk(&self) -> Arc<Desk> {
        self.0.desk.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts newly applied price books in force.
    pub fn replace_desk(&self, desk: Desk) {
        *self.0.desk.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(desk);
    }

    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// What time it is for what `tx` is about to write.
    ///
    /// Errors: `ClockBehind` for a clock by which nothing may be written; `OtherInstallation` for a node whose key is not
    /// that of the installation any more.
    pub fn now_to_write(&self, tx: &mut Tx<'_>) -> Result<Timestamp, Refusal> {
        let now = self.clock().now();
        desk::settled::check_node(tx, self.desk().at(now))?;
        Ok(now)
    }

    /// Keys that called lately.
    pub fn known_keys(&self) -> &KnownKeys {
        &self.0.known_keys
    }

    /// How often each actor and each account may call.
    pub fn limiter(&self) -> &Limiter {
        &self.0.limiter
    }

    /// One audit at a time.
    pub fn audits(&self) -> &Arc<Semaphore> {
        &self.0.audits
    }

    /// Held while a chain of jobs has its turn in this process.
    pub fn working(&self) -> RwLockReadGuard<'_, ()> {
        self.0.jobs.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Held while a test clock leaps: no job runs beside it in this process.
    pub fn alone(&self) -> RwLockWriteGuard<'_, ()> {
        self.0.jobs.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Price books that were applied or taken back elsewhere come into force here.
    pub fn refresh(&self) -> Result<(), Refusal> {
        let desk = self.desk();
        if !self.store().read(|tx| desk::books::is_current(tx, &desk.books))? {
            self.reload()?;
        }
        Ok(())
    }

    /// Reads the price books that are new here, and forgets those that are gone.
    pub fn reload(&self) -> Result<(), Refusal> {
        let desk = self.desk();
        let books = self.store().read(|tx| desk::books::all(tx, &desk.books))?;
        let calendar = desk::books::calendar(&books)?;
        self.replace_desk(Desk { books, calendar, ..Desk::clone(&desk) });
        Ok(())
    }

    /// Asks everybody who waits to end.
    pub fn stop(&self) {
        self.0.stop.send_replace(true);
    }

    /// Whether the server is asked to end.
    pub fn is_stopping(&self) -> bool {
        *self.0.stop.borrow()
    }

    /// Waits until the server is asked to end.
    pub async fn stopped(&self) {
        let mut stop = self.0.stop.subscribe();
        // The sender lives as long as the till does: waiting cannot fail.
        let _ = stop.wait_for(|it| *it).await;
    }

    /// How long ago the jobs of this node went on.
    pub fn pulse(&self) -> &Pulse {
        &self.0.pulse
    }

    /// Wakes whoever does the jobs.
    pub fn stir(&self) {
        self.0.due.send_modify(|it| *it = it.wrapping_add(1));
        self.0.tasks.notify_waiters();
    }

    /// Changes whenever something may have fallen due.
    pub fn stirs(&self) -> watch::Receiver<u64> {
        self.0.due.subscribe()
    }

    /// Waits until a task may have been opened on this node.
    pub async fn task_opened(&self) {
        self.0.tasks.notified().await;
    }

    /// Runs `work` where blocking is allowed, at most so many at once.
    pub fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Node) -> Result<T, Refusal> + Send + 'static,
    ) -> impl Future<Output = Result<T, Problem>> + Send {
        self.in_slot(&self.0.slots, work)
    }

    /// Draws, without a transaction, beside what reads and writes.
    pub fn drawing<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Node) -> Result<T, Refusal> + Send + 'static,
    ) -> impl Future<Output = Result<T, Problem>> + Send {
        self.in_slot(&self.0.drawings, work)
    }

    async fn in_slot<T: Send + 'static>(
        &self,
        slots: &Semaphore,
        work: impl FnOnce(&Node) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Problem> {
        let done = self.off_the_loop(slots, Box::new(move |node| Box::new(work(node)))).await?;
        let done = done.downcast::<Result<T, Refusal>>().map_err(|_| Problem::internal())?;
        (*done).map_err(|refusal| self.problem(refusal))
    }

    /// The problem of a refusal, with its instants as people read them.
    pub fn problem(&self, refusal: Refusal) -> Problem {
        let problem = Problem::from(refusal);
        let detail = when::instants(&problem.detail, &self.desk().calendar);
        Problem { detail, ..problem }
    }

    /// Without the types of what is done and of what it gives, so that it is compiled once and not once for each handler.
    async fn off_the_loop(&self, slots: &Semaphore, work: Work) -> Result<Made, Problem> {
        let _slot = slots.acquire().await.map_err(|_| Problem::internal())?;
        let node = self.clone();
        let span = tracing::Span::current();
        let done = tokio::task::spawn_blocking(move || span.in_scope(|| work(&node))).await;
        done.map_err(|error| {
            tracing::error!("a request panicked: {error}");
            Problem::internal()
        })
    }

    /// Reads a few rows.
    pub fn read<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Tx<'_>, At<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> impl Future<Output = Result<T, Problem>> + Send {
        self.blocking(move |node| {
            let desk = node.desk();
            node.store().read(|tx| work(tx, desk.at(node.clock().now())))
        })
    }

    /// Reads what goes over many rows, beside the short operations.
    pub fn report<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Tx<'_>, At<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> impl Future<Output = Result<T, Problem>> + Send {
        let work = move |node: &Node| {
            let desk = node.desk();
            node.store().report(|tx| work(tx, desk.at(node.clock().now())))
        };
        self.in_slot(&self.0.reports, work)
    }

    /// What would come of a write, which is not kept.
    pub fn rehearse<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Tx<'_>, At<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> impl Future<Output = Result<T, Problem>> + Send {
        self.blocking(move |node| {
            let desk = node.desk();
            node.store().rehearse(|tx| work(tx, desk.at(node.clock().now())))
        })
    }

    /// Writes outside of any idempotency and without a note: what has an identity of its own.
    pub async fn write<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Tx<'_>, At<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Problem> {
        let done = self
            .blocking(move |node| {
                let desk = node.desk();
                node.store().write(|tx| {
                    let now = node.now_to_write(tx)?;
                    work(tx, desk.at(now))
                })
            })
            .await;
        self.stir();
        done
    }
}
