//! Auditing commitments: what each closed month lacks of what was agreed is billed, once, and nothing else is.
//!
//! In:  an account and its bills. Out: months whose bill is not what they lack.
//! Invariant: what counts as spent follows from the bills alone, so it is added up anew. Source: R-PRC-26.

use super::finding::Audit;
use crate::{Desk, Refusal};
use billing::account::Account;
use billing::bill::{Bill, Kind};
use billing::commitment::{self, Commitment};
use std::collections::BTreeMap;
use store::{Tx, commitments};
use units::{Cycle, CycleKind, Money, Timestamp};

/// Compares the months of an account that are closed, from the first one that something was agreed for.
pub(super) fn compare(
    tx: &mut Tx<'_>,
    desk: &Desk,
    account: &Account,
    bills: &[Bill<'_>],
    audit: &mut Audit,
) -> Result<(), Refusal> {
    let all = commitments::of_account(tx, account.id, account.currency)?;
    let own = bills.iter().filter(|it| it.kind == Kind::Commitment);
    let mut billed: BTreeMap<Timestamp, &Bill<'_>> = own.map(|it| (it.from, it)).collect();
    let none = Money::zero(account.currency);
    for month in closed(tx, desk, (account, all.as_slice()))? {
        let is = billed.remove(&month.from).map_or(none, |it| it.total);
        let says = match commitment::held(&all, month.from) {
            Some(held) => lacks(held.amount, bills, &month)?,
            None => none,
        };
        if says != is {
            let (id, name) = (account.id, desk.calendar.month(month.from));
            audit
                .differences
                .push(format!("account {id}: {name} lacks {says} of its commitment, {is} was billed of it"));
        }
    }
    let rest =
        billed.values().map(|it| format!("bill {}: nothing was agreed for a month that it closes", it.id));
    audit.differences.extend(rest);
    Ok(())
}

/// The months that are closed. Where an account waits for no month any more, all that something was agreed for are.
fn closed(
    tx: &mut Tx<'_>,
    desk: &Desk,
    (account, all): (&Account, &[Commitment]),
) -> Result<Vec<Cycle>, Refusal> {
    let Some(first) = all.iter().map(|it| it.from).min() else { return Ok(Vec::new()) };
    let settled = store::usage::settled_to(tx, account.id, CycleKind::Month)?;
    let Some(last) = settled.or(all.iter().filter_map(|it| it.until).max()) else { return Ok(Vec::new()) };
    let mut month = desk.calendar.cycle(CycleKind::Month, first)?;
    let mut found = Vec::new();
    while month.to <= last {
        found.push(month);
        month = desk.calendar.next(&month)?;
    }
    Ok(found)
}

/// What a month lacks of what was agreed.
fn lacks(agreed: Money, bills: &[Bill<'_>], month: &Cycle) -> Result<Money, Refusal> {
    let counted = bills.iter().filter(|it| commitment::counts(it, month)).map(|it| it.total);
    let spent = Money::sum(counted, agreed.currency())?;
    Ok(commitment::missing(agreed, spent)?.0)
}
