//! Costs so far, costs cut in other ways than bills are, and what all accounts came to: `/v1/account/cost`, `/v1/bills/costs`,
//! `/v1/revenue`. Source: R-BIL-1.

use super::bills::MonthText;
use super::bills::view::{BillView, SumView};
use super::state::Api;
use axum::Json;
use axum::extract::State;
use desk::Refusal;
use desk::cost::{self, AccountCost};
use desk::lists::bills::InMonth;
use desk::lists::costs::{self, AllFilter, By, Cut, Group, RevenueFilter, RevenueSum};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::{Money, MoneyError};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::caller::{Operator, Reader};
use web::in_place;
use web::problem::Problem;
use web::wire::{self, Limit, Moment, Page, Param, Query, Text};
use web::words::{self, Word};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_costs))
        .routes(routes!(get_account_cost))
        .routes(routes!(list_revenue))
        .routes(routes!(list_all_bills))
}

/// A group of what a month came to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "value": "2026-06-03", "name": null, "bills": 24, "currency": "CNY", "amount": "10.08000000", "total": "10.08",
    "correction": "0.00", "vouchers": "0.00", "paid": {"bonus": "0.00", "cash": "10.08", "income": "0.00", "owed": "0.00"}
}))]
pub struct CostGroupView {
    /// A day, a product, a kind of bill (`rest` for what was left of something paid ahead when it ended), a region, the id of a
    /// project or the value of a tag; `null` for what the cut says nothing of, such as what is in no project.
    pub value: Option<String>,
    /// What a project is called.
    pub name: Option<String>,
    #[serde(flatten)]
    pub sum: SumView,
}

impl From<Group> for CostGroupView {
    fn from(it: Group) -> CostGroupView {
        CostGroupView { value: it.value, name: it.name, sum: SumView::new(&it.sum) }
    }
}

/// How costs are cut, as it is written: a word, or `tag:` and a key.
#[derive(Clone, Debug)]
pub struct CutText(Cut);

web::in_place! {
    [] CutText = in_place::pattern(r"^(day|product|kind|region|project|tag:[^:\x00-\x1f\x7f]{1,60})$");
}

impl<'de> Deserialize<'de> for CutText {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<CutText, D::Error> {
        let text = String::deserialize(from)?;
        let is_key = |it: &&str| {
            (1..=60).contains(&it.chars().count())
                && !it.contains(':')
                && !it.chars().any(|it| it.is_ascii_control())
        };
        let cut = match (text.as_str(), text.strip_prefix("tag:").filter(is_key)) {
            ("day", _) => Cut::Day,
            ("product", _) => Cut::Product,
            ("kind", _) => Cut::Kind,
            ("region", _) => Cut::Region,
            ("project", _) => Cut::Project,
            (_, Some(key)) => Cut::Tag(key.to_string()),
            (_, None) => {
                let wrong = format!(
                    "`{text}` is none of day, product, kind, region, project, and no `tag:` with a key"
                );
                return Err(serde::de::Error::custom(wrong));
            }
        };
        Ok(CutText(cut))
    }
}

/// Which costs, and how they are cut.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CostsQuery {
    /// The month, such as `2026-06`.
    month: MonthText,
    /// How they are cut: `day`, `product`, `kind`, `region`, `project`, or `tag:` and the key of a cost tag; by day if left out.
    by: Option<CutText>,
    /// By what costs belong to the month; `used` if left out.
    basis: Option<Word<words::Basis>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 200>>,
}

/// Cuts a month by day, product, kind, region, project or tag, by the time of use, by that of the payment, or as it is consumed. The
/// groups together are the month's sum on that basis. Projects and tags are those that stood on the resources when the bills were
/// deducted; a tag counts in months in which its key is a cost tag. A sum over the account is split over the resources that used of
/// it, and a pack over those that closed months took it for, at the end of these. What is consumed is for looking at, not for
/// reconciling: packs are in it when their months are closed.
#[utoipa::path(get, path = "/v1/bills/costs", tag = "bills", params(CostsQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<CostGroupView>)))]
async fn list_costs(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<CostsQuery>,
) -> Result<Json<Page<CostGroupView>>, Problem> {
    let basis = query.basis.map_or_else(Default::default, |it| it.0.0);
    let by = By { cut: query.by.map_or(Cut::Day, |it| it.0), basis };
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let of = InMonth { account: who.account, month: query.month.into_string(), product: None };
    let page = node.report(move |tx, at| costs::page(tx, at, &of, &by, &part)).await?;
    Ok(Json(Page::of(page, CostGroupView::from)))
}

