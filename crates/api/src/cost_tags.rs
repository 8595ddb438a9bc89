//! Cost tags: `/v1/cost-tags`. Costs by one of them: `GET /v1/bills/costs?by=tag:…`. Source: R-ALC-2.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::cost_tag::{CostTag, MOST};
use desk::cost_tags;
use serde::{Deserialize, Serialize};
use units::Calendar;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Reply};
use web::caller::{Buyer, Reader};
use web::problem::Problem;
use web::wire::Text;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(get_cost_tags, set_cost_tags))
}

/// A key of tags by which costs are cut.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"key": "team", "since": "2026-06"}))]
pub struct CostTagView {
    pub key: String,
    /// The month from which on it counts: the one in which it was made a cost tag.
    pub since: String,
}

/// The cost tags of an account.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"tags": [{"key": "team", "since": "2026-06"}], "most": 15}))]
pub struct CostTagsView {
    /// By their keys.
    pub tags: Vec<CostTagView>,
    /// How many there may be.
    pub most: usize,
}

impl CostTagsView {
    fn new(all: Vec<CostTag>, calendar: &Calendar) -> CostTagsView {
        let view = |it: CostTag| CostTagView { since: calendar.month(it.from), key: it.key };
        CostTagsView { tags: all.into_iter().map(view).collect(), most: MOST }
    }
}

/// The keys of tags by which costs are cut from now on.
#[utoipa::path(get, path = "/v1/cost-tags", tag = "bills",
    security(("key" = ["read"])), responses((status = 200, body = CostTagsView)))]
async fn get_cost_tags(State(node): State<Node>, who: Reader) -> Result<Json<CostTagsView>, Problem> {
    let found = node
        .read(move |tx, at| {
            let all = cost_tags::of_account(tx, who.account)?;
            Ok(CostTagsView::new(all, &at.desk.calendar))
        })
        .await?;
    Ok(Json(found))
}

/// The keys that are to be cost tags.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"keys": ["team"]}))]
pub struct CostTagsBody {
    /// All of them, 15 at most; one that is left out is none any more.
    keys: Vec<Text<1, 60>>,
}

/// Makes exactly these keys of tags the cost tags. A key counts from this month on, all of it; months that are over stay as they were.
#[utoipa::path(put, path = "/v1/cost-tags", tag = "bills", request_body = CostTagsBody,
    security(("key" = ["buy"])), responses((status = 200, body = CostTagsView)))]
async fn set_cost_tags(
    State(node): State<Node>,
    call: Call<Buyer, CostTagsBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let keys: Vec<String> = call.body.keys.iter().map(|it| it.as_str().to_string()).collect();
        let all = cost_tags::set(tx, at, call.who.account, &keys)?;
        Ok(Reply::ok(CostTagsView::new(all, &at.desk.calendar)))
    })
    .await
}
