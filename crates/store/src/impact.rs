//! A past month of accounts, as it is rated once more by another book.
//!
//! In:  a currency, a month, a range of accounts. Out: each account with how its meters lived, its terms, and what packs took.
//! Invariant: nothing is written, and a fixed number of statements reads some accounts; what is late by now is there too.
//! Source: R-PRC-6, R-SET-5.

use crate::corrections::prices::Shelves;
use crate::engine::{Row, StoreError, Tx, Value, us};
use crate::recounts::{self, Waiting};
use crate::{metered, packs};
use billing::books::Books;
use billing::impact::{AccountMonth, Agreed, Month};
use billing::plan::Configs;
use billing::rate::Terms;
use std::collections::HashMap;
use units::{AccountId, Currency, Cycle, Timestamp};

statements! {
    COUNT = "select count(*) from accounts where currency = $1 and created_us < $2";
    ACCOUNTS = "select id, name, contract_rate_e8, (select count(*) from dues d where d.account = accounts.id
        and d.settled_to_us < $3)
        from accounts where id > $1 and currency = $2 and created_us < $3 order by id limit $4";
    RATES = "select account, contract_rate_e8, from_us from contract_rates where account > $1 and account <= $2 and from_us < $3
        order by account, from_us";
    LIVES = concat!("select ", change_columns!(meter_events), " from meter_events where account > $1 and account <= $2
        and coalesce(asked_us, at_us) < $3 order by account, resource, number");
    PACKS = "select distinct account from pack_uses where account > $1 and account <= $2 and cycle_from_us = $3 order by account";
}

/// Which accounts: of one currency, that were there before the end of a month.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    pub currency: Currency,
    pub month: &'a Month,
    /// Only those behind this one.
    pub after: &'a str,
    pub most: i64,
}

/// Some accounts, and the books as each sees them.
pub struct Batch<'a> {
    pub accounts: Vec<AccountMonth>,
    pub configs: Configs,
    pub shelves: Shelves<'a>,
}

/// How many accounts there are of the currency in the month.
pub fn count(tx: &mut Tx<'_>, of: &Wanted<'_>) -> Result<i64, StoreError> {
    let args = [of.currency.as_str().into(), us(of.month.cycle.to).into()];
    tx.one(COUNT, &args, "a count of accounts", |row| row.int(0))
}

/// The next accounts, without their readings. None where all were read.
pub fn read<'a>(tx: &mut Tx<'_>, books: &'a Books, of: &Wanted<'_>) -> Result<Option<Batch<'a>>, StoreError> {
    let Cycle { from, to, .. } = of.month.cycle;
    let (after, currency): (Value<'_>, Value<'_>) = (of.after.into(), of.currency.as_str().into());
    let args = [after.clone(), currency, us(to).into(), of.most.into()];
    let mut accounts = tx.rows(ACCOUNTS, &args, |row| account(row, of.currency))?;
    let Some(last) = accounts.last().map(|it| it.account.to_string()) else { return Ok(None) };
    let range: [Value<'_>; 3] = [after, last.into(), us(to).into()];
    let agreed =
        tx.rows(RATES, &range, |row| Ok((metered::account_at(row)?, (at(row, 2)?, terms(row, 1)?))))?;
    give(&mut accounts, agreed, |account, it| account.agreed.changes.push(it));
    let shelves = Shelves::of_accounts(tx, books, accounts.iter().map(|it| it.account))?;
    let mut configs = Configs::default();
    let lives = tx.rows(LIVES, &range, |row| metered::change(row, &shelves, &mut configs))?;
    give(&mut accounts, lives, |account, it| account.life.push(it));
    let [after, last, _] = range;
    let owners = tx.rows(PACKS, &[after, last, us(from).into()], metered::account_at)?;
    let sums = |account: AccountId| Waiting { account, original: of.month.cycle, resource: None };
    let sums: Vec<Waiting> = owners.into_iter().map(sums).collect();
    let mut taken: HashMap<AccountId, _> = HashMap::new();
    for (waiting, billed) in recounts::billed(tx, books, &sums)? {
        taken.insert(waiting.account, billed);
    }
    let mut served = packs::served(tx, sums.iter().map(|it| (it.account, from)))?;
    for it in &mut accounts {
        it.packs = served.remove(&(it.account, from)).unwrap_or_default();
        it.taken = taken.remove(&it.account).unwrap_or_default();
        // What they were billed is not asked here, only what packs took.
        it.taken.iter_mut().for_each(|it| it.costs_e8.clear());
    }
    Ok(Some(Batch { accounts, configs, shelves }))
}

/// Reads what was measured in the month, of the accounts that `wants` names.
pub fn read_samples(
    tx: &mut Tx<'_>,
    accounts: &mut [AccountMonth],
    month: &Month,
    wants: impl Fn(&AccountMonth) -> bool,
) -> Result<(), StoreError> {
    let Cycle { from, to, .. } = month.cycle;
    let key = |it: &AccountMonth| -> [Value<'_>; 3] {
        [it.account.to_string().into(), us(from).into(), us(to).into()]
    };
    let keys: Vec<_> = accounts.iter().filter(|it| wants(it)).map(key).collect();
    let samples = tx.each(recounts::ALL_SAMPLES, &keys, metered::sample)?;
    drop(keys);
    give(accounts, samples, |account, it| account.samples.push(it));
    Ok(())
}

/// Hands rows, which are sorted by account, to their accounts. Rows of others are left out.
fn give<T>(
    accounts: &mut [AccountMonth],
    rows: Vec<(AccountId, T)>,
    mut take: impl FnMut(&mut AccountMonth, T),
) {
    let mut at = 0;
    for (account, row) in rows {
        while at < accounts.len() && accounts[at].account < account {
            at += 1;
        }
        match accounts.get_mut(at) {
            Some(found) if found.account == account => take(found, row),
            Some(_) | None => {}
        }
    }
}

fn account(row: &Row<'_>, currency: Currency) -> Result<AccountMonth, StoreError> {
    Ok(AccountMonth {
        account: metered::account_at(row)?,
        name: row.text(1)?,
        currency,
        agreed: Agreed { terms: terms(row, 2)?, changes: Vec::new() },
        life: Vec::new(),
        samples: Vec::new(),
        taken: Vec::new(),
        packs: Vec::new(),
        unsettled: row.int(3)? > 0,
    })
}

fn terms(row: &Row<'_>, column: usize) -> Result<Terms, StoreError> {
    let rate = u64::try_from(row.int(column)?);
    Ok(Terms { contract_rate_e8: rate.map_err(|_| StoreError::Corrupt("a contract rate".into()))? })
}

fn at(row: &Row<'_>, column: usize) -> Result<Timestamp, StoreError> {
    crate::engine::at(row.int(column)?)
}
