//! Health and readiness, and what is answered where there is nothing.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::code::Own;
use web::problem::Problem;

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

/// Says that the process runs.
#[utoipa::path(get, path = "/health", tag = "system", responses((status = 200, body = HealthView)))]
async fn health() -> Json<HealthView> {
    Json(well())
}

/// Says that the database answers and has room, that the clock is right, and that a price book holds.
#[utoipa::path(get, path = "/ready", tag = "system",
    responses((status = 200, body = HealthView), (status = 503, body = Problem, content_type = "application/problem+json")))]
async fn ready(State(node): State<Node>) -> Result<Json<HealthView>, Problem> {
    let unready = |problem: Problem| Problem {
        status: StatusCode::SERVICE_UNAVAILABLE,
        retry_after: Some(1),
        ..problem
    };
    if node.store().is_full() {
        // Nobody else finds out where this answer keeps all others away.
        node.blocking(|node| Ok(node.store().find_room()?)).await.map_err(unready)?;
    }
    node.read(desk::lists::books::ready).await.map_err(unready)?;
    Ok(Json(well()))
}

pub(super) async fn nowhere() -> Problem {
    Problem::new(desk::Code::NotFound, "there is nothing here; /docs lists what there is")
}

pub(super) async fn not_that_way() -> Problem {
    Problem::new(Own::MethodNotAllowed, "use one of the methods in Allow")
}

#[cfg(test)]
mod tests;
