//! Quotes: what a purchase would cost, and what an order cost when it was placed.
//!
//! In:  an account, items; or an order. Out: quotes. Nothing is written.
//! Invariant: whatever prices a purchase, its authorization or its order comes through here.
//! Rules: R-ORD-1.

use super::{At, Desk, Refusal};
use billing::account::Account;
use billing::order::{Item, Order};
use billing::plan::PlanError;
use billing::purchase;
use billing::quote::{self, Agreed, Quote, QuoteError, Wish};
use billing::renewal;
use store::{Tx, accounts};
use units::{AccountId, Money};

/// Quotes of items, in their order.
pub type Quotes = Vec<Result<Quote, QuoteError>>;

/// What a purchase would cost now. No effect. Source: R-ORD-1.
pub fn one(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, wish: &Wish) -> Result<Quote, Refusal> {
    let account = accounts::get(tx, account)?;
    Ok(quote::quote(at.book_of(account.id, account.currency)?, wish, agreed(at, &account, wish.months)?)?)
}

/// What the items would cost; each says so where no price book of the account's currency holds.
pub fn of_items(at: At<'_>, account: &Account, items: &[Item]) -> Result<Quotes, Refusal> {
    let none = || Ok(Err(PlanError::NoBook(account.currency, at.now).into()));
    let quote = |it: &Item| -> Result<Result<Quote, QuoteError>, Refusal> {
        let Some(book) = at.desk.books.of_account(account.id, account.currency).at(at.now) else {
            return none();
        };
        let Some(offered) = it.offered else {
            return Ok(quote::quote(book, &it.wish, agreed(at, account, it.wish.months)?));
        };
        let Some(own) = at.desk.books.get(offered.book) else { return none() };
        // An offer is for so many months and says what they cost: no day is added to it.
        let agreed = Agreed { offered: Some(offered), ..account.terms.into() };
        Ok(quote::at_offer(book, own, &it.wish, agreed))
    };
    items.iter().map(quote).collect()
}

/// What was agreed with an account, with the days up to its fixed day behind so many months from now on. Source: R-PRE-3.
fn agreed(at: At<'_>, account: &Account, months: u32) -> Result<Agreed, Refusal> {
    let calendar = &at.desk.calendar;
    let days = match (account.expiry_day, months) {
        (None, _) | (_, 0) => 0,
        // What is not sold for so long is refused by its quote.
        (Some(_), _) => match calendar.add_months(at.now, months) {
            Ok(end) => renewal::days(account.expiry_day, end, months, calendar)?,
            Err(_) => 0,
        },
    };
    Ok(Agreed { days, ..account.terms.into() })
}

/// The quotes of items and what they come to. Errors: the first refusal of an item.
pub fn total(at: At<'_>, account: &Account, items: &[Item]) -> Result<(Vec<Quote>, Money), Refusal> {
    let mut total = Money::zero(account.currency);
    let mut quotes = Vec::with_capacity(items.len());
    for (index, quote) in of_items(at, account, items)?.into_iter().enumerate() {
        quotes.push(quote.map_err(|error| Refusal::from(error).of_item(index))?);
    }
    for it in &quotes {
        total = total.checked_add(it.total)?;
    }
    Ok((quotes, total))
}

/// What an order costs by the book and the terms that it was placed with: its lines are made again from there.
pub fn of_order(desk: &Desk, order: &Order) -> Result<Quote, Refusal> {
    let book = desk.books.get(order.book).ok_or(PlanError::NoBook(order.currency(), order.created))?;
    Ok(purchase::requoted(book, order)?)
}
