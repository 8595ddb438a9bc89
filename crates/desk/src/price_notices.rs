//! What customers are told of a price change: from when on other prices hold for what they have, or that they do not after all.
//!
//! In:  a price change that was applied or undone, by a proposal or without one. Out: a notice to each customer whom it hits, some
//! customers in each transaction.
//! Invariant: whoever has nothing that is charged otherwise from then on is told nothing, nor who bought it at the new price; only
//! who was told of a change is told that it is undone; each is told once, however often it is asked for.
//! Rules: R-PRC-6, R-PRC-22.

use super::{At, Refusal, books, letters, proposals};
use billing::book::Book;
use billing::books::Series;
use billing::notice::prices::{Kept, Moved};
use billing::notice::{Notice, NoticeKind};
use billing::plan::Plan;
use billing::proposal::Proposal;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use store::corrections::prices::{Owners, accounts};
use store::price_notices::{self as rows, Bought, Has, Pending, PriceChange, Told};
use store::{StoreError, Tx};
use units::{AccountId, BookId, Timestamp};

/// Customers of one transaction.
const BATCH: i64 = 200;

/// Tells the next customers. `None` when nobody is to be told anything.
///
/// Errors: `Stale` while this desk has other books than are stored.
pub fn part(tx: &mut Tx<'_>, at: At<'_>) -> Result<Option<usize>, Refusal> {
    let Some(pending) = rows::pending(tx)? else { return Ok(None) };
    let of = pending_change(tx, &pending)?;
    let (looked_at, notices): (Vec<AccountId>, Vec<Notice>) = match pending.kind {
        Told::Change => {
            let (next, hit) = next_hit(tx, at, &of, &pending)?;
            let accounts: Vec<AccountId> = hit.iter().map(|it| it.account).collect();
            rows::told(tx, &of.id, &accounts)?;
            (next, hit.iter().map(|it| change(&of, it, at.now)).collect())
        }
        Told::Undone => {
            let told = rows::who_was_told(tx, &of.id, &pending.after, BATCH)?;
            let notices = told.iter().map(|it| undone(&of, *it, at.now)).collect();
            (told, notices)
        }
    };
    for notice in &notices {
        letters::notice(tx, at, notice)?;
    }
    let last = looked_at.last().map_or_else(|| pending.after.clone(), AccountId::to_string);
    rows::advance(tx, &pending, &last, looked_at.is_empty().then_some(at.now))?;
    Ok(Some(notices.len()))
}

/// What is told of: the change of a proposal, or one that has none.
fn pending_change(tx: &mut Tx<'_>, pending: &Pending) -> Result<PriceChange, Refusal> {
    if let Some(change) = rows::change(tx, &pending.change)? {
        return Ok(change);
    }
    let Proposal { id, number, book, currency, from, .. } = proposals::one(tx, &pending.change)?;
    Ok(PriceChange { id, number, book, currency, from })
}

/// A customer whom a change hits, from when on, and what it is charged otherwise for.
struct Hit {
    account: AccountId,
    from: Timestamp,
    moved: BTreeSet<Moved>,
}

/// Its subject is the book; the number of the change tells it from one of the same book that was undone before.
fn change(of: &PriceChange, hit: &Hit, at: Timestamp) -> Notice {
    Notice {
        account: hit.account,
        subject: of.book.to_string(),
        kind: NoticeKind::PriceChange,
        threshold: of.number,
        occasion: Kept::of(hit.from, &hit.moved).write(),
        at,
    }
}

/// The same of one that is undone.
fn undone(of: &PriceChange, account: AccountId, at: Timestamp) -> Notice {
    let (subject, occasion) = (of.book.to_string(), of.from.to_string());
    Notice { account, subject, kind: NoticeKind::PriceChangeUndone, threshold: of.number, occasion, at }
}

