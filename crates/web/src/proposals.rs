//! Proposals of price changes, as faces ask for them: what takes long is done before anything is locked.
//!
//! In:  a book, a month; the id of a proposal. Out: what the book was found to change; the book of a proposal, read.
//! Invariant: so many customers are looked at as one request may; a proposal says of how many.

use crate::impact;
use crate::node::Node;
use crate::problem::Problem;
use billing::book::Book;
use desk::books::{self, Prepared};
use desk::proposals::{self, Computed};
use std::sync::Arc;

/// What a book changes of a month that is over, beside the book that it follows; `None` for the last month.
pub async fn computed(node: &Node, book: Arc<Book>, month: Option<String>) -> Result<Computed, Problem> {
    let asked = node.report(move |tx, at| proposals::asked(tx, at, &book, month.as_deref())).await?;
    let asked = Arc::new(asked);
    let of = asked.clone();
    let all = node.report(move |tx, _| desk::impact::customers(tx, &of)).await?;
    let (found, _) = impact::some(node, &asked, String::new()).await?;
    Ok(proposals::computed(&asked, &found, all)?)
}

/// What a proposal changes, made again. Where it stands is told before what cannot be computed.
pub async fn again(node: &Node, id: String, month: Option<String>) -> Result<Computed, Problem> {
    let book = book(node, id.clone()).await?;
    let found = computed(node, book.book, month).await;
    if found.is_err() {
        node.read(move |tx, _| proposals::is_open(tx, &id)).await?;
    }
    found
}

/// The book of a proposal, from its date on.
pub async fn book(node: &Node, id: String) -> Result<Prepared, Problem> {
    let (text, from) = node.read(move |tx, _| proposals::text(tx, &id)).await?;
    node.blocking(move |_| books::again(&text, from)).await
}
