//! Contract prices: what holds for one account alone.
//!
//! In:  a transaction, an account. Out: its prices in the order in which they were made.
//! Invariant: a row is never taken away and changes in its end alone; the sum of revisions grows with every change.
//! Source: R-PRC-22.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::book::Conditions;
use billing::contract_price::ContractPrice;
use units::{AccountId, Amount};

columns!(contract_prices:
    account, id, number, product, component, conditions, above, amount_e8, currency, from_us, until_us, reason, made_us, revision
);

statements! {
    ADD = concat!(contract_prices!(insert), " on conflict do nothing");
    GET = concat!(contract_prices!(select), " where account = $1 and id = $2");
    OF_ACCOUNT = concat!(contract_prices!(select), " where account = $1 order by number");
    ALL = concat!(contract_prices!(select), " order by account, number");
    END = "update contract_prices set until_us = $3, revision = revision + 1 where account = $1 and id = $2 and revision + 1 = $4";
    REVISION = "select cast(coalesce(sum(revision), 0) as bigint) from contract_prices";
}

/// A line for each option: its name and the values.
fn written(all: &Conditions) -> String {
    all.iter().map(|(name, values)| format!("{name}={}\n", values.join(" "))).collect()
}

fn conditions(text: &str) -> Option<Conditions> {
    let line = |it: &str| {
        let (name, values) = it.split_once('=')?;
        Some((name.to_string(), values.split(' ').map(str::to_string).collect()))
    };
    text.lines().map(line).collect()
}

fn price(row: &Row<'_>) -> Result<ContractPrice, StoreError> {
    let currency = row.currency(contract_prices!(currency))?;
    Ok(ContractPrice {
        account: row.parsed(contract_prices!(account), "account", |it| it.parse().ok())?,
        id: row.text(contract_prices!(id))?,
        number: row.int(contract_prices!(number))?,
        product: row.text(contract_prices!(product))?,
        component: row.text(contract_prices!(component))?,
        when: row.parsed(contract_prices!(conditions), "options of a contract price", conditions)?,
        above: row.maybe_text(contract_prices!(above))?,
        amount: Amount::from_e8(row.int(contract_prices!(amount_e8))?.into(), currency),
        from: at(row.int(contract_prices!(from_us))?)?,
        until: row.maybe_int(contract_prices!(until_us))?.map(at).transpose()?,
        reason: row.text(contract_prices!(reason))?,
        made: at(row.int(contract_prices!(made_us))?)?,
        revision: row.int(contract_prices!(revision))?,
    })
}

/// Adds a contract price. Errors: `Differs` when its id is taken; a price that is too large to be stored.
pub fn add(tx: &mut Tx<'_>, it: &ContractPrice) -> Result<(), StoreError> {
    let amount =
        it.amount.to_row().map_err(|_| StoreError::Corrupt("the amount of a contract price".into()))?;
    let args: [Value<'_>; contract_prices!(count)] = [
        it.account.to_string().into(),
        it.id.as_str().into(),
        it.number.into(),
        it.product.as_str().into(),
        it.component.as_str().into(),
        written(&it.when).into(),
        it.above.clone().into(),
        amount.into(),
        it.amount.currency().as_str().into(),
        us(it.from).into(),
        it.until.map(us).into(),
        it.reason.as_str().into(),
        us(it.made).into(),
        it.revision.into(),
    ];
    tx.exec_or(ADD, &args, || StoreError::Differs(format!("contract price {}", it.id)))
}

/// One of an account, if there is one.
pub fn get(tx: &mut Tx<'_>, account: AccountId, id: &str) -> Result<Option<ContractPrice>, StoreError> {
    let found = tx.rows(GET, &[account.to_string().into(), id.into()], price)?;
    Ok(found.into_iter().next())
}

/// Those of an account, in the order in which they were made.
pub fn of_account(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<ContractPrice>, StoreError> {
    tx.rows(OF_ACCOUNT, &[account.to_string().into()], price)
}

/// Those of all accounts, account by account, in the order in which they were made.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<ContractPrice>, StoreError> {
    tx.rows(ALL, &[], price)
}

/// Writes when it ends. Errors: `Stale` when somebody else did so meanwhile.
pub fn end(tx: &mut Tx<'_>, it: &ContractPrice) -> Result<(), StoreError> {
    let args: [Value<'_>; 4] =
        [it.account.to_string().into(), it.id.as_str().into(), it.until.map(us).into(), it.revision.into()];
    tx.exec_or(END, &args, || StoreError::Stale(format!("contract price {}", it.id)))
}

/// Grows with everything that is agreed or ended, of any account.
pub fn revision(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    Ok(tx.rows(REVISION, &[], |row| row.int(0))?.into_iter().next().unwrap_or(0))
}
