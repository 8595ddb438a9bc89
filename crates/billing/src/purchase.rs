//! Purchases: what one needs, and everything that refuses it, in the one order in which it is said.
//!
//! In:  who buys, by which book, what is wanted with its quotes, what counts against quotas. Out: orders, or why not.
//! Invariant: nothing is asked for here, so that whoever answers "may this start?" and whoever places the order say the same.
//! Rules: R-ORD-1 to R-ORD-3, R-ORD-8, R-ORD-9, R-ARR-2, R-PRC-6. Payment is in `order`.
//!
//! ```text
//! the account is in arrears
//! its currency is not that of the book
//! item by item: product, options, months, quantity (the quote); real name; quota; the month of a pack; another price
//! the balance (when it is paid)
//! ```

use crate::account::Verified;
use crate::book::{Book, Product, RealName};
use crate::difference::{self, Change};
use crate::options::Options;
use crate::order::{self, Action, Item, Order, OrderError, Placement};
use crate::pack::{self, PackError};
use crate::plan::{Plan, PlanError};
use crate::quote::{self, Quote, QuoteError, Wish};
use crate::rate::Terms;
use crate::wallet::Wallet;
use std::sync::Arc;
use units::{AccountId, Calendar, Currency, MoneyError, Timestamp};

/// What counts against the quotas of a product in a zone. Source: R-ORD-8.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QuotaCounts {
    /// Pay-per-use pieces in use.
    pub in_use: i64,
    /// Prepaid pieces bought in the month.
    pub bought: i64,
}

/// Who buys.
#[derive(Clone, Copy, Debug)]
pub struct Buyer<'a> {
    pub account: AccountId,
    pub currency: Currency,
    pub terms: Terms,
    pub verified: Verified,
    pub wallet: &'a Wallet,
}

/// By what is sold, and when.
#[derive(Clone, Copy, Debug)]
pub struct Shop<'a> {
    pub book: &'a Arc<Book>,
    pub calendar: &'a Calendar,
    pub now: Timestamp,
}

/// An item with its quote, and with what counts against the quotas where it goes.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    pub item: &'a Item,
    pub quote: Result<Quote, QuoteError>,
    pub counts: QuotaCounts,
}

/// Why a purchase is not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PurchaseError {
    #[error(transparent)]
    Order(#[from] OrderError),
    #[error(transparent)]
    Quote(#[from] QuoteError),
    #[error(transparent)]
    Pack(#[from] PackError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A refusal of one item, counted from 0.
    #[error("{error}")]
    OfItem { index: usize, error: Box<PurchaseError> },
}

/// The orders that a purchase under `token` would be: everything that is checked before one is placed.
///
/// Errors: the first of the list above. Source: R-ORD-1, R-ORD-8, R-ORD-9, R-ARR-2.
pub fn orders(
    shop: Shop<'_>,
    buyer: &Buyer<'_>,
    token: &str,
    wanted: Vec<Wanted<'_>>,
) -> Result<Vec<Order>, PurchaseError> {
    solvent(buyer.wallet)?;
    if buyer.currency != shop.book.currency {
        return Err(MoneyError::Currency(buyer.currency, shop.book.currency).into());
    }
    let mut placed: Vec<Order> = Vec::with_capacity(wanted.len());
    for (index, it) in wanted.into_iter().enumerate() {
        let cart = Cart { shop, buyer, token, placed: &placed };
        let order =
            cart.order(it).map_err(|error| PurchaseError::OfItem { index, error: Box::new(error) })?;
        placed.push(order);
    }
    Ok(placed)
}

/// Nothing is bought or paid in arrears, whatever would pay for it. Source: R-ARR-2.
pub fn solvent(wallet: &Wallet) -> Result<(), OrderError> {
    match crate::arrears::blocks_purchase(wallet.standing()) {
        true => Err(OrderError::InArrears),
        false => Ok(()),
    }
}

/// A purchase under way: the orders that stand in it so far.
struct Cart<'a> {
    shop: Shop<'a>,
    buyer: &'a Buyer<'a>,
    token: &'a str,
    placed: &'a [Order],
}

impl Cart<'_> {
    fn order(&self, wanted: Wanted<'_>) -> Result<Order, PurchaseError> {
        let (shop, item, quote) = (self.shop, wanted.item, wanted.quote?);
        let product = shop.book.product(&quote.product);
        let product = product.ok_or_else(|| PlanError::UnknownProduct(quote.product.clone()))?;
        let plan = Plan::resolve(shop.book, &product.id, &quote.options)?;
        let sale = if quote::is_prepaid(&plan) { Sale::Prepaid } else { Sale::ByUse };

        real_name(product, sale, self.buyer.verified)?;
        let (most, counted) = match sale {
            Sale::Prepaid => (product.limits.prepaid_per_zone_and_month, wanted.counts.bought),
            Sale::ByUse => (product.limits.pay_per_use_per_zone, wanted.counts.in_use),
        };
        most.map_or(Ok(()), |most| self.quota(most, counted, &quote))?;
        if let Some(rule) = &product.pack {
            pack::period(rule, &quote.options, item.month.as_deref(), shop.now, shop.calendar)?;
        }
        let Buyer { account, terms, .. } = *self.buyer;
        let place = Placement { account, terms, token: self.token, number: self.placed.len(), item };
        // What is offered keeps the list that it was offered by.
        let book = quote.offered.map_or(shop.book.id, |it| it.book);
        Ok(order::place(&quote, place, book, shop.now)?)
    }

    /// What counts already and what stands in the cart stay within the quota of the place. Source: R-ORD-8.
    fn quota(&self, most: u32, counted: i64, quote: &Quote) -> Result<(), PurchaseError> {
        let here = self.placed.iter().filter(|it| is_same_place(it, quote));
        let in_cart: usize = here.map(|it| it.pieces.len()).sum();
        let counted = u32::try_from(counted).map_err(|_| MoneyError::Overflow)?;
        let used = counted.saturating_add(u32::try_from(in_cart).map_err(|_| MoneyError::Overflow)?);
        match used.saturating_add(quote.quantity) > most {
            true => Err(OrderError::Quota { used, most }.into()),
            false => Ok(()),
        }
    }
}

