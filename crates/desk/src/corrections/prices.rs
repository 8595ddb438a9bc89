//! Prices that were wrong: a book that stands above those that were in force, in a past period, of one account or all.
//!
//! In:  a book and a period. Out: closed cycles that wait to be rated once more, account after account.
//! Invariant: one transaction does some accounts, and all of each: what is closed by then waits, what is open is priced by the
//! book at its close. Nothing of a closed cycle is edited.
//! Source: R-COR-1.

use super::ask::{Ask, Made};
use crate::usage::correct;
use crate::{At, Desk, Refusal, books};
use billing::correction::{CorrectionError, Rerate};
use billing::plan::Configs;
use billing::rerate::{self, ClosedTo, Period};
use billing::segment::Change;
use store::corrections::prices::{self, CorrectionBook, Owners, PriceCorrection, Step};
use store::recounts::Waiting;
use store::{StoreError, Tx, Writes};
use units::{AccountId, BookId, Currency, CycleKind, MoneyError, Timestamp};

/// Accounts that are done in one transaction.
const AT_ONCE: i64 = 50;

/// What is asked of prices.
pub(super) struct Wish<'a> {
    pub ask: &'a Ask,
    pub number: i64,
    pub rerate: &'a Rerate,
}

/// Keeps a book for corrections to name; it holds nowhere by itself. The same again changes nothing.
///
/// Errors: `BookOther` when it has another zone than the others.
pub fn keep(tx: &mut Tx<'_>, book: &books::Prepared) -> Result<BookId, Refusal> {
    books::goes_with_others(tx, &book.book)?;
    let (id, name, from) = (book.book.id, book.book.name.clone(), book.book.from);
    prices::keep_book(tx, &CorrectionBook { id, name, from, text: book.text().clone() })?;
    Ok(id)
}

/// Notes what is to be done. One account is done at once, all of them by a job.
///
/// Errors: `NotFound` of the field `book` or `account`; `Currency` of `book` for an account of another one; `Period` for one that is not past, `TooLate` for one that is too long past.
pub(super) fn correct(tx: &mut Tx<'_>, at: At<'_>, wish: &Wish<'_>) -> Result<Made, Refusal> {
    let Rerate { book, account, from, until } = *wish.rerate;
    is_past(at, from, until)?;
    if !books::is_kept(tx, book)? {
        return Err(Refusal::missing(format!("price book {book}")).of("book"));
    }
    if let Some(account) = account {
        let owner = store::accounts::get(tx, account).map_err(|it| Refusal::from(it).of("account"))?;
        let currency = currency_of(at.desk, book)?;
        if owner.currency != currency {
            return Err(Refusal::from(MoneyError::Currency(owner.currency, currency)).of("book"));
        }
    }
    debug_assert!(wish.ask.account.is_none() || wish.ask.account == account, "one account is named once");
    let asked = PriceCorrection { number: wish.number, account, book, from, until };
    prices::add(tx, &asked)?;
    let Some(account) = account else { return Ok(Made::default()) };
    let closed = do_one(tx, at, &asked, account)?;
    let step =
        Step { after: account.to_string(), accounts: 1, cycles: closed.len() as i64, done: Some(at.now) };
    prices::advance(tx, wish.number, &step)?;
    Ok(Made { account: Some(account), closed, ..Made::default() })
}

/// Whether a period may be corrected. Errors: `Period` of `until`, `TooLate` of `from`.
fn is_past(at: At<'_>, from: Timestamp, until: Timestamp) -> Result<(), Refusal> {
    if from >= until || until > at.now {
        return Err(Refusal::from(CorrectionError::Period).of("until"));
    }
    let months = at.desk.late_months;
    if at.desk.calendar.add_months(from, months)? < at.now {
        let detail = format!("{} is more than {months} month(s) ago", at.desk.calendar.print(from));
        return Err(Refusal::from(CorrectionError::TooLate(detail)).of("from"));
    }
    Ok(())
}

/// Does the next accounts of the oldest correction that is not done: the closed cycles that wait. `None` when all is done.
pub fn part(tx: &mut Tx<'_>, at: At<'_>) -> Result<Option<Vec<Waiting>>, Refusal> {
    let Some((asked, after)) = prices::pending(tx)? else { return Ok(None) };
    // The book of one currency says nothing of accounts of another. Source: R-MON-5.
    let of = Owners { currency: currency_of(at.desk, asked.book)?, until: asked.until };
    let accounts = prices::accounts(tx, of, &after, AT_ONCE)?;
    let mut step = Step { after, ..Step::default() };
    let mut closed = Vec::new();
    for account in &accounts {
        closed.extend(do_one(tx, at, &asked, *account)?);
        step.after = account.to_string();
        step.accounts += 1;
    }
    step.cycles = closed.len() as i64;
    if accounts.is_empty() {
        step.done = Some(at.now);
    }
    prices::advance(tx, asked.number, &step)?;
    Ok(Some(closed))
}

/// The currency of a book that is named. Errors: `Stale` for one that is not read yet.
fn currency_of(desk: &Desk, book: BookId) -> Result<Currency, Refusal> {
    let stale = || StoreError::Stale(format!("price book {book} of a correction"));
    Ok(desk.books.get(book).ok_or_else(stale)?.currency)
}

/// Prices one account by the book from now on; its closed cycles wait to be rated once more.
fn do_one(
    tx: &mut Tx<'_>,
    at: At<'_>,
    asked: &PriceCorrection,
    account: AccountId,
) -> Result<Vec<Waiting>, Refusal> {
    let mut closed_to = ClosedTo::all(at.now);
    for (_, kind, to) in store::usage::hold_dues(tx, &[&account.to_string()])? {
        closed_to = closed_to.with(kind, to);
    }
    let PriceCorrection { number, book, from, until, .. } = *asked;
    let rerate = prices::Rerate { number, book, from, until, closed: closed_to };
    let mut writes = Writes::default();
    prices::hold(&mut writes, account, &rerate);
    tx.write(writes)?;
    let closed = touched(tx, at.desk, account, &rerate)?;
    correct::wait(tx, at, closed.iter().copied())?;
    Ok(closed)
}

/// The closed cycles of an account that a correction of prices touches.
pub(crate) fn touched(
    tx: &mut Tx<'_>,
    desk: &Desk,
    account: AccountId,
    it: &prices::Rerate,
) -> Result<Vec<Waiting>, Refusal> {
    let currency = store::accounts::get(tx, account)?.currency;
    let seen = prices::corrected(&desk.books, account, currency, &prices::of_account(tx, account)?)?;
    let mut configs = Configs::default();
    let mut life = Vec::new();
    for event in store::resources::events_of_account(tx, account)? {
        life.push(Change {
            resource: event.resource,
            at: event.asked.unwrap_or(event.at).as_second(),
            state: event.state,
            config: configs.intern(&seen, &event.product, &event.options.to_string()),
        });
    }
    let period = Period { from: it.from, until: it.until, closed: it.closed, calendar: &desk.calendar };
    let found = rerate::touched(&life, &configs, &period)?;
    // Account by account, each kind of cycle by itself, as they are rated.
    let waiting = |(original, resource)| Waiting { account, original, resource };
    let mut all: Vec<Waiting> = found.into_iter().map(waiting).collect();
    all.sort_by_key(|it| CycleKind::ALL.iter().position(|kind| *kind == it.original.kind));
    Ok(all)
}
