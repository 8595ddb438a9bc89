//! Bills and their lines: append-only.
//!
//! In:  bills as settlement and orders make them. Out: bills, lines and sums of them, page by page.
//! Invariant: the id of a bill begins with the instant at which its use ended, for what is paid ahead began. So a
//! month of an account is a range of its primary key, and nothing reads bills that it does not want.

use crate::engine::{Row, StoreError, Tx, Value, Writes, at, us};
use billing::bill::{Bill, Kind, Line, RULE_VERSION};
use billing::wallet::Paid;
use std::collections::BTreeMap;
use units::{AccountId, BillId, Currency, Measured, MoneyError, Unit};

columns!(lines:
    account, bill, number, component, name, price, book, quantity, num, den, unit, clock, covered, list_e8, rate_e8,
    cost_e8, from_s, to_s, counted, later, earlier_e8, billed_e8, free_units
);

columns!(bills:
    account, id, kind, product, region, resource, spec, order_id, from_us, to_us, posted_us, watermark_us,
    original_from_us, original_to_us, currency, amount_e8, total_minor, bonus_minor, cash_minor, income_minor,
    owed_minor, rule_version, carried_e8
);

/// When the use of bill `b` began: of an adjustment, that of the closed cycle; one of an older rule stands in the cycle of its
/// run. Source: R-TIM-5, R-SET-5.
macro_rules! used_from {
    () => {
        "(case when b.rule_version < 2 then b.from_us else coalesce(b.original_from_us, b.from_us) end)"
    };
}

/// Whether a bill is of the time in which it was made, and not about a cycle that was closed before.
macro_rules! of_own_time {
    ($bill:ident) => {
        concat!(
            "(",
            stringify!($bill),
            ".original_from_us is null or ",
            stringify!($bill),
            ".rule_version < 2)"
        )
    };
}

/// Adds the figures of a row to those that are there.
macro_rules! added {
    ($table:literal: $($column:literal),+) => {
        concat!("bills = ", $table, ".bills + excluded.bills" $(, ", ", $column, " = ", $table, ".", $column, " + excluded.", $column)+)
    };
    ($table:literal) => {
        added!($table: "whole", "rest", "total_minor", "bonus_minor", "cash_minor", "income_minor", "owed_minor")
    };
}

pub mod basis;
pub mod kept;
mod lists;
pub mod news;
pub mod revenue;
pub mod shared;
pub mod top;

pub(crate) use lists::STATEMENTS as LIST_STATEMENTS;
pub use lists::{
    AllBillsFilter, Begin, BillFilter, NamedLine, Span, Subject, SubjectFilter, SubjectSum, by_labels,
    by_quarter, by_region, ends, lines_page, of_resource, owners, owns, page, page_of_all, spent, subjects,
    sums,
};

statements! {
    ADD = concat!(bills!(insert), " on conflict do nothing");
    ADD_LINE = concat!(lines!(insert), " on conflict do nothing");
    OF_ACCOUNT = concat!(bills!(select), " where account = $1 order by posted_us, from_us, product, spec, id");
    LINES = concat!(lines!(select), " where account = $1 order by bill, number");
    GET = concat!("select ", bills!(names of b), ", coalesce((select r.name from resources r where r.account
        = b.account and r.id = b.resource), (select o.name from orders o where o.account = b.account and
        o.id = b.order_id), '') from bills b where b.account = $1 and b.id = $2");
    LINES_OF = concat!(lines!(select), " where account = $1 and bill = $2 order by number");
    LAST_POSTED = "select max(posted_us) from bills where currency = $1";
    OWNER = "select account from bills where id = $1";
}

fn line_rows<'b>(
    account: &str,
    bill: &'b Bill<'_>,
    into: &mut Vec<[Value<'b>; lines!(count)]>,
) -> Result<(), StoreError> {
    let id = bill.id.to_string();
    for (number, line) in (0_i64..).zip(&bill.lines) {
        let whole = |value: u128| {
            i64::try_from(value).map_err(|_| {
                StoreError::Differs(format!("a quantity of {}: {}", bill.id, MoneyError::Overflow))
            })
        };
        let small = |value: u64| whole(value.into());
        into.push([
            account.to_string().into(),
            id.clone().into(),
            number.into(),
            line.component.as_ref().into(),
            line.name.as_ref().into(),
            line.price.as_ref().into(),
            line.book.to_string().into(),
            whole(line.measured.quantity)?.into(),
            small(line.measured.num)?.into(),
            small(line.measured.den)?.into(),
            line.measured.unit.as_str().into(),
            small(line.offset)?.into(),
            small(line.covered)?.into(),
            line.list_e8.into(),
            small(line.rate_e8)?.into(),
            line.cost_e8.into(),
            line.from.into(),
            line.to.into(),
            small(line.measured.count)?.into(),
            small(line.later)?.into(),
            line.earlier_e8.into(),
            line.billed_e8.into(),
            small(line.free)?.into(),
        ]);
    }
    Ok(())
}

