//! Cards of accounts, and the names under which the gateway knows accounts.
//!
//! In:  a transaction, an account, what the gateway said of a card. Out: cards as they stand.
//! Invariant: no number of a card is here, only what the gateway calls it; a card of the gateway is one of one account, for ever.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use units::{AccountId, CardId, Timestamp};

columns!(cards: account, id, method, brand, last4, exp_month, exp_year, created_us, ended_us);

statements! {
    ADD = concat!(cards!(insert), " on conflict do nothing");
    OF_ACCOUNT = concat!(cards!(select), " where account = $1 and ended_us is null order by created_us, id");
    GET = concat!(cards!(select), " where account = $1 and id = $2");
    BY_METHOD = concat!(cards!(select), " where method = $1");
    END = "update cards set ended_us = $3 where account = $1 and id = $2 and ended_us is null";
    ADD_CUSTOMER = "insert into gateway_customers (account, customer, created_us) values ($1, $2, $3) on conflict do nothing";
    CUSTOMER = "select customer from gateway_customers where account = $1";
}

/// A card, as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    pub account: AccountId,
    pub id: CardId,
    /// What the gateway calls it.
    pub method: String,
    pub brand: String,
    pub last4: String,
    pub exp_month: i64,
    pub exp_year: i64,
    pub created: Timestamp,
    /// When its owner took it away.
    pub ended: Option<Timestamp>,
}

fn card(row: &Row<'_>) -> Result<Card, StoreError> {
    Ok(Card {
        account: row.parsed(cards!(account), "account", |it| it.parse().ok())?,
        id: row.parsed(cards!(id), "card", |it| it.parse().ok())?,
        method: row.text(cards!(method))?,
        brand: row.text(cards!(brand))?,
        last4: row.text(cards!(last4))?,
        exp_month: row.int(cards!(exp_month))?,
        exp_year: row.int(cards!(exp_year))?,
        created: at(row.int(cards!(created_us))?)?,
        ended: row.maybe_int(cards!(ended_us))?.map(at).transpose()?,
    })
}

/// Adds a card. Errors: `Differs` when the gateway's name of it is known already.
pub fn add(tx: &mut Tx<'_>, it: &Card) -> Result<(), StoreError> {
    let args: [Value<'_>; cards!(count)] = [
        it.account.to_string().into(),
        it.id.to_string().into(),
        it.method.as_str().into(),
        it.brand.as_str().into(),
        it.last4.as_str().into(),
        it.exp_month.into(),
        it.exp_year.into(),
        us(it.created).into(),
        it.ended.map(us).into(),
    ];
    tx.exec_or(ADD, &args, || StoreError::Differs(format!("card {}", it.id)))
}

/// The cards of an account that it may pay with, the oldest first.
pub fn of_account(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Card>, StoreError> {
    tx.rows(OF_ACCOUNT, &[account.to_string().into()], card)
}

/// A card, also one that was taken away. Errors: `NotFound`, also for a card of another account.
pub fn get(tx: &mut Tx<'_>, account: AccountId, id: CardId) -> Result<Card, StoreError> {
    tx.one(GET, &[account.to_string().into(), id.to_string().into()], &format!("card {id}"), card)
}

/// The card that the gateway calls so, whoever's it is.
pub fn by_method(tx: &mut Tx<'_>, method: &str) -> Result<Option<Card>, StoreError> {
    Ok(tx.rows(BY_METHOD, &[method.into()], card)?.into_iter().next())
}

/// Takes a card away. Errors: `NotFound` where it is not there any more.
pub fn end(tx: &mut Tx<'_>, account: AccountId, id: CardId, now: Timestamp) -> Result<(), StoreError> {
    match tx.exec(END, &[account.to_string().into(), id.to_string().into(), us(now).into()])? {
        0 => Err(StoreError::NotFound(format!("card {id}"))),
        _ => Ok(()),
    }
}

/// Notes under which name an account is known at the gateway, and gives the one that holds: the first.
pub fn known_as(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: &str,
    now: Timestamp,
) -> Result<String, StoreError> {
    tx.exec(ADD_CUSTOMER, &[account.to_string().into(), customer.into(), us(now).into()])?;
    self::customer(tx, account)?.ok_or_else(|| StoreError::Differs(format!("customer {customer}")))
}

/// Under which name an account is known at the gateway, if it is.
pub fn customer(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<String>, StoreError> {
    Ok(tx.rows(CUSTOMER, &[account.to_string().into()], |row| row.text(0))?.into_iter().next())
}
