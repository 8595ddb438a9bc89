//! Opening freezes: taken anew for a resource that changes, given back for those that ended.
//!
//! In:  an account, a resource, what is to be held for it. Out: movements and freezes, noted on the sheet.
//! Invariant: a freeze is taken in full, or nothing changes.
//! Rules: R-FRZ-1, R-FRZ-2, R-FRZ-4.

use super::Refusal;
use super::act::Act;
use super::sheet::Moved;
use billing::order::OrderError;
use billing::passbook::{Passbook, Reason};
use billing::wallet::Freeze;
use store::accounts::{Held, Patience};
use store::{StoreError, Tx, accounts, ledger};
use units::{AccountId, FreezeId, Money, ResourceId};

/// Holds the wallet of one account. Errors: `NotFound`.
pub fn held(tx: &mut Tx<'_>, id: AccountId) -> Result<Held, Refusal> {
    let found = accounts::lock(tx, [id], Patience::Wait)?.remove(&id);
    Ok(found.ok_or_else(|| StoreError::NotFound(format!("account {id}")))?)
}

/// Gives back what was frozen for resources of an account that ended. Source: R-FRZ-2, R-FRZ-4.
pub fn give_back(
    tx: &mut Tx<'_>,
    act: &mut Act<'_>,
    account: AccountId,
    ended: &[ResourceId],
) -> Result<(), Refusal> {
    // The wallet first: a settlement that runs beside this changes what is held.
    let held = held(tx, account)?;
    let mut freezes = Vec::new();
    for id in ended {
        freezes.extend(ledger::freeze(tx, account, *id)?);
    }
    if freezes.is_empty() {
        return Ok(());
    }
    let mut passbook = Passbook::new(held.wallet.wallet, act.at.now);
    // Within the same second it may be held for once more, and given back again.
    let version = held.wallet.version;
    for it in freezes {
        let id = FreezeId::named(act.at.now, &format!("close {} {version}", it.resource));
        passbook.let_go(&it, Reason::Freeze(id), id.bits())?;
        act.sheet.thawed.push((account, it.resource));
    }
    act.sheet.moved.push(Moved { held, passbook });
    Ok(())
}

/// What is to be held for a resource.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    pub account: AccountId,
    pub resource: ResourceId,
    pub target: Money,
    /// The version that the resource was read with: it tells what moves from what moved for the same within the same second.
    pub version: i64,
}

impl Wanted {
    /// What names a movement that is to hold so much.
    fn name(self, act: &Act<'_>, what: &str) -> FreezeId {
        let Wanted { resource, target, version, .. } = self;
        FreezeId::named(act.at.now, &format!("{what} {resource} {} {version}", target.minor()))
    }
}

/// The same with a wallet that is open already, up to what there is of it: the next run fills what is short. `before` is what was
/// held so far. Source: R-FRZ-2.
pub fn retake(
    act: &mut Act<'_>,
    passbook: &mut Passbook,
    wanted: Wanted,
    before: Option<Freeze>,
) -> Result<(), Refusal> {
    let Wanted { account, resource: id, target, .. } = wanted;
    if is_held(before, target) {
        return Ok(());
    }
    let (from, to) = (wanted.name(act, "resize from"), wanted.name(act, "resize to"));
    if let Some(freeze) = before {
        passbook.let_go(&freeze, Reason::Freeze(from), from.bits())?;
    }
    let held = passbook.hold_up_to(target, Reason::Freeze(to))?;
    act.sheet.freezes.push((account, Freeze { resource: id, target, held }));
    Ok(())
}

/// Releases the freeze of a resource and takes one of `target` in full. Errors: `BalanceInsufficient`.
pub fn renew(tx: &mut Tx<'_>, act: &mut Act<'_>, wanted: Wanted) -> Result<(), Refusal> {
    let Wanted { account, resource: id, target, .. } = wanted;
    let held = held(tx, account)?;
    let before = ledger::freeze(tx, account, id)?;
    if is_held(before, target) {
        return Ok(());
    }
    let mut passbook = Passbook::new(held.wallet.wallet, act.at.now);
    take(act, &mut passbook, wanted, before)?;
    act.sheet.moved.push(Moved { held, passbook });
    Ok(())
}

/// The same with a wallet that is open already. `before` is what was held so far. Errors: `BalanceInsufficient`. Source: R-FRZ-1.
pub fn take(
    act: &mut Act<'_>,
    passbook: &mut Passbook,
    wanted: Wanted,
    before: Option<Freeze>,
) -> Result<(), Refusal> {
    let Wanted { account, resource: id, target, .. } = wanted;
    if is_held(before, target) {
        return Ok(());
    }
    let (from, to) = (wanted.name(act, "resize from"), wanted.name(act, "resize to"));
    if let Some(freeze) = before {
        passbook.let_go(&freeze, Reason::Freeze(from), from.bits())?;
    }
    let held = passbook.hold(target, Reason::Freeze(to)).map_err(OrderError::from)?;
    act.sheet.freezes.push((account, Freeze { resource: id, target, held }));
    Ok(())
}

/// Whether so much is to be held as before.
fn is_held(before: Option<Freeze>, target: Money) -> bool {
    before.map_or(target.is_zero(), |it| it.target == target)
}
