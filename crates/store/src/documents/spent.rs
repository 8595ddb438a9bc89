//! Cash that was consumed since the last invoice of an account.
//!
//! In:  an account whose wallet is held, numbers of movements. Out: sums by product, and movements of what is owed.
//! Invariant: movements are told apart by their numbers, which grow under the lock of the wallet, so that each is in exactly
//! one invoice whatever instant it is stamped with.
//! Rules: R-INV-1.

use crate::engine::{StoreError, Tx, Value, at, us};
use billing::document::spent::Debt;
use billing::wallet::Purse;
use std::ops::Range;
use units::{AccountId, Currency, DocumentId, Money, Timestamp};

statements! {
    CASH = "select b.product, t.debit, cast(sum(t.total_minor) as bigint) from transfers t join bills b on b.account = t.account
        and b.id = t.subject where t.account = $1 and t.number >= $2 and t.number < $3 and t.at_us >= $4 and t.at_us < $5
        and ((t.credit = 'revenue' and t.debit in ('cash', 'frozen_cash')) or (t.debit = 'revenue' and t.credit in ('cash', 'frozen_cash')))
        group by b.product, t.debit order by b.product, t.debit";
    DEBTS = "select t.at_us, t.debit, t.credit, t.total_minor, coalesce(b.product, '') from transfers t left join bills b
        on b.account = t.account and b.id = t.subject where t.account = $1 and t.number >= $2 and t.number < $3
        and (t.debit = 'owed' or t.credit = 'owed') order by t.number";
    ENDS = "select min(t.at_us), max(t.at_us) from transfers t join bills b on b.account = t.account and b.id = t.subject
        where t.account = $1 and t.number >= $2 and t.number < $3
        and ((t.credit = 'revenue' and t.debit in ('cash', 'frozen_cash')) or (t.debit = 'revenue' and t.credit in ('cash', 'frozen_cash')))";
    ALL = "select account, before_number from invoiced order by account";
    INVOICED = "select before_number from invoiced where account = $1";
    SET_INVOICED = "insert into invoiced (account, before_number, document) values ($1, $2, $3) on conflict (account) do update
        set before_number = excluded.before_number, document = excluded.document";
    OPEN = "select product, total_minor from invoiced_debts where account = $1 order by number";
    DROP_OPEN = "delete from invoiced_debts where account = $1";
    ADD_OPEN = "insert into invoiced_debts (account, number, product, total_minor) values ($1, $2, $3, $4)";
    BACK = "select d.body from uninvoiced u join documents d on d.account = u.account and d.id = u.document where u.account = $1
        order by d.number, d.id";
    ADD_BACK = "insert into uninvoiced (account, document) values ($1, $2)";
    DROP_BACK = "delete from uninvoiced where account = $1";
}

/// Whose movements, and in which currency.
#[derive(Clone, Copy, Debug)]
pub struct Whose {
    pub account: AccountId,
    pub currency: Currency,
}

/// Where the last invoice of an account ended, and what was owed there. Movements of it begin at 0 without one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invoiced {
    pub before: i64,
    pub debts: Vec<Debt>,
    /// The bodies of credit notes whose sums may be invoiced once more.
    pub back: Vec<String>,
}

/// Reads it. The wallet of the account is held.
pub fn invoiced(tx: &mut Tx<'_>, of: Whose) -> Result<Invoiced, StoreError> {
    let id = of.account.to_string();
    let before = tx.rows(INVOICED, &[id.as_str().into()], |row| row.int(0))?;
    let debts = tx.rows(OPEN, &[id.as_str().into()], |row| {
        Ok(Debt { product: row.text(0)?, money: row.money(1, of.currency)? })
    })?;
    let back = tx.rows(BACK, &[id.as_str().into()], |row| row.text(0))?;
    Ok(Invoiced { before: before.first().copied().unwrap_or(0), debts, back })
}

