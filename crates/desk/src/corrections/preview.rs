//! What would follow from a correction: its bill, and the adjustments of the closed cycles that it touches.
//!
//! In:  a correction that was made in a transaction that is rolled back. Out: bills as they would be.
//! Invariant: this is the recount that the next close makes, on a wallet that has nothing; nothing of it is kept.

use super::ask::Made;
use super::prices;
use crate::{At, Desk, Refusal};
use billing::bill::Bill;
use billing::plan::Configs;
use billing::settle::{self, AccountCycle, Run};
use billing::wallet::Wallet;
use store::Tx;
use store::recounts::{self, Waiting};
use units::{AccountId, CycleKind};

/// The bills that would follow: that of a credit or debit, and adjustments, in the order of their cycles.
pub fn bills(tx: &mut Tx<'_>, desk: &Desk, made: &Made) -> Result<Vec<Bill<'static>>, Refusal> {
    let mut bills: Vec<Bill<'static>> = made.bill.iter().cloned().collect();
    for own in made.closed.chunk_by(|one, other| one.account == other.account) {
        for kind in CycleKind::ALL {
            let of_kind: Vec<Waiting> = own.iter().filter(|it| it.original.kind == kind).copied().collect();
            bills.extend(adjustments(tx, desk, own[0].account, &of_kind)?);
        }
    }
    Ok(bills)
}

/// The same, with what the job does later of corrections of the prices of all accounts.
pub fn all_bills(tx: &mut Tx<'_>, at: At<'_>, made: &Made) -> Result<Vec<Bill<'static>>, Refusal> {
    let mut all = bills(tx, at.desk, made)?;
    while let Some(closed) = prices::part(tx, at)? {
        all.extend(bills(tx, at.desk, &Made { closed, ..Made::default() })?);
    }
    Ok(all)
}

/// The adjustments of closed cycles of one kind.
fn adjustments(
    tx: &mut Tx<'_>,
    desk: &Desk,
    account: AccountId,
    closed: &[Waiting],
) -> Result<Vec<Bill<'static>>, Refusal> {
    let Some(last) = closed.last() else { return Ok(Vec::new()) };
    let mut configs = Configs::default();
    let found = recounts::read(tx, &desk.books, &mut configs, closed)?;
    let account = store::accounts::get(tx, account)?;
    let mut read = AccountCycle::new(Wallet::empty(account.id, account.currency), account.terms);
    read.recounts = found.into_iter().map(|it| it.1).collect();
    let cycle = last.original;
    let settled = settle::account(&read, &configs, Run { cycle, posted: cycle.to, watermark: cycle.to })?;
    Ok(settled.bills.into_iter().map(Bill::into_owned).collect())
}
