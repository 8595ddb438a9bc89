//! Lanes: what comes in while a transaction runs shares the next one.
//!
//! In:  calls of one kind, each by itself. Out: each gets its own answer.
//! Invariant: a call is answered in its turn also when the client of another one has left; in one transaction no
//! account comes twice.

use super::node::Node;
use super::problem::Problem;
use super::telemetry;
use desk::{At, Refusal};
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use store::Tx;
use tokio::sync::{Semaphore, oneshot};
use units::AccountId;

/// Transactions of one lane at once: one decides while the other waits for the database.
const AT_ONCE: usize = 1;
/// Calls in one transaction at most.
const TOGETHER: usize = 64;
/// Calls that wait at most. What comes on top is told at once to come again: it would wait for seconds.
const WAITING: usize = 1_000;
/// Calls of one account that wait at most, so that none fills the lane for all others.
const WAITING_OF_ACCOUNT: usize = 100;

/// Calls that wait for their turn, and how many turns there are at once.
pub struct Lane<Q, A> {
    name: &'static str,
    waiting: Mutex<VecDeque<Waiting<Q, A>>>,
    turns: Semaphore,
}

/// A call that waits, of which account it is, and who waits for its answer.
pub struct Waiting<Q, A> {
    account: AccountId,
    pub call: Q,
    back: oneshot::Sender<A>,
}

impl<Q, A> Waiting<Q, A> {
    pub const fn account(&self) -> AccountId {
        self.account
    }

    pub fn answer(self, answer: A) {
        // A client that has left needs none.
        let _ = self.back.send(answer);
    }
}

impl<Q, A> Lane<Q, A> {
    /// A lane that metrics know by `name`.
    pub fn new(name: &'static str) -> Lane<Q, A> {
        Lane { name, waiting: Mutex::default(), turns: Semaphore::new(AT_ONCE) }
    }
}

impl<Q: Send + 'static, A: Send + 'static> Lane<Q, A> {
    /// Lets a call wait. Errors: `busy` when enough of them wait, in all or of its account.
    fn enter(&self, call: Waiting<Q, A>) -> Result<(), Problem> {
        let mut waiting = self.waiting();
        let own = || waiting.iter().filter(|it| it.account == call.account).count();
        if waiting.len() >= WAITING || own() >= WAITING_OF_ACCOUNT {
            return Err(Problem::busy());
        }
        waiting.push_back(call);
        self.count(waiting.len());
        Ok(())
    }

    fn count(&self, waiting: usize) {
        metrics::gauge!(telemetry::LANE_WAITING, "lane" => self.name).set(waiting as f64);
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, VecDeque<Waiting<Q, A>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those who come next, one of each account; the others keep their places.
    fn next(&self) -> Vec<Waiting<Q, A>> {
        let mut waiting = self.waiting();
        let (mut accounts, mut next, mut later) = (BTreeSet::new(), Vec::new(), VecDeque::new());
        for it in waiting.drain(..) {
            match next.len() < TOGETHER && accounts.insert(it.account) {
                true => next.push(it),
                false => later.push_back(it),
            }
        }
        *waiting = later;
        self.count(waiting.len());
        next
    }
}

/// Reads the answers to calls, one for each of them in their order.
pub type Read<Q, A> =
    fn(&mut Tx<'_>, At<'_>, &[Waiting<Q, Result<A, Refusal>>]) -> Result<Vec<Result<A, Refusal>>, Refusal>;

/// Answers calls out of one reading; when it fails as a whole, each is tried alone.
pub fn read_together<Q, A>(node: &Node, next: Vec<Waiting<Q, Result<A, Refusal>>>, read: Read<Q, A>) {
    let desk = node.desk();
    match node.store().read(|tx| read(tx, desk.at(node.clock().now()), &next)) {
        Ok(answers) => next.into_iter().zip(answers).for_each(|(it, answer)| it.answer(answer)),
        Err(_) if next.len() > 1 => next.into_iter().for_each(|it| read_together(node, vec![it], read)),
        Err(refusal) => {
            if let Some(it) = next.into_iter().next() {
                it.answer(Err(refusal));
            }
        }
    }
}

/// Waits for the turn of a call and for its answer; `work` answers all those whose turn it is.
///
/// Errors: `busy` when too many wait already, `internal` when the work broke off.
pub async fn ask<Q: Send + 'static, A: Send + 'static>(
    node: &Node,
    lane: &Arc<Lane<Q, A>>,
    asking: (AccountId, Q),
    work: impl FnOnce(&Node, Vec<Waiting<Q, A>>) + Send + 'static,
) -> Result<A, Problem> {
    let (back, answer) = oneshot::channel();
    let (account, call) = asking;
    lane.enter(Waiting { account, call, back })?;
    // Each that waits brings one turn; a turn goes on when the client who brought it has left.
    tokio::spawn(turn(node.clone(), lane.clone(), work));
    answer.await.map_err(|_| Problem::internal())
}

async fn turn<Q: Send + 'static, A: Send + 'static>(
    node: Node,
    lane: Arc<Lane<Q, A>>,
    work: impl FnOnce(&Node, Vec<Waiting<Q, A>>) + Send + 'static,
) {
    let Ok(_turn) = lane.turns.acquire().await else { return };
    let next = lane.next();
    if next.is_empty() {
        return;
    }
    let done = node.blocking(move |node| {
        work(node, next);
        Ok(())
    });
    // When it breaks off, whoever waits for an answer learns it by the loss of it.
    let _ = done.await;
}

#[cfg(test)]
mod tests;
