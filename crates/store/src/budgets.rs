//! Budgets: what accounts mean to spend in a month.
//!
//! In:  a transaction, an account. Out: budgets that go on, by name; names of all that ever were.
//! Invariant: a name is given once among the budgets of an account that go on.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::budget::{Budget, Marks, Measure, Of};
use std::collections::HashMap;
use units::{AccountId, Currency};

columns!(budgets: account, id, name, project, product, amount_minor, actual, forecast, created_us, ended_us);

statements! {
    ADD = concat!(budgets!(insert), " on conflict do nothing");
    OF_ACCOUNT = concat!("select ", budgets!(names), ", (select a.currency from accounts a where a.id = budgets.account)
        from budgets where account = $1 and ended_us is null order by name, id");
    SAVE = "update budgets set name = $3, amount_minor = $4, actual = $5, forecast = $6, ended_us = $7
        where account = $1 and id = $2 and ended_us is null";
    NAMES = "select id, name from budgets where account = $1";
    OWNERS = "select distinct account from budgets where ended_us is null order by account";
    ANY = "select account from budgets where ended_us is null limit 1";
}

fn percents(row: &Row<'_>, at: usize) -> Result<Vec<u32>, StoreError> {
    let read =
        |it: &str| it.split_whitespace().map(|it| it.parse::<u32>().ok()).collect::<Option<Vec<u32>>>();
    row.parsed(at, "percents of a budget", read)
}

fn budget(row: &Row<'_>) -> Result<Budget, StoreError> {
    let currency: Currency = row.currency(budgets!(count))?;
    let project = row.maybe_text(budgets!(project))?;
    let of = match (project, row.maybe_text(budgets!(product))?) {
        (None, None) => Of::Account,
        (Some(id), None) => {
            Of::Project(id.parse().map_err(|_| StoreError::Corrupt(format!("project {id}")))?)
        }
        (None, Some(id)) => Of::Product(id),
        (Some(_), Some(_)) => {
            return Err(StoreError::Corrupt("a budget of a project and of a product".into()));
        }
    };
    let (actual, forecast) = (percents(row, budgets!(actual))?, percents(row, budgets!(forecast))?);
    Ok(Budget {
        id: row.parsed(budgets!(id), "budget", |it| it.parse().ok())?,
        account: row.parsed(budgets!(account), "account", |it| it.parse().ok())?,
        name: row.text(budgets!(name))?,
        of,
        amount: row.money(budgets!(amount_minor), currency)?,
        marks: Marks::new(&actual, &forecast)
            .map_err(|_| StoreError::Corrupt("percents of a budget".into()))?,
        created: at(row.int(budgets!(created_us))?)?,
        ended: row.maybe_int(budgets!(ended_us))?.map(at).transpose()?,
    })
}

fn marks(it: &Budget, measure: Measure) -> Value<'static> {
    let all: Vec<String> = it.marks.of(measure).iter().map(u32::to_string).collect();
    all.join(" ").into()
}

/// Adds a budget. Errors: `Differs` when its name or id is taken.
pub fn add(tx: &mut Tx<'_>, it: &Budget) -> Result<(), StoreError> {
    let (project, product) = match &it.of {
        Of::Account => (None, None),
        Of::Project(id) => (Some(id.to_string()), None),
        Of::Product(id) => (None, Some(id.clone())),
    };
    let args: [Value<'_>; budgets!(count)] = [
        it.account.to_string().into(),
        it.id.to_string().into(),
        it.name.as_str().into(),
        project.into(),
        product.into(),
        it.amount.into(),
        marks(it, Measure::Actual),
        marks(it, Measure::Forecast),
        us(it.created).into(),
        it.ended.map(us).into(),
    ];
    tx.exec_or(ADD, &args, || StoreError::Differs(format!("budget {}", it.name)))
}

/// Writes name, amount, marks and end of a budget that went on. Errors: `Stale` when it does not any more.
pub fn save(tx: &mut Tx<'_>, it: &Budget) -> Result<(), StoreError> {
    let args: [Value<'_>; 7] = [
        it.account.to_string().into(),
        it.id.to_string().into(),
        it.name.as_str().into(),
        it.amount.into(),
        marks(it, Measure::Actual),
        marks(it, Measure::Forecast),
        it.ended.map(us).into(),
    ];
    tx.exec_or(SAVE, &args, || StoreError::Stale(format!("budget {}", it.id)))
}

/// The budgets of an account that go on, by name.
pub fn of_account(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Budget>, StoreError> {
    tx.rows(OF_ACCOUNT, &[account.to_string().into()], budget)
}

/// What budgets of an account are or were called, by the text of their ids.
pub fn names(tx: &mut Tx<'_>, account: AccountId) -> Result<HashMap<String, String>, StoreError> {
    let found = tx.rows(NAMES, &[account.to_string().into()], |row| Ok((row.text(0)?, row.text(1)?)))?;
    Ok(found.into_iter().collect())
}

/// Accounts with a budget that goes on.
pub fn owners(tx: &mut Tx<'_>) -> Result<Vec<AccountId>, StoreError> {
    tx.rows(OWNERS, &[], |row| row.parsed(0, "account", |it| it.parse().ok()))
}

/// Whether any account has a budget that goes on.
pub fn any(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    Ok(!tx.rows(ANY, &[], |row| row.text(0))?.is_empty())
}
