//! Bills of a month by when they were paid, and what was paid ahead by what it is for.
//!
//! In:  an account, a span. Out: sums of the bills that were deducted in it; bills of what was paid ahead and not over before it.
//! Invariant: a bill that was deducted within an hour of its id is read by its id, every other by an index of its own.
//! Rules: R-TIM-5, R-ALC-1, R-AMO-1 to R-AMO-3.

use super::lists::{Span, open, sum};
use super::maybe;
use crate::engine::{Row, StoreError, Tx, Value, at, us};
use crate::labels::{self, Labels};
use billing::bill::{Kind, Sum};
use std::collections::BTreeMap;
use units::calendar::second_at;
use units::{AccountId, BillId, PackId, ResourceId, Timestamp};

/// A bill is deducted so long after its cycle, unless the index of late ones has it.
const SOON_SECONDS: i64 = 3_600;

/// Bills of an account that were deducted in a span.
macro_rules! paid_bills {
    () => {
        "(select i.* from bills i where i.account = $1 and i.id >= $2 and i.id < $3 and i.posted_us >= $4 and i.posted_us < $5
        and i.original_from_us is null and i.posted_us <= i.to_us + 3600000000 union all select i.* from bills i where i.account = $1
        and i.posted_us >= $4 and i.posted_us < $5 and (i.original_from_us is not null or i.posted_us > i.to_us + 3600000000)) b"
    };
}

/// What is written on the resource of bill `b` when it was deducted.
macro_rules! with_labels {
    () => {
        " left join label_spans l on l.account = b.account and l.resource = b.resource and l.from_us <= b.posted_us
        and l.to_us > b.posted_us"
    };
}

/// Whether bill `b` is of what resources share: a sum over the account, a pack.
macro_rules! is_shared {
    () => {
        "cast(case when b.resource is null or b.kind = 'pack_purchase' then 1 else 0 end as bigint)"
    };
}

/// What is read of a bill of something that was paid ahead.
macro_rules! ahead {
    () => {
        concat!(
            "select b.product, b.region, b.kind, b.resource, b.posted_us, (select min(n.from_s) from lines n where n.account = b.account
            and n.bill = b.id), (select max(n.to_s) from lines n where n.account = b.account and n.bill = b.id),
            (select min(f.at_us) from refunds f where f.account = b.account and f.subject = b.resource and f.at_us >= b.posted_us), l.project, l.tags, cast(1 as bigint),
            (b.amount_e8 - b.carried_e8) / 100000000, (b.amount_e8 - b.carried_e8) % 100000000, b.total_minor, b.bonus_minor,
            b.cash_minor, b.income_minor, b.owed_minor, b.currency from bills b",
            with_labels!()
        )
    };
}

