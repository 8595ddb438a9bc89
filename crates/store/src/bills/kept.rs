//! Sums that are kept beside bills: of each account those of all its bills below one.
//!
//! In:  bills that are counted, an account. Out: rows of sums, and below which bill they count everything.
//! Invariant: bills about a closed cycle are in no kept sum. Any other that is added below makes them void, in the same transaction: what is kept is never wrong, only
//! absent. Who rolls up an account holds its wallet, as whoever adds bills does; so neither misses the other.

use crate::engine::{Row, StoreError, Tx, Value, Writes, at, us};
use billing::account::Account;
use billing::kept::{Counted, Figures, KeptSums, MonthFigures, OfDay, OfMonth};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use units::{AccountId, BillId, Timestamp};

columns!(day_sums:
    account, from_us, product, region, kind, currency, bills, whole, rest, total_minor, bonus_minor, cash_minor,
    income_minor, owed_minor
);

columns!(month_sums:
    account, from_us, product, region, subject, kind, spec, labels, currency, project, tags, order_id, bills, whole, rest,
    total_minor, bonus_minor, cash_minor, income_minor, owed_minor
);

statements! {
    OPEN = "insert into rolled (account, below, due_us) values ($1, '', $2) on conflict do nothing";
    MAKE_VOID = "update rolled set below = '' where account = $1 and below > $2";
    DUE = "select account from rolled where due_us <= $1 order by due_us, account limit $2";
    NEXT_DUE = "select min(due_us) from rolled";
    BELOW = "select below from rolled where account = $1";
    POSTPONE = "update rolled set due_us = $2 where account = $1";
    ROLLED = "update rolled set below = $2, due_us = $3 where account = $1";
    COUNTED = concat!("select b.id, b.posted_us, ", used_from!(), ", b.product, b.region, coalesce(b.resource, ''), b.kind, b.spec,
        coalesce(l.project, ''), coalesce(l.tags, ''), b.currency, coalesce(b.order_id, ''), (b.amount_e8 - b.carried_e8) / 100000000,
        (b.amount_e8 - b.carried_e8) % 100000000, b.total_minor, b.bonus_minor, b.cash_minor, b.income_minor, b.owed_minor
        from bills b left join label_spans l on l.account = b.account and l.resource = b.resource and l.from_us <= b.posted_us
        and l.to_us > b.posted_us where b.account = $1 and b.id >= $2 and b.id < $3 and ", of_own_time!(b), " order by b.id limit $4");
    ADD_DAY = concat!(day_sums!(insert), " on conflict (account, from_us, product, region, kind, currency) do update set ", added!("day_sums"));
    ADD_MONTH = concat!(month_sums!(insert), " on conflict (account, from_us, product, region, subject, kind, spec, labels, currency)
        do update set order_id = case when excluded.order_id > month_sums.order_id then excluded.order_id else month_sums.order_id end, ",
        added!("month_sums"));
    DAYS = concat!(day_sums!(select), " where account = $1");
    MONTHS = concat!(month_sums!(select), " where account = $1");
    DROP_DAYS = "delete from day_sums where account = $1";
    DROP_MONTHS = "delete from month_sums where account = $1";
}

/// An account is looked at from its beginning on; one that is known stays as it is.
pub(crate) fn open(tx: &mut Tx<'_>, it: &Account) -> Result<(), StoreError> {
    tx.exec(OPEN, &[it.id.to_string().into(), us(it.created).into()]).map(drop)
}

/// Bills are added, of each account this one as the first: sums that should count it are void.
pub(super) fn make_void(writes: &mut Writes<'_>, first: BTreeMap<AccountId, BillId>) {
    writes.any(MAKE_VOID, first.into_iter().map(|it| [it.0.to_string().into(), it.1.to_string().into()]));
}

/// Makes what is kept of an account void: it is added up anew some time, and lists add up everything until then.
pub fn forget(tx: &mut Tx<'_>, account: AccountId) -> Result<(), StoreError> {
    tx.exec(MAKE_VOID, &[account.to_string().into(), "".into()]).map(drop)
}

/// Accounts that are to be looked at by `now`, so many at most.
pub fn due(tx: &mut Tx<'_>, now: Timestamp, most: i64) -> Result<BTreeSet<AccountId>, StoreError> {
    let all =
        tx.rows(DUE, &[us(now).into(), most.into()], |row| row.parsed(0, "account", |it| it.parse().ok()))?;
    Ok(all.into_iter().collect())
}

/// When the next account is to be looked at.
pub fn next_due(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    crate::tasks::earliest(tx, NEXT_DUE)
}

/// Below which bill the kept sums of an account count everything, as text; empty where there are none.
pub fn below(tx: &mut Tx<'_>, account: AccountId) -> Result<String, StoreError> {
    let found = tx.rows(BELOW, &[account.to_string().into()], |row| row.text(0))?;
    Ok(found.into_iter().next().unwrap_or_default())
}

/// A bill to be counted, and when it was deducted.
#[derive(Clone, Debug)]
pub struct ToCount {
    pub bill: BillId,
    pub posted: Timestamp,
    pub counted: Counted,
}

/// Which bills of an account are counted: from the first text on, below the second.
#[derive(Clone, Copy, Debug)]
pub struct Between<'a> {
    pub account: AccountId,
    pub from: &'a str,
    pub below: &'a str,
}

