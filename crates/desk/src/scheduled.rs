//! Which book of a currency comes before another one, and which behind it.
//!
//! In:  books as they are stored. Out: the ones beside a book, and whether the later one charges what lives otherwise.
//! Invariant: what did not begin holds nothing; of two from one instant on the one that was applied last holds, and the other one comes
//! neither before nor behind any.
//! Rules: R-PRC-6, R-MON-5.

use super::Refusal;
use super::living::Change;
use super::stored_books::{framed, loaded};
use billing::book::Book;
use billing::books::Books;
use std::sync::Arc;
use store::books::BookHead;
use store::resources::Living;
use store::{Tx, books};
use units::{BookId, Currency, Timestamp};

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

/// The book of a currency that holds until `from`, out of all of them with the latest first: the one that a book from then on follows.
/// What begins at `from` itself is none: it is hidden by what is applied later, or hides it.
pub(crate) fn until(heads: &[BookHead], currency: Currency, from: Timestamp) -> Option<&BookHead> {
    heads.iter().find(|it| it.currency == currency && it.from < from && it.withheld.is_none())
}

/// The same of a book, as it is read.
pub(super) fn the_one_before(
    tx: &mut Tx<'_>,
    books: &Books,
    book: &Book,
    heads: &[BookHead],
) -> Result<Option<Arc<Book>>, Refusal> {
    until(heads, book.currency, book.from).map(|it| known(tx, books, it.id)).transpose()
}

/// All books, the latest first, and what lives in the currency of one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Among<'a> {
    pub heads: &'a [BookHead],
    pub lives: &'a [Living],
}

/// The book that customers are told of where `book` holds from its instant on: the first of those that it hides and that charge what
/// lives the same, since of that they were told; `book` itself where it hides none.
pub(super) fn told_as(
    tx: &mut Tx<'_>,
    books: &Books,
    book: &Arc<Book>,
    among: Among<'_>,
) -> Result<Arc<Book>, Refusal> {
    let begins =
        |it: &&BookHead| it.currency == book.currency && it.from == book.from && it.withheld.is_none();
    let own: Vec<&BookHead> = among.heads.iter().filter(begins).collect();
    let hidden = own.iter().position(|it| it.id == book.id).map_or(0, |it| it + 1);
    let mut told = book.clone();
    for head in &own[hidden..] {
        let other = known(tx, books, head.id)?;
        if (Change { before: Some(other.clone()), book }).moves(among.lives) {
            break;
        }
        told = other;
    }
    Ok(told)
}

/// A book that charges what lives otherwise than the one that it follows by now.
pub(super) struct Next {
    /// As customers are told of it.
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
    match (Change { before: Some(before), book: &book }).moves(&lives) {
        true => {
            let book = told_as(tx, books, &book, Among { heads: &heads, lives: &lives })?;
            Ok(Some(Next { book, follows }))
        }
        false => Ok(None),
    }
}

/// Whether a book was applied by a proposal whose figures compare it with the one that it follows by now.
pub(super) fn is_compared(tx: &mut Tx<'_>, next: &Next) -> Result<bool, Refusal> {
    let Some(id) = store::proposals::applied_with(tx, next.book.id)? else { return Ok(false) };
    let proposal = store::proposals::get(tx, &id)?;
    Ok(proposal.is_some_and(|it| !it.is_stale(Some(next.follows))))
}
