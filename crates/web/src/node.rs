//! What every handler shares: the store, the desk, the clock, who may call how often.
//!
//! In:  closures over a transaction. Out: their results, from a thread that may block.
//! Invariant: one closure, one transaction, one instant. A write is noted in the audit log in its own transaction.

use super::call::{Call, Given, Kept, Reply};
use super::clock::Clock;
use super::problem::Problem;
use axum::response::{IntoResponse, Response};
use desk::{At, Desk, Refusal, journal};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use store::{Store, Tx, Writes, answers};
use tokio::sync::{Notify, Semaphore, watch};
use units::Timestamp;

/// Transactions that run at once. More would only wait for one another.
const AT_ONCE: usize = 16;

/// The server's state; cheap to clone.
#[derive(Clone)]
pub struct Node(Arc<Inner>);

struct Inner {
    store: Arc<Store>,
    desk: RwLock<Arc<Desk>>,
    clock: Clock,
    slots: Semaphore,
    callers: super::caller::Callers,
    /// One audit at a time.
    audits: Arc<Semaphore>,
    /// Something may have fallen due.
    due: Notify,
    /// A task was opened.
    tasks: Notify,
    /// When the jobs of this process were done last; held while they run.
    last: Mutex<Timestamp>,
    stop: watch::Sender<bool>,
}

impl Node {
    pub fn new(store: Arc<Store>, desk: Desk, clock: Clock, requests_per_second: u32) -> Node {
        Node(Arc::new(Inner {
            store,
            desk: RwLock::new(Arc::new(desk)),
            clock,
            slots: Semaphore::new(AT_ONCE),
            callers: super::caller::Callers::new(requests_per_second),
            audits: Arc::new(Semaphore::new(1)),
            due: Notify::new(),
            tasks: Notify::new(),
            last: Mutex::new(Timestamp::UNIX_EPOCH),
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

    pub fn callers(&self) -> &super::caller::Callers {
        &self.0.callers
    }

    /// One audit at a time.
    pub fn audits(&self) -> &Arc<Semaphore> {
        &self.0.audits
    }

    /// When the jobs of this process were done last; held while they run.
    pub fn last_run(&self) -> MutexGuard<'_, Timestamp> {
        self.0.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Price books that were applied or taken back elsewhere come into force here.
    pub fn refresh(&self) -> Result<(), Refusal> {
        let there = self.store().read(|tx| Ok::<_, Refusal>(store::books::ids(tx)?))?;
        let desk = self.desk();
        if !desk.books.all().iter().map(|it| it.id).eq(there) {
            self.reload()?;
        }
        Ok(())
    }

    /// Reads the price books again.
    pub fn reload(&self) -> Result<(), Refusal> {
        let fresh = self.store().read(Desk::open)?;
        let desk = Desk { books: fresh.books, calendar: fresh.calendar, ..Desk::clone(&self.desk()) };
        self.replace_desk(desk);
        Ok(())
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
        work: impl FnOnce(&Node) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Problem> {
        let _slot = self.0.slots.acquire().await.map_err(|_| Problem::internal())?;
        let node = self.clone();
        let span = tracing::Span::current();
        let done = tokio::task::spawn_blocking(move || span.in_scope(|| work(&node))).await;
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
        mut work: impl FnMut(&mut Tx<'_>, At<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Problem> {
        self.blocking(move |node| {
            let desk = node.desk();
            node.store().read(|tx| work(tx, desk.at(node.clock().now())))
        })
        .await
    }

    /// Writes outside of any idempotency and without a note: what has an identity of its own.
    pub async fn write<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Tx<'_>, At<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Problem> {
        let done = self
            .blocking(move |node| {
                let desk = node.desk();
                node.store().write(|tx| work(tx, desk.at(node.clock().now())))
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
        mut work: impl FnMut(&mut Tx<'_>, At<'_>, &Call<W, B>) -> Result<Reply<V>, Refusal> + Send + 'static,
    ) -> Result<Response, Problem>
    where
        W: Send + 'static,
        B: Send + 'static,
        V: Serialize + Send + 'static,
    {
        let done = self
            .blocking(move |node| {
                let desk = node.desk();
                let done = node.store().write(|tx| {
                    let now = node.clock().now();
                    let before = answers::get(tx, call.name().as_slice())?;
                    if let Some(answer) = call.answered(&before)? {
                        return Ok(Given::Before(answer));
                    }
                    let reply = work(tx, desk.at(now), &call)?;
                    let (given, kept) = call.kept(reply)?;
                    noted(tx, &[call.note()], kept.as_slice(), now)?;
                    Ok(given)
                });
                done.or_else(|refusal| node.meanwhile(&call, refusal))
            })
            .await?;
        self.stir();
        Ok(done.into_response())
    }

    /// A refusal may only say that the same call was made meanwhile: then its answer is the answer.
    pub fn meanwhile<W, B>(&self, call: &Call<W, B>, refusal: Refusal) -> Result<Given, Refusal> {
        let Some(name) = call.name() else { return Err(refusal) };
        let before = self.store().read(|tx| answers::get(tx, std::slice::from_ref(&name)))?;
        match call.answered(&before) {
            Ok(Some(answer)) => Ok(Given::Before(answer)),
            Ok(None) | Err(_) => Err(refusal),
        }
    }
}

/// The answers that calls of these names got before.
pub fn answers(
    tx: &mut Tx<'_>,
    names: impl IntoIterator<Item = answers::AnswerKey>,
) -> Result<BTreeMap<answers::AnswerKey, answers::Answer>, Refusal> {
    Ok(answers::get(tx, &names.into_iter().collect::<Vec<_>>())?)
}

/// Notes writes of several accounts in the audit log, and keeps their answers.
pub fn noted(
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
