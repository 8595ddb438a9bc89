//! Offers: at which price one customer may order something, as an operator says it, and for how long.
//!
//! In:  items with a rate or a total, by the price book of now; what is done with an offer. Out: the offer after it; items
//! that are ordered at its price.
//! Invariant: a price is a share of the list of one book, kept with it: another book changes no offer, and whoever prices
//! an order of it anew comes to the same. An offer sets what is paid with an order, and nothing that is paid after use.
//! Rules: S3 (packs are bought by contacting sales), R-PKG-18, R-ORD-1; docs/sales.md.

mod states;

use crate::book::Book;
use crate::order::Item;
use crate::price::FULL_RATE_E8;
use crate::quote::{self, Agreed, Offered, Quote, QuoteError};
use crate::rate::Terms;
use std::sync::Arc;
use units::decimal::{div_half_up, print_short};
use units::{AccountId, BookId, Currency, Money, MoneyError, OfferId, SalesRequestId, Timestamp};

pub use states::{Event, State, StepError};

/// What an operator says of the price of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Price {
    /// This share of the list price, in 1e-8.
    Rate(u64),
    /// So much for all pieces together.
    Total(Money),
}

/// The largest share of the list price: ten times.
pub const HIGHEST_RATE_E8: u64 = 10 * FULL_RATE_E8;
/// Items of one offer.
pub const MOST_ITEMS: usize = crate::cart::MOST;
/// Characters of a note.
pub const LONGEST_NOTE: usize = 2_000;
/// Days for which an offer may hold.
pub const LONGEST_DAYS: u64 = 366;

/// An item, and what it costs by the offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedItem {
    /// With all its options chosen, and without a price of its own.
    pub item: Item,
    /// Of the list price, in 1e-8.
    pub rate_e8: u64,
    /// What all pieces cost by the book.
    pub list: Money,
    /// What they cost by the offer.
    pub total: Money,
}

/// A price for what one customer may order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub id: OfferId,
    pub account: AccountId,
    /// What it answers.
    pub request: Option<SalesRequestId>,
    /// By whose list it is priced.
    pub book: BookId,
    pub items: Vec<OfferedItem>,
    pub note: String,
    /// As it was written; `state_at` says where it stands.
    pub state: State,
    pub created: Timestamp,
    /// From then on it is not accepted any more.
    pub until: Timestamp,
    pub ended: Option<Timestamp>,
    /// Why it was declined or withdrawn; may be empty.
    pub reason: String,
}

/// Why something about offers is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OfferError {
    #[error(transparent)]
    Step(#[from] StepError),
    #[error("an item has a `total` or a `rate`, one of them")]
    Price,
    #[error("an offer has 1 to {MOST_ITEMS} items")]
    Items,
    #[error("nothing of it is paid with the order; an offer sets no price of what is paid after use")]
    NothingAhead,
    #[error("a rate is more than 0 and at most {}", print_short(HIGHEST_RATE_E8.into(), 8, 0))]
    Rate,
    #[error("a total is more than 0")]
    Total,
    #[error("{total} is not the same for each of {pieces} pieces; choose {below} or {above}")]
    Pieces { total: Money, pieces: u32, below: Money, above: Money },
    #[error("{asked} cannot be had as a share of the list price; the nearest is {nearest}")]
    Fine { asked: Money, nearest: Money },
    #[error("a note has at most {LONGEST_NOTE} characters")]
    Note,
    #[error("an offer holds until an instant that lies ahead, at most {LONGEST_DAYS} days")]
    Until,
    #[error("the currency of the account is not that of the price book")]
    Currency,
    #[error(transparent)]
    Quote(#[from] QuoteError),
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// An offer that is to be made.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    pub id: OfferId,
    pub account: AccountId,
    /// In what the account pays.
    pub currency: Currency,
    /// What it answers.
    pub request: Option<SalesRequestId>,
    pub items: &'a [(Item, Price)],
    pub note: &'a str,
    pub until: Timestamp,
}

/// Why an offer is not made: of one of its items, counted from 0, or of all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotMade {
    pub item: Option<usize>,
    pub why: OfferError,
}

impl From<OfferError> for NotMade {
    fn from(why: OfferError) -> NotMade {
        NotMade { item: None, why }
    }
}

/// An offer by the list of `book`, open from `now` on.
///
/// Errors: another currency than the book's; no items, or too many; what a quote of an item refuses; a price that cannot be
/// had; a note that is too long; an end that does not lie ahead.
pub fn make(book: &Arc<Book>, wanted: Wanted<'_>, now: Timestamp) -> Result<Offer, NotMade> {
    let Wanted { id, account, currency, request, items, note: text, until: end } = wanted;
    if currency != book.currency {
        return Err(OfferError::from(MoneyError::Currency(currency, book.currency)).into());
    }
    if items.is_empty() || items.len() > MOST_ITEMS {
        return Err(OfferError::Items.into());
    }
    let priced = items.iter().enumerate().map(|(index, (item, price))| {
        priced(book, id, item, *price).map_err(|why| NotMade { item: Some(index), why })
    });
    Ok(Offer {
        id,
        account,
        request,
        book: book.id,
        items: priced.collect::<Result<_, _>>()?,
        note: note(text)?,
        state: State::Open,
        created: now,
        until: until(end, now)?,
        ended: None,
        reason: String::new(),
    })
}

