//! Orders that did not come out yet, in the way of another one about the same resource.
//!
//! In:  an order. Out: how far it is, and what is done about it.
//! Invariant: what nobody can pay or cancel any more is only waited for.
//! Rules: R-ORD-5.

use super::{Order, State};
use std::fmt;
use units::OrderId;

/// How far an order is that did not come out yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Unpaid,
    /// A card is asked for its money.
    Paying,
    /// It is paid, and what it is for is done.
    Paid,
}

/// An order that did not come out yet. Source: R-ORD-5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    pub order: OrderId,
    pub stage: Stage,
}

impl Open {
    pub const fn of(order: &Order) -> Open {
        let stage = match order.state {
            State::Unpaid => Stage::Unpaid,
            State::Paying => Stage::Paying,
            State::Paid
            | State::Delivering
            | State::Delivered
            | State::DeliveryFailed
            | State::Closed
            | State::Expired
            | State::Invalid
            | State::Refunded => Stage::Paid,
        };
        Open { order: order.id, stage }
    }
}

impl fmt::Display for Open {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let order = self.order;
        match self.stage {
            Stage::Unpaid => write!(out, "its order {order} is not paid yet; pay that or cancel it first"),
            Stage::Paying => {
                write!(out, "a card is paying its order {order}; wait for that, or break the payment off")
            }
            Stage::Paid => write!(out, "its order {order} is paid and being delivered; wait for that"),
        }
    }
}
