//! Price books as they are stored, read again.
//!
//! In:  texts with the format that they were applied with. Out: books to price with.
//! Invariant: a book that is read again is the one that was applied, however it is read.

use super::Refusal;
use billing::book::Book;
use pricebook::{Files, Format, Reading};
use rayon::prelude::*;
use std::sync::Arc;
use store::StoreError;
use store::books::StoredBook;

/// What the head of a stored book says.
pub(super) fn framed(stored: &StoredBook) -> Result<pricebook::Frame, StoreError> {
    let unreadable = || StoreError::Corrupt(format!("price book {} has no head", stored.id));
    pricebook::frame(&Files::from_text(&stored.text.body)).ok_or_else(unreadable)
}

/// A stored book. Errors: `Book` with every problem; `Corrupt` for a format that this program does not know.
pub(super) fn loaded(stored: &StoredBook) -> Result<Book, Refusal> {
    let reading = Reading { from: Some(stored.from), format: format(stored)? };
    pricebook::load_as(&Files::from_text(&stored.text.body), reading).map_err(Refusal::Book)
}

/// The format that a book was applied with. Errors: `Corrupt` for one that this program does not know.
pub(super) fn format(stored: &StoredBook) -> Result<Format, Refusal> {
    numbered(stored.text.format)
}

/// A format by its number. Errors: `Corrupt` for one that this program does not know.
pub(super) fn numbered(number: i64) -> Result<Format, Refusal> {
    let unknown = || StoreError::Corrupt(format!("a price book has format {number}"));
    Ok(Format::of(number).ok_or_else(unknown)?)
}

/// Books that were stored one after another. One that only adds to the amendments of the book before it is read from
/// there, which gives the same; the others are read whole, many at once.
pub(super) fn read_all(stored: &[StoredBook]) -> Result<Vec<Arc<Book>>, Refusal> {
    let texts: Vec<(&StoredBook, Files)> =
        stored.iter().map(|it| (it, Files::from_text(&it.text.body))).collect();
    let goes_on = |one: &(&StoredBook, Files), other: &(&StoredBook, Files)| {
        one.0.text.format == other.0.text.format && pricebook::added(&one.1, &other.1).is_some()
    };
    let rows: Vec<&[(&StoredBook, Files)]> = texts.chunk_by(goes_on).collect();
    let read = rows.par_iter().map(|row| read_row(row)).collect::<Result<Vec<_>, _>>()?;
    Ok(read.into_iter().flatten().collect())
}

/// Books each of which adds amendments to the one before.
fn read_row(row: &[(&StoredBook, Files)]) -> Result<Vec<Arc<Book>>, Refusal> {
    let mut read: Vec<Arc<Book>> = Vec::with_capacity(row.len());
    for (at, (stored, files)) in row.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| &row[at].1).zip(read.last());
        let book = match before {
            Some((before, last)) => amended_from(last, (before, files), stored)?,
            None => None,
        };
        read.push(Arc::new(book.map_or_else(|| loaded(stored), Ok)?));
    }
    Ok(read)
}

/// A stored book made from the one before it and its files. `None` where that does not give the book that was stored.
fn amended_from(
    last: &Book,
    (before, files): (&Files, &Files),
    stored: &StoredBook,
) -> Result<Option<Book>, Refusal> {
    let Some(added) = pricebook::added(before, files) else { return Ok(None) };
    let reading = Reading { from: Some(stored.from), format: format(stored)? };
    let made = pricebook::amended(last, before, added, reading).ok().map(|it| it.book);
    Ok(made.filter(|it| it.id == stored.id))
}
