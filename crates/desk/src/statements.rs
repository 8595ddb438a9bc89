//! Monthly statements: told by mail when a month is final.
//!
//! In:  a month, accounts. Out: a letter to each account that has bills of it.
//! Invariant: a month is told of an account once; one that may still change is not told.
//! Rules: R-SET-7.

use super::{At, Desk, Refusal};
use billing::letter::{Letter, LetterKind};
use billing::user::House;
use store::bills::Span;
use store::letters;
use store::{Tx, Writes};
use units::{Cycle, CycleKind, Timestamp};

/// Accounts of one transaction.
const ACCOUNTS: i64 = 500;

/// From when on a month is final. Source: R-SET-7, 00:00 of the third day after it.
fn ready(desk: &Desk, month: &Cycle) -> Result<Timestamp, Refusal> {
    Ok(desk.calendar.midnight_after(month.to, 2)?)
}

/// The month before the one that `at` is in.
fn before(desk: &Desk, at: Timestamp) -> Result<Cycle, Refusal> {
    let first = desk.calendar.cycle(CycleKind::Month, at)?.from;
    let last = Timestamp::from_second(first.as_second() - 1).map_err(|_| Refusal::Time(at.to_string()))?;
    Ok(desk.calendar.cycle(CycleKind::Month, last)?)
}

/// When the next month becomes final after `last`, and since mail goes out; `None` where none does.
pub(crate) fn next(tx: &mut Tx<'_>, desk: &Desk, last: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    let Some(since) = letters::mailing_since(tx)? else { return Ok(None) };
    let last = last.max(since);
    let mut month = before(desk, last)?;
    while ready(desk, &month)? <= last {
        month = desk.calendar.next(&month)?;
    }
    ready(desk, &month).map(Some)
}

/// Months that became final after `last`, and since mail goes out, up to now.
pub(crate) fn since(tx: &mut Tx<'_>, at: At<'_>, last: Timestamp) -> Result<Vec<Cycle>, Refusal> {
    let Some(since) = letters::mailing_since(tx)? else { return Ok(Vec::new()) };
    let (desk, last) = (at.desk, last.max(since));
    let (mut month, mut found) = (before(desk, last)?, Vec::new());
    while ready(desk, &month)? <= at.now {
        if ready(desk, &month)? > last {
            found.push(month);
        }
        month = desk.calendar.next(&month)?;
    }
    Ok(found)
}

/// Tells the month to the next accounts after one. Gives behind which it goes on; `None` when it is told to all.
pub(crate) fn part(
    tx: &mut Tx<'_>,
    at: At<'_>,
    month: &Cycle,
    after: &str,
) -> Result<Option<String>, Refusal> {
    let accounts = store::bills::owners(tx, Span { from: month.from, to: month.to }, after, ACCOUNTS)?;
    let name = at.desk.calendar.month(month.from);
    let letter = |it: &units::AccountId| Letter {
        at: at.now,
        ..Letter::once(House::Account(*it), LetterKind::Statement, &name, month.to)
    };
    let all: Vec<Letter> = accounts.iter().map(letter).collect();
    let mut writes = Writes::default();
    letters::add(&mut writes, &all, at.now);
    tx.write(writes)?;
    Ok(accounts.last().map(ToString::to_string))
}
