//! Readings: identity (source, event) for ever, where they belong, and what customers read of them.
//!
//! In:  batches. Out: what was new, what stood there.
//! Invariant: every function here runs as many statements for ten thousand readings as for one. Whoever
//! reads up to where cycles are closed in order to write holds those rows, so that no run closes a cycle meanwhile.

use crate::engine::{Row, StoreError, Tx, Value, Writes, at, us};
use billing::book::Books;
use billing::counter::Counting;
use billing::plan::{ConfigRef, Configs};
use billing::resource::State;
use billing::used::Sample;
use std::fmt::Display;
use std::ops::Range;
use units::{AccountId, Cycle, CycleKind, ResourceId, Timestamp};

statements! {
    ADD = "insert into usage (source, event, account, resource, meter, at_us, quantity, key, received_us, standing, counting)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing returning source, event";
    GET = "select source, event, resource, meter, at_us, coalesce(standing, quantity), key, counting from usage
        where source = $1 and event = $2";
    SAME_SECOND = "select resource, meter, at_us, key, quantity from usage
        where resource = $1 and meter = $2 and at_us = $3 and key = $4 order by event";
    LATE = "insert into late_usage (account, cycle, source, event, resource, meter, at_us, quantity, key, state, product, options,
        original_from_us, original_to_us, settled) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'no')
        on conflict do nothing";
    OPEN_DUE = "insert into dues (account, cycle, settled_to_us, set_aside) values ($1, $2, $3, null) on conflict do nothing";
    OWNER = "select id, account, product from resources where id = $1";
    LIFE = "select resource, at_us, state, product, options from meter_events where account = $1 and resource = $2
        order by at_us, number";
    HELD = "select account, cycle, settled_to_us from dues where account = $1 order by cycle for share";
    BETWEEN = "select u.event, u.resource, u.meter, u.at_us, u.quantity, u.key from usage u
        where u.account = $1 and u.at_us >= $2 and u.at_us < $3 and not exists (select 1 from late_usage l
            where l.account = u.account and l.cycle = $4 and l.source = u.source and l.event = u.event)
        order by u.at_us, u.event";
    SETTLED_TO = "select settled_to_us from dues where account = $1 and cycle = $2";
    OF_ACCOUNT = "select source, event, resource, meter, at_us, quantity, key, received_us, standing from usage
        where account = $1 and ($2 = '' or meter = $2) and at_us >= $3 and at_us < $4 and (at_us, source, event) < ($5, $6, $7)
        order by at_us desc, source desc, event desc limit $8";
    OF_RESOURCE = "select source, event, resource, meter, at_us, quantity, key, received_us, standing from usage
        where account = $1 and ($2 = '' or meter = $2) and at_us >= $3 and at_us < $4 and (at_us, source, event) < ($5, $6, $7)
        and resource = $9
        order by at_us desc, source desc, event desc limit $8";
    ACCOUNT_SUMS = "select cast($2 as bigint), meter, cast(sum(quantity / 1000000000) as bigint), cast(sum(quantity % 1000000000) as bigint),
        max(quantity), count(*) from usage where account = $1 and at_us >= $2 and at_us < $3 and ($4 = '' or meter = $4)
        group by meter order by meter";
    RESOURCE_SUMS = "select cast($2 as bigint), meter, cast(sum(quantity / 1000000000) as bigint), cast(sum(quantity % 1000000000) as bigint),
        max(quantity), count(*) from usage where account = $1 and at_us >= $2 and at_us < $3 and ($4 = '' or meter = $4)
        and resource = $5 group by meter order by meter";
    ACCOUNT_FIRST = "select at_us from usage where account = $1 and at_us >= $2 and at_us < $3 and ($4 = '' or meter = $4)
        order by at_us limit 1";
    RESOURCE_FIRST = "select at_us from usage where account = $1 and at_us >= $2 and at_us < $3 and ($4 = '' or meter = $4)
        and resource = $5 order by at_us limit 1";
}

