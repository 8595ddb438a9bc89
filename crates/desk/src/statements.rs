//! Monthly statements: told by mail when a month is final.
//!
//! In:  a month, accounts. Out: a letter to each account that has bills of it.
//! Invariant: a month is told of an account once; one that may still change is not told: for whom it is not settled, such as
//! an account that is set aside, is told when it is.
//! Rules: R-SET-7.

use super::{At, Desk, Refusal};
use billing::letter::{Letter, LetterKind};
use billing::user::House;
use store::bills::Span;
use store::letters::{self, Accounts};
use store::{Tx, Writes};
use units::{AccountId, Cycle, CycleKind, Timestamp};

/// Accounts of one transaction.
const ACCOUNTS: i64 = 500;
/// Above the id of every account.
const ABOVE_ALL: &str = "b";

/// From when on a month is final.
fn ready(desk: &Desk, month: &Cycle) -> Result<Timestamp, Refusal> {
    Ok(billing::bill::final_from(month, &desk.calendar)?)
}

/// The month before the one that `at` is in.
fn before(desk: &Desk, at: Timestamp) -> Result<Cycle, Refusal> {
    let first = desk.calendar.cycle(CycleKind::Month, at)?.from;
    let last = Timestamp::from_second(first.as_second() - 1).map_err(|_| Refusal::Time(at.to_string()))?;
    Ok(desk.calendar.cycle(CycleKind::Month, last)?)
}

/// When the next month becomes final after `last`, and since mail goes out; at once where a month is settled that was not when
/// it was told. `None` where no mail goes out.
pub(crate) fn next(tx: &mut Tx<'_>, desk: &Desk, last: Timestamp) -> Result<Option<Timestamp>, Refusal> {
    let Some(since) = letters::mailing_since(tx)? else { return Ok(None) };
    if !letters::settled_since(tx, 1)?.is_empty() {
        return Ok(Some(last));
    }
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

/// Tells the month to the next accounts after one, but for those for whom it is not settled yet. Gives behind which it goes on;
/// `None` when it is told to all.
pub(crate) fn part(
    tx: &mut Tx<'_>,
    at: At<'_>,
    month: &Cycle,
    after: &str,
) -> Result<Option<String>, Refusal> {
    let mut accounts = store::bills::owners(tx, Span { from: month.from, to: month.to }, after, ACCOUNTS)?;
    let last = accounts.last().map(ToString::to_string);
    let of = Accounts { above: after, up_to: last.as_deref().unwrap_or(ABOVE_ALL) };
    let later = letters::told_later(tx, month.to, of)?;
    accounts.retain(|it| !later.contains(it));
    tell(tx, at, month, &accounts)?;
    Ok(last)
}

/// Tells months to accounts for which they are settled by now, some at a time. Gives whether there may be more.
pub(crate) fn late(tx: &mut Tx<'_>, at: At<'_>) -> Result<bool, Refusal> {
    if letters::mailing_since(tx)?.is_none() {
        return Ok(false);
    }
    let settled = letters::settled_since(tx, ACCOUNTS)?;
    for (account, to) in &settled {
        let month = before(at.desk, *to)?;
        if store::bills::owns(tx, Span { from: month.from, to: month.to }, *account)? {
            tell(tx, at, &month, &[*account])?;
        }
        letters::told(tx, *account, *to)?;
    }
    Ok(!settled.is_empty())
}

fn tell(tx: &mut Tx<'_>, at: At<'_>, month: &Cycle, accounts: &[AccountId]) -> Result<(), Refusal> {
    let name = at.desk.calendar.month(month.from);
    let letter = |it: &AccountId| Letter {
        at: at.now,
        ..Letter::once(House::Account(*it), LetterKind::Statement, &name, month.to)
    };
    let all: Vec<Letter> = accounts.iter().map(letter).collect();
    let mut writes = Writes::default();
    letters::add(&mut writes, &all, at.now);
    Ok(tx.write(writes)?)
}
