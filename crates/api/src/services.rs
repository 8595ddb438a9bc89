//! Container services: `/v1/services`. A service is there from the first order that names it.

use super::purchase::PurchaseView;
use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::resource;
use desk::lists::services::Service;
use desk::orders::Payment;
use desk::services::Start;
use desk::{lists, services};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::OrderId;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Nothing, Reply};
use web::caller::{Buyer, Reader};
use web::problem::Problem;
use web::wire::{self, Limit, Page, Path, Query, Text};
use web::words;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_services))
        .routes(routes!(get_service))
        .routes(routes!(stop_service))
        .routes(routes!(start_service))
}

/// What is stopped and started together.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"name": "shop", "state": "running", "resources": {"running": 3, "released": 1}}))]
pub struct ServiceView {
    pub name: String,
    /// `running` or `stopped`.
    pub state: words::ServiceState,
    /// How many of its resources are in which state.
    pub resources: BTreeMap<String, i64>,
}

impl From<Service> for ServiceView {
    fn from(it: Service) -> ServiceView {
        ServiceView { name: it.name, state: it.state.into(), resources: it.members }
    }
}

/// Which services.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ServicesQuery {
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 80>>,
}

/// Lists services by name.
#[utoipa::path(get, path = "/v1/services", tag = "resources", params(ServicesQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<ServiceView>)))]
async fn list_services(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<ServicesQuery>,
) -> Result<Json<Page<ServiceView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let page = node.read(move |tx, _| lists::services::page(tx, who.account, &part)).await?;
    Ok(Json(Page::of(page, ServiceView::from)))
}

/// One service by its name.
#[utoipa::path(get, path = "/v1/services/{service}", tag = "resources", params(("service" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = ServiceView)))]
async fn get_service(
    State(node): State<Node>,
    who: Reader,
    Path(service): Path<Text<1, 80>>,
) -> Result<Json<ServiceView>, Problem> {
    let found = node.read(move |tx, _| lists::services::one(tx, who.account, service.as_str())).await?;
    Ok(Json(ServiceView::from(found)))
}

/// Stops a service: its containers are released; volumes, load balancers and bandwidth stay.
///
/// 202 while some of them are still being released.
#[utoipa::path(post, path = "/v1/services/{service}/stop", tag = "resources", params(("service" = String, Path)),
    security(("key" = ["buy"])),
    responses((status = 200, body = ServiceView), (status = 202, body = ServiceView)))]
async fn stop_service(
    State(node): State<Node>,
    Path(service): Path<Text<1, 80>>,
    call: Call<Buyer, Nothing>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        services::stop(tx, at, call.who.account, service.as_str())?;
        let view = ServiceView::from(lists::services::one(tx, call.who.account, service.as_str())?);
        let releasing = view.resources.contains_key(resource::State::Releasing.as_str());
        Ok(if releasing { Reply::accepted(view) } else { Reply::ok(view) })
    })
    .await
}

/// A service that was started, and the orders that bring its containers back.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "service": {"name": "shop", "state": "running", "resources": {"pending": 3, "released": 3}}, "purchase": null
}))]
pub struct StartedView {
    pub service: ServiceView,
    /// `null` when there was nothing to bring back.
    pub purchase: Option<PurchaseView>,
}

/// Starts a stopped service: its containers are ordered anew with the same options and labels, and paid.
///
/// Charge resumes when they are up. When the wallet does not suffice, the service stays stopped.
#[utoipa::path(post, path = "/v1/services/{service}/start", tag = "resources", params(("service" = String, Path)),
    security(("key" = ["buy"])), responses((status = 200, body = StartedView)))]
async fn start_service(
    State(node): State<Node>,
    Path(service): Path<Text<1, 80>>,
    call: Call<Buyer, Nothing>,
) -> Result<Response, Problem> {
    let fresh = web::random::fresh("start");
    node.once(call, move |tx, at, call| {
        let (account, name) = (call.who.account, service.as_str());
        let token = format!("start {name} {}", call.token_or(&fresh));
        let placed = services::start(tx, at, Start { account, service: name, token: &token })?;
        let ids: Vec<OrderId> = placed.iter().map(|it| it.id).collect();
        let purchase = match ids.is_empty() {
            true => None,
            false => {
                let paid = desk::orders::pay(tx, at, Payment { account, token: &token, orders: &ids })?;
                Some(PurchaseView::new(&paid, lists::accounts::currency(tx, account)?)?)
            }
        };
        let service = ServiceView::from(lists::services::one(tx, account, name)?);
        Ok(Reply::ok(StartedView { service, purchase }))
    })
    .await
}
