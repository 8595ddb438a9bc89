//! What is told of offers and of requests to sales.
//!
//! In:  an offer after a step, a request. Out: news of it.
//! Invariant: each step of an offer that somebody takes is told as one event; that its time is over is not.

use super::ears::News;
use super::told::payload;
use crate::Refusal;
use billing::event::EventKind;
use billing::offer::{self, State};
use billing::sales;
use units::{AccountId, Currency, Money, OfferId, SalesRequestId, Timestamp};

payload! {
    /// A price for what a customer may order.
    Offer of [OfferMade OfferAccepted OfferDeclined OfferWithdrawn] {
        account: AccountId,
        offer: OfferId,
        /// The request that it answers.
        request: Option<SalesRequestId>,
        state: State,
        /// What its items cost by the list.
        list: Money,
        total: Money,
        currency: Currency,
        until: Timestamp,
        note: String,
        /// Why it was declined or withdrawn.
        reason: String,
    }
}

payload! {
    /// What a customer asks sales for.
    SalesRequest of [SalesRequested] {
        account: AccountId,
        request: SalesRequestId,
        product: Option<String>,
        quantity: Option<u32>,
        /// The day from which it is wanted.
        from: Option<String>,
        /// What the customer would like to pay.
        price: Option<Money>,
        message: String,
    }
}

/// An offer after what was done with it.
pub fn offer(it: &offer::Offer, now: Timestamp) -> Result<News, Refusal> {
    let state = it.state_at(now);
    let kind = match state {
        State::Open => EventKind::OfferMade,
        State::Accepted => EventKind::OfferAccepted,
        State::Declined => EventKind::OfferDeclined,
        State::Withdrawn => EventKind::OfferWithdrawn,
        State::Expired => unreachable!("invariant: nobody does anything with an offer that expired"),
    };
    let told = Offer {
        account: it.account,
        offer: it.id,
        request: it.request,
        state,
        list: it.list()?,
        total: it.total()?,
        currency: it.total()?.currency(),
        until: it.until,
        note: it.note.clone(),
        reason: it.reason.clone(),
    };
    Ok(News::of(it.account, kind, &told))
}

/// A request that waits.
pub fn sales_request(it: &sales::Request) -> News {
    let told = SalesRequest {
        account: it.account,
        request: it.id,
        product: it.product.clone(),
        quantity: it.quantity,
        from: it.from.clone(),
        price: it.price,
        message: it.message.clone(),
    };
    News::of(it.account, EventKind::SalesRequested, &told)
}
