//! What all accounts are billed: sums by month, so that a report adds up no bills.
//!
//! In:  news, and the month that each belongs to. Out: sums of all bills whose use began in a span.
//! Invariant: every bill is counted once, in a sum or in news; one job adds news to the sums and takes them away, in one
//! transaction.
//! Invariant: spans begin and end with months of the settlement calendar. Rules: R-BIL-1.

use super::lists::{Span, kept, sum, together};
use super::news::{self, Revenue, RevenueOf, key, read_figures, read_of, values};
use crate::engine::{StoreError, Tx, Writes, us};
use billing::bill::{Kind, Sum};
use billing::kept::Figures;
use std::collections::BTreeMap;

columns!(revenue_sums:
    from_us, product, region, kind, currency, bills, whole, rest, total_minor, bonus_minor, cash_minor, income_minor, owed_minor
);

statements! {
    DROP_NEWS = "delete from revenue_news where bill = $1";
    ADD_SUM = concat!(revenue_sums!(insert), " on conflict (from_us, product, region, kind, currency) do update set ",
        added!("revenue_sums"));
    OF_ALL = concat!("select s.product, s.region, s.currency, s.kind, ", together!(), " from (select k.product, k.region, k.kind, ",
        kept!(), " from revenue_sums k where k.from_us >= $1 and k.from_us < $2 union all select k.product, k.region, k.kind, ",
        kept!(), " from revenue_news k where k.from_us >= $1 and k.from_us < $2) s group by s.product, s.region, s.currency, s.kind
        order by s.product, s.region, s.currency, s.kind");
    SUMS = revenue_sums!(select);
    BILLED = concat!("select '', b.quarter * 900000000, b.product, b.region, b.kind, b.currency, count(*),
        cast(sum((b.amount_e8 - b.carried_e8) / 100000000) as bigint), cast(sum((b.amount_e8 - b.carried_e8) % 100000000) as bigint),
        cast(sum(b.total_minor) as bigint), cast(sum(b.bonus_minor) as bigint), cast(sum(b.cash_minor) as bigint),
        cast(sum(b.income_minor) as bigint), cast(sum(b.owed_minor) as bigint)
        from (select b.*, ", used_from!(), " / 900000000 as quarter from bills b) b
        group by b.quarter, b.product, b.region, b.kind, b.currency");
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
    all.extend(news::all(tx)?.into_iter().map(|it| (it.of, it.figures)));
    Ok(all)
}

/// The same from the bills, each of them read.
pub fn billed(tx: &mut Tx<'_>) -> Result<Vec<(RevenueOf, Figures)>, StoreError> {
    let all = tx.rows(BILLED, &[], news::read)?;
    Ok(all.into_iter().map(|it| (it.of, it.figures)).collect())
}
