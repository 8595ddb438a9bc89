//! Orders: quoted, placed, paid, cancelled, timed out.

use super::events::Ears;
use super::purchases::{self, Pay, Purchase};
use super::sheet::Sheet;
use super::{At, Desk, Refusal, events};
use billing::order::{self, Event, Order, OrderError};
use billing::quote::{self, Quote, Wish};
use store::accounts::Patience;
use store::{Tx, Writes, accounts, orders};
use units::{AccountId, OrderId, Timestamp};

/// One item of a purchase: what, and the words that go with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    pub wish: Wish,
    /// The month that a pack is to begin in.
    pub month: Option<String>,
    pub name: String,
    pub service: Option<String>,
    pub quoted_minor: Option<i64>,
}

/// What a purchase would cost now. No effect. Source: R-ORD-1.
pub fn quote(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, wish: &Wish) -> Result<Quote, Refusal> {
    let account = accounts::get(tx, account)?;
    Ok(quote::quote(at.book()?, wish, account.terms)?)
}

/// Places the orders of one purchase. The same token and items again give the same orders.
///
/// Errors: everything that a quote refuses, arrears, quota, a token used for something else.
/// Source: R-ORD-1, R-ORD-6 to R-ORD-9.
pub fn place(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    token: &str,
    items: &[Item],
) -> Result<Vec<Order>, Refusal> {
    one(tx, at, Purchase { account, token, items, pay: Pay::Later })
}

/// One purchase by itself; a refusal is that of the purchase.
pub fn one(tx: &mut Tx<'_>, at: At<'_>, purchase: Purchase<'_>) -> Result<Vec<Order>, Refusal> {
    let mut done = purchases::buy(tx, at, (&[purchase], Patience::Wait))?;
    done.pop().unwrap_or_else(|| Err(store::StoreError::NotFound("purchase".into()).into()))
}

/// Pays the orders `ids` of one purchase out of the wallet, all or none; what is a pack is delivered at once.
///
/// Errors: `NeedPayTogether` for a part of a purchase, `BalanceInsufficient`, arrears, state.
/// Source: R-ORD-6, R-PAY-3 to R-PAY-5, R-FRZ-1.
pub fn pay(
    tx: &mut Tx<'_>,
    at: At<'_>,
    id: AccountId,
    token: &str,
    ids: &[OrderId],
) -> Result<Vec<Order>, Refusal> {
    let buyers = accounts::lock(tx, [id], Patience::Wait)?;
    let held = buyers.get(&id).ok_or_else(|| store::StoreError::NotFound(format!("account {id}")))?;
    let batch = orders::of_batch(tx, id, token)?;
    if batch.is_empty() {
        return Err(store::StoreError::NotFound(format!("order {token}")).into());
    }
    let missing: Vec<String> =
        batch.iter().map(|it| it.order.id).filter(|it| !ids.contains(it)).map(|it| it.to_string()).collect();
    if !missing.is_empty() {
        return Err(OrderError::NeedPayTogether { missing: missing.join(", ") }.into());
    }
    let (ears, mut sheet) = (Ears::of(tx, [id])?, Sheet::default());
    let lots = batch.into_iter().map(Into::into).collect();
    let paid = purchases::paid(at, held, lots, &ears, &mut sheet)?;
    purchases::written(tx, at, (sheet, &ears), &buyers)?;
    Ok(paid)
}

/// What an order costs by the book and the terms that it was placed with: its lines are made again from there.
pub fn quote_of(desk: &Desk, order: &Order) -> Result<Quote, Refusal> {
    let book = desk.books.get(order.book).ok_or(billing::plan::PlanError::NoBook(order.created))?;
    Ok(quote::quote(book, &purchases::wish_of(order), order.terms)?)
}

/// Cancels the unpaid orders of a purchase. Source: R-ORD-3.
pub fn cancel(tx: &mut Tx<'_>, id: AccountId, token: &str, now: Timestamp) -> Result<Vec<Order>, Refusal> {
    let batch = orders::of_batch(tx, id, token)?;
    if batch.is_empty() {
        return Err(store::StoreError::NotFound(format!("order {token}")).into());
    }
    batch.into_iter().map(|it| close(tx, it, Event::Cancel, now)).collect()
}

fn close(tx: &mut Tx<'_>, read: orders::StoredOrder, event: Event, now: Timestamp) -> Result<Order, Refusal> {
    let state = read.order.state.on(event).map_err(OrderError::from)?;
    let order = Order { state, ..read.order };
    let changed = [(order, read.version)];
    let mut writes = Writes::default();
    orders::save(&mut writes, &changed);
    tx.write(writes)?;
    let [(order, _)] = changed;
    events::order_ended(tx, &order, now)?;
    Ok(order)
}

/// Expires what was not paid in time. Source: R-ORD-4.
pub fn time_out(tx: &mut Tx<'_>, now: Timestamp) -> Result<usize, Refusal> {
    let late = orders::timed_out(tx, now)?;
    let count = late.len();
    for read in late {
        close(tx, read, Event::TimeOut, now)?;
    }
    Ok(count)
}

/// An order whose month or period has passed meanwhile. Source: section 20 of the rules (R-PKG-2).
pub fn invalidate(tx: &mut Tx<'_>, id: AccountId, token: &str, now: Timestamp) -> Result<(), Refusal> {
    for read in orders::of_batch(tx, id, token)? {
        if read.order.state == order::State::Unpaid {
            close(tx, read, Event::Invalidate, now)?;
        }
    }
    Ok(())
}

/// The same for the purchase that these orders are of.
pub fn invalidate_those(
    tx: &mut Tx<'_>,
    id: AccountId,
    ids: &[OrderId],
    now: Timestamp,
) -> Result<(), Refusal> {
    match ids.first() {
        Some(first) => {
            let token = orders::get(tx, id, *first)?.order.group;
            invalidate(tx, id, &token, now)
        }
        None => Ok(()),
    }
}
