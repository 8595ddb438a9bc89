//! Choosing vouchers: which pay for something, and how much each.
//!
//! In:  the vouchers of an account, what is to be paid, how they were chosen. Out: a share of each, or why one is refused.
//! Invariant: shares add up to no more than what is to be paid, none is more than the balance of its voucher, and the order in which
//! vouchers are given does not matter.
//! Rules: R-VOU-2, R-VOU-3.

use super::{Spend, Voucher, VoucherError};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use units::{Money, MoneyError, Timestamp, VoucherId};

/// How somebody chooses vouchers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice<'a> {
    #[default]
    None,
    /// By the rule, as many as an order takes. Source: R-VOU-2.
    Automatic,
    These(&'a [VoucherId]),
}

/// What a voucher pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub voucher: VoucherId,
    pub money: Money,
}

/// What is to be paid, when, and how many vouchers an order of the account takes.
#[derive(Clone, Copy, Debug)]
pub struct Due<'a> {
    pub spend: Spend<'a>,
    pub now: Timestamp,
    pub limit: u32,
}

/// What each voucher pays, in the order in which they pay; nothing of one that is not needed.
///
/// Errors: of vouchers that were named, `TooMany`, `Twice`, `Missing`, `Unfit`. Source: R-VOU-1 to R-VOU-3.
pub fn choose(vouchers: &[Voucher], choice: Choice<'_>, due: Due<'_>) -> Result<Vec<Share>, VoucherError> {
    let fits = |it: &&Voucher| it.fit(&due.spend, due.now).is_ok();
    match choice {
        Choice::None => Ok(Vec::new()),
        Choice::Automatic => {
            let open: Vec<&Voucher> = vouchers.iter().filter(fits).collect();
            Ok(pick(open, due.spend.total, due.limit)?)
        }
        Choice::These(ids) => Ok(pick(named(vouchers, ids, due)?, due.spend.total, due.limit)?),
    }
}

/// The vouchers that somebody named. Errors: `TooMany`, `Twice`, `Missing`, `Unfit`.
fn named<'a>(
    vouchers: &'a [Voucher],
    ids: &[VoucherId],
    due: Due<'_>,
) -> Result<Vec<&'a Voucher>, VoucherError> {
    let mut seen = BTreeSet::new();
    if let Some(twice) = ids.iter().find(|it| !seen.insert(**it)) {
        return Err(VoucherError::Twice(*twice));
    }
    if ids.len() > usize::try_from(due.limit).unwrap_or(usize::MAX) {
        return Err(VoucherError::TooMany { chosen: ids.len(), most: due.limit });
    }
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let it = vouchers.iter().find(|it| it.id == *id).ok_or(VoucherError::Missing(*id))?;
        it.fit(&due.spend, due.now).map_err(|why| VoucherError::Unfit { voucher: *id, why })?;
        found.push(it);
    }
    Ok(found)
}

/// Again and again: the earliest end; then what can pay more of what is left; then the smaller balance. Source: R-VOU-2.
fn pick(mut open: Vec<&Voucher>, total: Money, limit: u32) -> Result<Vec<Share>, MoneyError> {
    let (mut left, mut shares) = (total, Vec::new());
    for _ in 0..limit {
        if !left.is_positive() {
            break;
        }
        let mut ranked = Vec::with_capacity(open.len());
        for (at, it) in open.iter().enumerate() {
            let balance = it.balance()?;
            let money = balance.checked_min(left)?;
            ranked.push(((it.window.until, Reverse(money.minor()), balance.minor(), it.id), at, money));
        }
        let best = ranked.into_iter().filter(|it| it.2.is_positive()).min_by_key(|it| it.0);
        let Some((_, at, money)) = best else { break };
        shares.push(Share { voucher: open.swap_remove(at).id, money });
        left = left.checked_sub(money)?;
    }
    Ok(shares)
}
