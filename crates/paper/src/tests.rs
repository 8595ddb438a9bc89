//! Sums in words, sums and days as they are read.

use crate::{capital, said};
use billing::language::Language;
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
fn sums_and_days_as_they_are_read() {
    assert_eq!(said::money(Money::from_minor(-860_000_005, Currency::CNY)), "\u{2212}8,600,000.05");
    assert_eq!(said::money(Money::from_minor(7, Currency::CNY)), "0.07");
    assert_eq!(said::sum(Money::from_minor(35_796, Currency::CNY), Language::Chinese), "357.96 元");
    assert_eq!(said::cost(12_171_622_222, Currency::CNY), "121.71622222");
    assert_eq!(said::cost(100_000_000, Currency::CNY), "1.00");
    assert_eq!(said::day("2026-06-18", Language::English), "18 June 2026");
    assert_eq!(said::day("2026-06", Language::Chinese), "2026年6月");
    assert_eq!(said::day("soon", Language::Chinese), "soon");
}
