//! Raises of a resource for some days, as `/v1/resources` shows them.
//!
//! In:  what a resource keeps of them. Out: each with its days. Source: R-NET-3.

use billing::resource::raise::Raise;
use serde::Serialize;
use utoipa::ToSchema;
use web::wire::{self, Moment};

/// An option that is raised for some days.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"option": "bandwidth", "before": "2", "value": "5", "from": "2026-06-30T16:00:00Z",
    "until": "2026-07-10T16:00:00Z", "begun": false}))]
pub struct RaiseView {
    pub option: String,
    /// What it is without it, and then again.
    pub before: String,
    pub value: String,
    /// 00:00 of the first day.
    pub from: Moment,
    /// 00:00 behind the last day.
    pub until: Moment,
    /// Whether it is raised by now.
    pub begun: bool,
}

impl From<&Raise> for RaiseView {
    fn from(it: &Raise) -> RaiseView {
        RaiseView {
            option: it.option.clone(),
            before: it.base.clone(),
            value: it.value.clone(),
            from: wire::time(it.days.from),
            until: wire::time(it.days.to),
            begun: it.begun,
        }
    }
}
