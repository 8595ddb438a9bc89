//! Spending: what the months of budgets have come to, and who is told that a mark is crossed.
//!
//! In:  budgets of an account, a month. Out: spent and forecast of each; marks, noted on the sheet.
//! Invariant: the number of statements does not grow with the budgets; what is spent is what the costs of the month list, of a
//! project by project; an account without a budget is not looked at, and who shared what is read for budgets of projects alone: what
//! cannot be read of it takes nothing from the others.
//! Rules: R-SET-7, R-ALC-1, R-ALC-2.

use super::act::Act;
use super::lists::served::Served;
use super::{At, Refusal, cost, going_on};
use billing::budget::{Ahead, Budget, Figures, Known, Mark, Of, Part};
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
    let Some(looked) = Looked::at(tx, at, &budgets, month)? else { return Ok(Vec::new()) };
    let by_project = looked.by_project(tx, at)?;
    budgets.into_iter().map(|it| looked.standing(it, by_project.as_deref())).collect()
}

/// What is known of a month of an account before anybody asks who shared what.
struct Looked {
    known: Known,
    name: String,
    billed: Vec<Part>,
    ahead: Option<Vec<Ahead>>,
    /// Nothing where no budget is of a project.
    served: Served,
}

impl Looked {
    /// For budgets of one account; `None` without any.
    fn at(tx: &mut Tx<'_>, at: At<'_>, budgets: &[Budget], month: Cycle) -> Result<Option<Looked>, Refusal> {
        let Some(first) = budgets.first() else { return Ok(None) };
        let owner = accounts::get(tx, first.account)?;
        let known = Known { month, until: whole_second(at.now) };
        let span = Span { from: month.from, to: month.to };
        let billed = bills::spent(tx, owner.id, span)?;
        let (served, projects) = match budgets.iter().any(|it| matches!(it.of, Of::Project(_))) {
            true => (Served::of(tx, at, owner.id, span)?, labels::projects(tx, owner.id)?),
            false => (Served::nothing(owner.id), BTreeMap::new()),
        };
        let coming = if month.contains(known.until) { cost::coming(tx, at, &owner)?.ok() } else { None };
        let ahead = coming.and_then(|it| going_on::by_project(it, month, &projects).ok());
        let name = at.desk.calendar.month(month.from);
        Ok(Some(Looked { known, name, billed, ahead, served }))
    }

    /// What was billed, by the projects that it is for. `None` where a closed cycle cannot be rated any more.
    fn by_project(&self, tx: &mut Tx<'_>, at: At<'_>) -> Result<Option<Vec<Part>>, Refusal> {
        let moved = self.served.moved(tx, at)?;
        Ok(moved.map(|it| self.billed.iter().cloned().chain(it).collect()))
    }

    fn standing(&self, budget: Budget, by_project: Option<&[Part]>) -> Result<Standing, Refusal> {
        let billed = match budget.of {
            Of::Project(_) => by_project,
            Of::Account | Of::Product(_) => Some(self.billed.as_slice()),
        };
        let figures = budget.figures(billed, self.ahead.as_deref(), self.known)?;
        Ok(Standing { budget, month: self.name.clone(), figures })
    }

    /// Whether a budget of a project may have crossed a mark that is new: none has more of what is shared than all of it.
    fn may_cross(&self, budgets: &[Budget], is_new: impl Fn(&Mark) -> bool) -> Result<bool, Refusal> {
        for budget in budgets {
            let Of::Project(project) = budget.of else { continue };
            let total = self.served.most(budget.amount.currency())?;
            let most = Part { product: String::new(), project: Some(project), total };
            let billed: Vec<Part> = self.billed.iter().cloned().chain([most]).collect();
            let standing = self.standing(budget.clone(), Some(&billed))?;
            if marks(standing, self.known.until).iter().any(&is_new) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// How far it is looked who is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Who shared what is read as well, which is all of the month anew.
    Shares,
    /// Budgets of projects wait in months of which something is shared.
    Rows,
}

/// Tells the owner which marks of its budgets are crossed: of this month, and of the one before while that is an estimate.
///
/// Each budget, month and mark once, whatever is changed meanwhile; of a month before the budget was made, nothing.
pub(super) fn tell(
    tx: &mut Tx<'_>,
    act: &mut Act<'_>,
    account: AccountId,
    reach: Reach,
) -> Result<(), Refusal> {
    let all = budgets::of_account(tx, account)?;
    for month in months(act.at)? {
        let own: Vec<Budget> = all.iter().filter(|it| it.created < month.to).cloned().collect();
        let Some(looked) = Looked::at(tx, act.at, &own, month)? else { continue };
        let told = notices::of_occasion(tx, account, &looked.name)?;
        let told: BTreeSet<_> = told.iter().map(|it| (it.subject.as_str(), it.kind, it.threshold)).collect();
        let is_new = |it: &Mark| {
            let notice = it.notice();
            !told.contains(&(notice.subject.as_str(), notice.kind, notice.threshold))
        };
        let is_split =
            looked.served.is_nothing() || (reach == Reach::Shares && looked.may_cross(&own, is_new)?);
        let by_project = if is_split { looked.by_project(tx, act.at)? } else { None };
        for it in own {
            let crossed = marks(looked.standing(it, by_project.as_deref())?, act.at.now);
            act.sheet.marks.extend(crossed.into_iter().filter(is_new));
        }
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
