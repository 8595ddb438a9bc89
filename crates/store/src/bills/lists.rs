//! Bills and lines page by page, and their sums.
//!
//! In:  an account, a span of use, what else must fit. Out: pages and sums.
//! Invariant: every one of these reads a range of the primary key, the bills of that span; of one resource, a range of its own.
//! Invariant: sums of an account are what is kept of the bills below `rolled.below` and, added up in the same statement, all
//! others; those about a closed cycle are always among the others. So they are exact whenever they are read. Their spans begin and end with months of the settlement calendar.

use super::{NamedBill, line, maybe, read};
use crate::engine::{Row, StoreError, Tx, Value, us};
use crate::labels::{self, Labels};
use crate::sort::Age;
use billing::bill::{Kind, Line, Sum};
use billing::budget::Part;
use billing::wallet::Paid;
use units::{AccountId, BillId, Currency, Money, ResourceId, Timestamp};

/// What `sum` reads of bills that are added up with what is kept.
macro_rules! open {
    () => {
        "count(*) as bills, cast(sum((b.amount_e8 - b.carried_e8) / 100000000) as bigint) as whole,
        cast(sum((b.amount_e8 - b.carried_e8) % 100000000) as bigint) as rest, cast(sum(b.total_minor) as bigint) as total_minor,
        cast(sum(b.bonus_minor) as bigint) as bonus_minor, cast(sum(b.cash_minor) as bigint) as cash_minor,
        cast(sum(b.income_minor) as bigint) as income_minor, cast(sum(b.owed_minor) as bigint) as owed_minor,
        max(b.currency) as currency"
    };
}

/// The same as it is kept.
macro_rules! kept {
    () => {
        "k.bills, k.whole, k.rest, k.total_minor, k.bonus_minor, k.cash_minor, k.income_minor, k.owed_minor, k.currency"
    };
}

/// Both added up.
macro_rules! together {
    () => {
        "cast(sum(s.bills) as bigint) as bills, cast(sum(s.whole) as bigint) as whole, cast(sum(s.rest) as bigint) as rest,
        cast(sum(s.total_minor) as bigint) as total_minor, cast(sum(s.bonus_minor) as bigint) as bonus_minor,
        cast(sum(s.cash_minor) as bigint) as cash_minor, cast(sum(s.income_minor) as bigint) as income_minor,
        cast(sum(s.owed_minor) as bigint) as owed_minor, max(s.currency) as currency"
    };
}

pub(super) use {kept, open, together};

/// Bills of an account whose use began in a span and that no kept sum counts: those behind the last that is kept, and all that are
/// about a closed cycle, by an index of their own.
macro_rules! open_bills {
    () => {
        concat!(
            "(select i.* from bills i where i.account = $1 and i.id >= (select coalesce(max(r.below), $2) from rolled r
            where r.account = $1 and r.below > $2) and i.id < $3 and i.from_us >= $4 and i.from_us < $5 and ",
            of_own_time!(i),
            " union all select i.* from bills i where i.account = $1 and i.original_from_us >= $4 and i.original_from_us < $5
            and i.rule_version >= 2) b"
        )
    };
}

/// Kept sums of an account over that span; none while they are void.
macro_rules! in_kept {
    () => {
        "k.account = $1 and k.from_us >= $4 and k.from_us < $5 and exists (select 1 from rolled r where r.account = $1 and r.below > '')"
    };
}

/// What the resource of `b` is called, or its order.
macro_rules! called {
    () => {
        "coalesce((select r.name from resources r where r.account = $1 and r.id = b.subject),
        (select o.name from orders o where o.account = $1 and o.id = b.order_id), '')"
    };
}

pub(super) use {called, in_kept, open_bills};

/// Bills of a span with what their resource is called.
macro_rules! page_of {
    ($which:expr, $end:literal) => {
        concat!("select ", bills!(names of b), ", coalesce((select r.name from resources r where r.account
            = b.account and r.id = b.resource), (select o.name from orders o where o.account = b.account and
            o.id = b.order_id), '') from bills b where b.account = $1 and ", $which, " and ", used_from!(), " >= $4 and ",
            used_from!(), " < $5 and ($6 = '' or b.product = $6) and ($7 = '' or b.kind = $7) order by b.id ", $end)
    };
}

