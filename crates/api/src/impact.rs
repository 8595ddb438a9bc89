//! The impact of a price book that is not applied: `POST /v1/price-books/impact`.
//!
//! In:  the files of a book, a month, the book before or none for what was billed. Out: what customers would have come to.
//! Invariant: nothing is written; figures are exact, so parts add up to the whole.

use super::bills::MonthText;
use super::books::{BookFiles, small_book};
use super::state::Api;
use axum::Json;
use axum::extract::State;
use billing::impact::{Asked, Impact, Kept, Mover, Sides};
use desk::impact::{self, Wish};
use desk::{Refusal, books};
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use std::sync::Arc;
use units::{AccountId, Amount, BookId, Currency};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::Call;
use web::caller::Operator;
use web::problem::Problem;
use web::wire::{self, Text};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(rate_month_by_price_book))
}

/// A book, and the month that is rated by it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"files": small_book()}))]
pub struct ImpactBody {
    /// The book after.
    files: BookFiles,
    /// A month that is over, such as `2026-06`; the last one if left out.
    month: Option<MonthText>,
    /// The book before, by its id; what was billed if left out.
    against: Option<Text<1, 80>>,
    /// The `next` of the part before.
    after: Option<Text<1, 80>>,
}

/// What customers would have come to in a month by another price book.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "month": "2026-06", "currency": "CNY", "customers": 2, "with_use": 2, "more": 1, "less": 0,
    "sum": {"before": "269.56800000", "after": "283.96800000", "change": "14.40000000", "percent": "+5.3"},
    "components": [{"product": "container", "component": "compute", "sum":
        {"before": "122.40000000", "after": "136.80000000", "change": "14.40000000", "percent": "+11.8"}}],
    "rising": [{"account": "acc_019eb7696c008cf183c2a061049531a6", "name": "shop", "sum":
        {"before": "122.40000000", "after": "136.80000000", "change": "14.40000000", "percent": "+11.8"}}],
    "falling": [], "keeps_price": [{"product": "eip", "reason": "the price book has no product `eip`", "resources": 1, "example": "region=guangzhou",
        "before": "14.40000000"}], "failed": 0, "failures": []
}))]
pub struct ImpactView {
    pub month: String,
    pub currency: String,
    /// Customers that were looked at: those in the currency of the book.
    pub customers: u64,
    /// Those to whom something was charged after use, on either side.
    pub with_use: u64,
    /// Those that would have paid more.
    pub more: u64,
    /// Those that would have paid less.
    pub less: u64,
    pub sum: SidesView,
    /// By product and component, in the order of their ids.
    pub components: Vec<ComponentImpactView>,
    /// The customers whose sum rises most, the first most.
    pub rising: Vec<MoverView>,
    /// Those whose sum falls most.
    pub falling: Vec<MoverView>,
    /// What the book has no price for: it keeps the one that it had, on both sides.
    pub keeps_price: Vec<KeptPriceView>,
    /// Customers that could not be rated; they are on neither side.
    pub failed: u64,
    /// Some of them, and why.
    pub failures: Vec<UnratedView>,
    /// Where more customers follow: ask again with this as `after`, and add up. Left out where none do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What something comes to before and after, to the last digit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SidesView {
    pub before: wire::AmountShown,
    pub after: wire::AmountShown,
    /// After less before.
    pub change: wire::AmountShown,
    /// By how many percent it is more, to a tenth; left out where it came to nothing before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<String>,
}

/// A component of a product.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ComponentImpactView {
    pub product: String,
    pub component: String,
    pub sum: SidesView,
}

/// A customer that would have paid more or less.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MoverView {
    pub account: String,
    pub name: String,
    pub sum: SidesView,
}

/// What keeps its price.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KeptPriceView {
    pub product: String,
    /// What the book has no price for.
    pub reason: String,
    pub resources: u64,
    /// The options of one of them.
    pub example: String,
    /// What they came to by themselves, without what is added up over accounts.
    pub before: wire::AmountShown,
}

/// A customer that could not be rated.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UnratedView {
    pub name: String,
    pub reason: String,
}

impl SidesView {
    pub(super) fn new(it: Sides, currency: Currency) -> SidesView {
        let [before, after, change] = it.amounts(currency).map(wire::amount_of);
        SidesView { before, after, change, percent: it.percent() }
    }
}

impl MoverView {
    pub(super) fn new(it: &Mover, currency: Currency) -> MoverView {
        let sum = SidesView::new(it.sides, currency);
        MoverView { account: it.account.to_string(), name: it.name.clone(), sum }
    }
}

impl ImpactView {
    /// What customers come to; `next` where more follow.
    pub fn new(asked: &Asked, it: &Impact, next: Option<String>) -> ImpactView {
        let mover = |of: &Mover| MoverView::new(of, it.currency);
        let components = it.products.iter().flat_map(|(product, all)| {
            all.iter().map(move |(component, sides)| ComponentImpactView {
                product: product.clone(),
                component: component.clone(),
                sum: SidesView::new(*sides, it.currency),
            })
        });
        let failure = |of: &(String, String)| UnratedView { name: of.0.clone(), reason: of.1.clone() };
        ImpactView {
            month: asked.month.name.clone(),
            currency: it.currency.as_str().to_string(),
            customers: it.customers,
            with_use: it.charged,
            more: it.more,
            less: it.less,
            sum: SidesView::new(it.sides, it.currency),
            components: components.collect(),
            rising: it.rising.iter().map(mover).collect(),
            falling: it.falling.iter().map(mover).collect(),
            keeps_price: it.kept.iter().map(|(what, of)| kept(what, of, it.currency)).collect(),
            failed: it.failed,
            failures: it.failures.iter().map(failure).collect(),
            next,
        }
    }
}

fn kept(what: &(String, String), of: &Kept, currency: Currency) -> KeptPriceView {
    let (product, reason) = what.clone();
    let before = wire::amount_of(Amount::from_e8(of.before_e8, currency));
    KeptPriceView { product, reason, resources: of.resources, example: of.example.clone(), before }
}

/// Rates a past month of customers once more by a book that is not applied, beside what was billed: who would have paid more or less,
/// and for what. What is paid ahead is not in it. Nothing is kept. It looks at 5,000 customers; `next` says where others follow.
#[utoipa::path(post, path = "/v1/price-books/impact", tag = "operations", request_body = ImpactBody,
    security(("key" = ["operator"])), responses((status = 200, body = ImpactView),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn rate_month_by_price_book(
    State(node): State<Node>,
    call: Call<Operator, ImpactBody>,
) -> Result<Json<ImpactView>, Problem> {
    let ImpactBody { files, month, against, after } = call.body;
    let before = against.map(|it| named::<BookId>(&it, "price book")).transpose()?;
    let behind = after.map(|it| named::<AccountId>(&it, "account")).transpose()?;
    let book = node.blocking(move |_| books::read(files.files(), None)).await?;
    let month = month.map(MonthText::into_string);
    let wish = Wish { month, before, after: Arc::new(book) };
    let asked = Arc::new(node.report(move |tx, at| impact::asked(tx, at, &wish)).await?);
    let behind = behind.map_or_else(String::new, |it| it.to_string());
    let (found, next) = web::impact::some(&node, &asked, behind).await?;
    Ok(Json(ImpactView::new(&asked, &found, next)))
}

/// The id that a text is. Errors: `NotFound`.
fn named<T: FromStr>(text: &Text<1, 80>, what: &str) -> Result<T, Refusal> {
    text.as_str().parse().map_err(|_| Refusal::missing(format!("{what} {}", text.as_str())))
}

#[cfg(test)]
mod tests;
