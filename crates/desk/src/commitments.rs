//! Commitments: agreed by an operator, looked at by both sides.
//!
//! In:  what an account is to spend in each month, from which month on. Out: what was agreed, what is spent and missing so far.
//! Invariant: what was agreed is a row of its own with why; no month that is over changes. What is missing is billed by the run that
//! closes the month.
//! Rules: R-PRC-26.

use super::act::Act;
use super::facts::{self, Fact};
use super::lists::bills;
use super::{At, Over, Refusal, after, freezes, letters};
use billing::commitment::{self, Commitment, CommitmentError};
use billing::contract_price::ContractError;
use billing::correction;
use billing::notice::agreed;
use store::{Tx, accounts, commitments};
use units::{AccountId, Cycle, CycleKind, Money, Timestamp};

/// A commitment that is to be agreed; with an amount of 0 there is none any more.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    pub account: AccountId,
    /// To be spent in each month.
    pub amount: Money,
    /// The first month, such as `2026-07`; `None` for the next one.
    pub from: Option<&'a str>,
    /// The first month that it is not for; `None` until something else is agreed.
    pub until: Option<&'a str>,
    pub reason: &'a str,
}

/// What is agreed with an account, and how the month that runs stands.
#[derive(Clone, Debug)]
pub struct Seen {
    pub month: Cycle,
    /// To be spent in this month; 0 without a commitment.
    pub agreed: Money,
    /// What was billed in this month so far, and what of the commitment that leaves.
    pub spent: Money,
    pub missing: Money,
    /// Everything that was agreed, in the order in which it was.
    pub all: Vec<Commitment>,
}

/// Agrees what an account is to spend in each month. The same again changes nothing.
///
/// Errors: `NotFound`; an amount below zero or in another currency; a month that is none, or over; a reason that is none.
/// Source: R-PRC-26.
pub fn set(tx: &mut Tx<'_>, at: At<'_>, new: New<'_>) -> Result<Seen, Refusal> {
    let owner = freezes::held(tx, new.account)?.account;
    let currency = owner.currency;
    Money::zero(currency).checked_cmp(new.amount)?;
    correction::reason(new.reason).map_err(|it| Refusal::from(it).of("reason"))?;
    let present = at.desk.calendar.cycle(CycleKind::Month, at.now)?;
    let before = commitments::of_account(tx, new.account, currency)?;
    let made = asked(at, &new, before.last().map_or(1, |it| it.number + 1))?;
    made.check(&present).map_err(|error| of_field(at, error))?;
    if before.last().is_some_and(|it| it.says_the_same(&made)) {
        return seen(tx, at, new.account);
    }
    commitments::add(tx, &made)?;
    let mut act = Act::on(tx, at, [new.account])?;
    if made.amount.is_positive() {
        act.sheet.lives.dues.push((new.account, present));
    }
    after::finish(tx, act)?;
    facts::note(tx, &[Fact::commitment(&made)], at.now)?;
    // Who has nothing agreed is not told that there is nothing.
    if made.amount.is_positive() || before.iter().any(|it| it.amount.is_positive()) {
        letters::notice(tx, at, &agreed::commitment(&made, owner.name, &at.desk.calendar))?;
    }
    seen(tx, at, new.account)
}

/// What is asked for, with its months.
fn asked(at: At<'_>, new: &New<'_>, number: i64) -> Result<Commitment, Refusal> {
    let month = |text: &str, field: &'static str| -> Result<Timestamp, Refusal> {
        Ok(bills::month(at.desk, text).map_err(|it| it.of(field))?.from)
    };
    let from = match new.from {
        Some(text) => month(text, "from")?,
        None => at.desk.calendar.cycle(CycleKind::Month, at.now)?.to,
    };
    Ok(Commitment {
        account: new.account,
        number,
        amount: new.amount,
        from,
        until: new.until.map(|text| month(text, "until")).transpose()?,
        made: at.now,
        reason: new.reason.to_string(),
    })
}

/// The refusal, of the field at fault.
fn of_field(at: At<'_>, error: CommitmentError) -> Refusal {
    match error {
        CommitmentError::Past(from) => Refusal::Past(Over::Month(at.desk.calendar.month(from))).of("from"),
        CommitmentError::Backwards { from, until } => {
            Refusal::from(ContractError::Backwards { from, until }).of("until")
        }
        CommitmentError::Amount => Refusal::Sum("a commitment is at 0 or more").of("amount"),
    }
}

/// What is agreed with an account, and how the month that runs stands. Errors: `NotFound` without the account.
pub fn seen(tx: &mut Tx<'_>, at: At<'_>, account: AccountId) -> Result<Seen, Refusal> {
    let currency = accounts::get(tx, account)?.currency;
    let month = at.desk.calendar.cycle(CycleKind::Month, at.now)?;
    let all = commitments::of_account(tx, account, currency)?;
    let none = Money::zero(currency);
    let agreed = commitment::held(&all, month.from).map_or(none, |it| it.amount);
    // Of whoever agreed nothing no bill is read.
    let spent = if all.is_empty() { none } else { commitments::spent(tx, account, currency, &month)? };
    let missing = commitment::missing(agreed, spent)?.0;
    Ok(Seen { month, agreed, spent, missing, all })
}
