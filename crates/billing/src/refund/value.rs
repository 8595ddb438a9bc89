//! What the time that is left of something prepaid is worth, whatever goes back of it otherwise; and how much time that is.
//!
//! In:  a resource with the orders that were paid for it, when. Out: lines that add up to what is left; months and days.
//! Invariant: it is found as a refund is, less what was used, and never below zero.
//! Rules: R-CHG-3, R-NET-4, R-REF-2, R-REF-3, section 20 of the rules.

use super::rule::RefundRest;
use super::{Asked, Refund, RefundError};
use crate::bill::Line;
use crate::quote;
use units::calendar::days_left;
use units::{MoneyError, Timestamp};

impl Asked<'_> {
    /// What the time that is left is worth at `now`, whatever goes back of it otherwise and however often: that of the order that runs less
    /// what was used, fees by their days, and what has not begun. Source: R-CHG-3, R-REF-2, R-REF-3.
    ///
    /// Errors: `NothingPaid`; `NotRefundable` where use is not counted.
    pub fn value(&self, now: Timestamp) -> Result<Refund, RefundError> {
        self.value_of(&|_| true, now)
    }

    /// The same where use counts of those lines alone of which `counts` says so. Source: R-NET-4.
    ///
    /// Errors: as `value`.
    pub fn value_of(
        &self,
        counts: &dyn Fn(&Line<'_>) -> bool,
        now: Timestamp,
    ) -> Result<Refund, RefundError> {
        let current = self.current().ok_or(RefundError::NothingPaid)?;
        match self.rule.map(|it| &it.rest) {
            Some(RefundRest::Used(of)) => {
                let mut used = self.used(current, of, now)?;
                used.lines.retain(|it| counts(it));
                self.sum(used, of.floor, now)
            }
            Some(RefundRest::Kept | RefundRest::Unused | RefundRest::Share { .. }) | None => {
                Err(RefundError::NotRefundable(self.resource.product.clone()))
            }
        }
    }

    /// Months that are left at `now`, and days beyond them, each a thirtieth: whole months when one ends in this second, otherwise the
    /// started days by thirty. Source: R-CHG-3, section 20.
    pub fn left(&self, now: Timestamp) -> Result<(u32, u32), RefundError> {
        let current = self.current().ok_or(RefundError::NothingPaid)?;
        let deadline = self.resource.deadline.ok_or(RefundError::NotPrepaid)?;
        let (months, since) = self.full_months(current, now)?;
        let orders = || self.terms.iter().filter(|it| !it.is_fee());
        let is_by_month =
            orders().all(|it| it.order.days == 0) && orders().next_back().map(|it| it.to) == Some(deadline);
        if is_by_month && since.as_second() == now.as_second() {
            let all: u32 = orders().map(|it| it.order.months).sum();
            return Ok((all.saturating_sub(months), 0));
        }
        let days = u32::try_from(days_left(now, deadline)).map_err(|_| MoneyError::Overflow)?;
        Ok((days / quote::MONTH_DAYS, days % quote::MONTH_DAYS))
    }
}
