//! Times and figures in both languages.

use super::*;

#[track_caller]
fn check(at: &str, english: &str, chinese: &str) {
    let calendar = Calendar::settlement();
    let at = calendar.parse(at).unwrap();
    let said = Language::ALL.map(|it| in_sentence(at, &calendar, it));
    assert_eq!(said, [english, chinese]);
}

#[test]
fn times_are_said_as_people_say_them() {
    check("2026-06-18 12:00:00", "18 June 2026, 12:00", "2026年6月18日 12:00");
    check("2026-07-01 00:00:00", "1 July 2026, 00:00", "2026年7月1日 00:00");
    check("2026-12-31 09:05:07", "31 December 2026, 09:05:07", "2026年12月31日 09:05:07");
}

#[test]
fn digits_stand_in_threes() {
    let cases = [
        ("0", "0"),
        ("999", "999"),
        ("1000", "1,000"),
        ("2577520", "2,577,520"),
        ("-86000.05", "\u{2212}86,000.05"),
        ("-999", "\u{2212}999"),
        ("1234.56789012", "1,234.56789012"),
    ];
    for (number, text) in cases {
        assert_eq!(decimal(number), text);
    }
    assert_eq!(money(Money::from_minor(860_000, Currency::CNY), Language::Chinese), "8,600.00 元");
    assert_eq!(money(Money::from_minor(-7, Currency::CNY), Language::English), "\u{2212}0.07 CNY");
}

#[test]
fn days_and_months_are_said_as_people_say_them() {
    let said = |text: &str| Language::ALL.map(|it| day(text, it));
    assert_eq!(said("2026-06-18"), ["18 June 2026", "2026年6月18日"]);
    assert_eq!(said("2026-06"), ["June 2026", "2026年6月"]);
    for text in ["", "soon", "2026-13", "2026-02-30", "2026-6", "2026-06-18T00:00:00", "<b>"] {
        assert_eq!(said(text), [text, text]);
    }
}

#[test]
fn instants_in_a_sentence_are_said_as_people_say_them() {
    let calendar = Calendar::settlement();
    let said = |text: &str| instants(text, &calendar);
    assert_eq!(
        said("raised from 2026-06-30T16:00:00Z to 2026-07-02T16:00:05.25Z; change it then"),
        "raised from 1 July 2026, 00:00 to 3 July 2026, 00:00:05; change it then"
    );
    assert_eq!(said("(2026-06-30T16:00:00Z)"), "(1 July 2026, 00:00)");
    let as_written =
        "`2026-06-30T16:00:00Z` is no day of zone guangzhou-Z1; 12 Z and 2026-99-30T16:00:00Z stay";
    assert_eq!(said(as_written), as_written);
}
