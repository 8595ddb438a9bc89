//! Quarantine: readings that could not be placed, kept whole with the reason until they fit.
//!
//! In:  readings as they were sent. Out: pages of them, counts, and what stands under an id.
//! Invariant: a row is never deleted; what was taken at last is marked with when, until it loses its home again (`usage/homeless`).

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use crate::usage::{SentReading, counting, pairs};
use units::Timestamp;

columns!(quarantine: source, event, reason, resource, meter, at_us, quantity, received_us, key, counting, detail, replayed_us);

statements! {
    ADD = concat!(quarantine!(insert), " on conflict do nothing returning source, event");
    GET = concat!(quarantine!(select), " where source = $1 and event = $2");
    SOURCES = "select source from quarantine where source = $1 limit 1";
    ALL = concat!(quarantine!(select), " where replayed_us is null order by received_us, event");
    NEWEST = concat!(quarantine!(select), " where replayed_us is null and ($1 = '' or reason = $1) and
        ($2 = '' or resource = $2) and (received_us, source, event) < ($3, $4, $5) order by received_us
        desc, source desc, event desc limit $6");
    OLDEST = concat!(quarantine!(select), " where replayed_us is null and ($1 = '' or reason = $1) and
        ($2 = '' or resource = $2) and (received_us, source, event) > ($3, $4, $5) order by received_us,
        source, event limit $6");
    REASONS = "select reason, count(*), min(received_us), max(received_us) from quarantine where replayed_us is null
        group by reason order by reason";
    REPLAYED = "insert into quarantine (source, event, reason, resource, meter, at_us, quantity, received_us, replayed_us)
        values ($1, $2, '', '', '', 0, 0, 0, $3) on conflict (source, event) do update set replayed_us = excluded.replayed_us";
    STAYS = "insert into quarantine (source, event, reason, resource, meter, at_us, quantity, received_us, detail)
        values ($1, $2, $3, '', '', 0, 0, 0, $4) on conflict (source, event) do update set reason = excluded.reason,
        detail = excluded.detail";
}

/// A reading that could not be placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub sent: SentReading,
    pub reason: String,
    /// More about the reason, for people; may be empty.
    pub detail: String,
    pub received: Timestamp,
    pub replayed: Option<Timestamp>,
}

fn kept(row: &Row<'_>) -> Result<Kept, StoreError> {
    let sent = SentReading {
        source: row.text(quarantine!(source))?,
        event: row.text(quarantine!(event))?,
        resource: row.text(quarantine!(resource))?,
        meter: row.text(quarantine!(meter))?,
        at_us: row.int(quarantine!(at_us))?,
        quantity: row.int(quarantine!(quantity))?,
        key: row.text(quarantine!(key))?,
        counting: counting(row, quarantine!(counting))?,
    };
    let (reason, detail) = (row.text(quarantine!(reason))?, row.text(quarantine!(detail))?);
    let replayed = row.maybe_int(quarantine!(replayed_us))?.map(at).transpose()?;
    Ok(Kept { sent, reason, detail, received: at(row.int(quarantine!(received_us))?)?, replayed })
}

/// A reading to keep.
#[derive(Clone, Debug)]
pub struct Unplaced<'a> {
    pub source: &'a str,
    pub event: &'a str,
    pub resource: &'a str,
    pub meter: &'a str,
    pub at_us: i64,
    pub quantity: i64,
    pub key: &'a str,
    pub counting: billing::counter::Counting,
    pub received: Timestamp,
    pub reason: &'static str,
    pub detail: &'a str,
}

