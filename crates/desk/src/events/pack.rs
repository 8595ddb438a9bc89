//! What is told of packs.
//!
//! In:  a pack that was bought, a notice of one. Out: news of it.
//! Invariant: each notice of a pack is told as one event.

use super::ears::{Ears, News};
use super::told::payload;
use billing::event::EventKind;
use billing::notice::{Notice, NoticeKind};
use billing::pack;
use units::{AccountId, OrderId, PackId, Timestamp};

payload! {
    /// A resource pack that was bought.
    Pack of [PackActive] {
        account: AccountId,
        pack: PackId,
        order: OrderId,
        family: String,
        /// The one spec that it covers; `null` where sizes are linear.
        spec: Option<String>,
        name: String,
        /// Seconds of the spec, or of a GB.
        capacity: u64,
        effective: Timestamp,
        expires: Timestamp,
    }
}

payload! {
    /// A pack of which little or nothing is left.
    PackLevel of [PackLow PackEmpty] {
        account: AccountId,
        pack: String,
        /// The mark that it fell to, in percent of its capacity.
        percent_left: u64,
        at: Timestamp,
    }
}

payload! {
    /// A pack that ends soon.
    PackEnd of [PackExpiring] {
        account: AccountId,
        pack: String,
        days_left: u64,
        at: Timestamp,
    }
}

impl Ears {
    /// A pack that was bought.
    pub fn pack(&self, it: &pack::Pack) -> Option<News> {
        self.news(it.account, EventKind::PackActive, || Pack {
            account: it.account,
            pack: it.id,
            order: it.order,
            family: it.family.clone(),
            spec: it.spec.clone(),
            name: it.name.clone(),
            capacity: it.capacity,
            effective: it.effective,
            expires: it.expires,
        })
    }

    /// A notice that a customer got: of a pack. Those of the balance are told with the wallet, those of budgets with
    /// their marks.
    pub fn notice(&self, it: &Notice) -> Option<News> {
        match it.kind {
            NoticeKind::PackLow => self.news(it.account, EventKind::PackLow, || level(it)),
            NoticeKind::PackExhausted => self.news(it.account, EventKind::PackEmpty, || level(it)),
            NoticeKind::PackExpiring => self.news(it.account, EventKind::PackExpiring, || PackEnd {
                account: it.account,
                pack: it.subject.clone(),
                days_left: threshold(it),
                at: it.at,
            }),
            NoticeKind::BalanceLow
            | NoticeKind::InArrears
            | NoticeKind::BudgetReached
            | NoticeKind::BudgetForecast
            | NoticeKind::OfferMade
            | NoticeKind::CommitmentAgreed
            | NoticeKind::CreditAgreed
            | NoticeKind::VoucherIssued
            | NoticeKind::VoucherEnding
            | NoticeKind::CardRefundFailed
            | NoticeKind::PriceChange
            | NoticeKind::PriceChangeUndone
            | NoticeKind::ResourceExpiring
            | NoticeKind::RenewalAhead
            | NoticeKind::RenewalDone
            | NoticeKind::RenewalFailed
            | NoticeKind::ResourceExpired => None,
        }
    }
}

fn level(it: &Notice) -> PackLevel {
    PackLevel { account: it.account, pack: it.subject.clone(), percent_left: threshold(it), at: it.at }
}

/// Invariant: the marks of packs, percent and days, are not below zero.
fn threshold(it: &Notice) -> u64 {
    u64::try_from(it.threshold).unwrap_or_else(|_| unreachable!("a mark of a pack is below zero: {it:?}"))
}
