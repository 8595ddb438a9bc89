//! What is told of orders.
//!
//! In:  an order after its step. Out: news of it.
//! Invariant: an order that waits for pieces is not over, and nothing says so.

use super::ears::{Ears, News};
use super::told::payload;
use billing::event::EventKind;
use billing::order::{self, State};
use billing::pack::Pack;
use billing::quote::Becomes;
use units::{AccountId, Currency, Money, OrderId, PackId, ResourceId};

payload! {
    /// An order as it stands after the step that is told.
    Order of [OrderPlaced OrderPaid OrderDelivered OrderFailed OrderClosed] {
        account: AccountId,
        order: OrderId,
        /// What was bought together is paid together: the same for all orders of a purchase.
        purchase: String,
        /// `new`, or `renew` for something that is there and paid for longer.
        action: String,
        product: String,
        name: String,
        state: State,
        /// `open`, `complete`, `partial` or `failed`: how many of its pieces came.
        result: String,
        /// Months that are paid ahead; 0 for what is paid by use.
        months: u32,
        total: Money,
        currency: Currency,
        /// What its pieces become, or what it renews; empty for a pack.
        resources: Vec<ResourceId>,
        /// The packs that they become; empty for everything else.
        packs: Vec<PackId>,
    }
}

impl Ears {
    /// A step of an order: it was placed, paid and so on.
    pub fn order(&self, kind: EventKind, it: &order::Order, currency: Currency) -> Option<News> {
        self.news(it.account, kind, || told(it, currency))
    }

    /// An order that a piece came or failed of: told when nothing is waited for any more.
    pub fn order_ended(&self, it: &order::Order, currency: Currency) -> Option<News> {
        let kind = match it.state {
            State::Delivered => EventKind::OrderDelivered,
            State::DeliveryFailed => EventKind::OrderFailed,
            State::Closed | State::Expired | State::Invalid => EventKind::OrderClosed,
            State::Unpaid | State::Paying | State::Paid | State::Delivering | State::Refunded => return None,
        };
        self.order(kind, it, currency)
    }
}

fn told(it: &order::Order, currency: Currency) -> Order {
    let pieces = || it.pieces.iter().map(|it| it.resource);
    let (resources, packs) = match it.becomes {
        Becomes::Pack => (Vec::new(), pieces().map(Pack::id_of).collect()),
        Becomes::Resource => (pieces().collect(), Vec::new()),
    };
    Order {
        account: it.account,
        order: it.id,
        purchase: it.group.clone(),
        action: it.action.as_str().to_string(),
        product: it.product.clone(),
        name: it.name.clone(),
        state: it.state,
        result: it.result().as_str().to_string(),
        months: it.months,
        total: it.total,
        currency,
        resources,
        packs,
    }
}
