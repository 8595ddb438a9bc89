//! The states of a voucher, and the steps between them.
//!
//! In:  what can happen to a voucher. Out: the next state, or why it is refused.
//! Invariant: what is not one of the listed steps is refused. One of which a part was used is unused again, with the smaller balance.
//! Rules: section 6 (voucher states), R-VOU-5.

/// Where a voucher stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    Unused,
    /// A purchase holds it that is not done.
    Frozen,
    Used,
    Expired,
    /// An operator took it back.
    Withdrawn,
}

/// What can happen to a voucher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A purchase holds it.
    Freeze,
    /// The purchase came to nothing.
    Release,
    /// A part of it was used, and something is left.
    UsePart,
    /// It was used, and nothing is left.
    UseUp,
    /// Its time is over.
    Expire,
    Withdraw,
}

impl Event {
    pub const ALL: [Event; 6] =
        [Event::Freeze, Event::Release, Event::UsePart, Event::UseUp, Event::Expire, Event::Withdraw];

    /// What is not done, as a sentence goes on.
    const fn refused(self) -> &'static str {
        match self {
            Event::Freeze => "is not held",
            Event::Release => "is not given back",
            Event::UsePart | Event::UseUp => "is not used",
            Event::Expire => "does not expire",
            Event::Withdraw => "is not withdrawn",
        }
    }
}

impl State {
    pub const ALL: [State; 5] = [State::Unused, State::Frozen, State::Used, State::Expired, State::Withdrawn];

    pub const fn as_str(self) -> &'static str {
        match self {
            State::Unused => "unused",
            State::Frozen => "frozen",
            State::Used => "used",
            State::Expired => "expired",
            State::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Every allowed step, on one screen. What is not listed is refused.
    pub fn on(self, event: Event) -> Result<State, StepError> {
        match (self, event) {
            (State::Unused, Event::Freeze) => Ok(State::Frozen),
            (State::Unused | State::Frozen, Event::UsePart) | (State::Frozen, Event::Release) => {
                Ok(State::Unused)
            }
            (State::Unused | State::Frozen, Event::UseUp) => Ok(State::Used),
            (State::Unused, Event::Expire) => Ok(State::Expired),
            (State::Unused, Event::Withdraw) => Ok(State::Withdrawn),
            (state, event) => Err(StepError { state, event }),
        }
    }

    const fn remedy(self) -> &'static str {
        match self {
            State::Unused => "use it for an order",
            State::Frozen => "pay or cancel the purchase that holds it first",
            State::Used | State::Expired | State::Withdrawn => "nothing is left to do",
        }
    }
}

/// A step that a voucher does not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a voucher that is {} {}: {}", .state.as_str(), .event.refused(), .state.remedy())]
pub struct StepError {
    pub state: State,
    pub event: Event,
}

#[cfg(test)]
mod tests;
