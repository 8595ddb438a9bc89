//! Where a proposal of a price change stands.
//!
//! In:  a state, what happens. Out: the next state.
//! Invariant: what is rejected, withdrawn or undone goes on nowhere; what is applied is only undone.

/// Where a proposal stands. The words are stored and shown and are never renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Another operator has to agree.
    Proposed,
    /// It may be applied: it moves little, or another operator agreed.
    Ready,
    /// Its book holds, or will hold from its date on.
    Applied,
    /// Another operator said no.
    Rejected,
    /// Whoever proposed it took it back.
    Withdrawn,
    /// Its book was taken back before it began.
    Undone,
}

/// What happens to a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// Its figures were made: it moves no more than the limit.
    Within,
    /// Its figures were made: it moves more than the limit, or they do not say how much.
    Above,
    Agree,
    Reject,
    Withdraw,
    Apply,
    Undo,
}

/// A step that there is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepError {
    pub state: State,
    pub event: Event,
}

impl std::error::Error for StepError {}

impl std::fmt::Display for StepError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.state, self.event) {
            (State::Proposed, Event::Apply) => {
                write!(
                    f,
                    "the proposal waits for another operator, who has to agree to it before it is applied"
                )
            }
            (State::Ready, Event::Agree) => {
                write!(f, "the proposal needs nobody to agree to it any more; apply it")
            }
            (State::Proposed | State::Ready, Event::Undo) => {
                write!(f, "the proposal is not applied, so there is nothing to undo; withdraw it")
            }
            (state, event) => {
                write!(f, "the proposal is {}, so it cannot be {} any more", state.as_str(), event.done())
            }
        }
    }
}

impl State {
    pub const ALL: [State; 6] =
        [State::Proposed, State::Ready, State::Applied, State::Rejected, State::Withdrawn, State::Undone];

    pub const fn as_str(self) -> &'static str {
        match self {
            State::Proposed => "proposed",
            State::Ready => "ready",
            State::Applied => "applied",
            State::Rejected => "rejected",
            State::Withdrawn => "withdrawn",
            State::Undone => "undone",
        }
    }

    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Every allowed step, on one screen. What is not listed is refused.
    pub const fn on(self, event: Event) -> Result<State, StepError> {
        match (self, event) {
            (State::Proposed | State::Ready, Event::Within) => Ok(State::Ready),
            (State::Proposed | State::Ready, Event::Above) => Ok(State::Proposed),
            (State::Proposed, Event::Agree) => Ok(State::Ready),
            (State::Proposed | State::Ready, Event::Reject) => Ok(State::Rejected),
            (State::Proposed | State::Ready, Event::Withdraw) => Ok(State::Withdrawn),
            (State::Ready, Event::Apply) => Ok(State::Applied),
            (State::Applied, Event::Undo) => Ok(State::Undone),
            (state, event) => Err(StepError { state, event }),
        }
    }
}

impl Event {
    pub const ALL: [Event; 7] = [
        Event::Within,
        Event::Above,
        Event::Agree,
        Event::Reject,
        Event::Withdraw,
        Event::Apply,
        Event::Undo,
    ];

    /// What was done where it happened, in a sentence.
    const fn done(self) -> &'static str {
        match self {
            Event::Within | Event::Above => "computed again",
            Event::Agree => "agreed to",
            Event::Reject => "rejected",
            Event::Withdraw => "withdrawn",
            Event::Apply => "applied",
            Event::Undo => "undone",
        }
    }
}
