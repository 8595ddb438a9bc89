//! Price books: applied from a date, stored as they were written, taken back before they begin.
//!
//! In:  the files of a book. Out: books to price with.
//! Invariant: what is billed is never priced again; all books have one currency and one zone.

use super::desk::LATE_MONTHS;
use super::{Desk, Refusal};
use billing::book::{Book, Books};
use billing::plan::Plan;
use pricebook::{Amended, Files, Format, Reading};
use std::sync::Arc;
use store::books::{BookHead, BookText};
use store::corrections::prices;
use store::resources::Living;
use store::{StoreError, Tx, books};
use units::{BookId, Calendar, Timestamp};

/// A book that was applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    pub id: BookId,
    pub from: Timestamp,
    /// The same book was applied before: nothing changed.
    pub before: bool,
}

/// A book that was read and checked, with the text that it will be stored as.
///
/// Reading takes long where a book is large: it is done before anything is locked.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub book: Arc<Book>,
    text: BookText,
}

impl Prepared {
    /// As it is stored.
    pub fn text(&self) -> &BookText {
        &self.text
    }
}

/// Reads a book as one that is new. Errors: `Book` with every problem.
pub fn read(files: &Files, from: Option<Timestamp>) -> Result<Book, Refusal> {
    pricebook::load(files, from).map_err(Refusal::Book)
}

/// Reads a new book that is to be applied from `from` on; `None` takes the date in the book.
///
/// Errors: `Book` with every problem.
pub fn prepared(files: &Files, from: Option<Timestamp>) -> Result<Prepared, Refusal> {
    prepared_as(files, Reading { from, format: Format::NEWEST })
}

fn prepared_as(files: &Files, reading: Reading) -> Result<Prepared, Refusal> {
    let book = pricebook::load_as(files, reading).map_err(Refusal::Book)?;
    Ok(Prepared {
        book: Arc::new(book),
        text: BookText { body: files.to_text(), format: reading.format.number() },
    })
}

/// Reads and applies a book. Errors: those of `prepared` and `add`.
pub fn apply(
    tx: &mut Tx<'_>,
    files: &Files,
    from: Option<Timestamp>,
    now: Timestamp,
) -> Result<Applied, Refusal> {
    add(tx, &prepared(files, from)?, now)
}

/// Applies a book that was read before. The same again changes nothing.
///
/// Errors: `BookTooEarly` for a date before what is billed already, since that is never priced again; `BookOther` when
/// it has another currency or zone than the others; `BookDrops` when it has no price for what lives.
pub fn add(tx: &mut Tx<'_>, prepared: &Prepared, now: Timestamp) -> Result<Applied, Refusal> {
    let book = &prepared.book;
    let ids = books::ids(tx)?;
    let before = ids.contains(&book.id);
    if !before {
        let billed = store::bills::last_posted(tx)?;
        if let Some(billed) = billed.filter(|it| book.from < *it) {
            return Err(Refusal::BookTooEarly { from: book.from, billed });
        }
        goes_with_others(tx, book)?;
        keeps_living(tx, prepared, now)?;
    }
    let head = BookHead { id: book.id, name: book.name.clone(), from: book.from, applied: now };
    books::add(tx, &head, &prepared.text)?;
    Ok(Applied { id: book.id, from: book.from, before })
}

/// How many kinds of dropped things a refusal names.
const NAMED: usize = 5;

/// Everything that lives has a price in the book: resources that have not ended, also in the bin or before delivery, and
/// packs of which something is left.
///
/// Errors: `BookDrops` with what has none, and how many. Source: R-CAT-1.
fn keeps_living(tx: &mut Tx<'_>, prepared: &Prepared, now: Timestamp) -> Result<(), Refusal> {
    let mut living = store::resources::living(tx)?;
    living.append(&mut store::packs::living(tx, now)?);
    let dropped: Vec<String> = living.iter().filter_map(|it| dropped(&prepared.book, it)).collect();
    match dropped.len() {
        0 => Ok(()),
        count if count > NAMED => {
            let more = format!("{}; and {} more", dropped[..NAMED].join("; "), count - NAMED);
            Err(Refusal::BookDrops(more))
        }
        _ => Err(Refusal::BookDrops(dropped.join("; "))),
    }
}

/// What lives without a price in the book, in words; `None` where it has one.
fn dropped(book: &Arc<Book>, it: &Living) -> Option<String> {
    let error = Plan::resolve(book, &it.product, &it.options).err()?;
    Some(format!("{} × {} {} ({error})", it.count, it.product, it.options))
}

/// Errors: `BookOther` when the book has another currency or zone than those that were applied.
pub(crate) fn goes_with_others(tx: &mut Tx<'_>, book: &Book) -> Result<(), Refusal> {
    match books::ids(tx)?.last() {
        Some(last) => goes_with(book, &books::get(tx, *last)?),
        None => Ok(()),
    }
}

