//! How money and times are written.

use super::*;

fn yuan(minor: i64) -> Money {
    Money::from_minor(minor, Currency::parse("CNY").unwrap())
}

#[test]
fn thousands_are_parted_and_a_minus_is_a_minus() {
    let shown: Vec<String> = [0, 5, -90, 100_000, 123_456_789, -86_000_000].map(|it| money(yuan(it))).into();
    assert_eq!(shown, ["0.00", "0.05", "\u{2212}0.90", "1,000.00", "1,234,567.89", "\u{2212}860,000.00"]);
}

#[test]
fn a_time_is_said_in_the_zone_and_the_language() {
    let (calendar, at) = (Calendar::settlement(), "2026-06-18T04:00:40Z".parse().unwrap());
    assert_eq!(time(&calendar, at, Language::English), "18 June 2026, 12:00");
    assert_eq!(time(&calendar, at, Language::Chinese), "2026年6月18日 12:00");
}
