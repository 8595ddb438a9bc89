//! What the cloud is told.
//!
//! In:  a task as the API shows it. Out: news of it.
//! Invariant: only the endpoints of the cloud hear of it.

use super::ears::{Ears, News};
use billing::event::EventKind;
use serde_json::Value;
use units::AccountId;

impl Ears {
    /// Something that the cloud is to do; `data` is the task as the API shows it.
    pub fn task(&self, account: AccountId, data: Value) -> Option<News> {
        self.news(account, EventKind::TaskOpened, || data)
    }
}
