//! Carts: what may be put into one, and whether what is bought is what was agreed to.
//!
//! In:  items by their ids, what somebody agreed to. Out: whether there is room; the items at the sums that were agreed to.
//! Invariant: a cart holds no more than one purchase takes; nothing is bought that was not looked at.
//! Rules: R-ORD-1, R-ORD-6.

use crate::order::Item;

/// A purchase, and so a cart, has no more items.
pub const MOST: usize = 20;

/// Whether a cart that holds these ids takes another putting: one that was made before takes no room.
pub fn has_room<'a>(mut there: impl ExactSizeIterator<Item = &'a str>, id: &str) -> bool {
    there.len() < MOST || there.any(|it| it == id)
}

/// The items of a cart, each at the sum in minor units that was agreed to; `None` where the cart is not what was agreed to:
/// empty by now, or with an item more, less or other.
pub fn agreed(items: Vec<(String, Item)>, sums: &[(String, i64)]) -> Option<Vec<Item>> {
    if items.is_empty() || items.len() != sums.len() {
        return None;
    }
    let at_sum = |(id, item): (String, Item)| {
        let sum = sums.iter().find(|it| it.0 == id)?.1;
        Some(Item { quoted_minor: Some(sum), ..item })
    };
    items.into_iter().map(at_sum).collect()
}

#[cfg(test)]
mod tests;
