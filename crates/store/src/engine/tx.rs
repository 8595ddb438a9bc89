//! One transaction: statements with `$n` parameters, prepared once per connection.
//!
//! In:  statements of the dialect that both engines share, and values. Out: rows, or how many changed.
//! Invariant: whatever differs between the engines is in this folder.

use super::{Row, StoreError, Value};
use link::Transaction;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// Statements that this process ran.
static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// How many statements this process ran since it began, of all stores; those of sets count once each.
pub(super) fn statements() -> u64 {
    STATEMENTS.load(Ordering::Relaxed)
}

/// Prepared statements of one PostgreSQL connection, and the many-row form of inserts.
#[derive(Default)]
pub struct Statements {
    pub(super) single: HashMap<&'static str, postgres::Statement>,
    pub(super) many: HashMap<&'static str, postgres::Statement>,
    /// Writes of several kinds of rows.
    pub(super) joined: HashMap<Vec<&'static str>, postgres::Statement>,
    /// Inserts as copies.
    pub(super) copies: HashMap<&'static str, postgres::Statement>,
}

pub(super) fn count_statement() {
    STATEMENTS.fetch_add(1, Ordering::Relaxed);
}

/// One transaction.
pub enum Tx<'a> {
    Lite(rusqlite::Transaction<'a>),
    Pg(Transaction<'a>, &'a mut Statements),
}

pub(super) fn lite(sql: &str) -> String {
    // SQLite numbers `$n` by first appearance, `?n` by what it says. Its one writer holds every row anyway.
    let locks = [
        " for share",
        " for update of w skip locked",
        " for update of w",
        " for update skip locked",
        " for update",
    ];
    locks.iter().fold(sql.replace('$', "?"), |sql, lock| sql.replace(lock, ""))
}

impl Tx<'_> {
    pub(super) fn commit(self) -> Result<(), StoreError> {
        match self {
            Tx::Lite(tx) => Ok(tx.commit()?),
            Tx::Pg(tx, _) => Ok(tx.commit()?),
        }
    }

    pub(super) fn prepared(&mut self, sql: &'static str) -> Result<Option<postgres::Statement>, StoreError> {
        let Tx::Pg(tx, statements) = self else { return Ok(None) };
        if let Some(found) = statements.single.get(sql) {
            return Ok(Some(found.clone()));
        }
        let made = tx.prepare(sql)?;
        statements.single.insert(sql, made.clone());
        Ok(Some(made))
    }

    /// Runs a statement that has to change a row. Errors: `none` where it changes none.
    pub fn exec_or(
        &mut self,
        sql: &'static str,
        args: &[Value<'_>],
        none: impl FnOnce() -> StoreError,
    ) -> Result<(), StoreError> {
        match self.exec(sql, args)? {
            0 => Err(none()),
            _ => Ok(()),
        }
    }

    /// Runs a statement; returns how many rows it changed.
    pub fn exec(&mut self, sql: &'static str, args: &[Value<'_>]) -> Result<u64, StoreError> {
        count_statement();
        let statement = self.prepared(sql)?;
        match (self, statement) {
            (Tx::Pg(tx, _), Some(statement)) => {
                let args: Vec<&(dyn postgres::types::ToSql + Sync)> = args.iter().map(|it| it as _).collect();
                Ok(tx.execute(&statement, &args)?)
            }
            (Tx::Lite(tx), _) => {
                Ok(tx.prepare_cached(&lite(sql))?.execute(rusqlite::params_from_iter(args))? as u64)
            }
            (Tx::Pg(..), None) => Ok(0),
        }
    }

    /// Reads rows.
    pub fn rows<T>(
        &mut self,
        sql: &'static str,
        args: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        count_statement();
        let statement = self.prepared(sql)?;
        let mut found = Vec::new();
        match (self, statement) {
            (Tx::Pg(tx, _), Some(statement)) => {
                let args: Vec<&(dyn postgres::types::ToSql + Sync)> = args.iter().map(|it| it as _).collect();
                for row in tx.query(&statement, &args)? {
                    found.push(read(&Row::Pg(&row))?);
                }
            }
            (Tx::Lite(tx), _) => {
                let mut statement = tx.prepare_cached(&lite(sql))?;
                let mut rows = statement.query(rusqlite::params_from_iter(args))?;
                while let Some(row) = rows.next()? {
                    found.push(read(&Row::Lite(row))?);
                }
            }
            (Tx::Pg(..), None) => {}
        }
        Ok(found)
    }

    /// Reads the one row. Errors: `NotFound(what)`.
    pub fn one<T>(
        &mut self,
        sql: &'static str,
        args: &[Value<'_>],
        what: &str,
        read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.rows(sql, args, read)?.into_iter().next().ok_or_else(|| StoreError::NotFound(what.to_string()))
    }

    /// Prepares without running: whether both engines understand the statement.
    pub fn check(&mut self, sql: &'static str) -> Result<(), StoreError> {
        match self {
            Tx::Lite(tx) => tx.prepare(&lite(sql)).map(drop).map_err(StoreError::from),
            Tx::Pg(tx, _) => tx.prepare(sql).map(drop).map_err(StoreError::from),
        }
    }

    /// How SQLite would run a statement, a line for each table that it reads; PostgreSQL says nothing.
    #[cfg(test)]
    pub(crate) fn plan(&mut self, sql: &'static str) -> Result<Vec<String>, StoreError> {
        let Tx::Lite(tx) = self else { return Ok(Vec::new()) };
        let mut explain = tx.prepare(&format!("explain query plan {}", lite(sql)))?;
        let nothing = vec![rusqlite::types::Null; explain.parameter_count()];
        let lines = explain.query_map(rusqlite::params_from_iter(nothing), |row| row.get(3))?;
        Ok(lines.collect::<Result<_, _>>()?)
    }

    /// Runs statements that differ between the engines in two marks: `@clustered` for tables, `@postgres` for lines.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        match self {
            Tx::Lite(tx) => {
                let lines: Vec<&str> = sql.lines().filter(|it| !it.starts_with("@postgres ")).collect();
                Ok(tx.execute_batch(&lines.join("\n").replace("@clustered", "without rowid"))?)
            }
            Tx::Pg(tx, _) => Ok(tx.batch_execute(&sql.replace("@clustered", "").replace("@postgres ", ""))?),
        }
    }
}
