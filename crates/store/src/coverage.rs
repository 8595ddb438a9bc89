//! What coverage reports are made of: resources by what was sold, life lines that are missing, last readings.
//!
//! In:  bounds. Out: rows. Invariant: nothing is written here.

use crate::engine::{StoreError, Tx, at, us};
use crate::usage::pairs;
use units::{Currency, Timestamp};

statements! {
    GROUPS = "select product, options, count(*), min(id), currency from resources
        where state not in ('pending', 'released', 'failed') group by product, options, currency
        order by product, options, currency";
    BARE = "select r.account, r.id, r.product from resources r where r.state not in ('pending', 'released', 'failed')
        and not exists (select 1 from meter_events e where e.account = r.account and e.resource = r.id) order by r.id limit $1";
    RUNNING = "select account, id, product, options, since_us, currency from resources where state = 'running' and since_us < $1 and id > $2
        order by id limit $3";
    LAST = "select resource, meter, max(at_us) from usage where resource = $1 and meter = $2 group by resource, meter";
}

/// Resources that were sold alike and live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoldAlike {
    /// Whose price book they go by.
    pub currency: Currency,
    pub product: String,
    pub options: String,
    pub resources: i64,
    /// One of them.
    pub example: String,
}

pub fn groups(tx: &mut Tx<'_>) -> Result<Vec<SoldAlike>, StoreError> {
    tx.rows(GROUPS, &[], |row| {
        let (product, options) = (row.text(0)?, row.text(1)?);
        let (resources, example) = (row.int(2)?, row.text(3)?);
        Ok(SoldAlike { currency: row.currency(4)?, product, options, resources, example })
    })
}

/// A resource that lives and has no life line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithoutLife {
    pub account: String,
    pub resource: String,
    pub product: String,
}

pub fn without_life(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<WithoutLife>, StoreError> {
    tx.rows(BARE, &[limit.into()], |row| {
        Ok(WithoutLife { account: row.text(0)?, resource: row.text(1)?, product: row.text(2)? })
    })
}

/// A resource that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningResource {
    pub account: String,
    pub resource: String,
    pub product: String,
    pub options: String,
    pub since: Timestamp,
    pub currency: Currency,
}

/// Resources above `after` that run since before an instant.
pub fn running_since_before(
    tx: &mut Tx<'_>,
    before: Timestamp,
    after: &str,
    limit: i64,
) -> Result<Vec<RunningResource>, StoreError> {
    tx.rows(RUNNING, &[us(before).into(), after.into(), limit.into()], |row| {
        Ok(RunningResource {
            account: row.text(0)?,
            resource: row.text(1)?,
            product: row.text(2)?,
            options: row.text(3)?,
            since: at(row.int(4)?)?,
            currency: row.currency(5)?,
        })
    })
}

/// When a meter of a resource was read last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastReading {
    pub resource: String,
    pub meter: String,
    pub at: Timestamp,
}

/// The last reading of each (resource, meter) that ever had one.
pub fn last_readings(tx: &mut Tx<'_>, meters: &[(&str, &str)]) -> Result<Vec<LastReading>, StoreError> {
    tx.each(LAST, &pairs(meters), |row| {
        Ok(LastReading { resource: row.text(0)?, meter: row.text(1)?, at: at(row.int(2)?)? })
    })
}