statements! {
    PAID = concat!("select b.product, b.kind, b.region, nullif(coalesce(l.project, ''), ''), coalesce(l.tags, ''), ", open!(), ", ",
        is_shared!(), " from ", paid_bills!(), with_labels!(), " group by b.product, b.kind, b.region, coalesce(l.project, ''),
        coalesce(l.tags, ''), ", is_shared!(), " order by b.product, b.kind, b.region, coalesce(l.project, ''), coalesce(l.tags, ''), ",
        is_shared!());
    PAID_BY_QUARTER = concat!("select b.posted_us / 900000000 as quarter, b.kind, ", open!(), " from ", paid_bills!(),
        " group by b.posted_us / 900000000, b.kind order by b.posted_us / 900000000, b.kind");
    MONTHS_AHEAD = concat!(ahead!(), " where b.account = $1 and b.kind in ('prepaid_new', 'prepaid_renew', 'prepaid_change')
        and b.to_us >= $2 and b.posted_us < $3 order by b.id");
    PACKS_AHEAD = concat!(ahead!(), " where b.account = $1 and b.kind = 'pack_purchase' and b.posted_us < $3
        and b.posted_us >= (select min(p.bought_us) from packs p where p.account = $1 and p.expires_us >= $2) order by b.id");
    PAID_UNTIL = "select max(b.to_us) from bills b where b.account = $1 and b.kind in ('prepaid_new', 'prepaid_renew', 'prepaid_change')
        and not exists (select 1 from refunds f where f.account = b.account and f.subject = b.resource)";
    PACK_USES = "select p.id, p.capacity, p.refunded_us, u.cycle_to_us, u.used_units, u.lost_units from packs p left join pack_uses u
        on u.account = p.account and u.pack = p.id where p.account = $1 and p.expires_us >= $2 and p.bought_us < $3
        order by p.id, u.cycle_to_us";
}

/// What tells sums of bills that were deducted in a span from each other.
#[derive(Clone, Debug)]
pub struct PaidSum {
    pub product: String,
    pub kind: Kind,
    pub region: String,
    pub labels: Labels,
    /// Whether they are of what resources share: `shared` has them one by one.
    pub is_shared: bool,
    pub sum: Sum,
}

fn paid_args(account: AccountId, span: Span) -> Vec<Value<'static>> {
    let soonest = Timestamp::from_second(span.from.as_second() - SOON_SECONDS).unwrap_or(Timestamp::MIN);
    let (first, last) = (BillId::first_at(soonest).to_string(), BillId::first_at(span.to).to_string());
    vec![account.to_string().into(), first.into(), last.into(), us(span.from).into(), us(span.to).into()]
}

/// What the bills come to that were deducted in `span`.
pub fn paid(tx: &mut Tx<'_>, account: AccountId, span: Span) -> Result<Vec<PaidSum>, StoreError> {
    tx.rows(PAID, &paid_args(account, span), |row| {
        let kind = row.parsed(1, "kind of bill", Kind::parse)?;
        let (product, region, labels) = (row.text(0)?, row.text(2)?, labels::read(row, 3)?);
        Ok(PaidSum { product, kind, region, labels, is_shared: row.int(14)? != 0, sum: sum(row, kind, 5)? })
    })
}

/// The same by the quarter of an hour since 1970 in which they were deducted, which days of every zone begin with.
pub fn paid_by_quarter(
    tx: &mut Tx<'_>,
    account: AccountId,
    span: Span,
) -> Result<Vec<(i64, Sum)>, StoreError> {
    tx.rows(PAID_BY_QUARTER, &paid_args(account, span), |row| {
        let kind = row.parsed(1, "kind of bill", Kind::parse)?;
        Ok((row.int(0)?, sum(row, kind, 2)?))
    })
}

/// A bill of something that was paid ahead.
#[derive(Clone, Debug)]
pub struct AheadBill {
    pub product: String,
    pub region: String,
    pub kind: Kind,
    /// What of the order became a resource or a pack.
    pub piece: Option<ResourceId>,
    pub posted: Timestamp,
    /// The time that was paid; of a pack none.
    pub from: Timestamp,
    pub to: Timestamp,
    /// When the resource was given back.
    pub refunded: Option<Timestamp>,
    pub labels: Labels,
    pub sum: Sum,
}

fn ahead(row: &Row<'_>) -> Result<AheadBill, StoreError> {
    let kind = row.parsed(2, "kind of bill", Kind::parse)?;
    let second = |column: usize| -> Result<Timestamp, StoreError> {
        second_at(row.int(column)?).map_err(|_| StoreError::Corrupt("the time of an order".into()))
    };
    Ok(AheadBill {
        product: row.text(0)?,
        region: row.text(1)?,
        kind,
        piece: maybe(row, 3)?,
        posted: at(row.int(4)?)?,
        from: second(5)?,
        to: second(6)?,
        refunded: row.maybe_int(7)?.map(at).transpose()?,
        labels: labels::read(row, 8)?,
        sum: sum(row, kind, 10)?,
    })
}

/// Bills of what was paid ahead before `span` ends and is not over before it begins; of packs also some that are.
pub fn paid_ahead(tx: &mut Tx<'_>, account: AccountId, span: Span) -> Result<Vec<AheadBill>, StoreError> {
    let args = [account.to_string().into(), us(span.from).into(), us(span.to).into()];
    let mut found = tx.rows(MONTHS_AHEAD, &args, ahead)?;
    found.extend(tx.rows(PACKS_AHEAD, &args, ahead)?);
    Ok(found)
}

/// When the last of what was paid for months ahead is over, but for what went back; `None` without any.
pub fn paid_until(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<Timestamp>, StoreError> {
    let found = tx.rows(PAID_UNTIL, &[account.to_string().into()], |row| row.maybe_int(0))?;
    found.into_iter().flatten().next().map(at).transpose()
}

/// What became of a pack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackUse {
    pub capacity: u64,
    pub refunded: Option<Timestamp>,
    /// The end of each cycle that took or lost something, with the units that it took, and those that it lost.
    pub closes: Vec<(Timestamp, u64, u64)>,
}

/// What became of the packs that were bought before `span` ends and do not expire before it begins.
pub fn pack_uses(
    tx: &mut Tx<'_>,
    account: AccountId,
    span: Span,
) -> Result<BTreeMap<PackId, PackUse>, StoreError> {
    let args = [account.to_string().into(), us(span.from).into(), us(span.to).into()];
    let units = |it: i64| u64::try_from(it).map_err(|_| StoreError::Corrupt("units of a pack".into()));
    let mut found: BTreeMap<PackId, PackUse> = BTreeMap::new();
    let rows = tx.rows(PACK_USES, &args, |row| {
        let id: PackId = row.parsed(0, "pack", |it| it.parse().ok())?;
        let refunded = row.maybe_int(2)?.map(at).transpose()?;
        let close = match row.maybe_int(3)? {
            Some(to) => Some((at(to)?, units(row.int(4)?)?, units(row.int(5)?)?)),
            None => None,
        };
        Ok((id, units(row.int(1)?)?, refunded, close))
    })?;
    for (id, capacity, refunded, close) in rows {
        let of = found.entry(id).or_default();
        (of.capacity, of.refunded) = (capacity, refunded);
        of.closes.extend(close);
    }
    Ok(found)
}