/// What a product has come to in a month so far.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProductCostView {
    pub product: String,
    /// The sum of its bills of the month.
    pub billed: wire::MoneyShown,
    /// What its open cycles come to; `null` where `open` of the account is.
    pub open: Option<wire::MoneyShown>,
}

/// What an account has come to in the present month.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "month": "2026-06", "until": "2026-06-03T11:05:30Z", "currency": "CNY", "billed": "51.42", "open": "8.94", "total": "60.36",
    "forecast": "449.62", "reason": null, "products": [
        {"product": "container", "billed": "0.00", "open": "8.52"}, {"product": "server", "billed": "51.42", "open": "0.42"}
    ]
}))]
pub struct AccountCostView {
    /// The month of the settlement calendar.
    pub month: String,
    /// Use up to this second counts; this second itself does not.
    pub until: Moment,
    pub currency: String,
    /// The sum of all bills of the month, what was paid ahead included.
    pub billed: wire::MoneyShown,
    /// What all open cycles would be billed with if everything ended now, packs taken into account; the last cycles of the month
    /// before too as long as they are not settled. `null` when that cannot be said; `reason` says why.
    pub open: Option<wire::MoneyShown>,
    /// `billed` and `open` together.
    pub total: Option<wire::MoneyShown>,
    /// About what the whole month will come to: its bills, and what would be billed of it if all that runs goes on as it is
    /// until it ends. Use that is measured counts as far as it was reported. `null` where `open` is.
    pub forecast: Option<wire::MoneyShown>,
    pub reason: Option<String>,
    /// The same by product.
    pub products: Vec<ProductCostView>,
}

impl AccountCostView {
    fn new(it: &AccountCost) -> Result<AccountCostView, MoneyError> {
        let bills = it.open.as_deref().unwrap_or(&[]);
        let none = Money::zero(it.currency);
        let mut products: BTreeMap<&str, (Money, Money)> = BTreeMap::new();
        for (product, sum) in &it.billed {
            products.insert(product, (sum.total, none));
        }
        for bill in bills {
            let of = products.entry(&bill.product).or_insert((none, none));
            of.1 = of.1.checked_add(bill.total)?;
        }
        let billed = Money::sum(it.billed.values().map(|it| it.total), it.currency)?;
        let open = Money::sum(bills.iter().map(|it| it.total), it.currency)?;
        let known = |money: Money| it.open.is_ok().then(|| wire::money(money));
        let product = |(product, (billed, open)): (&str, (Money, Money))| ProductCostView {
            product: product.to_string(),
            billed: wire::money(billed),
            open: known(open),
        };
        Ok(AccountCostView {
            month: it.month.clone(),
            until: wire::time(it.until),
            currency: it.currency.as_str().to_string(),
            billed: wire::money(billed),
            open: known(open),
            total: known(billed.checked_add(open)?),
            forecast: it.forecast.total()?.map(wire::money),
            reason: it.open.as_ref().err().map(|error| format!("open cycles cannot be priced: {error}")),
            products: products.into_iter().map(product).collect(),
        })
    }
}

/// What the account has come to in the present month: billed, and in the cycles that are still open.
#[utoipa::path(get, path = "/v1/account/cost", tag = "bills",
    security(("key" = ["read"])), responses((status = 200, body = AccountCostView)))]
async fn get_account_cost(State(node): State<Node>, who: Reader) -> Result<Json<AccountCostView>, Problem> {
    let found = node.report(move |tx, at| cost::of_account(tx, at, who.account)).await?;
    Ok(Json(AccountCostView::new(&found).map_err(Refusal::from)?))
}

/// What the bills of all accounts came to in a month, by product, region and currency.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "month": "2026-06", "product": "server", "region": "guangzhou", "bills": 720, "currency": "CNY",
    "amount": "302.40000000", "total": "302.40", "correction": "0.00",
    "vouchers": "0.00", "paid": {"bonus": "0.00", "cash": "302.40", "income": "0.00", "owed": "0.00"}
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
    "vouchers": "0.00", "paid": {"bonus": "0.00", "cash": "0.42", "income": "0.00", "owed": "0.00"}
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
    /// In which order; the newest first if left out.
    sort: Option<Word<words::Age>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before: a bill.
    after: Option<Text<0, 80>>,
}

/// Lists the bills of all accounts.
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
        age: query.sort.map_or_else(Default::default, |it| it.0.0),
    };
    let page = node.report(move |tx, at| costs::all_bills(tx, at, &of, &part)).await?;
    let view = |it: costs::NamedBill| OwnedBillView {
        account: it.bill.account.to_string(),
        bill: BillView::new(&it.bill, &it.name),
    };
    Ok(Json(Page::of(page, view)))
}
