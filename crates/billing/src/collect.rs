//! Collection: what the bills of a run take, in three passes over the freezes.
//!
//! In:  a wallet, its freezes, bills. Out: the wallet after them, the transfers, freezes that changed.
//! Invariant: what the balance lost is the sum of the bills; of the freezes only the net is posted.
//! Rules: R-FRZ-2, R-SET-1, R-WAL-*, section 20.

use crate::bill::{Bill, Kind, Title};
use crate::passbook::{Passbook, Transfer};
use crate::run::{AccountCycle, Run};
use crate::wallet::{Freeze, Paid, Purses, Wallet};
use std::collections::BTreeMap;
use units::{BillId, FreezeId, MoneyError};

/// How what an adjustment corrects was paid, by the id of its bill: a credit goes back the same way. Source: R-SET-5.
pub type SoFar = BTreeMap<BillId, Paid>;

/// What a run leaves.
#[derive(Clone, Debug)]
pub struct Collected {
    pub wallet: Wallet,
    pub transfers: Vec<Transfer>,
    /// Those that changed.
    pub freezes: Vec<Freeze>,
}

/// Three passes: thaw, deduct in order, freeze again; only the net of the freezes is posted.
///
/// Errors: `BelowZero` when less is frozen than the freezes say, `Overflow` for a debt that does not fit.
/// Source: R-FRZ-2, R-SET-1 and section 20.
pub fn collect(
    read: &AccountCycle,
    bills: &mut [Bill<'_>],
    so_far: &SoFar,
    run: Run,
) -> Result<Collected, MoneyError> {
    let wallet = read.wallet;
    if bills.iter().all(|it| it.total.is_zero()) && read.freezes.iter().all(|it| it.held.total() == it.target)
    {
        return Ok(Collected { wallet, transfers: Vec::new(), freezes: Vec::new() });
    }
    let mut passbook = Passbook::with_room(wallet, run.posted, bills.len() + Purses::KINDS.len());
    let (kind, account) = (Kind::of_cycle(run.cycle.kind), wallet.account());
    let name = Title { account, kind, cycle: run.cycle, subject: 0 }.id();
    let held = Purses::sum(read.freezes.iter().map(|it| it.held), wallet.currency())?;
    passbook.thaw(held)?;
    passbook.pay_debt(name.bits());
    for bill in bills.iter_mut() {
        bill.paid = match so_far.get(&bill.id).filter(|_| bill.total.is_negative()) {
            Some(so_far) => passbook.credit(bill.total.checked_neg()?, *so_far, bill.id)?,
            None => passbook.settle(bill.total, bill.id)?,
        };
    }
    let mut freezes = Vec::with_capacity(read.freezes.len());
    for freeze in &read.freezes {
        let held = passbook.refreeze(freeze.target)?;
        if held != freeze.held {
            freezes.push(Freeze { held, ..*freeze });
        }
    }
    // An id is made from text, which takes long: only where there is something to name.
    if passbook.wallet().frozen() != wallet.frozen() {
        passbook.post_net(wallet.frozen(), FreezeId::named(run.posted, &name.to_string()))?;
    }
    let (after, transfers) = passbook.close();
    assert!(is_conserved(&wallet, bills, &after), "what the balance lost is the sum of the bills");
    Ok(Collected { wallet: after, transfers, freezes })
}

fn is_conserved(before: &Wallet, bills: &[Bill<'_>], after: &Wallet) -> bool {
    let taken: i128 = bills.iter().map(|it| i128::from(it.total.minor())).sum();
    let lost = i128::from(before.balance().minor()) - i128::from(after.balance().minor());
    lost == taken
}
