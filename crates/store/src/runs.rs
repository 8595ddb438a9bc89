//! The settlement run that nodes share: from where on accounts are taken, and who has which of them in hand.
//!
//! In:  a transaction, the claim of whoever wants accounts. Out: ranges of accounts, each with one holder at a time.
//! Invariant: ranges never meet: who takes one holds the row of the run until the transaction ends.
//! Invariant: a range is dropped by the transaction that settles it, and a run ends when no range is left.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use crate::jobs::{Claim, Lease};
use crate::resources;
use crate::settlements::{self, Batch};
use units::{Cycle, Timestamp};

statements! {
    OPEN = "select cycle, from_us, to_us, after, begun_us from runs order by cycle, from_us limit 1";
    HOLD_OPEN = "select cycle, from_us, to_us, after, begun_us from runs order by cycle, from_us limit 1 for update";
    BEGIN = "insert into runs (cycle, from_us, to_us, after, begun_us) values ($1, $2, $3, '', $4)";
    MOVE = "update runs set after = $3 where cycle = $1 and from_us = $2";
    END = "delete from runs";
    TAKE = "insert into ranges (cycle, from_us, to_us, above, up_to, holder, until_us) values ($1, $2, $3, $4, $5, $6, $7)";
    LEFT = "select cycle, from_us, to_us, above, up_to, holder from ranges where until_us <= $1 or until_us > $2
        order by cycle, from_us, above limit 1 for update skip locked";
    TAKE_OVER = "update ranges set holder = $4, until_us = $5 where cycle = $1 and from_us = $2 and above = $3";
    HOLD = "update ranges set until_us = $5 where cycle = $1 and from_us = $2 and above = $3 and holder = $4
        and until_us > $6 and until_us <= $7";
    DONE = "delete from ranges where cycle = $1 and from_us = $2 and above = $3";
    IN_HAND = "select count(*) from ranges";
    HANDS = "select above, up_to, holder, until_us from ranges order by cycle, from_us, above";
    GIVE_BACK = "update ranges set until_us = 0 where holder = $1";
}

/// A run that is open: of which cycle, and up to and with which account its accounts were taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRun {
    pub cycle: Cycle,
    /// When it began, by the clock of the till.
    pub begun: Timestamp,
    after: String,
}

/// Accounts that somebody has in hand, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hand {
    pub accounts: Batch,
    pub holder: String,
    /// The end of the lease, by the clock of the machines.
    pub until: Timestamp,
}

/// Accounts of a cycle that somebody has in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    pub cycle: Cycle,
    /// When the run began, by the clock of the till.
    pub begun: Timestamp,
    pub accounts: Batch,
    /// Who had it before and did not come back; `None` for accounts that were taken for the first time.
    pub left_by: Option<String>,
}

impl Range {
    fn key(&self) -> [Value<'_>; 3] {
        [self.cycle.kind.as_str().into(), us(self.cycle.from).into(), self.accounts.after.as_str().into()]
    }
}

/// A cycle in three columns from the first on.
fn cycle(row: &Row<'_>) -> Result<Cycle, StoreError> {
    let kind = row.parsed(0, "cycle", resources::kind)?;
    Ok(Cycle { kind, from: at(row.int(1)?)?, to: at(row.int(2)?)? })
}

fn run(row: &Row<'_>) -> Result<OpenRun, StoreError> {
    Ok(OpenRun { cycle: cycle(row)?, after: row.text(3)?, begun: at(row.int(4)?)? })
}

/// The run that is open, if one is, without holding it.
pub fn open(tx: &mut Tx<'_>) -> Result<Option<OpenRun>, StoreError> {
    Ok(tx.rows(OPEN, &[], run)?.pop())
}

/// The run that is open, if one is. Nobody else takes of it before `tx` ends.
pub fn hold_open(tx: &mut Tx<'_>) -> Result<Option<OpenRun>, StoreError> {
    Ok(tx.rows(HOLD_OPEN, &[], run)?.pop())
}

