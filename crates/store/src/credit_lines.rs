//! Credit lines: what holds of each account, and every one that was agreed.
//!
//! In:  a credit line of an account. Out: the one that holds; all of them, for whoever checks the books.
//! Invariant: what was agreed is never changed; the limit on the wallet is the one that holds, or nothing while it is withheld.
//! Source: R-ARR-9.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::credit::CreditLine;
use units::{AccountId, Currency, Money, Timestamp};

columns!(credit_lines: account, limit_minor, day, since_us, collect_us, withheld_us, reason);
columns!(credit_terms: account, number, from_us, limit_minor, day, reason);

statements! {
    SAVE = concat!(credit_lines!(insert), " on conflict (account) do update set limit_minor = excluded.limit_minor, day = excluded.day,
        since_us = excluded.since_us, collect_us = excluded.collect_us, withheld_us = excluded.withheld_us, reason = excluded.reason");
    AGREED = concat!(credit_terms!(insert), " on conflict do nothing");
    GET = concat!(credit_lines!(select), " where account = $1");
    GIVE = "update wallets set credit_minor = $2 where account = $1";
    COUNT = "select count(*) from credit_terms where account = $1";
    ALL = concat!(credit_terms!(select), " order by account, number");
}

fn line(row: &Row<'_>, currency: Currency) -> Result<CreditLine, StoreError> {
    let day = row.int(credit_lines!(day))?;
    Ok(CreditLine {
        account: row.parsed(credit_lines!(account), "account", |it| it.parse().ok())?,
        limit: row.money(credit_lines!(limit_minor), currency)?,
        day: u8::try_from(day).map_err(|_| StoreError::Corrupt(format!("day {day}")))?,
        since: at(row.int(credit_lines!(since_us))?)?,
        collect: at(row.int(credit_lines!(collect_us))?)?,
        withheld: row.maybe_int(credit_lines!(withheld_us))?.map(at).transpose()?,
        reason: row.text(credit_lines!(reason))?,
    })
}

/// The credit line of an account, if it ever had one.
pub fn get(
    tx: &mut Tx<'_>,
    account: AccountId,
    currency: Currency,
) -> Result<Option<CreditLine>, StoreError> {
    Ok(tx.rows(GET, &[account.to_string().into()], |row| line(row, currency))?.into_iter().next())
}

/// Writes a credit line in place of the one before, and what of it holds on the wallet, which is held.
pub fn save(tx: &mut Tx<'_>, it: &CreditLine) -> Result<(), StoreError> {
    let args: [Value<'_>; credit_lines!(count)] = [
        it.account.to_string().into(),
        it.limit.into(),
        i64::from(it.day).into(),
        us(it.since).into(),
        us(it.collect).into(),
        it.withheld.map(us).into(),
        it.reason.as_str().into(),
    ];
    tx.exec(SAVE, &args)?;
    tx.exec(GIVE, &[it.account.to_string().into(), it.holds().into()]).map(drop)
}

/// A credit line as it was agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    pub account: AccountId,
    pub number: i64,
    pub from: Timestamp,
    pub limit_minor: i64,
    pub day: i64,
    pub reason: String,
}

/// Notes that a credit line was agreed. Gives it with its number. Errors: `Stale` where another one was meanwhile.
pub fn agree(tx: &mut Tx<'_>, it: &CreditLine) -> Result<Agreed, StoreError> {
    let before = tx.one(COUNT, &[it.account.to_string().into()], "a count", |row| row.int(0))?;
    let agreed = Agreed {
        account: it.account,
        number: before + 1,
        from: it.since,
        limit_minor: Money::minor(it.limit),
        day: i64::from(it.day),
        reason: it.reason.clone(),
    };
    let args: [Value<'_>; credit_terms!(count)] = [
        agreed.account.to_string().into(),
        agreed.number.into(),
        us(agreed.from).into(),
        agreed.limit_minor.into(),
        agreed.day.into(),
        agreed.reason.as_str().into(),
    ];
    match tx.exec(AGREED, &args)? {
        1 => Ok(agreed),
        _ => Err(StoreError::Stale("a credit line".into())),
    }
}

/// Every credit line that was agreed, of all accounts.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Agreed>, StoreError> {
    tx.rows(ALL, &[], |row| {
        Ok(Agreed {
            account: row.parsed(credit_terms!(account), "account", |it| it.parse().ok())?,
            number: row.int(credit_terms!(number))?,
            from: at(row.int(credit_terms!(from_us))?)?,
            limit_minor: row.int(credit_terms!(limit_minor))?,
            day: row.int(credit_terms!(day))?,
            reason: row.text(credit_terms!(reason))?,
        })
    })
}
