//! Of which price book something is said: `currency=JPY`.

use crate::step::Pairs;
use crate::words::{Wrong, take};
use units::Currency;

/// Of which price book a price is said.
pub(super) fn currency(pairs: &mut Pairs) -> Result<Option<Currency>, Wrong> {
    let read = take(pairs, "currency").map(|it| Currency::parse(&it)).transpose();
    read.map_err(|error| (error.to_string(), "Write it like: currency=JPY".to_string()))
}
