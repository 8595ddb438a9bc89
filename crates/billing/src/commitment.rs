//! Commitments: what an account is to spend in each calendar month at least, and what is billed of it at the close of one.
//!
//! In:  what an operator agreed, what was spent in a month. Out: which agreement holds; the bill of what is missing.
//! Invariant: a month is looked at once, by the run that closes it; all that was billed before it counts, and nothing after it.
//! Rules: R-PRC-26. Examples: scenarios/data/commitment/.

use crate::bill::{Bill, Kind, Line, Title};
use crate::run::{AccountCycle, Run};
use crate::text::Text;
use crate::used::AggregateError;
use std::borrow::Cow;
use units::{AccountId, Cycle, CycleKind, Money, MoneyError, Timestamp};

/// What stands in place of a product on the bill of what is missing, and the component of its line.
pub const COMMITMENT: &str = "commitment";

/// What was agreed with an account, for the months that begin in `[from, until)`. Source: R-PRC-26.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commitment {
    pub account: AccountId,
    /// Counts those of the account: a higher one stands above a lower one.
    pub number: i64,
    /// To be spent in each month; 0 for nothing any more.
    pub amount: Money,
    /// The begin of its first month.
    pub from: Timestamp,
    /// The begin of the first month that it is not for; `None` until something else is agreed.
    pub until: Option<Timestamp>,
    pub made: Timestamp,
    pub reason: String,
}

/// Why a commitment is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitmentError {
    #[error("the month of {0} is over; a commitment begins with the month that runs, or a later one")]
    Past(Timestamp),
    #[error("it would end with {until}, before it begins with {from}; name a later month")]
    Backwards { from: Timestamp, until: Timestamp },
    #[error("a commitment is 0 or more; name 0 for nothing any more")]
    Amount,
}

impl Commitment {
    /// Whether it may be agreed in the month `present`.
    ///
    /// Errors: `Past` for a first month before it; `Backwards`; `Amount`. Source: R-PRC-26.
    pub fn check(&self, present: &Cycle) -> Result<(), CommitmentError> {
        if self.amount.is_negative() {
            return Err(CommitmentError::Amount);
        }
        if self.from < present.from {
            return Err(CommitmentError::Past(self.from));
        }
        match self.until {
            Some(until) if until <= self.from => Err(CommitmentError::Backwards { from: self.from, until }),
            Some(_) | None => Ok(()),
        }
    }

    /// Whether both say the same of the same months.
    pub fn says_the_same(&self, other: &Commitment) -> bool {
        (self.amount, self.from, self.until) == (other.amount, other.from, other.until)
    }
}

/// What holds for the month that begins at `month`, of all that was agreed, by number: the last that begins then or before, if it
/// does not end before. Source: R-PRC-26.
pub fn held(all: &[Commitment], month: Timestamp) -> Option<&Commitment> {
    let last = all.iter().rev().find(|it| it.from <= month);
    last.filter(|it| it.amount.is_positive() && it.until.is_none_or(|until| month < until))
}

/// Whether a bill counts as spent in a month: that in which it was billed, whatever month its use is of. What is billed of a
/// commitment, and corrections of that, count in none. Source: R-PRC-26.
pub fn counts(bill: &Bill<'_>, month: &Cycle) -> bool {
    bill.kind != Kind::Commitment && bill.product != COMMITMENT && month.contains(bill.from)
}

/// What the product of a bill is called that no price book knows: its id, but for what is billed of a commitment.
pub fn called(product: &str) -> Text {
    if product == COMMITMENT { Text::new("Commitment", "承诺消费") } else { Text::same(product) }
}

/// What is missing when so much was spent, and what of that counts: nothing below zero, so no more than what was agreed is missing.
///
/// Errors: `Currency`, `Overflow`. Source: R-PRC-26.
pub fn missing(agreed: Money, spent: Money) -> Result<(Money, Money), MoneyError> {
    let none = Money::zero(agreed.currency());
    let spent = if spent.is_negative() { none } else { spent };
    let missing = agreed.checked_sub(spent)?;
    Ok((if missing.is_negative() { none } else { missing }, spent))
}

/// The bill of what a month lacks of its commitment, after the bills that its run makes. `None` where nothing is missing.
///
/// Errors: `Unclosed` where hours or days of the month are still to be settled; a sum that is too large. Source: R-PRC-26.
pub fn true_up(
    read: &AccountCycle,
    bills: &[Bill<'_>],
    run: Run,
) -> Result<Option<Bill<'static>>, AggregateError> {
    let Some(due) = read.commitment.filter(|_| run.cycle.kind == CycleKind::Month) else { return Ok(None) };
    if due.waits {
        return Err(AggregateError::Unclosed);
    }
    let now = Money::sum(bills.iter().map(|it| it.total), due.agreed.currency())?;
    let (lacks, spent) = missing(due.agreed, due.spent.checked_add(now)?)?;
    if !lacks.is_positive() {
        return Ok(None);
    }
    let e8 = |it: Money| it.to_amount().to_row();
    let (cycle, amount_e8) = (run.cycle, e8(lacks)?);
    let line = Line {
        list_e8: e8(due.agreed)?,
        billed_e8: Some(e8(spent)?),
        from: cycle.from.as_second(),
        to: cycle.to.as_second(),
        ..Line::of_sum(COMMITMENT, "Commitment", amount_e8, due.book)
    };
    let title = Title { account: read.wallet.account(), kind: Kind::Commitment, cycle, subject: 0 };
    Ok(Some(Bill {
        product: Cow::Borrowed(COMMITMENT),
        posted: run.posted,
        watermark: run.watermark,
        amount_e8,
        total: lacks,
        lines: vec![line],
        ..Bill::blank(&title, lacks.currency())
    }))
}

#[cfg(test)]
mod tests;
