//! A purchase: what is asked for, and the orders that it became.

use super::items::{ItemBody, OrderView, one_to_twenty, order_example};
use super::voucher_body::VouchersBody;
use billing::order::Order;
use desk::purchases::Pay;
use serde::{Deserialize, Serialize};
use units::{Currency, Money, MoneyError};
use utoipa::ToSchema;
use web::call::Call;
use web::caller::Buyer;
use web::wire;

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
    /// Which vouchers pay; none if left out.
    pub(super) vouchers: Option<VouchersBody>,
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
