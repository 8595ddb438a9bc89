//! Cash of refunds that goes back to the cards that paid it: decided with the refund, sent after it.
//!
//! In:  the orders that a refund is of, what the gateway says. Out: what goes to which card; its rows, from their beginning to their end.
//! Invariant: what goes to a card leaves the wallet in the transaction of the refund, and the gateway is asked after that and outside of
//! any transaction; it comes to the card once, or back into the wallet once.
//! Rules: R-REF-4, R-WAL-4.

use super::act::Act;
use super::cards::{self, Card};
use super::sheet::Moved;
use super::{At, Refusal, after, freezes};
use billing::card_refund::{Answer, CardRefund, State};
use billing::notice::{Notice, NoticeKind};
use billing::passbook::Passbook;
use billing::payment::{CardError, Payment};
use billing::refund::to_card::{self, Part, Source};
use billing::refund::{RefundError, Term};
use providers::cards::{Cards, limits};
use store::card_payments::{self, StoredPayment};
use store::card_refunds::{self, StoredCardRefund};
use store::{StoreError, Tx};
use units::{AccountId, CardRefundId, Money, PaymentId, RefundId};

/// What would go back to one card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToCard {
    pub payment: PaymentId,
    pub card: Card,
    pub money: Money,
}

/// What of `cash` can go back to cards: those that paid the orders of a refund. The orders that begin last come first, since
/// they go back in full. Nothing where cards are not taken.
pub(super) fn parts(
    tx: &mut Tx<'_>,
    at: At<'_>,
    cash: Money,
    terms: &[Term<'_>],
) -> Result<Vec<Part>, Refusal> {
    if matches!(at.desk.cards, Cards::Off) || !cash.is_positive() {
        return Ok(Vec::new());
    }
    let mut sources = Vec::new();
    for term in terms.iter().rev() {
        let paid = card_payments::taken_of_batch(tx, term.order.account, &term.order.group)?;
        sources.extend(paid.map(|it| Source {
            payment: it.payment.id,
            cash: term.paid.purses().cash(),
            refundable: it.payment.refundable(),
        }));
    }
    Ok(to_card::split(cash, &sources, limits(cash.currency()))?)
}

/// The same with the cards that they are of.
pub(super) fn named(tx: &mut Tx<'_>, account: AccountId, parts: Vec<Part>) -> Result<Vec<ToCard>, Refusal> {
    let mut found = Vec::with_capacity(parts.len());
    for Part { payment, money } in parts {
        let card = card_payments::get(tx, account, payment)?.payment.card;
        found.push(ToCard { payment, card: cards::one(tx, account, card)?, money });
    }
    Ok(found)
}

/// Cash of a refund, and the orders that it is of, the one that runs first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Back<'a> {
    pub refund: RefundId,
    pub cash: Money,
    pub terms: &'a [Term<'a>],
}

/// Sends what cards can get on its way to them, and gives how much that is. Errors: no gateway; `NoCard` where none can get anything.
pub(super) fn begin(
    tx: &mut Tx<'_>,
    at: At<'_>,
    passbook: &mut Passbook,
    Back { refund, cash, terms }: Back<'_>,
) -> Result<Money, Refusal> {
    if matches!(at.desk.cards, Cards::Off) {
        return Err(CardError::Off.into());
    }
    let parts = parts(tx, at, cash, terms)?;
    if parts.is_empty() {
        return Err(RefundError::NoCard.into());
    }
    let account = passbook.wallet().account();
    for it in &parts {
        given_back(tx, at, (account, it.payment), it.money)?;
        let row = CardRefund {
            id: CardRefundId::named(at.now, &format!("{refund} {}", it.payment)),
            account,
            refund,
            payment: it.payment,
            money: it.money,
            state: State::ToSend,
            name: None,
            reason: None,
            tries: 0,
            due: Some(at.now),
            created: at.now,
            changed: at.now,
        };
        card_refunds::add(tx, &row)?;
        passbook.to_card(it.money, row.id)?;
    }
    let currency = passbook.wallet().currency();
    Ok(Money::sum(parts.iter().map(|it| it.money), currency)?)
}

