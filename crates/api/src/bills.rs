//! Bills: `/v1/bills`, from months down to the sentences of a line. Source: R-BIL-1.

pub(super) mod view;

use super::state::Api;
use axum::Json;
use axum::extract::State;
use desk::Refusal;
use desk::explain::{self, Question, ToldTo};
use desk::lists::bills::{self, InMonth, LineFilter, Month, ProductSum};
use serde::Deserialize;
use units::BillId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use view::{
    BillLineView, BillView, ExplanationView, MonthView, ProductSumView, ResourceSumView, SumView,
    WholeBillView,
};
use web::Node;
use web::caller::Reader;
use web::in_place;
use web::problem::Problem;
use web::wire::{self, Id, Limit, Page, Path, Query, Text, When};
use web::words::{self, Word};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_bills))
        .routes(routes!(list_bill_months))
        .routes(routes!(list_bill_products))
        .routes(routes!(list_bill_resources))
        .routes(routes!(list_bill_lines))
        .routes(routes!(get_bill))
        .routes(routes!(explain_line))
}

/// A month of the settlement calendar, such as `2026-06`.
#[derive(Clone, Debug)]
pub struct MonthText(String);

impl MonthText {
    pub fn into_string(self) -> String {
        self.0
    }
}

web::in_place! {
    [] MonthText = in_place::pattern("^[0-9]{4}-(0[1-9]|1[0-2])$");
}

impl<'de> Deserialize<'de> for MonthText {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<MonthText, D::Error> {
        let text = String::deserialize(from)?;
        let digits =
            |part: &str, count: usize| part.len() == count && part.bytes().all(|it| it.is_ascii_digit());
        let shaped = text.split_once('-').is_some_and(|(year, month)| {
            digits(year, 4) && digits(month, 2) && ("01"..="12").contains(&month)
        });
        match shaped {
            true => Ok(MonthText(text)),
            false => Err(serde::de::Error::custom("a month is written like 2026-06")),
        }
    }
}

/// Which months.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MonthsQuery {
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before: a month.
    after: Option<MonthText>,
}

/// Sums the bills of each month, the newest first (L0). Months are those of the settlement calendar.
#[utoipa::path(get, path = "/v1/bills/months", tag = "bills", params(MonthsQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<MonthView>)))]
async fn list_bill_months(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<MonthsQuery>,
) -> Result<Json<Page<MonthView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(MonthText::into_string));
    let page = node.report(move |tx, at| bills::months(tx, at, who.account, &part)).await?;
    let view = |it: Month| MonthView { month: it.name, estimate: it.estimate, sum: SumView::new(&it.sum) };
    Ok(Json(Page::of(page, view)))
}

/// Which products.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProductsQuery {
    /// The month, such as `2026-06`.
    month: MonthText,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before: a product.
    after: Option<Text<0, 80>>,
}

/// Sums a month by product, in the order of their names (L1). Together they are the month's sum.
#[utoipa::path(get, path = "/v1/bills/products", tag = "bills", params(ProductsQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<ProductSumView>)))]
async fn list_bill_products(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<ProductsQuery>,
) -> Result<Json<Page<ProductSumView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let of = InMonth { account: who.account, month: query.month.into_string(), product: None };
    let page = node.report(move |tx, at| bills::products(tx, at, &of, &part)).await?;
    let view = |it: ProductSum| ProductSumView { product: it.product, sum: SumView::new(&it.sum) };
    Ok(Json(Page::of(page, view)))
}

/// Which resources.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ResourcesQuery {
    /// The month, such as `2026-06`.
    month: MonthText,
    /// Only this product.
    product: Option<Text<0, 60>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 400>>,
}

/// Sums a month by resource, and by spec for what is added up over the account (L2). Together they are the month's sum.
#[utoipa::path(get, path = "/v1/bills/resources", tag = "bills", params(ResourcesQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<ResourceSumView>)))]
async fn list_bill_resources(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<ResourcesQuery>,
) -> Result<Json<Page<ResourceSumView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let (month, product) = (query.month.into_string(), query.product.map(Text::into_string));
    let of = InMonth { account: who.account, month, product };
    let page = node.report(move |tx, at| bills::resources(tx, at, &of, &part)).await?;
    Ok(Json(Page::of(page, |it| ResourceSumView::new(&it))))
}

