//! Credit lines: how much an account may owe before it counts as arrears, and when what it owes is collected.
//!
//! In:  what an operator agreed, a wallet, an instant. Out: what of it holds; what is collected now.
//! Invariant: credit is no money: it stands in no purse, and what is bought on it is owed.
//! Rules: R-ARR-9, T-32. Examples: scenarios/data/credit/.

use crate::wallet::Wallet;
use std::ops::RangeInclusive;
use units::calendar::{CalendarError, seconds_after};
use units::{AccountId, Calendar, CycleKind, Money, Timestamp};

/// The day of the month on which what is owed is collected, where nothing else is agreed.
pub const DAY: u8 = 10;
/// Days that every month has.
pub const DAYS: RangeInclusive<u8> = 1..=28;
const DAY_SECONDS: u64 = 86_400;

/// What was agreed with an account, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditLine {
    pub account: AccountId,
    pub limit: Money,
    /// Of the month, on which what is owed is collected.
    pub day: u8,
    pub since: Timestamp,
    /// When what is owed is collected next, whatever is left of the limit.
    pub collect: Timestamp,
    /// Since when it is withheld: what was owed could not be collected. It holds again once that is paid.
    pub withheld: Option<Timestamp>,
    pub reason: String,
}

impl CreditLine {
    /// What of it holds: nothing while it is withheld.
    pub fn holds(&self) -> Money {
        if self.withheld.is_some() { Money::zero(self.limit.currency()) } else { self.limit }
    }

    /// What is collected at `now`: all that is owed, on its day, or at once when less than nothing is available; otherwise nothing.
    ///
    /// Source: R-ARR-9.
    pub fn collects(&self, wallet: &Wallet, now: Timestamp) -> Result<Money, CalendarError> {
        let is_day = self.collect <= now && !self.is_past(now)?;
        let at_once = self.withheld.is_some() || wallet.available().is_negative();
        Ok(if is_day || at_once { wallet.owed() } else { Money::zero(self.limit.currency()) })
    }

    /// The same where its day is over, with the first day that is not: nobody looked at it in between. Source: R-ARR-9.
    pub fn upcoming(mut self, calendar: &Calendar, now: Timestamp) -> Result<CreditLine, CalendarError> {
        while self.is_past(now)? {
            self.collect = next(calendar, self.day, self.collect)?;
        }
        Ok(self)
    }

    /// Whether its day is over at `now`.
    pub fn is_past(&self, now: Timestamp) -> Result<bool, CalendarError> {
        Ok(seconds_after(self.collect, DAY_SECONDS)? <= now)
    }

    /// The same with the next day after `now` on which something is collected.
    pub fn collected(self, calendar: &Calendar, now: Timestamp) -> Result<CreditLine, CalendarError> {
        Ok(CreditLine { collect: next(calendar, self.day, now)?, ..self })
    }
}

/// The begin of the next such day of a month, later than `after`.
pub fn next(calendar: &Calendar, day: u8, after: Timestamp) -> Result<Timestamp, CalendarError> {
    let month = calendar.cycle(CycleKind::Month, after)?;
    let of = |begin: Timestamp| calendar.add_days(begin, u32::from(day).saturating_sub(1), begin);
    let this = of(month.from)?;
    if this > after { Ok(this) } else { of(calendar.next(&month)?.from) }
}

#[cfg(test)]
mod tests;
