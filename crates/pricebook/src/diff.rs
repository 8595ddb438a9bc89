//! What changes between two books, in lines that an operator can read before applying one.
//!
//! In:  two books. Out: one line per price or discount table that differs.
//! Invariant: no line stands where both charge the same.

use billing::book::{Book, Component};
use billing::price::Pricing;
use std::collections::BTreeMap;
use units::Amount;

/// One line per price that appears, goes or changes; empty when both charge the same.
pub fn diff(before: &Book, after: &Book) -> Vec<String> {
    let (old, new) = (items(before), items(after));
    let mut lines = Vec::new();
    for (key, text) in &old {
        match new.get(key) {
            None => lines.push(format!("- {key}: {text}")),
            Some(now) if now != text => lines.push(format!("~ {key}: {text} → {now}")),
            Some(_) => {}
        }
    }
    lines.extend(
        new.iter().filter(|it| !old.contains_key(it.0)).map(|(key, text)| format!("+ {key}: {text}")),
    );
    for (name, table) in &after.discounts {
        if before.discounts.get(name) != Some(table) {
            lines.push(format!("~ discount table {name}"));
        }
    }
    lines
}

fn items(book: &Book) -> BTreeMap<String, String> {
    let of = |component: &Component| {
        component.prices.iter().map(|row| (row.item.key.clone(), text(&row.item.pricing))).collect::<Vec<_>>()
    };
    book.products.iter().flat_map(|it| it.components.iter().flat_map(of)).collect()
}

fn short(amount: Amount) -> String {
    units::decimal::print_short(amount.e8(), 8, 2)
}

fn text(pricing: &Pricing) -> String {
    match pricing {
        Pricing::PerUnit(price) => {
            format!("{} per {} {}", short(price.amount), price.per.value, price.per.unit)
        }
        Pricing::Graduated(tiers) | Pricing::Volume(tiers) => {
            steps(tiers.tiers.iter().map(|it| (it.above, it.amount)))
        }
        Pricing::Package { size, price } => format!("{} per started {}", short(*price), size.value),
        Pricing::Percentage(it) => format!("{} e-6 percent + {}", it.rate_e8, short(it.fixed)),
        Pricing::Band(bands) => steps(bands.bands.iter().copied()),
    }
}

/// Where each step begins, and its amount.
fn steps(steps: impl Iterator<Item = (u128, Amount)>) -> String {
    let steps: Vec<String> =
        steps.map(|(above, amount)| format!("above {above}: {}", short(amount))).collect();
    steps.join(", ")
}
