//! Which book of a currency comes before another one, and which behind it.
//!
//! In:  books as they are stored. Out: the ones beside a book, and whether the later one charges what lives otherwise.
//! Invariant: what did not begin holds nothing; of two from one instant on the one that was applied last holds.
//! Rules: R-PRC-6, R-MON-5.

use super::stored_books::{framed, loaded};
use super::{Refusal, living};
use billing::book::Book;
use billing::books::Books;
use std::sync::Arc;
use store::books::BookHead;
use store::{Tx, books};
use units::{BookId, Currency};

/// All books without their texts, the latest first.
pub(crate) fn heads(tx: &mut Tx<'_>) -> Result<Vec<BookHead>, Refusal> {
    let unnamed = match books::unnamed(tx)? {
        Some(stored) => Some(Currency::parse(&framed(&stored)?.currency)?),
        None => None,
    };
    Ok(books::heads(tx, unnamed)?)
}

/// A book, out of `books` or as it is stored. Errors: `NotFound`.
pub(crate) fn known(tx: &mut Tx<'_>, books: &Books, id: BookId) -> Result<Arc<Book>, Refusal> {
    match books.get(id) {
        Some(book) => Ok(book.clone()),
        None => Ok(Arc::new(loaded(&books::get(tx, id)?)?)),
    }
}

/// The book of its currency that holds when `book` begins; `heads` has the latest first.
pub(super) fn the_one_before(
    tx: &mut Tx<'_>,
    books: &Books,
    book: &Book,
    heads: &[BookHead],
) -> Result<Option<Arc<Book>>, Refusal> {
    let mut own = heads.iter().filter(|it| it.currency == book.currency && it.withheld.is_none());
    own.find(|it| it.id != book.id && it.from <= book.from).map(|it| known(tx, books, it.id)).transpose()
}

/// A book that charges what lives otherwise than the one that it follows by now.
pub(super) struct Next {
    pub book: Arc<Book>,
    pub follows: BookId,
}

/// The book that comes after another one in its currency, or in its place where it does not stand any more, if it charges anything
/// that lives otherwise than the one that it follows by now.
pub(super) fn next_moves(tx: &mut Tx<'_>, books: &Books, of: &BookHead) -> Result<Option<Next>, Refusal> {
    let heads = heads(tx)?;
    let holds = |it: &&BookHead| it.currency == of.currency && it.withheld.is_none();
    let own: Vec<&BookHead> = heads.iter().filter(holds).collect();
    let stands = own.iter().any(|it| it.id == of.id);
    let later = own.iter().filter(|it| it.from > of.from || (it.from == of.from && !stands));
    let Some(next) = later.min_by_key(|it| it.from) else { return Ok(None) };
    let book = known(tx, books, next.id)?;
    let Some(before) = the_one_before(tx, books, &book, &heads)? else { return Ok(None) };
    let (follows, lives) = (before.id, store::resources::living(tx, of.currency)?);
    let moves = living::Change { before: Some(before), book: &book }.moves(&lives);
    Ok(moves.then_some(Next { book, follows }))
}

/// Whether a book was applied by a proposal whose figures compare it with the one that it follows by now.
pub(super) fn is_compared(tx: &mut Tx<'_>, next: &Next) -> Result<bool, Refusal> {
    let Some(id) = store::proposals::applied_with(tx, next.book.id)? else { return Ok(false) };
    let proposal = store::proposals::get(tx, &id)?;
    Ok(proposal.is_some_and(|it| !it.is_stale(Some(next.follows))))
}
