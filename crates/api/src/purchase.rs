//! A purchase: what is asked for, and the orders that it became.

use super::items::{ItemBody, chosen_example, one_to_twenty, options};
use billing::order::{Order, Piece};
use billing::pack::Pack;
use billing::quote::Becomes;
use desk::purchases::Pay;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::{Currency, Money, MoneyError};
use utoipa::ToSchema;
use web::call::Call;
use web::caller::Buyer;
use web::wire::{self, Moment};
use web::words;

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

/// A call with the token of its purchase.
pub struct PurchaseCall {
    pub call: Call<Buyer, OrdersBody>,
    pub token: String,
}

fn order_example() -> serde_json::Value {
    serde_json::json!({
        "id": "ord_019eb7696c008cf183c2a061049531a6", "purchase": "first", "state": "delivering", "product": "server",
        "name": "web", "options": chosen_example(), "months": 1, "month": null, "service": null, "currency": "CNY",
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
    pub total: wire::MoneyShown,
    /// What is held of the wallet until it is delivered.
    pub held: wire::MoneyShown,
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
    pub list: wire::MoneyShown,
    pub total: wire::MoneyShown,
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
    pub total: wire::MoneyShown,
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
