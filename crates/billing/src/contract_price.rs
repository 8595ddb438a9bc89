//! Contract prices: what one account pays for a component in place of what the price book says, from an instant on.
//!
//! In:  what an operator agrees with a customer, and when. Out: the price, or why not; when which of them hold.
//! Invariant: none begins or ends in the past, so nothing that was rated, paid or metered changes; one that was made later
//! stands above those before it.
//! Rules: R-PRC-22, R-PRC-6.

use crate::book::{Book, Conditions};
use crate::correction::{LONGEST_ID, LONGEST_REASON};
use std::sync::Arc;
use units::{AccountId, Amount, Timestamp};

/// A price that holds for one account alone, in `[from, until)`. Source: R-PRC-22.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractPrice {
    pub account: AccountId,
    /// Chosen by whoever agrees it, such as the number of a contract; one of its account.
    pub id: String,
    /// Counts those of the account: a higher one stands above a lower one.
    pub number: i64,
    pub product: String,
    pub component: String,
    /// The option values that it is for; all without any.
    pub when: Conditions,
    /// Where the tier or band begins that it is for; all of them without it.
    pub above: Option<String>,
    /// The price of what the book says that a price is per.
    pub amount: Amount,
    pub from: Timestamp,
    /// `None`: until it is ended.
    pub until: Option<Timestamp>,
    pub reason: String,
    pub made: Timestamp,
    /// Grows when it is ended otherwise.
    pub revision: i64,
}

/// Why a contract price is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContractError {
    #[error(
        "{0} is past; contract prices begin and end now or later, and what was used before is put right by a correction of prices"
    )]
    Past(Timestamp),
    #[error("it would end at {until}, before it begins at {from}")]
    Backwards { from: Timestamp, until: Timestamp },
    #[error(
        "a contract price has an id of 1 to {LONGEST_ID} visible characters, by which the same again is known"
    )]
    Id,
    #[error(
        "a contract price says why: write a reason of 1 to {LONGEST_REASON} characters, without control characters"
    )]
    Reason,
    #[error("{0}")]
    Unfit(String),
    #[error("it ended at {0} already")]
    Ended(Timestamp),
}

impl ContractPrice {
    /// Whether it may be agreed at `now`. Errors: `Past` for a begin before `now`; `Backwards`.
    pub fn check(&self, now: Timestamp) -> Result<(), ContractError> {
        if self.from < now {
            return Err(ContractError::Past(self.from));
        }
        match self.until {
            Some(until) if until <= self.from => Err(ContractError::Backwards { from: self.from, until }),
            _ => Ok(()),
        }
    }

    /// Ended at `until` instead of when it was to end; `None` for now. Ended there already, it stays as it is.
    ///
    /// Errors: `Past` for an end before `now`; `Ended` when its time is over.
    pub fn end(self, until: Option<Timestamp>, now: Timestamp) -> Result<ContractPrice, ContractError> {
        let over = self.until.filter(|it| *it <= now);
        // One that is ended before it begins never holds.
        let wanted = until.or(over).unwrap_or(now).max(self.from);
        if self.until == Some(wanted) {
            return Ok(self);
        }
        if let Some(over) = over {
            return Err(ContractError::Ended(over));
        }
        if wanted < now {
            return Err(ContractError::Past(wanted));
        }
        Ok(ContractPrice { until: Some(wanted), revision: self.revision + 1, ..self })
    }

    /// Whether both say the same but for when they were made, how they were counted, and that one was ended since.
    pub fn says_the_same(&self, other: &ContractPrice) -> bool {
        let told = |it: &ContractPrice| {
            let (product, component) = (it.product.clone(), it.component.clone());
            (product, component, it.when.clone(), it.above.clone(), it.amount, it.reason.clone())
        };
        told(self) == told(other)
    }

    /// Where a line that it prices says that its price is from.
    pub fn source(&self) -> String {
        format!("contract {}", self.id)
    }

    /// Whether it holds at an instant.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && self.until.is_none_or(|it| at < it)
    }
}

/// A while in which one version of the book and the same contract prices hold.
#[derive(Clone, Debug)]
pub struct Spell<'a> {
    pub version: &'a Arc<Book>,
    /// In the order in which they were made.
    pub prices: Vec<&'a ContractPrice>,
    pub from: Timestamp,
    pub until: Timestamp,
}

/// When which of an account's contract prices hold over `versions`, both in their order; whiles without any are left out.
///
/// A price change of the book cuts them, too. What holds at the begin of each with those made before it is there as a while that
/// lasts no time, since an order may have been placed by it. Source: R-PRC-22.
pub fn spells<'a>(versions: &'a [Arc<Book>], prices: &'a [ContractPrice]) -> Vec<Spell<'a>> {
    let begins = prices.iter().map(|it| it.from).chain(versions.iter().map(|it| it.from));
    let mut cuts: Vec<Timestamp> = begins.chain(prices.iter().filter_map(|it| it.until)).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut found = Vec::new();
    for (at, from) in cuts.iter().enumerate() {
        let until = cuts.get(at + 1).copied().unwrap_or(Timestamp::MAX);
        let held = prices.iter().filter(|it| it.holds(*from)).collect();
        found.extend(spell(versions, held, (*from, until)));
    }
    for (at, it) in prices.iter().enumerate() {
        let before = prices[..at].iter().filter(|other| other.holds(it.from));
        found.extend(spell(versions, before.chain([it]).collect(), (it.from, it.from)));
    }
    found
}

fn spell<'a>(
    versions: &'a [Arc<Book>],
    prices: Vec<&'a ContractPrice>,
    (from, until): (Timestamp, Timestamp),
) -> Option<Spell<'a>> {
    let later = versions.partition_point(|it| it.from <= from);
    let version = &versions[later.checked_sub(1)?];
    (!prices.is_empty()).then_some(Spell { version, prices, from, until })
}

#[cfg(test)]
mod tests;
