//! Provisioning: what the cloud is asked to do, and what follows from its answers.
//!
//! In:  how a resource stood and stands; how often was asked, and the answer. Out: a kind of task, its next state.
//! Invariant: a delivery whose money went back never delivers; of two wishes that contradict each other only
//! the later stands.
//! Rules: R-PRV-1, R-PRV-2, R-TIM-3, section 20 (R-ORD-3).

use crate::options::Options;
use crate::resource::{self, EndedBy, Resource};
use std::collections::BTreeMap;

/// What the cloud is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Provision,
    /// Other options, or a resource that is limited or no longer limited.
    Change,
    Stop,
    Start,
    Release,
}

impl Kind {
    pub const ALL: [Kind; 5] = [Kind::Provision, Kind::Change, Kind::Stop, Kind::Start, Kind::Release];

    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Provision => "provision",
            Kind::Change => "change",
            Kind::Stop => "stop",
            Kind::Start => "start",
            Kind::Release => "release",
        }
    }

    pub fn parse(text: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// How often the cloud is asked. After a delivery the money goes back; the others wait for an operator.
    pub const fn attempts(self) -> u32 {
        match self {
            Kind::Provision => 3,
            Kind::Change | Kind::Stop | Kind::Start | Kind::Release => 10,
        }
    }

    /// Whether a task of this kind makes an earlier unfinished one of the same resource pointless: every task says
    /// the whole state and all options that the resource is to have.
    pub const fn replaces(self, earlier: Kind) -> bool {
        match self {
            Kind::Provision => false,
            Kind::Change => matches!(earlier, Kind::Change),
            Kind::Stop | Kind::Start => matches!(earlier, Kind::Stop | Kind::Start),
            Kind::Release => matches!(earlier, Kind::Change | Kind::Stop | Kind::Start),
        }
    }
}

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// The cloud was asked.
    Open,
    /// It failed or did not answer and is asked again later.
    Waiting,
    Done,
    Failed,
    /// An operator gave it up, or a later task says otherwise.
    GivenUp,
}

/// What can happen to a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Done,
    /// The attempt failed; another follows.
    Pause,
    Fail,
    /// The cloud is asked again.
    Ask,
    GiveUp,
}

impl Event {
    pub const ALL: [Event; 5] = [Event::Done, Event::Pause, Event::Fail, Event::Ask, Event::GiveUp];

    /// What is not done, as a sentence goes on.
    const fn refused(self) -> &'static str {
        match self {
            Event::Done => "is not done once more",
            Event::Pause | Event::Fail => "does not fail any more",
            Event::Ask => "is not tried again",
            Event::GiveUp => "is not given up",
        }
    }
}

impl State {
    pub const ALL: [State; 5] = [State::Open, State::Waiting, State::Done, State::Failed, State::GivenUp];

    pub const fn as_str(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Waiting => "waiting",
            State::Done => "done",
            State::Failed => "failed",
            State::GivenUp => "given_up",
        }
    }

    pub fn parse(text: &str) -> Option<State> {
        State::ALL.into_iter().find(|it| it.as_str() == text)
    }

    /// Every allowed step. A failed delivery is over, for its money is back; other tasks may still come good.
    pub fn on(self, kind: Kind, event: Event) -> Result<State, TaskError> {
        let over = kind == Kind::Provision;
        match (self, event) {
            (State::Open | State::Waiting, Event::Done) => Ok(State::Done),
            (State::Open | State::Waiting, Event::Pause) => Ok(State::Waiting),
            (State::Open | State::Waiting, Event::Fail) => Ok(State::Failed),
            (State::Open | State::Waiting, Event::Ask) => Ok(State::Open),
            (State::Open | State::Waiting, Event::GiveUp) => Ok(State::GivenUp),
            (State::Failed, Event::Done) if !over => Ok(State::Done),
            (State::Failed, Event::Ask) if !over => Ok(State::Open),
            (State::Failed, Event::GiveUp) if !over => Ok(State::GivenUp),
            (state, event) => Err(TaskError::Refused { kind, state, event }),
        }
    }
}

/// Why a task did not take what the cloud or an operator said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TaskError {
    #[error("a {} task that is {} {}: {}", .kind.as_str(), .state.as_str(), .event.refused(), remedy(*.kind, *.state, *.event))]
    Refused { kind: Kind, state: State, event: Event },
    #[error(
        "attempt {attempt} was never made: the task is at attempt {standing}; name that, or an earlier one"
    )]
    NotMade { attempt: u32, standing: u32 },
    #[error("{0}")]
    Answer(&'static str),
}

