//! Sums in words, sums as they are read, and what XML cannot hold.

use crate::{capital, said, xml};
use units::{Currency, Money};

#[test]
fn sums_in_capital_numerals() {
    let cases = [
        (35_796, "叁佰伍拾柒元玖角陆分"),
        (0, "零元整"),
        (100, "壹元整"),
        (10, "壹角整"),
        (5, "伍分"),
        (1_005, "壹拾元零伍分"),
        (1_000_100, "壹万零壹元整"),
        (1_010_000, "壹万零壹佰元整"),
        (10_000_000, "壹拾万元整"),
        (12_034_050_600, "壹亿贰仟零叁拾肆万零伍佰零陆元整"),
        (10_000_000_001, "壹亿元零壹分"),
        (-2_050, "负贰拾元伍角整"),
    ];
    for (fen, words) in cases {
        assert_eq!(capital::yuan(fen), words, "{fen}");
    }
}

#[test]
fn sums_as_they_are_read() {
    assert_eq!(said::money(Money::from_minor(-860_000_005, Currency::CNY)), "\u{2212}8,600,000.05");
    assert_eq!(said::money(Money::from_minor(7, Currency::CNY)), "0.07");
    assert_eq!(said::cost(12_171_622_222, Currency::CNY), "121.71622222");
    assert_eq!(said::cost(100_000_000, Currency::CNY), "1.00");
}

#[test]
fn what_xml_cannot_hold_is_replaced() {
    let written = xml::document(&xml::text("name", "a\u{0}b\u{ffff}c\u{1f600}<&"));
    assert!(written.ends_with("<name>a\u{fffd}b\u{fffd}c\u{1f600}&lt;&amp;</name>"), "{written}");
}
