//! Commitments: what accounts are to spend in each month, and what they spent of one.
//!
//! In:  an agreement; an account and a month. Out: what was agreed, by number; what counts as spent.
//! Invariant: a row is never changed; what is spent is read once a month, of those accounts alone that agreed something.
//! Source: R-PRC-26.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::commitment::Commitment;
use units::calendar::seconds_after;
use units::{AccountId, BillId, Currency, Cycle, Money};

columns!(commitments: account, number, from_us, until_us, amount_minor, made_us, reason);

statements! {
    ADD = concat!(commitments!(insert), " on conflict do nothing");
    OF_ACCOUNT = concat!(commitments!(select), " where account = $1 order by number");
    ALL = concat!("select ", commitments!(names of t), ", a.currency from commitments t join accounts a on a.id = t.account
        order by t.account, t.number");
    DUE = "select t.account, t.amount_minor, (select count(*) from dues d where d.account = t.account and d.cycle <> 'month'
        and d.set_aside is not null and d.settled_to_us < $4) from commitments t where t.account > $1 and t.account <= $2
        and t.from_us <= $3 and (t.until_us is null or t.until_us > $3) and t.amount_minor > 0 and not exists (select 1 from commitments n
        where n.account = t.account and n.number > t.number and n.from_us <= $3) order by t.account";
    SPENT = "select cast(coalesce(sum(b.total_minor), 0) as bigint) from (select i.total_minor, i.from_us, i.kind, i.product from bills i
        where i.account = $1 and i.id >= $2 and i.id < $3 and i.original_from_us is null union all select i.total_minor, i.from_us, i.kind,
        i.product from bills i where i.account = $1 and i.original_from_us is not null and i.posted_us >= $4) b
        where b.from_us >= $4 and b.from_us < $5 and b.kind <> 'commitment' and b.product <> 'commitment'";
}

fn commitment(row: &Row<'_>, currency: Currency) -> Result<Commitment, StoreError> {
    Ok(Commitment {
        account: row.parsed(commitments!(account), "account", |it| it.parse().ok())?,
        number: row.int(commitments!(number))?,
        amount: row.money(commitments!(amount_minor), currency)?,
        from: at(row.int(commitments!(from_us))?)?,
        until: row.maybe_int(commitments!(until_us))?.map(at).transpose()?,
        made: at(row.int(commitments!(made_us))?)?,
        reason: row.text(commitments!(reason))?,
    })
}

/// Adds what was agreed. Errors: `Stale` where something else was meanwhile.
pub fn add(tx: &mut Tx<'_>, it: &Commitment) -> Result<(), StoreError> {
    let args: [Value<'_>; commitments!(count)] = [
        it.account.to_string().into(),
        it.number.into(),
        us(it.from).into(),
        it.until.map(us).into(),
        it.amount.into(),
        us(it.made).into(),
        it.reason.as_str().into(),
    ];
    tx.exec_or(ADD, &args, || StoreError::Stale("a commitment".into()))
}

/// Everything that was agreed with an account, by number.
pub fn of_account(
    tx: &mut Tx<'_>,
    account: AccountId,
    currency: Currency,
) -> Result<Vec<Commitment>, StoreError> {
    tx.rows(OF_ACCOUNT, &[account.to_string().into()], |row| commitment(row, currency))
}

/// Everything that was agreed, with all accounts.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Commitment>, StoreError> {
    tx.rows(ALL, &[], |row| {
        let currency = row.currency(commitments!(count))?;
        commitment(row, currency)
    })
}

/// An account with something to spend in a month.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DueOf {
    pub account: AccountId,
    pub amount_minor: i64,
    /// Whether it is set aside in an hour or a day of the month.
    pub waits: bool,
}

/// What the accounts above one and up to another are to spend in `month`, by account.
pub(crate) fn due(tx: &mut Tx<'_>, range: &[Value<'_>; 2], month: &Cycle) -> Result<Vec<DueOf>, StoreError> {
    let [after, last] = range.clone();
    tx.rows(DUE, &[after, last, us(month.from).into(), us(month.to).into()], |row| {
        Ok(DueOf {
            account: row.parsed(0, "account", |it| it.parse().ok())?,
            amount_minor: row.int(1)?,
            waits: row.int(2)? > 0,
        })
    })
}

/// What counts as spent by an account in `month` so far. Source: R-PRC-26.
pub fn spent(
    tx: &mut Tx<'_>,
    account: AccountId,
    currency: Currency,
    month: &Cycle,
) -> Result<Money, StoreError> {
    // What is billed with the end of the month has that instant in its id.
    let behind = seconds_after(month.to, 1).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let ids = [month.from, behind].map(|it| BillId::first_at(it).to_string());
    let [first, last] = ids;
    let args =
        [account.to_string().into(), first.into(), last.into(), us(month.from).into(), us(month.to).into()];
    tx.one(SPENT, &args, "a sum of bills", |row| row.money(0, currency))
}
