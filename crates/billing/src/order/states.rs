//! The states of an order and of its pieces, and the steps between them.
//!
//! In:  what can happen to an order. Out: the next state, or why it is refused.
//! Invariant: what is not one of the listed steps is refused.
//! Rules: R-ORD-3, R-ORD-4.

/// Where an order stands. ProductInvalid and PayOnBehalfRefused come with other means of payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    Unpaid,
    /// A card is asked for its money, or its holder for a proof.
    Paying,
    Paid,
    Delivering,
    Delivered,
    DeliveryFailed,
    Closed,
    Expired,
    Invalid,
    /// All of its pieces that came were given back. Source: R-ORD-3.
    Refunded,
}

/// What can happen to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A card is asked.
    Submit,
    Pay,
    /// The card does not pay.
    Decline,
    StartDelivery,
    Deliver,
    FailDelivery,
    Cancel,
    TimeOut,
    Invalidate,
    Refund,
}

impl Event {
    pub const ALL: [Event; 10] = [
        Event::Submit,
        Event::Pay,
        Event::Decline,
        Event::StartDelivery,
        Event::Deliver,
        Event::FailDelivery,
        Event::Cancel,
        Event::TimeOut,
        Event::Invalidate,
        Event::Refund,
    ];

    /// What is not done, as a sentence goes on.
    const fn refused(self) -> &'static str {
        match self {
            Event::Submit | Event::Pay => "is not paid",
            Event::Decline => "is not declined",
            Event::StartDelivery | Event::Deliver => "is not delivered",
            Event::FailDelivery => "does not fail in delivery",
            Event::Cancel => "is not cancelled",
            Event::TimeOut => "does not time out",
            Event::Invalidate => "does not become invalid",
            Event::Refund => "is not refunded",
        }
    }
}

/// What the customer does next.
const fn remedy(state: State, event: Event) -> &'static str {
    match (state, event) {
        (State::Unpaid, _) => "pay it or cancel it",
        (State::Paying, _) => "a card is paying it; wait for that, or break the payment off",
        (State::Paid | State::Delivering | State::Delivered, Event::Submit | Event::Pay) => {
            "it is paid already"
        }
        (State::Paid | State::Delivering, Event::Cancel) => "it is paid already; wait for its delivery",
        (State::Paid | State::Delivering, _) => "wait for its delivery",
        (State::Delivered, _) => "it is delivered already",
        (State::DeliveryFailed, _) => "its delivery failed and its money went back; place it again",
        (State::Closed, _) => "it was cancelled; place it again",
        (State::Expired, _) => "it was not paid in time; place it again",
        (State::Refunded, _) => "its money went back; place it again",
        (State::Invalid, _) => "its price, its month or what it is about is not what it was; place it again",
    }
}

impl State {
    pub const ALL: [State; 10] = [
        State::Unpaid,
        State::Paying,
        State::Paid,
        State::Delivering,
        State::Delivered,
        State::DeliveryFailed,
        State::Closed,
        State::Expired,
        State::Invalid,
        State::Refunded,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            State::Unpaid => "unpaid",
            State::Paying => "paying",
            State::Paid => "paid",
            State::Delivering => "delivering",
            State::Delivered => "delivered",
            State::DeliveryFailed => "delivery_failed",
            State::Closed => "closed",
            State::Expired => "expired",
            State::Invalid => "invalid",
            State::Refunded => "refunded",
        }
    }

    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Whether its payment went through, however its delivery came out.
    pub const fn was_paid(self) -> bool {
        match self {
            State::Paid | State::Delivering | State::Delivered | State::DeliveryFailed | State::Refunded => {
                true
            }
            State::Unpaid | State::Paying | State::Closed | State::Expired | State::Invalid => false,
        }
    }

    /// Every allowed step, on one screen. What is not listed is refused. Source: R-ORD-3.
    pub fn on(self, event: Event) -> Result<State, StepError> {
        match (self, event) {
            (State::Unpaid, Event::Submit) => Ok(State::Paying),
            (State::Unpaid | State::Paying, Event::Pay) => Ok(State::Paid),
            (State::Paying, Event::Decline) => Ok(State::Unpaid),
            (State::Unpaid, Event::Cancel) => Ok(State::Closed),
            (State::Unpaid, Event::TimeOut) => Ok(State::Expired),
            (State::Unpaid, Event::Invalidate) => Ok(State::Invalid),
            (State::Paid, Event::StartDelivery) => Ok(State::Delivering),
            (State::Delivering, Event::Deliver) => Ok(State::Delivered),
            (State::Delivering, Event::FailDelivery) => Ok(State::DeliveryFailed),
            (State::Delivered, Event::Refund) => Ok(State::Refunded),
            (state, event) => Err(StepError { state, event }),
        }
    }
}

/// A step that is not taken in this state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an order that is {} {}: {}", .state.as_str(), .event.refused(), remedy(*.state, *.event))]
pub struct StepError {
    pub state: State,
    pub event: Event,
}

/// How one piece of an order came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceState {
    Waiting,
    /// It came, and the card that pays for a part of it is still to be charged.
    Arrived,
    Delivered,
    Failed,
    /// It came, and what was left of its money went back. Source: R-REF-2.
    Refunded,
}

impl PieceState {
    pub const ALL: [PieceState; 5] = [
        PieceState::Waiting,
        PieceState::Arrived,
        PieceState::Delivered,
        PieceState::Failed,
        PieceState::Refunded,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            PieceState::Waiting => "waiting",
            PieceState::Arrived => "arrived",
            PieceState::Delivered => "delivered",
            PieceState::Failed => "failed",
            PieceState::Refunded => "refunded",
        }
    }

    /// Whether it did not come out yet.
    pub const fn is_open(self) -> bool {
        match self {
            PieceState::Waiting | PieceState::Arrived => true,
            PieceState::Delivered | PieceState::Failed | PieceState::Refunded => false,
        }
    }

    pub fn parse(text: &str) -> Option<PieceState> {
        PieceState::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

#[cfg(test)]
mod tests;
