//! What waits, what is wrong, and the money of today: where an operator begins.
//!
//! In:  a transaction at an instant. Out: counts and sums, those of nothing too.
//! Invariant: each figure is of a list or a gauge that has a page of its own; nothing is worked out in another way here.

use super::gauges::{self, Gauges};
use super::jobs::Job;
use super::lists::bills::month;
use super::{At, Refusal};
use std::collections::BTreeMap;
use store::bills::Span;
use store::{Tx, arrears, top_ups};
use units::{Currency, CycleKind, Money};

/// What is due for no longer than this is being done.
const MOMENT_SECONDS: u64 = 30;

/// What waits, what is wrong, and the money of today.
#[derive(Clone, Debug)]
pub struct Today {
    pub gauges: Gauges,
    /// Jobs that did not do what is due for longer than a moment, and for how many seconds.
    pub late: Vec<(Job, u64)>,
    /// How many accounts are in arrears and what they owe, one for each currency.
    pub arrears: Vec<(i64, Money)>,
    /// What was paid in since 00:00, granted money left out; one sum for each currency.
    pub money_in: Vec<Money>,
    /// Such as `2026-06`.
    pub month: String,
    /// What the bills of the month came to so far, corrections included; one sum for each currency.
    pub revenue: Vec<Money>,
}

/// Looks at all of it.
pub fn read(tx: &mut Tx<'_>, at: At<'_>) -> Result<Today, Refusal> {
    let midnight = at.desk.calendar.cycle(CycleKind::Day, at.now)?.from;
    let name = at.desk.calendar.month(at.now);
    let cycle = month(at.desk, &name)?;
    let mut revenue: BTreeMap<String, Money> = BTreeMap::new();
    for (of, sum) in store::bills::revenue::of_all(tx, Span { from: cycle.from, to: cycle.to })? {
        let currency: Currency = sum.total.currency();
        let before = revenue.entry(of.currency).or_insert(Money::zero(currency));
        *before = before.checked_add(sum.total)?;
    }
    let gauges = gauges::read(tx, at)?;
    let late = gauges.late.iter().filter(|it| it.1 > MOMENT_SECONDS).copied().collect();
    Ok(Today {
        gauges,
        late,
        arrears: arrears::sums(tx)?,
        money_in: top_ups::since(tx, midnight)?,
        month: name,
        revenue: revenue.into_values().collect(),
    })
}
