//! The items of a purchase: as they are sent, as the desk calls them, and as the orders that they became.
//!
//! In:  bodies, orders. Out: what the desk calls an item, or a refusal that knows which item it is about; orders as shown.

use billing::order::{Order, Piece};
use billing::pack::Pack;
use billing::quote::{Becomes, Wish};
use desk::Refusal;
use desk::lists::orders::Moved;
use desk::orders::Item;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use units::{Currency, Money};
use utoipa::ToSchema;
use web::choice::Choice;
use web::wire::{self, Moment, MoneyText, Text, Whole};
use web::words;

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
    quoted: Option<MoneyText>,
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
            offered: None,
        })
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

/// What the desk calls these items. Errors: that of the first item that cannot be read.
pub fn desk_items(bodies: &[ItemBody], currency: Currency) -> Result<Vec<Item>, Refusal> {
    let item = |(index, it): (usize, &ItemBody)| it.item(currency).map_err(|error| error.of_item(index));
    bodies.iter().enumerate().map(item).collect()
}

/// Options as answers show them.
pub(super) fn options(it: &billing::options::Options) -> BTreeMap<String, String> {
    it.pairs().into_iter().collect()
}

/// What the purchase of the examples chooses, what it leaves to the defaults included.
pub(super) fn chosen_example() -> serde_json::Value {
    serde_json::json!({"bandwidth": "1", "charge": "prepaid", "data_disk": "0", "data_disk_type": "premium",
        "network": "bandwidth", "os": "linux", "region": "guangzhou", "system_disk": "20", "system_disk_type": "local",
        "type": "S1.SMALL1", "zone": "guangzhou-1"})
}

/// The order that the purchase of the examples became.
pub(super) fn order_example() -> serde_json::Value {
    serde_json::json!({
        "id": "ord_019eb7696c008cf183c2a061049531a6", "purchase": "first", "action": "new", "state": "delivering", "result": "open",
        "product": "server", "name": "web", "options": chosen_example(), "had": null, "months": 1, "days": 0, "raised_from": null, "raised_until": null,
        "month": null, "service": null, "currency": "CNY",
        "list": "71.00", "total": "71.00", "offer": null, "created": "2026-06-01T00:00:00Z", "expires": "2026-06-02T00:00:00Z", "pieces": [
            {"resource": "res_019eb7696c008cf183c2a061049531a6", "pack": null, "state": "waiting", "total": "71.00", "vouchers": "0.00", "held": "71.00"}
        ]
    })
}

/// One piece of an order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PieceView {
    /// The resource that it becomes, or that is renewed or changed; `null` for a pack.
    pub resource: Option<String>,
    /// The resource pack that it becomes when it is paid; `null` for a resource.
    pub pack: Option<String>,
    /// `waiting`, `delivered` or `failed`.
    pub state: words::PieceState,
    pub total: wire::MoneyShown,
    /// What of it vouchers pay.
    pub vouchers: wire::MoneyShown,
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
    /// `new`, `renew` for something that is there and paid for longer, `upgrade` or `downgrade` for other options of it.
    pub action: words::OrderAction,
    /// `unpaid`, `paid`, `delivering`, `delivered`, `delivery_failed`, `closed`, `expired` or `invalid`.
    pub state: words::OrderState,
    /// How it came out: `open` while pieces are to come, `partial` where some came and others failed.
    pub result: words::OrderResult,
    pub product: String,
    pub name: String,
    pub options: BTreeMap<String, String>,
    /// Of an upgrade, the options before it.
    pub had: Option<BTreeMap<String, String>>,
    pub months: u32,
    /// Days beyond the months, up to the account's fixed day; of an upgrade, those up to the deadline of the resource, or of a raise for
    /// some days.
    pub days: u32,
    /// When a raise for some days begins; `null` for all else.
    pub raised_from: Option<Moment>,
    /// When it is what it was again.
    pub raised_until: Option<Moment>,
    pub month: Option<String>,
    pub service: Option<String>,
    pub currency: String,
    pub list: wire::MoneyShown,
    /// What is paid for it. Of a `downgrade` nothing is: what went back, below zero; its piece has what its new options cost for the
    /// time that is left.
    pub total: wire::MoneyShown,
    /// The offer that set its price.
    pub offer: Option<String>,
    pub created: Moment,
    /// When an unpaid order ends by itself.
    pub expires: Moment,
    pub pieces: Vec<PieceView>,
}

impl OrderView {
    /// An order; a downgrade with what moved for it.
    pub fn told(it: &Order, moved: &Moved) -> OrderView {
        let total = moved.get(&it.id).copied().unwrap_or(it.total);
        OrderView { total: wire::money(total), ..OrderView::new(it) }
    }

    /// An order that is no downgrade.
    pub fn new(it: &Order) -> OrderView {
        let currency = it.total.currency();
        let is_pack = it.becomes == Becomes::Pack;
        let piece = |piece: &Piece| PieceView {
            resource: (!is_pack).then(|| piece.resource.to_string()),
            pack: is_pack.then(|| Pack::id_of(piece.resource).to_string()),
            state: piece.state.into(),
            total: wire::money(piece.total),
            vouchers: wire::money(piece.voucher),
            held: wire::money(piece.held.total()),
        };
        OrderView {
            id: it.id.to_string(),
            purchase: it.group.clone(),
            action: it.action.into(),
            state: it.state.into(),
            result: it.result().into(),
            product: it.product.clone(),
            name: it.name.clone(),
            options: options(&it.options),
            had: it.had.as_ref().map(options),
            months: it.months,
            days: it.days,
            raised_from: it.raise.map(|it| wire::time(it.from)),
            raised_until: it.raise.map(|it| wire::time(it.to)),
            month: it.month.clone(),
            service: it.service.clone(),
            currency: currency.as_str().to_string(),
            list: wire::money(it.list),
            total: wire::money(it.total),
            offer: it.offered.map(|it| it.offer.to_string()),
            created: wire::time(it.created),
            expires: wire::time(it.expires),
            pieces: it.pieces.iter().map(piece).collect(),
        }
    }
}
