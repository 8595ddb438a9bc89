//! Up to where cycles are closed: for each account by its dues, for all by the newest close of each kind.
//!
//! In:  a transaction. Out: closed ends, and when the newest close was.
//! Invariant: a close holds the wallets of its accounts before it reads their lives, and so does whoever writes into one:
//! what is read here under `hold` stays closed, and nothing more is closed, until the transaction ends.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::closed::Closed;
use std::collections::{BTreeMap, BTreeSet};
use units::{AccountId, Cycle, CycleKind, Timestamp};

statements! {
    STANDING = "select max(closed_us), (select public_key from installation where id = 1) from closes";
    NOTE = "insert into closes (cycle, to_us, closed_us) values ($1, $2, $3) on conflict (cycle) do update set
        to_us = case when excluded.to_us > closes.to_us then excluded.to_us else closes.to_us end,
        closed_us = case when excluded.closed_us > closes.closed_us then excluded.closed_us else closes.closed_us end
        where excluded.to_us > closes.to_us or excluded.closed_us > closes.closed_us";
    NOTED = "select cycle from closes where cycle = $1 and to_us >= $2 and closed_us >= $3";
    ENDS = "select cycle, to_us from closes order by cycle";
    ALL = "select cycle, to_us, closed_us from closes order by cycle";
    NEWEST = "select max(closed_us) from closes";
    HOLD = "select account from wallets where account = $1 for update";
    OWN = "select account, cycle, settled_to_us from dues where account = $1 order by cycle";
}

/// Notes that `cycle` was closed at `now` for some accounts. What is noted already is not held: nodes that share a run do not
/// wait for each other here.
pub fn note(tx: &mut Tx<'_>, cycle: &Cycle, now: Timestamp) -> Result<(), StoreError> {
    let args = [cycle.kind.as_str().into(), us(cycle.to).into(), us(now).into()];
    if tx.rows(NOTED, &args, |_| Ok(()))?.is_empty() {
        tx.exec(NOTE, &args)?;
    }
    Ok(())
}

/// The newest close of a kind of cycle: up to where, and when that was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Close {
    pub kind: CycleKind,
    pub to: Timestamp,
    pub closed: Timestamp,
}

/// The newest close of each kind.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Close>, StoreError> {
    tx.rows(ALL, &[], |row| {
        let (kind, to) = end(row, 0)?;
        Ok(Close { kind, to, closed: at(row.int(2)?)? })
    })
}

/// When the newest close was, by the clock of whoever closed; `None` before the first.
pub fn newest(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    tx.one(NEWEST, &[], "newest close", |row| row.maybe_int(0))?.map(at).transpose()
}

/// What whoever writes is held against, in one step: the newest close, and the public half of the installation's key.
pub fn standing(tx: &mut Tx<'_>) -> Result<(Option<Timestamp>, Option<String>), StoreError> {
    let (closed, public) =
        tx.one(STANDING, &[], "newest close", |row| Ok((row.maybe_int(0)?, row.maybe_text(1)?)))?;
    Ok((closed.map(at).transpose()?, public))
}

/// Holds the lives of accounts, and says up to where their cycles are closed.
///
/// Wallets are held in the order of their ids, so that nobody waits in a circle.
pub fn hold(
    tx: &mut Tx<'_>,
    accounts: &BTreeSet<AccountId>,
) -> Result<BTreeMap<AccountId, Closed>, StoreError> {
    let ids: BTreeSet<String> = accounts.iter().map(ToString::to_string).collect();
    let keys: Vec<[Value<'_>; 1]> = ids.iter().map(|it| [it.as_str().into()]).collect();
    tx.each(HOLD, &keys, |_| Ok(()))?;
    // Read after that: what others closed while this waited is seen.
    let own = tx.each(OWN, &keys, |row| Ok((account(row)?, end(row, 1)?)))?;
    let newest = tx.rows(ENDS, &[], |row| end(row, 0))?;
    let of = |account: &AccountId| -> Vec<(CycleKind, Timestamp)> {
        own.iter().filter(|it| it.0 == *account).map(|it| it.1).collect()
    };
    Ok(accounts.iter().map(|it| (*it, Closed::new(&of(it), &newest))).collect())
}

fn account(row: &Row<'_>) -> Result<AccountId, StoreError> {
    row.parsed(0, "account", |it| it.parse().ok())
}

/// A kind of cycle and an instant, from column `from` on.
fn end(row: &Row<'_>, from: usize) -> Result<(CycleKind, Timestamp), StoreError> {
    Ok((row.parsed(from, "cycle", crate::resources::kind)?, at(row.int(from + 1)?)?))
}
