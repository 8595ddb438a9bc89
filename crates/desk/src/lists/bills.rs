//! Statements: the months of an account, what each came to by product and by resource, its bills and their lines.
//!
//! In:  an account, months as `2026-06`. Out: sums of bills, bills, lines.
//! Invariant: a month is one of the settlement calendar; each level is the sum of the one below.
//! Rules: R-BIL-1, R-SET-7, R-TIM-5.

use super::accounts::currency;
use crate::page::{self, Page, Part, no_page, place};
use crate::{At, Desk, Refusal};
use billing::bill::{Bill, Kind, Sum};
use billing::period::{self, Period};
use std::collections::BTreeMap;
use store::bills::{self, Begin, Span, Subject, SubjectFilter};
use store::{Tx, corrections, packs};
use units::calendar::CalendarError;
use units::{AccountId, BillId, Cycle, CycleKind, PackId, Timestamp};

pub use store::bills::top::ResourceSum;
pub use store::bills::{NamedBill, NamedLine, SubjectSum};
pub use store::corrections::bills::MadeAgainst;
pub use store::sort::Age;

/// A month of a statement: L0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    /// Such as `2026-06`.
    pub name: String,
    pub sum: Sum,
    /// Whether more may still come into it. Source: R-SET-7.
    pub estimate: bool,
}

/// What of a month is added up.
#[derive(Clone, Debug)]
pub struct InMonth {
    pub account: AccountId,
    /// Such as `2026-06`.
    pub month: String,
    /// Only this product.
    pub product: Option<String>,
}

/// Which bills.
#[derive(Clone, Debug)]
pub struct Filter {
    pub account: AccountId,
    /// Such as `2026-06`.
    pub month: Option<String>,
    /// Whose use began then or later.
    pub from: Option<Timestamp>,
    /// Whose use began before.
    pub to: Option<Timestamp>,
    pub product: Option<String>,
    pub kind: Option<Kind>,
    pub resource: Option<String>,
    pub age: Age,
}

impl Filter {
    /// All of an account.
    pub const fn of(account: AccountId) -> Filter {
        let age = Age::Newest;
        Filter { account, month: None, from: None, to: None, product: None, kind: None, resource: None, age }
    }
}

/// Which lines of bills.
#[derive(Clone, Debug)]
pub struct LineFilter {
    pub account: AccountId,
    /// Such as `2026-06`.
    pub month: Option<String>,
    pub product: Option<String>,
    pub resource: Option<String>,
    pub component: Option<String>,
}

/// The month that `text` names, written in the one way in which months are, so that no month has two names.
///
/// Errors: `Calendar` for what is none, or one that the calendar does not reach.
pub fn month(desk: &Desk, text: &str) -> Result<Cycle, Refusal> {
    let none = || CalendarError::NoMonth(text.chars().take(60).collect());
    let first = desk.calendar.parse(&format!("{text}-01")).map_err(|_| none())?;
    let cycle = desk.calendar.cycle(CycleKind::Month, first)?;
    if desk.calendar.month(cycle.from) == text { Ok(cycle) } else { Err(none().into()) }
}

/// The use of one month, or all of it.
fn span(at: At<'_>, text: Option<&str>) -> Result<Span, Refusal> {
    text.map_or(Ok(Span::EVER), |it| month_span(at, it))
}

/// The use that began in a month.
pub(super) fn month_span(at: At<'_>, text: &str) -> Result<Span, Refusal> {
    let cycle = month(at.desk, text)?;
    Ok(Span { from: cycle.from, to: cycle.to })
}

/// L0: the months of an account that have bills, the newest first.
pub fn months(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, part: &Part) -> Result<Page<Month>, Refusal> {
    currency(tx, account)?;
    let Some(ends) = bills::ends(tx, account)? else { return Ok(Page::whole(Vec::new())) };
    let mut cycle = newest_month(at, ends, part)?;
    let mut found = Vec::new();
    while found.len() < part.reach() && cycle.to > ends.from {
        let sums = bills::sums(tx, account, Span { from: cycle.from, to: cycle.to })?;
        if let Some(first) = sums.first() {
            found.push(Month {
                name: at.desk.calendar.month(cycle.from),
                sum: Sum::of(sums.iter().map(|it| &it.2), first.2.total.currency())?,
                estimate: billing::bill::is_estimate(&cycle, at.now, &at.desk.calendar),
            });
        }
        cycle = earlier(at.desk, &cycle)?;
    }
    Ok(Page::of(found, part, |it| it.name.clone()))
}

