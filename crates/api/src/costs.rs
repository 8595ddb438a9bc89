//! Costs cut in other ways than bills are, and what all accounts came to: `/v1/bills/costs`, `/v1/revenue`. Source: R-BIL-1.

use super::bills::MonthText;
use super::bills::view::{BillView, SumView};
use super::state::Api;
use axum::Json;
use axum::extract::State;
use desk::lists::bills::InMonth;
use desk::lists::costs::{self, AllFilter, Cut, Group, RevenueFilter, RevenueSum};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::caller::{Operator, Reader};
use web::problem::Problem;
use web::wire::{self, Limit, Page, Param, Query, Text};
use web::words::{self, Word};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_costs))
        .routes(routes!(list_revenue))
        .routes(routes!(list_all_bills))
}

/// A group of what a month came to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "value": "2026-06-03", "name": null, "bills": 24, "currency": "CNY", "amount": "10.08000000", "total": "10.08",
    "correction": "0.00", "paid": {"bonus": "0.00", "cash": "10.08", "income": "0.00", "owed": "0.00"}
}))]
pub struct CostView {
    /// A day, a region, the id of a project or the value of a tag; `null` for what the cut says nothing of, such as a sum
    /// over the account in a cut by project.
    pub value: Option<String>,
    /// What a project is called.
    pub name: Option<String>,
    #[serde(flatten)]
    pub sum: SumView,
}

impl From<Group> for CostView {
    fn from(it: Group) -> CostView {
        CostView { value: it.value, name: it.name, sum: SumView::new(&it.sum) }
    }
}

/// Which costs, and how they are cut.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CostsQuery {
    /// The month, such as `2026-06`.
    month: MonthText,
    /// How they are cut; by day if left out.
    by: Option<Word<words::Cut>>,
    /// The key of the tag, for a cut by tag.
    tag: Option<Text<1, 60>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 200>>,
}

impl CostsQuery {
    /// How the costs are cut. Errors: a key of a tag without a cut by tag, or the other way round.
    fn cut(&self) -> Result<Cut, Problem> {
        let wrong = |detail| Err(Problem::malformed(Some("tag".into()), detail));
        match (self.by.map_or(words::Cut::Day, |it| it.0), &self.tag) {
            (words::Cut::Tag, Some(key)) => Ok(Cut::Tag(key.as_str().to_string())),
            (words::Cut::Tag, None) => wrong("name the key of the tag, such as tag=team"),
            (words::Cut::Day | words::Cut::Region | words::Cut::Project, Some(_)) => {
                wrong("a tag goes with by=tag alone")
            }
            (words::Cut::Day, None) => Ok(Cut::Day),
            (words::Cut::Region, None) => Ok(Cut::Region),
            (words::Cut::Project, None) => Ok(Cut::Project),
        }
    }
}

/// Cuts a month by day, region, project or tag. The groups together are the month's sum. Projects and tags are those that stood
/// on the resources when the bills were deducted.
#[utoipa::path(get, path = "/v1/bills/costs", tag = "bills", params(CostsQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<CostView>)))]
async fn list_costs(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<CostsQuery>,
) -> Result<Json<Page<CostView>>, Problem> {
    let cut = query.cut()?;
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let of = InMonth { account: who.account, month: query.month.into_string(), product: None };
    let page = node.report(move |tx, at| costs::page(tx, at, &of, &cut, &part)).await?;
    Ok(Json(Page::of(page, CostView::from)))
}

/// What the bills of all accounts came to in a month, by product, region and currency.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "month": "2026-06", "product": "server", "region": "guangzhou", "bills": 720, "currency": "CNY",
    "amount": "302.40000000", "total": "302.40", "correction": "0.00",
    "paid": {"bonus": "0.00", "cash": "302.40", "income": "0.00", "owed": "0.00"}
}))]
pub struct RevenueView {
    pub month: String,
    pub product: String,
    pub region: String,
    #[serde(flatten)]
    pub sum: SumView,
}

impl From<RevenueSum> for RevenueView {
    fn from(it: RevenueSum) -> RevenueView {
        let (product, region) = (it.of.product, it.of.region);
        RevenueView { month: it.month, product, region, sum: SumView::new(&it.sum) }
    }
}

/// Which revenue.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RevenueQuery {
    /// The first month, such as `2026-06`.
    month: MonthText,
    /// How many months from there on; 1 if left out.
    months: Option<Param<1, 36>>,
    /// Only this product.
    product: Option<Text<0, 60>>,
    /// Only this region.
    region: Option<Text<0, 60>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 200>>,
}

/// Sums the bills of all accounts by month, product, region and currency.
#[utoipa::path(get, path = "/v1/revenue", tag = "operations", params(RevenueQuery),
    security(("key" = ["operator"])), responses((status = 200, body = Page<RevenueView>)))]
async fn list_revenue(
    State(node): State<Node>,
    _: Operator,
    Query(query): Query<RevenueQuery>,
) -> Result<Json<Page<RevenueView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let of = RevenueFilter {
        from: query.month.into_string(),
        months: query.months.map_or(1, |it| u32::try_from(it.get()).unwrap_or(1)),
        product: query.product.map(Text::into_string),
        region: query.region.map(Text::into_string),
    };
    let page = node.report(move |tx, at| costs::revenue(tx, at, &of, &part)).await?;
    Ok(Json(Page::of(page, RevenueView::from)))
}

/// A bill and whose it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "account": "acc_019eb7696c008cf183c2a061049531a6",
    "id": "bil_019eb7696c008cf183c2a061049531a6", "kind": "hourly", "product": "server", "region": "guangzhou",
    "resource": "res_019eb7696c008cf183c2a061049531a6", "pack": null, "name": "web", "spec": null, "order": null,
    "from": "2026-06-01T00:00:00Z", "to": "2026-06-01T01:00:00Z", "posted": "2026-06-01T01:00:00Z", "original": null,
    "currency": "CNY", "amount": "0.42000000", "total": "0.42",
    "paid": {"bonus": "0.00", "cash": "0.42", "income": "0.00", "owed": "0.00"}
}))]
pub struct OwnedBillView {
    pub account: String,
    #[serde(flatten)]
    pub bill: BillView,
}

/// Which bills of all accounts.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AllBillsQuery {
    /// Only bills of this month, such as `2026-06`.
    month: Option<MonthText>,
    /// Only bills of this product.
    product: Option<Text<0, 60>>,
    /// Only bills of this kind.
    kind: Option<Word<words::BillKind>>,
    /// Only bills of this region.
    region: Option<Text<0, 60>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before: a bill.
    after: Option<Text<0, 80>>,
}

/// Lists the bills of all accounts, the newest first.
#[utoipa::path(get, path = "/v1/revenue/bills", tag = "operations", params(AllBillsQuery),
    security(("key" = ["operator"])), responses((status = 200, body = Page<OwnedBillView>)))]
async fn list_all_bills(
    State(node): State<Node>,
    _: Operator,
    Query(query): Query<AllBillsQuery>,
) -> Result<Json<Page<OwnedBillView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let of = AllFilter {
        month: query.month.map(MonthText::into_string),
        product: query.product.map(Text::into_string),
        kind: query.kind.map(|it| it.0.0),
        region: query.region.map(Text::into_string),
    };
    let page = node.report(move |tx, at| costs::all_bills(tx, at, &of, &part)).await?;
    let view = |it: costs::NamedBill| OwnedBillView {
        account: it.bill.account.to_string(),
        bill: BillView::new(&it.bill, &it.name),
    };
    Ok(Json(Page::of(page, view)))
}
