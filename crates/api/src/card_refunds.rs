//! Refunds to cards, as they stand in what they are of.
//!
//! In:  what goes back to a card. Out: views.
//! Invariant: a sum stands once: what a card did not take is in the wallet, and its state says so.

use billing::card_refund::CardRefund;
use desk::card_refunds::ToCard;
use serde::Serialize;
use utoipa::ToSchema;
use web::wire::{self, Moment};
use web::words;

/// What of the cash of a refund would go back to one card.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "payment": "pay_019eb7696c008cf183c2a061049531a6", "card": "crd_019eb7696c008cf183c2a061049531a6", "amount": "207.96"
}))]
pub struct ToCardView {
    /// The payment by which the card paid. It gets no more than that took and did not give back yet.
    pub payment: String,
    pub card: String,
    pub amount: wire::MoneyShown,
}

impl From<&ToCard> for ToCardView {
    fn from(it: &ToCard) -> ToCardView {
        ToCardView {
            payment: it.payment.to_string(),
            card: it.card.id.to_string(),
            amount: wire::money(it.money),
        }
    }
}

/// What of a refund goes back to one card.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "crf_019eb7696c008cf183c2a061049531a6", "refund": "rfd_019eb7696c008cf183c2a061049531a6",
    "payment": "pay_019eb7696c008cf183c2a061049531a6", "amount": "207.96", "state": "sent", "reason": null,
    "created": "2026-06-06T00:00:00Z", "changed": "2026-06-06T00:00:01Z"
}))]
pub struct CardRefundView {
    /// The gateway has it in the metadata of its refund, as `till_refund`.
    pub id: String,
    pub refund: String,
    /// The payment by which the card paid.
    pub payment: String,
    pub amount: wire::MoneyShown,
    /// `to_send`: on its way; `sent`: the gateway has it; `failed`: the card took nothing back, and the wallet has it.
    pub state: words::CardRefundState,
    /// Why the card took nothing back, or what the gateway said last while it waits.
    pub reason: Option<String>,
    pub created: Moment,
    pub changed: Moment,
}

impl From<&CardRefund> for CardRefundView {
    fn from(it: &CardRefund) -> CardRefundView {
        CardRefundView {
            id: it.id.to_string(),
            refund: it.refund.to_string(),
            payment: it.payment.to_string(),
            amount: wire::money(it.money),
            state: it.state.into(),
            reason: it.reason.clone(),
            created: wire::time(it.created),
            changed: wire::time(it.changed),
        }
    }
}
