//! Price books: applied from a date, stored as they were written.

use super::{Desk, Refusal};
use billing::book::Books;
use pricebook::Files;
use std::sync::Arc;
use store::{Tx, books};
use units::{Calendar, Timestamp};

/// Applies a book from `from` on; `None` takes the date in the book. Errors: `Book` with every problem.
pub fn apply(tx: &mut Tx<'_>, files: &Files, from: Option<Timestamp>, now: Timestamp) -> Result<(), Refusal> {
    let book = pricebook::load(files, from).map_err(Refusal::Book)?;
    books::add(tx, book.id, &book.name, book.from, &files.to_text(), now)?;
    Ok(())
}

/// All applied books, ready to price with.
pub fn all(tx: &mut Tx<'_>) -> Result<Books, Refusal> {
    let mut versions = Vec::new();
    for stored in books::all(tx)? {
        let book =
            pricebook::load(&Files::from_text(&stored.body), Some(stored.from)).map_err(Refusal::Book)?;
        versions.push(Arc::new(book));
    }
    Ok(Books::new(versions))
}

/// The calendar of the newest book.
pub fn calendar(books: &Books) -> Result<Calendar, Refusal> {
    match books.all().last() {
        Some(book) => Ok(Calendar::in_zone(&book.zone)?),
        None => Ok(Calendar::settlement()),
    }
}

/// The text of the book that holds at `at`, with one price changed. Source: R-PRC-6.
pub fn amended(tx: &mut Tx<'_>, at: Timestamp, amendment: &str) -> Result<Files, Refusal> {
    let stored = books::all(tx)?.into_iter().rfind(|it| it.from <= at);
    let stored = stored.ok_or(billing::plan::PlanError::NoBook(at))?;
    let mut files = Files::from_text(&stored.body);
    let text = format!("{}{amendment}", files.get("amendments.toml").unwrap_or(""));
    files.add("amendments.toml", &text);
    Ok(files)
}

impl Desk {
    /// A desk over the books that a database holds.
    pub fn open(tx: &mut Tx<'_>) -> Result<Desk, Refusal> {
        let books = all(tx)?;
        let calendar = calendar(&books)?;
        Ok(Desk {
            books,
            calendar,
            cloud: providers::cloud::Cloud::default(),
            settlement_delay_seconds: 0,
            webhooks: providers::webhook::Reach::Public,
        })
    }
}
