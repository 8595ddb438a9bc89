//! Readings: identity (source, event) for ever, where they belong, and what customers read of them.
//!
//! In:  batches. Out: what was new, what stood there.
//! Invariant: every function here runs as many statements for ten thousand readings as for one. Whoever
//! reads up to where cycles are closed in order to write holds those rows, so that no run closes a cycle meanwhile.

use crate::corrections::standing::{counts, standing};
use crate::engine::{Row, StoreError, Tx, Value, Writes, at, us};
use crate::metered;
use billing::books::{Books, Series};
use billing::counter::Counting;
use billing::plan::{ConfigRef, Configs};
use billing::resource::State;
use std::collections::HashMap;
use std::fmt::Display;
use units::{AccountId, Currency, Cycle, CycleKind, Timestamp};

pub mod homeless;
mod lists;

pub(crate) use lists::STATEMENTS as LIST_STATEMENTS;
pub use lists::{
    LateSecond, Mark, ReadingFilter, StoredReading, WindowSum, between, first, get_whole, late, page, sums,
};

statements! {
    ADD = "insert into usage (source, event, account, resource, meter, at_us, quantity, key, received_us, standing, counting, late)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing returning source, event";
    GET = "select source, event, resource, meter, at_us, coalesce(standing, quantity), key, counting from usage
        where source = $1 and event = $2";
    SAME_SECOND = concat!("select u.resource, u.meter, u.at_us, u.key, coalesce(c.quantity, u.quantity) from usage u", standing!(),
        "where u.resource = $1 and u.meter = $2 and u.at_us = $3 and u.key = $4 and", counts!(), "order by u.event");
    OPEN_DUE = "insert into dues (account, cycle, settled_to_us, set_aside) values ($1, $2, $3, null) on conflict do nothing";
    OWNER = "select id, account, product, currency from resources where id = $1";
    LIFE = "select resource, coalesce(asked_us, at_us), state, product, options from meter_events where account = $1 and resource = $2
        order by coalesce(asked_us, at_us), number";
    HELD = "select account, cycle, settled_to_us from dues where account = $1 order by cycle for share";
    SETTLED_TO = "select settled_to_us from dues where account = $1 and cycle = $2";
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
    /// The kinds of cycle that were closed when it came.
    pub late: Vec<CycleKind>,
}

/// Adds readings. Returns (source, event) of those that are new.
pub fn add(tx: &mut Tx<'_>, readings: &[PlacedReading<'_>]) -> Result<Vec<(String, String)>, StoreError> {
    let rows: Vec<[Value<'_>; 12]> = readings
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
                metered::words(&it.late),
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
    /// Whose price books it goes by.
    pub currency: Currency,
}

/// The owners of those of these resources that exist.
pub fn owners(tx: &mut Tx<'_>, resources: &[&str]) -> Result<Vec<ResourceOwner>, StoreError> {
    let keys: Vec<_> = resources.iter().map(|it| [(*it).into()]).collect();
    tx.each(OWNER, &keys, |row| {
        let (resource, account, product) = (row.text(0)?, row.text(1)?, row.text(2)?);
        Ok(ResourceOwner { resource, account, product, currency: row.currency(3)? })
    })
}

/// How a resource stood from an instant on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoodAt {
    pub at_us: i64,
    pub state: State,
    pub config: ConfigRef,
}

/// The life lines of resources, each in order of time.
pub fn lives(
    tx: &mut Tx<'_>,
    owners: &[ResourceOwner],
    books: &Books,
    configs: &mut Configs,
) -> Result<Vec<(String, StoodAt)>, StoreError> {
    let keys: Vec<(&str, &str)> =
        owners.iter().map(|it| (it.account.as_str(), it.resource.as_str())).collect();
    let currencies: HashMap<&str, Currency> =
        owners.iter().map(|it| (it.resource.as_str(), it.currency)).collect();
    tx.each(LIFE, &pairs(&keys), |row| {
        let resource = row.text(0)?;
        let own = currencies.get(resource.as_str()).map_or(Series::none(), |it| books.of(*it));
        let config =
            row.with_text(3, |product| row.with_text(4, |options| configs.intern(own, product, options)))??;
        let stood = StoodAt { at_us: row.int(1)?, state: row.parsed(2, "state", State::parse)?, config };
        Ok((resource, stood))
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

/// Up to where the account's cycles of this kind are closed.
pub fn settled_to(
    tx: &mut Tx<'_>,
    account: AccountId,
    kind: CycleKind,
) -> Result<Option<Timestamp>, StoreError> {
    let found = tx.rows(SETTLED_TO, &[account.to_string().into(), kind.as_str().into()], |row| row.int(0))?;
    found.into_iter().next().map(at).transpose()
}
