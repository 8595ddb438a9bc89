//! Auditing what came late: closed cycles rated once more, as if nothing of it had been billed since.
//!
//! In:  an account and its bills. Out: cycles, of late use or corrected by people, whose bills and adjustments do not add up to what they come to.
//! Invariant: bills and adjustments of a cycle add up, to 1e-8, to what all that is known of it costs; so a recount of it
//! finds nothing to bill. A cycle that waits for the next close is left out. Nothing is written.
//! Source: R-SET-5.

use super::finding::Audit;
use crate::{Desk, Refusal, corrections};
use billing::account::Account;
use billing::bill::{Bill, Kind};
use billing::plan::Configs;
use billing::settle::{self, AccountCycle, Run};
use billing::wallet::Wallet;
use std::collections::BTreeSet;
use store::Tx;
use store::corrections::prices;
use store::recounts::{self, Waiting};
use units::{Cycle, CycleKind, Timestamp};

/// Compares the closed cycles of an account that something came late for.
pub(super) fn compare(
    tx: &mut Tx<'_>,
    desk: &Desk,
    account: &Account,
    bills: &[Bill<'_>],
    audit: &mut Audit,
) -> Result<(), Refusal> {
    let rated = rated(tx, desk, account, bills)?;
    let older: BTreeSet<(Timestamp, Timestamp)> = bills
        .iter()
        .filter(|it| audit.older.contains(&it.id.to_string()))
        .filter_map(|it| it.original)
        .collect();
    for kind in CycleKind::ALL {
        let waiting: BTreeSet<Waiting> = recounts::of_account(tx, account.id, kind)?.into_iter().collect();
        let settled = |it: &&Waiting| {
            let original = (it.original.from, it.original.to);
            it.original.kind == kind && !waiting.contains(it) && !older.contains(&original)
        };
        let all: Vec<Waiting> = rated.iter().filter(settled).copied().collect();
        let mut configs = Configs::default();
        let found = recounts::read(tx, &desk.books, &mut configs, &all)?;
        let wallet = Wallet::empty(account.id, account.currency);
        let mut read = AccountCycle::new(wallet, account.terms);
        read.recounts = found.into_iter().map(|it| it.1).collect();
        let Some(run) = all.last().map(|it| run_of(it.original)) else { continue };
        match settle::account(&read, &configs, run) {
            Ok(made) => differ(&made.bills, audit),
            Err(error) => {
                let id = account.id;
                audit.differences.push(format!("account {id}: late use cannot be settled again: {error}"));
            }
        }
    }
    Ok(())
}

/// The closed cycles that something came late for: readings say so, changes of state, and adjustments.
fn rated(
    tx: &mut Tx<'_>,
    desk: &Desk,
    account: &Account,
    bills: &[Bill<'_>],
) -> Result<BTreeSet<Waiting>, Refusal> {
    let account = account.id;
    let mut rated = BTreeSet::new();
    for (resource, at, kinds) in store::usage::late(tx, account)? {
        for kind in kinds {
            let original = desk.calendar.cycle(kind, at)?;
            for resource in [Some(resource), None] {
                rated.insert(Waiting { account, original, resource });
            }
        }
    }
    for it in store::resources::events_of_account(tx, account)? {
        for kind in &it.late {
            let mut original = desk.calendar.cycle(*kind, it.happened())?;
            while original.to <= it.at {
                rated.extend([Some(it.resource), None].map(|resource| Waiting {
                    account,
                    original,
                    resource,
                }));
                original = desk.calendar.next(&original)?;
            }
        }
    }
    for it in prices::of_account(tx, account)? {
        rated.extend(corrections::prices::touched(tx, desk, account, &it)?);
    }
    for bill in bills.iter().filter(|it| it.kind == Kind::Adjustment) {
        let Some((from, to)) = bill.original else { continue };
        for kind in CycleKind::ALL {
            let original = desk.calendar.cycle(kind, from)?;
            if (original.from, original.to) == (from, to) {
                rated.insert(Waiting { account, original, resource: bill.resource });
            }
        }
    }
    Ok(rated)
}

/// Any run: nothing but what came late is in it.
const fn run_of(cycle: Cycle) -> Run {
    Run { cycle, posted: cycle.to, watermark: cycle.to }
}

fn differ(made: &[Bill<'_>], audit: &mut Audit) {
    for bill in made.iter().filter(|it| it.kind == Kind::Adjustment) {
        let whose = bill.resource.map_or_else(|| format!("a sum of {}", bill.product), |it| it.to_string());
        let cycle = bill.original.map_or_else(String::new, |it| format!("{} to {}", it.0, it.1));
        audit.differences.push(format!(
            "the cycle {cycle} of {whose}: all that is known of it costs {} e-8 more than was billed",
            bill.amount_e8
        ));
    }
}
