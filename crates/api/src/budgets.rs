//! Budgets: `/v1/budgets`.

use super::bills::MonthText;
use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::budget::{Marks, Measure, Of};
use desk::budgets::{self, Change, New, Own};
use desk::lists::accounts::currency;
use desk::lists::budgets::{self as list, Filter};
use desk::spending::Standing;
use desk::{At, Refusal, Tx};
use serde::{Deserialize, Serialize};
use units::{BudgetId, ProjectId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Nothing, Reply};
use web::caller::{Buyer, Reader};
use web::location::below;
use web::problem::Problem;
use web::wire::{self, Id, Limit, Moment, MoneyText, Page, Path, Query, Text, Whole};
use web::words;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_budgets, create_budget)).routes(routes!(
        get_budget,
        change_budget,
        delete_budget
    ))
}

/// At which shares of a budget its owner is told, in percent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThresholdsView {
    /// Of what was spent.
    pub actual: Vec<u32>,
    /// Of what the month is heading for.
    pub forecast: Vec<u32>,
}

/// What an account means to spend in each month, and what a month has come to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "bdg_019eb7696c008cf183c2a061049531a6", "name": "servers", "project": null, "product": "server",
    "amount": "500.00", "currency": "CNY", "thresholds": {"actual": [50, 80, 100], "forecast": [100]},
    "month": "2026-06", "actual_spend": "0.00", "forecasted_spend": "0.00", "no_forecast": null,
    "created": "2026-06-01T00:00:00Z"
}))]
pub struct BudgetView {
    pub id: String,
    pub name: String,
    /// The project whose costs it counts; `null` where it counts a product or the whole account.
    pub project: Option<String>,
    /// The product whose costs it counts.
    pub product: Option<String>,
    /// What it allows for each month.
    pub amount: wire::MoneyShown,
    pub currency: String,
    pub thresholds: ThresholdsView,
    /// The month of the settlement calendar that is spoken of.
    pub month: String,
    /// The sum of the bills of the month, as `/v1/bills/costs` cuts it; `null` where what resources share cannot be split by projects.
    pub actual_spend: Option<wire::MoneyShown>,
    /// What the whole month will come to if all that runs goes on as it is, what is not billed yet included; `null` where that cannot be said.
    pub forecasted_spend: Option<wire::MoneyShown>,
    /// Why there is no forecast.
    pub no_forecast: Option<words::NoForecast>,
    pub created: Moment,
}

impl From<Standing> for BudgetView {
    fn from(Standing { budget: it, month, figures }: Standing) -> BudgetView {
        let (project, product) = match it.of {
            Of::Account => (None, None),
            Of::Project(id) => (Some(id.to_string()), None),
            Of::Product(id) => (None, Some(id)),
        };
        let percents = |measure| it.marks.of(measure).to_vec();
        BudgetView {
            id: it.id.to_string(),
            project,
            product,
            amount: wire::money(it.amount),
            currency: it.amount.currency().as_str().to_string(),
            thresholds: ThresholdsView {
                actual: percents(Measure::Actual),
                forecast: percents(Measure::Forecast),
            },
            month,
            actual_spend: figures.spent.map(wire::money),
            forecasted_spend: figures.forecast.ok().map(wire::money),
            no_forecast: figures.forecast.err().map(Into::into),
            created: wire::time(it.created),
            name: it.name,
        }
    }
}

/// A threshold in percent of the amount.
type Percent = Whole<1, 1_000>;

/// At which shares of a budget its owner is told.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"actual": [50, 80, 100], "forecast": [100]}))]
pub struct ThresholdsBody {
    /// Percents of what was spent; 50, 80 and 100 if left out. None for an empty list.
    #[schema(max_items = 10)]
    #[serde(default, deserialize_with = "some_percents")]
    actual: Option<Vec<Percent>>,
    /// Percents of what the month is heading for; 100 if left out.
    #[schema(max_items = 10)]
    #[serde(default, deserialize_with = "some_percents")]
    forecast: Option<Vec<Percent>>,
}

fn some_percents<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Vec<Percent>>, D::Error> {
    let all = Option::<Vec<Percent>>::deserialize(from)?;
    match all.as_ref().map_or(0, Vec::len) {
        0..=10 => Ok(all),
        many => Err(serde::de::Error::invalid_length(many, &"10 thresholds at most")),
    }
}

impl ThresholdsBody {
    /// What is said, and of what is not, what stood before.
    fn marks(&self, before: &Marks) -> Result<Marks, Refusal> {
        let of = |said: &Option<Vec<Percent>>, measure| match said {
            Some(all) => all.iter().map(|it| it.count()).collect(),
            None => before.of(measure).to_vec(),
        };
        Ok(Marks::new(&of(&self.actual, Measure::Actual), &of(&self.forecast, Measure::Forecast))?)
    }
}

/// A new budget: of the whole account, or of one project or product.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "servers", "product": "server", "amount": "500.00", "thresholds": {"forecast": [100]}}))]
pub struct BudgetBody {
    /// Unique among the budgets of the account.
    name: Text<1, 80>,
    /// What it allows for each month, above zero, in the currency of the account.
    amount: MoneyText,
    /// What the costs by project say of this project: what stood in it when it was deducted, and its share of sums over the account
    /// and packs.
    project: Option<Text<1, 80>>,
    /// Only this product.
    product: Option<Text<1, 60>>,
    #[serde(default)]
    thresholds: Option<ThresholdsBody>,
}

