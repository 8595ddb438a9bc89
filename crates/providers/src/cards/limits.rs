//! Which sums the gateway charges in each currency.
//!
//! In:  a currency. Out: the least, and in which steps.
//! Invariant: nothing is refused for a currency of which nothing is known.

use billing::payment::limits::Limits;
use units::{Currency, Money};

/// The least that is charged, in minor units, where that is known. Source: Stripe, "minimum and maximum charge amounts"; for CNY and
/// TWD, which it does not list, about half a dollar: that is ours.
const LEAST: [(&str, i64); 25] = [
    ("AED", 200),
    ("AUD", 50),
    ("BRL", 50),
    ("CAD", 50),
    ("CHF", 50),
    ("CNY", 400),
    ("CZK", 1_500),
    ("DKK", 250),
    ("EUR", 50),
    ("GBP", 30),
    ("HKD", 400),
    ("HUF", 17_500),
    ("INR", 50),
    ("JPY", 50),
    ("MXN", 1_000),
    ("MYR", 200),
    ("NOK", 300),
    ("NZD", 50),
    ("PLN", 200),
    ("RON", 200),
    ("SEK", 300),
    ("SGD", 50),
    ("THB", 1_000),
    ("TWD", 1_500),
    ("USD", 50),
];

/// Minor units that Stripe charges multiples of. Source: Stripe, "supported currencies": of three digits the last is 0, and an ariary
/// has no digits there.
const STEPS: [(&str, i64); 6] =
    [("BHD", 10), ("JOD", 10), ("KWD", 10), ("MGA", 100), ("OMR", 10), ("TND", 10)];

/// What is charged in a currency. Where the least is not known, it is one step: the gateway says no if it is too little for it.
pub fn limits(currency: Currency) -> Limits {
    let listed = |list: &[(&str, i64)]| list.iter().find(|it| it.0 == currency.as_str()).map(|it| it.1);
    let step = listed(&STEPS).unwrap_or(1);
    let money = |minor| Money::from_minor(minor, currency);
    Limits { least: money(listed(&LEAST).unwrap_or(step)), step: money(step) }
}
