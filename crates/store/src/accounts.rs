//! Accounts: who, in which currency, on what terms, and since when in arrears.

use crate::bills::kept;
use crate::engine::{Row, StoreError, Tx, Value, Writes, at, us};
use crate::ledger::{available, wallets};
use crate::sort::Sort;
use billing::account::{Account, Verified};
use billing::alert::Told;
use billing::rate::Terms;
use billing::wallet::Wallet;
use std::collections::{BTreeMap, BTreeSet};
use units::{AccountId, Currency, Timestamp};

columns!(accounts:
    id, name, currency, contract_rate_e8, verified, arrears_since_us, created_us, alert_minor, alert_days,
    alert_day_us, expiry_day, no_stop_days, vouchers_per_order
);

/// Of this name; or with this in their name, whatever the case, as their id, or as the mail address of somebody of theirs.
macro_rules! searched {
    () => {
        "($2 = '' or name = $2) and ($3 = '' or replace(lower(name), lower($3), '') <> lower(name) or id = $3
            or id in (select u.house from users u where u.mail = lower($3) and u.ended_us is null))"
    };
}

statements! {
    ADD = concat!(accounts!(insert), " on conflict do nothing");
    GET = concat!(accounts!(select), " where id = $1");
    WITH_WALLET = concat!("select ", accounts!(names of a), ", ", wallets!(names of w), " from accounts
        a join wallets w on w.account = a.id where a.id = $1");
    LOCK = concat!("select ", accounts!(names of a), ", ", wallets!(names of w), " + 1, cast(case when
        exists (select 1 from packs p where p.account = a.id) then 1 else 0 end as bigint) from accounts
        a join wallets w on w.account = a.id where a.id = $1 for update of w");
    LOCK_FREE = concat!("select ", accounts!(names of a), ", ", wallets!(names of w), " + 1, cast(case
        when exists (select 1 from packs p where p.account = a.id) then 1 else 0 end as bigint) from accounts
        a join wallets w on w.account = a.id where a.id = $1 for update of w skip locked");
    BY_NAME = concat!(accounts!(select), " where name = $1");
    NAME = "select id, name from accounts where id = $1";
    CURRENCY = "select id, currency from accounts where id = $1";
    ALL = concat!(accounts!(select), " order by name");
    NEWEST = concat!(accounts!(select), " where ", searched!(), " and id < $1 order by id desc limit $4");
    OLDEST = concat!(accounts!(select), " where ", searched!(), " and id > $1 order by id limit $4");
    BY_NAME_PAGE = concat!(accounts!(select), " where ", searched!(), " and name > coalesce((select c.name from accounts c where c.id = $1), '')
        order by name limit $4");
    RATE = "insert into contract_rates (account, from_us, contract_rate_e8) values ($1, $2, $3)
        on conflict (account, from_us) do update set contract_rate_e8 = excluded.contract_rate_e8";
    FIRST_RATE = "insert into contract_rates (account, from_us, contract_rate_e8)
        select a.id, a.created_us, a.contract_rate_e8 from accounts a where a.id = $1
        and not exists (select 1 from contract_rates r where r.account = $1)";
    RATE_BEFORE = "select contract_rate_e8 from contract_rates where account = $1 and from_us < $2 order by from_us desc limit 1";
    SET = "update accounts set contract_rate_e8 = $2, verified = $3, alert_minor = $4, no_stop_days = $5, vouchers_per_order = $6 where id = $1";
    SET_DAY = "update accounts set expiry_day = $2 where id = $1";
    RESTLESS = "select a.id from accounts a join wallets w on w.account = a.id where
        (a.arrears_since_us is null and w.bonus_minor + w.cash_minor + w.income_minor + w.frozen_bonus_minor + w.frozen_cash_minor
            + w.frozen_income_minor + w.credit_minor < w.owed_minor)
        or (a.arrears_since_us is not null and w.bonus_minor + w.cash_minor + w.income_minor + w.frozen_bonus_minor + w.frozen_cash_minor
            + w.frozen_income_minor + w.credit_minor >= w.owed_minor)
        or ((w.owed_minor = 0 or w.credit_minor > 0) and w.bonus_minor + w.cash_minor + w.income_minor + w.frozen_bonus_minor
            + w.frozen_cash_minor + w.frozen_income_minor + w.credit_minor > w.owed_minor
            and exists (select 1 from resources r where r.account = a.id and r.state in ('arrears_stopped', 'limited')))
        order by a.id";
    TOLD = "update accounts set alert_days = $2, alert_day_us = $3 where id = $1";
    UNEASY = concat!("select a.id from accounts a join wallets w on w.account = a.id where a.alert_minor > 0 and
        ((", available!(), " < a.alert_minor and a.alert_days < 5
            and (a.alert_day_us is null or a.alert_day_us < $1))
        or (", available!(), " >= a.alert_minor
            and a.alert_days > 0)) order by a.id");
    ARREARS = "update accounts set arrears_since_us = $2 where id = $1";
}

fn account(row: &Row<'_>) -> Result<Account, StoreError> {
    let rate = u64::try_from(row.int(accounts!(contract_rate_e8))?)
        .map_err(|_| StoreError::Corrupt("a contract rate".into()))?;
    let currency = row.currency(accounts!(currency))?;
    Ok(Account {
        id: row.parsed(accounts!(id), "account", |it| it.parse().ok())?,
        name: row.text(accounts!(name))?,
        currency,
        terms: Terms { contract_rate_e8: rate },
        verified: row.parsed(accounts!(verified), "verified", Verified::parse)?,
        arrears_since: row.maybe_int(accounts!(arrears_since_us))?.map(at).transpose()?,
        created: at(row.int(accounts!(created_us))?)?,
        alert: row.money(accounts!(alert_minor), currency)?,
        told: Told {
            days: row.int(accounts!(alert_days))?,
            last: row.maybe_int(accounts!(alert_day_us))?.map(at).transpose()?,
        },
        expiry_day: match row.maybe_int(accounts!(expiry_day))? {
            Some(day) => Some(u8::try_from(day).map_err(|_| StoreError::Corrupt(format!("day {day}")))?),
            None => None,
        },
        no_stop_days: u32::try_from(row.int(accounts!(no_stop_days))?)
            .map_err(|_| StoreError::Corrupt("days without a stop".into()))?,
        vouchers_per_order: u32::try_from(row.int(accounts!(vouchers_per_order))?)
            .map_err(|_| StoreError::Corrupt("vouchers of an order".into()))?,
    })
}

/// Adds an account. Errors: `Differs` when its name or id is taken by another.
pub fn add(tx: &mut Tx<'_>, new: &Account) -> Result<(), StoreError> {
    let rate = i64::try_from(new.terms.contract_rate_e8).unwrap_or(i64::MAX);
    let (id, created) = (new.id.to_string(), us(new.created));
    let args = [
        id.into(),
        new.name.as_str().into(),
        new.currency.as_str().into(),
        rate.into(),
        new.verified.as_str().into(),
        new.arrears_since.map(us).into(),
        created.into(),
        new.alert.into(),
        new.told.days.into(),
        new.told.last.map(us).into(),
        new.expiry_day.map(i64::from).into(),
        i64::from(new.no_stop_days).into(),
        i64::from(new.vouchers_per_order).into(),
    ];
    if tx.exec(ADD, &args)? == 0 {
        let there = by_name(tx, &new.name)?;
        if there.id != new.id
            || there.verified != new.verified
            || there.terms != new.terms
            || there.currency != new.currency
        {
            return Err(StoreError::Differs(format!("account {}", new.name)));
        }
    }
    kept::open(tx, new)
}

/// Errors: `NotFound`.
pub fn get(tx: &mut Tx<'_>, id: AccountId) -> Result<Account, StoreError> {
    tx.one(GET, &[id.to_string().into()], &format!("account {id}"), account)
}

/// Accounts with their wallets, without holding them; whoever is not there is left out.
pub fn with_wallets(
    tx: &mut Tx<'_>,
    ids: impl IntoIterator<Item = AccountId>,
) -> Result<BTreeMap<AccountId, (Account, Wallet)>, StoreError> {
    let keys: Vec<[Value<'_>; 1]> = ids.into_iter().map(|it| [it.to_string().into()]).collect();
    let found = tx.each(WITH_WALLET, &keys, |row| {
        let account = account(row)?;
        let wallet = crate::ledger::wallet(row, accounts!(count), account.id, account.currency)?.wallet;
        Ok((account.id, (account, wallet)))
    })?;
    let mut all = BTreeMap::new();
    for (id, (account, wallet)) in found {
        all.insert(id, (account, crate::ledger::with_holds(tx, wallet)?));
    }
    Ok(all)
}

/// What accounts are called; whoever is not there is left out.
pub fn names(
    tx: &mut Tx<'_>,
    ids: impl IntoIterator<Item = AccountId>,
) -> Result<BTreeMap<AccountId, String>, StoreError> {
    let ids: BTreeSet<AccountId> = ids.into_iter().collect();
    let keys: Vec<[Value<'_>; 1]> = ids.into_iter().map(|it| [it.to_string().into()]).collect();
    let name = |row: &Row<'_>| Ok((row.parsed(0, "account", |it| it.parse().ok())?, row.text(1)?));
    Ok(tx.each(NAME, &keys, name)?.into_iter().collect())
}

/// The currencies of accounts; whoever is not there is left out.
pub fn currencies(
    tx: &mut Tx<'_>,
    ids: &BTreeSet<AccountId>,
) -> Result<BTreeMap<AccountId, Currency>, StoreError> {
    let keys: Vec<[Value<'_>; 1]> = ids.iter().map(|it| [it.to_string().into()]).collect();
    let currency = |row: &Row<'_>| Ok((row.parsed(0, "account", |it| it.parse().ok())?, row.currency(1)?));
    Ok(tx.each(CURRENCY, &keys, currency)?.into_iter().collect())
}

/// An account whose wallet is held to the end of the transaction.
#[derive(Clone, Debug)]
pub struct Held {
    pub account: Account,
    /// What is written of the wallet has the version that stands here.
    pub wallet: crate::ledger::StoredWallet,
    pub has_packs: bool,
}

/// Whether to wait for a wallet that another transaction holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    Wait,
    /// It is left out, like one that is not there.
    Skip,
}

/// Holds wallets. Whoever is not there is left out.
///
/// Wallets are held in the order of their ids, so that nobody waits in a circle.
pub fn lock(
    tx: &mut Tx<'_>,
    ids: impl IntoIterator<Item = AccountId>,
    patience: Patience,
) -> Result<BTreeMap<AccountId, Held>, StoreError> {
    let ids: BTreeSet<String> = ids.into_iter().map(|it| it.to_string()).collect();
    let keys: Vec<[Value<'_>; 1]> = ids.iter().map(|it| [it.as_str().into()]).collect();
    let sql = if patience == Patience::Wait { LOCK } else { LOCK_FREE };
    let found = tx.each(sql, &keys, |row| {
        let account = account(row)?;
        let wallet = crate::ledger::wallet(row, accounts!(count), account.id, account.currency)?;
        Ok((
            account.id,
            Held { account, wallet, has_packs: row.int(accounts!(count) + wallets!(count))? == 1 },
        ))
    })?;
    let mut all: BTreeMap<AccountId, Held> = BTreeMap::new();
    for (id, mut held) in found {
        held.wallet.wallet = crate::ledger::with_holds(tx, held.wallet.wallet)?;
        all.insert(id, held);
    }
    Ok(all)
}

/// Errors: `NotFound`.
pub fn by_name(tx: &mut Tx<'_>, name: &str) -> Result<Account, StoreError> {
    tx.one(BY_NAME, &[name.into()], &format!("account {name}"), account)
}

/// Which accounts: behind the place `after`, of this name, found by this in their name, their id or the mail address of one of
/// their users.
#[derive(Clone, Copy, Debug)]
pub struct AccountFilter<'a> {
    pub sort: Sort,
    pub after: &'a str,
    pub name: Option<&'a str>,
    pub search: Option<&'a str>,
}

/// Accounts below `before`, the newest first, all of them or the one of a name.
pub fn page(tx: &mut Tx<'_>, filter: &AccountFilter<'_>, most: usize) -> Result<Vec<Account>, StoreError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let (name, search) = (filter.name.unwrap_or(""), filter.search.unwrap_or(""));
    let sql = match filter.sort {
        Sort::Newest => NEWEST,
        Sort::Oldest => OLDEST,
        Sort::Name => BY_NAME_PAGE,
    };
    tx.rows(sql, &[filter.after.into(), name.into(), search.into(), most.into()], account)
}

/// Writes the terms of an account, its verification, its alert, how long what is prepaid runs on, and how many vouchers an order takes.
pub fn set(tx: &mut Tx<'_>, it: &Account) -> Result<(), StoreError> {
    let rate = i64::try_from(it.terms.contract_rate_e8).unwrap_or(i64::MAX);
    let args = [
        it.id.to_string().into(),
        rate.into(),
        it.verified.as_str().into(),
        it.alert.into(),
        i64::from(it.no_stop_days).into(),
        i64::from(it.vouchers_per_order).into(),
    ];
    tx.exec(SET, &args).map(drop)
}

/// Fixes the day of the deadlines of an account. Source: R-PRE-3.
pub fn set_day(tx: &mut Tx<'_>, id: AccountId, day: Option<u8>) -> Result<(), StoreError> {
    tx.exec(SET_DAY, &[id.to_string().into(), day.map(i64::from).into()]).map(drop)
}

/// Notes that `it`, whose terms are not written yet, has them from `now` on; until then those held that are written.
pub fn set_terms(tx: &mut Tx<'_>, it: &Account, now: Timestamp) -> Result<(), StoreError> {
    let id: Value<'_> = it.id.to_string().into();
    tx.exec(FIRST_RATE, std::slice::from_ref(&id))?;
    let rate = i64::try_from(it.terms.contract_rate_e8)
        .map_err(|_| StoreError::Differs(format!("the contract rate of {}", it.name)))?;
    tx.exec(RATE, &[id, us(now).into(), rate.into()]).map(drop)
}

/// The terms of an account that held just before `at`.
pub fn terms_before(tx: &mut Tx<'_>, it: &Account, at: Timestamp) -> Result<Terms, StoreError> {
    let found = tx.rows(RATE_BEFORE, &[it.id.to_string().into(), us(at).into()], |row| {
        u64::try_from(row.int(0)?).map_err(|_| StoreError::Corrupt("a contract rate".into()))
    })?;
    Ok(found.into_iter().next().map_or(it.terms, |rate| Terms { contract_rate_e8: rate }))
}

pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Account>, StoreError> {
    tx.rows(ALL, &[], account)
}

/// Accounts whose balance says something else about arrears than what is written down.
pub fn restless(tx: &mut Tx<'_>) -> Result<Vec<AccountId>, StoreError> {
    tx.rows(RESTLESS, &[], |row| row.parsed(0, "account", |it| it.parse().ok()))
}

/// Accounts that may have to be told that little is left, or that have recovered. `today` is 00:00.
pub fn uneasy(tx: &mut Tx<'_>, today: Timestamp) -> Result<Vec<AccountId>, StoreError> {
    tx.rows(UNEASY, &[us(today).into()], |row| row.parsed(0, "account", |it| it.parse().ok()))
}

/// Writes what customers were told of a low balance.
pub fn save_told(writes: &mut Writes<'_>, told: &[(AccountId, Told)]) {
    let row =
        |(id, told): &(AccountId, Told)| [id.to_string().into(), told.days.into(), told.last.map(us).into()];
    writes.any(TOLD, told.iter().map(row));
}

/// Writes since when accounts are in arrears.
pub fn save_arrears(writes: &mut Writes<'_>, since: &[(AccountId, Option<Timestamp>)]) {
    let row = |(id, since): &(AccountId, Option<Timestamp>)| [id.to_string().into(), since.map(us).into()];
    writes.any(ARREARS, since.iter().map(row));
}
