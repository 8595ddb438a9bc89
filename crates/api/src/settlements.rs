//! Settlement as an operator sees it: `/v1/settlements`.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use desk::Refusal;
use desk::lists::settlements::{self, Course, Hand, Named, OpenRun};
use desk::settle::{self, Progress};
use serde::{Deserialize, Serialize};
use units::AccountId;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Reply};
use web::caller::Operator;
use web::problem::Problem;
use web::wire::{self, Limit, Moment, Page, Query, Text};
use web::words;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get_settlements))
        .routes(routes!(list_set_aside))
        .routes(routes!(retry_settlements))
}

/// How far one kind of cycle is settled.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CycleView {
    /// `hour`, `day` or `month`.
    pub cycle: words::Cycle,
    /// The begin of the oldest cycle that is not settled; `null` when no account has such cycles.
    pub settled_to: Option<Moment>,
    /// Accounts with a cycle that closed and is not settled.
    pub waiting: i64,
    /// Accounts that are settled up to the cycle that runs.
    pub done: i64,
    /// Accounts that failed and wait to be tried again.
    pub set_aside: i64,
    /// The end of the newest cycle that was closed for anybody; left out before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_to: Option<Moment>,
    /// When that was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed: Option<Moment>,
}

impl CycleView {
    fn new(it: Progress, course: &Course) -> CycleView {
        let close = course.closes.iter().find(|close| close.kind == it.kind);
        CycleView {
            closed_to: close.map(|it| wire::time(it.to)),
            closed: close.map(|it| wire::time(it.closed)),
            cycle: it.kind.into(),
            settled_to: it.settled_to.map(wire::time),
            waiting: it.waiting,
            done: it.done,
            set_aside: it.set_aside,
        }
    }
}

/// How far settlement is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"delay_seconds": 600, "cycles": [
    {"cycle": "hour", "settled_to": "2026-06-01T08:00:00Z", "waiting": 0, "done": 312, "set_aside": 0,
     "closed_to": "2026-06-01T08:00:00Z", "closed": "2026-06-01T08:10:00Z"}
]}))]
pub struct SettlementsView {
    /// Seconds after its end at which a cycle closes.
    pub delay_seconds: u64,
    pub cycles: Vec<CycleView>,
    /// The run that nodes share just now; left out where none is open, and where one node settles alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<RunView>,
}

/// A settlement run that is open.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"cycle": "hour", "from": "2026-06-01T08:00:00Z", "to": "2026-06-01T09:00:00Z",
    "begun": "2026-06-01T09:10:00Z", "ranges": []}))]
pub struct RunView {
    /// `hour`, `day` or `month`.
    pub cycle: words::Cycle,
    pub from: Moment,
    pub to: Moment,
    pub begun: Moment,
    /// Who has which of its accounts in hand.
    pub ranges: Vec<RangeView>,
}

/// Accounts that a node has in hand.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RangeView {
    pub node: String,
    /// The account behind which it begins; empty for the first.
    pub above: String,
    /// The last account of it.
    pub up_to: String,
    /// Until when nobody else takes it over, by the clocks of the machines.
    pub until: Moment,
}

impl RunView {
    fn new(it: &OpenRun, hands: &[Hand]) -> RunView {
        let range = |it: &Hand| RangeView {
            node: it.holder.clone(),
            above: it.accounts.after.clone(),
            up_to: it.accounts.to.clone(),
            until: wire::time(it.until),
        };
        RunView {
            cycle: it.cycle.kind.into(),
            from: wire::time(it.cycle.from),
            to: wire::time(it.cycle.to),
            begun: wire::time(it.begun),
            ranges: hands.iter().map(range).collect(),
        }
    }
}

/// Says how far settlement is, kind by kind.
#[utoipa::path(get, path = "/v1/settlements", tag = "operations",
    security(("key" = ["operator"])), responses((status = 200, body = SettlementsView)))]