/// A reading as its sender described it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentReading {
    pub source: String,
    pub event: String,
    pub resource: String,
    pub meter: String,
    pub at_us: i64,
    /// For a counter: where it stood.
    pub quantity: i64,
    pub key: String,
    pub counting: Counting,
}

pub(crate) fn counting(row: &Row<'_>, at: usize) -> Result<Counting, StoreError> {
    let text = row.maybe_text(at)?;
    Counting::parse(text.as_deref()).ok_or_else(|| StoreError::Corrupt(format!("counting {text:?}")))
}

/// A reading with its place.
#[derive(Clone, Debug)]
pub struct PlacedReading<'a> {
    pub source: &'a str,
    pub event: &'a str,
    pub account: &'a str,
    pub resource: &'a str,
    pub meter: &'a str,
    pub at_us: i64,
    pub quantity: i64,
    pub key: &'a str,
    pub received: Timestamp,
    /// Where the counter stood that it was read from.
    pub standing: Option<i64>,
    pub counting: Counting,
}

/// Adds readings. Returns (source, event) of those that are new.
pub fn add(tx: &mut Tx<'_>, readings: &[PlacedReading<'_>]) -> Result<Vec<(String, String)>, StoreError> {
    let rows: Vec<[Value<'_>; 11]> = readings
        .iter()
        .map(|it| {
            [
                it.source.into(),
                it.event.into(),
                it.account.into(),
                it.resource.into(),
                it.meter.into(),
                it.at_us.into(),
                it.quantity.into(),
                it.key.into(),
                us(it.received).into(),
                it.standing.into(),
                it.counting.as_str().into(),
            ]
        })
        .collect();
    tx.many_returning(ADD, &rows, |row| Ok((row.text(0)?, row.text(1)?)))
}

/// What stands under these (source, event).
pub fn get(tx: &mut Tx<'_>, ids: &[(&str, &str)]) -> Result<Vec<SentReading>, StoreError> {
    tx.each(GET, &pairs(ids), |row| {
        Ok(SentReading {
            source: row.text(0)?,
            event: row.text(1)?,
            resource: row.text(2)?,
            meter: row.text(3)?,
            at_us: row.int(4)?,
            quantity: row.int(5)?,
            key: row.text(6)?,
            counting: counting(row, 7)?,
        })
    })
}

pub(crate) fn pairs<'a>(ids: &[(&'a str, &'a str)]) -> Vec<[Value<'a>; 2]> {
    ids.iter().map(|it| [it.0.into(), it.1.into()]).collect()
}

/// What tells readings of one second apart: resource, meter, microseconds, key.
pub type Spot<'a> = (&'a str, &'a str, i64, &'a str);

/// The quantities that were reported for these spots.
pub fn same_second(tx: &mut Tx<'_>, spots: &[Spot<'_>]) -> Result<Vec<(SentReading, i64)>, StoreError> {
    let keys: Vec<_> = spots.iter().map(|it| [it.0.into(), it.1.into(), it.2.into(), it.3.into()]).collect();
    tx.each(SAME_SECOND, &keys, |row| {
        let sent = SentReading {
            source: String::new(),
            event: String::new(),
            resource: row.text(0)?,
            meter: row.text(1)?,
            at_us: row.int(2)?,
            quantity: row.int(4)?,
            key: row.text(3)?,
            counting: Counting::Delta,
        };
        Ok((sent, row.int(4)?))
    })
}

/// A reading whose cycle `original` was closed when it came; the next close of its kind bills it.
#[derive(Clone, Debug)]
pub struct LateReading<'a> {
    pub reading: &'a PlacedReading<'a>,
    pub state: State,
    pub product: &'a str,
    pub options: String,
    pub original: Cycle,
}

