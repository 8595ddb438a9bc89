//! Notices of which what they say is still so: what an account has to know now, out of all that it was told.
//!
//! In:  notices, the newest first; how the account, its packs and its offers stand. Out: those that hold.
//! Invariant: of what is told several times, by days or by percents, the newest alone is among them; nothing is told here
//! that was not told when it happened.
//! Rules: R-PKG-15, R-WAL-5, R-ARR-1, R-EXP-2, R-REN-2, R-PRC-6.

use super::prices::Kept;
use super::{Notice, NoticeKind, renewals};
use crate::account::Account;
use crate::resource::State;
use std::collections::BTreeSet;
use units::{Money, MoneyError, OfferId, PackId, ResourceId, Timestamp};

/// A pack between its first and its last instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InForce {
    pub id: PackId,
    pub left: u64,
}

/// A prepaid resource that is not released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prepaid {
    pub id: ResourceId,
    pub deadline: Timestamp,
    pub state: State,
}

/// How things stand, as far as notices speak of them.
#[derive(Clone, Copy, Debug)]
pub struct Present<'a> {
    pub account: &'a Account,
    pub available: Money,
    pub packs: &'a [InForce],
    /// Offers that are open.
    pub offers: &'a [OfferId],
    /// Prepaid resources that notices speak of and that are not released.
    pub prepaid: &'a [Prepaid],
    /// Such as `2026-06`.
    pub month: &'a str,
    pub now: Timestamp,
}

/// The notices that hold, in the order given, which begins with the newest. Errors: `Currency`.
pub fn current(all: Vec<Notice>, present: &Present<'_>) -> Result<Vec<Notice>, MoneyError> {
    let (mut told, mut found) = (BTreeSet::new(), Vec::new());
    let undone = undone(&all);
    for notice in all {
        let is_newest = told.insert((notice.kind, notice.subject.clone()));
        if is_newest && present.holds(&notice)? && !undone.contains(&change(&notice)) {
            found.push(notice);
        }
    }
    Ok(found)
}

/// Which change of prices a notice is of: its book, and the number of its proposal.
fn change(notice: &Notice) -> (NoticeKind, String, i64) {
    (notice.kind, notice.subject.clone(), notice.threshold)
}

/// Changes of prices that were told, and taken back since.
fn undone(all: &[Notice]) -> BTreeSet<(NoticeKind, String, i64)> {
    let undone = all.iter().filter(|it| it.kind == NoticeKind::PriceChangeUndone);
    undone.map(|it| (NoticeKind::PriceChange, it.subject.clone(), it.threshold)).collect()
}

/// Whether what is prepaid was cut off at its deadline. Source: R-EXP-1, R-EXP-4.
const fn is_over(state: State) -> bool {
    matches!(state, State::Expired | State::Recycled)
}

/// Whether less is available than the limit of the balance alert. Errors: `Currency`.
fn is_low(account: &Account, available: Money) -> Result<bool, MoneyError> {
    Ok(!account.alert.is_zero() && available.checked_cmp(account.alert)?.is_lt())
}

/// Whether what a notice asks for can still be done: a debt that is paid asks for nothing, nor does a deadline that is another one by
/// now or behind which nothing is kept. `renewable` is the deadline of what it is about, where that can be renewed.
///
/// Errors: `Currency`. Source: R-ARR-1, R-WAL-5, R-REN-1.
pub fn is_open(
    notice: &Notice,
    account: &Account,
    available: Money,
    renewable: Option<Timestamp>,
) -> Result<bool, MoneyError> {
    Ok(match notice.kind {
        NoticeKind::InArrears => account.arrears_since.is_some(),
        NoticeKind::BalanceLow => is_low(account, available)?,
        NoticeKind::ResourceExpiring | NoticeKind::RenewalFailed | NoticeKind::ResourceExpired => {
            renewable.is_some() && renewals::deadline(notice) == renewable
        }
        NoticeKind::PackLow
        | NoticeKind::PackExhausted
        | NoticeKind::PackExpiring
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
        | NoticeKind::RenewalAhead
        | NoticeKind::RenewalDone => true,
    })
}

impl Present<'_> {
    /// Whether what a notice says is still so.
    fn holds(&self, notice: &Notice) -> Result<bool, MoneyError> {
        let prepaid = || {
            let own = self.prepaid.iter().find(|it| it.id.to_string() == notice.subject);
            own.filter(|it| renewals::deadline(notice) == Some(it.deadline)).map(|it| it.state)
        };
        let left = || self.packs.iter().find(|it| it.id.to_string() == notice.subject).map(|it| it.left);
        Ok(match notice.kind {
            NoticeKind::InArrears => self.account.arrears_since.is_some(),
            NoticeKind::BalanceLow => is_low(self.account, self.available)?,
            NoticeKind::PackLow | NoticeKind::PackExpiring => left().is_some_and(|it| it > 0),
            NoticeKind::PackExhausted => left() == Some(0),
            NoticeKind::BudgetReached | NoticeKind::BudgetForecast => notice.occasion == self.month,
            NoticeKind::ResourceExpiring | NoticeKind::RenewalAhead => {
                prepaid().is_some_and(|it| !is_over(it))
            }
            NoticeKind::RenewalFailed => prepaid().is_some(),
            NoticeKind::ResourceExpired => prepaid().is_some_and(is_over),
            NoticeKind::RenewalDone
            | NoticeKind::VoucherIssued
            | NoticeKind::CommitmentAgreed
            | NoticeKind::CreditAgreed
            | NoticeKind::VoucherEnding
            | NoticeKind::CardRefundFailed
            | NoticeKind::PriceChangeUndone => false,
            NoticeKind::PriceChange => Kept::read(&notice.occasion).is_some_and(|it| it.from > self.now),
            NoticeKind::OfferMade => self.offers.iter().any(|it| it.to_string() == notice.subject),
        })
    }
}

#[cfg(test)]
mod tests;
