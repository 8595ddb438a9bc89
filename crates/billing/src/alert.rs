//! Balance alerts: when a customer is told that little is left.
//!
//! In:  the threshold, what is available, what was told before, the day. Out: what to remember, and
//! whether to tell now.
//! Invariant: one message a day, five days in a row at most; recovery arms it anew.
//! Rules: R-WAL-5. Examples: scenarios/data/wallet/.

use units::{Currency, Money, MoneyError, Timestamp};

/// Days in a row on which a customer is told.
pub const MOST_DAYS: i64 = 5;

/// The largest threshold: nine digits before the point.
pub const fn most(currency: Currency) -> Money {
    Money::from_minor(10_i64.pow(9 + currency.minor_digits()) - 1, currency)
}

/// What was told so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Messages since the balance last was high enough.
    pub days: i64,
    /// 00:00 of the day of the last message.
    pub last: Option<Timestamp>,
}

/// Tests `available < threshold`; 0 turns the alert off. The second part is the number of the message
/// to send. `today` is 00:00 of the day. Errors: `Currency`. Source: R-WAL-5, section 20.
pub fn test(
    threshold: Money,
    available: Money,
    told: Told,
    today: Timestamp,
) -> Result<(Told, Option<i64>), MoneyError> {
    if threshold.is_zero() || available.checked_cmp(threshold)?.is_ge() {
        // The day stays: recovery and relapse on one day are still one message.
        return Ok((Told { days: 0, last: told.last }, None));
    }
    if told.last == Some(today) || told.days >= MOST_DAYS {
        return Ok((told, None));
    }
    let days = told.days + 1;
    Ok((Told { days, last: Some(today) }, Some(days)))
}

#[cfg(test)]
mod tests;
