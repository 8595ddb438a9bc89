//! Quotes, orders and payments: `POST /v1/quotes`, `/v1/orders`, `/v1/payments`.

pub(super) mod items;

use super::state::{Api, Lanes};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::order::{Order, Piece};
use billing::pack::Pack;
use billing::quote::{Becomes, Wish};
use desk::orders::{self, Item};
use desk::purchases::Pay;
use desk::{At, Refusal, Tx, lists};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::{AccountId, Currency, Money, MoneyError, OrderId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Nothing, Reply};
use web::caller::{Buyer, Reader};
use web::choice::Choice;
use web::problem::Problem;
use web::wire::{self, Id, Limit, Moment, Page, Path, Query, Text, Whole};
use web::words::{self, Word};

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list_orders, create_orders))
        .routes(routes!(get_order))
        .routes(routes!(pay_order))
        .routes(routes!(cancel_order))
        .routes(routes!(create_payment))
}

/// One thing that is wanted.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "product": "server", "name": "web", "options": {"charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1",
        "type": "S1.SMALL1", "network": "bandwidth", "bandwidth": 1}, "months": 1
}))]
pub struct ItemBody {
    /// A product of the catalogue.
    product: Text<1, 60>,
    /// What is chosen of the product's options; what is left out takes its default.
    #[serde(default)]
    options: BTreeMap<String, Choice>,
    /// How many months are paid ahead; left out or 0 for what is paid by use.
    months: Option<Whole<0, 1200>>,
    /// How many pieces; 1 if left out.
    quantity: Option<Whole<1, 10_000>>,
    /// The month in which a resource pack begins, such as `2026-08`.
    month: Option<Text<0, 10>>,
    /// What the resource is called; the product's id if left out.
    name: Option<Text<1, 80>>,
    /// The container service that it belongs to.
    service: Option<Text<1, 80>>,
    /// What was quoted for this item, in the currency of the price book; another price is refused as `price_changed`.
    quoted: Option<wire::MoneyText>,
}

impl ItemBody {
    /// What the desk calls an item.
    pub(super) fn item(&self, currency: Currency) -> Result<Item, Refusal> {
        let text = |it: &Text<1, 80>| it.as_str().to_string();
        let quoted: Option<Money> = self.quoted.as_ref().map(|it| it.money(currency)).transpose()?;
        Ok(Item {
            wish: Wish {
                product: self.product.as_str().to_string(),
                options: self.options.iter().map(|it| (it.0.clone(), it.1.text())).collect(),
                months: self.months.map_or(0, Whole::count),
                quantity: self.quantity.map_or(1, Whole::count),
            },
            month: self.month.as_ref().map(|it| it.as_str().to_string()),
            name: self.name.as_ref().map_or_else(|| self.product.as_str().to_string(), text),
            service: self.service.as_ref().map(text),
            quoted_minor: quoted.map(Money::minor),
        })
    }
}

/// What is ordered, and whether it is paid out of the wallet at once.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"pay": true, "items": [{
    "product": "server", "name": "web", "options": {"charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1",
        "type": "S1.SMALL1", "network": "bandwidth", "bandwidth": 1}, "months": 1
}]}))]
pub struct OrdersBody {
    #[schema(min_items = 1, max_items = 20)]
    #[serde(deserialize_with = "one_to_twenty")]
    pub(super) items: Vec<ItemBody>,
    /// Pays at once; without it the orders wait 24 hours for their payment.
    #[serde(default)]
    pay: bool,
}

impl OrdersBody {
    pub(super) fn means(&self) -> Pay {
        if self.pay { Pay::Now } else { Pay::Later }
    }
}

/// A cart has 1 to 20 items.
pub(super) fn one_to_twenty<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    let items = Vec::<T>::deserialize(from)?;
    match items.len() {
        1..=20 => Ok(items),
        many => Err(serde::de::Error::invalid_length(many, &"1 to 20 items")),
    }
}

pub(super) fn options(it: &billing::options::Options) -> BTreeMap<String, String> {
    it.pairs().into_iter().collect()
}

fn order_example() -> serde_json::Value {
    serde_json::json!({
        "id": "ord_019eb7696c008cf183c2a061049531a6", "purchase": "first", "state": "delivering", "product": "server",
        "name": "web", "options": super::quotes::chosen_example(), "months": 1, "month": null, "service": null, "currency": "CNY",
        "list": "71.00", "total": "71.00", "created": "2026-06-01T00:00:00Z", "expires": "2026-06-02T00:00:00Z", "pieces": [
            {"resource": "res_019eb7696c008cf183c2a061049531a6", "pack": null, "state": "waiting", "total": "71.00", "held": "71.00"}
        ]
    })
}

/// One piece of an order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PieceView {
    /// The resource that it becomes; `null` for a pack.
    pub resource: Option<String>,
    /// The resource pack that it becomes when it is paid; `null` for a resource.
    pub pack: Option<String>,
    /// `waiting`, `delivered` or `failed`.
    pub state: words::PieceState,
    pub total: String,
    /// What is held of the wallet until it is delivered.
    pub held: String,
}

/// An order: one product, so many pieces.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!(order_example()))]
pub struct OrderView {
    pub id: String,
    /// What was ordered together is paid together.
    pub purchase: String,
    /// `unpaid`, `paid`, `delivering`, `delivered`, `delivery_failed`, `closed`, `expired` or `invalid`.
    pub state: words::OrderState,
    pub product: String,
    pub name: String,
    pub options: BTreeMap<String, String>,
    pub months: u32,
    pub month: Option<String>,
    pub service: Option<String>,
    pub currency: String,
    pub list: String,
    pub total: String,
    pub created: Moment,
    /// When an unpaid order ends by itself.
    pub expires: Moment,
    pub pieces: Vec<PieceView>,
}

