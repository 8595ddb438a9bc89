//! What is told of packs.
//!
//! In:  a pack that was bought, a notice of one. Out: news of it.
//! Invariant: each notice of a pack is told as one event.

use super::ears::{Ears, News};
use billing::event::EventKind;
use billing::notice::{Notice, NoticeKind};
use billing::pack::Pack;
use serde_json::json;

impl Ears {
    /// A pack that was bought.
    pub fn pack(&self, it: &Pack) -> Option<News> {
        self.news(it.account, EventKind::PackActive, || {
            json!({
                "pack": it.id.to_string(),
                "order": it.order.to_string(),
                "family": it.family,
                "spec": it.spec,
                "name": it.name,
                "capacity": it.capacity,
                "effective": it.effective.to_string(),
                "expires": it.expires.to_string(),
            })
        })
    }

    /// A notice that a customer got: of a pack. Those of the balance are told with the wallet.
    pub fn notice(&self, it: &Notice) -> Option<News> {
        let (kind, threshold) = match it.kind {
            NoticeKind::PackLow => (EventKind::PackLow, "percent_left"),
            NoticeKind::PackExhausted => (EventKind::PackEmpty, "percent_left"),
            NoticeKind::PackExpiring => (EventKind::PackExpiring, "days_left"),
            NoticeKind::BalanceLow | NoticeKind::InArrears => return None,
        };
        self.news(
            it.account,
            kind,
            || json!({ "pack": it.subject, threshold: it.threshold, "at": it.at.to_string() }),
        )
    }
}
