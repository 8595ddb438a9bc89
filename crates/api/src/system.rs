//! Health and readiness, and what is answered where there is nothing.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use desk::jobs::Job;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::code::Own;
use web::problem::Problem;
use web::{Node, readiness};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(health)).routes(routes!(ready))
}

/// How the server is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"status": "ok", "version": "0.2.0"}))]
pub struct HealthView {
    /// `ok`.
    pub status: String,
    pub version: String,
}

fn well() -> HealthView {
    HealthView { status: "ok".into(), version: env!("CARGO_PKG_VERSION").into() }
}

/// How long ago jobs went on, in seconds. Jobs of one chain go on together.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"job": "settle", "age_seconds": 0}))]
pub struct JobView {
    pub job: String,
    #[schema(minimum = 0)]
    pub age_seconds: u64,
}

/// How a server is that may be sent requests.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"status": "ok", "version": "0.2.0", "jobs": [{"job": "settle", "age_seconds": 0}]}))]
pub struct ReadyView {
    /// `ok`.
    pub status: String,
    pub version: String,
    /// The jobs of this node, in their order.
    pub jobs: Vec<JobView>,
}

fn jobs(node: &Node) -> Vec<JobView> {
    let ages = node.pulse().ages();
    let age = |job: Job| ages.iter().find(|it| it.0 == job.chain()).map(|it| it.1.as_secs());
    let view = |job: Job| Some(JobView { job: job.as_str().into(), age_seconds: age(job)? });
    Job::ALL.into_iter().filter_map(view).collect()
}

/// Says that the process runs.
#[utoipa::path(get, path = "/health", tag = "system", responses((status = 200, body = HealthView)))]
async fn health() -> Json<HealthView> {
    Json(well())
}

/// Says that the database answers and has room, that the jobs go on, that the clock is right, and that a price book holds.
#[utoipa::path(get, path = "/ready", tag = "system",
    responses((status = 200, body = ReadyView), (status = 503, body = Problem, content_type = "application/problem+json")))]
async fn ready(State(node): State<Node>) -> Result<Json<ReadyView>, Problem> {
    readiness::check(&node).await?;
    let HealthView { status, version } = well();
    Ok(Json(ReadyView { status, version, jobs: jobs(&node) }))
}

pub(super) async fn nowhere() -> Problem {
    Problem::new(desk::Code::NotFound, "there is nothing here; /docs lists what there is")
}

pub(super) async fn not_that_way() -> Problem {
    Problem::new(Own::MethodNotAllowed, "use one of the methods in Allow")
}

#[cfg(test)]
mod tests;
