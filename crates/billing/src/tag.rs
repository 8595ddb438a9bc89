//! Price tags: a price as a list shows it.
//!
//! In:  a component and its price item. Out: words such as `0.42 per hour`.
//! Invariant: figures are those of the price item, shortened by nothing but zeros.
//! Rules: R-PRC-1, R-BIL-2.

use crate::book::{Component, Meter};
use crate::price::{PriceItem, Pricing};
use units::{Amount, Quantity, Unit};

/// What a price of `component` is per; what is paid by the month says so.
pub fn per(component: &Component, quantity: Quantity, seconds: u64) -> String {
    let unit = unit_of(quantity, seconds);
    match (&component.meter, quantity.unit) {
        (Meter::Months, Unit::Piece) => "month".to_string(),
        (Meter::Months, _) => format!("{unit} and month"),
        _ => unit,
    }
}

/// The price as a list shows it: `0.42 per hour`, `0.80 per GB`, `1 at 0.063, above 5 at 0.25`.
pub fn in_words(component: &Component, item: &PriceItem) -> String {
    let short = |amount: Amount| units::decimal::print_short(amount.e8(), 8, 2);
    match &item.pricing {
        Pricing::PerUnit(price) => {
            format!("{} per {}", short(price.amount), per(component, price.per, item.per_seconds))
        }
        Pricing::Graduated(tiers) | Pricing::Volume(tiers) => {
            let steps: Vec<String> =
                tiers.tiers.iter().map(|it| format!("above {} at {}", it.above, short(it.amount))).collect();
            format!("{} per {}", steps.join(", "), per(component, tiers.per, item.per_seconds))
        }
        Pricing::Package { size, price } => format!("{} per {} {}", short(*price), size.value, size.unit),
        Pricing::Percentage(it) => {
            format!("{} % + {}", units::decimal::print_short(it.rate_e8.into(), 6, 0), short(it.fixed))
        }
        Pricing::Band(bands) => format!(
            "{} bands from {}",
            bands.bands.len(),
            bands.bands.first().map_or_else(String::new, |it| short(it.1))
        ),
    }
}

/// "GB", "hour", "GB and hour": a quantity held for so many seconds.
fn unit_of(quantity: Quantity, seconds: u64) -> String {
    let time = |seconds: u64| match seconds {
        1 => String::new(),
        3_600 => "hour".to_string(),
        86_400 => "day".to_string(),
        other => format!("{other} s"),
    };
    let unit = match (quantity.unit, quantity.value) {
        (Unit::PieceSecond, 3_600) => "hour".to_string(),
        (Unit::GigabyteSecond, 3_600) => "GB and hour".to_string(),
        (Unit::MbpsSecond, 3_600) => "Mbps and hour".to_string(),
        (Unit::Byte, 1_073_741_824) => "GB".to_string(),
        (Unit::Byte, 1_000_000_000) => "GB (10⁹ bytes)".to_string(),
        (Unit::BitPerSecond, 1_000_000) => "Mbps".to_string(),
        (unit, 1) => unit.to_string(),
        (unit, value) => format!("{value} {unit}"),
    };
    match (quantity.unit, time(seconds)) {
        (_, time) if time.is_empty() => unit,
        (Unit::Piece, time) => time,
        (_, time) => format!("{unit} and {time}"),
    }
}
