//! Credits and debits against bills: what was made of them, and what a bill and its closed cycle came to since.
//!
//! In:  a bill that people correct. Out: what was corrected before, how all that belongs to its cycle was paid.
//! Invariant: a row for each correction, with the bill that it made; the bill that it is against stays as it was.

use super::{Correction, correction};
use crate::engine::{StoreError, Tx, Value, Writes, us};
use billing::bill::Bill;
use billing::correction::Earlier;
use billing::wallet::Paid;
use units::{AccountId, BillId, Currency, Money};

statements! {
    ADD = "insert into bill_corrections (account, bill, number, line, made, total_minor) values ($1, $2, $3, $4, $5, $6)
        on conflict do nothing";
    OF_BILL = "select line, total_minor from bill_corrections where account = $1 and bill = $2 order by number";
    MADE = "select c.number, c.id, c.account, c.kind, c.actor, c.reason, c.at_us, c.body from bill_corrections b
        join corrections c on c.number = b.number where b.account = $1 and b.made = $2";
    MADE_AGAINST = "select c.number, c.id, c.account, c.kind, c.actor, c.reason, c.at_us, c.body, b.line, b.total_minor, b.made
        from bill_corrections b join corrections c on c.number = b.number where b.account = $1 and b.bill = $2 order by b.number";
    AGAINST = "select bill from bill_corrections where account = $1 and made = $2";
    MADE_BY = "select made, number from bill_corrections where account = $1 and bill = $2 and number = $3";
    FAMILY = "select bonus_minor, cash_minor, income_minor, owed_minor from bills where account = $1 and (id = $2 or (
        product = $3 and region = $4 and spec = $5 and coalesce(resource, '') = $6 and ((from_us = $7 and to_us = $8
        and kind in ('hourly', 'daily', 'monthly')) or (original_from_us = $7 and original_to_us = $8
        and kind in ('adjustment', 'correction')))))";
}

/// What a correction made of a bill.
#[derive(Clone, Copy, Debug)]
pub struct BillCorrection<'a> {
    pub number: i64,
    /// The bill that it is against, and which of its lines.
    pub against: &'a Bill<'a>,
    pub line: Option<usize>,
    pub made: &'a Bill<'a>,
}

/// Adds it. Unless: `Stale` when it is there already.
pub fn add(writes: &mut Writes<'_>, it: &BillCorrection<'_>) {
    let row: [Value<'_>; 6] = [
        it.against.account.to_string().into(),
        it.against.id.to_string().into(),
        it.number.into(),
        it.line.map(|it| i64::try_from(it).unwrap_or(i64::MAX)).into(),
        it.made.id.to_string().into(),
        it.made.total.into(),
    ];
    writes.all(ADD, [row], StoreError::Stale("a correction of a bill".into()));
}

/// What people corrected of a bill so far.
pub fn of_bill(
    tx: &mut Tx<'_>,
    account: AccountId,
    bill: BillId,
    currency: Currency,
) -> Result<Vec<Earlier>, StoreError> {
    let args = [account.to_string().into(), bill.to_string().into()];
    tx.rows(OF_BILL, &args, |row| {
        let line = row.maybe_int(0)?.map(|it| usize::try_from(it).unwrap_or(usize::MAX));
        Ok(Earlier { line, total: row.money(1, currency)? })
    })
}

/// The correction that a bill was made of, if it was.
pub fn made_of(tx: &mut Tx<'_>, account: AccountId, made: BillId) -> Result<Option<Correction>, StoreError> {
    let args = [account.to_string().into(), made.to_string().into()];
    Ok(tx.rows(MADE, &args, correction)?.into_iter().next())
}

/// A credit or a debit that was made against a bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeAgainst {
    pub correction: Correction,
    /// Against which of its lines, where it is against one.
    pub line: Option<usize>,
    /// Of a credit below zero.
    pub total: Money,
    /// The bill that it made.
    pub made: BillId,
}

/// The corrections of a bill, in their order.
pub fn made_against(
    tx: &mut Tx<'_>,
    account: AccountId,
    bill: BillId,
    currency: Currency,
) -> Result<Vec<MadeAgainst>, StoreError> {
    let args = [account.to_string().into(), bill.to_string().into()];
    tx.rows(MADE_AGAINST, &args, |row| {
        Ok(MadeAgainst {
            correction: correction(row)?,
            line: row.maybe_int(8)?.map(|it| usize::try_from(it).unwrap_or(usize::MAX)),
            total: row.money(9, currency)?,
            made: row.parsed(10, "bill", |it| it.parse().ok())?,
        })
    })
}

/// The bill that a bill which a correction made is against.
pub fn against(tx: &mut Tx<'_>, account: AccountId, made: BillId) -> Result<Option<BillId>, StoreError> {
    let args = [account.to_string().into(), made.to_string().into()];
    let found = tx.rows(AGAINST, &args, |row| row.parsed(0, "bill", |it| it.parse().ok()))?;
    Ok(found.into_iter().next())
}

/// The bills that corrections made, each by the number of its correction: of an account, against a bill. What made none is
/// left out.
pub fn made_by(
    tx: &mut Tx<'_>,
    corrections: &[(AccountId, BillId, i64)],
) -> Result<Vec<(i64, BillId)>, StoreError> {
    let key = |it: &(AccountId, BillId, i64)| [it.0.to_string().into(), it.1.to_string().into(), it.2.into()];
    let keys: Vec<[Value<'_>; 3]> = corrections.iter().map(key).collect();
    tx.each(MADE_BY, &keys, |row| Ok((row.int(1)?, row.parsed(0, "bill", |it| it.parse().ok())?)))
}

/// How a bill was paid with all that belongs to it: other bills of its closed cycle and subject, adjustments, corrections.
pub fn paid_in_all(tx: &mut Tx<'_>, bill: &Bill<'_>) -> Result<Paid, StoreError> {
    let (from, to) = bill.original.unwrap_or((bill.from, bill.to));
    let args = [
        bill.account.to_string().into(),
        bill.id.to_string().into(),
        bill.product.as_ref().into(),
        bill.region.as_ref().into(),
        bill.spec.as_ref().into(),
        bill.resource.map_or_else(String::new, |it| it.to_string()).into(),
        us(from).into(),
        us(to).into(),
    ];
    let currency = bill.currency();
    let all =
        tx.rows(FAMILY, &args, |row| Ok(Paid::new(row.purses(0, currency)?, row.money(3, currency)?)?))?;
    let sum = |sum: Paid, it: Paid| sum.checked_add(it);
    Ok(all.into_iter().try_fold(Paid::none(currency), sum)?)
}
