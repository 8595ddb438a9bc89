//! Tasks of the cloud: `/v1/tasks`. A cloud asks for them or is told by webhook, and answers here.

use super::items::options;
use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::provision::{Made, Retry, State as Standing};
use billing::task::Task;
use desk::lists::tasks::Filter;
use desk::page::Part;
use desk::tasks::{self, Failure};
use desk::{Refusal, lists};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;
use units::{ResourceId, TaskId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Nothing, Reply};
use web::caller::{Cloud, Operator};
use web::problem::Problem;
use web::wire::{self, Id, Limit, Moment, Page, Param, Path, Query, Text, Whole};
use web::words;

/// Somebody who waits looks at least this often: tasks may be opened on another node.
const LOOK: Duration = Duration::from_secs(1);
/// And at most this often, however much is written.
const REST: Duration = Duration::from_millis(50);

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_tasks))
        .routes(routes!(get_task))
        .routes(routes!(complete_task))
        .routes(routes!(fail_task))
        .routes(routes!(retry_task))
        .routes(routes!(give_up_task))
}

/// What the cloud is to do. It says all that the resource is to have, not only what changed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "tsk_019eb7696c008cf183c2a061049531a6", "account": "acc_019eb7696c008cf183c2a061049531a6",
    "resource": "res_019eb7696c008cf183c2a061049531a6", "order": "ord_019eb7696c008cf183c2a061049531a6",
    "kind": "provision", "state": "open", "attempt": 1, "product": "server", "options": {"zone": "guangzhou-1"},
    "name": "web", "service": null, "target": "running", "cause": "owner", "address": null, "attributes": {},
    "reason": "", "created": "2026-06-01T00:00:00Z", "due": "2026-06-01T00:15:00Z", "ended": null
}))]
pub struct TaskView {
    /// The same for every attempt.
    pub id: String,
    pub account: String,
    pub resource: String,
    pub order: String,
    /// `provision`, `change`, `stop`, `start` or `release`.
    pub kind: words::TaskKind,
    /// `open`: answer it; `waiting`: asked again at `due`; `done`; `failed`; `given_up`: not wanted any more.
    pub state: words::TaskState,
    /// From 1.
    pub attempt: u32,
    pub product: String,
    pub options: BTreeMap<String, String>,
    pub name: String,
    pub service: Option<String>,
    /// The state that the resource is to have: `running`, `limited`, `stopped`, `stopped_free`, `arrears_stopped`,
    /// `expired`, `recycled`, `releasing` or `released`.
    pub target: words::ResourceState,
    /// Who wants it: `owner`, `service`, `arrears` or `deadline`.
    pub cause: words::Cause,
    /// What the cloud answered.
    pub address: Option<String>,
    pub attributes: BTreeMap<String, String>,
    /// Why the last attempt failed, or why it was given up.
    pub reason: String,
    pub created: Moment,
    /// When an open task times out, or when a waiting one is asked again.
    pub due: Option<Moment>,
    pub ended: Option<Moment>,
}

impl TaskView {
    pub fn new(it: &Task) -> Result<TaskView, Refusal> {
        Ok(TaskView {
            id: it.id.to_string(),
            account: it.account.to_string(),
            resource: it.resource.to_string(),
            order: it.order.to_string(),
            kind: it.kind.into(),
            state: it.state.into(),
            attempt: it.attempt,
            product: it.product.clone(),
            options: options(&it.options),
            name: it.name.clone(),
            service: it.service.clone(),
            target: it.target.into(),
            cause: it.cause.into(),
            address: it.address.clone(),
            attributes: tasks::pairs(&it.attributes)?,
            reason: it.reason.clone(),
            created: wire::time(it.created),
            due: it.due.map(wire::time),
            ended: it.ended.map(wire::time),
        })
    }
}

/// The state that a filter names; `None` for any.
const fn standing(filter: words::TaskStateFilter) -> Option<Standing> {
    match filter {
        words::TaskStateFilter::Open => Some(Standing::Open),
        words::TaskStateFilter::Waiting => Some(Standing::Waiting),
        words::TaskStateFilter::Done => Some(Standing::Done),
        words::TaskStateFilter::Failed => Some(Standing::Failed),
        words::TaskStateFilter::GivenUp => Some(Standing::GivenUp),
        words::TaskStateFilter::Any => None,
    }
}

/// Which tasks, and how long to wait for one.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TasksQuery {
    /// Only tasks in this state; `open` if left out.
    #[serde(default)]
    #[param(inline)]
    state: words::TaskStateFilter,
    /// Only tasks of this kind.
    #[param(inline)]
    kind: Option<words::TaskKind>,
    /// Only tasks of this resource.
    resource: Option<Text<0, 80>>,
    /// Seconds to wait for a task when there is none; 0 if left out.
    wait: Option<Param<0, 60>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 80>>,
}

impl TasksQuery {
    /// The filter; `None` when it names a resource that cannot be.
    fn filter(&self) -> Option<Filter> {
        let resource = self.resource.as_ref().map(|it| it.as_str().parse::<ResourceId>()).transpose();
        let (state, kind) = (standing(self.state), self.kind.map(|it| it.0));
        resource.ok().map(|resource| Filter { state, kind, resource })
    }
}

/// Lists tasks of all accounts, the oldest first; with `wait` it answers as soon as there is one.
#[utoipa::path(get, path = "/v1/tasks", tag = "tasks", params(TasksQuery),
    security(("key" = ["cloud"])), responses((status = 200, body = Page<TaskView>)))]
