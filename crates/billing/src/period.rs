//! For which time a bill is, and which way its money went.
//!
//! In:  a bill with its lines. Out: the time that it pays for or charges for, or that it says none; whether it gave back.
//! Invariant: no period is empty. Of a pack it stands on the pack, of a correction on the bill that it is against: a bill does not
//! know them.
//! Rules: R-TIM-5, R-REN-1, R-CHG-3.

use crate::bill::{Bill, Kind, Line};
use crate::refund::lines::PAID;
use units::Timestamp;
use units::calendar::second_at;

/// A period: `from` is in, `to` is not.
pub type Period = [Timestamp; 2];

/// The same, or nothing of an empty one.
pub fn some([from, to]: Period) -> Option<Period> {
    (from < to).then_some([from, to])
}

impl Bill<'_> {
    /// Whether it is of a downgrade: what had been paid stands on it. Source: R-CHG-3.
    pub fn is_of_downgrade(&self) -> bool {
        self.kind == Kind::PrepaidChange && self.lines.iter().any(|it| it.is_sum() && it.component == PAID)
    }

    /// Whether money went back by it, or all that had been paid is needed for what is new. Source: R-CHG-3, R-COR-1, R-MON-4, R-REF-4.
    pub fn went_back(&self) -> bool {
        self.total.is_negative() || self.is_of_downgrade()
    }

    /// For which time it is: of what is paid ahead the time that it pays for, of what is paid after use that of the use. `None` where
    /// it is for none, or where that stands elsewhere.
    pub fn period(&self) -> Option<Period> {
        match self.kind {
            Kind::PrepaidNew | Kind::PrepaidRenew | Kind::PrepaidChange => some(self.paid_for()),
            Kind::Hourly
            | Kind::Daily
            | Kind::Monthly
            | Kind::PrecisionCredit
            | Kind::PrecisionWaiver
            | Kind::Commitment => some([self.from, self.to]),
            Kind::Adjustment => some(self.original.map_or([self.from, self.to], |(from, to)| [from, to])),
            Kind::PackPurchase | Kind::OneTime | Kind::Correction | Kind::Refund => None,
        }
    }

    /// The time that something paid ahead is paid for: that of its lines, since it may be paid long before. What was used before is
    /// another line of a downgrade. Source: R-REN-1, R-CHG-3.
    fn paid_for(&self) -> Period {
        let is_lowered = self.is_of_downgrade();
        let is_new = |it: &&Line<'_>| !is_lowered || it.from >= self.from.as_second();
        let ahead = || self.lines.iter().filter(|it| !it.is_sum()).filter(is_new);
        let at = |second: Option<i64>| second.and_then(|it| second_at(it).ok());
        let (from, to) = (at(ahead().map(|it| it.from).min()), at(ahead().map(|it| it.to).max()));
        [from.unwrap_or(self.from), to.unwrap_or(self.to)]
    }
}

#[cfg(test)]
mod tests;
