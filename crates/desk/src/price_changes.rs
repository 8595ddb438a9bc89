//! Price changes that no proposal is of: a book that is applied as it is sent; and books that hit others by now, or do not hold after
//! all.
//!
//! In:  a book that charges what lives otherwise. Out: what customers are told of, as of a proposal.
//! Invariant: each time that a book is applied is told once; what nobody was told of is not told to be undone, and what was told to be
//! undone is told no second time.
//! Rules: R-PRC-6, R-CAT-1.

use super::Refusal;
use billing::book::Book;
use store::price_notices::{self, PriceChange, Told};
use store::{Tx, proposals};
use units::{BookId, Timestamp};

/// From now on customers are told that a book holds from its date on.
pub(super) fn applied(tx: &mut Tx<'_>, book: &Book, now: Timestamp) -> Result<(), Refusal> {
    let number = proposals::next_number(tx)?;
    let id = format!("{} {number}", book.id);
    let change = PriceChange { id, number, book: book.id, currency: book.currency, from: book.from };
    price_notices::add(tx, &change)?;
    Ok(price_notices::ask(tx, &change.id, Told::Change, now)?)
}

/// From now on those are told of a book, by a proposal or without one, whom it hits by now and who were not told of it: it begins, or
/// follows another book than when it was applied.
pub(super) fn again(tx: &mut Tx<'_>, book: &Book, now: Timestamp) -> Result<(), Refusal> {
    let Some(change) = of_book(tx, book.id)? else { return applied(tx, book, now) };
    // Of what was told to be undone nobody is told again: the book was applied once more since.
    match price_notices::is_asked(tx, &change, Told::Undone)? {
        true => applied(tx, book, now),
        false => Ok(price_notices::ask_again(tx, &change, now)?),
    }
}

/// From now on those who were told of a book, by a proposal or without one, are told that it does not hold: it was taken back, or did
/// not begin.
pub(super) fn undone(tx: &mut Tx<'_>, book: BookId, now: Timestamp) -> Result<(), Refusal> {
    match of_book(tx, book)? {
        Some(change) => Ok(price_notices::ask(tx, &change, Told::Undone, now)?),
        None => Ok(()),
    }
}

/// What customers are told of a book by: its proposal, or the last time that it was applied without one.
fn of_book(tx: &mut Tx<'_>, book: BookId) -> Result<Option<String>, Refusal> {
    match proposals::applied_with(tx, book)? {
        Some(proposal) => Ok(Some(proposal)),
        None => Ok(price_notices::last_of(tx, book)?.map(|it| it.id)),
    }
}
