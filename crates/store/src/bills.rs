//! Bills and their lines: append-only.

use crate::engine::{Row, StoreError, Tx, Value, at, us};
use billing::bill::{Bill, Kind, Line, RULE_VERSION};
use billing::wallet::{Paid, Purses};
use units::{AccountId, BillId, Currency, Measured, MoneyError, Unit};

statements! {
    ADD = "insert into bills (account, id, kind, product, region, resource, spec, order_id, from_us, to_us, posted_us, watermark_us,
        original_from_us, original_to_us, currency, amount_e8, total_minor, bonus_minor, cash_minor, income_minor, owed_minor, rule_version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22) on conflict do nothing";
    ADD_LINE = "insert into lines (account, bill, number, component, name, price, book, quantity, num, den, unit, clock, covered,
        list_e8, rate_e8, cost_e8, from_s, to_s)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) on conflict do nothing";
    OF_ACCOUNT = "select id, kind, product, region, resource, spec, order_id, from_us, to_us, posted_us, watermark_us,
        original_from_us, original_to_us, currency, amount_e8, total_minor, bonus_minor, cash_minor, income_minor, owed_minor
        from bills where account = $1 order by posted_us, from_us, product, spec, id";
    LINES = "select bill, component, name, price, book, quantity, num, den, unit, clock, covered, list_e8, rate_e8, cost_e8, from_s, to_s
        from lines where account = $1 order by bill, number";
    LAST_POSTED = "select max(posted_us) from bills";
    OWNER = "select account from bills where id = $1";
}

fn line_rows<'b>(
    account: &str,
    bill: &'b Bill<'_>,
    into: &mut Vec<[Value<'b>; 18]>,
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
        ]);
    }
    Ok(())
}

fn bill_row<'b>(account: &str, it: &'b Bill<'_>) -> [Value<'b>; 22] {
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
        it.currency.as_str().into(),
        it.amount_e8.into(),
        it.total_minor.into(),
        it.paid.purses.bonus.into(),
        it.paid.purses.cash.into(),
        it.paid.purses.income.into(),
        it.paid.owed.into(),
        RULE_VERSION.into(),
    ]
}

/// Adds bills with their lines. Errors: `Differs` when one of them was posted before.
pub fn add(tx: &mut Tx<'_>, bills: &[Bill<'_>]) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(bills.len());
    let mut lines = Vec::with_capacity(bills.len());
    for bill in bills {
        let account = bill.account.to_string();
        line_rows(&account, bill, &mut lines)?;
        rows.push(bill_row(&account, bill));
    }
    if tx.many(ADD, &rows)? < rows.len() as u64 {
        return Err(StoreError::Differs("a bill of this cycle".into()));
    }
    tx.many(ADD_LINE, &lines).map(drop)
}

/// Every bill of an account with its lines, in the order of posting.
pub fn of_account(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Bill<'static>>, StoreError> {
    let mut lines = std::collections::HashMap::<BillId, Vec<Line<'static>>>::new();
    for (bill, line) in tx.rows(LINES, &[account.to_string().into()], |row| {
        Ok((row.parsed(0, "bill", |it| it.parse().ok())?, line(row)?))
    })? {
        lines.entry(bill).or_default().push(line);
    }
    tx.rows(OF_ACCOUNT, &[account.to_string().into()], |row| {
        let id: BillId = row.parsed(0, "bill", |it| it.parse().ok())?;
        bill(row, account, id, lines.remove(&id).unwrap_or_default())
    })
}

fn bill(
    row: &Row<'_>,
    account: AccountId,
    id: BillId,
    lines: Vec<Line<'static>>,
) -> Result<Bill<'static>, StoreError> {
    let original = match (row.maybe_int(11)?, row.maybe_int(12)?) {
        (Some(from), Some(to)) => Some((at(from)?, at(to)?)),
        _ => None,
    };
    Ok(Bill {
        id,
        account,
        kind: row.parsed(1, "kind of bill", Kind::parse)?,
        product: row.text(2)?.into(),
        region: row.text(3)?.into(),
        resource: maybe(row, 4)?,
        spec: row.text(5)?.into(),
        order: maybe(row, 6)?,
        from: at(row.int(7)?)?,
        to: at(row.int(8)?)?,
        posted: at(row.int(9)?)?,
        watermark: at(row.int(10)?)?,
        original,
        currency: row.parsed(13, "currency", |it| Currency::parse(it).ok())?,
        amount_e8: row.int(14)?,
        total_minor: row.int(15)?,
        paid: Paid {
            purses: Purses { bonus: row.int(16)?, cash: row.int(17)?, income: row.int(18)? },
            owed: row.int(19)?,
        },
        lines,
    })
}

fn maybe<T: std::str::FromStr>(row: &Row<'_>, column: usize) -> Result<Option<T>, StoreError> {
    match row.maybe_text(column)? {
        Some(text) => text.parse().map(Some).map_err(|_| StoreError::Corrupt(format!("id `{text}`"))),
        None => Ok(None),
    }
}

fn line(row: &Row<'_>) -> Result<Line<'static>, StoreError> {
    let count = |at: usize| -> Result<u64, StoreError> {
        u64::try_from(row.int(at)?).map_err(|_| StoreError::Corrupt("a count of a line".into()))
    };
    let unit = row.parsed(8, "unit", |text| Unit::ALL.into_iter().find(|it| it.as_str() == text))?;
    Ok(Line {
        component: row.text(1)?.into(),
        name: row.text(2)?.into(),
        price: row.text(3)?.into(),
        book: row.parsed(4, "book", |it| it.parse().ok())?,
        measured: Measured { quantity: count(5)?.into(), num: count(6)?, den: count(7)?, unit },
        offset: count(9)?,
        covered: count(10)?,
        list_e8: row.int(11)?,
        rate_e8: count(12)?,
        cost_e8: row.int(13)?,
        from: row.int(14)?,
        to: row.int(15)?,
    })
}

/// Whose bill it is. Errors: `NotFound`.
pub fn owner(tx: &mut Tx<'_>, bill: BillId) -> Result<AccountId, StoreError> {
    tx.one(OWNER, &[bill.to_string().into()], &format!("bill {bill}"), |row| {
        row.parsed(0, "account", |it| it.parse().ok())
    })
}

/// When the newest bill was made.
pub fn last_posted(tx: &mut Tx<'_>) -> Result<Option<units::Timestamp>, StoreError> {
    crate::tasks::earliest(tx, LAST_POSTED)
}