impl OrderView {
    pub fn new(it: &Order) -> OrderView {
        let currency = it.total.currency();
        let is_pack = it.becomes == Becomes::Pack;
        let piece = |piece: &Piece| PieceView {
            resource: (!is_pack).then(|| piece.resource.to_string()),
            pack: is_pack.then(|| Pack::id_of(piece.resource).to_string()),
            state: piece.state.into(),
            total: wire::money(piece.total),
            held: wire::money(piece.held.total()),
        };
        OrderView {
            id: it.id.to_string(),
            purchase: it.group.clone(),
            state: it.state.into(),
            product: it.product.clone(),
            name: it.name.clone(),
            options: options(&it.options),
            months: it.months,
            month: it.month.clone(),
            service: it.service.clone(),
            currency: currency.as_str().to_string(),
            list: wire::money(it.list),
            total: wire::money(it.total),
            created: wire::time(it.created),
            expires: wire::time(it.expires),
            pieces: it.pieces.iter().map(piece).collect(),
        }
    }
}

/// The orders of one purchase.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({"purchase": "first", "orders": [order_example()], "total": "71.00", "currency": "CNY"}))]
pub struct PurchaseView {
    pub purchase: String,
    pub orders: Vec<OrderView>,
    pub total: String,
    pub currency: String,
}

impl PurchaseView {
    /// Errors: `Overflow` for orders that together do not fit a sum.
    pub fn new(orders: &[Order], currency: Currency) -> Result<PurchaseView, MoneyError> {
        Ok(PurchaseView {
            purchase: orders.first().map_or_else(String::new, |it| it.group.clone()),
            orders: orders.iter().map(OrderView::new).collect(),
            total: wire::money(Money::sum(orders.iter().map(|it| it.total), currency)?),
            currency: currency.as_str().to_string(),
        })
    }
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
    super::buy::buy(&node, &lanes.purchases, call).await
}

/// Which orders.
#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrdersQuery {
    /// Only orders in this state.
    state: Option<Word<words::OrderState>>,
    /// Only orders of this product.
    product: Option<Text<0, 60>>,
    /// How many at most; 50 if left out.
    limit: Option<Limit>,
    /// The `next` of the page before.
    after: Option<Text<0, 80>>,
}

/// Lists orders, the newest first.
#[utoipa::path(get, path = "/v1/orders", tag = "orders", params(OrdersQuery),
    security(("key" = ["read"])), responses((status = 200, body = Page<OrderView>)))]
async fn list_orders(
    State(node): State<Node>,
    who: Reader,
    Query(query): Query<OrdersQuery>,
) -> Result<Json<Page<OrderView>>, Problem> {
    let part = wire::part(query.limit, query.after.map(Text::into_string));
    let (state, product) = (query.state.map(|it| it.0.0), query.product.map(Text::into_string));
    let of = lists::orders::Filter { account: who.account, state, product };
    let page = node.read(move |tx, _| lists::orders::page(tx, &of, &part)).await?;
    Ok(Json(Page::of(page, |it| OrderView::new(&it))))
}

/// One order.
#[utoipa::path(get, path = "/v1/orders/{order}", tag = "orders", params(("order" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = OrderView)))]
async fn get_order(
    State(node): State<Node>,
    who: Reader,
    Path(order): Path<Id<OrderId>>,
) -> Result<Json<OrderView>, Problem> {
    let found = node.read(move |tx, _| lists::orders::one(tx, who.account, order.0)).await?;
    Ok(Json(OrderView::new(&found)))
}

/// Pays an order out of the wallet. Orders of one purchase are paid together, with `POST /v1/payments`.
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
    #[schema(min_items = 1, max_items = 20)]
    #[serde(deserialize_with = "one_to_twenty")]
    orders: Vec<String>,
}

/// Pays the orders of one purchase out of the wallet, all or none.
#[utoipa::path(post, path = "/v1/payments", tag = "orders", request_body = PaymentBody,
    security(("key" = ["buy"])), responses((status = 200, body = PurchaseView)))]
async fn create_payment(
    State(node): State<Node>,
    call: Call<Buyer, PaymentBody>,
) -> Result<Response, Problem> {
    pay(node, call, |body| {
        let read = |it: &String| it.parse().map_err(|_| web::call::hidden("such order"));
        body.orders.iter().map(read).collect()
    })
    .await
    .map_err(|problem| match problem.code.as_str() {
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
    let done = node
        .once(call, move |tx, at, call| paid(tx, at, call.who.account, &ids(&call.body)?).map(Reply::ok))
        .await;
    if done.as_ref().is_err_and(|it| matches!(it.code.as_str(), "price_changed" | "pack_over")) {
        node.write(move |tx, at| orders::invalidate_those(tx, account, &wanted, at.now)).await?;
    }
    done
}

fn paid(tx: &mut Tx<'_>, at: At<'_>, account: AccountId, ids: &[OrderId]) -> Result<PurchaseView, Refusal> {
    let currency = lists::accounts::currency(tx, account)?;
    let first = ids.first().ok_or_else(|| web::call::hidden("such order"))?;
    let token = lists::orders::purchase(tx, account, *first)?;
    for id in ids {
        lists::orders::purchase(tx, account, *id)?;
    }
    let orders = orders::pay(tx, at, account, &token, ids)?;
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
        let closed = orders::cancel(tx, account, &token, at.now)?;
        Ok(Reply::ok(PurchaseView::new(&closed, currency)?))
    })
    .await
}
