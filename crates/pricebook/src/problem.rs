//! What is wrong with a book, where, and what to do about it.
//!
//! In:  problems as they are met, and where things stand. Out: all of them, in that order.
//! Invariant: each names a file and a line from 1, and is one line of text.

use std::collections::BTreeMap;

/// What is wrong, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub file: String,
    /// From 1.
    pub line: usize,
    pub what: String,
    pub remedy: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}. {}.", self.file, self.line, self.what, self.remedy)
    }
}

/// A line of a file, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place<'a> {
    pub file: &'a str,
    pub line: usize,
}

/// The file that holds the book together: what has no place of its own is told there.
pub(crate) const BOOK: Place<'static> = Place { file: "book.toml", line: 1 };

/// More problems than anybody reads at once.
const MOST: usize = 1_000;

/// Collects problems, so that one look shows all of them, and where things stand, for checks between files.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    list: Vec<Problem>,
    /// How many are left out.
    more: usize,
    places: BTreeMap<String, (String, usize)>,
}

impl Problems {
    /// Adds a problem at `place`.
    pub(crate) fn add(&mut self, place: Place<'_>, what: impl Into<String>, remedy: impl Into<String>) {
        if self.list.len() >= MOST {
            self.more += 1;
            return;
        }
        let (what, remedy) = (one_line(&what.into()), one_line(&remedy.into()));
        self.list.push(Problem { file: place.file.to_string(), line: place.line, what, remedy });
    }

    /// Notes where `thing` stands. The first place counts.
    pub(crate) fn note(&mut self, thing: &str, place: Place<'_>) {
        self.places.entry(thing.to_string()).or_insert_with(|| (place.file.to_string(), place.line));
    }

    /// Adds a problem of a thing that `note` knows the place of; of another it is one of the book.
    pub(crate) fn of(&mut self, thing: &str, what: impl Into<String>, remedy: impl Into<String>) {
        match self.places.get(thing).cloned() {
            Some((file, line)) => self.add(Place { file: &file, line }, what, remedy),
            None => self.add(BOOK, what, remedy),
        }
    }

    /// Whether nothing is wrong so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The problems in the order they were met.
    pub(crate) fn into_list(mut self) -> Vec<Problem> {
        if self.more > 0 {
            let what = format!("there are {} more problems", self.more);
            let remedy = "Mend those before this one and check again".to_string();
            self.list.push(Problem { file: BOOK.file.to_string(), line: BOOK.line, what, remedy });
        }
        self.list
    }
}

fn one_line(text: &str) -> String {
    text.replace(|it: char| it.is_control(), " ")
}
