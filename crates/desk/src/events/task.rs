//! What is told of tasks.
//!
//! In:  a task as the API shows it. Out: news of it.
//! Invariant: only the endpoints of the cloud hear of what it is to do, only those of the operator of what failed.

use super::ears::{Ears, News};
use billing::event::EventKind;
use serde_json::Value;
use units::AccountId;

impl Ears {
    /// Something that the cloud is to do; `data` is the task as the API shows it.
    pub fn task(&self, account: AccountId, data: Value) -> Option<News> {
        self.news(account, EventKind::TaskOpened, || data)
    }
    /// Something that the cloud could not do, which waits for the operator.
    pub fn task_failed(&self, account: AccountId, data: Value) -> Option<News> {
        self.news(account, EventKind::CloudFailed, || data)
    }
}
