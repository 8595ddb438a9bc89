//! The states of a payment by card, and the steps between them.
//!
//! In:  what can happen to a payment. Out: the next state, or why it is refused.
//! Invariant: what is not one of the listed steps is refused; what is open at the gateway is captured or cancelled there.
//! Rules: the payment states of section 6, R-PAY-2.

/// Where a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Written down; the gateway may have been asked.
    Created,
    /// The card's holder is to prove that it is its own: 3-D Secure.
    Challenged,
    /// The card's bank keeps the sum for us.
    Held,
    /// The sum, or a part of it, is being taken.
    Capturing,
    Captured,
    /// It is not wanted any more, and is being cancelled at the gateway.
    Releasing,
    Released,
    /// The card did not pay; what is left of that at the gateway is being cancelled.
    Declined,
    Failed,
    /// The bank did not keep the sum until it was to be taken: the wallet pays instead.
    Lost,
}

/// What can happen to a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Challenge,
    Authorise,
    Decline,
    /// What it pays for is there: it is to be taken.
    Deliver,
    /// What it pays for does not come, or its holder gave no proof in time.
    Release,
    Capture,
    Lose,
    Void,
}

impl Event {
    pub const ALL: [Event; 8] = [
        Event::Challenge,
        Event::Authorise,
        Event::Decline,
        Event::Deliver,
        Event::Release,
        Event::Capture,
        Event::Lose,
        Event::Void,
    ];
}

impl State {
    pub const ALL: [State; 10] = [
        State::Created,
        State::Challenged,
        State::Held,
        State::Capturing,
        State::Captured,
        State::Releasing,
        State::Released,
        State::Declined,
        State::Failed,
        State::Lost,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            State::Created => "created",
            State::Challenged => "challenged",
            State::Held => "held",
            State::Capturing => "capturing",
            State::Captured => "captured",
            State::Releasing => "releasing",
            State::Released => "released",
            State::Declined => "declined",
            State::Failed => "failed",
            State::Lost => "lost",
        }
    }

    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Every allowed step, on one screen. What is not listed is refused. Source: the payment states of section 6.
    pub fn on(self, event: Event) -> Result<State, StepError> {
        match (self, event) {
            (State::Created, Event::Challenge) => Ok(State::Challenged),
            (State::Created | State::Challenged, Event::Authorise) => Ok(State::Held),
            (State::Created | State::Challenged, Event::Decline) => Ok(State::Declined),
            (State::Created | State::Challenged | State::Held, Event::Release) => Ok(State::Releasing),
            (State::Held, Event::Deliver) => Ok(State::Capturing),
            (State::Capturing, Event::Capture) => Ok(State::Captured),
            (State::Capturing, Event::Lose) => Ok(State::Lost),
            (State::Releasing, Event::Void) => Ok(State::Released),
            (State::Declined, Event::Void) => Ok(State::Failed),
            (state, event) => Err(StepError { state, event }),
        }
    }
}

/// A step that is not taken in this state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a payment that is {} does not take this step: {}", .state.as_str(), remedy(*.state))]
pub struct StepError {
    pub state: State,
    pub event: Event,
}

/// What whoever asks for a step does next.
const fn remedy(state: State) -> &'static str {
    match state {
        State::Created | State::Challenged => "it is under way; look at it again in a moment",
        State::Held | State::Capturing => "it waits for what it pays for; look at it again in a moment",
        State::Captured => "it is paid; money goes back by a refund",
        State::Releasing | State::Released => "it was given up; begin another",
        State::Declined | State::Failed => "the card did not pay; begin another, with another card",
        State::Lost => "the wallet paid instead; top it up",
    }
}
