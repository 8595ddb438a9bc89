//! Price books: files that people write, read into a checked book.
//!
//! In:  the text of a folder of TOML and CSV files. Out: a `Book`, or every problem with file and line.
//! Invariant: a book that loads has exactly one price for whatever it puts on sale.
//! Rules: R-PRC-*, R-ORD-8, R-ORD-9. How to write one: docs/pricebook.md.

mod amend;
mod basis;
mod bundled;
mod check;
mod check_look;
mod component;
mod diff;
mod files;
mod format;
mod head;
mod kind;
mod load;
mod look;
mod lookup;
mod meter;
mod offer;
mod option;
mod price;
mod price_rows;
mod price_table;
mod problem;
mod product;
mod raw;
mod raw_text;
mod reach;
mod reader;
mod refund;
mod sale;
mod seller;
mod shelf;
mod small;
mod table;
mod tiers;
mod tree;
mod unsaid;
mod words;

pub use amend::{Amended, added, amended, begins, laid_over, laid_over_id};
pub use bundled::bundled;
pub use diff::{Change, ChangeKind, diff};
pub use files::{Files, FilesError, LONGEST_PATH, LONGEST_TEXT, MOST_FILES};
pub use format::{Format, Reading};
pub use load::{Frame, frame, load, load_as};
pub use problem::Problem;
pub use seller::sellers;
pub use small::{SmallPrice, small_prices};
pub use unsaid::{Unsaid, unsaid};

/// What does not stop a book and is worth a look, as sentences: prices that round to nothing, then what has no name.
pub fn warnings(book: &billing::book::Book) -> Vec<String> {
    let small = small_prices(book).into_iter().map(|it| it.to_string());
    small.chain(unsaid(book).into_iter().map(|it| it.to_string())).collect()
}

#[cfg(test)]
mod tests;