/// Wallets and cycles go by one currency and one zone: later books keep both.
fn goes_with(book: &Book, last: &books::StoredBook) -> Result<(), Refusal> {
    let unreadable = || StoreError::Corrupt(format!("price book {} has no head", last.id));
    let last = pricebook::frame(&Files::from_text(&last.text.body)).ok_or_else(unreadable)?;
    if book.currency.as_str() == last.currency && book.zone == last.zone {
        return Ok(());
    }
    let told = |currency: &str, zone: &str| format!("{currency} in {zone}");
    let (here, there) = (told(&last.currency, &last.zone), told(book.currency.as_str(), &book.zone));
    Err(Refusal::BookOther { here, there })
}

fn loaded(stored: &books::StoredBook) -> Result<Book, Refusal> {
    let reading = Reading { from: Some(stored.from), format: format(stored)? };
    pricebook::load_as(&Files::from_text(&stored.text.body), reading).map_err(Refusal::Book)
}

/// The format that a book was applied with. Errors: `Corrupt` for one that this program does not know.
fn format(stored: &books::StoredBook) -> Result<Format, Refusal> {
    let number = stored.text.format;
    let unknown = || StoreError::Corrupt(format!("price book {} has format {number}", stored.id));
    Ok(Format::of(number).ok_or_else(unknown)?)
}

/// Takes a book back before it begins. Errors: `NotFound`; `BookInForce` when it began, or anything names it.
pub fn undo(tx: &mut Tx<'_>, id: BookId, now: Timestamp) -> Result<(), Refusal> {
    let book = books::get(tx, id)?;
    // A line names a book only for time after its begin, and is posted later than that.
    let billed = store::bills::last_posted(tx)?.is_some_and(|it| book.from < it);
    if book.from <= now || billed || books::is_named(tx, id)? {
        return Err(Refusal::BookInForce(book.from));
    }
    Ok(books::remove(tx, id)?)
}

/// What changes from the book `against` (or the one that holds at `now`) to these files, part by part.
pub fn diff(
    tx: &mut Tx<'_>,
    files: &Files,
    against: Option<BookId>,
    now: Timestamp,
) -> Result<Vec<pricebook::Change>, Refusal> {
    let after = read(files, None)?;
    let against = match against {
        Some(id) => id,
        None => in_force(&books::heads(tx)?, now).ok_or(billing::plan::PlanError::NoBook(now))?,
    };
    Ok(pricebook::diff(&loaded(&books::get(tx, against)?)?, &after))
}

/// The book that holds at `now`, out of all of them with the latest first.
pub fn in_force(heads: &[books::BookHead], now: Timestamp) -> Option<BookId> {
    heads.iter().find(|it| it.from <= now).map(|it| it.id)
}

/// All applied books, ready to price with.
pub fn all(tx: &mut Tx<'_>) -> Result<Books, Refusal> {
    let mut versions = Vec::new();
    for stored in books::all(tx)? {
        versions.push(Arc::new(loaded(&stored)?));
    }
    let mut kept = Vec::new();
    for it in prices::books(tx)? {
        let stored = books::StoredBook { id: it.id, name: it.name, from: it.from, text: it.text };
        kept.push(Arc::new(loaded(&stored)?));
    }
    Ok(Books::new(versions).keeping(kept))
}

/// Whether there is such a book, applied or kept for corrections.
pub(crate) fn is_kept(tx: &mut Tx<'_>, id: BookId) -> Result<bool, Refusal> {
    Ok(books::ids(tx)?.contains(&id) || prices::book_ids(tx)?.contains(&id))
}

/// The calendar of the newest book.
pub fn calendar(books: &Books) -> Result<Calendar, Refusal> {
    match books.all().last() {
        Some(book) => Ok(Calendar::in_zone(&book.zone)?),
        None => Ok(Calendar::settlement()),
    }
}

/// The book that holds at `at` with one price changed, to be applied from then on. Source: R-PRC-6.
///
/// Errors: `Book` with every problem of the amendment; no book at `at`.
pub fn amended(tx: &mut Tx<'_>, books: &Books, at: Timestamp, amendment: &str) -> Result<Prepared, Refusal> {
    let book = books.at(at).ok_or(billing::plan::PlanError::NoBook(at))?;
    let stored = books::get(tx, book.id)?;
    let reading = Reading { from: Some(at), format: format(&stored)? };
    let files = Files::from_text(&stored.text.body);
    let Amended { book, files } =
        pricebook::amended(book, &files, amendment, reading).map_err(Refusal::Book)?;
    let text = BookText { body: files.to_text(), format: reading.format.number() };
    Ok(Prepared { book: Arc::new(book), text })
}

/// `books` and one that was applied after them.
pub fn with(books: &Books, book: Arc<Book>) -> Books {
    let others = books.all().iter().filter(|it| it.id != book.id);
    Books::new(others.cloned().chain([book.clone()]).collect()).keeping(books.kept().to_vec())
}

/// `books` with one that is kept for corrections to name.
pub fn keeping(books: &Books, book: Arc<Book>) -> Books {
    let others = books.kept().iter().filter(|it| it.id != book.id);
    let kept = others.cloned().chain([book.clone()]).collect();
    books.clone().keeping(kept)
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
            late_months: LATE_MONTHS,
            webhooks: providers::webhook::Reach::Public,
        })
    }
}
