//! Which vouchers pay for what: `/v1/vouchers/quote`, `/v1/orders/{order}/vouchers`.
//!
//! In:  what is wanted or ordered, how vouchers are chosen for it. Out: what each pays.
//! Invariant: what vouchers would pay is what they pay when the same is ordered at the same instant.

use super::items::{ItemBody, desk_items, one_to_twenty};
use super::orders::purchase_of;
use super::purchase::PurchaseView;
use super::state::Api;
use super::voucher_body::VouchersBody;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use billing::voucher::{Unfit, VoucherError};
use desk::lists::accounts::currency;
use desk::lists::vouchers::{self as list, Voucher, VoucherPart};
use desk::vouchers::{self, Asked, Chosen, Proposal};
use desk::{At, Refusal, Tx};
use serde::{Deserialize, Serialize};
use units::{Money, OrderId};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::Node;
use web::call::{Call, Reply};
use web::caller::{Buyer, Reader};
use web::problem::Problem;
use web::wire::{self, Id, Path};
use web::words;

pub(super) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(quote_vouchers)).routes(routes!(list_order_vouchers, choose_vouchers))
}

/// What is wanted, and how vouchers are chosen for it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"vouchers": {"automatic": true}, "items": [{
    "product": "server", "name": "web", "options": {"charge": "prepaid", "region": "guangzhou", "zone": "guangzhou-1",
        "type": "S1.SMALL1", "network": "bandwidth", "bandwidth": 1}, "months": 1
}]}))]
pub struct VoucherQuoteBody {
    #[schema(min_items = 1, max_items = 20)]
    #[serde(deserialize_with = "one_to_twenty")]
    items: Vec<ItemBody>,
    vouchers: Option<VouchersBody>,
}

/// What one voucher would pay.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VoucherShareView {
    pub voucher: String,
    pub name: String,
    pub amount: wire::MoneyShown,
}

/// A voucher that does not pay for it, and the first reason.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UnfitVoucherView {
    pub voucher: String,
    pub name: String,
    /// The code that choosing it is refused with; what it pays for is read with the voucher.
    pub code: String,
    pub why: String,
}

/// What vouchers would pay.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "total": "71.00", "vouchers": [{"voucher": "vou_019eb7696c008cf183c2a061049531a6", "name": "spring", "amount": "71.00"}],
    "due": "0.00", "unfit": [], "limit": 1, "currency": "CNY"
}))]
pub struct VoucherQuoteView {
    pub total: wire::MoneyShown,
    /// In the order in which they pay.
    pub vouchers: Vec<VoucherShareView>,
    /// What is left for money.
    pub due: wire::MoneyShown,
    pub unfit: Vec<UnfitVoucherView>,
    /// So many vouchers an order of the account takes.
    #[schema(minimum = 1)]
    pub limit: u32,
    pub currency: String,
}

impl From<&Proposal> for VoucherQuoteView {
    fn from(it: &Proposal) -> VoucherQuoteView {
        let share = |(voucher, money): &(Voucher, Money)| VoucherShareView {
            voucher: voucher.id.to_string(),
            name: voucher.name.clone(),
            amount: wire::money(*money),
        };
        let unfit = |(voucher, why): &(Voucher, Unfit)| UnfitVoucherView {
            voucher: voucher.id.to_string(),
            name: voucher.name.clone(),
            code: Refusal::from(VoucherError::Unfit { voucher: voucher.id, why: why.clone() })
                .code()
                .to_string(),
            why: why.to_string(),
        };
        VoucherQuoteView {
            total: wire::money(it.total),
            vouchers: it.shares.iter().map(share).collect(),
            due: wire::money(it.due),
            unfit: it.unfit.iter().map(unfit).collect(),
            limit: it.limit,
            currency: it.total.currency().as_str().to_string(),
        }
    }
}

/// Says what vouchers would pay of what is wanted, and why others would not. Nothing is kept.
#[utoipa::path(post, path = "/v1/vouchers/quote", tag = "vouchers", request_body = VoucherQuoteBody,
    security(("key" = ["read"])), responses((status = 200, body = VoucherQuoteView)))]
async fn quote_vouchers(
    State(node): State<Node>,
    call: Call<Reader, VoucherQuoteBody>,
) -> Result<Json<VoucherQuoteView>, Problem> {
    let (account, body) = (call.who.account, call.body);
    let read = move |tx: &mut Tx<'_>, at: At<'_>| {
        let items = desk_items(&body.items, currency(tx, account)?)?;
        let chooses = VouchersBody::read(body.vouchers.as_ref())?;
        let found = vouchers::quote(tx, at, Asked { account, items: &items, choice: chooses.choice() })?;
        Ok::<_, Refusal>(VoucherQuoteView::from(&found))
    };
    Ok(Json(node.read(read).await?))
}

/// What a voucher pays of a piece of an order.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "voucher": "vou_019eb7696c008cf183c2a061049531a6", "name": "spring", "piece": "res_019eb7696c008cf183c2a061049531a6", "amount": "71.00", "state": "held"
}))]
pub struct OrderVoucherView {
    pub voucher: String,
    pub name: String,
    pub piece: String,
    pub amount: wire::MoneyShown,
    /// `held` until the piece comes, then `spent`; or `returned`, and usable again.
    pub state: words::VoucherPartState,
}

impl From<(VoucherPart, String)> for OrderVoucherView {
    fn from(of: (VoucherPart, String)) -> OrderVoucherView {
        let (it, name) = of;
        OrderVoucherView {
            voucher: it.voucher.to_string(),
            name,
            piece: it.piece.to_string(),
            amount: wire::money(it.money),
            state: it.state.into(),
        }
    }
}

/// The vouchers of an order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderVouchersView {
    /// A line for each voucher and piece.
    pub vouchers: Vec<OrderVoucherView>,
}

/// Which vouchers pay how much of an order.
#[utoipa::path(get, path = "/v1/orders/{order}/vouchers", tag = "vouchers", params(("order" = String, Path)),
    security(("key" = ["read"])), responses((status = 200, body = OrderVouchersView)))]
async fn list_order_vouchers(
    State(node): State<Node>,
    who: Reader,
    Path(order): Path<Id<OrderId>>,
) -> Result<Json<OrderVouchersView>, Problem> {
    let read = move |tx: &mut Tx<'_>, _: At<'_>| {
        desk::lists::orders::one(tx, who.account, order.0)?;
        let parts = list::of_order(tx, who.account, order.0)?;
        let vouchers = parts.into_iter().map(OrderVoucherView::from).collect();
        Ok::<_, Refusal>(OrderVouchersView { vouchers })
    };
    Ok(Json(node.read(read).await?))
}

/// Chooses vouchers for an order that waits for its payment, and for the others of its purchase, in place of those that it holds.
#[utoipa::path(put, path = "/v1/orders/{order}/vouchers", tag = "vouchers", params(("order" = String, Path)),
    request_body = VouchersBody, security(("key" = ["buy"])), responses((status = 200, body = PurchaseView)))]
async fn choose_vouchers(
    State(node): State<Node>,
    Path(order): Path<Id<OrderId>>,
    call: Call<Buyer, VouchersBody>,
) -> Result<Response, Problem> {
    node.once(call, move |tx, at, call| {
        let account = call.who.account;
        let chooses = VouchersBody::read(Some(&call.body))?;
        let token = purchase_of(tx, account, &[order.0])?;
        let orders = vouchers::choose(tx, at, Chosen { account, token: &token, choice: chooses.choice() })?;
        Ok(Reply::ok(PurchaseView::new(&orders, currency(tx, account)?)?))
    })
    .await
}
