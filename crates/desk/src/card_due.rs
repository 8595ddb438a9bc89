//! What a card is charged once everything came out that it pays for.
//!
//! In:  what an operation did to orders. Out: their payment, to be taken or let go of.
//! Invariant: a card is charged once for a purchase, for what came of it; of what did not come, nothing is charged.
//! Rules: R-PAY-2, R-PAY-3.

use super::sheet::Sheet;
use super::{At, Refusal, freezes, later};
use billing::payment::{CardError, Event, Payment, State};
use billing::{by_card, order};
use std::collections::BTreeSet;
use store::card_payments::{self, StoredPayment};
use store::{Tx, orders};
use units::{AccountId, Money};

/// Purchases in whose orders a card pays and something came out.
pub(super) fn groups(sheet: &Sheet) -> BTreeSet<(AccountId, String)> {
    let changed = sheet.changed.iter().map(|it| &it.0);
    let by_card = changed.filter(|it| it.pieces.iter().any(|it| it.card.is_positive()));
    let came_out = by_card.filter(|it| it.state != order::State::Paying);
    came_out.map(|it| (it.account, it.group.clone())).collect()
}

/// Once nothing more is waited for, the card is to be charged for what came, or let go of. Source: R-PAY-3.
pub(super) fn come_out(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, group: &str) -> Result<(), Refusal> {
    freezes::held(tx, account)?;
    let Some(StoredPayment { payment, version }) = card_payments::of_batch(tx, account, group)? else {
        return Ok(());
    };
    if payment.state != State::Held {
        return Ok(());
    }
    let mut taken = Money::zero(payment.money.currency());
    for it in orders::of_batch(tx, account, group)? {
        match by_card::due(&it.order)? {
            Some(due) => taken = taken.checked_add(due)?,
            None => return Ok(()),
        }
    }
    let event = if taken.is_positive() { Event::Deliver } else { Event::Release };
    let after = stepped(at, Payment { taken, ..payment }, event)?;
    Ok(card_payments::save(tx, &after, version)?)
}

/// A payment after `event`, and when it is looked at next. Errors: `Step`.
pub(super) fn stepped(at: At<'_>, payment: Payment, event: Event) -> Result<Payment, Refusal> {
    let state = payment.state.on(event).map_err(CardError::from)?;
    // What was to be taken is not, where the bank did not keep it.
    let taken = if state == State::Lost { Money::zero(payment.money.currency()) } else { payment.taken };
    let pause = payment.pause_after(event);
    let stepped = Payment { state, taken, tries: 0, changed: at.now, ..payment };
    let due = stepped.next().map(|_| later(at.now, pause));
    Ok(Payment { due, ..stepped })
}
