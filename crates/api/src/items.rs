//! The items of a purchase: as they are sent, and as the desk calls them.
//!
//! In:  bodies. Out: what the desk calls them, or a refusal that knows which item it is about.

use billing::quote::Wish;
use desk::Refusal;
use desk::orders::Item;
use serde::Deserialize;
use std::collections::BTreeMap;
use units::{Currency, Money};
use utoipa::ToSchema;
use web::choice::Choice;
use web::wire::{MoneyText, Text, Whole};

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
    fn item(&self, currency: Currency) -> Result<Item, Refusal> {
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
