//! Quotes taken apart: what purchase pages show of a price.
//!
//! In:  an account, items, what to assume of a month. Out: quotes with how each comes about. Nothing is written.
//! Invariant: the quotes are those that an order is made from.
//! Rules: R-ORD-1, R-PRC-4, R-PRC-5; of packs: `pack_quotes.rs`.

use super::pack_quotes::{self, Asked, PackQuote};
use super::{At, Refusal, quotes};
use billing::account::Account;
use billing::breakdown::{self, Assumed, Breakdown};
use billing::order::Item;
use billing::quote::Quote;
use store::Tx;
use units::Money;

/// A quote and how it comes about.
#[derive(Clone, Debug)]
pub struct Detailed {
    pub quote: Quote,
    pub breakdown: Breakdown,
    /// Of a pack: from when until when.
    pub pack: Option<PackQuote>,
}

/// Items that somebody asks the price of, and what is to be assumed of their use.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    pub account: &'a Account,
    pub items: &'a [Item],
    pub assumed: &'a Assumed,
}

/// The quotes of items taken apart, and what they come to. Errors: the first refusal of an item.
pub fn detailed(
    tx: &mut Tx<'_>,
    at: At<'_>,
    question: Question<'_>,
) -> Result<(Vec<Detailed>, Money), Refusal> {
    let Question { account, items, assumed } = question;
    known(at, question)?;
    let (quotes, total) = quotes::total(at, account, items)?;
    let mut found = Vec::with_capacity(quotes.len());
    for (index, (quote, item)) in quotes.into_iter().zip(items).enumerate() {
        let own = quote.offered.and_then(|it| at.desk.books.get(it.book));
        let book = own.map_or_else(|| at.book_of(account.id, account.currency), Ok)?;
        let mut breakdown = breakdown::breakdown(book, &quote, account.terms, assumed)?;
        if let Some(listed) = at.desk.books.listed(book.id) {
            breakdown = breakdown.beside(listed)?;
        }
        let asked = Asked { account: account.id, item, quote: &quote };
        let pack = pack_quotes::of(tx, at, asked).map_err(|refusal| refusal.of_item(index))?;
        found.push(Detailed { quote, breakdown, pack });
    }
    Ok((found, total))
}

/// What is assumed to be used is something that one of the items reads.
fn known(at: At<'_>, question: Question<'_>) -> Result<(), Refusal> {
    let book = at.book_of(question.account.id, question.account.currency)?;
    let products: Vec<_> = question.items.iter().filter_map(|it| book.product(&it.wish.product)).collect();
    match question.assumed.usage.keys().find(|usage| !products.iter().any(|it| it.reads(usage))) {
        Some(usage) => Err(Refusal::NotRead(usage.chars().take(60).collect())),
        None => Ok(()),
    }
}
