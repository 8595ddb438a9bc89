//! Spending: what the months of budgets have come to, and who is told that a mark is crossed.
//!
//! In:  budgets of an account, a month. Out: spent and forecast of each; marks, noted on the sheet.
//! Invariant: the number of statements does not grow with the budgets; what is spent is what the costs of the month list, of a
//! project by project; an account without a budget is not looked at, and who shared what is read for budgets of projects alone.
//! Rules: R-SET-7, R-ALC-1, R-ALC-2.

use super::act::Act;
use super::lists::served;
use super::{At, Refusal, cost, going_on};
use billing::budget::{Budget, Figures, Known, Mark, Of};
use std::collections::{BTreeMap, BTreeSet};
use store::bills::{self, Span};
use store::{Tx, accounts, budgets, labels, notices};
use units::calendar::whole_second;
use units::{AccountId, Cycle, CycleKind, Timestamp};

/// A budget, and what a month has come to.
#[derive(Clone, Debug)]
pub struct Standing {
    pub budget: Budget,
    /// Such as `2026-06`.
    pub month: String,
    pub figures: Figures,
}

/// What a month has come to for budgets of one account.
pub fn standings(
    tx: &mut Tx<'_>,
    at: At<'_>,
    budgets: Vec<Budget>,
    month: Cycle,
) -> Result<Vec<Standing>, Refusal> {
    let Some(first) = budgets.first() else { return Ok(Vec::new()) };
    let owner = accounts::get(tx, first.account)?;
    let known = Known { month, until: whole_second(at.now) };
    let of_project = budgets.iter().any(|it| matches!(it.of, Of::Project(_)));
    let span = Span { from: month.from, to: month.to };
    let mut billed = bills::spent(tx, owner.id, span)?;
    if of_project {
        billed.extend(served::moved(tx, at, owner.id, span)?);
    }
    let coming = if month.contains(known.until) { cost::coming(tx, at, &owner)?.ok() } else { None };
    let projects = if of_project { labels::projects(tx, owner.id)? } else { BTreeMap::new() };
    let ahead = coming.and_then(|it| going_on::by_project(it, month, &projects).ok());
    let name = at.desk.calendar.month(month.from);
    let stand = |budget: Budget| {
        let figures = budget.figures(&billed, ahead.as_deref(), known)?;
        Ok(Standing { budget, month: name.clone(), figures })
    };
    budgets.into_iter().map(stand).collect()
}

/// Tells the owner which marks of its budgets are crossed: of this month, and of the one before while that is an estimate.
///
/// Each budget, month and mark once, whatever is changed meanwhile; of a month before the budget was made, nothing.
pub(super) fn tell(tx: &mut Tx<'_>, act: &mut Act<'_>, account: AccountId) -> Result<(), Refusal> {
    let all = budgets::of_account(tx, account)?;
    for month in months(act.at)? {
        let own: Vec<Budget> = all.iter().filter(|it| it.created < month.to).cloned().collect();
        if own.is_empty() {
            continue;
        }
        let name = act.at.desk.calendar.month(month.from);
        let told = notices::of_occasion(tx, account, &name)?;
        let told: BTreeSet<_> = told.iter().map(|it| (it.subject.as_str(), it.kind, it.threshold)).collect();
        let marks = standings(tx, act.at, own, month)?.into_iter().flat_map(|it| marks(it, act.at.now));
        let is_new = |it: &Mark| {
            let notice = it.notice();
            !told.contains(&(notice.subject.as_str(), notice.kind, notice.threshold))
        };
        act.sheet.marks.extend(marks.filter(is_new));
    }
    Ok(())
}

/// The month of now, and the one before for as long as its statement is an estimate.
fn months(at: At<'_>) -> Result<Vec<Cycle>, Refusal> {
    let calendar = &at.desk.calendar;
    let month = calendar.cycle(CycleKind::Month, at.now)?;
    let last = Timestamp::from_second(month.from.as_second() - 1)
        .map_err(|_| Refusal::Time(month.from.to_string()))?;
    let before = calendar.cycle(CycleKind::Month, last)?;
    let before = billing::bill::is_estimate(&before, at.now, calendar).then_some(before);
    Ok(before.into_iter().chain([month]).collect())
}

fn marks(standing: Standing, at: Timestamp) -> Vec<Mark> {
    let Standing { budget, month, figures } = standing;
    let crossed = budget.crossed(&figures).into_iter();
    let mark = |(measure, percent, reached)| Mark {
        budget: budget.clone(),
        month: month.clone(),
        measure,
        percent,
        reached,
        at,
    };
    crossed.map(mark).collect()
}