/// Begins the run of a cycle with the first account, where none is open.
pub fn begin(tx: &mut Tx<'_>, cycle: &Cycle, begun: Timestamp) -> Result<OpenRun, StoreError> {
    let times = [cycle.from, cycle.to, begun].map(|it| Value::from(us(it)));
    let [from, to, at] = times;
    tx.exec(BEGIN, &[cycle.kind.as_str().into(), from, to, at])?;
    Ok(OpenRun { cycle: *cycle, begun, after: String::new() })
}

/// Ends the run that is open.
pub fn end(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.exec(END, &[]).map(drop)
}

/// Takes the next accounts of a run that is held, so many at most. `None` where none are left behind the last.
pub fn take(
    tx: &mut Tx<'_>,
    run: &OpenRun,
    size: i64,
    claim: &Claim<'_>,
) -> Result<Option<Range>, StoreError> {
    let Some(accounts) = settlements::batch(tx, &run.cycle, &run.after, size)? else { return Ok(None) };
    let range = Range { cycle: run.cycle, begun: run.begun, accounts, left_by: None };
    let [kind, from, above] = range.key();
    let up_to = Value::from(range.accounts.to.as_str());
    tx.exec(MOVE, &[kind.clone(), from.clone(), up_to.clone()])?;
    let to = us(run.cycle.to).into();
    tx.exec(TAKE, &[kind, from, to, above, up_to, claim.holder.into(), us(claim.until).into()])?;
    Ok(Some(range))
}

/// Takes over a range of a run that is held whose lease ended. `None` where there is none: one that is being settled right now is not.
pub fn take_over(tx: &mut Tx<'_>, run: &OpenRun, claim: &Claim<'_>) -> Result<Option<Range>, StoreError> {
    let found = tx.rows(LEFT, &[us(claim.now).into(), us(claim.farthest).into()], |row| {
        let accounts = Batch { after: row.text(3)?, to: row.text(4)? };
        Ok(Range { cycle: cycle(row)?, begun: run.begun, accounts, left_by: Some(row.text(5)?) })
    })?;
    let Some(range) = found.into_iter().next() else { return Ok(None) };
    let [kind, from, above] = range.key();
    tx.exec(TAKE_OVER, &[kind, from, above, claim.holder.into(), us(claim.until).into()])?;
    Ok(Some(range))
}

/// Prolongs the lease of a range that has not ended. Nobody else gets it before `tx` ends.
pub fn hold(tx: &mut Tx<'_>, range: &Range, claim: &Claim<'_>) -> Result<Lease, StoreError> {
    let [kind, from, above] = range.key();
    let [until, now, farthest] = [claim.until, claim.now, claim.farthest].map(us);
    let args = [kind, from, above, claim.holder.into(), until.into(), now.into(), farthest.into()];
    Ok(if tx.exec(HOLD, &args)? == 1 { Lease::Held } else { Lease::Others })
}

/// The accounts of a range that is held are settled.
pub fn done(tx: &mut Tx<'_>, range: &Range) -> Result<(), StoreError> {
    tx.exec(DONE, &range.key()).map(drop)
}

/// How many ranges somebody has in hand.
pub fn in_hand(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    tx.one(IN_HAND, &[], "ranges", |row| row.int(0))
}

/// What everybody has in hand.
pub fn hands(tx: &mut Tx<'_>) -> Result<Vec<Hand>, StoreError> {
    tx.rows(HANDS, &[], |row| {
        let accounts = Batch { after: row.text(0)?, to: row.text(1)? };
        Ok(Hand { accounts, holder: row.text(2)?, until: at(row.int(3)?)? })
    })
}

/// Gives all that a holder has in hand back, so that others go on at once.
pub fn give_back(tx: &mut Tx<'_>, holder: &str) -> Result<(), StoreError> {
    tx.exec(GIVE_BACK, &[holder.into()]).map(drop)
}
