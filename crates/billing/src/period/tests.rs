//! Bills of every kind: none is for an empty time, and one that is paid ahead is for the time of its lines.

use super::*;
use crate::bill::Title;
use proptest::prelude::*;
use units::{AccountId, BookId, Calendar, Currency, Cycle, CycleKind};

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

fn bill(kind: Kind, [from, to]: Period) -> Bill<'static> {
    let cycle = Cycle { kind: CycleKind::Month, from, to };
    let title = Title { account: AccountId::named(from, "acme"), kind, cycle, subject: 0 };
    Bill::blank(&title, Currency::CNY)
}

/// A line that is priced, for so long.
fn line([from, to]: Period) -> Line<'static> {
    let sum = Line::of_sum("compute", "CPU", 100, BookId::named(from, "book"));
    Line { price: "server/compute".into(), from: from.as_second(), to: to.as_second(), ..sum }
}

/// Renewed on July 5 for September: the bill is from the purchase to the new end, and it is for September.
#[test]
fn a_renewal_is_for_the_time_that_it_adds() {
    let added = [at("2026-09-01 09:03:45"), at("2026-10-01 09:03:45")];
    let paid = bill(Kind::PrepaidRenew, [at("2026-07-05 16:00:00"), added[1]]);
    let it = Bill { lines: vec![line(added), line(added)], ..paid };
    assert_eq!(it.period(), Some(added));
}

/// What was used before a downgrade stands on its bill as well; the bill is for what comes.
#[test]
fn a_downgrade_is_for_the_time_that_is_left() {
    let (begun, now, end) = (at("2026-06-01"), at("2026-06-10"), at("2026-07-01"));
    let paid = Line::of_sum(PAID, "Paid", -100, BookId::named(begun, "book"));
    let lines = vec![paid, line([begun, now]), line([now, end])];
    let it = Bill { lines, ..bill(Kind::PrepaidChange, [now, end]) };
    assert!(it.is_of_downgrade());
    assert_eq!(it.period(), Some([now, end]));
}

proptest! {
    #[test]
    fn no_period_is_empty(kind in prop::sample::select(Kind::ALL.to_vec()), seconds in 0_i64..3, lines in 0_usize..3) {
        let from = at("2026-06-01");
        let to = Timestamp::from_second(from.as_second() + seconds).unwrap();
        let it = Bill { lines: vec![line([from, to]); lines], ..bill(kind, [from, to]) };
        prop_assert!(it.period().is_none_or(|[from, to]| from < to));
        prop_assert!(seconds > 0 || it.period().is_none());
    }
}
