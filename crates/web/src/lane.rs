//! Lanes: what comes in while a transaction runs shares the next one.
//!
//! In:  calls of one kind, each by itself. Out: each gets its own answer.
//! Invariant: a call is answered in its turn also when the client of another one has left; where each is decided by what
//! the one before left, no account comes twice in one transaction.

use super::node::Node;
use super::problem::Problem;
use super::telemetry;
use desk::{At, Refusal};
use std::collections::{HashSet, VecDeque};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};
use store::Tx;
use tokio::sync::{Semaphore, oneshot};
use units::AccountId;

/// How many share a transaction, and how many wait at most. What comes on top is told at once to come again: it would wait
/// for seconds.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// What the calls of one transaction weigh at most, but for one that weighs more alone.
    pub together: usize,
    /// What all that wait weigh at most.
    pub waiting: usize,
    /// What those of one owner weigh, so that none fills the lane for all others.
    pub of_owner: usize,
    /// How many calls of one owner may share a transaction.
    pub sharing: Sharing,
    /// Transactions at once.
    pub turns: usize,
}

/// How many calls of one owner share a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// One: each decides by what the one before it left.
    OneOfEach,
    /// Any: they are decided together, in their order.
    Any,
}

impl Bounds {
    /// Those of calls that are decided one by one. One decides while the other waits for the database.
    pub const ONE_BY_ONE: Bounds =
        Bounds { together: 64, waiting: 1_000, of_owner: 100, sharing: Sharing::OneOfEach, turns: 1 };
}

/// Calls that wait for their turn, and how many turns there are at once.
pub struct Lane<Q, A, K = AccountId> {
    name: &'static str,
    bounds: Bounds,
    waiting: Mutex<VecDeque<Waiting<Q, A, K>>>,
    turns: Semaphore,
}

/// A call that comes in: whose it is, and what it weighs.
#[derive(Debug)]
pub struct Asking<Q, K = AccountId> {
    pub owner: K,
    pub weight: usize,
    pub call: Q,
}

impl<Q, K> Asking<Q, K> {
    /// A call that weighs as much as any other.
    pub const fn one(owner: K, call: Q) -> Asking<Q, K> {
        Asking { owner, weight: 1, call }
    }
}

/// A call that waits, and who waits for its answer.
pub struct Waiting<Q, A, K = AccountId> {
    owner: K,
    weight: usize,
    pub call: Q,
    back: oneshot::Sender<A>,
}

impl<Q, A> Waiting<Q, A> {
    pub const fn account(&self) -> AccountId {
        self.owner
    }
}

impl<Q, A, K> Waiting<Q, A, K> {
    pub fn answer(self, answer: A) {
        self.answer_with(|_| answer);
    }

    /// Answers with what is made of the call.
    pub fn answer_with(self, answer: impl FnOnce(Q) -> A) {
        // A client that has left needs none.
        let _ = self.back.send(answer(self.call));
    }
}

impl<Q, A, K> Lane<Q, A, K> {
    /// A lane that metrics know by `name`.
    pub fn new(name: &'static str, bounds: Bounds) -> Lane<Q, A, K> {
        Lane { name, bounds, waiting: Mutex::default(), turns: Semaphore::new(bounds.turns) }
    }
}

impl<Q, A, K: Copy + Eq + Hash> Lane<Q, A, K> {
    /// Lets a call wait. Errors: `busy` when enough of them wait, in all or of its owner.
    fn enter(&self, call: Waiting<Q, A, K>) -> Result<(), Problem> {
        let mut waiting = self.waiting();
        let all: usize = waiting.iter().map(|it| it.weight).sum();
        let own: usize = waiting.iter().filter(|it| it.owner == call.owner).map(|it| it.weight).sum();
        let Bounds { waiting: most, of_owner, .. } = self.bounds;
        if all + call.weight > most || own + call.weight > of_owner {
            return Err(Problem::busy());
        }
        waiting.push_back(call);
        self.count(waiting.len());
        Ok(())
    }

    fn count(&self, waiting: usize) {
        metrics::gauge!(telemetry::LANE_WAITING, "lane" => self.name).set(waiting as f64);
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, VecDeque<Waiting<Q, A, K>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those who come next, as many as share a transaction; the others keep their places.
    fn next(&self) -> Vec<Waiting<Q, A, K>> {
        let mut waiting = self.waiting();
        let (mut owners, mut next, mut later) = (HashSet::new(), Vec::new(), VecDeque::new());
        let mut weight = 0;
        for it in waiting.drain(..) {
            let fits = next.is_empty() || weight + it.weight <= self.bounds.together;
            match fits && (owners.insert(it.owner) || self.bounds.sharing == Sharing::Any) {
                true => {
                    weight += it.weight;
                    next.push(it);
                }
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
        Err(refusal) => one_by_one(next, refusal, |it| read_together(node, vec![it], read)),
    }
}

/// After what was done for calls together failed as a whole: each is tried alone, and one that was alone is answered so.
pub fn one_by_one<Q, A, K>(
    next: Vec<Waiting<Q, Result<A, Refusal>, K>>,
    refusal: Refusal,
    again: impl FnMut(Waiting<Q, Result<A, Refusal>, K>),
) {
    match <[_; 1]>::try_from(next) {
        Ok([it]) => it.answer(Err(refusal)),
        Err(next) => next.into_iter().for_each(again),
    }
}

/// Waits for the turn of a call and for its answer; `work` answers all those whose turn it is.
///
/// Errors: `busy` when too many wait already, `internal` when the work broke off.
pub async fn ask<Q: Send + 'static, A: Send + 'static, K: Copy + Eq + Hash + Send + 'static>(
    node: &Node,
    lane: &Arc<Lane<Q, A, K>>,
    asking: Asking<Q, K>,
    work: impl FnOnce(&Node, Vec<Waiting<Q, A, K>>) + Send + 'static,
) -> Result<A, Problem> {
    let (back, answer) = oneshot::channel();
    let Asking { owner, weight, call } = asking;
    lane.enter(Waiting { owner, weight, call, back })?;
    // Each that waits brings one turn; a turn goes on when the client who brought it has left.
    tokio::spawn(turn(node.clone(), lane.clone(), work));
    answer.await.map_err(|_| Problem::internal())
}

async fn turn<Q: Send + 'static, A: Send + 'static, K: Copy + Eq + Hash + Send + 'static>(
    node: Node,
    lane: Arc<Lane<Q, A, K>>,
    work: impl FnOnce(&Node, Vec<Waiting<Q, A, K>>) + Send + 'static,
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
