//! Coverage: `GET /v1/coverage`, for operators.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use desk::coverage::{self, Coverage, Filter, Silent, Unpriced, WithoutLife};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::caller::Operator;
use web::problem::Problem;
use web::wire::{self, Moment, Param, Query, Text};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get_coverage))
}

/// What counts as silence, and where to go on.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CoverageQuery {
    /// A meter without a reading for so many hours is silent; 2 if left out.
    hours: Option<Param<1, 8_760>>,
    /// The `next` of the call before.
    after: Option<Text<0, 80>>,
}

/// Resources that were sold alike and that the price book of now cannot price.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UnpricedView {
    /// Whose price book they go by.
    pub currency: String,
    pub product: String,
    pub options: String,
    /// How many of them live.
    pub resources: i64,
    /// One of them.
    pub example: String,
    /// A code, or `nothing_charged`.
    pub reason: String,
    pub detail: String,
}

impl From<Unpriced> for UnpricedView {
    fn from(it: Unpriced) -> UnpricedView {
        UnpricedView {
            currency: it.group.currency.as_str().to_string(),
            product: it.group.product,
            options: it.group.options,
            resources: it.group.resources,
            example: it.group.example,
            reason: it.reason.to_string(),
            detail: it.detail,
        }
    }
}

/// A resource that lives and that nothing measures.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UnmeteredView {
    pub account: String,
    pub resource: String,
    pub product: String,
}

impl From<WithoutLife> for UnmeteredView {
    fn from(it: WithoutLife) -> UnmeteredView {
        UnmeteredView { account: it.account, resource: it.resource, product: it.product }
    }
}

/// A meter of a running resource that should report and does not.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SilentView {
    pub account: String,
    pub resource: String,
    pub product: String,
    pub meter: String,
    /// When its last reading happened; `null` if there never was one.
    pub last_reading: Option<Moment>,
    pub running_since: Moment,
}

impl From<Silent> for SilentView {
    fn from(it: Silent) -> SilentView {
        SilentView {
            account: it.account,
            resource: it.resource,
            product: it.product,
            meter: it.meter,
            last_reading: it.last.map(wire::time),
            running_since: wire::time(it.running_since),
        }
    }
}

/// What lives and is not priced, not measured, or silent.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"unpriced": [], "unmetered": [], "silent": [], "next": null}))]
pub struct CoverageView {
    pub unpriced: Vec<UnpricedView>,
    pub unmetered: Vec<UnmeteredView>,
    pub silent: Vec<SilentView>,
    /// Silence was looked for among 10,000 resources; put this into `after` for the others. `null` is the end.
    pub next: Option<String>,
}

impl From<Coverage> for CoverageView {
    fn from(it: Coverage) -> CoverageView {
        CoverageView {
            unpriced: it.unpriced.into_iter().map(UnpricedView::from).collect(),
            unmetered: it.unmetered.into_iter().map(UnmeteredView::from).collect(),
            silent: it.silent.into_iter().map(SilentView::from).collect(),
            next: it.next,
        }
    }
}

/// Reports what lives and is not priced, not measured, or silent for longer than expected.
#[utoipa::path(get, path = "/v1/coverage", tag = "usage", params(CoverageQuery),
    security(("key" = ["operator"])), responses((status = 200, body = CoverageView)))]
async fn get_coverage(
    State(node): State<Node>,
    _: Operator,
    Query(query): Query<CoverageQuery>,
) -> Result<Json<CoverageView>, Problem> {
    let hours = query.hours.map_or(2, |it| u32::try_from(it.get()).unwrap_or(2));
    let of = Filter { hours, after: query.after.map(Text::into_string) };
    let report = node.report(move |tx, at| coverage::report(tx, at, &of)).await?;
    Ok(Json(CoverageView::from(report)))
}
