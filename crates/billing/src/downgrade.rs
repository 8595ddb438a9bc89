//! Downgrades: other options of something prepaid that cost no more for the time that is left.
//!
//! In:  what the time that is left is worth, what it costs with other options. Out: what goes back, the bill of it, and what counts
//! as paid from then on.
//! Invariant: what goes back and what counts as paid are together no more than what was left; nothing goes back below zero.
//! Rules: R-CHG-2, R-CHG-3, R-REF-2, R-REF-4, R-MON-6, section 20 of the rules. Examples: scenarios/data/change/.

use crate::bill::{Bill, Kind, Line, Title};
use crate::change::ChangeError;
use crate::order::{Order, OrderError};
use crate::quote::Quote;
use crate::refund::lines::{FLOOR, Span, sum_line};
use crate::refund::rule::{RefundRest, RefundRule};
use crate::refund::{Asked, Refund, RefundError};
use crate::wallet::{Paid, Purses};
use std::borrow::Cow;
use units::{Cycle, CycleKind, Money, MoneyError, Timestamp};

/// What a downgrade comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Downgrade {
    /// What the time that is left is worth as it is.
    pub value: Refund,
    /// What it costs as it is to be.
    pub quote: Quote,
    /// What of that is taken of what the time is worth: nothing of a switch, which what stays has paid already.
    pub cost: Money,
    /// Those of both, and what is missing to nothing where it costs more than what is left.
    pub lines: Vec<Line<'static>>,
    pub amount_e8: i64,
    /// What goes back, never below zero.
    pub total: Money,
    /// What counts as paid for the time that is left.
    pub counted: Paid,
}

/// Whether something is lowered once more, that was so often. Errors: `Lowered`, `LoweredOften`. Source: R-CHG-3.
pub fn may_be_lowered(rule: Option<&RefundRule>, so_often: u32) -> Result<(), ChangeError> {
    match rule.map(|it| &it.rest) {
        Some(RefundRest::Used(of)) if of.downgrades == 0 => Err(ChangeError::Lowered),
        Some(RefundRest::Used(of)) if so_often >= of.downgrades => {
            Err(ChangeError::LoweredOften { most: of.downgrades })
        }
        Some(RefundRest::Used(_)) => Ok(()),
        Some(RefundRest::Kept | RefundRest::Unused | RefundRest::Share { .. }) | None => {
            Err(ChangeError::Lowered)
        }
    }
}

/// What it comes to at `now` to have the rest of its time as `quote` says.
///
/// Errors: `NothingPaid`, `NotPrepaid`. Source: R-CHG-3, section 20.
pub fn downgrade(asked: &Asked<'_>, quote: Quote, now: Timestamp) -> Result<Downgrade, RefundError> {
    let value = asked.value(now)?;
    let deadline = asked.resource.deadline.ok_or(RefundError::NotPrepaid)?;
    let (from, to) = (now.as_second(), deadline.as_second());
    let mut lines = value.lines.clone();
    lines.extend(quote.lines.iter().map(|it| Line { from, to, ..it.clone() }));
    let kept_e8: i128 = lines.iter().map(|it| i128::from(it.cost_e8)).sum();
    if kept_e8 > 0 {
        lines.push(sum_line(FLOOR, -kept_e8, Span { from: now, to: deadline }, asked.book)?);
    }
    let (amount_e8, total) = Bill::sum(&lines, value.currency())?;
    let total = total.checked_neg()?;
    let counted = value.total.checked_sub(total)?.checked_min(quote.total)?;
    let counted = in_ratio(counted, value.paid)?;
    let cost = quote.total;
    Ok(Downgrade { value, quote, cost, lines, amount_e8, total, counted })
}

/// A sum in the ratio in which `paid` was, what was owed of it still as owed. Source: R-REF-4, R-MON-7.
pub(crate) fn in_ratio(sum: Money, paid: Paid) -> Result<Paid, MoneyError> {
    let [bonus, cash, income, owed] = paid.weights();
    let parts = sum.split(&[bonus, cash.saturating_add(owed), income]);
    let of_cash = parts[1].split(&[cash, owed]);
    Paid::new(Purses::new(parts[0], of_cash[0], parts[2])?, of_cash[1])
}

impl Downgrade {
    /// Whether it gives back as much as was quoted, below zero like its bill. Errors: `PriceChanged` where less goes back.
    pub fn as_quoted(self, quoted_minor: Option<i64>) -> Result<Downgrade, OrderError> {
        let now = self.total.checked_neg()?;
        match quoted_minor.map(|it| Money::from_minor(it, now.currency())) {
            Some(quoted) if now.checked_cmp(quoted)?.is_gt() => Err(OrderError::PriceChanged { quoted, now }),
            Some(_) | None => Ok(self),
        }
    }

    /// Its bill, below zero or nothing, and still to be paid out. Source: R-MON-6.
    pub fn bill(&self, of: &Order, until: Timestamp, now: Timestamp) -> Result<Bill<'static>, MoneyError> {
        let resource = of.subject();
        let subject = resource.map_or(0, |it| it.bits()) ^ of.id.bits();
        let at_once = Cycle { kind: CycleKind::Month, from: now, to: now };
        let title = Title { account: of.account, kind: Kind::PrepaidChange, cycle: at_once, subject };
        Ok(Bill {
            product: Cow::Owned(of.product.clone()),
            region: Cow::Owned(of.options.get("region").unwrap_or("").to_string()),
            resource,
            order: Some(of.id),
            to: until.max(now),
            amount_e8: self.amount_e8,
            total: self.total.checked_neg()?,
            lines: self.lines.clone(),
            ..Bill::blank(&title, of.currency())
        })
    }
}

#[cfg(test)]
mod tests;
