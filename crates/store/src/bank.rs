//! Bank transfers: references of accounts, entries of statements.
//!
//! In:  a transaction, entries. Out: whose each is or may be, and how it stands.
//! Invariant: an entry stands once, by the bank's name of it; the same name with another sum is `Differs`.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::bank::{Entry, Reference, State};
use units::{AccountId, Timestamp};

columns!(bank_entries:
    id, booked_us, money_minor, currency, payer, written, account, state, reason, added_us, decided_us
);

statements! {
    REFER = "insert into bank_references (reference, account) values ($1, $2) on conflict do nothing";
    WHOSE = "select account from bank_references where reference = $1";
    ADD = concat!(bank_entries!(insert), " on conflict do nothing");
    GET = concat!(bank_entries!(select), " where id = $1");
    PAGE = concat!(bank_entries!(select), " where state = $1 and (booked_us, id) < ($2, $3) \
        order by booked_us desc, id desc limit $4");
    DECIDE = "update bank_entries set account = $2, state = $3, reason = $4, decided_us = $5 where id = $1 and state = 'open'";
}

/// An entry, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    pub entry: Entry,
    /// Whose it is, or may be while it is open.
    pub account: Option<AccountId>,
    pub state: State,
    /// Why it was set aside.
    pub reason: String,
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
    Ok(StoredEntry {
        entry,
        account: account.map(|it| it.parse().map_err(corrupt)).transpose()?,
        state: row.parsed(bank_entries!(state), "state of an entry", State::parse)?,
        reason: row.text(bank_entries!(reason))?,
        added: at(row.int(bank_entries!(added_us))?)?,
        decided: row.maybe_int(bank_entries!(decided_us))?.map(at).transpose()?,
    })
}

/// Notes whose a reference is. Errors: `Differs` when it is another's.
pub fn refer(tx: &mut Tx<'_>, reference: &Reference, account: AccountId) -> Result<(), StoreError> {
    let text = reference.to_string();
    tx.exec(REFER, &[text.as_str().into(), account.to_string().into()])?;
    match whose(tx, reference)? {
        Some(it) if it == account => Ok(()),
        Some(_) | None => Err(StoreError::Differs(format!("reference {text}"))),
    }
}

/// Whose a reference is.
pub fn whose(tx: &mut Tx<'_>, reference: &Reference) -> Result<Option<AccountId>, StoreError> {
    let found = tx
        .rows(WHOSE, &[reference.to_string().into()], |row| row.parsed(0, "account", |it| it.parse().ok()))?;
    Ok(found.into_iter().next())
}

/// Adds an entry that is open. Gives whether it is new. Errors: `Differs` for another sum under the same name.
pub fn add(
    tx: &mut Tx<'_>,
    it: &Entry,
    account: Option<AccountId>,
    now: Timestamp,
) -> Result<Option<StoredEntry>, StoreError> {
    let args: [Value<'_>; bank_entries!(count)] = [
        it.id.as_str().into(),
        us(it.booked).into(),
        it.money.into(),
        it.money.currency().as_str().into(),
        it.payer.as_str().into(),
        it.text.as_str().into(),
        account.map(|it| it.to_string()).into(),
        State::Open.as_str().into(),
        "".into(),
        us(now).into(),
        None::<i64>.into(),
    ];
    let is_new = tx.exec(ADD, &args)? == 1;
    let there = get(tx, &it.id)?;
    match there.entry.money == it.money {
        true => Ok(is_new.then_some(there)),
        false => Err(StoreError::Differs(format!("the bank's entry {}", it.id))),
    }
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

/// What is decided of an open entry.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    pub account: Option<AccountId>,
    pub state: State,
    pub reason: &'a str,
}

/// Writes what was decided of an open entry. Errors: `Stale` when it is not open any more.
pub fn decide(tx: &mut Tx<'_>, id: &str, it: Decision<'_>, now: Timestamp) -> Result<(), StoreError> {
    let account = it.account.map(|it| it.to_string());
    let args = [id.into(), account.into(), it.state.as_str().into(), it.reason.into(), us(now).into()];
    match tx.exec(DECIDE, &args)? {
        0 => Err(StoreError::Stale(format!("bank entry {id}"))),
        _ => Ok(()),
    }
}
