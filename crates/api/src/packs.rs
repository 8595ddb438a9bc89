//! Resource packs: `/v1/packs`. They are bought with `POST /v1/orders`, as any product.

use super::state::Api;
use axum::Json;
use axum::extract::State;
use desk::lists::packs;
use desk::outlook::{self, Standing};
use serde::{Deserialize, Serialize};
use units::PackId;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::caller::Reader;
use web::problem::Problem;
use web::wire::{self, Id, Limit, Moment, Page, Path, Query, Text};
use web::words::{self, Word};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list_packs)).routes(routes!(get_pack))
}

/// A pack: units paid ahead, taken by every resource of its family and spec.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "pck_019eb7696c008cf183c2a061049531a6", "order": "ord_019eb7696c008cf183c2a061049531a6", "name": "june",
    "family": "container", "spec": "1U1G", "state": "active", "unit": "s", "capacity": "2592000", "used": "345600",
    "left": "2246400", "lost": "0", "bought": "2026-06-01T00:00:00Z", "effective": "2026-05-31T16:00:00Z",
    "expires": "2026-06-30T16:00:00Z", "empty": "2026-06-15T16:00:00Z"
}))]
pub struct PackView {
    pub id: String,
    pub order: String,
    pub name: String,
    /// What it is for: components of products name the family that covers them.
    pub family: String,
    /// The only spec that it covers; `null` where it covers sizes of all kinds.
    pub spec: Option<String>,
    /// `scheduled`, `active`, `exhausted`, `expired` or `refunded`.
    pub state: words::PackState,
    /// What its units are, such as `s` or `GB·s`.
    pub unit: Option<words::Unit>,
    pub capacity: String,
    /// Taken so far, the open month included.
    pub used: String,
    pub left: String,
    /// What was left when it expired.
    pub lost: String,
    pub bought: Moment,
    pub effective: Moment,
    pub expires: Moment,
    /// When nothing is left, or was: to the second, if all that takes from it goes on as it is now. `null` when it
    /// expires before.
    pub empty: Option<Moment>,
}

impl From<&Standing> for PackView {
    fn from(it: &Standing) -> PackView {
        let pack = &it.pack;
        PackView {
            id: pack.id.to_string(),
            order: pack.order.to_string(),
            name: pack.name.clone(),
            family: pack.family.clone(),
            spec: pack.spec.clone(),
            state: it.state.into(),
            unit: it.unit.map(words::Unit::from),
            capacity: pack.capacity.to_string(),
            used: it.used.to_string(),
            left: it.left.to_string(),
            lost: it.lost.to_string(),
            bought: wire::time(pack.bought),
            effective: wire::time(pack.effective),
            expires: wire::time(pack.expires),
            empty: it.empty.map(wire::time),
        }
    }
}

/// Which packs.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PacksQuery {
    /// Only packs in this state.
    state: Option<Word<words::PackState>>,
    /// Only packs of this family.
    family: Option<Text<0, 60>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 80>>,
}

/// Lists packs, the newest first, each with what is left and when it will be empty.
#[utoipa::path(get, path = "/v1/packs", tag = "packs", params(PacksQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<PackView>)))]
async fn list_packs(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<PacksQuery>,
) -> Result<Json<Page<PackView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let (state, family) = (query.state.map(|it| it.0.0), query.family.map(Text::into_string));
    let of = packs::Filter { account: who.account, state, family };
    let page = node.read(move |tx, at| packs::page(tx, at, &of, &part)).await?;
    Ok(Json(Page::of(page, |it| PackView::from(&it))))
}

/// One pack with what is left of it and when it will be empty.
#[utoipa::path(get, path = "/v1/packs/{pack}", tag = "packs", params(("pack" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = PackView)))]
async fn get_pack(
    State(node): State<Node>,
    who: Reader,
    Path(pack): Path<Id<PackId>>,
) -> Result<Json<PackView>, Problem> {
    let found = node.read(move |tx, at| outlook::one(tx, at, who.account, pack.0)).await?;
    Ok(Json(PackView::from(&found)))
}
