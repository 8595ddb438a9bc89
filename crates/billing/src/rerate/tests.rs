//! Which closed cycles a period touches.

use super::*;

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

/// The cycles of a kind in `[from, until)` that are closed up to `to`, by their begins.
fn check(kind: CycleKind, [from, until, to]: [&str; 3], expected: &[&str]) {
    let calendar = Calendar::settlement();
    let closed_to = ClosedTo::all(at("2026-01-01")).with(kind, at(to));
    let period = Period { from: at(from), until: at(until), closed: closed_to, calendar: &calendar };
    let found: Vec<String> =
        closed(kind, &period).unwrap().iter().map(|it| calendar.print(it.from)).collect();
    assert_eq!(found, expected, "{from} {until} {to}");
}

#[test]
fn closed_cycles_that_meet_a_period_are_touched() {
    check(CycleKind::Month, ["2026-02-01", "2026-03-01", "2026-03-01"], &["2026-02-01 00:00:00"]);
    // A part of a cycle touches all of it.
    check(
        CycleKind::Month,
        ["2026-01-31 23:59:59", "2026-02-01 00:00:01", "2026-03-01"],
        &["2026-01-01 00:00:00", "2026-02-01 00:00:00"],
    );
    // What is open is priced at its close.
    check(CycleKind::Month, ["2026-02-01", "2026-03-01", "2026-02-01"], &[]);
    check(
        CycleKind::Hour,
        ["2026-02-01 10:30", "2026-02-01 12:00", "2026-02-01 11:00"],
        &["2026-02-01 10:00:00"],
    );
    check(CycleKind::Day, ["2026-02-02", "2026-02-02", "2026-03-01"], &[]);
}