fn bill_row<'b>(account: &str, it: &'b Bill<'_>) -> [Value<'b>; bills!(count)] {
    [
        account.to_string().into(),
        it.id.to_string().into(),
        it.kind.as_str().into(),
        it.product.as_ref().into(),
        it.region.as_ref().into(),
        it.resource.map(|it| it.to_string()).into(),
        it.spec.as_ref().into(),
        it.order.map(|it| it.to_string()).into(),
        us(it.from).into(),
        us(it.to).into(),
        us(it.posted).into(),
        us(it.watermark).into(),
        it.original.map(|it| us(it.0)).into(),
        it.original.map(|it| us(it.1)).into(),
        it.currency().as_str().into(),
        it.amount_e8.into(),
        it.total.into(),
        it.paid.purses().bonus().into(),
        it.paid.purses().cash().into(),
        it.paid.purses().income().into(),
        it.paid.owed().into(),
        RULE_VERSION.into(),
        it.carried_e8.into(),
    ]
}

/// Adds bills with their lines, and news of them; kept sums that should count one of them are void from now on. Unless: `Differs` when one of
/// them was posted before.
///
/// Errors: a line too large to be stored.
pub fn add<'a>(
    writes: &mut Writes<'a>,
    bills: impl IntoIterator<Item = &'a Bill<'a>>,
) -> Result<(), StoreError> {
    let bills: Vec<&Bill<'_>> = bills.into_iter().collect();
    let (mut rows, mut lines) = (Vec::new(), Vec::new());
    let mut first: BTreeMap<AccountId, BillId> = BTreeMap::new();
    for bill in &bills {
        let account = bill.account.to_string();
        if bill.original.is_none() {
            first.entry(bill.account).and_modify(|it| *it = bill.id.min(*it)).or_insert(bill.id);
        }
        line_rows(&account, bill, &mut lines)?;
        rows.push(bill_row(&account, bill));
    }
    writes.new_rows(ADD, rows, StoreError::Differs("a bill".into()));
    writes.new_rows(ADD_LINE, lines, StoreError::Differs("a line of a bill".into()));
    kept::make_void(writes, first);
    news::add(writes, bills.into_iter())?;
    Ok(())
}

/// Every bill of an account with its lines, in the order of posting.
pub fn of_account(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Bill<'static>>, StoreError> {
    let mut lines = std::collections::HashMap::<BillId, Vec<Line<'static>>>::new();
    for (bill, line) in tx.rows(LINES, &[account.to_string().into()], |row| {
        Ok((row.parsed(lines!(bill), "bill", |it| it.parse().ok())?, line(row)?))
    })? {
        lines.entry(bill).or_default().push(line);
    }
    tx.rows(OF_ACCOUNT, &[account.to_string().into()], |row| {
        let id: BillId = row.parsed(bills!(id), "bill", |it| it.parse().ok())?;
        bill(row, account, id, lines.remove(&id).unwrap_or_default())
    })
}

fn bill(
    row: &Row<'_>,
    account: AccountId,
    id: BillId,
    lines: Vec<Line<'static>>,
) -> Result<Bill<'static>, StoreError> {
    let original = match (row.maybe_int(bills!(original_from_us))?, row.maybe_int(bills!(original_to_us))?) {
        (Some(from), Some(to)) => Some((at(from)?, at(to)?)),
        _ => None,
    };
    let currency = row.currency(bills!(currency))?;
    Ok(Bill {
        id,
        account,
        kind: row.parsed(bills!(kind), "kind of bill", Kind::parse)?,
        product: row.text(bills!(product))?.into(),
        region: row.text(bills!(region))?.into(),
        resource: maybe(row, bills!(resource))?,
        spec: row.text(bills!(spec))?.into(),
        order: maybe(row, bills!(order_id))?,
        from: at(row.int(bills!(from_us))?)?,
        to: at(row.int(bills!(to_us))?)?,
        posted: at(row.int(bills!(posted_us))?)?,
        watermark: at(row.int(bills!(watermark_us))?)?,
        original,
        amount_e8: row.int(bills!(amount_e8))?,
        carried_e8: row.int(bills!(carried_e8))?,
        total: row.money(bills!(total_minor), currency)?,
        paid: Paid::new(
            row.purses(bills!(bonus_minor), currency)?,
            row.money(bills!(owed_minor), currency)?,
        )?,
        lines,
    })
}