/// Bills in the order of their ids, so many at most.
pub fn to_count(tx: &mut Tx<'_>, of: Between<'_>, most: usize) -> Result<Vec<ToCount>, StoreError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let args = [of.account.to_string().into(), of.from.into(), of.below.into(), most.into()];
    tx.rows(COUNTED, &args, |row| {
        let order = row.text(11)?;
        let figures = figures(row, 12, 1)?;
        let bill = row.parsed(0, "bill", |it| it.parse().ok())?;
        let counted = Counted { of: of_month(row, 2)?, order, figures };
        Ok(ToCount { bill, posted: at(row.int(1)?)?, counted })
    })
}

/// What is told apart, in the columns from `first` on.
fn of_month(row: &Row<'_>, first: usize) -> Result<OfMonth, StoreError> {
    Ok(OfMonth {
        from: at(row.int(first)?)?,
        product: row.text(first + 1)?,
        region: row.text(first + 2)?,
        subject: row.text(first + 3)?,
        kind: row.text(first + 4)?,
        spec: row.text(first + 5)?,
        project: row.text(first + 6)?,
        tags: row.text(first + 7)?,
        currency: row.text(first + 8)?,
    })
}

/// What so many bills come to, in the columns from `whole` on.
pub(super) fn figures(row: &Row<'_>, whole: usize, bills: i64) -> Result<Figures, StoreError> {
    Ok(Figures {
        bills,
        whole: row.int(whole)?,
        rest: row.int(whole + 1)?,
        total: row.int(whole + 2)?,
        bonus: row.int(whole + 3)?,
        cash: row.int(whole + 4)?,
        income: row.int(whole + 5)?,
        owed: row.int(whole + 6)?,
    })
}

/// What an account was rolled up to.
#[derive(Clone, Debug)]
pub struct Roll {
    pub account: AccountId,
    /// What comes to the sums that are there.
    pub sums: KeptSums,
    /// Below this they count everything from now on.
    pub below: String,
    /// When it is looked at next.
    pub due: Timestamp,
}

/// Looks at an account again at `due`, and leaves what is kept of it as it is.
pub fn postpone(tx: &mut Tx<'_>, account: AccountId, due: Timestamp) -> Result<(), StoreError> {
    tx.exec(POSTPONE, &[account.to_string().into(), us(due).into()]).map(drop)
}

