//! The clock: read by anyone, moved only when the server was started with a test clock.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::advance::advance;
use web::call::{Call, Reply};
use web::caller::{Anyone, Operator};
use web::code::Own;
use web::problem::Problem;
use web::wire::{self, Moment, When};
use web::words;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get_clock)).routes(routes!(advance_clock))
}

/// What time it is for the till.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"now": "2026-06-01T00:00:00Z", "kind": "machine"}))]
pub struct ClockView {
    pub now: Moment,
    /// `machine`, or `test` when only `POST /v1/clock/advance` moves it.
    pub kind: words::ClockKind,
}

fn view(node: &Node) -> ClockView {
    let kind = if node.clock().is_test() { words::ClockKind::Test } else { words::ClockKind::Machine };
    ClockView { now: wire::time(node.clock().now()), kind }
}

/// Says what time it is for the till.
#[utoipa::path(get, path = "/v1/clock", tag = "system",
    security(("key" = [])), responses((status = 200, body = ClockView)))]
async fn get_clock(State(node): State<Node>, _: Anyone) -> Json<ClockView> {
    Json(view(&node))
}

/// Up to when.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"to": "2026-07-01T00:00:00Z"}))]
pub struct AdvanceBody {
    /// Not before the clock's present standing, and at most a year after it.
    to: When,
}

/// A year and a day: more at once is rather a mistake.
const FARTHEST_SECONDS: u64 = 366 * 86_400;

/// Lets time pass on a test clock, doing everything that falls due on the way in its order.
#[utoipa::path(post, path = "/v1/clock/advance", tag = "system", request_body = AdvanceBody,
    security(("key" = ["operator"])), responses((status = 200, body = ClockView)))]
async fn advance_clock(
    State(node): State<Node>,
    call: Call<Operator, AdvanceBody>,
) -> Result<Response, Problem> {
    let to = call.body.to.of("to").map_err(Problem::from)?;
    let before = node.clock().now();
    if !node.clock().is_test() {
        let detail = "time passes by itself here; start the server with --test-clock to move it";
        return Err(Problem::new(Own::NoTestClock, detail));
    }
    if to < before || to > desk::later(before, FARTHEST_SECONDS) {
        let detail = format!("name a time from {before} on, at most 366 days later");
        let problem = Problem::new(desk::Code::TimeInvalid, detail);
        return Err(Problem { field: Some("to".into()), ..problem });
    }
    node.blocking(move |node| advance(node, to)).await?;
    node.stir();
    Ok(Reply::ok(view(&node)).into_response())
}
