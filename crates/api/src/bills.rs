//! Bills: `/v1/bills`, from months down to the sentences of a line. Source: R-BIL-1.

mod view;

use super::orders::currency;
use super::state::Api;
use axum::Json;
use axum::extract::State;
use billing::bill::{Kind, Sum};
use desk::{self, Refusal};
use serde::Deserialize;
use store::bills::{self, BillFilter, NamedBill, Span, Subject, SubjectSum};
use units::BillId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use view::{
    BillLineView, BillView, ExplanationView, MonthView, ProductSumView, ResourceSumView, SumView,
    WholeBillView,
};
use web::Node;
use web::caller::Reader;
use web::problem::Problem;
use web::wire::{self, Id, Limit, Page, Path, Query, Text, Word};

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
    pub fn as_str(&self) -> &str {
        &self.0
    }
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
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
    /// The `next` of the page before: a month.
    #[param(value_type = Option<String>, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
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
    let limit = wire::limit(query.limit);
    let page = node
        .read(move |tx, at| {
            currency(tx, who.account)?;
            let before = (query.after.as_ref().map(MonthText::as_str), limit + 1);
            let found = desk::bills::months(tx, at, who.account, before)?;
            let view = |it: desk::bills::Month| MonthView {
                month: it.name,
                estimate: it.estimate,
                sum: SumView::new(&it.sum),
            };
            Ok(Page::of(found, limit, |it| it.name.clone(), view))
        })
        .await?;
    Ok(Json(page))
}

/// Which products.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProductsQuery {
    /// The month, such as `2026-06`.
    #[param(value_type = String, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    month: MonthText,
    /// How many at most; 50 if left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
    /// The `next` of the page before: a product.
    #[param(value_type = Option<String>, max_length = 80, pattern = r"^[^\x00-\x1f\x7f]*$")]
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
    let limit = wire::limit(query.limit);
    let page = node
        .read(move |tx, at| {
            currency(tx, who.account)?;
            let after = query.after.as_ref().map_or("", Text::as_str);
            let all = desk::bills::products(tx, at.desk, who.account, query.month.as_str())?;
            let found: Vec<(String, Sum)> = all.into_iter().filter(|it| it.0.as_str() > after).collect();
            let view = |it: (String, Sum)| ProductSumView { product: it.0, sum: SumView::new(&it.1) };
            Ok(Page::of(found, limit, |it| it.0.clone(), view))
        })
        .await?;
    Ok(Json(page))
}

/// Which resources.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ResourcesQuery {
    /// The month, such as `2026-06`.
    #[param(value_type = String, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    month: MonthText,
    /// Only this product.
    #[param(value_type = Option<String>, max_length = 60, pattern = r"^[^\x00-\x1f\x7f]*$")]
    product: Option<Text<0, 60>>,
    /// How many at most; 50 if left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
    /// The `next` of the page before.
    #[param(value_type = Option<String>, max_length = 400, pattern = r"^[^\x00-\x1f\x7f]*$")]
    after: Option<Text<0, 400>>,
}

/// Words without spaces make the place in the list; none of them holds one.
fn place(it: &SubjectSum) -> String {
    let Subject { product, region, resource, kind, spec } = &it.subject;
    [product.as_str(), region, resource, kind, spec].join(" ")
}

fn placed(text: Option<&Text<0, 400>>) -> Result<Subject, Refusal> {
    let Some(text) = text else { return Ok(Subject::default()) };
    let words: Vec<&str> = text.as_str().splitn(5, ' ').collect();
    let [product, region, resource, kind, spec] = words[..] else { return Err(wire::no_page()) };
    let [product, region, resource, kind, spec] = [product, region, resource, kind, spec].map(str::to_string);
    Ok(Subject { product, region, resource, kind, spec })
}

/// Sums a month by resource, and by spec for what is added up over the account (L2). Together they are the month's sum.
#[utoipa::path(get, path = "/v1/bills/resources", tag = "bills", params(ResourcesQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<ResourceSumView>)))]
async fn list_bill_resources(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<ResourcesQuery>,
) -> Result<Json<Page<ResourceSumView>>, Problem> {
    let limit = wire::limit(query.limit);
    let page = node
        .read(move |tx, at| {
            currency(tx, who.account)?;
            let span = desk::bills::span(at.desk, query.month.as_str())?;
            let product = query.product.as_ref().map_or("", Text::as_str);
            let after = placed(query.after.as_ref())?;
            let found = bills::subjects(tx, who.account, (span, product), &after, limit + 1)?;
            Ok(Page::of(found, limit, place, |it| ResourceSumView::new(&it)))
        })
        .await?;
    Ok(Json(page))
}

/// Which bills.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BillsQuery {
    /// Only bills of this month, such as `2026-06`.
    #[param(value_type = Option<String>, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    month: Option<MonthText>,
    /// Only bills of this product.
    #[param(value_type = Option<String>, max_length = 60, pattern = r"^[^\x00-\x1f\x7f]*$")]
    product: Option<Text<0, 60>>,
    /// Only bills of this kind.
    #[param(value_type = Option<String>, pattern = "^(prepaid_new|pack_purchase|hourly|daily|monthly|adjustment|precision_credit|precision_waiver|one_time)$")]
    kind: Option<Word<Kind>>,
    /// Only bills of this resource.
    #[param(value_type = Option<String>, max_length = 80, pattern = r"^[^\x00-\x1f\x7f]*$")]
    resource: Option<Text<0, 80>>,
    /// How many at most; 50 if left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
    /// The `next` of the page before: a bill.
    #[param(value_type = Option<String>, max_length = 80, pattern = r"^[^\x00-\x1f\x7f]*$")]
    after: Option<Text<0, 80>>,
}

