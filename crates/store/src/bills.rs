//! Bills and their lines: append-only.
//!
//! In:  bills as settlement and orders make them. Out: bills, lines and sums of them, page by page.
//! Invariant: the id of a bill begins with the instant at which its use ended, for what is paid ahead began. So a
//! month of an account is a range of its primary key, and nothing reads bills that it does not want.

use crate::engine::{Row, StoreError, Tx, Value, Writes, at, us};
use billing::bill::{Bill, Kind, Line, RULE_VERSION, Sum};
use billing::wallet::Paid;
use units::{AccountId, BillId, Currency, Measured, MoneyError, ResourceId, Timestamp, Unit};

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
    GET = "select b.id, b.kind, b.product, b.region, b.resource, b.spec, b.order_id, b.from_us, b.to_us, b.posted_us, b.watermark_us,
        b.original_from_us, b.original_to_us, b.currency, b.amount_e8, b.total_minor, b.bonus_minor, b.cash_minor, b.income_minor, b.owed_minor,
        coalesce((select r.name from resources r where r.account = b.account and r.id = b.resource),
        (select o.name from orders o where o.account = b.account and o.id = b.order_id), '')
        from bills b where b.account = $1 and b.id = $2";
    LINES_OF = "select bill, component, name, price, book, quantity, num, den, unit, clock, covered, list_e8, rate_e8, cost_e8, from_s, to_s
        from lines where account = $1 and bill = $2 order by number";
    PAGE = "select b.id, b.kind, b.product, b.region, b.resource, b.spec, b.order_id, b.from_us, b.to_us, b.posted_us, b.watermark_us,
        b.original_from_us, b.original_to_us, b.currency, b.amount_e8, b.total_minor, b.bonus_minor, b.cash_minor, b.income_minor, b.owed_minor,
        coalesce((select r.name from resources r where r.account = b.account and r.id = b.resource),
        (select o.name from orders o where o.account = b.account and o.id = b.order_id), '')
        from bills b where b.account = $1 and b.id >= $2 and b.id < $3 and b.from_us >= $4 and b.from_us < $5
        and ($6 = '' or b.product = $6) and ($7 = '' or b.kind = $7) and ($8 = '' or b.resource = $8)
        order by b.id desc limit $9";
    LINES_PAGE = "select l.bill, l.component, l.name, l.price, l.book, l.quantity, l.num, l.den, l.unit, l.clock, l.covered, l.list_e8, l.rate_e8, l.cost_e8, l.from_s, l.to_s,
        l.number, b.kind, b.product, b.region, b.resource, b.spec, b.currency,
        coalesce((select r.name from resources r where r.account = b.account and r.id = b.resource),
        (select o.name from orders o where o.account = b.account and o.id = b.order_id), '')
        from lines l cross join bills b where l.account = $1 and l.bill >= $2 and l.bill < $3
        and b.account = l.account and b.id = l.bill and b.from_us >= $4 and b.from_us < $5
        and ($6 = '' or b.product = $6) and ($7 = '' or b.resource = $7) and ($8 = '' or l.component = $8)
        and (l.bill, l.number) > ($9, $10) order by l.bill, l.number limit $11";
    SUMS = "select product, kind, count(*), cast(sum(amount_e8 / 100000000) as bigint), cast(sum(amount_e8 % 100000000) as bigint),
        cast(sum(total_minor) as bigint), cast(sum(bonus_minor) as bigint), cast(sum(cash_minor) as bigint),
        cast(sum(income_minor) as bigint), cast(sum(owed_minor) as bigint), max(currency)
        from bills where account = $1 and id >= $2 and id < $3 and from_us >= $4 and from_us < $5
        group by product, kind order by product, kind";
    SUBJECTS = "select b.product, b.region, b.subject, b.kind, b.spec, b.bills, b.whole, b.rest, b.total_minor, b.bonus_minor,
        b.cash_minor, b.income_minor, b.owed_minor, b.currency,
        coalesce((select r.name from resources r where r.account = b.account and r.id = b.subject),
        (select o.name from orders o where o.account = b.account and o.id = b.order_id), '')
        from (select account, product, region, coalesce(resource, '') as subject, kind, spec, max(order_id) as order_id,
        count(*) as bills, cast(sum(amount_e8 / 100000000) as bigint) as whole, cast(sum(amount_e8 % 100000000) as bigint) as rest,
        cast(sum(total_minor) as bigint) as total_minor, cast(sum(bonus_minor) as bigint) as bonus_minor, cast(sum(cash_minor) as bigint) as cash_minor,
        cast(sum(income_minor) as bigint) as income_minor, cast(sum(owed_minor) as bigint) as owed_minor,
        max(currency) as currency
        from bills where account = $1 and id >= $2 and id < $3 and from_us >= $4 and from_us < $5
        and ($6 = '' or product = $6) and (product, region, coalesce(resource, ''), kind, spec) > ($7, $8, $9, $10, $11)
        group by account, product, region, coalesce(resource, ''), kind, spec
        order by product, region, subject, kind, spec limit $12) b
        order by b.product, b.region, b.subject, b.kind, b.spec";
    ENDS = "select (select min(id) from bills where account = $1), (select max(id) from bills where account = $1)";
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
        it.currency().as_str().into(),
        it.amount_e8.into(),
        it.total.into(),
        it.paid.purses().bonus().into(),
        it.paid.purses().cash().into(),
        it.paid.purses().income().into(),
        it.paid.owed().into(),
        RULE_VERSION.into(),
    ]
}

