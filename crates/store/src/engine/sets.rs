//! One statement for many rows: a loop over a prepared statement on SQLite, one round trip on PostgreSQL.
//!
//! In:  a statement of one row and the arguments of many. Out: rows, or how many changed.
//! Invariant: the result is what running the statement once per row would give.

use super::tx::{count_statement, lite};
use super::{Row, StoreError, Tx, Value};
use postgres::types::{ToSql, Type};

impl Tx<'_> {
    /// Runs an insert or an update of one row for many rows; an update names no row twice.
    pub fn many<const N: usize>(
        &mut self,
        sql: &'static str,
        rows: &[[Value<'_>; N]],
    ) -> Result<u64, StoreError> {
        if rows.is_empty() {
            return Ok(0);
        }
        match self.set_form(sql, Form::of_write)? {
            Some((statement, types)) => {
                let columns = columns(&slices(rows), &types);
                let args: Vec<&(dyn ToSql + Sync)> = columns.iter().map(Column::arg).collect();
                let Tx::Pg(tx, _) = self else { return Ok(0) };
                Ok(tx.execute(&statement, &args)?)
            }
            None => {
                let Tx::Lite(tx) = self else { return Ok(0) };
                let mut statement = tx.prepare_cached(&lite(sql))?;
                let mut changed = 0;
                for row in rows {
                    changed += statement.execute(rusqlite::params_from_iter(row))? as u64;
                }
                Ok(changed)
            }
        }
    }

    /// The same for an insert with `returning`: what it gives for the rows that were inserted.
    pub fn many_returning<const N: usize, T>(
        &mut self,
        sql: &'static str,
        rows: &[[Value<'_>; N]],
        read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        self.read_set(sql, rows, Form::of_write, read)
    }

    /// Runs a select once for each row of arguments; what it gives for one row of them stands together.
    pub fn each<const N: usize, T>(
        &mut self,
        sql: &'static str,
        keys: &[[Value<'_>; N]],
        read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        self.read_set(sql, keys, Form::of_select, read)
    }

    fn read_set<const N: usize, T>(
        &mut self,
        sql: &'static str,
        rows: &[[Value<'_>; N]],
        form: fn(&Form, &str) -> Result<String, StoreError>,
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        if rows.is_empty() {
            return Ok(found);
        }
        match self.set_form(sql, form)? {
            Some((statement, types)) => {
                let columns = columns(&slices(rows), &types);
                let args: Vec<&(dyn ToSql + Sync)> = columns.iter().map(Column::arg).collect();
                let Tx::Pg(tx, _) = self else { return Ok(found) };
                for row in tx.query(&statement, &args)? {
                    found.push(read(&Row::Pg(&row))?);
                }
            }
            None => {
                let Tx::Lite(tx) = self else { return Ok(found) };
                let mut statement = tx.prepare_cached(&lite(sql))?;
                for row in rows {
                    let mut rows = statement.query(rusqlite::params_from_iter(row))?;
                    while let Some(row) = rows.next()? {
                        found.push(read(&Row::Lite(row))?);
                    }
                }
            }
        }
        Ok(found)
    }

    /// The form of `sql` that PostgreSQL runs for many rows, and the types of its arguments; `None` on SQLite.
    fn set_form(
        &mut self,
        sql: &'static str,
        form: fn(&Form, &str) -> Result<String, StoreError>,
    ) -> Result<Option<(postgres::Statement, Vec<Type>)>, StoreError> {
        count_statement();
        let Some(single) = self.prepared(sql)? else { return Ok(None) };
        let Tx::Pg(tx, statements) = self else { return Ok(None) };
        let types = single.params().to_vec();
        let many = match statements.many.get(sql) {
            Some(found) => found.clone(),
            None => {
                let made = tx.prepare(&form(&Form { types: types.clone(), first: 1 }, sql)?)?;
                statements.many.insert(sql, made.clone());
                made
            }
        };
        Ok(Some((many, types)))
    }
}

/// One column of many rows, as an array.
pub(super) enum Column<'a> {
    Int(Vec<Option<i64>>),
    Text(Vec<Option<&'a str>>),
}

fn slices<'a, const N: usize>(rows: &'a [[Value<'a>; N]]) -> Vec<&'a [Value<'a>]> {
    rows.iter().map(|it| it.as_slice()).collect()
}

/// The columns of rows, each of the type that its parameter has.
pub(super) fn columns<'a>(rows: &[&'a [Value<'a>]], types: &[Type]) -> Vec<Column<'a>> {
    types.iter().enumerate().map(|(at, ty)| Column::of(rows, at, ty)).collect()
}

impl<'a> Column<'a> {
    fn of(rows: &[&'a [Value<'a>]], at: usize, ty: &Type) -> Column<'a> {
        let int = |row: &&'a [Value<'a>]| if let Value::Int(value) = &row[at] { Some(*value) } else { None };
        let text = |row: &&'a [Value<'a>]| {
            if let Value::Text(value) = &row[at] { Some(value.as_ref()) } else { None }
        };
        if *ty == Type::INT8 {
            Column::Int(rows.iter().map(int).collect())
        } else {
            Column::Text(rows.iter().map(text).collect())
        }
    }

    pub(super) fn arg(&self) -> &(dyn ToSql + Sync) {
        match self {
            Column::Int(values) => values,
            Column::Text(values) => values,
        }
    }
}

/// How a statement of one row is written for many: the types of its parameters, and the number of the first array.
pub(super) struct Form {
    pub types: Vec<Type>,
    pub first: usize,
}

impl Form {
    /// `insert … values ($1, …) rest` as `insert … select k.c1, … from unnest($1::bigint[], …) as k (c1, …) rest`;
    /// `update … set … where rest` as `update … set … from unnest($1::bigint[], …) as k (c1, …) where rest`;
    /// `delete from … where rest` as `delete from … using unnest($1::bigint[], …) as k (c1, …) where rest`.
    pub fn of_write(&self, sql: &str) -> Result<String, StoreError> {
        let wrong = || StoreError::Setup(format!("not an insert, an update or a delete of one row: {sql}"));
        if sql.starts_with("update ") {
            let (head, rest) = sql.split_once(" where ").ok_or_else(wrong)?;
            return Ok(format!("{} from {} where {}", self.of_key(head), self.keys(), self.of_key(rest)));
        }
        if let Some(head) = sql.strip_prefix("delete from ") {
            let (table, rest) = head.split_once(" where ").ok_or_else(wrong)?;
            return Ok(format!("delete from {table} using {} where {}", self.keys(), self.of_key(rest)));
        }
        let start = sql.find("values").ok_or_else(wrong)?;
        let from = start + sql[start..].find('(').ok_or_else(wrong)? + 1;
        let to = from + sql[from..].find(')').ok_or_else(wrong)?;
        let (head, row, rest) = (&sql[..start], self.of_key(&sql[from..to]), &sql[to + 1..]);
        Ok(format!("{head} select {row} from {} {rest}", self.keys()))
    }

    /// A select as a join with its arguments: `select r.* from unnest(…) as k (c1, …) cross join lateral (select …) r`.
    pub fn of_select(&self, sql: &str) -> Result<String, StoreError> {
        Ok(format!("select r.* from {} cross join lateral ({}) r", self.keys(), self.of_key(sql)))
    }

    /// The arguments of all rows as a table `k`.
    fn keys(&self) -> String {
        let array = |(at, ty): (usize, &Type)| {
            let ty = if *ty == Type::INT8 { "bigint" } else { "text" };
            format!("${}::{ty}[]", at + self.first)
        };
        let arrays: Vec<String> = self.types.iter().enumerate().map(array).collect();
        let names: Vec<String> = (1..=self.types.len()).map(|at| format!("c{at}")).collect();
        format!("unnest({}) as k ({})", arrays.join(", "), names.join(", "))
    }

    /// `$1` as `k.c1`, from the last to the first, so that `$1` does not take the beginning of `$10`.
    fn of_key(&self, sql: &str) -> String {
        let named = |sql: String, at: usize| sql.replace(&format!("${at}"), &format!("k.c{at}"));
        (1..=self.types.len()).rev().fold(sql.to_string(), named)
    }
}
