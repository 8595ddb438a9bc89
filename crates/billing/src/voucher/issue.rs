//! Issuing a voucher: what an operator says of it, and what is refused.
//!
//! In:  its face, scope and time. Out: the voucher, or the field that is wrong.
//! Invariant: nothing is issued that could never pay for anything.
//! Rules: R-VOU-1.

use super::{Modes, Scope, State, Voucher, VoucherError, Window};
use std::collections::BTreeSet;
use units::calendar::seconds_after;
use units::{AccountId, Currency, Money, PromotionId, Timestamp, VoucherId};

/// Characters of a name.
pub const LONGEST_NAME: usize = 60;
/// Products, or regions, of one scope.
pub const MOST_LISTED: usize = 50;
/// Days from its issue to its end.
pub const LONGEST_DAYS: u64 = 3_660;
/// Months that can be named as the longest that it pays for.
pub const MOST_MONTHS: u32 = 120;

/// A voucher that is to be issued.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    pub id: VoucherId,
    pub account: AccountId,
    /// In what the account pays.
    pub currency: Currency,
    pub name: &'a str,
    pub face: Money,
    pub scope: &'a Scope,
    pub window: Window,
    pub code: Option<PromotionId>,
}

/// A voucher that nothing was used of. Errors: `Invalid`, `Currency`.
pub fn issue(new: New<'_>, now: Timestamp) -> Result<Voucher, VoucherError> {
    new.face.checked_cmp(Money::zero(new.currency))?;
    worth(new.name, new.face, new.scope)?;
    lasts(new.window, now)?;
    let none = Money::zero(new.currency);
    Ok(Voucher {
        id: new.id,
        account: new.account,
        name: new.name.to_string(),
        face: new.face,
        scope: new.scope.clone(),
        window: new.window,
        state: State::Unused,
        held: none,
        spent: none,
        lapsed: none,
        group: None,
        issued: now,
        code: new.code,
    })
}

fn invalid<T>(field: &'static str, why: &'static str) -> Result<T, VoucherError> {
    Err(VoucherError::Invalid { field, why })
}

/// Name, face and scope of a voucher, or of the vouchers of a promotion code. Errors: `Invalid`, `Currency`.
pub(super) fn worth(name: &str, face: Money, scope: &Scope) -> Result<(), VoucherError> {
    if name.trim().is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return invalid("name", "a voucher has a name of 1 to 60 characters; write it in one line");
    }
    if !face.is_positive() {
        return invalid("amount", "a voucher is worth more than 0; write it like 100.00");
    }
    face.checked_cmp(scope.min_spend)?;
    if scope.min_spend.is_negative() {
        return invalid("min_spend", "what an order comes to at least is not below 0; leave it out for none");
    }
    if scope.most_months.is_some_and(|it| !(1..=MOST_MONTHS).contains(&it)) {
        return invalid("max_months", "a voucher pays for 1 to 120 months; leave it out for any");
    }
    if scope.modes == Modes::PostPaid && !scope.actions.is_empty() {
        return invalid(
            "actions",
            "a voucher for what is paid after use pays for no orders; leave `actions` out",
        );
    }
    if !is_list(&scope.products) {
        return invalid("products", "at most 50 products, each once, by their ids; leave it out for all");
    }
    if !is_list(&scope.regions) {
        return invalid("regions", "at most 50 regions, each once, by their ids; leave it out for all");
    }
    Ok(())
}

/// Words without a space, each once.
fn is_list(all: &[String]) -> bool {
    let is_word = |it: &String| {
        (1..=60).contains(&it.chars().count())
            && !it.contains(|at: char| at.is_whitespace() || at.is_control())
    };
    let each: BTreeSet<&String> = all.iter().collect();
    all.len() <= MOST_LISTED && each.len() == all.len() && all.iter().all(is_word)
}

/// Errors: `Invalid` for a time that is over, or ends before it begins, or in ten years. Source: section 22 (R-VOU-1).
pub(super) fn lasts(window: Window, now: Timestamp) -> Result<(), VoucherError> {
    if window.until <= window.from || window.until <= now {
        return invalid("until", "a voucher ends after it begins, and later than now; name a later time");
    }
    let last = seconds_after(now, LONGEST_DAYS * 86_400).unwrap_or(Timestamp::MAX);
    match window.until > last {
        true => invalid("until", "a voucher ends within ten years; name an earlier time"),
        false => Ok(()),
    }
}
