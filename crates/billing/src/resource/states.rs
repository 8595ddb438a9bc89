//! The states of a resource, and the steps between them.
//!
//! In:  what can happen to a resource. Out: the next state, or why it is refused.
//! Invariant: what is not one of the listed steps is refused; nothing follows a state that is over.
//! Rules: R-PRV-3, R-PPU-2, R-TIM-3, R-ARR-5, R-ARR-6, R-EXP-1.

use crate::text::Text;

/// Where a resource stands. Source: R-PRV-3 and the tables of sections 7 and 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    Pending,
    Running,
    Stopped,
    /// Stopped by its owner in a way that ends the charge for CPU and memory. Source: R-PPU-2.
    StoppedFree,
    /// Runs, but arrears took its pay-per-use parts. Source: R-ARR-5, R-ARR-6.
    Limited,
    ArrearsStopped,
    /// Past its deadline, kept until it is renewed or released. Source: R-EXP-1, R-REN-1.
    Expired,
    /// Release was asked for and is not complete. Source: R-TIM-3.
    Releasing,
    /// Destroyed or given back by its owner, kept for a while, charged for nothing.
    Recycled,
    Released,
    Failed,
}

impl State {
    pub const ALL: [State; 11] = [
        State::Pending,
        State::Running,
        State::Stopped,
        State::StoppedFree,
        State::Limited,
        State::ArrearsStopped,
        State::Expired,
        State::Releasing,
        State::Recycled,
        State::Released,
        State::Failed,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::Running => "running",
            State::Stopped => "stopped",
            State::StoppedFree => "stopped_free",
            State::Limited => "limited",
            State::ArrearsStopped => "arrears_stopped",
            State::Expired => "expired",
            State::Releasing => "releasing",
            State::Recycled => "recycled",
            State::Released => "released",
            State::Failed => "failed",
        }
    }

    /// The same for people, as the middle of a sentence: it was `running`.
    pub fn text(self) -> Text {
        match self {
            State::Pending => Text::new("being set up", "创建中"),
            State::Running => Text::new("running", "运行中"),
            State::Stopped => Text::new("stopped", "已关机"),
            State::StoppedFree => Text::new("stopped without charge", "已关机，不计费"),
            State::Limited => Text::new("limited for arrears", "欠费受限"),
            State::ArrearsStopped => Text::new("stopped for arrears", "欠费停服"),
            State::Expired => Text::new("expired", "已到期"),
            State::Releasing => Text::new("being released", "释放中"),
            State::Recycled => Text::new("in the bin", "回收站"),
            State::Released => Text::new("released", "已释放"),
            State::Failed => Text::new("never delivered", "创建失败"),
        }
    }

    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Nothing follows, and nothing is metered any more.
    pub const fn is_over(self) -> bool {
        matches!(self, State::Released | State::Failed)
    }

    /// Whether the opening freeze is held for it. Source: R-FRZ-2.
    pub const fn is_held_for(self) -> bool {
        match self {
            State::Recycled | State::Released | State::Failed => false,
            State::Pending
            | State::Running
            | State::Stopped
            | State::StoppedFree
            | State::Limited
            | State::ArrearsStopped
            | State::Expired
            | State::Releasing => true,
        }
    }

    /// Every allowed step, on one screen. What is not listed is refused.
    pub fn on(self, event: Event) -> Result<State, StepError> {
        match (self, event) {
            (State::Pending, Event::Deliver) => Ok(State::Running),
            (State::Pending, Event::Fail) => Ok(State::Failed),
            (State::Running, Event::Stop) => Ok(State::Stopped),
            (State::Running, Event::StopFree) => Ok(State::StoppedFree),
            (State::Stopped | State::StoppedFree | State::Recycled, Event::Start) => Ok(State::Running),
            (
                State::Running | State::Stopped | State::StoppedFree | State::Limited | State::ArrearsStopped,
                Event::Terminate,
            ) => Ok(State::Released),
            (State::Running, Event::Limit) => Ok(State::Limited),
            (State::Limited, Event::Resume) => Ok(State::Running),
            (State::Running | State::Stopped | State::StoppedFree, Event::ArrearsStop) => {
                Ok(State::ArrearsStopped)
            }
            (State::Running | State::Limited | State::Stopped | State::StoppedFree, Event::Expire) => {
                Ok(State::Expired)
            }
            (
                State::Running | State::Stopped | State::StoppedFree | State::Limited | State::ArrearsStopped,
                Event::AskRelease,
            ) => Ok(State::Releasing),
            (
                State::Running | State::Stopped | State::StoppedFree | State::Limited | State::ArrearsStopped,
                Event::Destroy,
            ) => Ok(State::Recycled),
            (State::ArrearsStopped | State::Expired | State::Recycled | State::Releasing, Event::Release) => {
                Ok(State::Released)
            }
            (State::ArrearsStopped, Event::Resume) => Ok(State::Running),
            (State::Expired, Event::Recycle) => Ok(State::Recycled),
            (State::Expired | State::Recycled, Event::Renew) => Ok(State::Running),
            (State::Running | State::Stopped | State::StoppedFree | State::Limited, Event::Refund) => {
                Ok(State::Recycled)
            }
            (
                state @ (State::Running | State::Stopped | State::StoppedFree | State::Limited),
                Event::Renew,
            ) => Ok(state),
            (state, event) => Err(StepError { state, event }),
        }
    }
}

