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

#[test]
fn a_cost_is_exact_and_quiet_behind_the_fen() {
    let cny = Currency::parse("CNY").unwrap();
    let parts = |e8| cost_parts(e8, cny);
    assert_eq!(parts(12_171_622_222), ("121.71".into(), "622222".into()));
    assert_eq!(parts(26_402_400_000), ("264.02".into(), "4".into()));
    assert_eq!(parts(100_000_000_000), ("1,000.00".into(), String::new()));
    assert_eq!(parts(-90_000_000), ("\u{2212}0.90".into(), String::new()));
    assert_eq!(cost(12_171_622_222, cny), "121.71622222");
}

#[test]
fn rates_and_months_are_said_shortly() {
    assert_eq!([100_000_000, 90_000_000, 12_345_000].map(rate), ["1.00", "0.90", "0.12345"]);
    assert_eq!(month("2026-06", Language::English), "June 2026");
    assert_eq!(month("2026-06", Language::Chinese), "2026年6月");
    assert_eq!(month("<b>", Language::English), "<b>");
}

#[test]
fn a_discount_is_said_as_people_say_it() {
    assert_eq!(
        [88_000_000, 50_000_000, 82_500_000].map(|it| less(it, Language::English)),
        ["−12%", "−50%", "−17.5%"]
    );
    assert_eq!(
        [88_000_000, 50_000_000, 82_500_000].map(|it| less(it, Language::Chinese)),
        ["8.8 折", "5 折", "8.25 折"]
    );
}

#[test]
fn a_sentence_of_the_till_is_read_in_the_zone_and_with_thousands_parted() {
    let calendar = Calendar::settlement();
    let said = |text: &str| readable(text, &calendar);
    assert_eq!(
        said("the pack would have ended at 2026-06-30T16:00:00Z, before it is paid"),
        "the pack would have ended at 2026-07-01 00:00:00, before it is paid"
    );
    assert_eq!(
        said("1234567.50 is available, it costs 20.00."),
        "1,234,567.50 is available, it costs 20.00."
    );
    // What somebody typed, addresses, ids and other numbers stay as they are.
    for text in
        ["`1234567.50` is no amount", "10.108.134.45", "res_019e12.34", "up to 10000 of them", "v1.0", ""]
    {
        assert_eq!(said(text), text);
    }
}

#[test]
fn what_was_sent_keeps_its_figures_and_says_its_instants_on_the_clock_of_the_page() {
    let said = |text: &str| on_clock(text, &Calendar::settlement());
    assert_eq!(
        said(r#"{"amount":"1234567.50","until":"2026-06-30T16:00:00Z"}"#),
        r#"{"amount":"1234567.50","until":"2026-07-01 00:00:00"}"#
    );
    assert_eq!(said(r#"{"from":"2026-07-01T00:00"}"#), r#"{"from":"2026-07-01 00:00:00"}"#);
    for text in [r#"{"day":"2026-07-01"}"#, r#"{"id":"res_019e12"}"#, ""] {
        assert_eq!(said(text), text);
    }
}
