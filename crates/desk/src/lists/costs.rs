//! What a month came to, cut in another way, such as by day or project; and what all accounts came to.
//!
//! In:  months as `2026-06`, which cut and basis. Out: sums of bills.
//! Invariant: the groups of a cut together are the sum of the month; what a cut says nothing of stands in a group of its own.
//! Rules: R-BIL-1, R-ALC-1.

use super::accounts::currency;
use super::bills::{InMonth, month, month_span};
use super::cuts::{self, add};
use crate::page::{self, Page, Part};
use crate::{At, Refusal};
use billing::bill::{Kind, Sum};
use std::collections::BTreeMap;
use store::bills::{self, AllBillsFilter, Begin, Span};
use store::sort::Age;
use store::{Tx, projects};
use units::{AccountId, CycleKind, ProjectId};

pub use super::cuts::{By, Cut};
pub use store::bills::NamedBill;
pub use store::bills::news::Revenue;

/// A group of a cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// A day, a region, the id of a project, the value of a tag; `None` for what the cut says nothing of.
    pub value: Option<String>,
    /// What the project is called.
    pub name: Option<String>,
    pub sum: Sum,
}

/// What a month came to by its cut, in the order of the values; what the cut says nothing of comes first.
pub fn page(tx: &mut Tx<'_>, at: At<'_>, of: &InMonth, by: &By, part: &Part) -> Result<Page<Group>, Refusal> {
    currency(tx, of.account)?;
    let page = Page::out_of(cuts::groups(tx, at, of, by)?, part, |it| place(it.0.as_ref()))?;
    let names = match by.cut {
        Cut::Project => project_names(tx, of, &page.items)?,
        Cut::Day | Cut::Product | Cut::Kind | Cut::Region | Cut::Tag(_) => BTreeMap::new(),
    };
    let name = |value: &String| names.get(value).cloned();
    Ok(page.map(|(value, sum)| Group { name: value.as_ref().and_then(name), value, sum }))
}

/// The place of a group in the list: no value is one of its own.
fn place(value: Option<&String>) -> String {
    value.map_or_else(|| "-".to_string(), |it| format!("={it}"))
}

/// What the projects of groups are called, by their ids. A project may be gone; what was spent in it is not.
fn project_names(
    tx: &mut Tx<'_>,
    of: &InMonth,
    groups: &[(Option<String>, Sum)],
) -> Result<BTreeMap<String, String>, Refusal> {
    let ids: Vec<ProjectId> = groups.iter().filter_map(|it| it.0.as_ref()?.parse().ok()).collect();
    let found = projects::get_all(tx, of.account, &ids)?;
    Ok(found.into_iter().map(|it| (it.id.to_string(), it.name)).collect())
}

/// The months behind the present one into which something falls that is paid ahead already, the next first, so many at most.
/// Source: R-AMO-1.
pub fn months_ahead(
    tx: &mut Tx<'_>,
    at: At<'_>,
    account: AccountId,
    most: usize,
) -> Result<Vec<String>, Refusal> {
    let Some(until) = bills::basis::paid_until(tx, account)? else { return Ok(Vec::new()) };
    let calendar = &at.desk.calendar;
    let (mut found, mut month) = (Vec::new(), calendar.cycle(CycleKind::Month, at.now)?);
    while found.len() < most && month.to < until {
        month = calendar.cycle(CycleKind::Month, month.to)?;
        found.push(calendar.month(month.from));
    }
    Ok(found)
}

/// Which revenue.
#[derive(Clone, Debug)]
pub struct RevenueFilter {
    /// The first month, such as `2026-06`.
    pub from: String,
    /// How many months.
    pub months: u32,
    pub product: Option<String>,
    pub region: Option<String>,
}

/// What the bills of all accounts came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevenueSum {
    pub month: String,
    pub of: Revenue,
    pub sum: Sum,
}

/// What all accounts came to, by month, product, region and currency.
pub fn revenue(
    tx: &mut Tx<'_>,
    at: At<'_>,
    of: &RevenueFilter,
    part: &Part,
) -> Result<Page<RevenueSum>, Refusal> {
    let place =
        |it: &RevenueSum| [&*it.month, &it.of.product, &it.of.region, it.of.currency.as_str()].join(" ");
    Page::out_of(all_revenue(tx, at, of)?, part, place)
}

/// The same, every group of it: what is added up of a part is no sum of the whole.
pub fn all_revenue(tx: &mut Tx<'_>, at: At<'_>, of: &RevenueFilter) -> Result<Vec<RevenueSum>, Refusal> {
    let mut found = Vec::new();
    for month in months(at, of)? {
        let mut sums: BTreeMap<Revenue, Sum> = BTreeMap::new();
        for (group, sum) in bills::revenue::of_all(tx, month_span(at, &month)?)? {
            let other = |wanted: &Option<String>, is: &str| wanted.as_deref().is_some_and(|it| it != is);
            if !other(&of.product, &group.product) && !other(&of.region, &group.region) {
                add(&mut sums, group, &sum)?;
            }
        }
        found.extend(sums.into_iter().map(|(of, sum)| RevenueSum { month: month.clone(), of, sum }));
    }
    Ok(found)
}

fn months(at: At<'_>, of: &RevenueFilter) -> Result<Vec<String>, Refusal> {
    let calendar = &at.desk.calendar;
    let mut cycle = month(at.desk, &of.from).map_err(|it| it.of("from"))?;
    let mut found = Vec::new();
    for _ in 0..of.months {
        found.push(calendar.month(cycle.from));
        cycle = calendar.next(&cycle)?;
    }
    Ok(found)
}

/// Which bills of all accounts.
#[derive(Clone, Debug, Default)]
pub struct AllFilter {
    /// Such as `2026-06`.
    pub month: Option<String>,
    pub product: Option<String>,
    pub kind: Option<Kind>,
    pub region: Option<String>,
    pub age: Age,
}

/// Bills of all accounts without their lines, in the order that is asked for.
pub fn all_bills(
    tx: &mut Tx<'_>,
    at: At<'_>,
    of: &AllFilter,
    part: &Part,
) -> Result<Page<NamedBill>, Refusal> {
    let span = of.month.as_deref().map_or(Ok(Span::EVER), |it| month_span(at, it))?;
    let filter = AllBillsFilter {
        span,
        product: of.product.as_deref().unwrap_or(""),
        kind: of.kind.map_or("", Kind::as_str),
        region: of.region.as_deref().unwrap_or(""),
    };
    let after = page::place(of.age.into(), part, |id| page::there(bills::owner(tx, id)))?;
    let found = bills::page_of_all(tx, &filter, Begin { age: of.age, after: &after }, part.reach())?;
    Ok(Page::of(found, part, |it| it.bill.id.to_string()))
}
