//! Refunds: what was given back, when, and by which bill; and what a refund is found by.
//!
//! In:  refunds as they are decided, a resource. Out: refunds one by one and page by page; orders that were paid and are not over.
//! Invariant: nothing is given back twice, and a refund is never changed.
//! Rules: R-REF-1, R-REF-2, R-REF-4.

use crate::downgrades;
use crate::engine::{Row, StoreError, Tx, Value, Writes, at, us};
use billing::bill::{Bill, pack_of};
use billing::refund::Way;
use billing::wallet::Paid;
use std::ops::Range;
use units::calendar::{second_at, seconds_after};
use units::{AccountId, BillId, Currency, Money, OrderId, PackId, RefundId, ResourceId, Timestamp};

columns!(refunds: account, id, subject, way, bill, order_id, months, seconds, at_us);

/// Refunds with their sums, what gave the money back, and what the thing is called.
macro_rules! chosen {
    () => {
        concat!(
            "select ",
            refunds!(names of f),
            ", b.product, b.total_minor, b.bonus_minor, b.cash_minor, b.income_minor, b.owed_minor, b.currency,
            coalesce((select r.name from resources r where r.account = f.account and r.id = f.subject),
            (select p.name from packs p where p.account = f.account and p.id = f.subject), ''),
            coalesce((select cast(sum(c.money_minor) as bigint) from card_refunds c where c.account = f.account and c.refund = f.id), 0)
            from refunds f join bills b on b.account = f.account and b.id = f.bill"
        )
    };
}

/// A bill of something prepaid that is not over, with what was corrected of it.
macro_rules! terms {
    ($which:literal) => {
        concat!(
            "select b.order_id, (select min(l.from_s) from lines l where l.account = b.account and l.bill = b.id), b.to_us, b.currency, b.bonus_minor + coalesce(c.bonus_minor, 0),
            b.cash_minor + coalesce(c.cash_minor, 0), b.income_minor + coalesce(c.income_minor, 0),
            b.owed_minor + coalesce(c.owed_minor, 0), b.product, b.region, b.resource, b.kind from bills b left join (
            select k.account, k.bill, cast(sum(m.bonus_minor) as bigint) as bonus_minor, cast(sum(m.cash_minor) as bigint) as cash_minor,
            cast(sum(m.income_minor) as bigint) as income_minor, cast(sum(m.owed_minor) as bigint) as owed_minor
            from bill_corrections k join bills m on m.account = k.account and m.id = k.made where k.account = $1
            group by k.account, k.bill) c on c.account = b.account and c.bill = b.id where b.account = $1 and ",
            $which
        )
    };
}

statements! {
    ADD = concat!(refunds!(insert), " on conflict do nothing");
    GET = concat!(chosen!(), " where f.account = $1 and f.id = $2");
    BY_ID = concat!(chosen!(), " where f.id = $1");
    OF_SUBJECT = concat!(chosen!(), " where f.account = $1 and f.subject = $2 order by f.at_us, f.id");
    PAGE = concat!(chosen!(), " where f.account = $1 and f.id < $2 order by f.id desc limit $3");
    PAGE_OF_ALL = concat!(chosen!(), " where f.id < $1 order by f.id desc limit $2");
    OF_ACCOUNT = concat!(chosen!(), " where f.account = $1 order by f.id");
    COUNT = "select way, count(*) from refunds where account = $1 and at_us >= $2 and at_us < $3 group by way order by way";
    TERMS = terms!("b.resource = $2 and b.kind in ('prepaid_new', 'prepaid_renew', 'prepaid_change') and b.to_us > $3
        and not exists (select 1 from pieces p where p.account = b.account and p.order_id = b.order_id and p.resource = b.resource
        and p.state = 'refunded') order by b.to_us, case b.kind when 'prepaid_change' then 1 else 0 end, b.id");
    PACK_TERM = terms!("b.id >= $2 and b.id < $3 and b.order_id = $4 and b.kind = 'pack_purchase' order by b.id");
}

/// Something that was given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Resource(ResourceId),
    Pack(PackId),
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Subject::Resource(id) => id.fmt(f),
            Subject::Pack(id) => id.fmt(f),
        }
    }
}

/// A refund as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    pub id: RefundId,
    pub account: AccountId,
    pub subject: Subject,
    pub way: Way,
    pub bill: BillId,
    /// The order that ran.
    pub order: OrderId,
    /// Full months that were used, and the seconds beyond them.
    pub months: u32,
    pub seconds: u64,
    pub at: Timestamp,
}

/// A refund with what its bill says, and what the thing was called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub refund: Refund,
    pub product: String,
    pub name: String,
    /// What went back, above zero.
    pub total: Money,
    /// Where to, below zero.
    pub paid: Paid,
    /// What of the cash was sent to cards, above zero. What a card did not take is in the wallet.
    pub to_cards: Money,
}

