//! A resource: what was sold and delivered, its states, and the meter events that its life leaves.
//!
//! In:  a delivery, requests of its owner, what arrears and deadlines do. Out: the next state.
//! Invariant: every change of state or options that metering can see is one meter event.
//! Rules: R-PRV-3, R-TIM-2, R-TIM-3, R-QCS-4, R-PPU-2.

use crate::book::{MeteringEnd, Product};
use crate::options::Options;
use units::calendar::{CalendarError, whole_second};
use units::{AccountId, Currency, CycleKind, Money, OrderId, ResourceId, Timestamp};

pub mod kept;
pub mod raise;
pub mod renew;
pub(crate) mod states;

use kept::Kept;
use raise::Raise;
use renew::Renew;
pub use states::{Event, State, StepError};

/// Why a resource did not change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResourceError {
    #[error(transparent)]
    Refused(#[from] StepError),
    #[error("what is prepaid is charged while it is stopped too; stop it with `charge` as `continues`")]
    PrepaidCharge,
    #[error(
        "in arrears nothing is stopped without charge; pay what is owed first, or stop it with `charge` as `continues`"
    )]
    InArrears,
    #[error(
        "a prepaid resource lives until its deadline; what may be given back before is refunded, not released"
    )]
    Prepaid,
    #[error("its deadline has passed, and it lies in the bin; renew it to have it back")]
    PrepaidBin,
    #[error("it was given back, and its money went back; buy another")]
    GivenBack,
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
    pub renew: Renew,
    pub kept: Kept,
    /// Options that are raised for some days, now or later. Source: R-NET-3.
    pub raises: Vec<Raise>,
    /// That of its account: whose price books it goes by. Source: R-MON-5.
    pub currency: Currency,
}

/// Why a resource was released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedBy {
    Owner,
    /// Its service was stopped; starting the service creates it anew.
    Service,
    Deadline,
    Arrears,
    /// Its owner gave it back, and what was left of its price came back. Source: R-REF-5.
    Refund,
}

impl EndedBy {
    pub const ALL: [EndedBy; 5] =
        [EndedBy::Owner, EndedBy::Service, EndedBy::Deadline, EndedBy::Arrears, EndedBy::Refund];

    pub const fn as_str(self) -> &'static str {
        match self {
            EndedBy::Owner => "owner",
            EndedBy::Service => "service",
            EndedBy::Deadline => "deadline",
            EndedBy::Arrears => "arrears",
            EndedBy::Refund => "refund",
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
    /// When it was asked for, where it took effect later because cycles were closed by then. Source: R-TIM-11.
    pub asked: Option<Timestamp>,
    /// The kinds of cycle that were closed past that by then: their runs see it from `at` on. Source: R-TIM-11.
    pub late: Vec<CycleKind>,
}

impl MeterEvent {
    /// When it happened: what closed cycles are rated by once more.
    pub fn happened(&self) -> Timestamp {
        self.asked.unwrap_or(self.at)
    }

    /// Where it lies for runs of `kind`: the run of the cycle that holds this instant is the first to see it.
    pub fn seen_at(&self, kind: CycleKind) -> Timestamp {
        if self.late.contains(&kind) { self.at } else { self.happened() }
    }
}

impl Resource {
    /// The instant from which its months count: its delivery, or its conversion. Source: R-TIM-6, R-CNV-1.
    pub fn anchor(&self) -> Option<Timestamp> {
        self.renew.since.or(self.delivered)
    }

    /// The meter event that says how the resource stands since `at`.
    pub fn metered(&self, at: Timestamp) -> MeterEvent {
        debug_assert!(
            self.deadline.is_some() || self.raises.is_empty(),
            "what is paid by use is not raised for some days"
        );
        MeterEvent {
            account: self.account,
            resource: self.id,
            at: whole_second(at),
            state: self.state,
            product: self.product.clone(),
            options: self.options.clone(),
            asked: None,
            late: Vec::new(),
        }
    }

    /// Takes one step. Errors: as `advance`.
    pub fn step(mut self, event: Event, at: Timestamp) -> Result<(Resource, MeterEvent), ResourceError> {
        self.advance(event, at)?;
        let event = self.metered(at);
        Ok((self, event))
    }

    /// Takes one step where it stands. Errors: `Refused`; `PrepaidBin`. Then nothing changed.
    pub fn advance(&mut self, event: Event, at: Timestamp) -> Result<(), ResourceError> {
        let state = match (self.state, event) {
            (State::ArrearsStopped, Event::Resume) => self.before,
            // What time put there was not paid for any more. Source: R-EXP-4.
            (State::Recycled, Event::Start) if self.deadline.is_some() => {
                return Err(ResourceError::PrepaidBin);
            }
            (state, event) => state.on(event)?,
        };
        if event == Event::ArrearsStop {
            self.before = self.state;
        }
        (self.state, self.since) = (state, at);
        Ok(())
    }

    /// Whether its owner may stop it without charge at this balance, in any state.
    ///
    /// Errors: `PrepaidCharge` for what has a deadline, `InArrears` below zero. Source: R-PPU-2.
    pub fn may_stop_free(&self, balance: Money) -> Result<(), ResourceError> {
        match (self.deadline, crate::arrears::blocks_purchase(balance)) {
            (Some(_), _) => Err(ResourceError::PrepaidCharge),
            (None, true) => Err(ResourceError::InArrears),
            (None, false) => Ok(()),
        }
    }

    /// Whether it may be taken out of the bin. Errors: `GivenBack` for what was refunded. Source: R-REF-5.
    pub fn may_come_back(&self) -> Result<(), ResourceError> {
        match self.ended_by {
            Some(EndedBy::Refund) => Err(ResourceError::GivenBack),
            Some(EndedBy::Owner | EndedBy::Service | EndedBy::Deadline | EndedBy::Arrears) | None => Ok(()),
        }
    }

    /// Its release failed for good: metering ends where the release was asked for.
    ///
    /// Errors: `Refused` for what is not being released. Source: R-TIM-3, R-TIM-11.
    pub fn end_release(self) -> Result<(Resource, MeterEvent), ResourceError> {
        let asked = self.since;
        self.step(Event::Release, asked)
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
        let event = self.release_event(product, arrears_since)?;
        self.step(event, at)
    }

    /// The step that a wish to end it is. Errors: `Prepaid`. Source: R-TIM-3.
    pub fn release_event(
        &self,
        product: &Product,
        arrears_since: Option<Timestamp>,
    ) -> Result<Event, ResourceError> {
        match product.metering_ends {
            _ if self.deadline.is_some() => Err(ResourceError::Prepaid),
            MeteringEnd::Requested if arrears_since.is_some() => Ok(Event::Terminate),
            MeteringEnd::Requested => Ok(Event::Destroy),
            MeteringEnd::Completed => Ok(Event::AskRelease),
        }
    }
}

/// Opens a delivered resource that is paid for up to `deadline`, or without one: the meter starts.
///
/// Errors: `Refused` by state. Source: R-PRV-1, R-TIM-3.
pub fn open(
    pending: Resource,
    deadline: Option<Timestamp>,
    address: Option<String>,
    at: Timestamp,
) -> Result<(Resource, MeterEvent), ResourceError> {
    let (resource, _) = pending.step(Event::Deliver, at)?;
    let resource = Resource { delivered: Some(at), deadline, address, ..resource };
    let event = resource.metered(at);
    Ok((resource, event))
}