/// The next customers of the currency, and those of them who have something that is charged otherwise from its date on, or when a
/// contract price of theirs ends, and were not told of it.
fn next_hit(
    tx: &mut Tx<'_>,
    at: At<'_>,
    of: &PriceChange,
    pending: &Pending,
) -> Result<(Vec<AccountId>, Vec<Hit>), Refusal> {
    let bought = bought(tx, at, of)?;
    // Who came at this very instant is there too: a clock may stand still.
    let owners = Owners { currency: of.currency, until: Timestamp::MAX };
    let next = accounts(tx, owners, &pending.after, BATCH)?;
    let Some(last) = next.last() else { return Ok((next, Vec::new())) };
    let last = last.to_string();
    let told = rows::told_among(tx, &of.id, &pending.after, &last)?;
    let living = rows::living(tx, bought, &pending.after, &last)?;
    let mut change = Change { from: of.from, known: HashMap::new() };
    let mut hit: Vec<Hit> = Vec::new();
    for it in living.iter().filter(|it| !told.contains(&it.account)) {
        let series = at.desk.books.of_account(it.account, of.currency);
        let Some((from, moved)) = change.touches(series, it) else { continue };
        match hit.last_mut().filter(|last| last.account == it.account) {
            Some(last) => {
                last.from = last.from.min(from);
                last.moved.extend(moved);
            }
            None => hit.push(Hit { account: it.account, from, moved: moved.into_iter().collect() }),
        }
    }
    Ok((next, hit))
}

/// What was bought before the change holds: at its date, or when it was applied, if that was later.
///
/// Errors: `Stale` where the desk has other books of the currency: they would say that something else changes.
fn bought(tx: &mut Tx<'_>, at: At<'_>, of: &PriceChange) -> Result<Bought, Refusal> {
    let heads = books::heads(tx)?;
    let holds = heads.iter().filter(|it| it.currency == of.currency && it.withheld.is_none());
    let stored: HashSet<BookId> = holds.map(|it| it.id).collect();
    let known: HashSet<BookId> = at.desk.books.of(of.currency).all().iter().map(|it| it.id).collect();
    let stale = || StoreError::Stale(format!("price book {}", of.book));
    let head = heads.iter().find(|it| it.id == of.book && stored == known).ok_or_else(stale)?;
    Ok(Bought { currency: of.currency, until: head.from.max(head.applied) })
}

/// A change of prices at an instant; what was looked at is known.
struct Change {
    from: Timestamp,
    known: HashMap<(BookId, BookId, String, String), Vec<Moved>>,
}

impl Change {
    /// From when on something is charged otherwise by the books of its account, and what of it: from the change on, or from when it has
    /// no contract price any more that keeps it from that. `None` where it is not. Source: R-PRC-6, R-PRC-22.
    fn touches(&mut self, series: &Series, it: &Has) -> Option<(Timestamp, Vec<Moved>)> {
        let before = self.from.checked_sub(jiff::SignedDuration::from_micros(1)).unwrap_or(self.from);
        let (own, from) = ((series.at(before)?, series.at(self.from)?), self.from);
        let moved = self.moved(own, it);
        if !moved.is_empty() {
            return Some((from, moved.to_vec()));
        }
        let (listed, book) = (series.listed(before)?, series.listed(from)?);
        if own.1.id == book.id || self.moved((listed, book), it).is_empty() {
            return None;
        }
        let holds = |at: Timestamp| series.listed(at).is_some_and(|it| it.id == book.id);
        let later = series.timeline().into_iter().map(|it| it.0);
        // What was agreed without an end ends with time itself.
        let end = later
            .filter(|at| *at > from && *at < Timestamp::MAX && holds(*at))
            .find(|at| series.at(*at).is_some_and(|own| self.moved((own, book), it).is_empty()))?;
        let moved = self.moved((own.0, book), it);
        (!moved.is_empty()).then(|| (end, moved.to_vec()))
    }

    /// What two books charge otherwise for it.
    fn moved(&mut self, (before, after): (&Arc<Book>, &Arc<Book>), it: &Has) -> &[Moved] {
        let key = (before.id, after.id, it.product.clone(), it.options.to_string());
        self.known.entry(key).or_insert_with(|| {
            let plans = [before, after].map(|book| Plan::resolve(book, &it.product, &it.options));
            match &plans {
                [Ok(before), Ok(after)] => Moved::between(before, after),
                [Err(_), _] | [_, Err(_)] => vec![Moved::whole(&it.product)],
            }
        })
    }
}
