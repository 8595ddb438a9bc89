//! What is told of resources.
//!
//! In:  a resource after its step. Out: news of it.
//! Invariant: a step that nothing else is said of is a change.

use super::ears::{Ears, News};
use billing::event::EventKind;
use billing::resource::{EndedBy, Resource, State};
use serde_json::{Map, Value, json};

impl Ears {
    /// A step of a resource: delivered where it came, else by its state.
    pub fn resource(&self, kind: EventKind, it: &Resource) -> Option<News> {
        self.news(it.account, kind, || data(it))
    }

    /// A resource that took a step: it was released, failed or changed.
    pub fn resource_stepped(&self, it: &Resource) -> Option<News> {
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

fn data(it: &Resource) -> Value {
    let options: Map<String, Value> = it.options.iter().map(|(name, it)| (name.into(), it.into())).collect();
    json!({
        "resource": it.id.to_string(),
        "order": it.order.to_string(),
        "product": it.product,
        "name": it.name,
        "service": it.service,
        "options": options,
        "state": it.state.as_str(),
        "address": it.address,
        "deadline": it.deadline.map(|it| it.to_string()),
        "ended_by": it.ended_by.map(EndedBy::as_str),
    })
}
