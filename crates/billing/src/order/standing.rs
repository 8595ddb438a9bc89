//! Orders about something that is there already: it is renewed, changed, lowered, or converted.
//!
//! In:  a resource, the quote of what is done with it. Out: an order of one piece, that resource.
//! Invariant: nothing comes of it but what the resource becomes; no cloud is waited for, and nothing is held for it.
//! Rules: R-REN-1, R-CHG-1, R-ORD-1, R-ORD-4, section 20.

use super::{Action, Order, OrderError, Piece, PieceState, State, TIME_OUT_SECONDS};
use crate::quote::Quote;
use crate::rate::Terms;
use crate::resource::Resource;
use crate::wallet::Purses;
use units::calendar::seconds_after;
use units::{AccountId, BookId, Money, OrderId, ResourceId, Timestamp};

/// An order about a resource: what is done with it, under which token, until when it can be paid.
#[derive(Clone, Copy, Debug)]
pub struct Placement<'a> {
    pub resource: &'a Resource,
    pub action: Action,
    pub terms: Terms,
    pub token: &'a str,
    pub number: usize,
    /// The total that the client was quoted.
    pub quoted_minor: Option<i64>,
    /// Its release, or its deadline where it is changed. Source: section 20 (R-ORD-4).
    pub until: Timestamp,
}

/// Places an order at the price of `quote`. Errors: `PriceChanged`. Source: R-REN-1, R-CHG-1, R-ORD-4.
pub fn place(quote: &Quote, place: Placement<'_>, book: BookId, now: Timestamp) -> Result<Order, OrderError> {
    let it = place.resource;
    let currency = quote.total.currency();
    match place.quoted_minor.map(|it| Money::from_minor(it, currency)) {
        Some(quoted) if quoted.checked_cmp(quote.total)?.is_ne() => {
            return Err(OrderError::PriceChanged { quoted, now: quote.total });
        }
        _ => {}
    }
    let piece = Piece {
        resource: it.id,
        total: quote.piece,
        voucher: Money::zero(currency),
        card: Money::zero(currency),
        held: Purses::none(currency),
        state: PieceState::Waiting,
    };
    Ok(Order {
        id: id(it.account, place.token, place.number, now),
        account: it.account,
        group: place.token.to_string(),
        action: place.action,
        product: quote.product.clone(),
        options: quote.options.clone(),
        had: match place.action {
            Action::New | Action::Renew => None,
            Action::Upgrade | Action::Convert | Action::Downgrade => Some(it.options.clone()),
        },
        months: quote.months,
        days: quote.days,
        raise: None,
        month: None,
        name: it.name.clone(),
        service: None,
        book,
        terms: place.terms,
        offered: None,
        becomes: quote.becomes,
        state: State::Unpaid,
        created: now,
        expires: seconds_after(now, TIME_OUT_SECONDS)?.min(place.until),
        list: quote.list,
        total: quote.total,
        freeze: quote.freeze,
        pieces: vec![piece],
    })
}

fn id(account: AccountId, token: &str, number: usize, now: Timestamp) -> OrderId {
    OrderId::named(now, &format!("{account} {token} {number}"))
}

impl Order {
    /// An order that nothing is to be paid for: it is done as it is placed. Source: R-CHG-3.
    pub fn done(mut self) -> Order {
        self.pieces.iter_mut().for_each(|it| it.state = PieceState::Delivered);
        Order { state: State::Delivered, ..self }
    }

    /// The resource that was there before it: it is renewed or changed.
    pub fn subject(&self) -> Option<ResourceId> {
        match self.action {
            Action::New => None,
            Action::Renew | Action::Upgrade | Action::Convert | Action::Downgrade => {
                self.pieces.first().map(|it| it.resource)
            }
        }
    }
}
