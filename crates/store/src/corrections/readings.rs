//! Corrections of readings: void, or counted for another quantity.
//!
//! In:  what was decided of a reading. Out: what stands above a reading, and above the readings of closed cycles.
//! Invariant: the newest row of a reading stands; the reading itself stays as it came.

use crate::corrections::{Correction, correction};
use crate::engine::{StoreError, Tx, Value, Writes, us};
use crate::metered::words;
use units::{AccountId, Cycle, CycleKind, ResourceId, Timestamp};

statements! {
    ADD = "insert into reading_corrections (source, event, number, account, resource, at_us, quantity, late)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing";
    ANY = "select number from reading_corrections where account > $1 and account <= $2 and at_us >= $3 and at_us < $4 limit 1";
    OF_CYCLE = "select distinct c.number, c.id, c.account, c.kind, c.actor, c.reason, c.at_us, c.body
        from reading_corrections r join corrections c on c.number = r.number where r.account = $1 and r.at_us >= $2 and r.at_us < $3
        and ($4 = '' or r.resource = $4) and r.late like '%' || $5 || '%' order by c.number";
}

/// What a correction says of a reading.
#[derive(Clone, Debug)]
pub struct ReadingCorrection<'a> {
    pub number: i64,
    pub source: &'a str,
    pub event: &'a str,
    pub account: AccountId,
    pub resource: ResourceId,
    /// When the reading happened.
    pub at: Timestamp,
    /// `None`: it is void.
    pub quantity: Option<i64>,
    /// The kinds of cycle that were closed by then.
    pub late: Vec<CycleKind>,
}

/// Puts it above the reading.
pub fn add(writes: &mut Writes<'_>, it: &ReadingCorrection<'_>) {
    let row: [Value<'_>; 8] = [
        it.source.to_string().into(),
        it.event.to_string().into(),
        it.number.into(),
        it.account.to_string().into(),
        it.resource.to_string().into(),
        us(it.at).into(),
        it.quantity.into(),
        words(&it.late),
    ];
    writes.all(ADD, [row], StoreError::Stale("a correction of a reading".into()));
}

/// Whether any reading of a range of accounts in a span of time was corrected: accounts above, up to; from, to.
pub(crate) fn any(tx: &mut Tx<'_>, range: &[Value<'_>; 4]) -> Result<bool, StoreError> {
    Ok(!tx.rows(ANY, range, |row| row.int(0))?.is_empty())
}

/// A closed cycle of an account, by its kind, and of one resource or of all.
#[derive(Clone, Copy, Debug)]
pub struct Closed {
    pub account: AccountId,
    pub cycle: Cycle,
    pub resource: Option<ResourceId>,
}

/// The corrections of readings that came after their cycle was closed, in their order.
pub fn of_cycle(tx: &mut Tx<'_>, closed: Closed) -> Result<Vec<Correction>, StoreError> {
    let args = [
        closed.account.to_string().into(),
        us(closed.cycle.from).into(),
        us(closed.cycle.to).into(),
        closed.resource.map_or_else(String::new, |it| it.to_string()).into(),
        closed.cycle.kind.as_str().into(),
    ];
    tx.rows(OF_CYCLE, &args, correction)
}
