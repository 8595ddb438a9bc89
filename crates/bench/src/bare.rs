//! Writing what a run wrote once more, bare: the least that the same rows in the same tables can cost.
//!
//! In:  two SQLite files. Out: the time of the inserts alone.
//! Invariant: the inserts know nothing of billing, and their connection is set as the store's is.

use anyhow::Result;
use rusqlite::Connection;
use std::path::Path;
use std::time::{Duration, Instant};
use store::engine::{EMBEDDED_SETTINGS, us};
use units::Cycle;

/// A table that a run writes, and which of its rows are its work. `?1` and `?2` bound the accounts,
/// `?3` is when the run posted, `?4` the second in which its cycle began.
pub(super) struct Written {
    pub table: &'static str,
    pub rows: &'static str,
}

pub(super) const WRITTEN: [Written; 6] = [
    Written { table: "bills", rows: "posted_us = ?3" },
    Written {
        table: "lines",
        rows: "(account, bill) in (select account, id from bills where account > ?1 and account <= ?2 and posted_us = ?3)",
    },
    Written { table: "transfers", rows: "at_us = ?3" },
    Written { table: "wallets", rows: "?3 is not null" },
    Written { table: "freezes", rows: "bonus_minor + cash_minor + income_minor < target_minor" },
    Written { table: "openings", rows: "since_s >= ?4" },
];

/// How many rows, and how long their inserts and commits took.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Copied {
    pub rows: u64,
    pub time: Duration,
}

/// The rows of one table and how many columns they have.
struct Read {
    columns: usize,
    rows: Vec<Vec<rusqlite::types::Value>>,
}

/// Copies what the run of `cycle` wrote in `from` into the empty tables of `to`, batch by batch of `size` accounts.
///
/// Only the inserts are timed: prepared statements of one row, one transaction per batch.
pub(super) fn copy(from: &Path, to: &Path, cycle: &Cycle, size: i64) -> Result<Copied> {
    let (from, mut to) = (open(from)?, open(to)?);
    let mut copied = Copied::default();
    let mut after = String::new();
    loop {
        let last: Option<String> = from.query_row(
            "select max(account) from (select account from wallets where account > ?1 order by account limit ?2)",
            (&after, size),
            |row| row.get(0),
        )?;
        let Some(last) = last else { return Ok(copied) };
        let bounds = (after.as_str(), last.as_str(), us(cycle.to), cycle.from.as_second());
        let read: Vec<Read> = WRITTEN.iter().map(|it| rows(&from, it, bounds)).collect::<Result<_>>()?;
        let start = Instant::now();
        let tx = to.transaction()?;
        for (Written { table, .. }, read) in WRITTEN.iter().zip(&read) {
            let places = vec!["?"; read.columns].join(", ");
            let mut insert = tx.prepare_cached(&format!("insert into {table} values ({places})"))?;
            for row in &read.rows {
                insert.execute(rusqlite::params_from_iter(row))?;
                copied.rows += 1;
            }
        }
        tx.commit()?;
        copied.time += start.elapsed();
        after = last;
    }
}

fn open(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch(EMBEDDED_SETTINGS)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

/// Accounts above the first and up to the second, when the run posted, when its cycle began.
type Bounds<'a> = (&'a str, &'a str, i64, i64);

fn rows(from: &Connection, it: &Written, bounds: Bounds<'_>) -> Result<Read> {
    let Written { table, rows } = it;
    let sql = format!("select * from {table} where account > ?1 and account <= ?2 and {rows} and ?3 <> ?4");
    let mut statement = from.prepare_cached(&sql)?;
    let columns = statement.column_count();
    let rows = statement
        .query_map(bounds, |row| (0..columns).map(|at| row.get(at)).collect::<Result<Vec<_>, _>>())?
        .collect::<Result<_, _>>()?;
    Ok(Read { columns, rows })
}