/// So much more of a payment is given back, or less where `money` is below zero.
fn given_back(
    tx: &mut Tx<'_>,
    at: At<'_>,
    (account, id): (AccountId, PaymentId),
    money: Money,
) -> Result<(), Refusal> {
    let StoredPayment { payment, version } = card_payments::get(tx, account, id)?;
    let refunded = payment.refunded.checked_add(money)?;
    Ok(card_payments::save(tx, &Payment { refunded, changed: at.now, ..payment }, version)?)
}

/// What is on its way to a card, and the payment that it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub card_refund: CardRefund,
    pub payment: Payment,
}

/// Takes the next call of one in hand, if one is due: nobody else makes it for a while. Gives it as it stood.
pub fn claim(tx: &mut Tx<'_>, at: At<'_>, id: CardRefundId) -> Result<Option<Asked>, Refusal> {
    let StoredCardRefund { card_refund, version } = card_refunds::by_id(tx, id)?;
    let Some(claimed) = card_refund.claimed(at.now) else { return Ok(None) };
    match card_refunds::save(tx, &claimed, version) {
        Ok(()) => {
            let payment = card_payments::get(tx, card_refund.account, card_refund.payment)?.payment;
            Ok(Some(Asked { card_refund, payment }))
        }
        // Somebody else was faster.
        Err(StoreError::Stale(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The gateway was asked: what it says is written down, and what follows from it is done. The same answer again changes nothing.
///
/// Source: R-REF-4. What a card does not take back is cash of the wallet, debt first, and its owner is told.
pub fn hear(tx: &mut Tx<'_>, at: At<'_>, id: CardRefundId, answer: &Answer) -> Result<CardRefund, Refusal> {
    let account = card_refunds::by_id(tx, id)?.card_refund.account;
    // The wallet first: whoever holds it is alone with the payments of its account.
    let held = freezes::held(tx, account)?;
    let StoredCardRefund { card_refund: before, version } = card_refunds::by_id(tx, id)?;
    let it = before.heard(answer, at.now);
    if it == before {
        return Ok(before);
    }
    card_refunds::save(tx, &it, version)?;
    let mut passbook = Passbook::new(held.wallet.wallet, at.now);
    let mut act = Act::on(tx, at, [account])?;
    match it.state {
        State::ToSend => return Ok(it),
        State::Sent => {
            // What was compared with the gateway before is not compared with what it says now.
            given_back(tx, at, (account, it.payment), Money::zero(it.money.currency()))?;
            passbook.card_took(it.money, id);
        }
        State::Failed => {
            given_back(tx, at, (account, it.payment), it.money.checked_neg()?)?;
            passbook.card_refused(it.money, id)?;
            act.sheet.notices.push(refused(at, &it));
        }
    }
    act.sheet.moved.push(Moved { held, passbook });
    after::finish(tx, act)?;
    Ok(it)
}

/// Tells a customer that a card took nothing back.
fn refused(at: At<'_>, it: &CardRefund) -> Notice {
    Notice {
        account: it.account,
        subject: it.refund.to_string(),
        kind: NoticeKind::CardRefundFailed,
        threshold: 0,
        occasion: format!("{} {} {}", it.money, it.money.currency(), it.id),
        at: at.now,
    }
}

/// Those that are due, the longest due first.
pub fn due(tx: &mut Tx<'_>, at: At<'_>, most: usize) -> Result<Vec<CardRefundId>, Refusal> {
    Ok(card_refunds::due(tx, at.now, most)?.into_iter().map(|it| it.id).collect())
}

/// What of a payment went back to its card, or is on its way, or was not taken. The oldest first.
pub fn of_payment(
    tx: &mut Tx<'_>,
    account: AccountId,
    payment: PaymentId,
) -> Result<Vec<CardRefund>, Refusal> {
    Ok(card_refunds::of_payment(tx, account, payment)?)
}

/// What of a refund went to cards, or is on its way, or was not taken.
pub fn of_refund(tx: &mut Tx<'_>, account: AccountId, refund: RefundId) -> Result<Vec<CardRefund>, Refusal> {
    Ok(card_refunds::of_refund(tx, account, refund)?)
}

/// What is on its way of all accounts, the oldest first.
pub fn open(tx: &mut Tx<'_>, most: usize) -> Result<Vec<CardRefund>, Refusal> {
    Ok(card_refunds::open(tx, most)?)
}
