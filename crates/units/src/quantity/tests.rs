//! Prices applied to quantities.

use super::*;
use crate::money::Currency;
use proptest::prelude::*;

#[track_caller]
fn check(price: &str, per: u128, used: u128, cost: &str) {
    let price = Price {
        amount: Amount::parse(price, Currency::CNY).unwrap(),
        per: Quantity::new(per, Unit::PieceSecond),
    };
    assert_eq!(price.of(Quantity::new(used, Unit::PieceSecond)).unwrap().to_string(), cost);
}

/// Source: R-MON-1, R-MON-3.
#[test]
fn a_price_is_multiplied_first_and_divided_once() {
    check("0.17", 3600, 3660, "0.17283333");
    check("0.42", 3600, 1, "0.00011667");
    check("0.80", 1 << 30, 123_456_789_012, "91.98247568");
}

#[test]
fn a_price_of_another_unit_is_an_error() {
    let price = Price { amount: Amount::from_e8(1, Currency::CNY), per: Quantity::new(1, Unit::Byte) };
    let wrong = price.of(Quantity::new(1, Unit::PieceSecond));
    assert_eq!(wrong, Err(PriceError::UnitMismatch { price: Unit::Byte, used: Unit::PieceSecond }));
}

#[test]
fn a_mean_is_divided_when_it_is_priced() {
    let price = Price {
        amount: Amount::parse("1.00", Currency::CNY).unwrap(),
        per: Quantity::new(1, Unit::Gigabyte),
    };
    let used = Measured::of(10 * 10 + 20 * 20, Unit::Gigabyte).part(1, 30);
    assert_eq!(price.measured(used).unwrap().to_string(), "16.66666667");
}

proptest! {
    #[test]
    fn nothing_wraps(e8 in any::<i64>(), value in any::<u128>(), num in any::<u64>(), den in any::<u64>(), per in any::<u128>()) {
        let _ = scaled(e8.into(), Measured::of(value, Unit::Byte).part(num, den), per);
    }
}
