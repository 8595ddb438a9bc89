//! What a token of a purchase stands for: the items that it was used with, as text that is kept.
//!
//! In:  items of a purchase. Out: the text of each, and whether a kept one says the same.
//! Invariant: kept texts are read for ever: the form changes only with its version, and older forms are still known.
//! Rules: R-ORD-7.

use billing::order::Item;
use billing::quote::Wish;
use billing::resource::raise::Days;
use serde_json::{Value, json};
use store::orders::StoredOrder;
use units::ResourceId;

/// The text of an item that is kept with its order. Options stand by name: in which order they were sent means nothing.
///
/// A new field of `Item` is a member that is left out where it has its default, so that kept texts stay what they are.
pub fn text(item: &Item) -> String {
    let mut options = item.wish.options.clone();
    options.sort();
    // Names in alphabetical order, whether or not the map that is printed keeps its own.
    let mut text = json!({
        "month": item.month,
        "months": item.wish.months,
        "name": item.name,
        "options": options,
        "product": item.wish.product,
        "quantity": item.wish.quantity,
        "quoted": item.quoted_minor,
        "service": item.service,
        "version": 1,
    });
    if let Some(it) = item.offered {
        text["offer"] = json!(it.offer.to_string());
    }
    text.to_string()
}

/// The text of a renewal that is kept with its order.
pub fn renewal(resource: ResourceId, months: u32, quoted_minor: Option<i64>) -> String {
    json!({ "months": months, "quoted": quoted_minor, "renew": resource.to_string(), "version": 1 })
        .to_string()
}

/// The text of a change that is kept with its order. In which order options were sent means nothing.
///
/// Days stand in it only where it is for some: kept texts stay what they are.
pub fn change(
    resource: ResourceId,
    options: &[(String, String)],
    quoted_minor: Option<i64>,
    days: Option<Days>,
) -> String {
    let mut options = options.to_vec();
    options.sort();
    let mut text =
        json!({ "change": resource.to_string(), "options": options, "quoted": quoted_minor, "version": 1 });
    if let Some(it) = days {
        text["days"] = json!([it.from.as_second(), it.to.as_second()]);
    }
    text.to_string()
}

/// The text of a conversion that is kept with its order.
pub fn conversion(resource: ResourceId, months: u32, quoted_minor: Option<i64>) -> String {
    json!({ "convert": resource.to_string(), "months": months, "quoted": quoted_minor, "version": 1 })
        .to_string()
}

/// The item that a text of the present version says. `None` for any other text, and for one that was offered: its price is
/// not in it.
pub fn item(text: &str) -> Option<Item> {
    let kept: Value = serde_json::from_str(text).ok()?;
    if kept.get("offer").is_some() {
        return None;
    }
    let said = |name: &str| kept.get(name)?.as_str().map(str::to_string);
    let number = |name: &str| u32::try_from(kept.get(name)?.as_u64()?).ok();
    let pair = |it: &Value| Some((it.get(0)?.as_str()?.to_string(), it.get(1)?.as_str()?.to_string()));
    let wish = Wish {
        product: said("product")?,
        options: kept.get("options")?.as_array()?.iter().map(pair).collect::<Option<_>>()?,
        months: number("months")?,
        quantity: number("quantity")?,
    };
    let quoted_minor = kept.get("quoted").and_then(Value::as_i64);
    let (month, name, service) = (said("month"), said("name")?, said("service"));
    Some(Item { wish, month, name, service, quoted_minor, offered: None })
}

/// The text before there were versions: what debug printing made of an item in November 2026.
fn unversioned(item: &Item) -> String {
    let Item { wish, month, name, service, quoted_minor, offered: _ } = item;
    format!(
        "Item {{ wish: Wish {{ product: {:?}, options: {:?}, months: {}, quantity: {} }}, month: {month:?}, name: {name:?}, \
         service: {service:?}, quoted_minor: {quoted_minor:?} }}",
        wish.product, wish.options, wish.months, wish.quantity
    )
}

/// Whether these orders were placed for these items.
pub fn is_same(before: &[StoredOrder], items: &[Item]) -> bool {
    let same = |(read, item): (&StoredOrder, &Item)| {
        let kept = read.asked.as_str();
        if kept.starts_with('{') { kept == text(item) } else { kept == unversioned(item) }
    };
    before.len() == items.len() && before.iter().zip(items).all(same)
}

#[cfg(test)]
mod tests;
