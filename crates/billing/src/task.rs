//! Tasks: what the cloud was asked to do, and what it said.
//!
//! In:  a resource as it is to be. Out: a value that the cloud is told as a whole.
//! Invariant: a task says the whole state and all options, so that the latest alone is enough.
//! Rules: R-PRV-1, R-PRV-2.

use crate::options::Options;
use crate::provision::{Kind, State};
use crate::resource::{self, EndedBy};
use units::{AccountId, OrderId, ResourceId, TaskId, Timestamp};

/// What the cloud is asked to do. What it is to have, it is told as a whole: product, options, name and state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub id: TaskId,
    pub account: AccountId,
    pub resource: ResourceId,
    pub order: OrderId,
    pub kind: Kind,
    pub state: State,
    /// From 1.
    pub attempt: u32,
    pub product: String,
    pub options: Options,
    pub name: String,
    pub service: Option<String>,
    /// The state that the resource is to have.
    pub target: resource::State,
    pub cause: EndedBy,
    /// What the cloud answered.
    pub address: Option<String>,
    /// A map as JSON, `{}` when there is nothing.
    pub attributes: String,
    /// Why the last attempt failed, or why it was given up; may be empty.
    pub reason: String,
    pub created: Timestamp,
    /// When the simulated cloud answers; when an attempt times out; when the cloud is asked again.
    pub due: Option<Timestamp>,
    pub ended: Option<Timestamp>,
}
