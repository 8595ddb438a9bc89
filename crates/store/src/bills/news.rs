//! News of what was billed, until a job adds it to the sums of its month.
//!
//! In:  bills as they are added. Out: what each transaction billed, by quarters of an hour.
//! Invariant: whoever adds bills writes news of its own, in the same transaction, and waits for nobody. Rules: R-BIL-1.

use crate::engine::{Row, StoreError, Tx, Value, Writes, at, us};
use billing::bill::Bill;
use billing::kept::Figures;
use std::collections::BTreeMap;
use units::{BillId, MoneyError, Timestamp};

columns!(revenue_news:
    bill, from_us, product, region, kind, currency, bills, whole, rest, total_minor, bonus_minor, cash_minor, income_minor, owed_minor
);

/// Microseconds of a quarter of an hour: days and months of every zone begin with one.
const QUARTER_US: i64 = 900_000_000;

statements! {
    ADD = revenue_news!(insert);
    OLDEST = "select min(bill) from revenue_news";
    FIRST = concat!(revenue_news!(select), " order by bill limit $1");
    ALL = revenue_news!(select);
}

/// What tells one sum over all accounts from another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Revenue {
    pub product: String,
    pub region: String,
    pub currency: String,
}

/// What is told apart: a month and its products, or a quarter of an hour as long as it is news.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RevenueOf {
    pub from: Timestamp,
    pub kind: String,
    pub of: Revenue,
}

/// What one transaction billed of something that is told apart, under its first bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    pub bill: String,
    pub of: RevenueOf,
    pub figures: Figures,
}

fn quarter(us: i64) -> i64 {
    us.div_euclid(QUARTER_US) * QUARTER_US
}

fn of(from: Timestamp, it: &Bill<'_>) -> RevenueOf {
    RevenueOf {
        from,
        kind: it.kind.as_str().to_string(),
        of: Revenue {
            product: it.product.to_string(),
            region: it.region.to_string(),
            currency: it.currency().as_str().to_string(),
        },
    }
}

fn figures_of(it: &Bill<'_>) -> Result<Figures, MoneyError> {
    let cost = it.amount_e8.checked_sub(it.carried_e8).ok_or(MoneyError::Overflow)?;
    let purses = it.paid.purses();
    Ok(Figures {
        bills: 1,
        whole: cost / 100_000_000,
        rest: cost % 100_000_000,
        total: it.total.minor(),
        bonus: purses.bonus().minor(),
        cash: purses.cash().minor(),
        income: purses.income().minor(),
        owed: it.paid.owed().minor(),
    })
}

/// News of the bills that a transaction adds. Errors: sums that are too large.
pub(super) fn add<'a>(
    writes: &mut Writes<'a>,
    bills: impl Iterator<Item = &'a Bill<'a>>,
) -> Result<(), StoreError> {
    let mut news: BTreeMap<RevenueOf, (BillId, Figures)> = BTreeMap::new();
    for it in bills {
        let used = it.original.map_or(it.from, |it| it.0);
        let of = of(at(quarter(us(used)))?, it);
        let (first, figures) = news.entry(of).or_insert((it.id, Figures::default()));
        *first = it.id.min(*first);
        *figures = figures.and(&figures_of(it)?)?;
    }
    let rows = news.into_iter().map(|(of, (bill, it))| {
        let [from, product, region, kind, currency] = key(&of);
        let [bills, whole, rest, total, bonus, cash, income, owed] = values(&it);
        let bill = bill.to_string().into();
        [bill, from, product, region, kind, currency, bills, whole, rest, total, bonus, cash, income, owed]
    });
    writes.new_rows(ADD, rows, StoreError::Differs("news of a bill".into()));
    Ok(())
}

pub(super) fn key(it: &RevenueOf) -> [Value<'static>; 5] {
    let RevenueOf { from, kind, of: Revenue { product, region, currency } } = it;
    let text = |it: &String| it.clone().into();
    [us(*from).into(), text(product), text(region), text(kind), text(currency)]
}

pub(super) fn values(it: &Figures) -> [Value<'static>; 8] {
    [it.bills, it.whole, it.rest, it.total, it.bonus, it.cash, it.income, it.owed].map(Value::from)
}

/// The first bill of the oldest news; `None` where there are none.
pub fn oldest(tx: &mut Tx<'_>) -> Result<Option<BillId>, StoreError> {
    let found = tx.rows(OLDEST, &[], |row| match row.maybe_text(0)? {
        Some(text) => text.parse().map(Some).map_err(|_| StoreError::Corrupt(format!("id `{text}`"))),
        None => Ok(None),
    })?;
    Ok(found.into_iter().next().flatten())
}

/// News, so many at most.
pub fn first(tx: &mut Tx<'_>, most: i64) -> Result<Vec<News>, StoreError> {
    tx.rows(FIRST, &[most.into()], read)
}

/// All news.
pub(super) fn all(tx: &mut Tx<'_>) -> Result<Vec<News>, StoreError> {
    tx.rows(ALL, &[], read)
}

pub(super) fn read(row: &Row<'_>) -> Result<News, StoreError> {
    Ok(News { bill: row.text(revenue_news!(bill))?, of: read_of(row, 1)?, figures: read_figures(row, 6)? })
}

pub(super) fn read_of(row: &Row<'_>, first: usize) -> Result<RevenueOf, StoreError> {
    Ok(RevenueOf {
        from: at(row.int(first)?)?,
        kind: row.text(first + 3)?,
        of: Revenue {
            product: row.text(first + 1)?,
            region: row.text(first + 2)?,
            currency: row.text(first + 4)?,
        },
    })
}

pub(super) fn read_figures(row: &Row<'_>, first: usize) -> Result<Figures, StoreError> {
    super::kept::figures(row, first + 1, row.int(first)?)
}
