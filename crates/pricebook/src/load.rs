//! A book from its files: the head, the products, single prices that change, and what holds between them.
//!
//! In:  the files. Out: a checked book, or every problem with file and line.
//! Invariant: nothing of a book with a problem gets out; checks between parts run only when all parts could be read.
//! Rules: R-PRC-*, R-ORD-8, R-ORD-9.

use crate::files::{Files, MARK};
use crate::problem::{BOOK, Place, Problem, Problems};
use crate::reader::Reader;
use crate::{amend, check, head, product};
use billing::book::Book;
use units::Timestamp;

/// Reads and checks a book. `from` overrides the date in `book.toml`: an operator applies it from then.
///
/// Errors: every problem that was found; nothing of the book is used then.
pub fn load(files: &Files, from: Option<Timestamp>) -> Result<Book, Vec<Problem>> {
    let mut problems = Problems::default();
    let book = book(files, from, &mut problems);
    match book {
        Some(book) if problems.is_empty() => Ok(book),
        Some(_) | None => Err(problems.into_list()),
    }
}

fn book(files: &Files, from: Option<Timestamp>, problems: &mut Problems) -> Option<Book> {
    marks(files, problems);
    let mut book = head::book(&mut Reader::new(files, BOOK, problems), from)?;
    if !problems.is_empty() {
        return None;
    }
    products(files, &mut book, problems);
    if problems.is_empty() {
        amend::amend(files, &mut book, problems);
    }
    if problems.is_empty() {
        check::book(&book, problems);
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

/// Reads one product from each file of `products/`.
fn products(files: &Files, book: &mut Book, problems: &mut Problems) {
    let mut paths =
        files.paths().filter(|it| it.starts_with("products/") && it.ends_with(".toml")).peekable();
    if paths.peek().is_none() {
        problems.add(BOOK, "the book sells nothing", "Put one file per product into products/");
    }
    for file in paths {
        let mut reader = Reader::new(files, Place { file, line: 1 }, problems);
        let Some(product) = product::read(&mut reader, book.currency) else { continue };
        if book.product(&product.id).is_some() {
            reader.refuse(format!("there are two products `{}`", product.id), "Give each its own id");
        }
        book.products.push(product);
    }
}
