//! The lane of purchases: what comes in while another transaction runs shares the next one.
//!
//! In:  calls of `POST /v1/orders`. Out: each gets its own answer.
//! Invariant: a purchase is alone in its transaction or with purchases of other accounts; one that is refused leaves
//! nothing behind, and when a transaction fails as a whole, each purchase is tried alone.

use super::call::{Call, Given, Reply};
use super::caller::Buyer;
use super::orders::{OrdersBody, PurchaseView};
use super::problem::Problem;
use super::till::Till;
use crate::desk::orders::Item;
use crate::desk::purchases::{self, Purchase};
use crate::desk::{Desk, Refusal, journal};
use axum::response::{IntoResponse, Response};
use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, PoisonError};
use store::{Tx, Writes, answers};
use tokio::sync::{Semaphore, oneshot};
use units::Timestamp;

/// Transactions of purchases at once: one decides while the other waits for the disk.
const LANES: usize = 2;
/// Purchases in one transaction at most.
const TOGETHER: usize = 64;

/// Purchases that wait.
pub struct Lane {
    waiting: Mutex<VecDeque<Waiting>>,
    turns: Semaphore,
}

impl Default for Lane {
    fn default() -> Lane {
        Lane { waiting: Mutex::default(), turns: Semaphore::new(LANES) }
    }
}

/// A purchase that waits for its turn, and who waits for its answer.
struct Waiting {
    call: Call<Buyer, OrdersBody>,
    token: String,
    back: oneshot::Sender<Result<Given, Refusal>>,
}

impl Lane {
    fn wait(&self, it: Waiting) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push_back(it);
    }

    /// Those who come next, one of each account; the others keep their places.
    fn next(&self) -> Vec<Waiting> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut accounts, mut next, mut later) = (BTreeSet::new(), Vec::new(), VecDeque::new());
        for it in waiting.drain(..) {
            match next.len() < TOGETHER && accounts.insert(it.call.who.account) {
                true => next.push(it),
                false => later.push_back(it),
            }
        }
        *waiting = later;
        next
    }
}

/// Makes a purchase, together with those that wait beside it.
pub(super) async fn buy(till: &Till, call: Call<Buyer, OrdersBody>) -> Result<Response, Problem> {
    let token = call.token_or(&super::fresh("purchase"));
    let (back, answer) = oneshot::channel();
    till.lane().wait(Waiting { call, token, back });
    // Each that waits brings one turn; a turn goes on when the client who brought it has left.
    tokio::spawn(turn(till.clone()));
    let given = answer.await.map_err(|_| Problem::internal())?;
    Ok(given?.into_response())
}

async fn turn(till: Till) {
    let Ok(_turn) = till.lane().turns.acquire().await else { return };
    let next = till.lane().next();
    if next.is_empty() {
        return;
    }
    // Whoever waits for an answer hears of a panic by the loss of it.
    let _ = till
        .blocking(|till| {
            made(till, next);
            Ok(())
        })
        .await;
    till.stir();
}

fn made(till: &Till, next: Vec<Waiting>) {
    let desk = till.desk();
    let done = till.store().write(|tx| together(tx, &desk, &next, till.clock().now()));
    match done {
        Ok(done) => {
            for (it, given) in next.into_iter().zip(done) {
                // A client that has left needs no answer.
                let _ = it.back.send(given);
            }
        }
        Err(_) if next.len() > 1 => next.into_iter().for_each(|it| made(till, vec![it])),
        Err(refusal) => {
            if let Some(it) = next.into_iter().next() {
                let _ = it.back.send(Err(refusal));
            }
        }
    }
}

/// What each of the calls gets. The purchases, their notes in the audit log and their answers are one transaction.
fn together(
    tx: &mut Tx<'_>,
    desk: &Desk,
    next: &[Waiting],
    now: Timestamp,
) -> Result<Vec<Result<Given, Refusal>>, Refusal> {
    let names: Vec<answers::Key> = next.iter().filter_map(|it| it.call.name()).collect();
    let before = answers::get(tx, &names)?;
    let currency = desk.book(now)?.currency;
    let read = |it: &Waiting| -> Result<Vec<Item>, Refusal> {
        it.call.body.items.iter().map(|it| it.item(currency)).collect()
    };
    let asked: Vec<Asked> = next
        .iter()
        .map(|it| match it.call.answered(&before) {
            Ok(Some(answer)) => Asked::Answered(Ok(Given::Before(answer))),
            Ok(None) => read(it).map_or_else(|refusal| Asked::Answered(Err(refusal)), Asked::Items),
            Err(refusal) => Asked::Answered(Err(refusal)),
        })
        .collect();
    let open = next.iter().zip(&asked).filter_map(|(it, asked)| match asked {
        Asked::Items(items) => {
            let (account, pay) = (it.call.who.account, it.call.body.means());
            Some(Purchase { account, token: &it.token, items, pay })
        }
        Asked::Answered(_) => None,
    });
    let mut bought = purchases::buy(tx, desk, &open.collect::<Vec<_>>(), now)?.into_iter();

    let (mut given, mut notes, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    for (it, asked) in next.iter().zip(asked) {
        given.push(match asked {
            Asked::Answered(answer) => answer,
            Asked::Items(_) => match bought.next().unwrap_or_else(|| Ok(Vec::new())) {
                Ok(orders) => {
                    let reply = Reply::created(PurchaseView::new(&orders, currency));
                    let (answer, keep) = it.call.kept(reply)?;
                    notes.push(it.call.note());
                    kept.extend(keep);
                    Ok(answer)
                }
                Err(refusal) => Err(refusal),
            },
        });
    }
    let entries = journal::entries(tx, &notes, now)?;
    let mut writes = Writes::default();
    store::journal::add(&mut writes, &entries);
    answers::add(&mut writes, &kept, now);
    tx.write(writes)?;
    Ok(given)
}

/// What there is to do for a call.
enum Asked {
    /// Nothing: it was answered before, or asks for what cannot be.
    Answered(Result<Given, Refusal>),
    Items(Vec<Item>),
}
