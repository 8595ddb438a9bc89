//! What all accounts are billed: sums by month, and what was billed since, so that a report adds up no bills.
//!
//! In:  bills as they are added; news, and the month that each belongs to. Out: sums of all bills whose use began in a span.
//! Invariant: every bill is counted once, in a sum or in news, by the transaction that adds it. Who adds bills writes news of
//! its own and waits for nobody; one job adds news to the sums and takes them away, in one transaction.
//! Invariant: spans begin and end with months of the settlement calendar. Rules: R-BIL-1.

use super::lists::{Span, kept, sum, together};
use crate::engine::{Row, StoreError, Tx, Value, Writes, at, us};
use billing::bill::{Bill, Kind, Sum};
use billing::kept::Figures;
use std::collections::BTreeMap;
use units::{BillId, MoneyError, Timestamp};

columns!(revenue_sums:
    from_us, product, region, kind, currency, bills, whole, rest, total_minor, bonus_minor, cash_minor, income_minor, owed_minor
);

columns!(revenue_news:
    bill, from_us, product, region, kind, currency, bills, whole, rest, total_minor, bonus_minor, cash_minor, income_minor, owed_minor
);

/// Microseconds of a quarter of an hour: days and months of every zone begin with one.
const QUARTER_US: i64 = 900_000_000;

statements! {
    ADD_NEWS = revenue_news!(insert);
    OLDEST_NEWS = "select min(bill) from revenue_news";
    NEWS = concat!(revenue_news!(select), " order by bill limit $1");
    DROP_NEWS = "delete from revenue_news where bill = $1";
    ADD_SUM = concat!(revenue_sums!(insert), " on conflict (from_us, product, region, kind, currency) do update set ",
        added!("revenue_sums"));
    OF_ALL = concat!("select s.product, s.region, s.currency, s.kind, ", together!(), " from (select k.product, k.region, k.kind, ",
        kept!(), " from revenue_sums k where k.from_us >= $1 and k.from_us < $2 union all select k.product, k.region, k.kind, ",
        kept!(), " from revenue_news k where k.from_us >= $1 and k.from_us < $2) s group by s.product, s.region, s.currency, s.kind
        order by s.product, s.region, s.currency, s.kind");
    SUMS = revenue_sums!(select);
    ALL_NEWS = revenue_news!(select);
    BILLED = concat!("select '', b.quarter * 900000000, b.product, b.region, b.kind, b.currency, count(*),
        cast(sum((b.amount_e8 - b.carried_e8) / 100000000) as bigint), cast(sum((b.amount_e8 - b.carried_e8) % 100000000) as bigint),
        cast(sum(b.total_minor) as bigint), cast(sum(b.bonus_minor) as bigint), cast(sum(b.cash_minor) as bigint),
        cast(sum(b.income_minor) as bigint), cast(sum(b.owed_minor) as bigint)
        from (select b.*, ", used_from!(), " / 900000000 as quarter from bills b) b
        group by b.quarter, b.product, b.region, b.kind, b.currency");
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
pub(super) fn add_news<'a>(
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
    writes.new_rows(ADD_NEWS, rows, StoreError::Differs("news of a bill".into()));
    Ok(())
}

fn key(it: &RevenueOf) -> [Value<'static>; 5] {
    let RevenueOf { from, kind, of: Revenue { product, region, currency } } = it;
    let text = |it: &String| it.clone().into();
    [us(*from).into(), text(product), text(region), text(kind), text(currency)]
}

fn values(it: &Figures) -> [Value<'static>; 8] {
    [it.bills, it.whole, it.rest, it.total, it.bonus, it.cash, it.income, it.owed].map(Value::from)
}

/// The first bill of the oldest news; `None` where there are none.
pub fn oldest_news(tx: &mut Tx<'_>) -> Result<Option<BillId>, StoreError> {
    let found = tx.rows(OLDEST_NEWS, &[], |row| super::maybe(row, 0))?;
    Ok(found.into_iter().next().flatten())
}

/// News, so many at most.
pub fn news(tx: &mut Tx<'_>, most: i64) -> Result<Vec<News>, StoreError> {
    tx.rows(NEWS, &[most.into()], read_news)
}

fn read_news(row: &Row<'_>) -> Result<News, StoreError> {
    Ok(News { bill: row.text(revenue_news!(bill))?, of: read_of(row, 1)?, figures: read_figures(row, 6)? })
}

fn read_of(row: &Row<'_>, first: usize) -> Result<RevenueOf, StoreError> {
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

fn read_figures(row: &Row<'_>, first: usize) -> Result<Figures, StoreError> {
    super::kept::figures(row, first + 1, row.int(first)?)
}

/// Adds to the sums of months, and takes the news away that they are of.
pub fn fold(
    tx: &mut Tx<'_>,
    sums: &BTreeMap<RevenueOf, Figures>,
    news: Vec<String>,
) -> Result<(), StoreError> {
    let mut writes = Writes::default();
    writes.any(
        ADD_SUM,
        sums.iter().map(|(of, it)| {
            let [from, product, region, kind, currency] = key(of);
            let [bills, whole, rest, total, bonus, cash, income, owed] = values(it);
            [from, product, region, kind, currency, bills, whole, rest, total, bonus, cash, income, owed]
        }),
    );
    writes.all(
        DROP_NEWS,
        news.into_iter().map(|it| [it.into()]),
        StoreError::Stale("news of what was billed".into()),
    );
    tx.write(writes)
}

/// What the bills of all accounts in `span` come to; one of these stands there for each kind.
pub fn of_all(tx: &mut Tx<'_>, span: Span) -> Result<Vec<(Revenue, Sum)>, StoreError> {
    tx.rows(OF_ALL, &[us(span.from).into(), us(span.to).into()], |row| {
        let kind = row.parsed(3, "kind of bill", Kind::parse)?;
        let of = Revenue { product: row.text(0)?, region: row.text(1)?, currency: row.text(2)? };
        Ok((of, sum(row, kind, 4)?))
    })
}

/// Every sum of a month, and every piece of news.
pub fn everything(tx: &mut Tx<'_>) -> Result<Vec<(RevenueOf, Figures)>, StoreError> {
    let mut all = tx.rows(SUMS, &[], |row| Ok((read_of(row, 0)?, read_figures(row, 5)?)))?;
    all.extend(tx.rows(ALL_NEWS, &[], read_news)?.into_iter().map(|it| (it.of, it.figures)));
    Ok(all)
}

/// The same from the bills, each of them read.
pub fn billed(tx: &mut Tx<'_>) -> Result<Vec<(RevenueOf, Figures)>, StoreError> {
    let all = tx.rows(BILLED, &[], read_news)?;
    Ok(all.into_iter().map(|it| (it.of, it.figures)).collect())
}