/// What an item costs at `price` by `book`, for the offer `id`.
///
/// Errors: what a quote refuses; an item of which nothing is paid with the order; a price that cannot be had exactly.
pub fn priced(book: &Arc<Book>, id: OfferId, item: &Item, price: Price) -> Result<OfferedItem, OfferError> {
    let listed = quote::quote(book, &item.wish, Terms::default())?;
    let list_e8: i128 = listed.lines.iter().map(|it| i128::from(it.list_e8)).sum();
    if list_e8 <= 0 {
        return Err(OfferError::NothingAhead);
    }
    let rate_e8 = match price {
        Price::Rate(rate_e8) => rate_e8,
        Price::Total(total) => rate_of(total, &listed, list_e8)?,
    };
    let rate_e8 = rate(rate_e8)?;
    let offered = Some(Offered { offer: id, book: book.id, rate_e8 });
    let found = quote::quote(book, &item.wish, Agreed { terms: Terms::default(), offered, days: 0 })?;
    match price {
        Price::Total(asked) if asked != found.total => {
            return Err(OfferError::Fine { asked, nearest: found.total });
        }
        Price::Total(_) | Price::Rate(_) => {}
    }
    if !found.total.is_positive() {
        return Err(OfferError::Total);
    }
    // Options that were left out are written down: another book may take another value for them.
    let mut item = Item { quoted_minor: None, offered: None, ..item.clone() };
    item.wish.options = found.options.pairs();
    Ok(OfferedItem { item, rate_e8, list: found.list, total: found.total })
}

/// The share of the list that comes nearest to so much for all pieces. Errors: pieces that would cost something else each.
fn rate_of(total: Money, listed: &Quote, list_e8: i128) -> Result<u64, OfferError> {
    let pieces = listed.quantity;
    let total = above_zero(total)?;
    if total.currency() != listed.total.currency() {
        return Err(OfferError::Currency);
    }
    let each = total.minor() / i64::from(pieces);
    if each * i64::from(pieces) != total.minor() {
        let of = |each: i64| Money::from_minor(each, total.currency()).checked_mul(pieces);
        return Err(OfferError::Pieces { total, pieces, below: of(each)?, above: of(each + 1)? });
    }
    let each = Money::from_minor(each, total.currency()).to_amount().e8();
    let rate = each.checked_mul(FULL_RATE_E8.into()).map(|it| div_half_up(it, list_e8));
    rate.and_then(|it| u64::try_from(it).ok()).ok_or(OfferError::Rate)
}

/// A share of the list that may be offered. Errors: `Rate`.
pub const fn rate(rate_e8: u64) -> Result<u64, OfferError> {
    if rate_e8 == 0 || rate_e8 > HIGHEST_RATE_E8 { Err(OfferError::Rate) } else { Ok(rate_e8) }
}

/// A total that may be offered, as far as it says itself. Errors: `Total`.
pub const fn above_zero(total: Money) -> Result<Money, OfferError> {
    if total.is_positive() { Ok(total) } else { Err(OfferError::Total) }
}

/// Until when an offer holds. Errors: `Until`.
pub fn until(at: Timestamp, now: Timestamp) -> Result<Timestamp, OfferError> {
    let seconds = at.as_second() - now.as_second();
    let most = i64::try_from(LONGEST_DAYS * 86_400).unwrap_or(i64::MAX);
    if seconds > 0 && seconds <= most { Ok(at) } else { Err(OfferError::Until) }
}

/// A note as it is kept. Errors: `Note`.
pub fn note(text: &str) -> Result<String, OfferError> {
    let text = text.trim();
    if text.chars().count() <= LONGEST_NOTE { Ok(text.to_string()) } else { Err(OfferError::Note) }
}

impl Offer {
    /// Where it stands at `now`: one that nobody took in time has expired.
    pub fn state_at(&self, now: Timestamp) -> State {
        match self.state.on(Event::Expire) {
            Ok(expired) if now >= self.until => expired,
            Ok(_) | Err(_) => self.state,
        }
    }

    /// The offer after a step at `now`. Errors: `Step` when it is not taken.
    pub fn on(self, event: Event, now: Timestamp) -> Result<Offer, OfferError> {
        let state = self.state_at(now).on(event)?;
        Ok(Offer { state, ended: Some(now), ..self })
    }

    /// What all items cost by it.
    pub fn total(&self) -> Result<Money, MoneyError> {
        self.sum(|it| it.total)
    }

    /// What they cost by the book.
    pub fn list(&self) -> Result<Money, MoneyError> {
        self.sum(|it| it.list)
    }

    fn sum(&self, of: fn(&OfferedItem) -> Money) -> Result<Money, MoneyError> {
        let Some(first) = self.items.first() else {
            unreachable!("invariant: an offer has an item");
        };
        Money::sum(self.items.iter().map(of), of(first).currency())
    }

    /// Under which token it is ordered: once.
    pub fn token(&self) -> String {
        format!("offer {}", self.id)
    }

    /// What is ordered when it is accepted.
    pub fn items(&self) -> Vec<Item> {
        let offered = |it: &OfferedItem| Offered { offer: self.id, book: self.book, rate_e8: it.rate_e8 };
        self.items.iter().map(|it| Item { offered: Some(offered(it)), ..it.item.clone() }).collect()
    }
}

#[cfg(test)]
mod tests;