/// Which bills.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BillsQuery {
    /// Only bills of this month, such as `2026-06`.
    month: Option<MonthText>,
    /// Only bills of use that began then or later.
    from: Option<When>,
    /// Only bills of use that began before.
    to: Option<When>,
    /// Only bills of this product.
    product: Option<Text<0, 60>>,
    /// Only bills of this kind.
    kind: Option<Word<words::BillKind>>,
    /// Only bills of this resource.
    resource: Option<Text<0, 80>>,
    /// In which order; the newest first if left out.
    sort: Option<Word<words::Age>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before: a bill.
    after: Option<Text<0, 80>>,
}

/// Lists bills: by the end of the time that they charge for, or by its begin where it is paid ahead.
#[utoipa::path(get, path = "/v1/bills", tag = "bills", params(BillsQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<BillView>)))]
async fn list_bills(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<BillsQuery>,
) -> Result<Json<Page<BillView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let of = bills::Filter {
        account: who.account,
        month: query.month.map(MonthText::into_string),
        from: query.from.map(|it| it.of("from")).transpose()?,
        to: query.to.map(|it| it.of("to")).transpose()?,
        product: query.product.map(Text::into_string),
        kind: query.kind.map(|it| it.0.0),
        resource: query.resource.map(Text::into_string),
        age: query.sort.map_or_else(Default::default, |it| it.0.0),
    };
    let page = node.read(move |tx, at| bills::page(tx, at, &of, &part)).await?;
    Ok(Json(Page::of(page, |it| BillView::new(&it.bill, &it.name))))
}

/// Which lines.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LinesQuery {
    /// Only lines of bills of this month, such as `2026-06`.
    month: Option<MonthText>,
    /// Only lines of this product.
    product: Option<Text<0, 60>>,
    /// Only lines of this resource.
    resource: Option<Text<0, 80>>,
    /// Only lines of this component.
    component: Option<Text<0, 60>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before: a bill, a point and the number of a line.
    after: Option<Text<0, 80>>,
}

/// Lists lines across bills, in the order of time: the oldest bill first (L3).
#[utoipa::path(get, path = "/v1/bills/lines", tag = "bills", params(LinesQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<BillLineView>)))]
async fn list_bill_lines(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<LinesQuery>,
) -> Result<Json<Page<BillLineView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let of = LineFilter {
        account: who.account,
        month: query.month.map(MonthText::into_string),
        product: query.product.map(Text::into_string),
        resource: query.resource.map(Text::into_string),
        component: query.component.map(Text::into_string),
    };
    let page = node.read(move |tx, at| bills::lines(tx, at, &of, &part)).await?;
    Ok(Json(Page::of(page, BillLineView::from)))
}

/// Shows one bill with its lines.
#[utoipa::path(get, path = "/v1/bills/{bill}", tag = "bills", params(("bill" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = WholeBillView)))]
async fn get_bill(
    State(node): State<Node>,
    who: Reader,
    Path(bill): Path<Id<BillId>>,
) -> Result<Json<WholeBillView>, Problem> {
    let found = node.read(move |tx, _| bills::whole(tx, who.account, bill.0)).await?;
    Ok(Json(WholeBillView::new(&found).map_err(Refusal::from)?))
}

/// How a line is explained.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExplainQuery {
    /// In which language; English if left out.
    language: Option<Word<words::Language>>,
    /// How much of what was reported is listed; more than ten readings are summed up if left out.
    readings: Option<Word<words::Detail>>,
}

/// Explains a line: what happened, which price applies, every step of the arithmetic. Lines count from 0.
///
/// A precision credit or waiver has no line; ask for line 0 of it.
#[utoipa::path(get, path = "/v1/bills/{bill}/lines/{line}/explain", tag = "bills",
    params(("bill" = String, Path), ("line" = String, Path), ExplainQuery),
    security(("key" = ["read"])), responses((status = 200, body = ExplanationView)))]
async fn explain_line(
    State(node): State<Node>,
    who: Reader,
    Path((bill, line)): Path<(Id<BillId>, Id<usize>)>,
    Query(query): Query<ExplainQuery>,
) -> Result<Json<ExplanationView>, Problem> {
    let view = node
        .read(move |tx, at| {
            let usual = Question::of(who.account, bill.0, line.0);
            let language = query.language.map_or(usual.language, |it| it.0.0);
            let detail = query.readings.map_or(usual.detail, |it| it.0.0);
            let question = Question { language, detail, told_to: ToldTo::Customer, ..usual };
            Ok(ExplanationView::new(question, &explain::line(tx, at.desk, question)?))
        })
        .await?;
    Ok(Json(view))
}
