//! The gateway that cards are paid through, where there is one.
//!
//! In:  a payment and what is asked of it. Out: what the gateway says.
//! Invariant: no number of a card passes here; every question ends within a time, and what gets no answer says so.

pub mod signature;
pub mod simulated;
pub mod stripe;

use std::sync::Arc;
pub use stripe::{Stripe, StripeError};
use units::{Currency, Money};

/// Through whom cards are paid.
#[derive(Clone, Debug, Default)]
pub enum Cards {
    /// Nobody: cards are not taken.
    #[default]
    Off,
    /// In stories.
    Simulated(simulated::Simulated),
    Stripe(Arc<Stripe>),
}

/// The least that the gateway charges in a currency, in minor units. Source: Stripe, "minimum and maximum charge amounts".
const LEAST: [(&str, i64); 12] = [
    ("CNY", 400),
    ("USD", 50),
    ("EUR", 50),
    ("GBP", 30),
    ("JPY", 50),
    ("HKD", 400),
    ("SGD", 50),
    ("AUD", 50),
    ("CAD", 50),
    ("CHF", 50),
    ("INR", 50),
    ("MYR", 200),
];

/// The least that is charged in a currency: that of the list, or one unit where it says nothing.
pub fn least(currency: Currency) -> Money {
    let listed = LEAST.iter().find(|it| it.0 == currency.as_str()).map(|it| it.1);
    let unit = 10_i64.pow(currency.minor_digits());
    Money::from_minor(listed.unwrap_or(unit), currency)
}
