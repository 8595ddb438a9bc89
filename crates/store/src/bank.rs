//! Bank transfers: references of accounts, entries of statements.
//!
//! In:  a transaction, entries. Out: whose each is or may be, and how it stands.
//! Invariant: an entry stands once, by the bank's name of it; another one under the same name is `Differs`.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::bank::{Entry, Reference, Standing, State};
use std::collections::{BTreeMap, BTreeSet};
use units::{AccountId, Currency, Timestamp};

columns!(bank_entries:
    id, booked_us, money_minor, currency, payer, written, account, state, reason, added_us, decided_us
);

statements! {
    REFER = "insert into bank_references (reference, account) values ($1, $2) on conflict do nothing";
    UNREFERRED = "select a.id from accounts a where not exists (select 1 from bank_references r where r.account = a.id) order by a.id";
    OWNERS = "select r.reference, r.account, a.currency from bank_references r join accounts a on a.id = r.account
        where r.reference = $1";
    ADD = concat!(bank_entries!(insert), " on conflict do nothing returning id");
    GET = concat!(bank_entries!(select), " where id = $1");
    PAGE = concat!(bank_entries!(select), " where state = $1 and (booked_us, id) < ($2, $3) \
        order by booked_us desc, id desc limit $4");
    DECIDE = "update bank_entries set account = $2, state = $3, reason = $4, decided_us = $5 where id = $1 and state = 'open'";
}

/// An entry, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    pub entry: Entry,
    pub standing: Standing,
    pub added: Timestamp,
    pub decided: Option<Timestamp>,
}

fn stored(row: &Row<'_>) -> Result<StoredEntry, StoreError> {
    let currency = row.currency(bank_entries!(currency))?;
    let entry = Entry {
        id: row.text(bank_entries!(id))?,
        booked: at(row.int(bank_entries!(booked_us))?)?,
        money: row.money(bank_entries!(money_minor), currency)?,
        payer: row.text(bank_entries!(payer))?,
        text: row.text(bank_entries!(written))?,
    };
    let account = row.maybe_text(bank_entries!(account))?;
    let corrupt = |_| StoreError::Corrupt("the account of a bank's entry".into());
    let standing = Standing {
        state: row.parsed(bank_entries!(state), "state of an entry", State::parse)?,
        account: account.map(|it| it.parse().map_err(corrupt)).transpose()?,
        reason: row.text(bank_entries!(reason))?,
    };
    let decided = row.maybe_int(bank_entries!(decided_us))?.map(at).transpose()?;
    Ok(StoredEntry { entry, standing, added: at(row.int(bank_entries!(added_us))?)?, decided })
}

/// Whose a reference is, and in which currency that account pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    pub reference: Reference,
    pub account: AccountId,
    pub currency: Currency,
}

/// Notes the references of all accounts that have none noted yet.
pub fn refer(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let missing: Vec<AccountId> =
        tx.rows(UNREFERRED, &[], |row| row.parsed(0, "account", |it| it.parse().ok()))?;
    let rows: Vec<[Value<'_>; 2]> =
        missing.iter().map(|it| [Reference::of(*it).to_string().into(), it.to_string().into()]).collect();
    tx.many(REFER, &rows).map(drop)
}

/// Whose these references are: of those that are noted.
pub fn owners<'a>(
    tx: &mut Tx<'_>,
    references: impl IntoIterator<Item = &'a Reference>,
) -> Result<Vec<Owner>, StoreError> {
    let keys: Vec<[Value<'_>; 1]> = references.into_iter().map(|it| [it.to_string().into()]).collect();
    tx.each(OWNERS, &keys, |row| {
        Ok(Owner {
            reference: row.parsed(0, "reference of a transfer", Reference::parse)?,
            account: row.parsed(1, "account", |it| it.parse().ok())?,
            currency: row.currency(2)?,
        })
    })
}

/// Adds entries, each open, with whose it may be. Gives those that are new, in their order.
///
/// Errors: `Differs` where another entry has that name already; `Stale` where somebody adds it at this moment.
pub fn add(
    tx: &mut Tx<'_>,
    all: &[(&Entry, Option<AccountId>)],
    now: Timestamp,
) -> Result<Vec<StoredEntry>, StoreError> {
    let row = |(it, account): &(&'_ Entry, Option<AccountId>)| -> [Value<'static>; bank_entries!(count)] {
        [
            it.id.clone().into(),
            us(it.booked).into(),
            it.money.into(),
            it.money.currency().as_str().into(),
            it.payer.clone().into(),
            it.text.clone().into(),
            account.map(|it| it.to_string()).into(),
            State::Open.as_str().into(),
            "".into(),
            us(now).into(),
            None::<i64>.into(),
        ]
    };
    let rows: Vec<_> = all.iter().map(row).collect();
    let new: BTreeSet<String> = tx.many_returning(ADD, &rows, |row| row.text(0))?.into_iter().collect();
    let keys: Vec<[Value<'_>; 1]> = all.iter().map(|it| [it.0.id.as_str().into()]).collect();
    let there = tx.each(GET, &keys, stored)?.into_iter().map(|it| (it.entry.id.clone(), it));
    let there: BTreeMap<String, StoredEntry> = there.collect();
    let mut added = Vec::new();
    for (entry, _) in all {
        let found =
            there.get(&entry.id).ok_or_else(|| StoreError::Stale(format!("bank entry {}", entry.id)))?;
        if found.entry != **entry {
            return Err(StoreError::Differs(format!("the bank's entry {}", entry.id)));
        }
        if new.contains(&entry.id) {
            added.push(found.clone());
        }
    }
    Ok(added)
}

/// Errors: `NotFound`.
pub fn get(tx: &mut Tx<'_>, id: &str) -> Result<StoredEntry, StoreError> {
    let shown: String = id.chars().take(80).collect();
    tx.one(GET, &[id.into()], &format!("bank entry {shown}"), stored)
}

/// Entries in this state, the newest first; those behind `before`, if one is named.
pub fn page(
    tx: &mut Tx<'_>,
    state: State,
    before: Option<&Entry>,
    most: usize,
) -> Result<Vec<StoredEntry>, StoreError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let (booked, id) = before.map_or((i64::MAX, ""), |it| (us(it.booked), it.id.as_str()));
    tx.rows(PAGE, &[state.as_str().into(), booked.into(), id.into(), most.into()], stored)
}

/// Writes what was decided of an open entry. Errors: `Stale` when it is not open any more.
pub fn decide(tx: &mut Tx<'_>, id: &str, it: &Standing, now: Timestamp) -> Result<(), StoreError> {
    let account = it.account.map(|it| it.to_string());
    let args =
        [id.into(), account.into(), it.state.as_str().into(), it.reason.as_str().into(), us(now).into()];
    tx.exec_or(DECIDE, &args, || StoreError::Stale(format!("bank entry {id}")))
}
