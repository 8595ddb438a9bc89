//! Budgets: made, changed, ended.
//!
//! In:  what an account means to spend in a month. Out: the budget; what is crossed already is told at once.
//! Invariant: names are unique among the budgets of an account that go on; one that ended is looked at no more.

use super::after::{self, Consequence};
use super::spending::Reach;
use super::{At, Refusal};
use billing::budget::{self, Budget, BudgetError, MOST, Marks, Of};
use store::accounts::Patience;
use store::{Tx, accounts, budgets, projects};
use units::{AccountId, BudgetId, Money};

/// A budget that is to be made.
#[derive(Clone, Debug)]
pub struct New<'a> {
    pub account: AccountId,
    pub name: &'a str,
    pub of: Of,
    pub amount: Money,
    pub marks: Marks,
    /// What tells it from others.
    pub token: &'a str,
}

/// Makes a budget. Errors: a name that another has, an amount that is not above zero, more budgets than an account may have;
/// `NotFound` for a project that is not there, `UnknownProduct`.
pub fn open(tx: &mut Tx<'_>, at: At<'_>, new: New<'_>) -> Result<Budget, Refusal> {
    let New { account, name, of, amount, marks, token } = new;
    accounts::get(tx, account)?;
    let there = held(tx, account)?;
    let made = Budget {
        id: BudgetId::named(at.now, &format!("{account} {token} {name}")),
        account,
        name: named(name, None, &there)?,
        of: known(tx, at, account, of)?,
        amount: budget::amount(amount)?,
        marks,
        created: at.now,
        ended: None,
    };
    if there.len() >= MOST {
        return Err(BudgetError::TooMany(there.len()).into());
    }
    budgets::add(tx, &made)?;
    after::look(tx, at, account, Consequence::Budgets(account, Reach::Shares))?;
    Ok(made)
}

/// What is to change of a budget; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub name: Option<String>,
    pub amount: Option<Money>,
    pub marks: Option<Marks>,
}

/// A budget and whose it is.
#[derive(Clone, Copy, Debug)]
pub struct Own {
    pub account: AccountId,
    pub id: BudgetId,
}

/// Changes a budget. What was told of the month is not told again. Errors: `NotFound`; those of a new one.
pub fn change(tx: &mut Tx<'_>, at: At<'_>, own: Own, change: Change) -> Result<Budget, Refusal> {
    let there = held(tx, own.account)?;
    let before = one(&there, own.id)?;
    let changed = Budget {
        name: change.name.map_or(Ok(before.name.clone()), |it| named(&it, Some(own.id), &there))?,
        amount: change.amount.map_or(Ok(before.amount), budget::amount)?,
        marks: change.marks.unwrap_or_else(|| before.marks.clone()),
        ..before.clone()
    };
    budgets::save(tx, &changed)?;
    after::look(tx, at, own.account, Consequence::Budgets(own.account, Reach::Shares))?;
    Ok(changed)
}

/// Ends a budget. Errors: `NotFound`, also for one that ended before.
pub fn end(tx: &mut Tx<'_>, at: At<'_>, own: Own) -> Result<Budget, Refusal> {
    let there = held(tx, own.account)?;
    let ended = Budget { ended: Some(at.now), ..one(&there, own.id)?.clone() };
    budgets::save(tx, &ended)?;
    Ok(ended)
}

/// The budgets of an account, which nobody else changes until `tx` ends.
fn held(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Budget>, Refusal> {
    accounts::lock(tx, [account], Patience::Wait)?;
    Ok(budgets::of_account(tx, account)?)
}

fn one(all: &[Budget], id: BudgetId) -> Result<&Budget, Refusal> {
    all.iter().find(|it| it.id == id).ok_or_else(|| Refusal::missing(format!("budget {id}")))
}

/// The name as it is kept. Errors: one that another budget has.
fn named(text: &str, own: Option<BudgetId>, there: &[Budget]) -> Result<String, BudgetError> {
    let name = budget::name(text)?;
    match there.iter().any(|it| it.name == name && Some(it.id) != own) {
        true => Err(BudgetError::NameTaken(name)),
        false => Ok(name),
    }
}

/// What it counts, if that is there.
fn known(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, of: Of) -> Result<Of, Refusal> {
    match &of {
        Of::Account => {}
        Of::Project(id) => {
            drop(projects::get(tx, account, *id).map_err(|it| Refusal::from(it).of("project"))?)
        }
        Of::Product(id) => {
            let currency = accounts::get(tx, account)?.currency;
            at.product(currency, id).map_err(|it| it.of("product"))?;
        }
    }
    Ok(of)
}
