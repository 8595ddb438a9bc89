//! A resource: what was sold and delivered, its states, and the meter events that its life leaves.
//!
//! In:  a delivery, requests of its owner, what arrears and deadlines do. Out: the next state.
//! Invariant: every change of state or options that metering can see is one meter event.
//! Rules: R-PRV-3, R-TIM-2, R-TIM-3, R-QCS-4, R-PPU-2.

use crate::book::{MeteringEnd, Product};
use crate::options::Options;
use units::calendar::{CalendarError, whole_second};
use units::{AccountId, Calendar, OrderId, ResourceId, Timestamp};

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
    /// Past its deadline, kept until it is released. Source: R-EXP-1.
    Expired,
    /// Release was asked for and is not complete. Source: R-TIM-3.
    Releasing,
    /// Destroyed by its owner, kept for a while, charged for nothing.
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
    pub fn on(self, event: Event) -> Result<State, ResourceError> {
        match (self, event) {
            (State::Pending, Event::Deliver) => Ok(State::Running),
            (State::Pending, Event::Fail) => Ok(State::Failed),
            (State::Running, Event::Stop) => Ok(State::Stopped),
            (State::Running, Event::StopFree) => Ok(State::StoppedFree),
            (State::Stopped | State::StoppedFree | State::Recycled, Event::Start) => Ok(State::Running),
            (
                State::Running | State::Stopped | State::StoppedFree | State::ArrearsStopped,
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
            (State::Running | State::Stopped | State::StoppedFree, Event::Destroy) => Ok(State::Recycled),
            (State::ArrearsStopped | State::Expired | State::Recycled | State::Releasing, Event::Release) => {
                Ok(State::Released)
            }
            (State::ArrearsStopped, Event::Resume) => Ok(State::Running),
            (state, event) => Err(ResourceError::Refused { state, event }),
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
}

impl Event {
    pub const ALL: [Event; 13] = [
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
        }
    }
}

/// What its owner does next.
const fn remedy(state: State, event: Event) -> &'static str {
    match (state, event) {
        (State::Pending, _) => "wait for its delivery",
        (State::Running, Event::Start) => "it runs already",
        (State::Running, _) => "it runs; look at its state again",
        (State::Stopped | State::StoppedFree, Event::Stop | Event::StopFree) => {
            "it is stopped already; start it first to stop it in another way"
        }
        (State::Stopped | State::StoppedFree, _) => "start it first",
        (State::Limited | State::ArrearsStopped, _) => "pay what the account owes, then it goes on by itself",
        (State::Expired, _) => "its deadline has passed; buy another",
        (State::Releasing, _) => "it is being released",
        (State::Recycled, _) => "its owner released it; start it to bring it back",
        (State::Released, _) => "it is gone; buy another",
        (State::Failed, _) => "its delivery failed and its money went back; buy another",
    }
}

/// Why a resource did not change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResourceError {
    #[error("a resource that is {} {}: {}", .state.as_str(), .event.refused(), remedy(*.state, *.event))]
    Refused { state: State, event: Event },
    #[error("what is prepaid is charged while it is stopped too; stop it with `charge` as `continues`")]
    PrepaidCharge,
    #[error("a prepaid resource lives until its deadline; it cannot be released before")]
    Prepaid,
    #[error("what is prepaid is changed by an order, which is not offered yet; buy another or let it end")]
    PrepaidChange,
    #[error("a resource that is {} is not resized: {}", .0.as_str(), remedy(*.0, Event::Start))]
    NotResizable(State),
    #[error("`{0}` of this product cannot be changed while it lives")]
    Fixed(String),
    #[error(transparent)]
    Calendar(#[from] CalendarError),
}

/// What was bought and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    pub id: ResourceId,
    pub account: AccountId,
    pub order: OrderId,
    pub product: String,
    /// Canonical options; resolve them against a book to know what they cost.
    pub options: Options,
    pub name: String,
    pub service: Option<String>,
    pub state: State,
    /// The state to return to after an arrears stop.
    pub before: State,
    pub since: Timestamp,
    pub created: Timestamp,
    pub delivered: Option<Timestamp>,
    pub deadline: Option<Timestamp>,
    pub address: Option<String>,
    /// When `life::due` says that the next step falls due.
    pub due: Option<Timestamp>,
    pub ended_by: Option<EndedBy>,
}

/// Why a resource was released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedBy {
    Owner,
    /// Its service was stopped; starting the service creates it anew.
    Service,
    Deadline,
    Arrears,
}

impl EndedBy {
    pub const ALL: [EndedBy; 4] = [EndedBy::Owner, EndedBy::Service, EndedBy::Deadline, EndedBy::Arrears];

    pub const fn as_str(self) -> &'static str {
        match self {
            EndedBy::Owner => "owner",
            EndedBy::Service => "service",
            EndedBy::Deadline => "deadline",
            EndedBy::Arrears => "arrears",
        }
    }

    pub fn parse(text: &str) -> Option<EndedBy> {
        EndedBy::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// What metering saw: from `at` on the resource has this state and these options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeterEvent {
    pub account: AccountId,
    pub resource: ResourceId,
    /// Whole seconds.
    pub at: Timestamp,
    pub state: State,
    pub product: String,
    pub options: Options,
}

impl Resource {
    /// The meter event that says how the resource stands since `at`.
    pub fn metered(&self, at: Timestamp) -> MeterEvent {
        MeterEvent {
            account: self.account,
            resource: self.id,
            at: whole_second(at),
            state: self.state,
            product: self.product.clone(),
            options: self.options.clone(),
        }
    }

    /// Takes one step. Errors: `Refused`.
    pub fn step(self, event: Event, at: Timestamp) -> Result<(Resource, MeterEvent), ResourceError> {
        let state = match (self.state, event) {
            (State::ArrearsStopped, Event::Resume) => self.before,
            (state, event) => state.on(event)?,
        };
        let before = if event == Event::ArrearsStop { self.state } else { self.before };
        let resource = Resource { state, before, since: at, ..self };
        let event = resource.metered(at);
        Ok((resource, event))
    }

    /// What its owner's wish to end it leads to: products differ in when metering ends.
    ///
    /// Errors: `Prepaid` for what has a deadline, `Refused` by state. Source: R-TIM-3.
    pub fn ask_release(
        self,
        product: &Product,
        arrears_since: Option<Timestamp>,
        at: Timestamp,
    ) -> Result<(Resource, MeterEvent), ResourceError> {
        if self.deadline.is_some() {
            return Err(ResourceError::Prepaid);
        }
        let event = match product.metering_ends {
            MeteringEnd::Requested if arrears_since.is_some() => Event::Terminate,
            MeteringEnd::Requested if self.state == State::ArrearsStopped => Event::Terminate,
            MeteringEnd::Requested => Event::Destroy,
            MeteringEnd::Completed => Event::AskRelease,
        };
        self.step(event, at)
    }
}

/// Opens a delivered resource: the deadline is anchored here and the meter starts.
///
/// `months` is 0 for what has no deadline. Source: R-PRV-1, R-TIM-3, R-TIM-6.
pub fn open(
    pending: Resource,
    months: u32,
    address: Option<String>,
    at: Timestamp,
    calendar: &Calendar,
) -> Result<(Resource, MeterEvent), ResourceError> {
    let deadline = match months {
        0 => None,
        months => Some(calendar.add_months(at, months)?),
    };
    let (resource, _) = pending.step(Event::Deliver, at)?;
    let resource = Resource { delivered: Some(at), deadline, address, ..resource };
    let event = resource.metered(at);
    Ok((resource, event))
}

#[cfg(test)]
mod tests;
