//! Downgrades: which orders each replaced, and what counts as paid from then on.
//!
//! In:  downgrades as they are decided, a resource. Out: those of a resource or an account, the oldest first.
//! Invariant: a downgrade is never changed; an order is replaced once.
//! Rules: R-CHG-3, section 20 of the rules.

use crate::engine::{Row, StoreError, Tx, Value, Writes, at, us};
use billing::wallet::Paid;
use units::{AccountId, BillId, Currency, Money, OrderId, ResourceId, Timestamp};

columns!(downgrades:
    account, resource, order_id, bill, replaced, at_us, until_us, bonus_minor, cash_minor, income_minor, owed_minor
);

/// Downgrades with what their bills say.
macro_rules! chosen {
    ($which:literal) => {
        concat!(
            "select ",
            downgrades!(names of d),
            ", b.currency, b.product, b.region, cast((select count(*) from pieces p where p.account = d.account and p.order_id = d.order_id
            and p.resource = d.resource and p.state = 'refunded') as bigint) from downgrades d join bills b on b.account = d.account and b.id = d.bill
            where d.account = $1",
            $which,
            " order by d.at_us, d.order_id"
        )
    };
}

statements! {
    ADD = concat!(downgrades!(insert), " on conflict do nothing");
    OF_RESOURCE = chosen!(" and d.resource = $2");
    OF_ACCOUNT = chosen!("");
    MOVED = "select d.order_id, b.total_minor, b.currency from downgrades d join bills b on b.account = d.account and b.id = d.bill
        where d.account = $1 and d.resource = $2 and d.order_id = $3";
}

/// A downgrade as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Downgrade {
    pub account: AccountId,
    pub resource: ResourceId,
    /// Its own order: what is used and refunded from then on is of this.
    pub order: OrderId,
    pub bill: BillId,
    /// The orders whose time it took over.
    pub replaced: Vec<OrderId>,
    pub at: Timestamp,
    pub until: Timestamp,
    /// What counts as paid of its order.
    pub counted: Paid,
}

/// A downgrade with what it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub downgrade: Downgrade,
    pub product: String,
    pub region: String,
    /// Whether what was left of it went back. Source: R-CNV-2.
    pub went_back: bool,
}

fn seen(row: &Row<'_>) -> Result<Seen, StoreError> {
    let first = downgrades!(count);
    let currency: Currency = row.currency(first)?;
    let orders = |it: &str| it.split_whitespace().map(|it| it.parse().ok()).collect::<Option<Vec<OrderId>>>();
    let counted = row.purses(downgrades!(bonus_minor), currency)?;
    let downgrade = Downgrade {
        account: row.parsed(downgrades!(account), "account", |it| it.parse().ok())?,
        resource: row.parsed(downgrades!(resource), "resource", |it| it.parse().ok())?,
        order: row.parsed(downgrades!(order_id), "order", |it| it.parse().ok())?,
        bill: row.parsed(downgrades!(bill), "bill", |it| it.parse().ok())?,
        replaced: row.parsed(downgrades!(replaced), "orders that were replaced", orders)?,
        at: at(row.int(downgrades!(at_us))?)?,
        until: at(row.int(downgrades!(until_us))?)?,
        counted: Paid::new(counted, row.money(downgrades!(owed_minor), currency)?)?,
    };
    let went_back = row.int(first + 3)? > 0;
    Ok(Seen { downgrade, product: row.text(first + 1)?, region: row.text(first + 2)?, went_back })
}

/// Adds a downgrade. Unless: `Stale` when the same was made meanwhile.
pub fn add<'a>(writes: &mut Writes<'a>, it: &'a Downgrade) {
    let replaced: Vec<String> = it.replaced.iter().map(OrderId::to_string).collect();
    let [bonus, cash, income] = it.counted.purses().kinds().map(Money::minor);
    let row: [Value<'a>; downgrades!(count)] = [
        it.account.to_string().into(),
        it.resource.to_string().into(),
        it.order.to_string().into(),
        it.bill.to_string().into(),
        replaced.join(" ").into(),
        us(it.at).into(),
        us(it.until).into(),
        bonus.into(),
        cash.into(),
        income.into(),
        it.counted.owed().into(),
    ];
    writes.all(ADD, [row], StoreError::Stale("a downgrade".into()));
}

/// The downgrades of a resource, the oldest first.
pub fn of_resource(tx: &mut Tx<'_>, account: AccountId, of: ResourceId) -> Result<Vec<Seen>, StoreError> {
    tx.rows(OF_RESOURCE, &[account.to_string().into(), of.to_string().into()], seen)
}

/// What the bills of downgrades come to, by their orders, below zero or nothing; a key is an account, a resource and an order.
pub fn moved(
    tx: &mut Tx<'_>,
    of: &[(AccountId, ResourceId, OrderId)],
) -> Result<Vec<(OrderId, Money)>, StoreError> {
    let key = |it: &(AccountId, ResourceId, OrderId)| -> [Value<'static>; 3] {
        [it.0.to_string().into(), it.1.to_string().into(), it.2.to_string().into()]
    };
    let keys: Vec<_> = of.iter().map(key).collect();
    tx.each(MOVED, &keys, |row| {
        let currency = row.currency(2)?;
        Ok((row.parsed(0, "order", |it| it.parse().ok())?, row.money(1, currency)?))
    })
}

/// Every downgrade of an account, for whoever checks its books.
pub fn of_account(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Seen>, StoreError> {
    tx.rows(OF_ACCOUNT, &[account.to_string().into()], seen)
}
