//! Reading, writing and rounding decimals.

use super::*;
use proptest::prelude::*;

#[track_caller]
fn check(text: &str, places: u32, value: i128) {
    assert_eq!(parse(text, places).unwrap(), value, "{text}");
}

#[test]
fn decimals_are_read_exactly() {
    check("0.0009", 8, 90_000);
    check("51", 2, 5_100);
    check("-0.5", 2, -50);
    check("0.50000", 1, 5);
}

#[test]
fn what_is_not_a_plain_decimal_is_refused() {
    for text in ["", ".", "1.", ".5", "1e3", "NaN", "inf", "1 000", "+1", "--1", "0x1", "１"] {
        assert!(matches!(parse(text, 8), Err(MoneyError::Malformed(_))), "{text}");
    }
    assert!(matches!(parse("0.001", 2), Err(MoneyError::TooFine { .. })));
    assert!(matches!(parse(&"9".repeat(60), 2), Err(MoneyError::Overflow)));
}

#[test]
fn half_goes_away_from_zero() {
    for (value, by, result) in
        [(5, 10, 1), (4, 10, 0), (-5, 10, -1), (-4, 10, 0), (15, 10, 2), (25, 10, 3), (1, 3, 0), (2, 3, 1)]
    {
        assert_eq!(div_half_up(value, by), result, "{value}/{by}");
        let far = i128::from(i64::MAX) * 16;
        assert_eq!(div_half_up(value * far, by * far), result, "{value}/{by}, wide");
    }
}

#[test]
fn short_forms_keep_what_counts() {
    assert_eq!(print_short(17_283_333, 8, 2), "0.17283333");
    assert_eq!(print_short(17_000_000, 8, 2), "0.17");
    assert_eq!(print_short(100_000_000, 8, 2), "1.00");
    assert_eq!(print_short(100_000_000, 8, 0), "1");
    assert_eq!(print_short(-90_000, 8, 2), "-0.0009");
}

proptest! {
    #[test]
    fn printing_and_reading_are_inverse(value in any::<i64>(), places in 0_u32..9) {
        prop_assert_eq!(parse(&print(value.into(), places), places).unwrap(), i128::from(value));
    }

    #[test]
    fn rounding_is_never_off_by_more_than_half(value in any::<i64>(), by in 1_i64..1_000_000) {
        let rounded = div_half_up(value.into(), by.into());
        let off = (rounded * i128::from(by) - i128::from(value)).abs() * 2;
        prop_assert!(off <= i128::from(by));
    }

    #[test]
    fn the_short_way_to_multiply_is_the_long_way(one in any::<i128>(), other in any::<i128>(), shift in 0_u32..127) {
        for (one, other) in [(one, other), (one >> shift, other >> shift), (one >> 64, other >> 64), (i128::MIN, -1)] {
            prop_assert_eq!(times(one, other), one.checked_mul(other));
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in ".*") {
        let _ = parse(&text, 8);
    }
}