/// How a piece is paid: quotas and the real name go by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sale {
    Prepaid,
    ByUse,
}

/// Credit is given to who is known. Source: R-ORD-8.
fn real_name(product: &Product, sale: Sale, verified: Verified) -> Result<(), OrderError> {
    match (sale, product.limits.real_name, verified) {
        (Sale::ByUse, RealName::Needed, Verified::No) => Err(OrderError::NotVerified),
        (Sale::Prepaid, _, _) | (_, RealName::NotNeeded, _) | (_, _, Verified::Yes) => Ok(()),
    }
}

/// Whether somebody who is known so well may have the product paid by use. Errors: `NotVerified`. Source: R-ORD-8, R-CNV-2.
pub fn known_to_use(product: &Product, verified: Verified) -> Result<(), OrderError> {
    real_name(product, Sale::ByUse, verified)
}

/// Whether an order counts against the same quota as what is quoted.
fn is_same_place(order: &Order, quote: &Quote) -> bool {
    order.product == quote.product
        && (order.months > 0) == (quote.months > 0)
        && order.options.place() == quote.options.place()
}

/// What an order asked for.
pub fn wish(order: &Order) -> Wish {
    Wish {
        product: order.product.clone(),
        options: order.options.pairs(),
        months: order.months,
        quantity: u32::try_from(order.pieces.len()).unwrap_or(u32::MAX),
    }
}

/// What an order costs by `book`. Errors: what a quote refuses.
pub fn requoted(book: &Arc<Book>, order: &Order) -> Result<Quote, QuoteError> {
    match order.action {
        Action::New => quote::quote(book, &wish(order), order.agreed()),
        Action::Renew => quote::renewal(book, &wish(order), order.agreed()),
        Action::Convert => quote::conversion(book, &wish(order), order.agreed()),
        Action::Downgrade => quote::remaining(book, &wish(order), order.agreed()),
        Action::Upgrade => {
            let none = Options::default();
            let had = order.had.as_ref().unwrap_or(&none);
            let options = order.options.pairs();
            let change = Change { product: &order.product, had, options: &options, days: order.days };
            difference::quote(book, change, order.terms)
        }
    }
}

/// An unpaid order whose price has changed since it was placed is not paid: it becomes invalid. Another book changes nothing
/// of an offer, but what is not on sale any more is not paid.
///
/// Errors: `PriceChanged`, and what its quote refuses by now. Source: R-ORD-3, R-PRC-6.
pub fn unchanged(book: &Arc<Book>, order: &Order) -> Result<(), PurchaseError> {
    if book.id == order.book || order.state != order::State::Unpaid {
        return Ok(());
    }
    if order.offered.is_some() {
        return Ok(quote::on_sale(book, &wish(order))?);
    }
    let quote = requoted(book, order)?;
    let (quoted, now) = (order.total, quote.total);
    match quoted == now && order.freeze == quote.freeze {
        true => Ok(()),
        false => Err(OrderError::PriceChanged { quoted, now }.into()),
    }
}

#[cfg(test)]
mod tests;