/// That a bill is one of a resource.
macro_rules! of_resource {
    () => {
        "b.id in (select i.id from bills i where i.account = $1 and i.resource = $8 and i.id >= $2 and i.id < $3)"
    };
}

/// Bills of all accounts of a span, with what their resource is called.
macro_rules! page_of_all {
    ($end:literal) => {
        concat!("select ", bills!(names of b), ", coalesce((select r.name from resources r where r.account
        = b.account and r.id = b.resource), (select o.name from orders o where o.account = b.account and
        o.id = b.order_id), '') from bills b where b.id >= $1 and b.id < $2 and ", used_from!(), " >= $3 and ", used_from!(),
        " < $4 and ($5 = '' or b.product = $5) and ($6 = '' or b.kind = $6) and ($7 = '' or b.region = $7) order by b.id ", $end)
    };
}

statements! {
    // One look by account each, which no plan turns into a reading of everybody's bills.
    OWNERS = concat!("select a.id from accounts a where a.id > $1 and (select b.id from bills b where b.account = a.id and b.id >= $2
        and b.id < $3 and ", used_from!(), " >= $4 and ", used_from!(), " < $5 order by b.id limit 1) is not null order by a.id limit $6");
    OWNS = concat!("select b.account from bills b where b.account = $1 and b.id >= $2 and b.id < $3 and ", used_from!(), " >= $4 and ",
        used_from!(), " < $5 limit 1");
    NEWEST = page_of!("b.id >= $2 and b.id < $3", "desc limit $8");
    OLDEST = page_of!("b.id >= $2 and b.id < $3", "limit $8");
    NEWEST_OF_RESOURCE = page_of!(of_resource!(), "desc limit $9");
    OLDEST_OF_RESOURCE = page_of!(of_resource!(), "limit $9");
    LINES_PAGE = concat!("select ", lines!(names of l), ", b.kind, b.product, b.region, b.resource, b.spec,
        b.currency, coalesce((select r.name from resources r where r.account = b.account and r.id = b.resource),
        (select o.name from orders o where o.account = b.account and o.id = b.order_id), '') from lines
        l cross join bills b where l.account = $1 and l.bill >= $2 and l.bill < $3 and b.account = l.account
        and b.id = l.bill and ", used_from!(), " >= $4 and ", used_from!(), " < $5 and ($6 = '' or b.product = $6) and ($7
        = '' or b.resource = $7) and ($8 = '' or l.component = $8) and (l.bill, l.number) > ($9, $10)
        order by l.bill, l.number limit $11");
    SUMS = concat!("select s.product, s.kind, ", together!(), " from (select k.product, k.kind, ", kept!(), " from day_sums k where ",
        in_kept!(), " union all select b.product, b.kind, ", open!(), " from ", open_bills!(), " group by b.product, b.kind) s
        group by s.product, s.kind order by s.product, s.kind");
    SUBJECTS = concat!("select b.product, b.region, b.subject, b.kind, b.spec, b.bills, b.whole, b.rest, b.total_minor, b.bonus_minor,
        b.cash_minor, b.income_minor, b.owed_minor, b.currency, ", called!(), " from (select s.product, s.region, s.subject, s.kind,
        s.spec, max(s.order_id) as order_id, ", together!(), " from (
        select k.product, k.region, k.subject, k.kind, k.spec, k.order_id, ", kept!(), " from month_sums k where ", in_kept!(),
        " and ($6 = '' or k.product = $6) and (k.product, k.region, k.subject, k.kind, k.spec) > ($7, $8, $9, $10, $11)
        union all select b.product, b.region, coalesce(b.resource, '') as subject, b.kind, b.spec, max(b.order_id) as order_id, ",
        open!(), " from ", open_bills!(), " where ($6 = '' or b.product = $6)
        and (b.product, b.region, coalesce(b.resource, ''), b.kind, b.spec) > ($7, $8, $9, $10, $11)
        group by b.product, b.region, coalesce(b.resource, ''), b.kind, b.spec) s
        group by s.product, s.region, s.subject, s.kind, s.spec order by s.product, s.region, s.subject, s.kind, s.spec limit $12) b
        order by b.product, b.region, b.subject, b.kind, b.spec");
    BY_QUARTER = concat!("select s.quarter, s.kind, ", together!(), " from (select k.from_us / 900000000 as quarter, k.kind, ", kept!(),
        " from day_sums k where ", in_kept!(), " union all select ", used_from!(), " / 900000000 as quarter, b.kind, ", open!(),
        " from ", open_bills!(), " group by ", used_from!(), " / 900000000, b.kind) s group by s.quarter, s.kind
        order by s.quarter, s.kind");
    BY_REGION = concat!("select s.region, s.kind, ", together!(), " from (select k.region, k.kind, ", kept!(), " from day_sums k where ",
        in_kept!(), " union all select b.region, b.kind, ", open!(), " from ", open_bills!(), " group by b.region, b.kind) s
        group by s.region, s.kind order by s.region, s.kind");
    // Whether there is a resource is asked by `coalesce`: else SQLite reads the whole index of bills that have one.
    BY_LABELS = concat!("select nullif(s.project, ''), s.tags, s.kind, ", together!(), " from (select k.project, k.tags, k.kind, ",
        kept!(), " from month_sums k where ", in_kept!(), " and k.subject <> '' and k.kind <> 'pack_purchase'
        union all select coalesce(l.project, '') as project,
        coalesce(l.tags, '') as tags, b.kind, ", open!(), " from ", open_bills!(), " left join label_spans l on l.account = b.account
        and l.resource = b.resource and l.from_us <= b.posted_us and l.to_us > b.posted_us
        where coalesce(b.resource, '') <> '' and b.kind <> 'pack_purchase'
        group by coalesce(l.project, ''), coalesce(l.tags, ''), b.kind) s group by s.project, s.tags, s.kind
        order by s.project, s.tags, s.kind");
    SPENT = concat!("select s.product, nullif(s.project, ''), s.currency, cast(sum(s.total_minor) as bigint) from (select k.product, k.project,
        k.currency, k.total_minor from month_sums k where ", in_kept!(), " union all select b.product, coalesce(l.project, '') as project,
        b.currency, b.total_minor from ", open_bills!(), " left join label_spans l on l.account = b.account and l.resource = b.resource
        and l.from_us <= b.posted_us and l.to_us > b.posted_us) s group by s.product, s.project, s.currency
        order by s.product, s.project");
    OF_RESOURCE = concat!("select cast(coalesce(sum(b.total_minor), 0) as bigint), (select a.currency from accounts a where a.id = $1)
        from bills b where b.account = $1 and b.id in (select i.id from bills i where i.account = $1 and i.resource = $6 and i.id >= $2
        and i.id < $3) and ", used_from!(), " >= $4 and ", used_from!(), " < $5");
    NEWEST_OF_ALL = page_of_all!("desc limit $8");
    OLDEST_OF_ALL = page_of_all!("limit $8");
    ENDS = "select (select min(id) from bills where account = $1), (select max(id) from bills where account = $1)";
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

    pub(super) fn args(&self, account: AccountId) -> Vec<Value<'static>> {
        let (first, last) = self.ids();
        let (from, to) = (us(self.from), us(self.to));
        vec![account.to_string().into(), first.into(), last.into(), from.into(), to.into()]
    }

    /// What is left of that range behind the bill `after`, in this order.
    fn ids_behind(&self, age: Age, after: &str) -> (String, String) {
        let (first, last) = self.ids();
        match age {
            Age::Newest => (first, last.min(after.to_string())),
            // Ids are of one length: what is a letter longer than one stands between it and the next.
            Age::Oldest => (first.max(format!("{after}0")), last),
        }
    }

    /// The same for the bills of all accounts.
    fn of_all(&self) -> Vec<Value<'static>> {
        let (first, last) = self.ids();
        vec![first.into(), last.into(), us(self.from).into(), us(self.to).into()]
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

pub(super) fn limit(count: usize) -> Value<'static> {
    i64::try_from(count).unwrap_or(i64::MAX).into()
}

/// Where a page of bills begins: behind the bill `after`, in this order.
#[derive(Clone, Copy, Debug)]
pub struct Begin<'a> {
    pub age: Age,
    pub after: &'a str,
}

/// Bills without their lines, in the order that is asked for.
pub fn page(
    tx: &mut Tx<'_>,
    filter: &BillFilter<'_>,
    begin: Begin<'_>,
    count: usize,
) -> Result<Vec<NamedBill>, StoreError> {
    let mut args = filter.span.args(filter.account);
    let (first, last) = filter.span.ids_behind(begin.age, begin.after);
    (args[1], args[2]) = (first.into(), last.into());
    args.extend([filter.product, filter.kind].map(|it| it.to_string().into()));
    if !filter.resource.is_empty() {
        args.push(filter.resource.to_string().into());
    }
    let sql = match (begin.age, filter.resource) {
        (Age::Newest, "") => NEWEST,
        (Age::Oldest, "") => OLDEST,
        (Age::Newest, _) => NEWEST_OF_RESOURCE,
        (Age::Oldest, _) => OLDEST_OF_RESOURCE,
    };
    args.push(limit(count));
    tx.rows(sql, &args, |row| read(row, filter.account))
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
            bill: row.parsed(lines!(bill), "bill", |it| it.parse().ok())?,
            line: line(row)?,
            number: row.int(lines!(number))?,
            kind: row.parsed(lines!(count), "kind of bill", Kind::parse)?,
            product: row.text(lines!(count) + 1)?,
            region: row.text(lines!(count) + 2)?,
            resource: maybe(row, lines!(count) + 3)?,
            spec: row.text(lines!(count) + 4)?,
            currency: row.currency(lines!(count) + 5)?,
            name: row.text(lines!(count) + 6)?,
        })
    })
}