/// The month that a part of the months of `ends` begins with.
fn newest_month(at: At<'_>, ends: Span, part: &Part) -> Result<Cycle, Refusal> {
    let last = at.desk.calendar.cycle(CycleKind::Month, ends.to)?;
    let Some(before) = &part.after else { return Ok(last) };
    let bound = month(at.desk, before)?;
    if bound.from < last.to { earlier(at.desk, &bound) } else { Ok(last) }
}

/// The month before.
fn earlier(desk: &Desk, month: &Cycle) -> Result<Cycle, Refusal> {
    let last = Timestamp::from_second(month.from.as_second() - 1);
    let last = last.map_err(|_| Refusal::Time(month.from.to_string()))?;
    Ok(desk.calendar.cycle(CycleKind::Month, last)?)
}

/// What a product came to in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductSum {
    pub product: String,
    pub sum: Sum,
}

/// L1: what a month came to, by product.
pub fn products(tx: &mut Tx<'_>, at: At<'_>, of: &InMonth, part: &Part) -> Result<Page<ProductSum>, Refusal> {
    currency(tx, of.account)?;
    let behind = of_month(tx, at, of)?.into_iter().filter(|it| it.0.as_str() > part.after());
    let found = behind.map(|(product, sum)| ProductSum { product, sum }).collect();
    Ok(Page::of(found, part, |it: &ProductSum| it.product.clone()))
}

/// The same, all of it, by the names of the products.
pub fn of_month(tx: &mut Tx<'_>, at: At<'_>, of: &InMonth) -> Result<BTreeMap<String, Sum>, Refusal> {
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    for (product, _, sum) in bills::sums(tx, of.account, span(at, Some(&of.month))?)? {
        if of.product.as_ref().is_none_or(|it| *it == product) {
            let currency = sum.total.currency();
            let before = sums.entry(product).or_insert(Sum::zero(currency));
            *before = Sum::of([&*before, &sum], currency)?;
        }
    }
    Ok(sums)
}

/// L2: what a month came to by resource, and by spec for what is added up over the account.
pub fn resources(
    tx: &mut Tx<'_>,
    at: At<'_>,
    of: &InMonth,
    part: &Part,
) -> Result<Page<SubjectSum>, Refusal> {
    currency(tx, of.account)?;
    let span = span(at, Some(&of.month))?;
    let wanted = SubjectFilter { account: of.account, span, product: of.product.as_deref().unwrap_or("") };
    let found = bills::subjects(tx, wanted, &subject(part)?, part.reach())?;
    Ok(Page::of(found, part, place_of_subject))
}

/// What cost most in a month, by resource, and by spec for what is added up over the account: so many, the dearest first. What
/// was given back whole cost nothing.
pub fn dearest(tx: &mut Tx<'_>, at: At<'_>, of: &InMonth, most: usize) -> Result<Vec<ResourceSum>, Refusal> {
    currency(tx, of.account)?;
    let mut found = bills::top::dearest(tx, of.account, span(at, Some(&of.month))?, most)?;
    found.retain(|it| it.total.is_positive());
    Ok(found)
}

/// Words without spaces make the place in the list; none of them holds one.
fn place_of_subject(it: &SubjectSum) -> String {
    let Subject { product, region, resource, kind, spec } = &it.subject;
    [product.as_str(), region, resource, kind, spec].join(" ")
}

/// The subject behind which a part begins.
fn subject(part: &Part) -> Result<Subject, Refusal> {
    let Some(text) = &part.after else { return Ok(Subject::default()) };
    let words: Vec<&str> = text.splitn(5, ' ').collect();
    let [product, region, resource, kind, spec] = words[..] else { return Err(no_page()) };
    let [product, region, resource, kind, spec] = [product, region, resource, kind, spec].map(str::to_string);
    Ok(Subject { product, region, resource, kind, spec })
}

/// Bills without their lines, in the order that is asked for.
pub fn page(tx: &mut Tx<'_>, at: At<'_>, of: &Filter, part: &Part) -> Result<Page<NamedBill>, Refusal> {
    currency(tx, of.account)?;
    let filter = bills::BillFilter {
        product: of.product.as_deref().unwrap_or(""),
        kind: of.kind.map_or("", Kind::as_str),
        resource: of.resource.as_deref().unwrap_or(""),
        ..bills::BillFilter::of(of.account, within(span(at, of.month.as_deref())?, of))
    };
    let after = place(of.age.into(), part, |id| page::there(bills::get(tx, of.account, id)))?;
    let found = bills::page(tx, &filter, Begin { age: of.age, after: &after }, part.reach())?;
    Ok(Page::of(found, part, |it| it.bill.id.to_string()))
}