/// Adds to the sums of accounts, whose wallets are held.
pub fn save(tx: &mut Tx<'_>, all: &[Roll]) -> Result<(), StoreError> {
    let mut writes = Writes::default();
    writes.any(ADD_DAY, all.iter().flat_map(day_rows));
    writes.any(ADD_MONTH, all.iter().flat_map(month_rows));
    let row = |it: &Roll| [it.account.to_string().into(), it.below.clone().into(), us(it.due).into()];
    writes.all(ROLLED, all.iter().map(row), StoreError::Stale("accounts that are rolled up".into()));
    tx.write(writes)
}

fn day_rows(roll: &Roll) -> impl Iterator<Item = [Value<'_>; day_sums!(count)]> {
    roll.sums.days.iter().map(|(of, it)| {
        [
            roll.account.to_string().into(),
            us(of.from).into(),
            of.product.as_str().into(),
            of.region.as_str().into(),
            of.kind.as_str().into(),
            of.currency.as_str().into(),
            it.bills.into(),
            it.whole.into(),
            it.rest.into(),
            it.total.into(),
            it.bonus.into(),
            it.cash.into(),
            it.income.into(),
            it.owed.into(),
        ]
    })
}

fn month_rows(roll: &Roll) -> impl Iterator<Item = [Value<'_>; month_sums!(count)]> {
    roll.sums.months.iter().map(|(of, MonthFigures { order, figures: it })| {
        [
            roll.account.to_string().into(),
            us(of.from).into(),
            of.product.as_str().into(),
            of.region.as_str().into(),
            of.subject.as_str().into(),
            of.kind.as_str().into(),
            of.spec.as_str().into(),
            labels_key(&of.project, &of.tags).into(),
            of.currency.as_str().into(),
            of.project.as_str().into(),
            of.tags.as_str().into(),
            order.as_str().into(),
            it.bills.into(),
            it.whole.into(),
            it.rest.into(),
            it.total.into(),
            it.bonus.into(),
            it.cash.into(),
            it.income.into(),
            it.owed.into(),
        ]
    })
}

/// What tells labels apart in a key, which is not as long as labels may be.
fn labels_key(project: &str, tags: &str) -> String {
    match (project, tags) {
        ("", "") => String::new(),
        _ => Sha256::digest(format!("{project} {tags}")).iter().map(|it| format!("{it:02x}")).collect(),
    }
}

/// Everything that is kept of an account.
pub fn all(tx: &mut Tx<'_>, account: AccountId) -> Result<KeptSums, StoreError> {
    let account = account.to_string();
    let days = tx.rows(DAYS, &[account.as_str().into()], |row| {
        let of = OfDay {
            from: at(row.int(day_sums!(from_us))?)?,
            product: row.text(day_sums!(product))?,
            region: row.text(day_sums!(region))?,
            kind: row.text(day_sums!(kind))?,
            currency: row.text(day_sums!(currency))?,
        };
        Ok((of, figures(row, day_sums!(whole), row.int(day_sums!(bills))?)?))
    })?;
    let months = tx.rows(MONTHS, &[account.as_str().into()], |row| {
        let figures = figures(row, month_sums!(whole), row.int(month_sums!(bills))?)?;
        let order = row.text(month_sums!(order_id))?;
        let of = OfMonth {
            from: at(row.int(month_sums!(from_us))?)?,
            product: row.text(month_sums!(product))?,
            region: row.text(month_sums!(region))?,
            subject: row.text(month_sums!(subject))?,
            kind: row.text(month_sums!(kind))?,
            spec: row.text(month_sums!(spec))?,
            project: row.text(month_sums!(project))?,
            tags: row.text(month_sums!(tags))?,
            currency: row.text(month_sums!(currency))?,
        };
        Ok((of, MonthFigures { order, figures }))
    })?;
    Ok(KeptSums { days: days.into_iter().collect(), months: months.into_iter().collect() })
}

/// Drops sums that are void.
pub fn clear(tx: &mut Tx<'_>, account: AccountId) -> Result<(), StoreError> {
    let args = [account.to_string().into()];
    tx.exec(DROP_DAYS, &args)?;
    tx.exec(DROP_MONTHS, &args).map(drop)
}