/// What bills of one kind come to: what their lines cost before rounding, less what was carried on, and what was deducted.
pub(super) fn sum(row: &Row<'_>, kind: Kind, first: usize) -> Result<Sum, StoreError> {
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

/// What the bills of `span` come to by the quarter of an hour since 1970 in which their use began, which days of
/// every zone begin with, and by kind. What is kept is kept by days, and stands at the hour with which its day begins.
pub fn by_quarter(
    tx: &mut Tx<'_>,
    account: AccountId,
    span: Span,
) -> Result<Vec<(i64, Kind, Sum)>, StoreError> {
    tx.rows(BY_QUARTER, &span.args(account), |row| {
        let kind = row.parsed(1, "kind of bill", Kind::parse)?;
        Ok((row.int(0)?, kind, sum(row, kind, 2)?))
    })
}

/// The same by region and kind.
pub fn by_region(
    tx: &mut Tx<'_>,
    account: AccountId,
    span: Span,
) -> Result<Vec<(String, Kind, Sum)>, StoreError> {
    tx.rows(BY_REGION, &span.args(account), |row| {
        let kind = row.parsed(1, "kind of bill", Kind::parse)?;
        Ok((row.text(0)?, kind, sum(row, kind, 2)?))
    })
}

/// The same by what was written on the resources when the bills were deducted, and by kind; bills of what they share are left
/// out: `shared` has them. Source: R-ALC-1, R-ALC-2.
pub fn by_labels(
    tx: &mut Tx<'_>,
    account: AccountId,
    span: Span,
) -> Result<Vec<(Labels, Kind, Sum)>, StoreError> {
    tx.rows(BY_LABELS, &span.args(account), |row| {
        let kind = row.parsed(2, "kind of bill", Kind::parse)?;
        Ok((labels::read(row, 0)?, kind, sum(row, kind, 3)?))
    })
}

/// The same with products beside, in whole fen: what budgets count.
pub fn spent(tx: &mut Tx<'_>, account: AccountId, span: Span) -> Result<Vec<Part>, StoreError> {
    tx.rows(SPENT, &span.args(account), |row| {
        Ok(Part { product: row.text(0)?, project: maybe(row, 1)?, total: row.money(3, row.currency(2)?)? })
    })
}

/// What the bills of a resource in `span` come to.
pub fn of_resource(
    tx: &mut Tx<'_>,
    account: AccountId,
    resource: ResourceId,
    span: Span,
) -> Result<Money, StoreError> {
    let mut args = span.args(account);
    args.push(resource.to_string().into());
    tx.one(OF_RESOURCE, &args, "sum", |row| row.money(0, row.currency(1)?))
}

/// Which bills of all accounts; empty text is for any.
#[derive(Clone, Copy, Debug)]
pub struct AllBillsFilter<'a> {
    pub span: Span,
    pub product: &'a str,
    pub kind: &'a str,
    pub region: &'a str,
}

