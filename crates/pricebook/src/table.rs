//! CSV tables beside a product: rows with their line, looked up by column name.
//!
//! In:  the name of a table. Out: its rows, or a problem where it was named or where it is broken.
//! Invariant: every row has a cell for every column.

use crate::problem::Place;
use crate::reader::Reader;
use std::rc::Rc;

/// More rows than any table of prices needs, and few enough to hold.
const MOST_ROWS: usize = 200_000;

/// One row and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    line: usize,
    columns: Rc<[String]>,
    cells: csv::StringRecord,
}

impl Row {
    /// The cell of `column`; empty when the table does not have it.
    pub(crate) fn cell(&self, column: &str) -> &str {
        let at = self.columns.iter().position(|it| it == column);
        at.and_then(|it| self.cells.get(it)).unwrap_or("")
    }

    /// The values in the cell of `column`: a cell may hold several.
    pub(crate) fn values(&self, column: &str) -> impl Iterator<Item = &str> {
        self.cell(column).split_whitespace()
    }
}

/// A table under `tables/`.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    path: String,
    pub columns: Rc<[String]>,
    pub rows: Vec<Row>,
}

impl Table {
    /// Reads `tables/<name>`. Adds a problem and returns nothing when it is missing or not a table.
    pub(crate) fn read(reader: &mut Reader<'_>, name: &str) -> Option<Table> {
        let path = format!("tables/{name}");
        let Some(text) = reader.files.get(&path) else {
            reader.refuse(format!("there is no table {path}"), "Write it, or name one that is there");
            return None;
        };
        let mut records =
            csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).from_reader(text.as_bytes());
        let mut head = reader.at(Place { file: &path, line: 1 });
        let columns = columns(&mut head, records.headers())?;
        let mut rows = Vec::new();
        for record in records.records() {
            if rows.len() == MOST_ROWS {
                let what = format!("{path} has more than {MOST_ROWS} rows");
                head.refuse(what, "Put several values into one row, or part the table by product");
                return None;
            }
            rows.extend(row(&mut head, &columns, record));
        }
        Some(Table { path, columns, rows })
    }

    /// Where `row` stands.
    pub(crate) fn place(&self, row: &Row) -> Place<'_> {
        Place { file: &self.path, line: row.line }
    }

    /// Where its head stands.
    pub(crate) fn head(&self) -> Place<'_> {
        Place { file: &self.path, line: 1 }
    }

    /// Whether the column is there; adds a problem where it was named when it is not.
    pub(crate) fn has(&self, column: &str, reader: &mut Reader<'_>) -> bool {
        let there = self.columns.iter().any(|it| it == column);
        if !there {
            let what = format!("{} has no column `{column}`", self.path);
            reader.refuse(what, format!("Its columns are: {}", self.columns.join(", ")));
        }
        there
    }
}

fn columns(head: &mut Reader<'_>, names: Result<&csv::StringRecord, csv::Error>) -> Option<Rc<[String]>> {
    let names = names.map_err(|error| format!("the first line cannot be read: {error}"));
    let names = head.accept(names, "Begin with the names of the columns")?;
    let columns: Vec<String> = names.iter().map(str::to_string).collect();
    let twice = columns.iter().enumerate().find(|(at, name)| columns[..*at].contains(name));
    if let Some((_, name)) = twice {
        head.refuse(format!("there are two columns `{name}`"), "Give each its own name");
    }
    Some(columns.into())
}

fn row(
    head: &mut Reader<'_>,
    columns: &Rc<[String]>,
    record: Result<csv::StringRecord, csv::Error>,
) -> Option<Row> {
    match record {
        Ok(cells) => Some(Row { line: line(cells.position()), columns: Rc::clone(columns), cells }),
        Err(error) => {
            head.at(Place { line: line(error.position()), ..head.place }).refuse(
                "the row does not have as many cells as the first line has columns",
                "Fill in or remove cells",
            );
            None
        }
    }
}

/// The line of a position, from 1; the first where the parser names none.
fn line(position: Option<&csv::Position>) -> usize {
    let line = position.map_or(1, csv::Position::line);
    usize::try_from(line)
        .expect("invariant: a text in memory has fewer lines than bytes that can be addressed")
}