fn subject(text: &str) -> Option<Subject> {
    let resource = text.parse().ok().map(Subject::Resource);
    resource.or_else(|| text.parse().ok().map(Subject::Pack))
}

fn seen(row: &Row<'_>) -> Result<Seen, StoreError> {
    let currency: Currency = row.currency(refunds!(count) + 6)?;
    let number = |at: usize| -> Result<u64, StoreError> {
        u64::try_from(row.int(at)?).map_err(|_| StoreError::Corrupt("the use of a refund".into()))
    };
    let refund = Refund {
        account: row.parsed(refunds!(account), "account", |it| it.parse().ok())?,
        id: row.parsed(refunds!(id), "refund", |it| it.parse().ok())?,
        subject: row.parsed(refunds!(subject), "what was refunded", subject)?,
        way: row.parsed(refunds!(way), "way of a refund", Way::parse)?,
        bill: row.parsed(refunds!(bill), "bill", |it| it.parse().ok())?,
        order: row.parsed(refunds!(order_id), "order", |it| it.parse().ok())?,
        months: u32::try_from(number(refunds!(months))?)
            .map_err(|_| StoreError::Corrupt("months of a refund".into()))?,
        seconds: number(refunds!(seconds))?,
        at: at(row.int(refunds!(at_us))?)?,
    };
    let first = refunds!(count);
    Ok(Seen {
        refund,
        product: row.text(first)?,
        total: row.money(first + 1, currency)?.checked_neg()?,
        paid: Paid::new(row.purses(first + 2, currency)?, row.money(first + 5, currency)?)?,
        name: row.text(first + 7)?,
        to_cards: row.money(first + 8, currency)?,
    })
}

/// Adds a refund. Unless: `Stale` when the same was given back meanwhile.
pub fn add<'a>(writes: &mut Writes<'a>, it: &'a Refund) {
    let row: [Value<'a>; refunds!(count)] = [
        it.account.to_string().into(),
        it.id.to_string().into(),
        it.subject.to_string().into(),
        it.way.as_str().into(),
        it.bill.to_string().into(),
        it.order.to_string().into(),
        i64::from(it.months).into(),
        i64::try_from(it.seconds).unwrap_or(i64::MAX).into(),
        us(it.at).into(),
    ];
    writes.all(ADD, [row], StoreError::Stale("a refund".into()));
}

/// Errors: `NotFound`, also for a refund of another account.
pub fn get(tx: &mut Tx<'_>, account: AccountId, id: RefundId) -> Result<Seen, StoreError> {
    tx.one(GET, &[account.to_string().into(), id.to_string().into()], &format!("refund {id}"), seen)
}

/// The refund of this id, whoever's it is. Errors: `NotFound`.
pub fn by_id(tx: &mut Tx<'_>, id: RefundId) -> Result<Seen, StoreError> {
    tx.one(BY_ID, &[id.to_string().into()], &format!("refund {id}"), seen)
}

/// The refunds of a resource or a pack, the oldest first: one, but of what was paid by use meanwhile.
pub fn of_subject(tx: &mut Tx<'_>, account: AccountId, of: Subject) -> Result<Vec<Seen>, StoreError> {
    let args = [account.to_string().into(), of.to_string().into()];
    tx.rows(OF_SUBJECT, &args, seen)
}

/// Refunds of an account with ids below `before`, the newest first.
pub fn page(tx: &mut Tx<'_>, account: AccountId, before: &str, most: usize) -> Result<Vec<Seen>, StoreError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    tx.rows(PAGE, &[account.to_string().into(), before.into(), most.into()], seen)
}

/// Refunds of all accounts with ids below `before`, the newest first.
pub fn page_of_all(tx: &mut Tx<'_>, before: &str, most: usize) -> Result<Vec<Seen>, StoreError> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    tx.rows(PAGE_OF_ALL, &[before.into(), most.into()], seen)
}

/// Every refund of an account, for whoever checks its books.
pub fn of_account(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Seen>, StoreError> {
    tx.rows(OF_ACCOUNT, &[account.to_string().into()], seen)
}

/// How many refunds of an account were made in a time, way by way.
pub fn count(
    tx: &mut Tx<'_>,
    account: AccountId,
    within: Range<Timestamp>,
) -> Result<Vec<(Way, u32)>, StoreError> {
    tx.rows(COUNT, &[account.to_string().into(), us(within.start).into(), us(within.end).into()], |row| {
        let count = u32::try_from(row.int(1)?).unwrap_or(u32::MAX);
        Ok((row.parsed(0, "way of a refund", Way::parse)?, count))
    })
}

/// An order that was paid, as its bill says, less what people corrected of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidTerm {
    pub order: OrderId,
    /// When the time that was paid begins: a renewal is billed before.
    pub from: Timestamp,
    pub to: Timestamp,
    pub paid: Paid,
    pub product: String,
    pub region: String,
    pub piece: ResourceId,
    pub pack: Option<PackId>,
}

