//! Statements: the months of an account, and what each came to by product.
//!
//! In:  an account, months as `2026-06`. Out: sums of bills.
//! Invariant: a month is one of the settlement calendar; each level is the sum of the one below.
//! Rules: R-BIL-1, R-SET-7, R-TIM-5.

use super::{At, Desk, Refusal};
use billing::bill::{Bill, Sum};
use std::collections::BTreeMap;
use store::Tx;
use store::bills::{self, Span};
use units::{AccountId, Cycle, CycleKind, Timestamp};

/// A month of a statement: L0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    /// Such as `2026-06`.
    pub name: String,
    pub sum: Sum,
    /// Whether more may still come into it. Source: R-SET-7.
    pub estimate: bool,
}

/// The month that `text` names. Errors: `Calendar` for one that the calendar does not reach.
pub fn month(desk: &Desk, text: &str) -> Result<Cycle, Refusal> {
    Ok(desk.calendar.cycle(CycleKind::Month, desk.calendar.parse(&format!("{text}-01"))?)?)
}

/// The same as a span of use.
pub fn span(desk: &Desk, text: &str) -> Result<Span, Refusal> {
    let cycle = month(desk, text)?;
    Ok(Span { from: cycle.from, to: cycle.to })
}

/// L0: the months of an account that have bills, the newest first, those before the month `before`.
pub fn months(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    (before, count): (Option<&str>, usize),
) -> Result<Vec<Month>, Refusal> {
    let Some(ends) = bills::ends(tx, account)? else { return Ok(Vec::new()) };
    let mut cycle = at.desk.calendar.cycle(CycleKind::Month, ends.to)?;
    if let Some(before) = before {
        let bound = month(at.desk, before)?;
        if bound.from < cycle.to {
            cycle = earlier(at.desk, &bound)?;
        }
    }
    let mut found = Vec::new();
    while found.len() < count && cycle.to > ends.from {
        let sums = bills::sums(tx, account, Span { from: cycle.from, to: cycle.to })?;
        if let Some(first) = sums.first() {
            found.push(Month {
                name: at.desk.calendar.month(cycle.from),
                sum: Sum::of(sums.iter().map(|it| &it.2), first.2.total.currency())?,
                estimate: billing::bill::is_estimate(&cycle, at.now, &at.desk.calendar),
            });
        }
        cycle = earlier(at.desk, &cycle)?;
    }
    Ok(found)
}

/// The month before.
fn earlier(desk: &Desk, month: &Cycle) -> Result<Cycle, Refusal> {
    let last = Timestamp::from_second(month.from.as_second() - 1);
    let last = last.map_err(|_| Refusal::Time(month.from.to_string()))?;
    Ok(desk.calendar.cycle(CycleKind::Month, last)?)
}

/// L1: what a month came to, by product.
pub fn products(
    tx: &mut Tx<'_>,
    desk: &Desk,
    account: AccountId,
    month: &str,
) -> Result<BTreeMap<String, Sum>, Refusal> {
    let mut found: BTreeMap<String, Sum> = BTreeMap::new();
    for (product, _, sum) in bills::sums(tx, account, span(desk, month)?)? {
        let currency = sum.total.currency();
        let before = found.entry(product).or_insert(Sum::zero(currency));
        *before = Sum::of([&*before, &sum], currency)?;
    }
    Ok(found)
}

/// What the post-paid bills of a product and month come to: what `bill`, a precision credit or waiver, settles.
pub fn post_paid(tx: &mut Tx<'_>, bill: &Bill<'_>) -> Result<Sum, Refusal> {
    let all = bills::sums(tx, bill.account, Span { from: bill.from, to: bill.to })?;
    let counted = all.iter().filter(|it| it.0 == bill.product && it.1.is_post_paid());
    Ok(Sum::of(counted.map(|it| &it.2), bill.currency())?)
}
