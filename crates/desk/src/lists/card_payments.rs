//! Payments by card as they stand.

use super::accounts::{Owned, currency, owned};
use crate::Refusal;
use crate::page::{self, Page, Part};
use billing::payment::{Payment, State};
use store::card_payments::{self, PaymentFilter};
use store::{Tx, card_payments::StoredPayment};
use units::AccountId;

fn shown(found: Vec<StoredPayment>, part: &Part) -> Page<Payment> {
    Page::of(found, part, |it| it.payment.id.to_string()).map(|it| it.payment)
}

/// Payments of an account, the newest first, in this state if one is named.
pub fn page(
    tx: &mut Tx<'_>,
    account: AccountId,
    state: Option<State>,
    part: &Part,
) -> Result<Page<Payment>, Refusal> {
    currency(tx, account)?;
    let before = part.before(|id| page::there(card_payments::get(tx, account, id)))?;
    let filter = PaymentFilter { before: &before, state: state.map_or("", State::as_str) };
    Ok(shown(card_payments::page(tx, account, filter, part.reach())?, part))
}

/// Payments of all accounts, the newest first, each with what its account is called.
pub fn of_all(tx: &mut Tx<'_>, state: Option<State>, part: &Part) -> Result<Page<Owned<Payment>>, Refusal> {
    let before = part.before(|id| page::there(card_payments::by_id(tx, id)))?;
    let filter = PaymentFilter { before: &before, state: state.map_or("", State::as_str) };
    let page = shown(card_payments::page_of_all(tx, filter, part.reach())?, part);
    owned(tx, page, |it| it.account)
}
