//! Which item of a purchase a refusal is about.
//!
//! In:  a refusal, and the items as they were sent. Out: the same with the path of the item's part.
//! Invariant: what is refused stays refused with the same code and sentence; only its field is found here.

use super::super::problem;
use super::ItemBody;
use crate::desk::Refusal;
use crate::desk::orders::Item;
use units::Currency;

/// The part of an item that a refusal with this code is about; `None` when it is about no item.
fn part_of_item(code: &str) -> Option<&'static str> {
    match code {
        "unknown_product" | "not_verified" => Some("product"),
        "unknown_option"
        | "option_missing"
        | "option_not_on_sale"
        | "option_out_of_range"
        | "option_does_not_apply"
        | "no_price"
        | "not_priceable"
        | "pack_size_invalid" => Some("options"),
        "quantity_out_of_range" | "quota_exceeded" | "amount_too_large" => Some("quantity"),
        "months_invalid" => Some("months"),
        "pack_over" | "pack_month_invalid" => Some("month"),
        "price_changed" | "amount_invalid" => Some("quoted"),
        _ => None,
    }
}

/// The path of what a refusal of item `index` is about.
pub fn field(index: usize, refusal: &Refusal) -> Option<String> {
    let part = problem::field(refusal).or_else(|| part_of_item(refusal.code()).map(str::to_string))?;
    Some(format!("items[{index}].{part}"))
}

/// What the desk calls these items. Errors: that of the first item that cannot be read.
pub fn read(bodies: &[ItemBody], currency: Currency) -> Result<Vec<Item>, Refusal> {
    let item = |(index, it): (usize, &ItemBody)| it.item(currency).map_err(|error| error.of_item(index));
    bodies.iter().enumerate().map(item).collect()
}
