//! Which item of a purchase a refusal is about.
//!
//! In:  a refusal, and the items as they were sent. Out: the same with the path of the item's part.
//! Invariant: what is refused stays refused with the same code and sentence; only its field is found here.

use super::super::problem::{self, Problem};
use super::super::till::Till;
use super::ItemBody;
use crate::desk::orders;
use crate::desk::{Desk, Refusal};
use store::Tx;
use units::{AccountId, Timestamp};

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

/// The refusal of item `index`, with its path.
pub(super) fn of(refusal: Refusal, index: usize) -> Refusal {
    let part = problem::field(&refusal).or_else(|| part_of_item(refusal.code()).map(str::to_string));
    match part {
        Some(part) => refusal.of(format!("items[{index}].{part}")),
        None => refusal,
    }
}

/// The problem with the path of the item that it is about, where it is about one.
pub(super) async fn named(
    till: &Till,
    problem: Problem,
    account: AccountId,
    items: Vec<ItemBody>,
) -> Problem {
    let Some(usual) = part_of_item(&problem.code) else { return problem };
    let code = problem.code.clone();
    let found = till.read(move |tx, desk, now| refused_item(tx, desk, account, (&items, &code), now)).await;
    match found {
        Ok(Some(index)) => {
            let part = problem.field.as_deref().unwrap_or(usual);
            Problem { field: Some(format!("items[{index}].{part}")), ..problem }
        }
        // It is refused in any case; what changed meanwhile is not told.
        Ok(None) | Err(_) => problem,
    }
}

/// Which item is refused with this code.
fn refused_item(
    tx: &mut Tx<'_>,
    desk: &Desk,
    account: AccountId,
    (bodies, code): (&[ItemBody], &str),
    now: Timestamp,
) -> Result<Option<usize>, Refusal> {
    let currency = desk.book(now)?.currency;
    let mut items = Vec::new();
    for (index, body) in bodies.iter().enumerate() {
        match body.item(currency) {
            Ok(item) => items.push(item),
            Err(refusal) if refusal.code() == code => return Ok(Some(index)),
            Err(refusal) => return Err(refusal),
        }
    }
    orders::refused_item(tx, desk, account, (&items, code), now)
}