/// The use of one month, or all of it.
fn span(desk: &desk::Desk, month: Option<&MonthText>) -> Result<Span, Refusal> {
    month.map_or(Ok(Span::EVER), |it| desk::bills::span(desk, it.as_str()))
}

/// Lists bills, the newest first: by the end of the time that they charge for, or by its begin where it is paid ahead.
#[utoipa::path(get, path = "/v1/bills", tag = "bills", params(BillsQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<BillView>)))]
async fn list_bills(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<BillsQuery>,
) -> Result<Json<Page<BillView>>, Problem> {
    let limit = wire::limit(query.limit);
    let page = node
        .read(move |tx, at| {
            currency(tx, who.account)?;
            let filter = BillFilter {
                product: query.product.as_ref().map_or("", Text::as_str),
                kind: query.kind.map_or("", |it| it.as_str()),
                resource: query.resource.as_ref().map_or("", Text::as_str),
                ..BillFilter::of(span(at.desk, query.month.as_ref())?)
            };
            let before =
                wire::before(query.after.as_ref(), |id| wire::there(bills::get(tx, who.account, id)))?;
            let found = bills::page(tx, who.account, &filter, &before, limit + 1)?;
            let view = |it: NamedBill| BillView::new(&it.bill, &it.name);
            Ok(Page::of(found, limit, |it| it.bill.id.to_string(), view))
        })
        .await?;
    Ok(Json(page))
}

/// Which lines.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LinesQuery {
    /// Only lines of bills of this month, such as `2026-06`.
    #[param(value_type = Option<String>, pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")]
    month: Option<MonthText>,
    /// Only lines of this product.
    #[param(value_type = Option<String>, max_length = 60, pattern = r"^[^\x00-\x1f\x7f]*$")]
    product: Option<Text<0, 60>>,
    /// Only lines of this resource.
    #[param(value_type = Option<String>, max_length = 80, pattern = r"^[^\x00-\x1f\x7f]*$")]
    resource: Option<Text<0, 80>>,
    /// Only lines of this component.
    #[param(value_type = Option<String>, max_length = 60, pattern = r"^[^\x00-\x1f\x7f]*$")]
    component: Option<Text<0, 60>>,
    /// How many at most; 50 if left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
    /// The `next` of the page before: a bill, a point and the number of a line.
    #[param(value_type = Option<String>, max_length = 80, pattern = r"^[^\x00-\x1f\x7f]*$")]
    after: Option<Text<0, 80>>,
}

/// `bil_….3`: line 3 of a bill.
fn line_place(text: &str) -> Result<(BillId, i64), Refusal> {
    let read = text.split_once('.').and_then(|(bill, line)| Some((bill.parse().ok()?, line.parse().ok()?)));
    read.ok_or_else(wire::no_page)
}

/// Lists lines across bills, in the order of time: the oldest bill first (L3).
#[utoipa::path(get, path = "/v1/bills/lines", tag = "bills", params(LinesQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<BillLineView>)))]
async fn list_bill_lines(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<LinesQuery>,
) -> Result<Json<Page<BillLineView>>, Problem> {
    let limit = wire::limit(query.limit);
    let page = node
        .read(move |tx, at| {
            currency(tx, who.account)?;
            let filter = BillFilter {
                product: query.product.as_ref().map_or("", Text::as_str),
                resource: query.resource.as_ref().map_or("", Text::as_str),
                component: query.component.as_ref().map_or("", Text::as_str),
                ..BillFilter::of(span(at.desk, query.month.as_ref())?)
            };
            let after = query.after.as_ref().map(|it| line_place(it.as_str())).transpose()?;
            let found = bills::lines_page(tx, who.account, &filter, after, limit + 1)?;
            Ok(Page::of(found, limit, |it| format!("{}.{}", it.bill, it.number), BillLineView::from))
        })
        .await?;
    Ok(Json(page))
}

/// Shows one bill with its lines.
#[utoipa::path(get, path = "/v1/bills/{bill}", tag = "bills", params(("bill" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = WholeBillView)))]
async fn get_bill(
    State(node): State<Node>,
    who: Reader,
    Path(bill): Path<Id<BillId>>,
) -> Result<Json<WholeBillView>, Problem> {
    let view = node.read(move |tx, _| Ok(WholeBillView::new(&bills::get(tx, who.account, bill.0)?)?)).await?;
    Ok(Json(view))
}

/// Explains a line: what happened, which price applies, every step of the arithmetic. Lines count from 0.
///
/// A precision credit or waiver has no line; ask for line 0 of it.
#[utoipa::path(get, path = "/v1/bills/{bill}/lines/{line}/explain", tag = "bills",
    params(("bill" = String, Path), ("line" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = ExplanationView)))]
async fn explain_line(
    State(node): State<Node>,
    who: Reader,
    Path((bill, line)): Path<(Id<BillId>, Id<usize>)>,
) -> Result<Json<ExplanationView>, Problem> {
    let view = node
        .read(move |tx, at| {
            let sentences = desk::explain::line(tx, at.desk, who.account, (bill.0, line.0))?;
            Ok(ExplanationView { bill: bill.0.to_string(), line: line.0, sentences })
        })
        .await?;
    Ok(Json(view))
}
