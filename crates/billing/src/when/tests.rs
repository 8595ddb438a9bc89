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
    let cases = [(0, "0"), (999, "999"), (1_000, "1,000"), (2_577_520, "2,577,520"), (100_000, "100,000")];
    for (number, text) in cases {
        assert_eq!(grouped(number), text);
    }
}
