//! The states of an offer, and of a request for one, and the steps between them.
//!
//! In:  what can be done with it. Out: the next state, or why not.
//! Invariant: what is not one of the listed steps is refused; what ended stays as it ended.

/// Where an offer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It can be accepted.
    Open,
    /// It became an order.
    Accepted,
    /// The customer does not want it.
    Declined,
    /// The operator took it back.
    Withdrawn,
    /// Nobody accepted it in time.
    Expired,
}

/// What can happen to an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Accept,
    Decline,
    Withdraw,
    Expire,
}

impl Event {
    pub const ALL: [Event; 4] = [Event::Accept, Event::Decline, Event::Withdraw, Event::Expire];

    const fn refused(self) -> &'static str {
        match self {
            Event::Accept => "is not accepted",
            Event::Decline => "is not declined",
            Event::Withdraw => "is not withdrawn",
            Event::Expire => "does not expire",
        }
    }
}

impl State {
    pub const ALL: [State; 5] =
        [State::Open, State::Accepted, State::Declined, State::Withdrawn, State::Expired];

    pub const fn as_str(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Accepted => "accepted",
            State::Declined => "declined",
            State::Withdrawn => "withdrawn",
            State::Expired => "expired",
        }
    }

    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Every allowed step, on one screen. What is not listed is refused.
    pub fn on(self, event: Event) -> Result<State, StepError> {
        match (self, event) {
            (State::Open, Event::Accept) => Ok(State::Accepted),
            (State::Open, Event::Decline) => Ok(State::Declined),
            (State::Open, Event::Withdraw) => Ok(State::Withdrawn),
            (State::Open, Event::Expire) => Ok(State::Expired),
            (state, event) => Err(StepError { state, event }),
        }
    }
}

/// What somebody does next.
const fn remedy(state: State) -> &'static str {
    match state {
        State::Open => "accept or decline it",
        State::Accepted => "it became an order; look at that",
        State::Declined => "ask for another",
        State::Withdrawn => "ask for another",
        State::Expired => "its time is over; ask for another",
    }
}

/// A step that is not taken in this state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an offer that is {} {}: {}", .state.as_str(), .event.refused(), remedy(*.state))]
pub struct StepError {
    pub state: State,
    pub event: Event,
}

#[cfg(test)]
mod tests;
