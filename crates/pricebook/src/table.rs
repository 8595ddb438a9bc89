//! CSV tables beside a product: rows with their line, looked up by column name.

use crate::{Files, Problems};
use std::collections::BTreeMap;

/// One row and where it stands.
#[derive(Clone, Debug)]
pub struct Row {
    pub line: usize,
    cells: BTreeMap<String, String>,
}

impl Row {
    /// The cell of `column`; empty when the table does not have it.
    pub fn cell(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

#[derive(Clone, Debug)]
pub struct Table {
    pub path: String,
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
}

impl Table {
    /// Reads `tables/<name>`. Adds a problem and returns nothing when it is missing or not a table.
    pub fn read(files: &Files, name: &str, asked: (&str, usize), problems: &mut Problems) -> Option<Table> {
        let path = format!("tables/{name}");
        let Some(text) = files.get(&path) else {
            problems.add(asked, format!("there is no table {path}"), "Write it, or name one that is there");
            return None;
        };
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).from_reader(text.as_bytes());
        let columns: Vec<String> = match reader.headers() {
            Ok(headers) => headers.iter().map(str::to_string).collect(),
            Err(error) => {
                problems.add(
                    (&path, 1),
                    format!("the first line cannot be read: {error}"),
                    "Begin with the names of the columns",
                );
                return None;
            }
        };
        let twice = columns.iter().enumerate().find(|(at, name)| columns[..*at].contains(name));
        if let Some((_, name)) = twice {
            problems.add((&path, 1), format!("there are two columns `{name}`"), "Give each its own name");
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let line = record.position().map_or(1, |it| usize::try_from(it.line()).unwrap_or(1));
                    let cells = columns.iter().cloned().zip(record.iter().map(str::to_string)).collect();
                    rows.push(Row { line, cells });
                }
                Err(error) => {
                    let line = error.position().map_or(1, |it| usize::try_from(it.line()).unwrap_or(1));
                    problems.add(
                        (&path, line),
                        "the row does not have as many cells as the first line has columns",
                        "Fill in or remove cells",
                    );
                }
            }
        }
        Some(Table { path, columns, rows })
    }

    /// Whether the column is there; adds a problem when it is not.
    pub fn has(&self, column: &str, asked: (&str, usize), problems: &mut Problems) -> bool {
        let there = self.columns.iter().any(|it| it == column);
        if !there {
            let what = format!("{} has no column `{column}`", self.path);
            problems.add(asked, what, format!("Its columns are: {}", self.columns.join(", ")));
        }
        there
    }
}
