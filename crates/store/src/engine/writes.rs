//! Rows of many kinds, written together: one round trip on PostgreSQL, and a copy for each kind of which many are new; a loop
//! over prepared statements on SQLite.
//!
//! In:  statements of one row, each with the rows that it is to write. Out: all of it, or an error.
//! Invariant: the result does not depend on the order of the statements: no row is written by two of them, and none
//! reads what another writes.

use super::sets::{Form, columns};
use super::tx::{count_statement, lite};
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
    kind: Kind,
    /// The error when not all of the rows were written; `None` where that is as it should be.
    unless: Option<StoreError>,
}

/// What is known of rows before they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Some may be there already, or replace others.
    Any,
    /// None is there: many of them are copied in.
    New,
}

impl<'a> Writes<'a> {
    /// Rows that must all be written, or it is the error `unless`.
    pub fn all<const N: usize>(
        &mut self,
        sql: &'static str,
        rows: impl IntoIterator<Item = [Value<'a>; N]>,
        unless: StoreError,
    ) {
        self.part::<N>(sql, rows, (Kind::Any, Some(unless)));
    }

    /// The same for an insert of rows that are as new as they can be: where there are many, the engine takes its fastest way.
    pub fn new_rows<const N: usize>(
        &mut self,
        sql: &'static str,
        rows: impl IntoIterator<Item = [Value<'a>; N]>,
        unless: StoreError,
    ) {
        self.part::<N>(sql, rows, (Kind::New, Some(unless)));
    }

    /// Rows that may be there already, or may replace others.
    pub fn any<const N: usize>(&mut self, sql: &'static str, rows: impl IntoIterator<Item = [Value<'a>; N]>) {
        self.part::<N>(sql, rows, (Kind::Any, None));
    }

    fn part<const N: usize>(
        &mut self,
        sql: &'static str,
        rows: impl IntoIterator<Item = [Value<'a>; N]>,
        (kind, unless): (Kind, Option<StoreError>),
    ) {
        let values: Vec<Value<'a>> = rows.into_iter().flatten().collect();
        if !values.is_empty() {
            self.0.push(Part { sql, width: N, values, kind, unless });
        }
    }
}

/// From so many rows on a copy is worth its own round trips.
const MANY: usize = 200;

impl Part<'_> {
    fn is_copied(&self) -> bool {
        self.kind == Kind::New && self.values.len() >= MANY * self.width
    }

    fn rows(&self) -> Vec<&[Value<'_>]> {
        self.values.chunks(self.width).collect()
    }
}

impl Tx<'_> {
    /// Writes everything. Errors: that of the first part of which not all rows were written.
    pub fn write(&mut self, writes: Writes<'_>) -> Result<(), StoreError> {
        let is_copied = |it: &Part<'_>| matches!(self, Tx::Pg(..)) && it.is_copied();
        let (copied, rest): (Vec<_>, Vec<_>) = writes.0.into_iter().partition(is_copied);
        for part in copied {
            self.copied(part)?;
        }
        self.stated(Writes(rest))
    }

    /// Copies many new rows in. Errors: the part's own when one of them is there.
    fn copied(&mut self, part: Part<'_>) -> Result<(), StoreError> {
        let types = self.prepared(part.sql)?.map_or_else(Vec::new, |it| it.params().to_vec());
        let Tx::Pg(tx, statements) = self else { return Ok(()) };
        let statement = match statements.copies.get(part.sql) {
            Some(found) => found.clone(),
            None => {
                let made = tx.prepare(&copy(part.sql)?)?;
                statements.copies.insert(part.sql, made.clone());
                made
            }
        };
        match tx.copy_in(&statement, &types, part.values.chunks(part.width)).map_err(StoreError::from) {
            Ok(_) => Ok(()),
            Err(error) if error.is_taken() => Err(part.unless.unwrap_or(error)),
            Err(error) => Err(error),
        }
    }

    /// Runs the statement of each part for its rows.
    fn stated(&mut self, writes: Writes<'_>) -> Result<(), StoreError> {
        if writes.0.is_empty() {
            return Ok(());
        }
        count_statement();
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

/// `insert into t (a, b) values …` as `copy t (a, b) from stdin (format binary)`.
fn copy(sql: &str) -> Result<String, StoreError> {
    let wrong = || StoreError::Setup(format!("not an insert of one row: {sql}"));
    let head = sql.strip_prefix("insert into ").ok_or_else(wrong)?;
    let (table, _) = head.split_once(" values ").ok_or_else(wrong)?;
    Ok(format!("copy {table} from stdin (format binary)"))
}