impl BudgetBody {
    fn of(&self) -> Result<Of, Refusal> {
        match (&self.project, &self.product) {
            (None, None) => Ok(Of::Account),
            (None, Some(product)) => Ok(Of::Product(product.as_str().to_string())),
            (Some(project), None) => {
                let missing = |_| Refusal::missing("such project").of("project");
                Ok(Of::Project(project.as_str().parse::<ProjectId>().map_err(missing)?))
            }
            (Some(_), Some(_)) => Err(billing::budget::BudgetError::Both.into()),
        }
    }
}

/// Makes a budget. What the present month has crossed already is told at once.
#[utoipa::path(post, path = "/v1/budgets", tag = "bills", request_body = BudgetBody,
    security(("key" = ["buy"])), responses((status = 201, body = BudgetView)))]
async fn create_budget(State(node): State<Node>, call: Call<Buyer, BudgetBody>) -> Result<Response, Problem> {
    let fresh = web::random::fresh("budget");
    node.once(call, move |tx, at, call| {
        let (account, body) = (call.who.account, &call.body);
        let amount = body.amount.money(currency(tx, account)?).map_err(Refusal::of_amount)?;
        let thresholds = body.thresholds.clone().unwrap_or_default();
        let new = New {
            account,
            name: body.name.as_str(),
            of: body.of()?,
            amount,
            marks: thresholds.marks(&Marks::default())?,
            token: &call.token_or(&fresh),
        };
        let made = budgets::open(tx, at, new).map_err(Refusal::of_amount)?;
        let view = shown(tx, at, Own { account, id: made.id })?;
        Ok(Reply::created(below("/v1/budgets", &view.id), view))
    })
    .await
}

fn shown(tx: &mut Tx<'_>, at: At<'_>, own: Own) -> Result<BudgetView, Refusal> {
    Ok(list::one(tx, at, own.account, own.id)?.into())
}

/// Which budgets, and in which month.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BudgetsQuery {
    /// The month whose spending is shown, such as `2026-06`; the present one if left out.
    month: Option<MonthText>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 80>>,
}

/// Lists budgets by name, each with what a month has come to.
#[utoipa::path(get, path = "/v1/budgets", tag = "bills", params(BudgetsQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<BudgetView>)))]
async fn list_budgets(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<BudgetsQuery>,
) -> Result<Json<Page<BudgetView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let of = Filter { account: who.account, month: query.month.map(MonthText::into_string) };
    let page = node.report(move |tx, at| list::page(tx, at, &of, &part)).await?;
    Ok(Json(Page::of(page, BudgetView::from)))
}

/// One budget with what the present month has come to.
#[utoipa::path(get, path = "/v1/budgets/{budget}", tag = "bills", params(("budget" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = BudgetView)))]
async fn get_budget(
    State(node): State<Node>,
    who: Reader,
    Path(id): Path<Id<BudgetId>>,
) -> Result<Json<BudgetView>, Problem> {
    let own = Own { account: who.account, id: id.0 };
    Ok(Json(node.report(move |tx, at| shown(tx, at, own)).await?))
}

/// What of a budget is to change; what is left out stays. What it counts does not change: make another.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"amount": "600.00", "thresholds": {"actual": [80, 100]}}))]
pub struct BudgetChangeBody {
    name: Option<Text<1, 80>>,
    amount: Option<MoneyText>,
    #[serde(default)]
    thresholds: Option<ThresholdsBody>,
}

/// Changes a budget from now on. What was told of the present month is not told again.
#[utoipa::path(patch, path = "/v1/budgets/{budget}", tag = "bills", params(("budget" = String, Path)),
    request_body = BudgetChangeBody, security(("key" = ["buy"])), responses((status = 200, body = BudgetView)))]
async fn change_budget(
    State(node): State<Node>,
    Path(id): Path<Id<BudgetId>>,
    call: Call<Buyer, BudgetChangeBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let (own, body) = (Own { account: call.who.account, id: id.0 }, &call.body);
        let before = list::one(tx, at, own.account, own.id)?.budget;
        let amount = body.amount.as_ref().map(|it| it.money(before.amount.currency())).transpose();
        let change = Change {
            name: body.name.as_ref().map(|it| it.as_str().to_string()),
            amount: amount.map_err(Refusal::of_amount)?,
            marks: body.thresholds.as_ref().map(|it| it.marks(&before.marks)).transpose()?,
        };
        budgets::change(tx, at, own, change).map_err(Refusal::of_amount)?;
        Ok(Reply::ok(shown(tx, at, own)?))
    })
    .await
}

/// Ends a budget: nobody is told of it any more.
#[utoipa::path(delete, path = "/v1/budgets/{budget}", tag = "bills", params(("budget" = String, Path)),
    security(("key" = ["buy"])), responses((status = 200, body = BudgetView)))]
async fn delete_budget(
    State(node): State<Node>,
    Path(id): Path<Id<BudgetId>>,
    call: Call<Buyer, Nothing>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let own = Own { account: call.who.account, id: id.0 };
        let view = shown(tx, at, own)?;
        budgets::end(tx, at, own)?;
        Ok(Reply::ok(view))
    })
    .await
}
