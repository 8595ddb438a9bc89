//! Arrears of an account: when they begin and when they end.
//!
//! In:  the balance after something moved. Out: since when the account is in arrears.
//! Invariant: freezes do not count; zero is not arrears.
//! Rules: R-WAL-2, R-ARR-1 to R-ARR-4, section 20.

use units::{Money, Timestamp};

/// `T0` after a movement at `now`: set when the balance falls below zero, cleared when it is not.
///
/// Source: R-ARR-1, 10.2 ("Grace returns to Normal at balance ≥ 0").
pub fn since(before: Option<Timestamp>, balance: Money, now: Timestamp) -> Option<Timestamp> {
    balance.is_negative().then(|| before.unwrap_or(now))
}

/// Whether what arrears stopped may run again: more than zero is needed. Source: R-ARR-3.
pub fn may_resume(balance: Money) -> bool {
    balance.is_positive()
}

/// New purchases are refused below zero, whatever would pay for them. Source: R-ARR-2.
pub fn blocks_purchase(balance: Money) -> bool {
    balance.is_negative()
}

/// Whether a movement may begin or end arrears, or let go on what they stopped. Source: R-ARR-1, R-ARR-3.
pub fn stirs(before: Money, after: Money) -> bool {
    blocks_purchase(before) != blocks_purchase(after) || (!may_resume(before) && may_resume(after))
}
