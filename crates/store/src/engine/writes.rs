//! Rows of many kinds, written together: one round trip on PostgreSQL, a loop over prepared statements on SQLite.
//!
//! In:  statements of one row, each with the rows that it is to write. Out: all of it, or an error.
//! Invariant: the result does not depend on the order of the statements: no row is written by two of them, and none
//! reads what another writes.

use super::sets::{Form, columns};
use super::tx::lite;
use super::{StoreError, Tx, Value};
use postgres::types::{ToSql, Type};

/// What is to be written.
#[derive(Debug, Default)]
pub struct Writes<'a>(Vec<Part<'a>>);

/// The rows of one statement, one after another.
#[derive(Debug)]
struct Part<'a> {
    sql: &'static str,
    width: usize,
    values: Vec<Value<'a>>,
    /// The error when not all of the rows were written; `None` where that is as it should be.
    unless: Option<StoreError>,
}

impl<'a> Writes<'a> {
    /// Rows that must all be written, or it is the error `unless`.
    pub fn all<const N: usize>(
        &mut self,
        sql: &'static str,
        rows: impl IntoIterator<Item = [Value<'a>; N]>,
        unless: StoreError,
    ) {
        self.part::<N>(sql, rows.into_iter().flatten().collect(), Some(unless));
    }

    /// Rows that may be there already, or may replace others.
    pub fn any<const N: usize>(&mut self, sql: &'static str, rows: impl IntoIterator<Item = [Value<'a>; N]>) {
        self.part::<N>(sql, rows.into_iter().flatten().collect(), None);
    }

    fn part<const N: usize>(
        &mut self,
        sql: &'static str,
        values: Vec<Value<'a>>,
        unless: Option<StoreError>,
    ) {
        if !values.is_empty() {
            self.0.push(Part { sql, width: N, values, unless });
        }
    }
}

impl Part<'_> {
    fn rows(&self) -> Vec<&[Value<'_>]> {
        self.values.chunks(self.width).collect()
    }
}

impl Tx<'_> {
    /// Writes everything. Errors: that of the first part of which not all rows were written.
    pub fn write(&mut self, writes: Writes<'_>) -> Result<(), StoreError> {
        if writes.0.is_empty() {
            return Ok(());
        }
        let changed = match self {
            Tx::Lite(tx) => looped(tx, &writes)?,
            Tx::Pg(..) => self.joined(&writes)?,
        };
        for (part, changed) in writes.0.into_iter().zip(changed) {
            let all = i64::try_from(part.values.len() / part.width).unwrap_or(i64::MAX);
            match part.unless {
                Some(error) if changed < all => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// All parts as one statement; how many rows each changed.
    fn joined(&mut self, writes: &Writes<'_>) -> Result<Vec<i64>, StoreError> {
        let mut types = Vec::new();
        for part in &writes.0 {
            types.push(self.prepared(part.sql)?.map_or_else(Vec::new, |it| it.params().to_vec()));
        }
        let Tx::Pg(tx, statements) = self else { return Ok(Vec::new()) };
        let key: Vec<&'static str> = writes.0.iter().map(|it| it.sql).collect();
        let statement = match statements.joined.get(&key) {
            Some(found) => found.clone(),
            None => {
                let made = tx.prepare(&text(&key, &types)?)?;
                statements.joined.insert(key, made.clone());
                made
            }
        };
        let rows: Vec<Vec<&[Value<'_>]>> = writes.0.iter().map(Part::rows).collect();
        let columns: Vec<_> =
            rows.iter().zip(&types).flat_map(|(rows, types)| columns(rows, types)).collect();
        let args: Vec<&(dyn ToSql + Sync)> = columns.iter().map(|it| it.arg()).collect();
        let row = tx.query_one(&statement, &args)?;
        (0..writes.0.len()).map(|at| Ok(row.try_get(at)?)).collect()
    }
}

fn looped(tx: &rusqlite::Transaction<'_>, writes: &Writes<'_>) -> Result<Vec<i64>, StoreError> {
    let mut changed = Vec::with_capacity(writes.0.len());
    for part in &writes.0 {
        let mut statement = tx.prepare_cached(&lite(part.sql))?;
        let mut count = 0;
        for row in part.values.chunks(part.width) {
            count += statement.execute(rusqlite::params_from_iter(row))?;
        }
        changed.push(i64::try_from(count).unwrap_or(i64::MAX));
    }
    Ok(changed)
}

/// `with w0 as (… returning 1), w1 as (…) select (select count(*) from w0), …`.
fn text(statements: &[&'static str], types: &[Vec<Type>]) -> Result<String, StoreError> {
    let (mut first, mut parts, mut counts) = (1, Vec::new(), Vec::new());
    for (number, (sql, types)) in statements.iter().zip(types).enumerate() {
        let form = Form { types: types.clone(), first }.of_write(sql)?;
        parts.push(format!("w{number} as ({form} returning 1)"));
        counts.push(format!("(select count(*) from w{number})"));
        first += types.len();
    }
    Ok(format!("with {} select {}", parts.join(", "), counts.join(", ")))
}
