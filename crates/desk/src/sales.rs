//! Requests to sales: asked, withdrawn, declined.
//!
//! In:  what a customer wants. Out: the request; operators are told of it.
//! Invariant: a request orders nothing.
//! Source: S3; docs/sales.md.

use super::{At, Refusal, events};
use billing::sales::{self, Event, Request, Wanted};
use store::accounts::Patience;
use store::{Tx, accounts, sales as rows};
use units::{AccountId, Money, SalesRequestId};

/// A request that is to be made.
#[derive(Clone, Debug)]
pub struct New<'a> {
    pub account: AccountId,
    pub product: Option<&'a str>,
    pub quantity: Option<u32>,
    /// A day, such as `2026-08-01`.
    pub from: Option<&'a str>,
    pub price: Option<Money>,
    pub message: &'a str,
    /// What tells it from others.
    pub token: &'a str,
}

/// Asks sales for something. Errors: a message without a word, a day that is none, `UnknownProduct`, too many that wait.
pub fn ask(tx: &mut Tx<'_>, at: At<'_>, new: New<'_>) -> Result<Request, Refusal> {
    let New { account, product, quantity, from, price, message, token } = new;
    // Who asks at the same time is counted after it.
    accounts::lock(tx, [account], Patience::Wait)?;
    let owner = accounts::get(tx, account)?;
    if let Some(product) = product {
        at.product(owner.currency, product).map_err(|it| it.of("product"))?;
    }
    let waiting = usize::try_from(rows::open(tx, account)?).unwrap_or(usize::MAX);
    let id = SalesRequestId::named(at.now, &format!("{account} {token}"));

    let wanted = Wanted { id, account, product, quantity, from, price, message };
    let made = sales::ask(wanted, waiting, &at.desk.calendar, at.now)?;

    rows::add(tx, &made)?;
    events::emit(tx, events::sales_request(&made), at.now)?;
    Ok(made)
}

/// Takes a request back. Errors: `NotFound`; one that does not wait any more.
pub fn withdraw(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    id: SalesRequestId,
) -> Result<Request, Refusal> {
    let after = rows::hold(tx, account, id)?.on(Event::Withdraw, at.now)?;
    rows::save(tx, &after)?;
    Ok(after)
}

/// Says that there will be no offer, and why. Errors: `NotFound`; one that does not wait any more.
pub fn decline(tx: &mut Tx<'_>, at: At<'_>, id: SalesRequestId, reason: &str) -> Result<Request, Refusal> {
    let account = rows::find(tx, id)?.account;
    let reason = billing::offer::note(reason)?;
    let after = Request { reason, ..rows::hold(tx, account, id)?.on(Event::Decline, at.now)? };
    rows::save(tx, &after)?;
    Ok(after)
}

/// Notes that an offer answers a request. Errors: `NotFound`, also for a request of another account; one that ended.
pub(super) fn answered(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    id: SalesRequestId,
) -> Result<(), Refusal> {
    let read = rows::hold(tx, account, id).map_err(|it| Refusal::from(it).of("request"))?;
    Ok(rows::save(tx, &read.on(Event::Answer, at.now)?)?)
}