async fn get_settlements(State(node): State<Node>, _: Operator) -> Result<Json<SettlementsView>, Problem> {
    node.report(|tx, at| {
        let (found, course) = (settle::progress(tx, at)?, settlements::course(tx)?);
        let cycles = found.into_iter().map(|it| CycleView::new(it, &course)).collect();
        let run = course.run.as_ref().map(|it| RunView::new(it, &course.hands));
        Ok(SettlementsView { delay_seconds: at.desk.settlement_delay_seconds, cycles, run })
    })
    .await
    .map(Json)
}

/// An account that could not be settled.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "account": "acc_019eb7696c008cf183c2a061049531a6", "name": "shop", "cycle": "hour", "since": "2026-06-01T08:00:00Z",
    "reason": "the sum does not fit"
}))]
pub struct SetAsideView {
    pub account: String,
    pub name: String,
    /// `hour`, `day` or `month`.
    pub cycle: words::Cycle,
    /// The begin of the first cycle that is not settled.
    pub since: Moment,
    pub reason: String,
}

/// Which of the accounts that were set aside.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SetAsideQuery {
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 80>>,
}

impl From<Named> for SetAsideView {
    fn from(it: Named) -> SetAsideView {
        SetAsideView {
            account: it.aside.account.to_string(),
            name: it.name,
            cycle: it.aside.kind.into(),
            since: wire::time(it.aside.from),
            reason: it.aside.reason,
        }
    }
}

/// Lists accounts that were set aside, by their ids: the others of their runs went on.
#[utoipa::path(get, path = "/v1/settlements/set-aside", tag = "operations", params(SetAsideQuery),
    security(("key" = ["operator"])), responses((status = 200, body = Page<SetAsideView>)))]
async fn list_set_aside(
    State(node): State<Node>,
    _: Operator,
    Query(query): Query<SetAsideQuery>,
) -> Result<Json<Page<SetAsideView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let page = node.read(move |tx, _| settlements::page(tx, &part)).await?;
    Ok(Json(Page::of(page, SetAsideView::from)))
}

/// Which accounts are tried again.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"accounts": ["acc_019eb7696c008cf183c2a061049531a6"]}))]
pub struct RetryBody {
    /// All that were set aside if left out.
    #[schema(value_type = Option<Vec<String>>, max_items = 200)]
    #[serde(default)]
    accounts: Option<Accounts>,
}

/// Accounts by their ids.
#[derive(Clone, Debug)]
pub struct Accounts(Vec<String>);

impl<'de> Deserialize<'de> for Accounts {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Accounts, D::Error> {
        let ids = Vec::<String>::deserialize(from)?;
        match ids.len() {
            0..=200 => Ok(Accounts(ids)),
            many => Err(serde::de::Error::invalid_length(many, &"at most 200 accounts")),
        }
    }
}

impl Accounts {
    /// Errors: `NotFound` for what cannot be the id of an account.
    fn ids(&self) -> Result<Vec<AccountId>, Refusal> {
        let id = |it: &String| {
            let missing =
                |_| Refusal::missing(format!("account {}", it.chars().take(60).collect::<String>()));
            it.parse().map_err(missing)
        };
        self.0.iter().map(id).collect()
    }
}

/// What was taken back.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"taken_back": 1}))]
pub struct RetryView {
    /// How many rows of the list of those set aside: one for each account and kind of cycle.
    pub taken_back: u64,
}

/// Lets accounts that were set aside be tried again by the next run.
#[utoipa::path(post, path = "/v1/settlements/retry", tag = "operations", request_body = RetryBody,
    security(("key" = ["operator"])), responses((status = 200, body = RetryView),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn retry_settlements(
    State(node): State<Node>,
    call: Call<Operator, RetryBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, _, call| {
        let accounts = call.body.accounts.as_ref().map(Accounts::ids).transpose()?;
        Ok(Reply::ok(RetryView { taken_back: settle::retry(tx, accounts.as_deref())? }))
    })
    .await
}

#[cfg(test)]
mod tests;