/// What whoever was refused does next.
fn remedy(kind: Kind, state: State, event: Event) -> &'static str {
    match (kind, event, state) {
        (Kind::Provision, Event::Done, State::Failed | State::GivenUp) => {
            "the money went back: destroy what was made for it"
        }
        (_, Event::Done | Event::Fail, State::GivenUp) => {
            "it is not wanted any more: ask for the tasks again"
        }
        (Kind::Provision, Event::Ask | Event::GiveUp, State::Failed | State::GivenUp) => {
            "the money went back: the customer orders again"
        }
        (_, _, State::Done) => "it is done already",
        (_, _, State::GivenUp) => "it is not wanted any more",
        (_, _, State::Failed) => "it failed for good; an operator may try it again or give it up",
        (_, _, State::Open | State::Waiting) => "it is not over; ask for the task again",
    }
}

/// Checks that an attempt that is reported is one of a task that stands at attempt `standing`, made or to be made next.
///
/// Errors: `NotMade`.
pub fn check_attempt(standing: u32, attempt: u32) -> Result<(), TaskError> {
    if attempt <= standing { Ok(()) } else { Err(TaskError::NotMade { attempt, standing }) }
}

/// What the cloud says that it made. Attributes are what a user of the resource wants to know, like a host name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    pub address: Option<String>,
    pub attributes: BTreeMap<String, String>,
}

impl Made {
    /// Errors: more than 20 attributes, a name or a value that is empty, too long or not plain text.
    pub fn check(&self) -> Result<(), TaskError> {
        let plain = |text: &str, most: usize| {
            !text.is_empty() && text.chars().count() <= most && !text.chars().any(char::is_control)
        };
        if self.address.as_deref().is_some_and(|it| !plain(it, 255)) {
            return Err(TaskError::Answer("an address is plain text of 1 to 255 characters"));
        }
        if self.attributes.len() > 20 {
            return Err(TaskError::Answer("a resource has at most 20 attributes; send fewer"));
        }
        if !self.attributes.iter().all(|(name, value)| plain(name, 64) && plain(value, 500)) {
            return Err(TaskError::Answer(
                "attributes are plain text: names of 1 to 64 characters, values of 1 to 500",
            ));
        }
        Ok(())
    }
}

/// Whether it is worth asking again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    Later,
    Never,
}

/// What the cloud said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done(Made),
    Failed { reason: String, retry: Retry },
}

/// What to do about a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    AskAgain { after_seconds: u64 },
    Fail,
}

/// `attempt` counts from 1. The pause doubles: 30 s, 60 s, up to an hour.
pub fn after(kind: Kind, attempt: u32, retry: Retry) -> Next {
    match retry {
        Retry::Later if attempt < kind.attempts() => {
            Next::AskAgain { after_seconds: (30 << (attempt.max(1) - 1).min(10)).min(3600) }
        }
        Retry::Later | Retry::Never => Next::Fail,
    }
}

/// A resource as the cloud sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Power {
    Nothing,
    On,
    /// On, without its pay-per-use parts.
    Limited,
    Off,
    Gone,
}

const fn power(state: resource::State) -> Power {
    use resource::State as S;
    match state {
        S::Pending | S::Failed => Power::Nothing,
        S::Running => Power::On,
        S::Limited => Power::Limited,
        S::Stopped | S::StoppedFree | S::ArrearsStopped | S::Expired | S::Recycled => Power::Off,
        S::Releasing | S::Released => Power::Gone,
    }
}

/// How a resource stands, as far as the cloud is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape<'a> {
    pub state: resource::State,
    pub options: &'a Options,
}

/// What the cloud must do so that a resource that stood like `before` stands like `after`.
///
/// Deliveries are asked for when an order is paid, not here.
pub fn kind(before: Shape<'_>, after: Shape<'_>) -> Option<Kind> {
    match (power(before.state), power(after.state)) {
        (Power::Nothing, _) | (_, Power::Nothing) | (Power::Gone, _) => None,
        (Power::On | Power::Limited | Power::Off, Power::Gone) => Some(Kind::Release),
        (Power::On | Power::Limited, Power::Off) => Some(Kind::Stop),
        (Power::Off, Power::On | Power::Limited) => Some(Kind::Start),
        (Power::On, Power::Limited) | (Power::Limited, Power::On) => Some(Kind::Change),
        (Power::On, Power::On) | (Power::Limited, Power::Limited) | (Power::Off, Power::Off) => {
            (before.options != after.options).then_some(Kind::Change)
        }
    }
}

/// Who or what is behind a task: its owner, its service, arrears or its deadline.
pub fn cause(before: resource::State, after: &Resource) -> EndedBy {
    use resource::State as S;
    match after.state {
        S::Limited | S::ArrearsStopped => EndedBy::Arrears,
        S::Expired => EndedBy::Deadline,
        S::Recycled | S::Releasing | S::Released => after.ended_by.unwrap_or(EndedBy::Owner),
        S::Running | S::Stopped | S::StoppedFree if matches!(before, S::Limited | S::ArrearsStopped) => {
            EndedBy::Arrears
        }
        S::Pending | S::Running | S::Stopped | S::StoppedFree | S::Failed => EndedBy::Owner,
    }
}

#[cfg(test)]
mod tests;
