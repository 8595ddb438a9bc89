//! The items of a purchase as they were sent.
//!
//! In:  bodies. Out: what the desk calls them, or a refusal that knows which item it is about.

use super::ItemBody;
use desk::Refusal;
use desk::orders::Item;
use units::Currency;

/// What the desk calls these items. Errors: that of the first item that cannot be read.
pub fn read(bodies: &[ItemBody], currency: Currency) -> Result<Vec<Item>, Refusal> {
    let item = |(index, it): (usize, &ItemBody)| it.item(currency).map_err(|error| error.of_item(index));
    bodies.iter().enumerate().map(item).collect()
}
