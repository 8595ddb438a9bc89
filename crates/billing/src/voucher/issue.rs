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

/// What is wanted of a voucher, or of those of a promotion code, as far as it can be read: what is `None` is not judged.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'a> {
    pub name: Option<&'a str>,
    pub face: Option<Money>,
    pub scope: &'a Scope,
    pub window: Option<Window>,
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

/// Everything that is wrong with what is wanted, in the order of its fields: `Invalid` of each at most once.
pub fn faults(of: Draft<'_>, now: Timestamp) -> Vec<VoucherError> {
    let lasting = of.window.map_or(Ok(()), |it| lasts(it, now));
    judged(of).into_iter().chain([lasting]).filter_map(Result::err).collect()
}

/// Each field but the time.
fn judged(of: Draft<'_>) -> [Result<(), VoucherError>; 7] {
    let scope = of.scope;
    [
        of.name.map_or(Ok(()), named),
        of.face.map_or(Ok(()), face),
        least(scope),
        months(scope),
        actions(scope),
        products(scope),
        regions(scope),
    ]
}

/// Name, face and scope of a voucher, or of the vouchers of a promotion code. Errors: `Currency`, `Invalid` of the first field.
pub(super) fn worth(name: &str, money: Money, scope: &Scope) -> Result<(), VoucherError> {
    money.checked_cmp(scope.min_spend)?;
    judged(Draft { name: Some(name), face: Some(money), scope, window: None }).into_iter().collect()
}

fn named(name: &str) -> Result<(), VoucherError> {
    let is_text = |it: &str| !it.trim().is_empty() && !it.chars().any(char::is_control);
    match is_text(name) && name.chars().count() <= LONGEST_NAME {
        true => Ok(()),
        false => invalid("name", "a voucher has a name of 1 to 60 characters; write it in one line"),
    }
}

fn face(money: Money) -> Result<(), VoucherError> {
    match money.is_positive() {
        true => Ok(()),
        false => invalid("amount", "a voucher is worth more than 0; write it like 100.00"),
    }
}

fn least(scope: &Scope) -> Result<(), VoucherError> {
    match scope.min_spend.is_negative() {
        true => invalid("min_spend", "what an order comes to at least is not below 0; leave it out for none"),
        false => Ok(()),
    }
}

fn months(scope: &Scope) -> Result<(), VoucherError> {
    match scope.most_months.is_some_and(|it| !(1..=MOST_MONTHS).contains(&it)) {
        true => invalid("max_months", "a voucher pays for 1 to 120 months; leave it out for any"),
        false => Ok(()),
    }
}

fn actions(scope: &Scope) -> Result<(), VoucherError> {
    match scope.modes == Modes::PostPaid && !scope.actions.is_empty() {
        true => {
            invalid("actions", "a voucher for what is paid after use pays for no orders; leave `actions` out")
        }
        false => Ok(()),
    }
}

fn products(scope: &Scope) -> Result<(), VoucherError> {
    match is_list(&scope.products) {
        true => Ok(()),
        false => invalid("products", "at most 50 products, each once, by their ids; leave it out for all"),
    }
}

fn regions(scope: &Scope) -> Result<(), VoucherError> {
    match is_list(&scope.regions) {
        true => Ok(()),
        false => invalid("regions", "at most 50 regions, each once, by their ids; leave it out for all"),
    }
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