/// Keeps readings. Returns (source, event) of those that are new here.
pub fn add(tx: &mut Tx<'_>, readings: &[Unplaced<'_>]) -> Result<Vec<(String, String)>, StoreError> {
    let rows: Vec<[Value<'_>; quarantine!(count)]> = readings
        .iter()
        .map(|it| {
            [
                it.source.into(),
                it.event.into(),
                it.reason.into(),
                it.resource.into(),
                it.meter.into(),
                it.at_us.into(),
                it.quantity.into(),
                us(it.received).into(),
                it.key.into(),
                it.counting.as_str().into(),
                it.detail.into(),
                Value::Null,
            ]
        })
        .collect();
    tx.many_returning(ADD, &rows, |row| Ok((row.text(0)?, row.text(1)?)))
}

/// What is kept under these (source, event), replayed or not.
pub fn get(tx: &mut Tx<'_>, ids: &[(&str, &str)]) -> Result<Vec<Kept>, StoreError> {
    tx.each(GET, &pairs(ids), kept)
}

/// Those of these sources of which anything was ever kept.
pub fn sources(tx: &mut Tx<'_>, sources: &[&str]) -> Result<Vec<String>, StoreError> {
    let keys: Vec<_> = sources.iter().map(|it| [(*it).into()]).collect();
    tx.each(SOURCES, &keys, |row| row.text(0))
}

/// Everything that waits, oldest first.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Kept>, StoreError> {
    tx.rows(ALL, &[], kept)
}

/// Which part of the quarantine: any reason and any resource where none is named.
#[derive(Clone, Debug, Default)]
pub struct QuarantineFilter {
    pub reason: Option<String>,
    pub resource: Option<String>,
}

/// Where a page ends: microseconds of receipt, source, event.
pub type Mark = crate::usage::Mark;

/// A page of what waits, newest first.
pub fn newest(
    tx: &mut Tx<'_>,
    query: &QuarantineFilter,
    after: Option<&Mark>,
    limit: i64,
) -> Result<Vec<Kept>, StoreError> {
    let first = (i64::MAX, String::new(), String::new());
    tx.rows(NEWEST, &args(query, after.unwrap_or(&first), limit), kept)
}

/// A page of what waits, oldest first, as it is replayed.
pub fn oldest(
    tx: &mut Tx<'_>,
    query: &QuarantineFilter,
    after: Option<&Mark>,
    limit: i64,
) -> Result<Vec<Kept>, StoreError> {
    let first = (i64::MIN, String::new(), String::new());
    tx.rows(OLDEST, &args(query, after.unwrap_or(&first), limit), kept)
}

fn args<'a>(query: &'a QuarantineFilter, mark: &Mark, limit: i64) -> [Value<'a>; 6] {
    [
        query.reason.as_deref().unwrap_or("").into(),
        query.resource.as_deref().unwrap_or("").into(),
        mark.0.into(),
        mark.1.clone().into(),
        mark.2.clone().into(),
        limit.into(),
    ]
}

/// How much waits for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonCount {
    pub reason: String,
    pub count: i64,
    pub oldest: Timestamp,
    pub newest: Timestamp,
}

pub fn reasons(tx: &mut Tx<'_>) -> Result<Vec<ReasonCount>, StoreError> {
    tx.rows(REASONS, &[], |row| {
        Ok(ReasonCount {
            reason: row.text(0)?,
            count: row.int(1)?,
            oldest: at(row.int(2)?)?,
            newest: at(row.int(3)?)?,
        })
    })
}

/// Marks what was taken at last.
pub fn replayed(tx: &mut Tx<'_>, ids: &[(&str, &str)], now: Timestamp) -> Result<(), StoreError> {
    let rows: Vec<_> = ids.iter().map(|it| [it.0.into(), it.1.into(), us(now).into()]).collect();
    tx.many(REPLAYED, &rows).map(drop)
}

/// What was tried again and stays: (source, event), reason, detail.
pub fn stays(tx: &mut Tx<'_>, all: &[((&str, &str), &'static str, &str)]) -> Result<(), StoreError> {
    let rows: Vec<[Value<'_>; 4]> = all
        .iter()
        .map(|((source, event), reason, detail)| {
            [(*source).into(), (*event).into(), (*reason).into(), (*detail).into()]
        })
        .collect();
    tx.many(STAYS, &rows).map(drop)
}
