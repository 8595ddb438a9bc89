//! What waits, what is wrong, and the money of today: `/v1/today`, for operators.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use billing::provision::State as TaskState;
use desk::today::{self, Today};
use serde::Serialize;
use units::Money;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::caller::Operator;
use web::problem::Problem;
use web::wire;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get_today))
}

/// Tasks of the cloud that are not over.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"open": 2, "waiting": 1, "failed": 0}))]
pub struct TaskCountsView {
    /// The cloud was asked.
    pub open: i64,
    /// The cloud is asked again later.
    pub waiting: i64,
    /// They wait for an operator.
    pub failed: i64,
}

/// A job that did not do yet what is due.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"job": "settle", "seconds": 42}))]
pub struct LateJobView {
    pub job: String,
    /// For how many seconds it is due.
    #[schema(minimum = 0)]
    pub seconds: u64,
}

/// What accounts in arrears owe together.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"currency": "CNY", "accounts": 1, "owed": "1.00"}))]
pub struct OwedView {
    pub currency: String,
    /// How many accounts.
    pub accounts: i64,
    pub owed: wire::MoneyShown,
}

/// A sum of money.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"currency": "CNY", "total": "10685.92"}))]
pub struct TotalView {
    pub currency: String,
    pub total: wire::MoneyShown,
}

impl From<&Money> for TotalView {
    fn from(it: &Money) -> TotalView {
        TotalView { currency: it.currency().as_str().to_string(), total: wire::money(*it) }
    }
}

/// What waits, what is wrong, and the money of today.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "tasks": {"open": 2, "waiting": 1, "failed": 0}, "set_aside": 0, "quarantined": 5, "late": [],
    "arrears": [{"currency": "CNY", "accounts": 1, "owed": "1.00"}], "money_in": [{"currency": "CNY", "total": "180.00"}],
    "month": "2026-06", "revenue": [{"currency": "CNY", "total": "10685.92"}]
}))]
pub struct TodayView {
    pub tasks: TaskCountsView,
    /// Accounts that a settlement set aside.
    #[schema(minimum = 0)]
    pub set_aside: usize,
    /// Readings that wait for a place.
    pub quarantined: i64,
    /// Jobs that are late; none is what should be.
    pub late: Vec<LateJobView>,
    /// One row for each currency.
    pub arrears: Vec<OwedView>,
    /// What was paid in since 00:00, granted money left out; one row for each currency.
    pub money_in: Vec<TotalView>,
    /// The month of the revenue.
    pub month: String,
    /// What the bills of the month came to so far; one row for each currency.
    pub revenue: Vec<TotalView>,
}

impl From<&Today> for TodayView {
    fn from(it: &Today) -> TodayView {
        let count = |state: TaskState| it.gauges.tasks.iter().find(|it| it.0 == state).map_or(0, |it| it.1);
        let owed = |(accounts, owed): &(i64, Money)| OwedView {
            currency: owed.currency().as_str().to_string(),
            accounts: *accounts,
            owed: wire::money(*owed),
        };
        TodayView {
            tasks: TaskCountsView {
                open: count(TaskState::Open),
                waiting: count(TaskState::Waiting),
                failed: count(TaskState::Failed),
            },
            set_aside: it.gauges.set_aside,
            quarantined: it.gauges.quarantined.iter().map(|it| it.1).sum(),
            late: it
                .late
                .iter()
                .map(|it| LateJobView { job: it.0.as_str().to_string(), seconds: it.1 })
                .collect(),
            arrears: it.arrears.iter().map(owed).collect(),
            money_in: it.money_in.iter().map(TotalView::from).collect(),
            month: it.month.clone(),
            revenue: it.revenue.iter().map(TotalView::from).collect(),
        }
    }
}

/// What waits, what is wrong, and the money of today.
#[utoipa::path(get, path = "/v1/today", tag = "operations",
    security(("key" = ["operator"])), responses((status = 200, body = TodayView)))]
async fn get_today(State(node): State<Node>, _: Operator) -> Result<Json<TodayView>, Problem> {
    let found = node.report(today::read).await?;
    Ok(Json(TodayView::from(&found)))
}
