//! Bills of what resources share: sums over the account, and packs.
//!
//! In:  an account, a span of use or of payment. Out: the bills, what each of their components cost at each price.
//! Invariant: an index of their own has them, so that nobody reads the bills of resources for them.
//! Rules: R-QCS-3, R-ALC-2.

use super::lists::{Span, sum};
use super::maybe;
use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::allocation::{Priced, SumLine};
use billing::bill::{Kind, Sum};
use units::{AccountId, BillId, ResourceId, Timestamp};

/// Such bills, told apart by the words of their index.
macro_rules! shared {
    () => {
        "select b.id, b.kind, b.product, b.region, b.spec, b.resource, b.from_us, b.to_us, b.original_from_us, b.original_to_us,
        b.posted_us, cast(1 as bigint), (b.amount_e8 - b.carried_e8) / 100000000, (b.amount_e8 - b.carried_e8) % 100000000,
        b.total_minor, b.bonus_minor, b.cash_minor, b.income_minor, b.owed_minor, b.currency from bills b
        where b.account = $1 and (b.resource is null or b.kind = 'pack_purchase')"
    };
}

statements! {
    USED = concat!(shared!(), " and b.id >= $2 and b.id < $3 and ", used_from!(), " >= $4 and ", used_from!(), " < $5 order by b.id");
    PAID = concat!(shared!(), " and b.posted_us >= $2 and b.posted_us < $3 order by b.id");
    COSTS = "select cast($2 as text), n.component, n.price, n.book, min(n.from_s), max(n.to_s), count(n.billed_e8),
        cast(sum(abs(n.cost_e8)) as bigint) from lines n where n.account = $1
        and n.bill = coalesce((select c.bill from bill_corrections c where c.account = $1 and c.made = $2), $2) and n.price <> ''
        group by n.component, n.price, n.book order by n.component, n.price, n.book";
}

/// A bill that is of no resource alone.
#[derive(Clone, Debug)]
pub struct SharedBill {
    pub id: BillId,
    pub kind: Kind,
    pub product: String,
    pub region: String,
    /// The spec of a sum.
    pub spec: String,
    /// What of an order became the pack.
    pub piece: Option<ResourceId>,
    pub from: Timestamp,
    pub to: Timestamp,
    /// The closed cycle that it is about.
    pub original: Option<(Timestamp, Timestamp)>,
    pub posted: Timestamp,
    pub sum: Sum,
}

fn bill(row: &Row<'_>) -> Result<SharedBill, StoreError> {
    let kind = row.parsed(1, "kind of bill", Kind::parse)?;
    let original = match (row.maybe_int(8)?, row.maybe_int(9)?) {
        (Some(from), Some(to)) => Some((at(from)?, at(to)?)),
        (None, _) | (_, None) => None,
    };
    Ok(SharedBill {
        id: row.parsed(0, "bill", |it| it.parse().ok())?,
        kind,
        product: row.text(2)?,
        region: row.text(3)?,
        spec: row.text(4)?,
        piece: maybe(row, 5)?,
        from: at(row.int(6)?)?,
        to: at(row.int(7)?)?,
        original,
        posted: at(row.int(10)?)?,
        sum: sum(row, kind, 11)?,
    })
}

/// Those whose use began in `span`.
pub fn used(tx: &mut Tx<'_>, account: AccountId, span: Span) -> Result<Vec<SharedBill>, StoreError> {
    tx.rows(USED, &span.args(account), bill)
}

/// Those that were deducted in `span`.
pub fn paid(tx: &mut Tx<'_>, account: AccountId, span: Span) -> Result<Vec<SharedBill>, StoreError> {
    tx.rows(PAID, &[account.to_string().into(), us(span.from).into(), us(span.to).into()], bill)
}

/// What the lines of bills cost, by component and price, bill by bill; of a correction, those of the bill that it is against.
pub fn costs(
    tx: &mut Tx<'_>,
    account: AccountId,
    bills: &[SharedBill],
) -> Result<Vec<(BillId, SumLine)>, StoreError> {
    let account = account.to_string();
    let keys: Vec<[Value<'_>; 2]> =
        bills.iter().map(|it| [account.as_str().into(), it.id.to_string().into()]).collect();
    tx.each(COSTS, &keys, |row| {
        let bill: BillId = row.parsed(0, "bill", |it| it.parse().ok())?;
        let size_e8 =
            u64::try_from(row.int(7)?).map_err(|_| StoreError::Corrupt("a cost of lines".into()))?;
        let priced = Priced {
            price: row.text(2)?,
            book: row.parsed(3, "book", |it| it.parse().ok())?,
            from: row.int(4)?,
            to: row.int(5)?,
        };
        Ok((bill, SumLine { component: row.text(1)?, priced, is_difference: row.int(6)? > 0, size_e8 }))
    })
}
