//! How sums and addresses are written on paper.
//!
//! In:  sums, parties. Out: texts as the console writes them.
//! Invariant: nothing is rounded here.

use billing::document::party::Party;
use billing::when;
use units::decimal::print_short;
use units::{Currency, Money};

/// `8,600.00`, without its currency.
pub(crate) fn money(it: Money) -> String {
    when::decimal(&it.to_string())
}

/// A cost in 1e-8, exact, with at least the digits of the currency.
pub(crate) fn cost(e8: i128, currency: Currency) -> String {
    when::decimal(&print_short(e8, 8, currency.minor_digits()))
}

/// The lines of a party's address, without those that nobody said.
pub(crate) fn address(it: &Party) -> Vec<String> {
    let place = [it.postal_code.as_str(), it.city.as_str(), it.country.as_str()];
    let place: Vec<&str> = place.into_iter().filter(|it| !it.is_empty()).collect();
    [it.street.clone(), place.join(" ")].into_iter().filter(|it| !it.is_empty()).collect()
}
