//! Quotes, orders and payments: `POST /v1/quotes`, `/v1/orders`, `/v1/payments`.

use super::buy;
use super::items::{OrderView, one_to_twenty, order_example};
use super::purchase::{OrdersBody, PurchaseView};
use super::state::{Api, Lanes};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::order::Order;
use desk::lists::accounts::Owned;
use desk::lists::orders::Moved;
use desk::orders::{self, Payment};
use desk::{At, Refusal, Tx, lists};
use serde::{Deserialize, Serialize};
use units::{AccountId, OrderId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Nothing, Reply};
use web::caller::{Buyer, Operator, Reader};
use web::problem::Problem;
use web::wire::{self, Id, Limit, Page, Path, Query, Text, When};
use web::words::{self, Word};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_orders, create_orders))
        .routes(routes!(list_all_orders))
        .routes(routes!(get_order))
        .routes(routes!(pay_order))
        .routes(routes!(cancel_order))
        .routes(routes!(create_payment))
}

/// Orders what is in the cart; with `pay` it is paid out of the wallet at once.
///
/// The Idempotency-Key names the purchase: the same again gives the same orders.
#[utoipa::path(post, path = "/v1/orders", tag = "orders", request_body = OrdersBody,
    security(("key" = ["buy"])), responses((status = 201, body = PurchaseView)))]
async fn create_orders(
    State(node): State<Node>,
    State(lanes): State<Lanes>,
    call: Call<Buyer, OrdersBody>,
) -> Result<Response, Problem> {
    buy::buy(&node, &lanes.purchases, call).await
}

/// Which orders.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrdersQuery {
    /// Only orders in this state.
    state: Option<Word<words::OrderState>>,
    /// Only orders that came out like this, such as those of which some pieces failed.
    result: Option<Word<words::OrderResult>>,
    /// Only orders of this product.
    product: Option<Text<0, 60>>,
    /// Only orders that were placed or changed then or later.
    updated_since: Option<When>,
    /// In which order; the newest first if left out.
    sort: Option<Word<words::Age>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 80>>,
}

/// Lists orders.
#[utoipa::path(get, path = "/v1/orders", tag = "orders", params(OrdersQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<OrderView>)))]
async fn list_orders(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<OrdersQuery>,
) -> Result<Json<Page<OrderView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let (state, product) = (query.state.map(|it| it.0.0), query.product.map(Text::into_string));
    let updated_since = query.updated_since.map(|it| it.of("updated_since")).transpose()?;
    let age = query.sort.map_or_else(Default::default, |it| it.0.0);
    let result = query.result.map(|it| it.0.0);
    let of = lists::orders::Filter { account: who.account, state, result, product, updated_since, age };
    let (page, moved) = node
        .read(move |tx, _| {
            let page = lists::orders::page(tx, &of, &part)?;
            let moved = lists::orders::moved(tx, &page.items)?;
            Ok((page, moved))
        })
        .await?;
    Ok(Json(Page::of(page, |it| OrderView::told(&it, &moved))))
}

/// The same order as an operator sees it.
fn owned_example() -> serde_json::Value {
    let mut all = order_example();
    all["account"] = "acc_019eb7696c008cf183c2a061049531a6".into();
    all["account_name"] = "shop".into();
    all
}

/// An order and whose it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!(owned_example()))]
pub struct OwnedOrderView {
    pub account: String,
    /// What the account is called.
    pub account_name: String,
    #[serde(flatten)]
    pub order: OrderView,
}

impl OwnedOrderView {
    fn told(it: Owned<Order>, moved: &Moved) -> OwnedOrderView {
        let account = it.account.to_string();
        OwnedOrderView { account, account_name: it.name, order: OrderView::told(&it.of, moved) }
    }
}

/// Which orders of all accounts.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AllOrdersQuery {
    /// Only orders of this account.
    account: Option<Text<0, 80>>,
    /// Only orders in this state.
    state: Option<Word<words::OrderState>>,
    /// Only orders that came out like this, such as those of which some pieces failed.
    result: Option<Word<words::OrderResult>>,
    /// Only orders of this product.
    product: Option<Text<0, 60>>,
    /// In which order; the newest first if left out.
    sort: Option<Word<words::Age>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 80>>,
}

/// Lists the orders of all accounts.
#[utoipa::path(get, path = "/v1/all-orders", tag = "operations", params(AllOrdersQuery),
    security(("key" = ["operator"])), responses((status = 200, body = Page<OwnedOrderView>),
        (status = 404, body = Problem, content_type = "application/problem+json")))]
async fn list_all_orders(
    State(node): State<Node>,
    _: Operator,
    Query(query): Query<AllOrdersQuery>,
) -> Result<Json<Page<OwnedOrderView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let of = lists::orders::AllFilter {
        account: query.account.map(|it| lists::accounts::id(it.as_str())).transpose()?,
        state: query.state.map(|it| it.0.0),
        result: query.result.map(|it| it.0.0),
        product: query.product.map(Text::into_string),
        age: query.sort.map_or_else(Default::default, |it| it.0.0),
    };
    let (page, moved) = node
        .report(move |tx, _| {
            let page = lists::orders::of_all(tx, &of, &part)?;
            let moved = lists::orders::moved(tx, page.items.iter().map(|it| &it.of))?;
            Ok((page, moved))
        })
        .await?;
    Ok(Json(Page::of(page, |it| OwnedOrderView::told(it, &moved))))
}

