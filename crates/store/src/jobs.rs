//! Jobs: when each ran last, and which node may work at them until when.
//!
//! In:  a transaction, names of jobs and of holders. Out: rows, and whether a lease is held.
//! Invariant: a lease has one holder at a time, and `hold` keeps it so until the transaction ends.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use units::Timestamp;

statements! {
    ALL = "select name, holder, until_us, last_us from jobs order by name";
    CLAIM = "insert into jobs (name, holder, until_us) values ($1, $2, $3)
        on conflict (name) do update set holder = excluded.holder, until_us = excluded.until_us
        where jobs.holder = excluded.holder or jobs.until_us <= $4 or jobs.until_us > $5";
    HOLD = "update jobs set until_us = $3 where name = $1 and holder = $2 and until_us > $4 and until_us <= $5";
    RAN = "insert into jobs (name, holder, until_us, last_us) values ($1, '', 0, $2)
        on conflict (name) do update set last_us = excluded.last_us";
    ROOM = "insert into jobs (name, holder, until_us) values ('room', $1, 0) on conflict (name) do update set holder = excluded.holder";
    RELEASE = "update jobs set until_us = 0 where holder = $1";
}

/// What is known of a job, or of a lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRow {
    pub name: String,
    pub holder: String,
    /// The end of the lease, by the clock of the machines.
    pub until: Timestamp,
    /// When the job ran last, by the clock of the till. `None`: never, or it has to run again.
    pub last: Option<Timestamp>,
}

/// A lease that a holder wants at `now` up to `until`, both by the clock of its machine.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    pub name: &'a str,
    pub holder: &'a str,
    pub now: Timestamp,
    pub until: Timestamp,
    /// A lease that ends later than this is void: clocks moved since it was taken.
    pub farthest: Timestamp,
}

impl Claim<'_> {
    fn values(&self) -> [Value<'_>; 5] {
        let [until, now, farthest] = [self.until, self.now, self.farthest].map(us);
        [self.name.into(), self.holder.into(), until.into(), now.into(), farthest.into()]
    }

    /// Whether a lease up to `until` still holds at the instant of this claim.
    pub fn is_valid(&self, until: Timestamp) -> bool {
        self.now < until && until <= self.farthest
    }
}

/// Whether somebody holds a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lease {
    Held,
    Others,
}

/// All rows.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<JobRow>, StoreError> {
    tx.rows(ALL, &[], job)
}

fn job(row: &Row<'_>) -> Result<JobRow, StoreError> {
    let last = row.maybe_int(3)?.map(at).transpose()?;
    Ok(JobRow { name: row.text(0)?, holder: row.text(1)?, until: at(row.int(2)?)?, last })
}

/// Takes or prolongs a lease, unless another holds it.
pub fn claim(tx: &mut Tx<'_>, it: &Claim<'_>) -> Result<Lease, StoreError> {
    Ok(if tx.exec(CLAIM, &it.values())? == 1 { Lease::Held } else { Lease::Others })
}

/// Prolongs a lease that has not ended. Nobody else gets it before `tx` ends.
pub fn hold(tx: &mut Tx<'_>, it: &Claim<'_>) -> Result<Lease, StoreError> {
    Ok(if tx.exec(HOLD, &it.values())? == 1 { Lease::Held } else { Lease::Others })
}

/// Notes when a job ran last; `None` makes it run again.
pub fn ran(tx: &mut Tx<'_>, name: &str, last: Option<Timestamp>) -> Result<(), StoreError> {
    tx.exec(RAN, &[name.into(), last.map(us).into()]).map(drop)
}

/// Numbers in the text that is written to see whether there is room: about a megabyte.
const MUCH: u64 = 65_536;

/// Writes a large row and makes it small again. Errors: what the database says when it has no room.
pub fn try_room(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    // Hardly to be compressed, or it would need less.
    let text: String =
        (1..=MUCH).map(|it| format!("{:016x}", it.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect();
    tx.exec(ROOM, &[text.into()])?;
    tx.exec(ROOM, &["".into()]).map(drop)
}

/// Gives all leases of a holder back, so that another node goes on at once.
pub fn release(tx: &mut Tx<'_>, holder: &str) -> Result<(), StoreError> {
    tx.exec(RELEASE, &[holder.into()]).map(drop)
}
