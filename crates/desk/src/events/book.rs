//! What is told of price books.
//!
//! In:  a book that did not begin, and why. Out: an event of it.
//! Invariant: only the operator hears of it.

use super::ears::{News, emit};
use super::told::payload;
use crate::Refusal;
use billing::event::EventKind;
use store::Tx;
use store::books::BookHead;
use units::{BookId, Timestamp};

payload! {
    /// A scheduled price book that dropped what lives and did not begin. Source: R-CAT-1.
    BookWithheld of [BookWithheld] {
        price_book: BookId,
        name: String,
        /// When it was to begin.
        from: Timestamp,
        reason: String,
    }
}

/// A scheduled book that drops what lives and does not begin. Source: R-CAT-1.
pub fn withheld(tx: &mut Tx<'_>, it: &BookHead, why: &str, now: Timestamp) -> Result<(), Refusal> {
    let told =
        BookWithheld { price_book: it.id, name: it.name.clone(), from: it.from, reason: why.to_string() };
    emit(tx, News::of(None, EventKind::BookWithheld, &told), now)
}
