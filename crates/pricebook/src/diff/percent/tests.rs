//! By how many percent figures change.

use super::of;

#[track_caller]
fn check(before: &str, after: &str, expected: Option<&str>) {
    assert_eq!(of(before, after).as_deref(), expected, "{before} to {after}");
}

/// Source: the price changes of operator-book-diff.html, the page that shows them.
#[test]
fn a_change_is_told_to_a_tenth_of_a_percent() {
    check("0.17", "0.19", Some("+11.8"));
    check("0.44", "0.46", Some("+4.5"));
    check("51.00", "54.00", Some("+5.9"));
    check("0.50", "0.45", Some("-10.0"));
    check("0.20", "0.20", Some("0.0"));
    check("1", "3", Some("+200.0"));
    check("0.00000001", "0.00000002", Some("+100.0"));
}

#[test]
fn what_is_no_figure_has_no_percentage() {
    check("0.00", "0.10", None);
    check("general", "0.10", None);
    check("0.10", "7 hour", None);
    check("-1", "1", None);
    check("0.123456789", "1", None);
}