/// Where the last invoice of each account ended.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<(AccountId, i64)>, StoreError> {
    tx.rows(ALL, &[], |row| Ok((row.parsed(0, "account", |it| it.parse().ok())?, row.int(1)?)))
}

/// Notes where an invoice ended, and what was owed there; what came back stands in it.
pub fn set_invoiced(
    tx: &mut Tx<'_>,
    account: AccountId,
    document: DocumentId,
    before: i64,
    debts: &[Debt],
) -> Result<(), StoreError> {
    let id = account.to_string();
    tx.exec(SET_INVOICED, &[id.as_str().into(), before.into(), document.to_string().into()])?;
    tx.exec(DROP_OPEN, &[id.as_str().into()])?;
    tx.exec(DROP_BACK, &[id.as_str().into()])?;
    let rows: Vec<[Value<'_>; 4]> = (0_i64..)
        .zip(debts)
        .map(|(number, it)| [id.as_str().into(), number.into(), it.product.as_str().into(), it.money.into()])
        .collect();
    tx.many(ADD_OPEN, &rows).map(drop)
}

/// Notes that what a credit note says may be invoiced once more.
pub fn give_back(tx: &mut Tx<'_>, account: AccountId, note: DocumentId) -> Result<(), StoreError> {
    tx.exec(ADD_BACK, &[account.to_string().into(), note.to_string().into()]).map(drop)
}

/// What cash paid for a product, or what came back of it below zero; made in `[from, to)`, under these numbers.
pub fn cash(
    tx: &mut Tx<'_>,
    of: Whose,
    numbers: Range<i64>,
    within: Range<Timestamp>,
) -> Result<Vec<(String, Money)>, StoreError> {
    let args = [
        of.account.to_string().into(),
        numbers.start.into(),
        numbers.end.into(),
        us(within.start).into(),
        us(within.end).into(),
    ];
    tx.rows(CASH, &args, |row| {
        let money = row.money(2, of.currency)?;
        match row.parsed(1, "purse", Purse::parse)? {
            Purse::Revenue => Ok((row.text(0)?, money.checked_neg()?)),
            Purse::Cash
            | Purse::Bonus
            | Purse::Income
            | Purse::FrozenCash
            | Purse::FrozenBonus
            | Purse::FrozenIncome
            | Purse::Owed
            | Purse::Bank
            | Purse::Grants
            | Purse::Vouchers
            | Purse::Clearing => Ok((row.text(0)?, money)),
        }
    })
}

/// A movement of what is owed: its product is that of the bill that it is for, empty where it is for none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwedMove {
    pub at: Timestamp,
    pub debit: Purse,
    pub credit: Purse,
    pub money: Money,
    pub product: String,
}

/// Movements of what is owed, under these numbers, in the order in which they were made.
pub fn owed(tx: &mut Tx<'_>, of: Whose, numbers: Range<i64>) -> Result<Vec<OwedMove>, StoreError> {
    let args = [of.account.to_string().into(), numbers.start.into(), numbers.end.into()];
    tx.rows(DEBTS, &args, |row| {
        Ok(OwedMove {
            at: at(row.int(0)?)?,
            debit: row.parsed(1, "purse", Purse::parse)?,
            credit: row.parsed(2, "purse", Purse::parse)?,
            money: row.money(3, of.currency)?,
            product: row.text(4)?,
        })
    })
}

/// The instants of the first and the last movement that `cash` adds up under these numbers, if there are any.
pub fn ends(
    tx: &mut Tx<'_>,
    account: AccountId,
    numbers: Range<i64>,
) -> Result<Option<(Timestamp, Timestamp)>, StoreError> {
    let args = [account.to_string().into(), numbers.start.into(), numbers.end.into()];
    let found = tx.rows(ENDS, &args, |row| Ok((row.maybe_int(0)?, row.maybe_int(1)?)))?;
    match found.first() {
        Some((Some(from), Some(to))) => Ok(Some((at(*from)?, at(*to)?))),
        Some(_) | None => Ok(None),
    }
}
