//! A book from its files: the head, the products, single prices that change, and what holds between them.
//!
//! In:  the files. Out: a checked book, or every problem with file and line.
//! Invariant: nothing of a book with a problem gets out; checks between parts run only when all parts could be read.
//! Rules: R-PRC-*, R-ORD-8, R-ORD-9.

use crate::files::{Files, MARK};
use crate::format::{Format, Reading};
use crate::problem::{BOOK, Place, Problem, Problems};
use crate::raw::RawBook;
use crate::reader::Reader;
use crate::words::is_invisible;
use crate::{amend, check, head, product};
use billing::book::Book;
use units::Timestamp;

/// Reads and checks a book as one that is new. `from` overrides the date in `book.toml`: an operator applies it from then.
///
/// Errors: every problem that was found; nothing of the book is used then.
pub fn load(files: &Files, from: Option<Timestamp>) -> Result<Book, Vec<Problem>> {
    load_as(files, Reading { from, format: Format::NEWEST })
}

/// The same in the format that a stored book was applied with. Source: R-PRC-19.
///
/// Errors: every problem that was found; nothing of the book is used then.
pub fn load_as(files: &Files, reading: Reading) -> Result<Book, Vec<Problem>> {
    let mut problems = Problems::default();
    let book = book(files, reading, &mut problems);
    match book {
        Some(book) if problems.is_empty() => Ok(book),
        Some(_) | None => Err(problems.into_list()),
    }
}

/// The currency and the settlement zone that `book.toml` names, whatever else the book says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub currency: String,
    pub zone: String,
}

/// What a book is in. `None` where its `book.toml` cannot be read.
pub fn frame(files: &Files) -> Option<Frame> {
    let mut problems = Problems::default();
    let raw: RawBook = Reader::new(files, BOOK, &mut problems).toml("")?;
    Some(Frame { currency: raw.currency.into_inner(), zone: raw.zone.into_inner() })
}

/// More files, and more bytes in all of them, than any book needs.
const MOST_FILES: usize = 200;
const MOST_BYTES: usize = 32_000_000;

/// A book that is too large is not read at all.
fn size(files: &Files, problems: &mut Problems) {
    let count = files.paths().count();
    if count > MOST_FILES {
        let what = format!("the book has {count} files, more than {MOST_FILES}");
        problems.add(BOOK, what, "Put several products' prices into one table, or sell less by one book");
    }
    let bytes: usize = files.paths().filter_map(|it| files.get(it)).map(str::len).sum();
    if bytes > MOST_BYTES {
        let what = format!("the book has {bytes} bytes, more than {MOST_BYTES}");
        problems.add(BOOK, what, "Take out what is not sold any more, or put several values into one row");
    }
}

fn book(files: &Files, reading: Reading, problems: &mut Problems) -> Option<Book> {
    size(files, problems);
    if !problems.is_empty() {
        return None;
    }
    marks(files, problems);
    let (mut book, format) = head::book(&mut Reader::new(files, BOOK, problems), reading)?;
    if !problems.is_empty() {
        return None;
    }
    if format >= Format::Second {
        invisible(files, problems);
    }
    products(files, &mut book, format, problems);
    if problems.is_empty() {
        amend::amend(files, &mut book, format, problems);
    }
    if problems.is_empty() {
        check::book(&book, format, problems);
    }
    Some(book)
}

/// Lines that would part a file when the book is stored.
fn marks(files: &Files, problems: &mut Problems) {
    for (file, text) in files.paths().filter_map(|it| Some((it, files.get(it)?))) {
        for (line, _) in (1..).zip(text.lines()).filter(|it| it.1.starts_with(MARK)) {
            let what = format!("the line begins with `{MARK}`, which parts files where books are stored");
            problems.add(Place { file, line }, what, "Put something before it");
        }
    }
}

/// Characters that nobody sees. In a name they may join letters; in a key they would tell two apart that look the same.
fn invisible(files: &Files, problems: &mut Problems) {
    for (file, text) in files.paths().filter_map(|it| Some((it, files.get(it)?))) {
        for (line, text) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
            let odd = text.chars().find(|it| is_invisible(*it) && !matches!(it, '\u{200c}' | '\u{200d}'));
            if let Some(odd) = odd {
                let what = format!("the line has a character that nobody sees, {}", odd.escape_unicode());
                problems.add(Place { file, line }, what, "Take it out: type the word anew");
            }
        }
    }
}

/// Reads one product from each file of `products/`.
fn products(files: &Files, book: &mut Book, format: Format, problems: &mut Problems) {
    let mut paths =
        files.paths().filter(|it| it.starts_with("products/") && it.ends_with(".toml")).peekable();
    if paths.peek().is_none() {
        problems.add(BOOK, "the book sells nothing", "Put one file per product into products/");
    }
    for file in paths {
        let mut reader = Reader::new(files, Place { file, line: 1 }, problems).reading(format);
        let Some(product) = product::read(&mut reader, book) else { continue };
        if book.product(&product.id).is_some() {
            reader.refuse(format!("there are two products `{}`", product.id), "Give each its own id");
        }
        book.products.push(product);
    }
}
