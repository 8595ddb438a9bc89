//! The test clock's standing, and the lease of the node that does the jobs.

use crate::engine::{StoreError, Tx, Value, at, us};
use units::Timestamp;

statements! {
    GET = "select now_us from clock where id = 1";
    SET = "insert into clock (id, now_us) values (1, $1) on conflict (id) do update set now_us = excluded.now_us";
    CLAIM = "insert into leases (name, holder, until_us) values ($1, $2, $3)
        on conflict (name) do update set holder = excluded.holder, until_us = excluded.until_us
        where leases.holder = excluded.holder or leases.until_us < $4";
    RELEASE = "delete from leases where name = $1 and holder = $2";
}

/// Where the test clock stands, if this database ever had one.
pub fn get(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    tx.rows(GET, &[], |row| row.int(0))?.into_iter().next().map(at).transpose()
}

pub fn set(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(SET, &[us(now).into()]).map(drop)
}

/// Whether somebody holds a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lease {
    Held,
    Others,
}

/// Takes or prolongs the lease `name` up to `until`, unless another holds it at `now`.
pub fn claim(
    tx: &mut Tx<'_>,
    (name, holder): (&str, &str),
    until: Timestamp,
    now: Timestamp,
) -> Result<Lease, StoreError> {
    let args: [Value<'_>; 4] = [name.into(), holder.into(), us(until).into(), us(now).into()];
    Ok(if tx.exec(CLAIM, &args)? == 1 { Lease::Held } else { Lease::Others })
}

/// Gives a lease back, so that another node goes on at once.
pub fn release(tx: &mut Tx<'_>, name: &str, holder: &str) -> Result<(), StoreError> {
    tx.exec(RELEASE, &[name.into(), holder.into()]).map(drop)
}
