//! Orders: quoted, placed, paid, cancelled, timed out.

use super::act::Act;
use super::purchases::{self, Purchase};
use super::{At, Refusal, after, freezes, fulfil};
use billing::change::ChangeError;
use billing::conversion::ConversionError;
use billing::order::{self, Event, Order, OrderError};
use billing::pack::PackError;
use std::collections::BTreeSet;
use store::accounts::Patience;
use store::orders::StoredOrder;
use store::{Tx, accounts, orders};
use units::{AccountId, OrderId};

pub use billing::order::Item;

/// One purchase by itself: places its orders, and pays them if it says so. The same token and items again give the same orders.
///
/// Errors: everything that a quote refuses, arrears, quota, a token used for something else; what a payment refuses.
/// Source: R-ORD-1, R-ORD-6 to R-ORD-9.
pub fn one(tx: &mut Tx<'_>, at: At<'_>, purchase: Purchase<'_>) -> Result<Vec<Order>, Refusal> {
    let mut done = purchases::buy(tx, at, &[purchase], Patience::Wait)?;
    done.pop().unwrap_or_else(|| Err(store::StoreError::NotFound("purchase".into()).into()))
}

/// A payment out of the wallet: for which orders of which purchase.
#[derive(Clone, Copy, Debug)]
pub struct Payment<'a> {
    pub account: AccountId,
    /// The token of the purchase.
    pub token: &'a str,
    pub orders: &'a [OrderId],
}

/// Pays orders of one purchase out of the wallet, all or none; what is a pack is delivered at once.
///
/// Errors: `NeedPayTogether` for a part of a purchase, `BalanceInsufficient`, arrears, state.
/// Source: R-ORD-6, R-PAY-3 to R-PAY-5, R-FRZ-1.
pub fn pay(tx: &mut Tx<'_>, at: At<'_>, payment: Payment<'_>) -> Result<Vec<Order>, Refusal> {
    let Payment { account: id, token, orders: ids } = payment;
    let held = freezes::held(tx, id)?;
    let batch = whole(tx, id, token, ids)?;
    if batch.iter().any(|it| it.order.subject().is_some()) {
        return fulfil::pay(tx, at, held, batch);
    }
    let lots = batch.into_iter().map(Into::into).collect();
    let mut act = Act::on(tx, at, [id])?;
    let paid = purchases::pay(&mut act, &held, lots)?;
    after::finish(tx, act)?;
    Ok(paid)
}

/// The orders of a purchase, where `ids` names all of them. Errors: `NeedPayTogether` for a part, `NotFound`. Source: R-ORD-6.
pub(super) fn whole(
    tx: &mut Tx<'_>,
    id: AccountId,
    token: &str,
    ids: &[OrderId],
) -> Result<Vec<StoredOrder>, Refusal> {
    let batch = orders::of_batch(tx, id, token)?;
    if batch.is_empty() {
        return Err(store::StoreError::NotFound(format!("order {token}")).into());
    }
    let missing: Vec<String> =
        batch.iter().map(|it| it.order.id).filter(|it| !ids.contains(it)).map(|it| it.to_string()).collect();
    match missing.is_empty() {
        true => Ok(batch),
        false => Err(OrderError::NeedPayTogether { missing: missing.join(", ") }.into()),
    }
}

/// Cancels the unpaid orders of a purchase. Source: R-ORD-3.
pub fn cancel(tx: &mut Tx<'_>, at: At<'_>, id: AccountId, token: &str) -> Result<Vec<Order>, Refusal> {
    let batch = orders::of_batch(tx, id, token)?;
    if batch.is_empty() {
        return Err(store::StoreError::NotFound(format!("order {token}")).into());
    }
    close(tx, at, batch, Event::Cancel)
}

/// Ends orders that were not paid, of one or more accounts.
fn close(tx: &mut Tx<'_>, at: At<'_>, batch: Vec<StoredOrder>, event: Event) -> Result<Vec<Order>, Refusal> {
    let owners: BTreeSet<AccountId> = batch.iter().map(|it| it.order.account).collect();
    let accounts = accounts::with_wallets(tx, owners.iter().copied())?;
    let mut act = Act::on(tx, at, owners)?;
    let mut closed = Vec::with_capacity(batch.len());
    for read in batch {
        let order = Order { state: read.order.state.on(event).map_err(OrderError::from)?, ..read.order };
        let owner = accounts.get(&order.account);
        act.sheet.news.extend(owner.and_then(|it| act.ears.order_ended(&order, it.0.currency)));
        act.sheet.changed.push((order.clone(), read.version));
        closed.push(order);
    }
    after::finish(tx, act)?;
    Ok(closed)
}

/// Expires what was not paid in time. Source: R-ORD-4.
pub fn time_out(tx: &mut Tx<'_>, at: At<'_>) -> Result<usize, Refusal> {
    let late = orders::timed_out(tx, at.now)?;
    Ok(close(tx, at, late, Event::TimeOut)?.len())
}

/// Whether a payment that is refused like this is of orders that are not any more what they were: they become invalid. What somebody
/// else pays or ended meanwhile is none of these.
///
/// Source: R-ORD-3; section 20 of the rules (R-PKG-2, R-ORD-5).
pub fn outdates(refusal: &Refusal) -> bool {
    if let Refusal::Of { refusal, .. } | Refusal::OfItem { refusal, .. } = refusal {
        return outdates(refusal);
    }
    matches!(
        refusal,
        Refusal::Order(OrderError::PriceChanged { .. })
            | Refusal::Pack(PackError::Over(_))
            | Refusal::Change(ChangeError::Other)
            | Refusal::Conversion(ConversionError::Other)
    )
}

/// Orders whose price, month or period is not any more what it was, or what they are about. Source: section 20 of the rules (R-PKG-2, R-ORD-5).
pub fn invalidate(tx: &mut Tx<'_>, at: At<'_>, id: AccountId, token: &str) -> Result<(), Refusal> {
    let mut unpaid = orders::of_batch(tx, id, token)?;
    unpaid.retain(|it| it.order.state == order::State::Unpaid);
    close(tx, at, unpaid, Event::Invalidate).map(drop)
}

/// The same for the purchase that these orders are of.
pub fn invalidate_those(tx: &mut Tx<'_>, at: At<'_>, id: AccountId, ids: &[OrderId]) -> Result<(), Refusal> {
    match ids.first() {
        Some(first) => {
            let token = orders::get(tx, id, *first)?.order.group;
            invalidate(tx, at, id, &token)
        }
        None => Ok(()),
    }
}