/// Bills of all accounts without their lines, in the order that is asked for.
pub fn page_of_all(
    tx: &mut Tx<'_>,
    filter: &AllBillsFilter<'_>,
    begin: Begin<'_>,
    count: usize,
) -> Result<Vec<NamedBill>, StoreError> {
    let mut args = filter.span.of_all();
    let (first, last) = filter.span.ids_behind(begin.age, begin.after);
    (args[0], args[1]) = (first.into(), last.into());
    args.extend([filter.product, filter.kind, filter.region].map(|it| it.to_string().into()));
    args.push(limit(count));
    let sql = match begin.age {
        Age::Newest => NEWEST_OF_ALL,
        Age::Oldest => OLDEST_OF_ALL,
    };
    tx.rows(sql, &args, |row| read(row, row.parsed(bills!(account), "account", |it| it.parse().ok())?))
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
    tx.rows(SUBJECTS, &args, subject_sum)
}

fn subject_sum(row: &Row<'_>) -> Result<SubjectSum, StoreError> {
    let subject = Subject {
        product: row.text(0)?,
        region: row.text(1)?,
        resource: row.text(2)?,
        kind: row.text(3)?,
        spec: row.text(4)?,
    };
    let kind = row.parsed(3, "kind of bill", Kind::parse)?;
    Ok(SubjectSum { subject, kind, sum: sum(row, kind, 5)?, name: row.text(14)? })
}

