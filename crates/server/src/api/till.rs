//! What every handler shares: the store, the desk, the clock, who may call how often.
//!
//! In:  closures over a transaction. Out: their results, from a thread that may block.
//! Invariant: one closure, one transaction, one instant. A write is noted in the audit log in its own transaction.

use super::authorize::Questions;
use super::buy::Purchases;
use super::call::{Call, Given, Kept, Reply};
use super::problem::Problem;
use super::quotes::Quotes;
use crate::clock::Clock;
use crate::desk::{Desk, Refusal, journal};
use crate::jobs::keep::Last;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::sync::{Arc, PoisonError, RwLock};
use store::{Store, Tx, Writes, answers};
use tokio::sync::{Notify, Semaphore, watch};
use units::Timestamp;

/// Transactions that run at once. More would only wait for one another.
const AT_ONCE: usize = 16;

/// The server's state; cheap to clone.
#[derive(Clone)]
pub struct Till(Arc<Inner>);

struct Inner {
    store: Arc<Store>,
    desk: RwLock<Arc<Desk>>,
    clock: Clock,
    slots: Semaphore,
    callers: super::caller::Callers,
    purchases: Purchases,
    questions: Questions,
    quotes: Quotes,
    /// One audit at a time.
    audits: Arc<Semaphore>,
    /// Something may have fallen due.
    due: Notify,
    /// A task was opened.
    tasks: Notify,
    last: Last,
    stop: watch::Sender<bool>,
}

impl Till {
    pub fn new(store: Arc<Store>, desk: Desk, clock: Clock, requests_per_second: u32) -> Till {
        Till(Arc::new(Inner {
            store,
            desk: RwLock::new(Arc::new(desk)),
            clock,
            slots: Semaphore::new(AT_ONCE),
            callers: super::caller::Callers::new(requests_per_second),
            purchases: Purchases::default(),
            questions: Questions::default(),
            quotes: Quotes::default(),
            audits: Arc::new(Semaphore::new(1)),
            due: Notify::new(),
            tasks: Notify::new(),
            last: Last::default(),
            stop: watch::Sender::new(false),
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

    pub(super) fn callers(&self) -> &super::caller::Callers {
        &self.0.callers
    }

    pub(super) fn audits(&self) -> &Arc<Semaphore> {
        &self.0.audits
    }

    pub(super) fn purchases(&self) -> &Purchases {
        &self.0.purchases
    }

    pub(super) fn quotes(&self) -> &Quotes {
        &self.0.quotes
    }

    pub(super) fn questions(&self) -> &Questions {
        &self.0.questions
    }

    /// When the jobs were done last.
    pub fn last_run(&self) -> &Last {
        &self.0.last
    }

    /// Asks everybody who waits to end.
    pub fn stop(&self) {
        self.0.stop.send_replace(true);
    }

    /// Waits until the server is asked to end.
    pub async fn stopped(&self) {
        let mut stop = self.0.stop.subscribe();
        // The sender lives as long as the till does: waiting cannot fail.
        let _ = stop.wait_for(|it| *it).await;
    }

    /// Wakes whoever does the jobs.
    pub fn stir(&self) {
        self.0.due.notify_one();
        self.0.tasks.notify_waiters();
    }

    /// Waits until something may have fallen due.
    pub async fn stirred(&self) {
        self.0.due.notified().await;
    }

    /// Waits until a task may have been opened on this node.
    pub async fn task_opened(&self) {
        self.0.tasks.notified().await;
    }

    /// Runs `work` where blocking is allowed, at most so many at once.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Till) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Problem> {
        let _slot = self.0.slots.acquire().await.map_err(|_| Problem::internal())?;
        let till = self.clone();
        let span = tracing::Span::current();
        let done = tokio::task::spawn_blocking(move || span.in_scope(|| work(&till))).await;
        match done {
            Ok(done) => Ok(done?),
            Err(error) => {
                tracing::error!("a request panicked: {error}");
                Err(Problem::internal())
            }
        }
    }

    /// Reads.
    pub async fn read<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Tx<'_>, &Desk, Timestamp) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Problem> {
        self.blocking(move |till| {
            let desk = till.desk();
            till.store().read(|tx| work(tx, &desk, till.clock().now()))
        })
        .await
    }

    /// Writes outside of any idempotency and without a note: what has an identity of its own.
    pub async fn write<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Tx<'_>, &Desk, Timestamp) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Problem> {
        let done = self
            .blocking(move |till| {
                let desk = till.desk();
                till.store().write(|tx| work(tx, &desk, till.clock().now()))
            })
            .await;
        self.stir();
        done
    }

    /// Writes once: the same call again gets the first answer, another under its key is refused.
    ///
    /// The write, its note in the audit log and its answer are one transaction.
    pub async fn once<W, B, V>(
        &self,
        call: Call<W, B>,
        mut work: impl FnMut(&mut Tx<'_>, &Desk, &Call<W, B>, Timestamp) -> Result<Reply<V>, Refusal>
        + Send
        + 'static,
    ) -> Result<Response, Problem>
    where
        W: Send + 'static,
        B: Send + 'static,
        V: Serialize + Send + 'static,
    {
        let done = self
            .blocking(move |till| {
                let desk = till.desk();
                let done = till.store().write(|tx| {
                    let now = till.clock().now();
                    let before = answers::get(tx, call.name().as_slice())?;
                    if let Some(answer) = call.answered(&before)? {
                        return Ok(Given::Before(answer));
                    }
                    let reply = work(tx, &desk, &call, now)?;
                    let (given, kept) = call.kept(reply)?;
                    noted(tx, &[call.note()], kept.as_slice(), now)?;
                    Ok(given)
                });
                done.or_else(|refusal| till.meanwhile(&call, refusal))
            })
            .await?;
        self.stir();
        Ok(done.into_response())
    }

    /// A refusal may only say that the same call was made meanwhile: then its answer is the answer.
    pub(super) fn meanwhile<W, B>(&self, call: &Call<W, B>, refusal: Refusal) -> Result<Given, Refusal> {
        let Some(name) = call.name() else { return Err(refusal) };
        let before = self.store().read(|tx| answers::get(tx, std::slice::from_ref(&name)))?;
        match call.answered(&before) {
            Ok(Some(answer)) => Ok(Given::Before(answer)),
            Ok(None) | Err(_) => Err(refusal),
        }
    }
}

/// Notes writes of several accounts in the audit log, and keeps their answers.
pub(super) fn noted(
    tx: &mut Tx<'_>,
    notes: &[journal::Write<'_>],
    kept: &[Kept],
    now: Timestamp,
) -> Result<(), Refusal> {
    let entries = journal::entries(tx, notes, now)?;
    let mut writes = Writes::default();
    store::journal::add(&mut writes, &entries);
    answers::add(&mut writes, kept, now);
    Ok(tx.write(writes)?)
}