/// Adds bills with their lines. Unless: `Differs` when one of them was posted before.
///
/// Errors: a line too large to be stored.
pub fn add<'a>(
    writes: &mut Writes<'a>,
    bills: impl IntoIterator<Item = &'a Bill<'a>>,
) -> Result<(), StoreError> {
    let (mut rows, mut lines) = (Vec::new(), Vec::new());
    for bill in bills {
        let account = bill.account.to_string();
        line_rows(&account, bill, &mut lines)?;
        rows.push(bill_row(&account, bill));
    }
    writes.all(ADD, rows, StoreError::Differs("a bill".into()));
    writes.any(ADD_LINE, lines);
    Ok(())
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
    let currency = row.currency(13)?;
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
        amount_e8: row.int(14)?,
        total: row.money(15, currency)?,
        paid: Paid::new(row.purses(16, currency)?, row.money(19, currency)?)?,
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
        from: second(row, 14)?,
        to: second(row, 15)?,
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
    let id = row.parsed(0, "bill", |it| it.parse().ok())?;
    Ok(NamedBill { bill: bill(row, account, id, Vec::new())?, name: row.text(20)? })
}

/// One bill of an account with its lines. Errors: `NotFound`, also for a bill of another account.
pub fn get(tx: &mut Tx<'_>, account: AccountId, id: BillId) -> Result<NamedBill, StoreError> {
    let args = [account.to_string().into(), id.to_string().into()];
    let mut found = tx.one(GET, &args, &format!("bill {id}"), |row| read(row, account))?;
    found.bill.lines = tx.rows(LINES_OF, &args, line)?;
    Ok(found)
}

/// Use that began in `[from, to)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: Timestamp,
    pub to: Timestamp,
}

/// Longer than any cycle: the id of a bill is at most so much later than its use began.
const LONGEST_CYCLE_SECONDS: i64 = 32 * 86_400;

impl Span {
    /// All that there is.
    pub const EVER: Span = Span { from: Timestamp::MIN, to: Timestamp::MAX };

    /// The range of ids that its bills lie in; others lie there too.
    fn ids(&self) -> (String, String) {
        let last = Timestamp::from_second(self.to.as_second() + LONGEST_CYCLE_SECONDS);
        let last = BillId::first_at(last.unwrap_or(Timestamp::MAX));
        (BillId::first_at(self.from).to_string(), last.to_string())
    }

    fn args(&self, account: AccountId) -> Vec<Value<'static>> {
        let (first, last) = self.ids();
        let (from, to) = (us(self.from), us(self.to));
        vec![account.to_string().into(), first.into(), last.into(), from.into(), to.into()]
    }
}

/// Which bills or lines of an account; empty text is for any.
#[derive(Clone, Copy, Debug)]
pub struct BillFilter<'a> {
    pub account: AccountId,
    pub span: Span,
    pub product: &'a str,
    pub kind: &'a str,
    pub resource: &'a str,
    pub component: &'a str,
}

impl BillFilter<'_> {
    /// Everything of `span`.
    pub fn of(account: AccountId, span: Span) -> BillFilter<'static> {
        BillFilter { account, span, product: "", kind: "", resource: "", component: "" }
    }
}

fn limit(count: usize) -> Value<'static> {
    i64::try_from(count).unwrap_or(i64::MAX).into()
}

/// Bills without their lines, the newest first, those before the bill `before`.
pub fn page(
    tx: &mut Tx<'_>,
    filter: &BillFilter<'_>,
    before: &str,
    count: usize,
) -> Result<Vec<NamedBill>, StoreError> {
    let mut args = filter.span.args(filter.account);
    args[2] = filter.span.ids().1.min(before.to_string()).into();
    args.extend([filter.product, filter.kind, filter.resource].map(|it| it.to_string().into()));
    args.push(limit(count));
    tx.rows(PAGE, &args, |row| read(row, filter.account))
}

/// A line, and of its bill what tells what it is for.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedLine {
    pub bill: BillId,
    pub number: i64,
    pub line: Line<'static>,
    pub kind: Kind,
    pub product: String,
    pub region: String,
    pub resource: Option<ResourceId>,
    pub spec: String,
    pub currency: Currency,
    pub name: String,
}