/// A span that no bill of the account lies outside of; `None` without any bill.
pub fn ends(tx: &mut Tx<'_>, account: AccountId) -> Result<Option<Span>, StoreError> {
    let id = |row: &Row<'_>, at: usize| maybe::<BillId>(row, at);
    let found = tx.rows(ENDS, &[account.to_string().into()], |row| Ok((id(row, 0)?, id(row, 1)?)))?;
    let Some((Some(first), Some(last))) = found.into_iter().next() else { return Ok(None) };
    let from = Timestamp::from_second(first.made().as_second() - LONGEST_CYCLE_SECONDS);
    Ok(Some(Span { from: from.unwrap_or(Timestamp::MIN), to: last.made() }))
}

/// Accounts above `after` that have bills of use that began in a span, by their ids.
pub fn owners(tx: &mut Tx<'_>, span: Span, after: &str, most: i64) -> Result<Vec<AccountId>, StoreError> {
    let mut args = vec![after.to_string().into()];
    args.extend(span.of_all());
    args.push(most.into());
    tx.rows(OWNERS, &args, |row| row.parsed(0, "account", |it| it.parse().ok()))
}

/// Whether an account has bills of use that began in a span.
pub fn owns(tx: &mut Tx<'_>, span: Span, account: AccountId) -> Result<bool, StoreError> {
    Ok(!tx.rows(OWNS, &span.args(account), |row| row.text(0))?.is_empty())
}