/// What can happen to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Deliver,
    Fail,
    Stop,
    StopFree,
    Start,
    Limit,
    ArrearsStop,
    Resume,
    Expire,
    AskRelease,
    Destroy,
    /// Destroyed by its owner while in arrears: there is no recycle bin then.
    Terminate,
    Release,
    /// Paid for longer. Source: R-REN-1.
    Renew,
    /// Kept for long enough behind its deadline: into the bin. Source: R-EXP-4.
    Recycle,
    /// What is left of its price goes back, and it ends. Source: R-REF-5.
    Refund,
}

impl Event {
    pub const ALL: [Event; 16] = [
        Event::Deliver,
        Event::Fail,
        Event::Stop,
        Event::StopFree,
        Event::Start,
        Event::Limit,
        Event::ArrearsStop,
        Event::Resume,
        Event::Expire,
        Event::AskRelease,
        Event::Destroy,
        Event::Terminate,
        Event::Release,
        Event::Renew,
        Event::Recycle,
        Event::Refund,
    ];

    /// What is not done, as a sentence goes on.
    const fn refused(self) -> &'static str {
        match self {
            Event::Deliver => "is not delivered",
            Event::Fail => "does not fail in delivery",
            Event::Stop | Event::StopFree => "is not stopped",
            Event::Start => "is not started",
            Event::Limit => "is not limited",
            Event::ArrearsStop => "is not stopped for arrears",
            Event::Resume => "does not go on",
            Event::Expire => "does not expire",
            Event::AskRelease | Event::Destroy | Event::Terminate | Event::Release => "is not released",
            Event::Renew => "is not renewed",
            Event::Recycle => "is not put into the bin",
            Event::Refund => "is not given back",
        }
    }
}

/// What its owner does next.
pub(crate) const fn remedy(state: State, event: Event) -> &'static str {
    match (state, event) {
        (State::Pending, _) => "wait for its delivery",
        (State::Running, Event::Start) => "it runs already",
        (State::Running, _) => "it runs; look at its state again",
        (State::Stopped | State::StoppedFree, Event::Stop | Event::StopFree) => {
            "it is stopped already; start it first to stop it in another way"
        }
        (State::Stopped | State::StoppedFree, _) => "start it first",
        (State::Limited | State::ArrearsStopped, _) => "pay what the account owes, then it goes on by itself",
        (State::Expired, _) => "its deadline has passed; renew it, or buy another",
        (State::Releasing, _) => "it is being released",
        (State::Recycled, _) => {
            "it is in the bin; start it to bring it back, or renew it where its deadline has passed; what was refunded stays there"
        }
        (State::Released, _) => "it is gone; buy another",
        (State::Failed, _) => "its delivery failed and its money went back; buy another",
    }
}

/// A step that is not taken in this state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a resource that is {} {}: {}", .state.as_str(), .event.refused(), remedy(*.state, *.event))]
pub struct StepError {
    pub state: State,
    pub event: Event,
}

/// A set of states, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct States(u16);

impl States {
    pub fn of(states: &[State]) -> States {
        States(states.iter().fold(0, |bits, it| bits | 1 << *it as u16))
    }

    pub const fn contains(self, state: State) -> bool {
        self.0 >> state as u16 & 1 == 1
    }

    /// Whether no state is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Both sets together.
    pub const fn or(self, other: States) -> States {
        States(self.0 | other.0)
    }
}

#[cfg(test)]
mod tests;