/// Notes late readings; one that is there stays as it was.
pub fn late<'a>(writes: &mut Writes<'a>, all: &'a [LateReading<'a>]) {
    let row = |it: &'a LateReading<'a>| -> [Value<'a>; 14] {
        [
            it.reading.account.into(),
            it.original.kind.as_str().into(),
            it.reading.source.into(),
            it.reading.event.into(),
            it.reading.resource.into(),
            it.reading.meter.into(),
            it.reading.at_us.into(),
            it.reading.quantity.into(),
            it.reading.key.into(),
            it.state.as_str().into(),
            it.product.into(),
            it.options.as_str().into(),
            us(it.original.from).into(),
            us(it.original.to).into(),
        ]
    };
    writes.any(LATE, all.iter().map(row));
}

/// From now on these accounts have something to settle in cycles like these.
pub fn open_dues(writes: &mut Writes<'_>, dues: &[(impl Display, Cycle)]) {
    let row = |account: String, it: &Cycle| [account.into(), it.kind.as_str().into(), us(it.from).into()];
    writes.any(OPEN_DUE, dues.iter().map(|it| row(it.0.to_string(), &it.1)));
}

/// Whose a resource is, and of which product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceOwner {
    pub resource: String,
    pub account: String,
    pub product: String,
}

/// The owners of those of these resources that exist.
pub fn owners(tx: &mut Tx<'_>, resources: &[&str]) -> Result<Vec<ResourceOwner>, StoreError> {
    let keys: Vec<_> = resources.iter().map(|it| [(*it).into()]).collect();
    tx.each(OWNER, &keys, |row| {
        Ok(ResourceOwner { resource: row.text(0)?, account: row.text(1)?, product: row.text(2)? })
    })
}

/// How a resource stood from an instant on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoodAt {
    pub at_us: i64,
    pub state: State,
    pub config: ConfigRef,
}

/// The life lines of these (account, resource), each in order of time.
pub fn lives(
    tx: &mut Tx<'_>,
    resources: &[(&str, &str)],
    books: &Books,
    configs: &mut Configs,
) -> Result<Vec<(String, StoodAt)>, StoreError> {
    tx.each(LIFE, &pairs(resources), |row| {
        let config =
            row.with_text(3, |product| row.with_text(4, |options| configs.intern(books, product, options)))??;
        let stood = StoodAt { at_us: row.int(1)?, state: row.parsed(2, "state", State::parse)?, config };
        Ok((row.text(0)?, stood))
    })
}

/// Up to where the cycles of these accounts are closed; nobody closes one until `tx` ends.
///
/// Give them in order, so that two who hold many do not wait for each other.
pub fn hold_dues(
    tx: &mut Tx<'_>,
    accounts: &[&str],
) -> Result<Vec<(String, CycleKind, Timestamp)>, StoreError> {
    let keys: Vec<_> = accounts.iter().map(|it| [(*it).into()]).collect();
    tx.each(HELD, &keys, |row| {
        Ok((row.text(0)?, row.parsed(1, "cycle", crate::resources::kind)?, at(row.int(2)?)?))
    })
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

/// Up to where the account's cycles of this kind are closed.
pub fn settled_to(
    tx: &mut Tx<'_>,
    account: AccountId,
    kind: CycleKind,
) -> Result<Option<Timestamp>, StoreError> {
    let found = tx.rows(SETTLED_TO, &[account.to_string().into(), kind.as_str().into()], |row| row.int(0))?;
    found.into_iter().next().map(at).transpose()
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
    tx.rows(sql, &args, |row| {
        Ok(StoredReading {
            source: row.text(0)?,
            event: row.text(1)?,
            resource: row.parsed(2, "resource", |it| it.parse().ok())?,
            meter: row.text(3)?,
            at: at(row.int(4)?)?,
            quantity: row.int(5)?,
            key: row.text(6)?,
            received: at(row.int(7)?)?,
            standing: row.maybe_int(8)?,
        })
    })
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