/// Lines in the order of their bills, the oldest first, those behind line `after.1` of the bill `after.0`.
pub fn lines_page(
    tx: &mut Tx<'_>,
    filter: &BillFilter<'_>,
    after: Option<(BillId, i64)>,
    count: usize,
) -> Result<Vec<NamedLine>, StoreError> {
    let mut args = filter.span.args(filter.account);
    let (bill, number) = after.map_or((String::new(), -1), |it| (it.0.to_string(), it.1));
    args[1] = filter.span.ids().0.max(bill.clone()).into();
    args.extend([filter.product, filter.resource, filter.component].map(|it| it.to_string().into()));
    args.extend([bill.into(), number.into(), limit(count)]);
    tx.rows(LINES_PAGE, &args, |row| {
        Ok(NamedLine {
            bill: row.parsed(0, "bill", |it| it.parse().ok())?,
            line: line(row)?,
            number: row.int(16)?,
            kind: row.parsed(17, "kind of bill", Kind::parse)?,
            product: row.text(18)?,
            region: row.text(19)?,
            resource: maybe(row, 20)?,
            spec: row.text(21)?,
            currency: row.currency(22)?,
            name: row.text(23)?,
        })
    })
}

/// What bills of one kind come to: what their lines cost before rounding, and what was deducted.
fn sum(row: &Row<'_>, kind: Kind, first: usize) -> Result<Sum, StoreError> {
    let int = |offset: usize| row.int(first + offset);
    let bills = u64::try_from(int(0)?).map_err(|_| StoreError::Corrupt("a count of bills".into()))?;
    let amount_e8 = i128::from(int(1)?) * 100_000_000 + i128::from(int(2)?);
    let currency = row.currency(first + 8)?;
    let paid = Paid::new(row.purses(first + 4, currency)?, row.money(first + 7, currency)?)?;
    Ok(Sum::new(bills, amount_e8, row.money(first + 3, currency)?, paid).of_kind(kind))
}

/// What the bills of `span` come to, for each product and kind.
pub fn sums(tx: &mut Tx<'_>, account: AccountId, span: Span) -> Result<Vec<(String, Kind, Sum)>, StoreError> {
    tx.rows(SUMS, &span.args(account), |row| {
        let kind = row.parsed(1, "kind of bill", Kind::parse)?;
        Ok((row.text(0)?, kind, sum(row, kind, 2)?))
    })
}

/// What tells one sum of a month from another: a resource, or a spec that was added up over the account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    pub product: String,
    pub region: String,
    /// Empty for a sum over the account.
    pub resource: String,
    pub kind: String,
    pub spec: String,
}

/// A subject with what it is called and what its bills come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectSum {
    pub subject: Subject,
    pub kind: Kind,
    pub name: String,
    pub sum: Sum,
}

/// Which sums by subject; all products if `product` is empty.
#[derive(Clone, Copy, Debug)]
pub struct SubjectFilter<'a> {
    pub account: AccountId,
    pub span: Span,
    pub product: &'a str,
}

/// What the bills that fit come to by subject, those behind `after`.
pub fn subjects(
    tx: &mut Tx<'_>,
    filter: SubjectFilter<'_>,
    after: &Subject,
    count: usize,
) -> Result<Vec<SubjectSum>, StoreError> {
    let (mut args, product) = (filter.span.args(filter.account), filter.product);
    let Subject { product: last, region, resource, kind, spec } = after;
    args.extend([product, last, region, resource, kind, spec].map(|it| it.to_string().into()));
    args.push(limit(count));
    tx.rows(SUBJECTS, &args, |row| {
        let subject = Subject {
            product: row.text(0)?,
            region: row.text(1)?,
            resource: row.text(2)?,
            kind: row.text(3)?,
            spec: row.text(4)?,
        };
        let kind = row.parsed(3, "kind of bill", Kind::parse)?;
        Ok(SubjectSum { subject, kind, sum: sum(row, kind, 5)?, name: row.text(14)? })
    })
}

/// A span that no bill of the account lies outside of; `None` without any bill.
pub fn ends(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<Span>, StoreError> {
    let id = |row: &Row<'_>, at: usize| maybe::<BillId>(row, at);
    let found = tx.rows(ENDS, &[account.to_string().into()], |row| Ok((id(row, 0)?, id(row, 1)?)))?;
    let Some((Some(first), Some(last))) = found.into_iter().next() else { return Ok(None) };
    let from = Timestamp::from_second(first.made().as_second() - LONGEST_CYCLE_SECONDS);
    Ok(Some(Span { from: from.unwrap_or(Timestamp::MIN), to: last.made() }))
}

/// When the newest bill was made.
pub fn last_posted(tx: &mut Tx<'_>) -> Result<Option<units::Timestamp>, StoreError> {
    crate::tasks::earliest(tx, LAST_POSTED)
}