fn term(row: &Row<'_>) -> Result<PaidTerm, StoreError> {
    let currency = row.currency(3)?;
    let kind = row.parsed(11, "kind of bill", billing::bill::Kind::parse)?;
    let piece = row.parsed(10, "resource", |it| it.parse().ok())?;
    Ok(PaidTerm {
        order: row.parsed(0, "order", |it| it.parse().ok())?,
        from: second_at(row.int(1)?).map_err(|_| StoreError::Corrupt("the time of an order".into()))?,
        to: at(row.int(2)?)?,
        paid: Paid::new(row.purses(4, currency)?, row.money(7, currency)?)?.netted()?,
        product: row.text(8)?,
        region: row.text(9)?,
        piece,
        pack: pack_of(kind, Some(piece)),
    })
}

/// The orders of a resource that are not over at `now`, of which nothing went back and that no downgrade replaced, the one that runs first;
/// a fee of a change after what it is for. What counts as paid of a downgrade stands for it.
pub fn terms(
    tx: &mut Tx<'_>,
    account: AccountId,
    resource: ResourceId,
    now: Timestamp,
) -> Result<Vec<PaidTerm>, StoreError> {
    let args = [account.to_string().into(), resource.to_string().into(), us(now).into()];
    let billed: Vec<(PaidTerm, bool)> =
        tx.rows(TERMS, &args, |row| Ok((term(row)?, row.text(11)? == "prepaid_change")))?;
    // Fees for some days may end before what they are for.
    let fees = billed.iter().take_while(|it| it.1).count();
    let mut billed: Vec<PaidTerm> = billed.into_iter().map(|it| it.0).collect();
    if let Some(first) = billed.get_mut(..=fees) {
        first.rotate_right(1);
    }
    let lowered = downgrades::of_resource(tx, account, resource)?;
    let is_replaced = |order| lowered.iter().any(|it| it.downgrade.replaced.contains(&order));
    let is_left = |it: &&downgrades::Seen| !it.went_back && !is_replaced(it.downgrade.order);
    let runs = lowered.iter().filter(|it| it.downgrade.until > now).filter(is_left);
    let mut terms: Vec<PaidTerm> = runs.map(lowered_term).collect();
    let is_lowered = |order| lowered.iter().any(|it| it.downgrade.order == order);
    terms.extend(billed.into_iter().filter(|it| !is_replaced(it.order) && !is_lowered(it.order)));
    Ok(terms)
}

fn lowered_term(it: &downgrades::Seen) -> PaidTerm {
    PaidTerm {
        order: it.downgrade.order,
        from: it.downgrade.at,
        to: it.downgrade.until,
        paid: it.downgrade.counted,
        product: it.product.clone(),
        region: it.region.clone(),
        piece: it.downgrade.resource,
        pack: None,
    }
}

/// The order of a pack.
pub fn pack_term(tx: &mut Tx<'_>, pack: &billing::pack::Pack) -> Result<Option<PaidTerm>, StoreError> {
    let end = seconds_after(pack.bought, 1).map_err(|_| StoreError::Corrupt("the time of a pack".into()))?;
    let args = [
        pack.account.to_string().into(),
        BillId::first_at(pack.bought).to_string().into(),
        BillId::first_at(end).to_string().into(),
        pack.order.to_string().into(),
    ];
    Ok(tx.rows(PACK_TERM, &args, term)?.into_iter().find(|it| it.pack == Some(pack.id)))
}

/// What a refund gave back of a bill, or a downgrade gave back or counts as paid again; nothing where it was not given back.
pub fn given_back(tx: &mut Tx<'_>, bill: &Bill<'_>) -> Result<Money, StoreError> {
    let none = Money::zero(bill.currency());
    let Some(piece) = bill.resource else { return Ok(none) };
    let lowered = downgrades::of_resource(tx, bill.account, piece)?;
    let by = lowered.iter().find(|it| bill.order.is_some_and(|order| it.downgrade.replaced.contains(&order)));
    if let Some(by) = by {
        let made = crate::bills::get(tx, bill.account, by.downgrade.bill)?.bill;
        let total = made.total.checked_sub(by.downgrade.counted.total())?;
        return Ok(Bill { total, ..made }.given_back(bill)?);
    }
    let subject = bill.pack().map_or(Subject::Resource(piece), Subject::Pack);
    let mut back = none;
    // One of them is of this bill at most: what went back of an order does not go back again.
    for found in of_subject(tx, bill.account, subject)? {
        let made = crate::bills::get(tx, bill.account, found.refund.bill)?.bill;
        back = back.checked_add(made.given_back(bill)?)?;
    }
    Ok(back)
}
