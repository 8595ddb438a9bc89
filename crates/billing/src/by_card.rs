//! Orders that a card pays for, in whole or in part.
//!
//! In:  orders, what the card pays of them, what became of the card. Out: the order after that, money moved, bills.
//! Invariant: nothing is frozen for what the card pays until the card was charged; then that comes in, into the frozen purse, where no
//! debt reaches it, and is deducted as if it had been frozen at the order.
//! Rules: R-PAY-2, R-PAY-3, R-PRV-2, R-MON-7.

use crate::bill::Bill;
use crate::order::{self, Delivery, Event, Order, OrderError, Piece, PieceState};
use crate::passbook::{Passbook, Reason};
use crate::payment::split;
use crate::quote::Quote;
use crate::wallet::{Paid, Purse, Purses};
use units::{Money, MoneyError, PaymentId, ResourceId, Timestamp};

/// What a card pays of orders, by one payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub payment: PaymentId,
    pub amount: Money,
    /// What the gateway charges multiples of.
    pub step: Money,
}

/// Freezes what of an unpaid order neither vouchers nor the card pay; the order waits for the card.
///
/// Errors: `Refused`, `TimedOut`, `BalanceInsufficient`, `HoldsNeedBalance` for an order that holds money while it runs.
/// Source: R-PAY-2.
pub fn submit(
    order: Order,
    card: Share,
    passbook: &mut Passbook,
    now: Timestamp,
) -> Result<Order, OrderError> {
    let state = order.state.on(Event::Submit)?;
    if now >= order.expires {
        return Err(OrderError::TimedOut(order.expires));
    }
    if order.freeze.is_positive() {
        return Err(OrderError::HoldsNeedBalance);
    }
    let held = passbook
        .freeze(order.due()?.checked_sub(card.amount)?, Reason::BesideCard(order.id, card.payment))?;
    let dues = dues(&order)?;
    let shares = split::shares(card.amount, &dues, card.step);
    let parts = order.pieces.iter().zip(shares);
    let pieces: Vec<Piece> = parts.map(|(it, card)| Piece { card, ..it.clone() }).collect();
    let pieces = order::with_shares(held, &pieces)?;
    debug_assert!(passbook.is_explained(), "the transfers explain the change of the wallet");
    Ok(Order { state, pieces, ..order })
}

/// What of each piece vouchers do not pay. Errors: `Overflow`.
pub fn dues(order: &Order) -> Result<Vec<Money>, MoneyError> {
    order.pieces.iter().map(|it| it.total.checked_sub(it.voucher)).collect()
}

/// The card's bank keeps the sum: the order is paid and goes to its delivery. Source: R-PAY-2, R-ORD-3.
pub fn authorised(order: Order) -> Result<Order, OrderError> {
    let state = order.state.on(Event::Pay)?.on(Event::StartDelivery)?;
    Ok(Order { state, ..order })
}

/// The card does not pay: what was frozen is free, and the order unpaid again. Source: R-PAY-2.
pub fn declined(order: Order, payment: PaymentId, passbook: &mut Passbook) -> Result<Order, OrderError> {
    let state = order.state.on(Event::Decline)?;
    let none = Money::zero(order.currency());
    let mut pieces = order.pieces.clone();
    for piece in &mut pieces {
        let reason = Reason::CardDeclined(piece.resource, payment);
        passbook.release(piece.held, reason, piece.resource.bits() ^ payment.bits())?;
        (piece.held, piece.card) = (Purses::none(order.currency()), none);
    }
    debug_assert!(passbook.is_explained(), "the transfers explain the change of the wallet");
    Ok(Order { state, pieces, ..order })
}

/// A piece came that a card pays for: it is billed once the card was charged.
///
/// Errors: `Refused` for a piece that came before, or an order that is not being delivered.
pub fn arrive(mut order: Order, resource: ResourceId) -> Result<Order, OrderError> {
    let refused = order::StepError { state: order.state, event: Event::Deliver };
    if order.state != order::State::Delivering {
        return Err(refused.into());
    }
    let waiting = |it: &&mut Piece| it.resource == resource && it.state == PieceState::Waiting;
    let piece = order.pieces.iter_mut().find(waiting).ok_or(refused)?;
    piece.state = PieceState::Arrived;
    Ok(order)
}

/// What the card is charged for an order whose pieces came out: its share in those that came. `None` while any is waited for.
///
/// A pack comes when it is paid, and so does a renewal. Source: R-PAY-3. Ex: 407.96 of each of three pieces, two of which came → 815.92.
pub fn due(order: &Order) -> Result<Option<Money>, MoneyError> {
    let comes = |it: &&Piece| match it.state {
        PieceState::Waiting => order.comes_when_paid(),
        PieceState::Arrived => true,
        PieceState::Delivered | PieceState::Failed | PieceState::Refunded => false,
    };
    let waits = |it: &Piece| !order.comes_when_paid() && it.state == PieceState::Waiting;
    if order.state == order::State::Paying || order.pieces.iter().any(waits) {
        return Ok(None);
    }
    Money::sum(order.pieces.iter().filter(comes).map(|it| it.card), order.currency()).map(Some)
}

/// The card was charged, and that came into the frozen purse: the pieces that came hold it as if it had been frozen for them.
/// Errors: `Currency`, `Overflow`.
pub fn funded(mut order: Order) -> Result<Order, MoneyError> {
    let none = Money::zero(order.currency());
    let at_once = order.comes_when_paid();
    for piece in &mut order.pieces {
        if piece.state == PieceState::Arrived || at_once && piece.state == PieceState::Waiting {
            piece.held = piece.held.checked_add(Purses::in_purse(Purse::Cash, piece.card))?;
            piece.card = none;
        }
    }
    Ok(order)
}

/// A piece that came while its card was lost: the wallet pays the card's share, and what is missing is owed.
///
/// Errors: `PriceChanged`, `Refused`. Source: R-PAY-2; a card that does not keep its word is the one case of debt for something
/// prepaid.
pub fn owed(
    order: Order,
    delivery: Delivery,
    quote: &Quote,
    passbook: &mut Passbook,
) -> Result<(Order, Option<Bill<'static>>), OrderError> {
    let (order, piece) = order::with_piece(order, delivery.piece, PieceState::Delivered)?;
    if quote.lines.is_empty() {
        return Ok((order, None));
    }
    let bill = order::purchase_bill(&order, &delivery, quote)?;
    if bill.total != piece.total {
        return Err(OrderError::PriceChanged { quoted: piece.total, now: bill.total });
    }
    passbook.capture(piece.held, bill.id)?;
    passbook.redeem(piece.voucher, Reason::OrderPaid(bill.id));
    let held = Paid::new(piece.held, Money::zero(order.currency()))?;
    let paid = held.checked_add(passbook.settle(piece.card, bill.id)?)?;
    Ok((order, Some(Bill { paid, ..bill })))
}

#[cfg(test)]
mod tests;
