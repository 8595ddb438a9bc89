//! That a voucher ends soon: told once, a week before.
//!
//! In:  a voucher at an instant. Out: the notice that is due of it.
//! Invariant: the notice follows from the voucher alone, so that it is the same whenever it is looked for.

use super::{State, Voucher};
use crate::notice::{Notice, NoticeKind};
use units::Timestamp;
use units::calendar::{CalendarError, second_at, seconds_after};

/// So many days before its end.
pub const DAYS: i64 = 7;
/// The same in seconds.
pub const SECONDS: u32 = 7 * 86_400;

/// Vouchers that end up to then, and no sooner than `now`, may have a notice due. Errors: an instant that the calendar does not reach.
pub fn horizon(now: Timestamp) -> Result<Timestamp, CalendarError> {
    seconds_after(now, SECONDS.into())
}

/// When it is told. Errors: as `horizon`.
pub fn told_at(until: Timestamp) -> Result<Timestamp, CalendarError> {
    second_at(until.as_second().saturating_sub(SECONDS.into()))
}

/// The notice that is due at `now`, also one that was given before. `None` for what cannot be used or of which nothing is left, what
/// ends later or has ended, and what was issued for a week or less: that was told when it was issued.
///
/// Errors: as `horizon`.
pub fn notice(it: &Voucher, now: Timestamp) -> Result<Option<Notice>, CalendarError> {
    let (until, at) = (it.window.until, told_at(it.window.until)?);
    let is_usable = matches!(it.state_at(now), State::Unused | State::Frozen);
    let is_left = it.balance().is_ok_and(|it| it.is_positive());
    let is_due = at <= now && it.issued < at;
    Ok((is_usable && is_left && is_due).then(|| Notice {
        account: it.account,
        subject: it.id.to_string(),
        kind: NoticeKind::VoucherEnding,
        threshold: DAYS,
        occasion: until.to_string(),
        at,
    }))
}

#[cfg(test)]
mod tests;