fn maybe<T: std::str::FromStr>(row: &Row<'_>, column: usize) -> Result<Option<T>, StoreError> {
    match row.maybe_text(column)? {
        Some(text) => text.parse().map(Some).map_err(|_| StoreError::Corrupt(format!("id `{text}`"))),
        None => Ok(None),
    }
}

/// A whole second within the calendar.
fn second(row: &Row<'_>, column: usize) -> Result<i64, StoreError> {
    let second = row.int(column)?;
    at(second.saturating_mul(1_000_000)).map(|_| second)
}

fn line(row: &Row<'_>) -> Result<Line<'static>, StoreError> {
    let count = |at: usize| -> Result<u64, StoreError> {
        u64::try_from(row.int(at)?).map_err(|_| StoreError::Corrupt("a count of a line".into()))
    };
    let unit =
        row.parsed(lines!(unit), "unit", |text| Unit::ALL.into_iter().find(|it| it.as_str() == text))?;
    Ok(Line {
        component: row.text(lines!(component))?.into(),
        name: row.text(lines!(name))?.into(),
        price: row.text(lines!(price))?.into(),
        book: row.parsed(lines!(book), "book", |it| it.parse().ok())?,
        measured: Measured {
            quantity: count(lines!(quantity))?.into(),
            count: count(lines!(counted))?,
            num: count(lines!(num))?,
            den: count(lines!(den))?,
            unit,
        },
        offset: count(lines!(clock))?,
        later: count(lines!(later))?,
        covered: count(lines!(covered))?,
        free: count(lines!(free_units))?,
        list_e8: row.int(lines!(list_e8))?,
        earlier_e8: row.maybe_int(lines!(earlier_e8))?,
        rate_e8: count(lines!(rate_e8))?,
        billed_e8: row.maybe_int(lines!(billed_e8))?,
        cost_e8: row.int(lines!(cost_e8))?,
        from: second(row, lines!(from_s))?,
        to: second(row, lines!(to_s))?,
    })
}

/// Whose bill it is. Errors: `NotFound`.
pub fn owner(tx: &mut Tx<'_>, bill: BillId) -> Result<AccountId, StoreError> {
    tx.one(OWNER, &[bill.to_string().into()], &format!("bill {bill}"), |row| {
        row.parsed(0, "account", |it| it.parse().ok())
    })
}

/// A bill and what its resource is called.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedBill {
    pub bill: Bill<'static>,
    pub name: String,
}

fn read(row: &Row<'_>, account: AccountId) -> Result<NamedBill, StoreError> {
    let id = row.parsed(bills!(id), "bill", |it| it.parse().ok())?;
    Ok(NamedBill { bill: bill(row, account, id, Vec::new())?, name: row.text(bills!(count))? })
}

/// One bill of an account with its lines. Errors: `NotFound`, also for a bill of another account.
pub fn get(tx: &mut Tx<'_>, account: AccountId, id: BillId) -> Result<NamedBill, StoreError> {
    let args = [account.to_string().into(), id.to_string().into()];
    let mut found = tx.one(GET, &args, &format!("bill {id}"), |row| read(row, account))?;
    found.bill.lines = tx.rows(LINES_OF, &args, line)?;
    Ok(found)
}

/// Bills of an account without their lines; one that is not there is left out.
pub fn heads(tx: &mut Tx<'_>, account: AccountId, ids: &[BillId]) -> Result<Vec<NamedBill>, StoreError> {
    let of = account.to_string();
    let keys: Vec<[Value<'_>; 2]> =
        ids.iter().map(|it| [of.as_str().into(), it.to_string().into()]).collect();
    tx.each(GET, &keys, |row| read(row, account))
}

/// When the newest bill of a currency was made.
pub fn last_posted(tx: &mut Tx<'_>, currency: Currency) -> Result<Option<units::Timestamp>, StoreError> {
    let newest = |row: &Row<'_>| row.maybe_int(0)?.map(crate::engine::at).transpose();
    tx.one(LAST_POSTED, &[currency.as_str().into()], "the newest bill", newest)
}
