//! How sums and addresses are written on paper.
//!
//! In:  sums, parties. Out: texts as the console writes them.
//! Invariant: nothing is rounded here.

use billing::document::party::Party;
use billing::when;
use units::decimal::print_short;
use units::money::AMOUNT_DIGITS;
use units::{Currency, Money};

/// `8,600.00`, without its currency.
pub(crate) fn money(it: Money) -> String {
    when::decimal(&it.to_string())
}

/// Costs in 1e-8 as they stand below each other: exact, all with as many digits behind the point as the longest of them, and
/// at least those of the currency.
pub(crate) struct Costs {
    digits: u32,
}

impl Costs {
    pub(crate) fn of(all: impl Iterator<Item = i128>, currency: Currency) -> Costs {
        let is_whole = |e8: i128, digits: u32| e8 % 10_i128.pow(AMOUNT_DIGITS - digits) == 0;
        let needed = |e8| (0..AMOUNT_DIGITS).find(|it| is_whole(e8, *it)).unwrap_or(AMOUNT_DIGITS);
        Costs { digits: all.map(needed).max().unwrap_or(0).max(currency.minor_digits()) }
    }

    pub(crate) fn cost(&self, e8: i128) -> String {
        when::decimal(&print_short(e8, AMOUNT_DIGITS, self.digits))
    }
}

/// The lines of a party's address, without those that nobody said.
pub(crate) fn address(it: &Party) -> Vec<String> {
    let place = [it.postal_code.as_str(), it.city.as_str(), it.country.as_str()];
    let place: Vec<&str> = place.into_iter().filter(|it| !it.is_empty()).collect();
    [it.street.clone(), place.join(" ")].into_iter().filter(|it| !it.is_empty()).collect()
}
