//! What is told of resources.
//!
//! In:  a resource after its step. Out: news of it.
//! Invariant: a step that nothing else is said of is a change.

use super::ears::{Ears, News};
use super::told::payload;
use billing::event::EventKind;
use billing::resource::{self, EndedBy, State};
use std::collections::BTreeMap;
use units::{AccountId, OrderId, ResourceId, Timestamp};

payload! {
    /// A resource as it stands after the step that is told.
    Resource of [ResourceDelivered ResourceChanged ResourceReleased ResourceFailed] {
        account: AccountId,
        resource: ResourceId,
        order: OrderId,
        product: String,
        name: String,
        /// The container service that it belongs to.
        service: Option<String>,
        options: BTreeMap<String, String>,
        state: State,
        /// Where it is reached, once the cloud said so.
        address: Option<String>,
        /// Until when it is paid; `null` for what is paid by use.
        deadline: Option<Timestamp>,
        /// Who or what ended or limits it.
        ended_by: Option<EndedBy>,
    }
}

impl Ears {
    /// A step of a resource: delivered where it came, else by its state.
    pub fn resource(&self, kind: EventKind, it: &resource::Resource) -> Option<News> {
        self.news(it.account, kind, || told(it))
    }

    /// A resource that took a step: it was released, failed or changed.
    pub fn resource_stepped(&self, it: &resource::Resource) -> Option<News> {
        let kind = match it.state {
            State::Released => EventKind::ResourceReleased,
            State::Failed => EventKind::ResourceFailed,
            State::Pending
            | State::Running
            | State::Stopped
            | State::StoppedFree
            | State::Limited
            | State::ArrearsStopped
            | State::Expired
            | State::Releasing
            | State::Recycled => EventKind::ResourceChanged,
        };
        self.resource(kind, it)
    }
}

fn told(it: &resource::Resource) -> Resource {
    Resource {
        account: it.account,
        resource: it.id,
        order: it.order,
        product: it.product.clone(),
        name: it.name.clone(),
        service: it.service.clone(),
        options: it.options.pairs().into_iter().collect(),
        state: it.state,
        address: it.address.clone(),
        deadline: it.deadline,
        ended_by: it.ended_by,
    }
}
