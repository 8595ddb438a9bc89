//! What all accounts are billed, by months: news of it added to its sums.
//!
//! In:  a transaction, the desk at an instant. Out: news that became part of the sums of their months.
//! Invariant: sums and news together are all bills, whenever they are read. Rules: R-BIL-1.

use super::{At, Desk, Refusal, later};
use billing::kept::Figures;
use std::collections::BTreeMap;
use store::Tx;
use store::bills::news::{self, RevenueOf};
use store::bills::revenue;
use units::{Calendar, CycleKind, Timestamp};

/// So much behind the end of an hour news are added to the sums.
const AFTER_SECONDS: u64 = 1_200;
/// News of one transaction.
const NEWS: i64 = 5_000;

/// When news are to be added to the sums next.
pub(crate) fn next_due(tx: &mut Tx<'_>, desk: &Desk) -> Result<Option<Timestamp>, Refusal> {
    let Some(oldest) = news::oldest(tx)? else { return Ok(None) };
    Ok(Some(later(desk.calendar.cycle(CycleKind::Hour, oldest.made())?.to, AFTER_SECONDS)))
}

/// Adds news to the sums of their months when they are due, so many in one transaction. How many there were.
pub fn fold(tx: &mut Tx<'_>, at: At<'_>) -> Result<usize, Refusal> {
    if next_due(tx, at.desk)?.is_none_or(|due| due > at.now) {
        return Ok(0);
    }
    let found = news::first(tx, NEWS)?;
    let count = found.len();
    let mut sums = BTreeMap::new();
    let mut gone = Vec::with_capacity(count);
    for it in found {
        add(&at.desk.calendar, &mut sums, it.of, &it.figures)?;
        gone.push(it.bill);
    }
    revenue::fold(tx, &sums, gone)?;
    Ok(count)
}

fn add(
    calendar: &Calendar,
    sums: &mut BTreeMap<RevenueOf, Figures>,
    of: RevenueOf,
    figures: &Figures,
) -> Result<(), Refusal> {
    let from = calendar.cycle(CycleKind::Month, of.from)?.from;
    let before = sums.entry(RevenueOf { from, ..of }).or_default();
    *before = before.and(figures)?;
    Ok(())
}

/// What is kept of all accounts, and what their bills say.
pub(crate) fn differences(tx: &mut Tx<'_>, desk: &Desk) -> Result<Vec<String>, Refusal> {
    let (mut is, mut says) = (BTreeMap::new(), BTreeMap::new());
    for (of, figures) in revenue::everything(tx)? {
        add(&desk.calendar, &mut is, of, &figures)?;
    }
    for (of, figures) in revenue::billed(tx)? {
        add(&desk.calendar, &mut says, of, &figures)?;
    }
    let all = says.keys().chain(is.keys().filter(|it| !says.contains_key(it)));
    let differing = all.filter(|it| is.get(it) != says.get(it));
    let print = |of: &RevenueOf| {
        format!("kept revenue of {of:?} says {:?}, the bills {:?}", is.get(of), says.get(of))
    };
    Ok(differing.map(print).collect())
}
