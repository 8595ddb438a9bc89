//! Budgets with what a month has come to.

use super::accounts::currency;
use super::bills;
use crate::page::{Page, Part};
use crate::spending::{self, Standing};
use crate::{At, Refusal};
use std::collections::HashMap;
use store::{Tx, budgets, projects};
use units::{AccountId, BudgetId, CycleKind, ProjectId};

/// Whose budgets, and in which month.
#[derive(Clone, Debug)]
pub struct Filter {
    pub account: AccountId,
    /// Such as `2026-06`; `None` for that of now.
    pub month: Option<String>,
}

/// Budgets that go on, by name, each with what the month has come to.
pub fn page(tx: &mut Tx<'_>, at: At<'_>, of: &Filter, part: &Part) -> Result<Page<Standing>, Refusal> {
    currency(tx, of.account)?;
    let all = budgets::of_account(tx, of.account)?;
    let page = Page::out_of(all, part, |it| it.id.to_string())?;
    let month = match &of.month {
        Some(month) => bills::month(at.desk, month).map_err(|it| it.of("month"))?,
        None => at.desk.calendar.cycle(CycleKind::Month, at.now)?,
    };
    Ok(Page { items: spending::standings(tx, at, page.items, month)?, next: page.next })
}

/// One budget in the month of now. Errors: `NotFound`, also for one that ended.
pub fn one(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, id: BudgetId) -> Result<Standing, Refusal> {
    let mut own = budgets::of_account(tx, account)?;
    own.retain(|it| it.id == id);
    let month = at.desk.calendar.cycle(CycleKind::Month, at.now)?;
    let found = spending::standings(tx, at, own, month)?.into_iter().next();
    found.ok_or_else(|| Refusal::missing(format!("budget {id}")))
}

/// What the projects of an account are called, for choosing one.
pub fn projects(tx: &mut Tx<'_>, account: AccountId) -> Result<HashMap<ProjectId, String>, Refusal> {
    let all = projects::page(tx, account, "zzz", usize::from(u16::MAX))?;
    Ok(all.into_iter().map(|it| (it.id, it.name)).collect())
}
