//! Explaining: the arithmetic of a line, in sentences, from what the line stores.
//!
//! In:  a line, its component and price item. Out: sentences whose last figure is the stored cost.
//! Invariant: the figures come from the same functions that priced the line.
//! Rules: R-BIL-2, R-PRC-9.

use crate::bill::Line;
use crate::book::{Component, Meter};
use crate::price::{Bands, FULL_RATE_E8, PriceItem, Pricing, Tiers};
use crate::tag;
use units::decimal::print_short;
use units::{Amount, Measured, PriceError, Quantity, Unit};

/// What was measured, as scenarios write it: pieces are bare numbers there.
pub fn bare(used: Measured) -> String {
    match used.unit {
        Unit::Piece => with_factor(used.quantity.to_string(), used),
        _ => with_unit(used),
    }
}

/// What was measured, with its unit: `3600 s`, `1 piece × 6`.
pub fn with_unit(used: Measured) -> String {
    let plural = if used.unit == Unit::Piece && used.quantity != 1 { "s" } else { "" };
    with_factor(format!("{} {}{plural}", used.quantity, used.unit), used)
}

fn with_factor(value: String, used: Measured) -> String {
    let value = if used.count == 1 { value } else { format!("{value} / {}", used.count) };
    match (used.num, used.den) {
        (1, 1) => value,
        (num, 1) => format!("{value} × {num}"),
        (1, den) => format!("{value} / {den}"),
        (num, den) => format!("{value} × {num} / {den}"),
    }
}

/// The same of a component: what is paid by the month was bought for so many months.
fn of_component(component: &Component, used: Measured) -> String {
    if component.meter != Meter::Months {
        return with_unit(used);
    }
    let months = format!("{} month{}", used.num, if used.num == 1 { "" } else { "s" });
    match (used.unit, used.quantity) {
        (Unit::Piece, 1) => months,
        _ => format!("{} × {months}", with_unit(Measured::of(used.quantity, used.unit))),
    }
}

fn short(amount: Amount) -> String {
    print_short(amount.e8(), 8, 2)
}

/// The sentences of one line. Errors: the price does not fit what was measured.
pub fn line(
    line: &Line<'_>,
    component: &Component,
    item: &PriceItem,
    currency: units::Currency,
) -> Result<Vec<String>, PriceError> {
    let mut text = vec![format!("{} is priced by `{}` ({}).", line.name, item.key, item.source)];
    let counted = item.counted(line.measured, line.offset.into())?;
    let verb = if matches!(component.meter, Meter::Months | Meter::Once) { "Bought" } else { "Measured" };
    text.push(format!("{verb}: {}.", of_component(component, line.measured)));
    if line.covered > 0 {
        text.push(format!(
            "Packs covered {} {} of it before; they are not in that figure.",
            line.covered, line.measured.unit
        ));
    }
    if counted != line.measured {
        text.push(format!("After free and started units it counts as {}.", of_component(component, counted)));
    }
    text.push(formula(component, item, counted, line.offset)?);
    let list = item.part(line.measured, line.position())?;
    text.push(format!("List price: {list} {currency}."));
    if line.rate_e8 != FULL_RATE_E8 {
        text.push(format!(
            "Discount rate {}: {} × {0} = {}.",
            print_short(line.rate_e8.into(), 8, 2),
            list,
            Amount::from_e8(line.cost_e8.into(), currency)
        ));
    }
    text.push(format!("The line is {} {currency}.", Amount::from_e8(line.cost_e8.into(), currency)));
    Ok(text)
}

fn formula(
    component: &Component,
    item: &PriceItem,
    used: Measured,
    offset: u64,
) -> Result<String, PriceError> {
    let per = |it: Quantity| tag::per(component, it, item.per_seconds);
    Ok(match &item.pricing {
        Pricing::PerUnit(price) => {
            let (amount, divided) = (short(price.amount), divisor(price.per));
            format!("{amount} per {}: {amount} × {}{divided}.", per(price.per), of_component(component, used))
        }
        Pricing::Graduated(tiers) => graduated(tiers, used, offset, &per(tiers.per)),
        Pricing::Volume(tiers) => {
            format!("All of it at the tier that it reaches, per {}.", per(tiers.per))
        }
        Pricing::Package { size, price } => {
            format!(
                "{} started blocks of {} at {} each.",
                used.quantity.div_ceil(size.value.max(1)),
                size.value,
                short(*price)
            )
        }
        Pricing::Percentage(it) => {
            format!(
                "{} % of {} + {}, within its bounds.",
                print_short(it.rate_e8.into(), 6, 0),
                print_short(used.quantity as i128, 8, 2),
                short(it.fixed)
            )
        }
        Pricing::Band(bands) => in_band(bands, used, item.cost(used)?),
    })
}

/// ` / 3600`, or nothing for a price of one.
fn divisor(per: Quantity) -> String {
    if per.value == 1 { String::new() } else { format!(" / {}", per.value) }
}

/// Which band it fell into.
fn in_band(bands: &Bands, used: Measured, cost: Amount) -> String {
    let at = bands.bands.iter().rposition(|it| it.1 == cost);
    let from = at.map_or(0, |it| bands.bands[it].0);
    let to = at.and_then(|it| bands.bands.get(it + 1)).map_or("up".to_string(), |it| it.0.to_string());
    let (used, unit, cost) = (with_unit(used), bands.unit, short(cost));
    format!("{used} falls into the band from {from} to {to} {unit}: {cost}.")
}

fn graduated(tiers: &Tiers, used: Measured, offset: u64, per: &str) -> String {
    let to = u128::from(offset) + used.quantity;
    let mut parts = Vec::new();
    for (at, tier) in tiers.tiers.iter().enumerate() {
        let end = tiers.tiers.get(at + 1).map_or(u128::MAX, |next| next.above);
        let (from, end) = (tier.above.max(offset.into()), end.min(to));
        if from < end {
            parts.push(format!("{} × {}", end - from, short(tier.amount)));
        }
    }
    let divided = divisor(tiers.per);
    let time = with_factor(String::new(), used);
    let clock = if offset > 0 { format!(" (the tier clock stood at {offset} s)") } else { String::new() };
    format!("Tiers, per {per}: ({}){divided}{time}{clock}.", parts.join(" + "))
}
