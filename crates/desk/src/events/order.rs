//! What is told of orders.
//!
//! In:  an order after its step. Out: news of it.
//! Invariant: an order that waits for pieces is not over, and nothing says so.

use super::ears::{Ears, News};
use billing::event::EventKind;
use billing::order::{Order, State};
use billing::pack::Pack;
use billing::quote::Becomes;
use serde_json::{Value, json};
use units::Currency;

impl Ears {
    /// A step of an order: it was placed, paid and so on.
    pub fn order(&self, kind: EventKind, it: &Order, currency: Currency) -> Option<News> {
        self.news(it.account, kind, || data(it, currency))
    }

    /// An order that a piece came or failed of: told when nothing is waited for any more.
    pub fn order_ended(&self, it: &Order, currency: Currency) -> Option<News> {
        let kind = match it.state {
            State::Delivered => EventKind::OrderDelivered,
            State::DeliveryFailed => EventKind::OrderFailed,
            State::Closed | State::Expired | State::Invalid => EventKind::OrderClosed,
            State::Unpaid | State::Paid | State::Delivering => return None,
        };
        self.order(kind, it, currency)
    }
}

fn data(it: &Order, currency: Currency) -> Value {
    let pieces = || it.pieces.iter().map(|it| it.resource);
    let (resources, packs): (Vec<String>, Vec<String>) = match it.becomes {
        Becomes::Pack => (Vec::new(), pieces().map(|it| Pack::id_of(it).to_string()).collect()),
        Becomes::Resource => (pieces().map(|it| it.to_string()).collect(), Vec::new()),
    };
    json!({
        "order": it.id.to_string(),
        "purchase": it.group,
        "product": it.product,
        "name": it.name,
        "state": it.state.as_str(),
        "result": it.result(),
        "months": it.months,
        "total": it.total.to_string(),
        "currency": currency.as_str(),
        "resources": resources,
        "packs": packs,
    })
}
