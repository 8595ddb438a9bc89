//! How contract rates are written.

use super::*;

#[test]
fn a_rate_is_zero_to_one_with_four_digits_at_most() {
    for (text, e8) in
        [("1", 100_000_000), ("1.0000", 100_000_000), ("0.9", 90_000_000), ("0.0001", 10_000), ("0", 0)]
    {
        assert_eq!(Terms::parse(text), Some(Terms { contract_rate_e8: e8 }), "{text}");
    }
    for text in ["", "1.0001", "2", "-0.5", "0.12345", ".9", "0.", "+0.9", "0,9", "00.9", " 0.9", "1e-1"] {
        assert_eq!(Terms::parse(text), None, "{text:?}");
    }
}
