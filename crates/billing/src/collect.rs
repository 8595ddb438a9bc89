//! Collection: what the bills of a run take, in three passes over the freezes.
//!
//! In:  a wallet, its freezes, bills. Out: the wallet after them, the transfers, freezes that changed.
//! Invariant: what the balance lost and vouchers paid is the sum of the bills; of the freezes only the net is posted.
//! Rules: R-FRZ-2, R-SET-1, R-WAL-*, section 20.

use crate::bill::{Bill, Kind, Title};
use crate::passbook::{Passbook, Reason, Transfer};
use crate::run::{AccountCycle, Redeemed, Run};
use crate::voucher::choose::{self, Choice, Due};
use crate::voucher::{Mode, Regions, Spend, Voucher, VoucherError};
use crate::wallet::{Freeze, Paid, Purses, Wallet};
use std::collections::BTreeMap;
use units::{BillId, FreezeId, Money, MoneyError};

/// How what an adjustment corrects was paid, by the id of its bill: a credit goes back the same way. Source: R-SET-5.
pub type SoFar = BTreeMap<BillId, Paid>;

/// What a run leaves.
#[derive(Clone, Debug)]
pub struct Collected {
    pub wallet: Wallet,
    pub transfers: Vec<Transfer>,
    /// Those that changed.
    pub freezes: Vec<Freeze>,
    /// Those of which something was used, and what of which bill.
    pub vouchers: Vec<Voucher>,
    pub redeemed: Vec<Redeemed>,
}

/// Three passes: thaw, deduct in order, freeze again; only the net of the freezes is posted. Vouchers pay before money does.
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
        return Ok(Collected::nothing(wallet));
    }
    let mut passbook =
        Passbook::with_room(wallet, run.posted, bills.len() + Purses::KINDS.len()).on_debts(read.granted);
    let (kind, account) = (Kind::of_cycle(run.cycle.kind), wallet.account());
    let name = Title { account, kind, cycle: run.cycle, subject: 0 }.id();
    let held = Purses::sum(read.freezes.iter().map(|it| it.held), wallet.currency())?;
    passbook.thaw(held)?;
    passbook.pay_debt(name.bits());
    let mut drawer = Drawer { limit: read.voucher_limit, all: read.vouchers.clone(), redeemed: Vec::new() };
    for bill in bills.iter_mut() {
        let by_vouchers = drawer.pay(bill, run).map_err(of_vouchers)?;
        passbook.redeem(by_vouchers, Reason::Bill(bill.id));
        let due = bill.total.checked_sub(by_vouchers)?;
        bill.paid = match so_far.get(&bill.id).filter(|_| due.is_negative()) {
            Some(so_far) => passbook.credit(due.checked_neg()?, *so_far, bill.id)?,
            None => passbook.settle(due, bill.id)?,
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
    let by_vouchers = drawer.redeemed.iter().map(|it| it.money);
    assert!(
        is_conserved(&wallet, &after, bills, by_vouchers),
        "what the balance lost and vouchers paid is the sum of the bills"
    );
    let used = |it: &Voucher| drawer.redeemed.iter().any(|redeemed| redeemed.voucher == it.id);
    let vouchers = drawer.all.iter().filter(|it| used(it)).cloned().collect();
    Ok(Collected { wallet: after, transfers, freezes, vouchers, redeemed: drawer.redeemed })
}

impl Collected {
    /// Nothing moves.
    const fn nothing(wallet: Wallet) -> Collected {
        Collected {
            wallet,
            transfers: Vec::new(),
            freezes: Vec::new(),
            vouchers: Vec::new(),
            redeemed: Vec::new(),
        }
    }
}

/// Vouchers of an account, and what they paid so far.
struct Drawer {
    limit: u32,
    all: Vec<Voucher>,
    redeemed: Vec<Redeemed>,
}

impl Drawer {
    /// What vouchers pay of a bill, which are less by it from here on. A new bill is not old debt: they pay in arrears too.
    ///
    /// Source: section 22 (R-PAY-1, R-PKG-19, R-VOU-1).
    fn pay(&mut self, bill: &Bill<'_>, run: Run) -> Result<Money, VoucherError> {
        let mut paid = Money::zero(bill.currency());
        if self.all.is_empty() || !bill.kind.is_post_paid() || !bill.total.is_positive() {
            return Ok(paid);
        }
        let spend = Spend {
            product: &bill.product,
            regions: Regions::One(&bill.region),
            mode: Mode::PostPaid,
            action: None,
            months: 0,
            total: bill.total,
            orders: 1,
        };
        let due = Due { spend, now: run.cycle.to, limit: self.limit };
        for share in choose::choose(&self.all, Choice::Automatic, due)? {
            for it in self.all.iter_mut().filter(|it| it.id == share.voucher) {
                *it = it.clone().spend(share.money)?;
            }
            self.redeemed.push(Redeemed { voucher: share.voucher, bill: bill.id, money: share.money });
            paid = paid.checked_add(share.money)?;
        }
        Ok(paid)
    }
}

/// Nobody chose these vouchers: what is refused is a sum.
fn of_vouchers(error: VoucherError) -> MoneyError {
    if let VoucherError::Money(error) = error { error } else { MoneyError::BelowZero }
}

fn is_conserved(
    before: &Wallet,
    after: &Wallet,
    bills: &[Bill<'_>],
    by_vouchers: impl Iterator<Item = Money>,
) -> bool {
    let total: i128 = bills.iter().map(|it| i128::from(it.total.minor())).sum();
    let redeemed: i128 = by_vouchers.map(|it| i128::from(it.minor())).sum();
    let lost = i128::from(before.balance().minor()) - i128::from(after.balance().minor());
    lost + redeemed == total
}
