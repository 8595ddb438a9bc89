//! What purchases hold of vouchers: chosen, spread, and followed until it is spent or given back.
//!
//! In:  vouchers of accounts, orders of purchases as they are placed and as they come out. Out: what is to be written of vouchers.
//! Invariant: what of a voucher is held, spent or given back follows from its orders alone.
//! Rules: R-VOU-2 to R-VOU-5, R-PRV-2, sections 20 and 22.

use super::act::Act;
use super::sheet::{Sheet, VoucherRows};
use super::{At, Refusal};
use billing::account::Account;
use billing::order::Order;
use billing::voucher::choose::{self, Choice, Due};
use billing::voucher::hold::{self, Part, PartState};
use billing::voucher::{Voucher, ending};
use std::collections::{BTreeMap, BTreeSet};
use store::vouchers::{self, StoredVoucher};
use store::{Tx, orders};
use units::{AccountId, Calendar, CycleKind, Timestamp, VoucherId};

/// The vouchers of accounts that choices can be made among: those that can be used, and those that are named.
pub(super) fn read(
    tx: &mut Tx<'_>,
    choices: &[(AccountId, Choice<'_>)],
    now: Timestamp,
) -> Result<BTreeMap<AccountId, Vec<StoredVoucher>>, Refusal> {
    let automatic = choices.iter().filter(|it| it.1 == Choice::Automatic).map(|it| it.0);
    let mut found = vouchers::open(tx, automatic, now)?;
    let mut named = BTreeSet::new();
    for (account, choice) in choices {
        if let Choice::These(ids) = choice {
            named.extend(ids.iter().map(|id| (*account, *id)));
        }
    }
    if !named.is_empty() {
        for it in vouchers::get_all(tx, &named.into_iter().collect::<Vec<_>>())? {
            found.entry(it.voucher.account).or_default().push(it);
        }
    }
    Ok(found)
}

/// How the vouchers of one account are chosen for orders of one purchase.
#[derive(Debug)]
pub(super) struct Choosing<'a> {
    pub account: &'a Account,
    pub choice: Choice<'a>,
    /// As they were read; those that the purchase holds are as if it did not.
    pub drawer: Vec<StoredVoucher>,
}

/// What vouchers pay of orders, which say so from here on. Errors: what refuses a choice. Source: R-VOU-1 to R-VOU-5.
pub(super) fn hold(at: At<'_>, of: Choosing<'_>, orders: &mut [Order]) -> Result<VoucherRows, Refusal> {
    let all: Vec<Voucher> = of.drawer.iter().map(|it| it.voucher.clone()).collect();
    let Some(spend) = hold::spend(orders)? else { return Ok(VoucherRows::default()) };
    let due = Due { spend, now: at.now, limit: of.account.vouchers_per_order };
    let shares = choose::choose(&all, of.choice, due)?;
    let held = hold::spread(orders, &shares)?;
    let group = orders.first().map_or("", |it| it.group.as_str());
    let mut changed = Vec::with_capacity(shares.len());
    for it in of.drawer {
        if let Some(share) = shares.iter().find(|share| share.voucher == it.voucher.id) {
            let voucher = it.voucher.freeze(share.money, group)?;
            changed.push(StoredVoucher { voucher, version: it.version });
        }
    }
    Ok(VoucherRows { changed, held, ..VoucherRows::default() })
}

/// Purchases of a sheet of which something came out that vouchers pay.
pub(super) fn groups(sheet: &Sheet) -> BTreeSet<(AccountId, String)> {
    let all = sheet.placed.iter().map(|it| &it.order).chain(sheet.changed.iter().map(|it| &it.0));
    let came_out = |it: &&Order| {
        let paid = it.pieces.iter().filter(|piece| piece.voucher.is_positive());
        paid.map(|piece| hold::outcome(it, piece.resource)).any(|state| state != PartState::Held)
    };
    all.filter(came_out).map(|it| (it.account, it.group.clone())).collect()
}

/// What became of what vouchers pay of a purchase, by its orders as they stand. Source: R-VOU-5, R-PRV-2, section 20.
pub(super) fn follow(
    tx: &mut Tx<'_>,
    act: &mut Act<'_>,
    account: AccountId,
    group: &str,
) -> Result<(), Refusal> {
    let parts = vouchers::parts_of_batch(tx, account, group)?;
    if parts.iter().all(|it| it.state != PartState::Held) {
        return Ok(());
    }
    let batch = orders::of_batch(tx, account, group)?;
    let mut of_voucher: BTreeMap<VoucherId, Vec<(PartState, Part)>> = BTreeMap::new();
    for part in parts {
        let order = batch.iter().find(|it| it.order.id == part.order).map(|it| &it.order);
        let state = match (part.state, order) {
            (PartState::Held, Some(order)) => hold::outcome(order, part.piece),
            (PartState::Held | PartState::Spent | PartState::Returned, _) => part.state,
        };
        of_voucher.entry(part.voucher).or_default().push((part.state, Part { state, ..part }));
    }
    for read in vouchers::of_batch(tx, account, group)? {
        let Some(parts) = of_voucher.get(&read.voucher.id) else { continue };
        let done = parts.iter().filter(|it| it.0 == PartState::Held && it.1.state != PartState::Held);
        let done: Vec<Part> = done.map(|it| it.1.clone()).collect();
        if done.is_empty() {
            continue;
        }
        let voucher = read.voucher.follow(parts)?;
        act.sheet.vouchers.changed.push(StoredVoucher { voucher, version: read.version });
        act.sheet.vouchers.done.extend(done);
    }
    Ok(())
}

/// Tells an account of its vouchers that end soon; what was told before is not told again.
pub(super) fn remind(tx: &mut Tx<'_>, act: &mut Act<'_>, account: AccountId) -> Result<(), Refusal> {
    for it in vouchers::left(tx, account)? {
        act.sheet.notices.extend(ending::notice(&it.voucher, act.at.now)?);
    }
    Ok(())
}

/// The accounts that have vouchers which end soon.
pub(super) fn ending_soon(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<AccountId>, Refusal> {
    Ok(vouchers::ending(tx, now, ending::horizon(now)?)?)
}

/// When a run of reminders that was at `last` finds the next voucher that ends soon: at the first full hour from which on it is told.
pub(super) fn next_ending(
    tx: &mut Tx<'_>,
    calendar: &Calendar,
    last: Timestamp,
) -> Result<Option<Timestamp>, Refusal> {
    let hour = calendar.cycle(CycleKind::Hour, last)?;
    let Some(until) = vouchers::next_end(tx, ending::horizon(hour.from)?, ending::SECONDS)? else {
        return Ok(None);
    };
    let told = ending::told_at(until)?;
    let hour = calendar.cycle(CycleKind::Hour, told)?;
    Ok(Some(if hour.from == told { told } else { hour.to }))
}