/// What of a span an additional bound leaves.
fn within(span: Span, of: &Filter) -> Span {
    Span {
        from: of.from.map_or(span.from, |it| it.max(span.from)),
        to: of.to.map_or(span.to, |it| it.min(span.to)),
    }
}

/// Lines across bills, in the order of time: the oldest bill first (L3).
pub fn lines(tx: &mut Tx<'_>, at: At<'_>, of: &LineFilter, part: &Part) -> Result<Page<NamedLine>, Refusal> {
    currency(tx, of.account)?;
    let filter = bills::BillFilter {
        product: of.product.as_deref().unwrap_or(""),
        resource: of.resource.as_deref().unwrap_or(""),
        component: of.component.as_deref().unwrap_or(""),
        ..bills::BillFilter::of(of.account, span(at, of.month.as_deref())?)
    };
    let after = part.after.as_deref().map(line_place).transpose()?;
    let found = bills::lines_page(tx, &filter, after, part.reach())?;
    Ok(Page::of(found, part, |it| format!("{}.{}", it.bill, it.number)))
}

/// `bil_….3`: line 3 of a bill.
fn line_place(text: &str) -> Result<(BillId, i64), Refusal> {
    let read = text.split_once('.').and_then(|(bill, line)| Some((bill.parse().ok()?, line.parse().ok()?)));
    read.ok_or_else(no_page)
}

/// One bill with its lines. Errors: `NotFound`, also for a bill of another account.
pub fn one(tx: &mut Tx<'_>, account: AccountId, id: BillId) -> Result<NamedBill, Refusal> {
    Ok(bills::get(tx, account, id)?)
}

/// What the post-paid bills of a product and month come to: what `bill`, a precision credit or waiver, settles.
pub fn post_paid(tx: &mut Tx<'_>, bill: &Bill<'_>) -> Result<Sum, Refusal> {
    let all = bills::sums(tx, bill.account, Span { from: bill.from, to: bill.to })?;
    let counted = all.iter().filter(|it| it.0 == bill.product && it.1.is_post_paid());
    Ok(Sum::of(counted.map(|it| &it.2), bill.currency())?)
}

/// A bill, and what stands elsewhere of it.
#[derive(Clone, Debug)]
pub struct Whole {
    pub named: NamedBill,
    /// For which time it is.
    pub period: Option<Period>,
    /// The credits and debits that were made against it, in their order. Source: R-COR-1.
    pub corrections: Vec<MadeAgainst>,
    /// The bill that it corrects itself.
    pub against: Option<BillId>,
}

/// One bill with all of it. Errors: `NotFound`.
pub fn whole(tx: &mut Tx<'_>, account: AccountId, id: BillId) -> Result<Whole, Refusal> {
    let named = bills::get(tx, account, id)?;
    let period = period(tx, &named.bill)?;
    let made = corrections::bills::made_against(tx, account, id, named.bill.currency())?;
    let against = match named.bill.kind == Kind::Correction {
        true => corrections::bills::against(tx, account, id)?,
        false => None,
    };
    Ok(Whole { named, period, corrections: made, against })
}

/// For which time a bill is: of a pack that for which it is good, of a correction that of the bill that it is against. `None` where
/// it is for none; never an empty one.
pub fn period(tx: &mut Tx<'_>, bill: &Bill<'_>) -> Result<Option<Period>, Refusal> {
    if bill.kind == Kind::Correction {
        let Some(against) = corrections::bills::against(tx, bill.account, bill.id)? else { return Ok(None) };
        let against = bills::get(tx, bill.account, against)?;
        return own_period(tx, &against.bill);
    }
    own_period(tx, bill)
}

fn own_period(tx: &mut Tx<'_>, bill: &Bill<'_>) -> Result<Option<Period>, Refusal> {
    let ids: Vec<PackId> = bill.pack().into_iter().collect();
    if ids.is_empty() {
        return Ok(bill.period());
    }
    let found = packs::get_all(tx, bill.account, &ids)?;
    Ok(found.first().and_then(|it| period::some([it.effective, it.expires])))
}