async fn list_tasks(
    State(node): State<Node>,
    _who: Cloud,
    Query(query): Query<TasksQuery>,
) -> Result<Json<Page<TaskView>>, Problem> {
    let part = wire::part(query.limit, query.after.as_ref().map(|it| it.as_str().to_string()));
    part.cursor::<TaskId>()?;
    let Some(filter) = query.filter() else { return Ok(Json(Page { items: Vec::new(), next: None })) };
    let wait = query.wait.map_or(0, Param::get);
    let until = Instant::now() + Duration::from_secs(u64::try_from(wait).unwrap_or(0));
    loop {
        let page = page(&node, filter, &part).await?;
        let left = until.saturating_duration_since(Instant::now());
        if !page.items.is_empty() || left.is_zero() {
            return Ok(Json(page));
        }
        tokio::select! {
            () = tokio::time::sleep(left.min(LOOK)) => {}
            () = node.task_opened() => tokio::time::sleep(left.min(REST)).await,
            () = node.stopped() => return Ok(Json(page)),
        }
    }
}

async fn page(node: &Node, filter: Filter, part: &Part) -> Result<Page<TaskView>, Problem> {
    let part = part.clone();
    let page = node.read(move |tx, _| lists::tasks::page(tx, &filter, &part)).await?;
    Ok(Page::try_of(page, |it| TaskView::new(&it))?)
}

/// One task.
#[utoipa::path(get, path = "/v1/tasks/{task}", tag = "tasks", params(("task" = String, Path)),
    security(("key" = ["cloud"])), responses((status = 200, body = TaskView)))]
async fn get_task(
    State(node): State<Node>,
    _who: Cloud,
    Path(task): Path<Id<TaskId>>,
) -> Result<Json<TaskView>, Problem> {
    let found = node.read(move |tx, _| lists::tasks::one(tx, task.0)).await?;
    Ok(Json(TaskView::new(&found)?))
}

/// What the cloud made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"address": "10.77.0.1", "attributes": {"hostname": "web-1.cloud.example"}}))]
pub struct DoneBody {
    /// Where the resource is reached. It is shown to the customer.
    address: Option<Text<1, 255>>,
    /// At most 20 more things that the customer may want to know; names of 1 to 64 characters, values of 1 to 500.
    #[serde(default)]
    attributes: BTreeMap<String, String>,
}

/// The cloud did it: a delivery is paid and metered from this instant on.
///
/// The same answer again changes nothing. Refused with `task_state_refused` when the task is not wanted any more:
/// what was made for a delivery is then to be destroyed.
#[utoipa::path(post, path = "/v1/tasks/{task}/done", tag = "tasks", params(("task" = String, Path)),
    request_body = DoneBody, security(("key" = ["cloud"])), responses((status = 200, body = TaskView)))]
async fn complete_task(
    State(node): State<Node>,
    Path(task): Path<Id<TaskId>>,
    call: Call<Cloud, DoneBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let address = call.body.address.as_ref().map(|it| it.as_str().to_string());
        let made = Made { address, attributes: call.body.attributes.clone() };
        let done = tasks::done(tx, at, task.0, &made);
        let done = done.map_err(|it| it.by_code(&[("answer_invalid", "attributes")]))?;
        Ok(Reply::ok(TaskView::new(&done)?))
    })
    .await
}

/// Why the cloud could not do it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "no host has room", "final": false, "attempt": 1}))]
pub struct FailedBody {
    /// For the operator.
    reason: Text<1, 500>,
    /// Asking again is useless. Left out, the task is asked again after a pause, while it has attempts left.
    #[serde(default, rename = "final")]
    last: bool,
    /// The attempt that failed, as the task said it, so that a report that comes twice counts once.
    attempt: Option<Whole<1, 1_000_000>>,
}

/// The cloud could not do it: it is asked again later; at the end the money of a delivery goes back in full.
#[utoipa::path(post, path = "/v1/tasks/{task}/failed", tag = "tasks", params(("task" = String, Path)),
    request_body = FailedBody, security(("key" = ["cloud"])), responses((status = 200, body = TaskView)))]
async fn fail_task(
    State(node): State<Node>,
    Path(task): Path<Id<TaskId>>,
    call: Call<Cloud, FailedBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let failure = Failure {
            reason: call.body.reason.as_str().to_string(),
            retry: if call.body.last { Retry::Never } else { Retry::Later },
            attempt: call.body.attempt.map(Whole::count),
        };
        Ok(Reply::ok(TaskView::new(&tasks::failed(tx, at, task.0, &failure)?)?))
    })
    .await
}

/// Asks the cloud again at once. A delivery whose money went back is not asked again.
#[utoipa::path(post, path = "/v1/tasks/{task}/retry", tag = "tasks", params(("task" = String, Path)),
    security(("key" = ["operator"])), responses((status = 200, body = TaskView)))]
async fn retry_task(
    State(node): State<Node>,
    Path(task): Path<Id<TaskId>>,
    call: Call<Operator, Nothing>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, _| Ok(Reply::ok(TaskView::new(&tasks::retry(tx, at, task.0)?)?))).await
}

/// Why an operator gives up.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "the rack burnt"}))]
pub struct GiveUpBody {
    reason: Option<Text<0, 500>>,
}

/// Gives a task up: the money of a delivery goes back in full; a release counts as complete.
#[utoipa::path(post, path = "/v1/tasks/{task}/give-up", tag = "tasks", params(("task" = String, Path)),
    request_body = GiveUpBody, security(("key" = ["operator"])), responses((status = 200, body = TaskView)))]
async fn give_up_task(
    State(node): State<Node>,
    Path(task): Path<Id<TaskId>>,
    call: Call<Operator, GiveUpBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let reason = call.body.reason.as_ref().map_or("", Text::as_str);
        Ok(Reply::ok(TaskView::new(&tasks::give_up(tx, at, task.0, reason)?)?))
    })
    .await
}

#[cfg(test)]
mod tests;
