//! Money that a card brings by itself: when little is left, and when something is owed.
//!
//! In:  what the owner wants, how its wallet stands, what came by itself this month. Out: a sum, or until when nothing is asked.
//! Invariant: what comes by itself in a month is never more than its owner said; a card that was refused is left alone for a day.
//! Rules: R-ARR-9; "automatic top-up below a threshold with a monthly ceiling" is ours.

use super::limits::Limits;
use super::{CardError, Kind};
use units::{AccountId, CardId, Money, MoneyError};

/// Seconds for which a card is left alone that did not pay.
pub const AFTER_REFUSAL_SECONDS: u64 = 86_400;
/// Seconds after which a month that is used up is looked at again.
pub const AFTER_CEILING_SECONDS: u64 = 3_600;

/// Whether what is owed is collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collect {
    /// As soon as anything is owed.
    AtOnce,
    Never,
}

impl Collect {
    pub const ALL: [Collect; 2] = [Collect::AtOnce, Collect::Never];

    pub const fn as_str(self) -> &'static str {
        match self {
            Collect::AtOnce => "at_once",
            Collect::Never => "never",
        }
    }

    pub fn parse(text: &str) -> Option<Collect> {
        Collect::ALL.into_iter().find(|it| it.as_str() == text)
    }
}

/// What an owner wants to come by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    pub account: AccountId,
    pub card: CardId,
    /// Topped up when less than this is available; 0 for never.
    pub below: Money,
    /// By so much.
    pub amount: Money,
    /// At most so much by itself in a calendar month, collections included.
    pub ceiling: Money,
    pub collect: Collect,
}

/// How things stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub available: Money,
    pub owed: Money,
    /// What came by itself in this month, or is on its way.
    pub month: Money,
    /// What the gateway charges.
    pub limits: Limits,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Enough is there.
    Nothing,
    Pay(Kind, Money),
    /// The month is used up.
    Ceiling,
}

/// Checks what an owner wants. Errors: `Rule` with what is wrong; `Minimum`, `Fraction`.
pub fn checked(rule: Rule, limits: Limits) -> Result<Rule, CardError> {
    if rule.below.is_negative() || rule.below.is_zero() && rule.collect == Collect::Never {
        return Err(CardError::Rule(
            "below",
            "say below which sum to top up, above zero, or that debts are collected",
        ));
    }
    limits.check(rule.amount)?;
    if rule.ceiling.checked_cmp(rule.amount)?.is_lt() {
        return Err(CardError::Rule("ceiling", "a month takes one top-up at least: say the amount or more"));
    }
    Ok(rule)
}

/// What is to come by itself now. Debt comes first. Errors: `Currency`.
pub fn wanted(rule: &Rule, it: &Standing) -> Result<Wanted, MoneyError> {
    let left = rule.ceiling.checked_sub(it.month)?;
    if rule.collect == Collect::AtOnce && it.owed.is_positive() {
        // What is owed, or the least that a card pays: the rest stays in the wallet.
        let Limits { least, .. } = it.limits;
        let sum = if it.owed.checked_cmp(least)?.is_lt() { least } else { it.limits.up(it.owed)? };
        let sum = it.limits.down(sum.checked_min(left)?);
        return Ok(match sum.checked_cmp(least)?.is_lt() {
            true => Wanted::Ceiling,
            false => Wanted::Pay(Kind::Arrears, sum),
        });
    }
    let is_low = rule.below.is_positive() && it.available.checked_cmp(rule.below)?.is_lt();
    if !is_low {
        return Ok(Wanted::Nothing);
    }
    Ok(match rule.amount.checked_cmp(left)?.is_gt() {
        true => Wanted::Ceiling,
        false => Wanted::Pay(Kind::Automatic, rule.amount),
    })
}

#[cfg(test)]
mod tests;
