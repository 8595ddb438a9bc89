//! Shares, months and sums of the impact of a price book. Whether a month comes to what was billed is tried on every story.

use super::month::{Month, MonthError};
use super::{Asked, Costs, Impact, Sides};
use crate::book::Book;
use crate::made;
use std::sync::Arc;
use units::{AccountId, Calendar, CycleKind};

fn sides(before_e8: i128, after_e8: i128) -> Sides {
    Sides { before_e8, after_e8 }
}

/// A tenth of a percent, half up; 0.17 to 0.19 is 11.76 %.
#[test]
fn a_share_is_said_to_a_tenth() {
    assert_eq!(sides(17, 19).percent().as_deref(), Some("+11.8"));
    assert_eq!(sides(20, 19).percent().as_deref(), Some("-5.0"));
    assert_eq!(sides(1_000, 1_000).percent().as_deref(), Some("0.0"));
    assert_eq!(
        sides(10_000, 9_999).percent().as_deref(),
        Some("0.0"),
        "a fall too small to be said is no rise"
    );
    assert_eq!(sides(0, 5).percent(), None);
    assert_eq!(sides(i128::MAX, 0).percent(), None, "what does not fit is not said");
}

#[test]
fn a_month_has_its_cycles_without_a_gap() {
    let check = |zone: &str, name: &str, hours: usize, days: usize| {
        let calendar = Calendar::in_zone(zone).unwrap();
        let now = calendar.parse("2027-01-01").unwrap();
        let month = Month::past(&calendar, Some(name), now).unwrap();
        for (kind, count) in CycleKind::ALL.into_iter().zip([hours, days, 1]) {
            let cycles = month.cycles(kind);
            assert_eq!(cycles.all.len(), count, "{zone} {name} {}", kind.as_str());
            assert_eq!(cycles.all[0].from, month.cycle.from);
            assert_eq!(cycles.all[count - 1].to, month.cycle.to);
            assert!(cycles.all.windows(2).all(|it| it[0].to == it[1].from));
            // Those that are counted as one are as long as each other, and the next one is not.
            for (at, to) in cycles.alike_to.iter().enumerate() {
                assert!(cycles.all[at..*to].iter().all(|it| it.seconds() == cycles.all[at].seconds()));
                assert!(cycles.all.get(*to).is_none_or(|it| it.seconds() != cycles.all[at].seconds()));
            }
        }
    };
    check("+08:00", "2026-06", 720, 30);
    check("+08:00", "2026-02", 672, 28);
    // The clock is set on the 29th of March 2026: that day has 23 hours.
    check("Europe/Berlin", "2026-03", 743, 31);
}

#[test]
fn a_month_is_over_or_refused() {
    let calendar = Calendar::settlement();
    let now = calendar.parse("2026-07-01 00:00:00").unwrap();
    let past = |name: Option<&str>| Month::past(&calendar, name, now).map(|it| it.name);
    assert_eq!(past(None).unwrap(), "2026-06");
    assert_eq!(past(Some("2026-06")).unwrap(), "2026-06");
    assert!(matches!(past(Some("2026-07")), Err(MonthError::NotOver { .. })));
    for name in ["June", "2026", "2026-13", "2026-6", "2026-06-01", ""] {
        assert!(matches!(past(Some(name)), Err(MonthError::Unreadable(_))), "{name}");
    }
}

fn none(most: usize) -> Impact {
    let calendar = Calendar::settlement();
    let month = Month::of(&calendar, calendar.parse("2026-06-01").unwrap()).unwrap();
    let after: Arc<Book> = Arc::new(made::book(month.cycle.from, Vec::new()));
    Impact::none(&Asked { month, before: None, after, most })
}

/// However customers are put together, the same comes out: those that move most, and the sums of all.
#[test]
fn parts_add_up_to_the_whole() {
    let moves: [i128; 7] = [5, -3, 0, 8, 8, -9, 1];
    let add = |to: &mut Impact, at: usize| {
        let costs = Costs { by: [(("p", "c"), sides(10, 10 + moves[at]))].into(), ..Costs::default() };
        to.add(AccountId::named(units::Timestamp::UNIX_EPOCH, &at.to_string()), &at.to_string(), &costs);
    };
    let mut whole = none(2);
    (0..moves.len()).for_each(|at| add(&mut whole, at));
    whole.keep_most();
    for cut in 0..=moves.len() {
        let (mut one, mut other) = (none(2), none(2));
        (0..cut).for_each(|at| add(&mut one, at));
        (cut..moves.len()).for_each(|at| add(&mut other, at));
        one.merge(other);
        let told = |it: &Impact| {
            let most = (it.rising.clone(), it.falling.clone());
            (most, it.sides, it.moved_e8, it.more, it.less, it.products.clone())
        };
        assert_eq!(told(&one), told(&whole), "{cut}");
    }
    assert_eq!((whole.more, whole.less, whole.customers, whole.hit()), (4, 2, 7, 6));
    // 5 + 3 + 8 + 8 + 9 + 1: falls do not make up for rises.
    assert_eq!((whole.moved_e8, whole.sides.after_e8 - whole.sides.before_e8), (34, 10));
    assert_eq!(whole.rising.iter().map(|it| it.sides.after_e8).collect::<Vec<_>>(), [18, 18]);
    assert_eq!(whole.falling.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["5", "1"]);
}
