//! Sums of bills that are kept beside them: rolled up account by account, so that lists add up only what is new.
//!
//! In:  a transaction, the desk at an instant, accounts that are due. Out: sums of all their bills below one.
//! Invariant: what is kept and what lies behind it are all bills, each counted once, whenever they are read.
//!
//! Why nothing comes in below: the id of a bill begins with the end of the cycle that it settles (or with its own instant, where it is
//! of a purchase). The cycles of an account close in order and purchases are of now; so the next bill of a kind has the end of its
//! first open cycle in its id, and no bill an instant that lies long in the past. An account that was set aside stays at its cycle,
//! and so do its sums. Bills about a closed cycle, for late use or put right by people, stand among those of that cycle: they are
//! in no kept sum, and lists find them by an index of their own. Where another bill came in below all the same, `store::bills::add`
//! makes the sums void in its own transaction, and they are added up anew. What is written on resources changes from now on: labels at
//! a deduction that is past stay as they are. Rules: R-SET-1, R-SET-5, R-ALC-1.

use super::{At, Desk, Refusal, later};
use billing::closed::Closed;
use billing::kept::{Begins, KeptSums};
use std::collections::BTreeSet;
use store::bills::kept::{self, Between, Roll, ToCount};
use store::{Tx, closes};
use units::{AccountId, BillId, Calendar, CycleKind, Timestamp};

/// Bills of so many seconds are left to what reads: purchases on their way, labels, clocks of nodes that lie apart.
const LAG_SECONDS: i64 = 900;
/// So much behind the end of an hour or a day accounts are looked at.
const AFTER_SECONDS: u64 = 1_200;
/// Whose new bills are so many is looked at every hour; others every day.
const MANY: usize = 1_000;
/// Accounts of one transaction.
const ACCOUNTS: i64 = 100;
/// Bills of one transaction.
const BILLS: usize = 20_000;

/// Accounts that are to be looked at, so many at most.
pub fn due(tx: &mut Tx<'_>, at: At<'_>) -> Result<BTreeSet<AccountId>, Refusal> {
    Ok(kept::due(tx, at.now, ACCOUNTS)?)
}

/// Rolls up accounts, so many bills at most; those that are not come to stay due. How many were looked at.
pub fn roll_up(tx: &mut Tx<'_>, at: At<'_>, due: &BTreeSet<AccountId>) -> Result<usize, Refusal> {
    let (mut rolls, mut left) = (Vec::new(), BILLS);
    for (account, closed) in closes::hold(tx, due)? {
        if left == 0 {
            break;
        }
        let look = Look { account, end: end(at, &closed)?, most: left };
        let (roll, counted) = roll(tx, at, &look)?;
        left = left.saturating_sub(counted);
        rolls.push(roll);
    }
    kept::save(tx, &rolls)?;
    Ok(rolls.len())
}

/// Leaves an account that cannot be rolled up until the next day: its lists add up every bill until then.
pub fn put_off(tx: &mut Tx<'_>, at: At<'_>, account: AccountId) -> Result<(), Refusal> {
    Ok(kept::postpone(tx, account, next_look(at, 0)?)?)
}

/// Up to when no more bills come in: before the end of each first open cycle, and a while ago.
fn end(at: At<'_>, closed: &Closed) -> Result<Timestamp, Refusal> {
    let mut end = ago(at.now);
    for kind in CycleKind::ALL {
        if let Some(to) = closed.to(kind) {
            end = end.min(at.desk.calendar.cycle(kind, to)?.to);
        }
    }
    Ok(end)
}

fn ago(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second() - LAG_SECONDS).unwrap_or(Timestamp::MIN)
}

/// Whose bills are counted, those made before an instant, so many at most.
struct Look {
    account: AccountId,
    end: Timestamp,
    most: usize,
}

/// Counts bills of an account; and how many that were.
fn roll(tx: &mut Tx<'_>, at: At<'_>, look: &Look) -> Result<(Roll, usize), Refusal> {
    let Look { account, end, most } = *look;
    let before = kept::below(tx, account)?;
    if before.is_empty() {
        kept::clear(tx, account)?;
    }
    let below = before.clone().max(BillId::first_at(end).to_string());
    let mut found = kept::to_count(tx, Between { account, from: &before, below: &below }, most + 1)?;
    let (there, old) = (found.len(), ago(at.now));
    let taken = found.iter().take(most).take_while(|it| it.posted <= old).count();
    let next = found.get(taken).map(|it| (it.bill.to_string(), it.posted));
    found.truncate(taken);
    let sums = counted(&at.desk.calendar, found)?;
    let due = match &next {
        Some(_) if taken == most => at.now,
        // A bill of a cycle long past that was made a moment ago: when it is old enough.
        Some((_, posted)) => later(*posted, LAG_SECONDS.unsigned_abs()),
        None => next_look(at, there)?,
    };
    Ok((Roll { account, sums, below: next.map_or(below, |it| it.0), due }, taken))
}

/// When an account is looked at next that had so many new bills.
fn next_look(at: At<'_>, bills: usize) -> Result<Timestamp, Refusal> {
    let kind = if bills >= MANY { CycleKind::Hour } else { CycleKind::Day };
    Ok(later(at.desk.calendar.cycle(kind, at.now)?.to, AFTER_SECONDS))
}

fn counted(calendar: &Calendar, all: Vec<ToCount>) -> Result<KeptSums, Refusal> {
    let mut sums = KeptSums::default();
    for it in all {
        let from = it.counted.of.from;
        let begin = |kind: CycleKind| calendar.cycle(kind, from).map(|it| it.from);
        sums.count(it.counted, Begins { day: begin(CycleKind::Day)?, month: begin(CycleKind::Month)? })?;
    }
    Ok(sums)
}

/// What is kept of an account, and what its bills say.
pub(crate) fn differences(tx: &mut Tx<'_>, desk: &Desk, account: AccountId) -> Result<Vec<String>, Refusal> {
    let below = kept::below(tx, account)?;
    if below.is_empty() {
        return Ok(Vec::new());
    }
    let bills = kept::to_count(tx, Between { account, from: "", below: &below }, usize::MAX)?;
    let (says, is) = (counted(&desk.calendar, bills)?, kept::all(tx, account)?);
    let mut found = Vec::new();
    for of in says.days.keys().chain(is.days.keys().filter(|it| !says.days.contains_key(it))) {
        let (says, is) = (says.days.get(of), is.days.get(of));
        if says != is {
            found.push(differs(account, of, (is, says)));
        }
    }
    for of in says.months.keys().chain(is.months.keys().filter(|it| !says.months.contains_key(it))) {
        let (says, is) = (says.months.get(of), is.months.get(of));
        if says != is {
            found.push(differs(account, of, (is, says)));
        }
    }
    Ok(found)
}

fn differs<T: std::fmt::Debug>(
    account: AccountId,
    of: &impl std::fmt::Debug,
    (is, says): (Option<&T>, Option<&T>),
) -> String {
    format!("kept sums of {account}: of {of:?} they say {is:?}, the bills {says:?}")
}
