//! The table of measures: a row for each crate, one for all, one for what we aim at.
//!
//! In:  sizes, by crate and of all.
//! Out: aligned text, in which `!` marks what is over its aim; or objects of JSON.
//!
//! Invariant: a column is written once: its head in the text, its key in the JSON, its value and its aim.

use serde_json::{Map, Value, json};

use super::sizes::{MANY_ARGUMENTS_LIMIT, Sizes, percentile};
use crate::tidy::shape::{FILE_LIMIT, FUNCTION_LIMIT};

struct Column {
    head: &'static str,
    key: &'static str,
    value: fn(&Sizes) -> usize,
    unit: Unit,
    /// The most that is good.
    aim: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Count,
    Permille,
}

const COLUMNS: &[Column] = &[
    count("functions", "functions", |it| it.functions.len()),
    count("median", "function_lines_median", |it| percentile(&it.functions, 50)).at_most(10),
    count("p90", "function_lines_p90", |it| percentile(&it.functions, 90)),
    count("longest", "function_lines_longest", |it| percentile(&it.functions, 100)).at_most(FUNCTION_LIMIT),
    count("5+ args", "five_arguments", |it| it.many_arguments),
    permille("in %", "five_arguments_permille", Sizes::many_arguments_permille).at_most(MANY_ARGUMENTS_LIMIT),
    count("pub tuples", "public_tuple_patterns", |it| it.public_tuple_patterns).at_most(0),
    count("files", "files", |it| it.files.len()),
    count("median", "file_lines_median", |it| percentile(&it.files, 50)),
    count("p90", "file_lines_p90", |it| percentile(&it.files, 90)).at_most(300),
    count("longest", "file_lines_longest", |it| percentile(&it.files, 100)).at_most(FILE_LIMIT),
    count("circles", "circles", |it| it.circles).at_most(0),
];

const fn count(head: &'static str, key: &'static str, value: fn(&Sizes) -> usize) -> Column {
    Column { head, key, value, unit: Unit::Count, aim: None }
}

const fn permille(head: &'static str, key: &'static str, value: fn(&Sizes) -> usize) -> Column {
    Column { head, key, value, unit: Unit::Permille, aim: None }
}

impl Column {
    const fn at_most(self, aim: usize) -> Self {
        Column { aim: Some(aim), ..self }
    }

    fn text(&self, value: usize) -> String {
        match self.unit {
            Unit::Count => value.to_string(),
            Unit::Permille => format!("{}.{}", value / 10, value % 10),
        }
    }

    fn cell(&self, sizes: &Sizes) -> String {
        let value = (self.value)(sizes);
        let mark = if self.aim.is_some_and(|it| value > it) { "!" } else { " " };
        format!("{}{mark}", self.text(value))
    }

    fn aim_cell(&self) -> String {
        self.aim.map_or_else(String::new, |it| format!("<= {} ", self.text(it)))
    }
}

pub fn text(crates: &[(String, Sizes)], all: &Sizes) -> String {
    let mut rows = vec![cells("crate", |it| format!("{} ", it.head))];
    rows.extend(crates.iter().map(|(name, sizes)| cells(name, |it| it.cell(sizes))));
    rows.push(cells("all", |it| it.cell(all)));
    rows.push(cells("aim", Column::aim_cell));
    aligned(&rows)
}

pub fn row_json(name: &str, sizes: &Sizes) -> Value {
    let name = ("crate".to_owned(), json!(name));
    let values = COLUMNS.iter().map(|it| (it.key.to_owned(), json!((it.value)(sizes))));
    Value::Object(std::iter::once(name).chain(values).collect())
}

pub fn aims_json() -> Value {
    let aims = COLUMNS.iter().filter_map(|it| Some((it.key.to_owned(), json!(it.aim?))));
    Value::Object(aims.collect::<Map<_, _>>())
}

fn cells(name: &str, cell: impl Fn(&Column) -> String) -> Vec<String> {
    std::iter::once(name.to_owned()).chain(COLUMNS.iter().map(cell)).collect()
}

/// The rows below each other: names to the left, numbers to the right.
fn aligned(rows: &[Vec<String>]) -> String {
    let width = |column: usize| rows.iter().map(|it| it[column].len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..=COLUMNS.len()).map(width).collect();
    let line = |row: &Vec<String>| {
        let numbers = row.iter().zip(&widths).skip(1).map(|(cell, width)| format!(" {cell:>width$}"));
        let line = format!("{:<width$}{}", row[0], numbers.collect::<String>(), width = widths[0]);
        line.trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}
