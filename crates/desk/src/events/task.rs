//! What is told of tasks.
//!
//! In:  a task. Out: news of it, with the task as the API shows it.
//! Invariant: only the endpoints of the cloud hear of what it is to do, only those of the operator of what failed.

use super::ears::{Ears, News};
use super::told::{Payload, payload};
use crate::Refusal;
use billing::event::EventKind;
use billing::provision::{Kind, State};
use billing::resource::{self, EndedBy};
use billing::task;
use serde_json::Value;
use std::collections::BTreeMap;
use store::StoreError;
use units::{AccountId, OrderId, ResourceId, TaskId, Timestamp};

payload! {
    /// What the cloud is to do, as `GET /v1/tasks` shows it.
    Task of [TaskOpened CloudFailed] {
        /// The same for every attempt.
        id: TaskId,
        account: AccountId,
        resource: ResourceId,
        order: OrderId,
        kind: Kind,
        state: State,
        /// From 1.
        attempt: u32,
        product: String,
        options: BTreeMap<String, String>,
        name: String,
        service: Option<String>,
        /// The state that the resource is to have.
        target: resource::State,
        /// Who wants it.
        cause: EndedBy,
        /// What the cloud answered.
        address: Option<String>,
        attributes: BTreeMap<String, String>,
        /// Why the last attempt failed, or why it was given up.
        reason: String,
        created: Timestamp,
        /// When an open task times out, or when a waiting one is asked again.
        due: Option<Timestamp>,
        ended: Option<Timestamp>,
    }
}

impl Ears {
    /// Something that the cloud is to do.
    pub fn task(&self, it: &task::Task) -> Result<Option<News>, Refusal> {
        let told = told(it)?;
        Ok(self.news(it.account, EventKind::TaskOpened, || told))
    }

    /// Something that the cloud could not do, which waits for the operator.
    pub fn task_failed(&self, it: &task::Task) -> Result<Option<News>, Refusal> {
        let told = told(it)?;
        Ok(self.news(it.account, EventKind::CloudFailed, || told))
    }
}

/// A task as its events and the API show it. Errors: attributes that cannot be read.
pub fn shown(it: &task::Task) -> Result<Value, Refusal> {
    Ok(told(it)?.told())
}

fn told(it: &task::Task) -> Result<Task, Refusal> {
    Ok(Task {
        id: it.id,
        account: it.account,
        resource: it.resource,
        order: it.order,
        kind: it.kind,
        state: it.state,
        attempt: it.attempt,
        product: it.product.clone(),
        options: it.options.pairs().into_iter().collect(),
        name: it.name.clone(),
        service: it.service.clone(),
        target: it.target,
        cause: it.cause,
        address: it.address.clone(),
        attributes: pairs(&it.attributes)?,
        reason: it.reason.clone(),
        created: it.created,
        due: it.due,
        ended: it.ended,
    })
}

/// Reads attributes as they are stored. Errors: `Corrupt`.
pub fn pairs(text: &str) -> Result<BTreeMap<String, String>, Refusal> {
    serde_json::from_str(text).map_err(|_| StoreError::Corrupt("the attributes of a task".into()).into())
}
