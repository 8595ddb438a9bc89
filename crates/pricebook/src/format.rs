//! How the files of a book are read: the format that holds for new books, and that of books applied before it.
//!
//! In:  the number that is stored with a book, or written in it. Out: the format.
//! Invariant: what a stored book says never changes: a new reading is a new format.
//! Rules: R-PRC-19.

/// How the files of a book are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Bare numbers count the base unit: bytes, bits per second, seconds. Fewer mistakes are refused.
    First,
    /// Bare numbers are in the unit that `per` names. Source: R-PRC-19.
    Second,
}

impl Format {
    /// How a book is read that says nothing else.
    pub const NEWEST: Format = Format::Second;

    /// The number that is stored.
    pub const fn number(self) -> i64 {
        match self {
            Format::First => 1,
            Format::Second => 2,
        }
    }

    /// The format of this number; `None` for one that this program does not know.
    pub fn of(number: i64) -> Option<Format> {
        [Format::First, Format::Second].into_iter().find(|it| it.number() == number)
    }
}

/// From when a book holds, and how its files are read where they do not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// `None`: from the date in `book.toml`.
    pub from: Option<units::Timestamp>,
    pub format: Format,
}
