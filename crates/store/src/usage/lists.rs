//! Readings as customers and settlement look at them: between two instants, page by page, summed by windows.
//!
//! In:  an account, perhaps a resource and a meter, bounds. Out: readings and sums.
//! Invariant: a sum is exact: whole billions and what is left are added apart.

use crate::corrections::standing::{counts, standing};
use crate::engine::{Row, StoreError, Tx, Value, at, us};
use crate::metered::kinds;
use billing::used::Sample;
use std::ops::Range;
use units::{AccountId, Cycle, CycleKind, ResourceId, Timestamp};

/// A reading `u`, and the number of what stands above it with the quantity that it counts for.
macro_rules! reading {
    () => {
        "u.source, u.event, u.resource, u.meter, u.at_us, u.quantity, u.key, u.received_us, u.standing, u.late, c.number, c.quantity"
    };
}

/// The sum of what counts, in whole billions and what is left; the highest; how many.
macro_rules! sum {
    () => {
        "cast(sum(coalesce(c.quantity, u.quantity) / 1000000000) as bigint),
        cast(sum(coalesce(c.quantity, u.quantity) % 1000000000) as bigint), max(coalesce(c.quantity, u.quantity)), count(*)"
    };
}

statements! {
    BETWEEN = concat!("select u.event, u.resource, u.meter, u.at_us, coalesce(c.quantity, u.quantity), u.key from usage u",
        standing!(at the close of "$4"), "where u.account = $1 and u.at_us >= $2 and u.at_us < $3
        and ($4 = '' or u.late is null or u.late not like '%' || $4 || '%') and", counts!(), "order by u.at_us, u.event");
    LATE = "select resource, at_us, late from usage where account = $1 and late is not null
        union select resource, at_us, late from reading_corrections where account = $1 and late is not null order by 1, 2, 3";
    WHOLE = concat!("select ", reading!(), ", u.account from usage u", standing!(), "where u.source = $1 and u.event = $2");
    OF_ACCOUNT = concat!("select ", reading!(), " from usage u", standing!(), "where u.account = $1 and ($2 = '' or u.meter = $2)
        and u.at_us >= $3 and u.at_us < $4 and (u.at_us, u.source, u.event) < ($5, $6, $7)
        order by u.at_us desc, u.source desc, u.event desc limit $8");
    OF_RESOURCE = concat!("select ", reading!(), " from usage u", standing!(), "where u.account = $1 and ($2 = '' or u.meter = $2)
        and u.at_us >= $3 and u.at_us < $4 and (u.at_us, u.source, u.event) < ($5, $6, $7) and u.resource = $9
        order by u.at_us desc, u.source desc, u.event desc limit $8");
    ACCOUNT_SUMS = concat!("select cast($2 as bigint), u.meter, ", sum!(), " from usage u", standing!(),
        "where u.account = $1 and u.at_us >= $2 and u.at_us < $3 and ($4 = '' or u.meter = $4) and", counts!(),
        "group by u.meter order by u.meter");
    RESOURCE_SUMS = concat!("select cast($2 as bigint), u.meter, ", sum!(), " from usage u", standing!(),
        "where u.account = $1 and u.at_us >= $2 and u.at_us < $3 and ($4 = '' or u.meter = $4) and u.resource = $5 and",
        counts!(), "group by u.meter order by u.meter");
    ACCOUNT_FIRST = "select at_us from usage where account = $1 and at_us >= $2 and at_us < $3 and ($4 = '' or meter = $4)
        order by at_us limit 1";
    RESOURCE_FIRST = "select at_us from usage where account = $1 and at_us >= $2 and at_us < $3 and ($4 = '' or meter = $4)
        and resource = $5 order by at_us limit 1";
}

/// The readings of an account in these seconds; with a kind, those that came before their cycle of it was closed.
pub fn between(
    tx: &mut Tx<'_>,
    account: AccountId,
    seconds: Range<i64>,
    kind: Option<CycleKind>,
) -> Result<Vec<Sample>, StoreError> {
    let (from, to) = (seconds.start * 1_000_000, seconds.end * 1_000_000);
    let kind = kind.map_or("", CycleKind::as_str);
    let args: [Value<'_>; 4] = [account.to_string().into(), from.into(), to.into(), kind.into()];
    tx.rows(BETWEEN, &args, |row| {
        Ok(Sample {
            event: row.text(0)?,
            resource: row.parsed(1, "resource", |it| it.parse().ok())?,
            usage: row.text(2)?,
            at: row.int(3)?.div_euclid(1_000_000),
            quantity: u64::try_from(row.int(4)?).map_err(|_| StoreError::Corrupt("a quantity".into()))?,
            key: row.text(5)?,
        })
    })
}

/// A second for which a resource of an account was reported late, and the kinds of cycle that were closed by then.
pub type LateSecond = (ResourceId, Timestamp, Vec<CycleKind>);

/// Every second of an account for which something was reported after its cycle was closed.
pub fn late(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<LateSecond>, StoreError> {
    tx.rows(LATE, &[account.to_string().into()], |row| {
        let resource = row.parsed(0, "resource", |it| it.parse().ok())?;
        Ok((resource, at(row.int(1)?)?, kinds(&row.text(2)?)?))
    })
}

/// A stored reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredReading {
    pub source: String,
    pub event: String,
    pub resource: ResourceId,
    pub meter: String,
    pub at: Timestamp,
    /// For a counter: by how much its total grew.
    pub quantity: i64,
    pub key: String,
    pub received: Timestamp,
    pub standing: Option<i64>,
    /// The kinds of cycle that were closed when it came; none where it came in time.
    pub late: Vec<CycleKind>,
    /// What it counts for: its quantity, unless a correction says otherwise; `None` where it is void.
    pub counted: Option<i64>,
}

fn reading(row: &Row<'_>) -> Result<StoredReading, StoreError> {
    let quantity = row.int(5)?;
    Ok(StoredReading {
        source: row.text(0)?,
        event: row.text(1)?,
        resource: row.parsed(2, "resource", |it| it.parse().ok())?,
        meter: row.text(3)?,
        at: at(row.int(4)?)?,
        quantity,
        key: row.text(6)?,
        received: at(row.int(7)?)?,
        standing: row.maybe_int(8)?,
        late: kinds(row.maybe_text(9)?.unwrap_or_default().as_str())?,
        counted: if row.maybe_int(10)?.is_some() { row.maybe_int(11)? } else { Some(quantity) },
    })
}

/// The reading under this (source, event), and whose it is.
pub fn get_whole(
    tx: &mut Tx<'_>,
    source: &str,
    event: &str,
) -> Result<Option<(AccountId, StoredReading)>, StoreError> {
    let found = tx.rows(WHOLE, &[source.into(), event.into()], |row| {
        Ok((row.parsed(12, "account", |it| it.parse().ok())?, reading(row)?))
    })?;
    Ok(found.into_iter().next())
}

/// Where a page of readings ends: microseconds, source, event.
pub type Mark = (i64, String, String);

/// Which readings are asked for.
#[derive(Clone, Debug)]
pub struct ReadingFilter {
    pub account: AccountId,
    pub resource: Option<ResourceId>,
    pub meter: Option<String>,
    pub from: Timestamp,
    pub to: Timestamp,
}

/// A page of readings, newest first; `after` is where the page before ended.
pub fn page(
    tx: &mut Tx<'_>,
    query: &ReadingFilter,
    after: Option<&Mark>,
    limit: i64,
) -> Result<Vec<StoredReading>, StoreError> {
    let (at_us, source, event) = after.map_or((i64::MAX, "", ""), |it| (it.0, it.1.as_str(), it.2.as_str()));
    let mut args: Vec<Value<'_>> = vec![
        query.account.to_string().into(),
        query.meter.as_deref().unwrap_or("").into(),
        us(query.from).into(),
        us(query.to).into(),
        at_us.into(),
        source.into(),
        event.into(),
        limit.into(),
    ];
    let sql = match query.resource {
        Some(resource) => {
            args.push(resource.to_string().into());
            OF_RESOURCE
        }
        None => OF_ACCOUNT,
    };
    tx.rows(sql, &args, reading)
}

/// The readings of one meter in one window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowSum {
    pub from: Timestamp,
    pub meter: String,
    pub sum: u128,
    pub highest: i64,
    pub count: i64,
}

/// Sums by window and meter, of one resource or of all of the account. `windows` bound the query.
pub fn sums(tx: &mut Tx<'_>, query: &ReadingFilter, windows: &[Cycle]) -> Result<Vec<WindowSum>, StoreError> {
    let (account, meter) = (query.account.to_string(), query.meter.as_deref().unwrap_or(""));
    let bounds = |it: &Cycle| (us(it.from.max(query.from)), us(it.to.min(query.to)));
    match query.resource.map(|it| it.to_string()) {
        Some(resource) => {
            let key = |it: &Cycle| {
                let (from, to) = bounds(it);
                let (account, resource) = (account.as_str().into(), resource.as_str().into());
                [account, from.into(), to.into(), meter.into(), resource]
            };
            let keys: Vec<[Value<'_>; 5]> = windows.iter().map(key).collect();
            tx.each(RESOURCE_SUMS, &keys, sum)
        }
        None => {
            let key = |it: &Cycle| {
                let (from, to) = bounds(it);
                [account.as_str().into(), from.into(), to.into(), meter.into()]
            };
            let keys: Vec<[Value<'_>; 4]> = windows.iter().map(key).collect();
            tx.each(ACCOUNT_SUMS, &keys, sum)
        }
    }
}

/// When the first of the readings happened that are asked for, if there is one.
pub fn first(tx: &mut Tx<'_>, query: &ReadingFilter) -> Result<Option<Timestamp>, StoreError> {
    let mut args: Vec<Value<'_>> = vec![
        query.account.to_string().into(),
        us(query.from).into(),
        us(query.to).into(),
        query.meter.as_deref().unwrap_or("").into(),
    ];
    let sql = match query.resource {
        Some(resource) => {
            args.push(resource.to_string().into());
            RESOURCE_FIRST
        }
        None => ACCOUNT_FIRST,
    };
    Ok(tx.rows(sql, &args, |row| at(row.int(0)?))?.into_iter().next())
}

fn sum(row: &Row<'_>) -> Result<WindowSum, StoreError> {
    let part = |value: i64| u128::try_from(value).map_err(|_| StoreError::Corrupt("a quantity".into()));
    Ok(WindowSum {
        from: at(row.int(0)?)?,
        meter: row.text(1)?,
        sum: part(row.int(2)?)? * 1_000_000_000 + part(row.int(3)?)?,
        highest: row.int(4)?,
        count: row.int(5)?,
    })
}
