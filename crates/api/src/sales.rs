//! Requests to sales: `/v1/sales-requests`.

use super::offers::ReasonBody;
use super::state::Api;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::sales::Request;
use desk::lists::accounts::currency;
use desk::lists::offers::{self as list, RequestsFilter};
use desk::sales::{self, New};
use serde::{Deserialize, Serialize};
use units::SalesRequestId;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Nothing, OrNothing, Reply};
use web::caller::{Buyer, Operator, Viewer};
use web::in_place;
use web::location::below;
use web::problem::Problem;
use web::wire::{self, Id, Limit, Moment, MoneyText, Page, Path, Query, Text, Whole};
use web::words::{self, Word};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_sales_requests, create_sales_request))
        .routes(routes!(get_sales_request))
        .routes(routes!(withdraw_sales_request))
        .routes(routes!(decline_sales_request))
}

/// What a customer asks sales for.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "srq_019eb7696c008cf183c2a061049531a6", "account": "acc_019eb7696c008cf183c2a061049531a6", "state": "open",
    "product": "container-pack", "quantity": 10, "from": "2026-07-01", "price": "800.00", "currency": "CNY",
    "message": "Ten packs of 720 h for 1U1G", "reason": null, "created": "2026-06-01T00:00:00Z", "ended": null
}))]
pub struct SalesRequestView {
    pub id: String,
    pub account: String,
    /// `open`, `answered` (with an offer), `declined` or `withdrawn`.
    pub state: words::SalesRequestState,
    pub product: Option<String>,
    pub quantity: Option<u32>,
    /// The day from which it is wanted.
    pub from: Option<String>,
    /// What the customer would like to pay.
    pub price: Option<wire::MoneyShown>,
    /// That of the price.
    pub currency: Option<String>,
    pub message: String,
    /// Why it was declined.
    pub reason: Option<String>,
    pub created: Moment,
    pub ended: Option<Moment>,
}

impl From<&Request> for SalesRequestView {
    fn from(it: &Request) -> SalesRequestView {
        SalesRequestView {
            id: it.id.to_string(),
            account: it.account.to_string(),
            state: it.state.into(),
            product: it.product.clone(),
            quantity: it.quantity,
            from: it.from.clone(),
            price: it.price.map(wire::money),
            currency: it.price.map(|it| it.currency().as_str().to_string()),
            message: it.message.clone(),
            reason: (!it.reason.is_empty()).then(|| it.reason.clone()),
            created: wire::time(it.created),
            ended: it.ended.map(wire::time),
        }
    }
}

/// A day as it is written.
#[derive(Clone, Debug)]
pub struct DayText(String);

web::in_place! {
    [] DayText = in_place::pattern("^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$");
}

impl<'de> Deserialize<'de> for DayText {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<DayText, D::Error> {
        let text = String::deserialize(from)?;
        let number = |range: std::ops::Range<usize>| {
            let part = text.get(range).filter(|it| it.bytes().all(|it| it.is_ascii_digit()));
            part.and_then(|it| it.parse::<u32>().ok())
        };
        let dashes = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
        let sane = number(0..4).is_some()
            && number(5..7).is_some_and(|it| (1..=12).contains(&it))
            && number(8..10).is_some_and(|it| (1..=31).contains(&it));
        match dashes && sane {
            true => Ok(DayText(text)),
            false => Err(serde::de::Error::custom("a day is written like 2026-08-01")),
        }
    }
}

/// What is wanted, how much, from when.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "product": "container-pack", "quantity": 10, "from": "2026-07-01", "price": "800.00",
    "message": "Ten packs of 720 h for 1U1G"
}))]
pub struct SalesRequestBody {
    /// A product of the catalogue, where it is one.
    product: Option<Text<1, 60>>,
    quantity: Option<Whole<1, 1_000_000>>,
    /// The day from which it is wanted.
    from: Option<DayText>,
    /// What you would like to pay for all of it, in the currency of the account.
    price: Option<MoneyText>,
    message: Text<1, 2000>,
}

/// Asks sales for something: a pack, a price.
#[utoipa::path(post, path = "/v1/sales-requests", tag = "sales", request_body = SalesRequestBody,
    security(("key" = ["buy"])), responses((status = 201, body = SalesRequestView)))]
async fn create_sales_request(
    State(node): State<Node>,
    call: Call<Buyer, SalesRequestBody>,
) -> Result<Response, Problem> {
    let fresh = web::random::fresh("request");
    node.once(call, move |tx, at, call| {
        let (account, body) = (call.who.account, &call.body);
        let currency = currency(tx, account)?;
        let price = body.price.as_ref().map(|it| it.money(currency)).transpose();
        let new = New {
            account,
            product: body.product.as_ref().map(Text::as_str),
            quantity: body.quantity.map(Whole::count),
            from: body.from.as_ref().map(|it| it.0.as_str()),
            price: price.map_err(|it| it.of("price"))?,
            message: body.message.as_str(),
            token: &call.token_or(&fresh),
        };
        let view = SalesRequestView::from(&sales::ask(tx, at, new)?);
        Ok(Reply::created(below("/v1/sales-requests", &view.id), view))
    })
    .await
}

/// Which requests.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SalesRequestsQuery {
    /// Only requests in this state.
    state: Option<Word<words::SalesRequestState>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 80>>,
}

/// Lists requests to sales, the newest first: those of the account, or all of them for an operator.
#[utoipa::path(get, path = "/v1/sales-requests", tag = "sales", params(SalesRequestsQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<SalesRequestView>)))]
async fn list_sales_requests(
    State(node): State<Node>,
    who: Viewer,
    Query(query): Query<SalesRequestsQuery>,
) -> Result<Json<Page<SalesRequestView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let of = RequestsFilter { account: who.account, state: query.state.map(|it| it.0.0) };
    let page = node.read(move |tx, _| list::requests(tx, of, &part)).await?;
    Ok(Json(Page::of(page, |it| SalesRequestView::from(&it))))
}

/// One request to sales.
#[utoipa::path(get, path = "/v1/sales-requests/{request}", tag = "sales", params(("request" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = SalesRequestView)))]
async fn get_sales_request(
    State(node): State<Node>,
    who: Viewer,
    Path(id): Path<Id<SalesRequestId>>,
) -> Result<Json<SalesRequestView>, Problem> {
    let found = node.read(move |tx, _| list::request(tx, who.account, id.0)).await?;
    Ok(Json(SalesRequestView::from(&found)))
}

/// Takes a request back that waits.
#[utoipa::path(post, path = "/v1/sales-requests/{request}/withdraw", tag = "sales", params(("request" = String, Path)),
    security(("key" = ["buy"])), responses((status = 200, body = SalesRequestView)))]
async fn withdraw_sales_request(
    State(node): State<Node>,
    Path(id): Path<Id<SalesRequestId>>,
    call: Call<Buyer, Nothing>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        Ok(Reply::ok(SalesRequestView::from(&sales::withdraw(tx, at, call.who.account, id.0)?)))
    })
    .await
}

/// Says that there will be no offer, and why.
#[utoipa::path(post, path = "/v1/sales-requests/{request}/decline", tag = "sales", params(("request" = String, Path)),
    request_body = ReasonBody, security(("key" = ["operator"])), responses((status = 200, body = SalesRequestView)))]
async fn decline_sales_request(
    State(node): State<Node>,
    Path(id): Path<Id<SalesRequestId>>,
    call: Call<Operator, OrNothing<ReasonBody>>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let after = sales::decline(tx, at, id.0, call.body.0.text())?;
        Ok(Reply::ok(SalesRequestView::from(&after)).about(after.account))
    })
    .await
}