/// One order.
#[utoipa::path(get, path = "/v1/orders/{order}", tag = "orders", params(("order" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = OrderView)))]
async fn get_order(
    State(node): State<Node>,
    who: Reader,
    Path(order): Path<Id<OrderId>>,
) -> Result<Json<OrderView>, Problem> {
    let view = node
        .read(move |tx, _| {
            let found = lists::orders::one(tx, who.account, order.0)?;
            let moved = lists::orders::moved(tx, [&found])?;
            Ok(OrderView::told(&found, &moved))
        })
        .await?;
    Ok(Json(view))
}

/// Pays an order out of the wallet. Orders of one purchase are paid together, with `POST /v1/payments`.
///
/// An order whose price changed since, or that is not any more what it was, is refused and becomes `invalid`: order it again.
#[utoipa::path(post, path = "/v1/orders/{order}/pay", tag = "orders", params(("order" = String, Path)),
    security(("key" = ["buy"])), responses((status = 200, body = PurchaseView)))]
async fn pay_order(
    State(node): State<Node>,
    Path(order): Path<Id<OrderId>>,
    call: Call<Buyer, Nothing>,
) -> Result<Response, Problem> {
    pay(node, call, move |_| Ok(vec![order.0])).await
}

/// The orders that are paid: all of one purchase.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"orders": ["ord_019eb7696c008cf183c2a061049531a6"]}))]
pub struct PaymentBody {
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 20)]
    orders: OrderIds,
}

/// Orders that are named in a body.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct OrderIds(#[serde(deserialize_with = "one_to_twenty")] Vec<String>);

impl OrderIds {
    /// Errors: `NotFound` for what cannot be one.
    pub(super) fn ids(&self) -> Result<Vec<OrderId>, Refusal> {
        self.0.iter().map(|it| it.parse().map_err(|_| web::call::hidden("such order"))).collect()
    }
}

/// The token of the purchase that all of these orders are of. Errors: `NotFound`.
pub(super) fn purchase_of(tx: &mut Tx<'_>, account: AccountId, ids: &[OrderId]) -> Result<String, Refusal> {
    let first = ids.first().ok_or_else(|| web::call::hidden("such order"))?;
    for id in ids {
        lists::orders::purchase(tx, account, *id)?;
    }
    lists::orders::purchase(tx, account, *first)
}

/// Pays the orders of one purchase out of the wallet, all or none.
///
/// Where the price of one changed since, or one is not any more what it was, that is refused and all of them become `invalid`: order
/// again.
#[utoipa::path(post, path = "/v1/payments", tag = "orders", request_body = PaymentBody,
    security(("key" = ["buy"])), responses((status = 200, body = PurchaseView)))]
async fn create_payment(
    State(node): State<Node>,
    call: Call<Buyer, PaymentBody>,
) -> Result<Response, Problem> {
    pay(node, call, |body| body.orders.ids()).await.map_err(|problem| match problem.code.as_str() {
        "need_pay_together" => Problem { field: Some("orders".into()), ..problem },
        _ => problem,
    })
}

async fn pay<B: Send + 'static>(
    node: Node,
    call: Call<Buyer, B>,
    ids: impl Fn(&B) -> Result<Vec<OrderId>, Refusal> + Send + 'static,
) -> Result<Response, Problem> {
    let account = call.who.account;
    let wanted = ids(&call.body).map_err(Problem::from)?;
    let payment =
        node.once(call, move |tx, at, call| paid(tx, at, call.who.account, &ids(&call.body)?).map(Reply::ok));
    node.pay_or_end(account, wanted, payment).await
}

fn paid(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, ids: &[OrderId]) -> Result<PurchaseView, Refusal> {
    let currency = lists::accounts::currency(tx, account)?;
    let token = purchase_of(tx, account, ids)?;
    let orders = orders::pay(tx, at, Payment { account, token: &token, orders: ids })?;
    Ok(PurchaseView::new(&orders, currency)?)
}

/// Cancels an unpaid order and the others of its purchase.
#[utoipa::path(post, path = "/v1/orders/{order}/cancel", tag = "orders", params(("order" = String, Path)),
    security(("key" = ["buy"])), responses((status = 200, body = PurchaseView)))]
async fn cancel_order(
    State(node): State<Node>,
    Path(order): Path<Id<OrderId>>,
    call: Call<Buyer, Nothing>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let account = call.who.account;
        let currency = lists::accounts::currency(tx, account)?;
        let token = lists::orders::purchase(tx, account, order.0)?;
        let closed = orders::cancel(tx, at, account, &token)?;
        Ok(Reply::ok(PurchaseView::new(&closed, currency)?))
    })
    .await
}
