//! What is wrong with a price book, as a table.
//!
//! In:  the problems that the check of a book found. Out: a row for each, with its places and its remedy.
//! Invariant: problems that say the same are one row, so that a slip in one file hides none in another.

use crate::parts;
use crate::signed::Signed;
use billing::language::Language;
use maud::{Markup, html};
use web::problem::BookProblem;

/// Places of a problem that are named; of those behind them the number is.
const PLACES: usize = 3;

/// A problem, and where it was met.
struct Row<'a> {
    of: &'a BookProblem,
    places: Vec<String>,
}

pub(crate) fn section(signed: &Signed, all: &[BookProblem]) -> Markup {
    let (texts, rows) = (signed.visit.texts(), rows(all));
    html! {
        @if !rows.is_empty() {
            section aria-labelledby="h-problems" {
                div.sect { h2 id="h-problems" { (texts.problems()) } p { (texts.so_many_problems(rows.len())) } }
                @if signed.visit.language == Language::Chinese { (parts::hint(&texts.problems_in_english())) }
                table.table {
                    thead {
                        tr {
                            th scope="col" { (texts.place_in_files()) }
                            th scope="col" { (texts.what_is_wrong()) }
                            th.p2 scope="col" { (texts.what_to_do()) }
                        }
                    }
                    tbody { @for it in &rows { (row(signed, it)) } }
                }
            }
        }
    }
}

fn row(signed: &Signed, it: &Row<'_>) -> Markup {
    let more = it.places.len().saturating_sub(PLACES);
    html! {
        tr {
            th scope="row" {
                @for place in it.places.iter().take(PLACES) { div { code { (place) } } }
                @if more > 0 { span.s { (signed.visit.texts().more_places(more)) } }
            }
            td lang="en" { (marked(&it.of.problem)) span.only.s { (marked(&it.of.remedy)) } }
            td.p2 lang="en" { (marked(&it.of.remedy)) }
        }
    }
}

/// Problems that say the same as one, each place once, in the order in which the first of each was found.
fn rows(all: &[BookProblem]) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for it in all {
        let place = format!("{}:{}", it.file, it.line);
        let same = |row: &&mut Row<'_>| row.of.problem == it.problem && row.of.remedy == it.remedy;
        match rows.iter_mut().find(same) {
            Some(row) if row.places.contains(&place) => {}
            Some(row) => row.places.push(place),
            None => rows.push(Row { of: it, places: vec![place] }),
        }
    }
    rows
}

/// A text whose words of files, which stand in backticks, are marked as such.
fn marked(text: &str) -> Markup {
    html! {
        @for (number, part) in text.split('`').enumerate() {
            @if number % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

#[cfg(test)]
mod tests;
