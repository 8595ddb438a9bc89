//! Deadlines over any number of renewals, and what is due around one: what no story reaches.

use super::*;
use crate::book::Limits;
use crate::made;
use crate::options::Options;
use crate::order::Action;
use crate::order::standing::{self, Placement};
use crate::quote::Quote;
use crate::rate::Terms;
use crate::resource::State;
use proptest::prelude::*;
use units::calendar::seconds_after;
use units::{BookId, Currency, Money};

fn calendar() -> Calendar {
    Calendar::settlement()
}

fn at(text: &str) -> Timestamp {
    calendar().parse(text).unwrap()
}

/// A product that is kept for so many days after its deadline.
fn product(release_days: i64) -> Product {
    let plain = made::product("server", Vec::new());
    let least_months = vec![(vec![("base".into(), vec!["5".into()])], 3)];
    Product {
        limits: Limits { months: vec![1, 2, 3, 6, 12], least_months, ..plain.limits },
        release_days,
        ..plain
    }
}

fn resource(delivered: Timestamp, deadline: Timestamp, state: State) -> Resource {
    let (before, renew) = (state, Renew { flag: Flag::Auto, ..Renew::default() });
    Resource { state, before, deadline: Some(deadline), renew, ..made::resource(delivered, "base=5") }
}

fn order(it: &Resource, (months, days): (u32, u32)) -> Order {
    let none = Money::zero(Currency::CNY);
    let quote = Quote {
        product: "server".into(),
        options: it.options.clone(),
        months,
        days,
        quantity: 1,
        becomes: crate::quote::Becomes::Resource,
        lines: Vec::new(),
        piece: none,
        list: none,
        total: none,
        freeze: none,
        unit_prices: Vec::new(),
        offered: None,
    };
    let place = Placement {
        resource: it,
        action: Action::Renew,
        terms: Terms::default(),
        token: "r1",
        number: 0,
        quoted_minor: None,
        until: at("2199-01-01"),
    };
    standing::place(&quote, place, BookId::named(it.created, "book"), it.created).unwrap()
}

fn after(it: Resource, term: (u32, u32), fixed: Option<u8>, now: Timestamp) -> Resource {
    let order = order(&it, term);
    renewed(it, Payment { order: &order, fixed, at: now }, &calendar()).unwrap().0
}

/// Of what was missed while nothing ran, no notice comes too late, and one attempt is made before the release.
/// Deadline 03-10 15:00:00, released 03-18 00:00:00.
#[test]
fn what_is_too_late_is_not_due_but_for_one_attempt() {
    let product = product(8);
    let read = |flag, now| {
        let it = resource(at("2026-02-10 15:00:00"), at("2026-03-10 15:00:00"), State::Running);
        let it = Resource { renew: Renew { flag, due: Some(at("2026-03-02")), ..it.renew }, ..it };
        due(&it, &product, at(now), &calendar()).unwrap().map(|it| it.1)
    };
    assert_eq!(read(Flag::Manual, "2026-03-10 14:59:59"), Some(Due::Notice(1)));
    assert_eq!(read(Flag::Manual, "2026-03-10 15:00:00"), None, "it says that it ends");
    assert_eq!(read(Flag::Auto, "2026-03-17 23:59:59"), Some(Due::Attempt));
    assert_eq!(read(Flag::Auto, "2026-08-18 00:00:00"), Some(Due::Attempt), "it is still there");
    assert_eq!(read(Flag::None, "2026-03-18 00:00:00"), None, "it is to end");
}

/// Bought on the last of December for the 28th: the 28th of February is met without a day, and kept.
#[test]
fn a_short_month_that_meets_the_fixed_day_keeps_it() {
    let delivered = at("2026-12-31");
    let it = resource(delivered, at("2027-01-31"), State::Running);
    let it = after(it, (1, 0), Some(28), delivered);
    assert_eq!((it.deadline, it.renew.day), (Some(at("2027-02-28")), Some(28)));
    assert_eq!(behind(&it, 1, &calendar()).unwrap(), Some(at("2027-03-28")));
}

#[test]
fn a_late_renewal_may_have_passed_already() {
    let (delivered, deadline) = (at("2026-01-10 15:00:00"), at("2026-02-10 15:00:00"));
    let (it, now) = (resource(delivered, deadline, State::Expired), at("2026-04-01 09:00:00"));
    let kept = product(90);
    assert_eq!(may_renew(&it, &kept, now, &calendar()), Ok(at("2026-05-11")));
    let it = after(it, (1, 0), None, now);
    assert_eq!((it.state, it.deadline), (State::Running, Some(at("2026-03-10 15:00:00"))));
    let standing = life::Standing { arrears_since: None, balance: Money::zero(Currency::CNY) };
    let next = life::next(&it, &kept, standing, &calendar()).unwrap().unwrap();
    assert_eq!(
        (next.event, next.at),
        (Event::Expire, at("2026-03-10 15:00:00")),
        "isolated at the next step"
    );
}

#[test]
fn what_cannot_be_renewed_says_why() {
    let (delivered, deadline) = (at("2026-01-10 15:00:00"), at("2026-02-10 15:00:00"));
    let (kept, now) = (product(8), at("2026-02-18"));
    let it = resource(delivered, deadline, State::Expired);
    assert_eq!(may_renew(&it, &kept, now, &calendar()), Err(RenewalError::Late(now)));
    let paid_by_use = Resource { deadline: None, state: State::Running, ..it.clone() };
    assert_eq!(may_renew(&paid_by_use, &kept, now, &calendar()), Err(RenewalError::NotPrepaid));
    for state in [State::Pending, State::Releasing, State::Released, State::Failed] {
        let it = Resource { state, ..it.clone() };
        let refused = may_renew(&it, &kept, delivered, &calendar());
        assert!(matches!(refused, Err(RenewalError::State(_))), "{state:?}: {refused:?}");
    }
    for day in [0, 32, 300] {
        assert_eq!(fixed_day(day), Err(RenewalError::Day(day)));
    }
}

#[test]
fn the_shortest_time_is_what_the_options_allow() {
    let (delivered, deadline) = (at("2026-01-10"), at("2026-02-10"));
    let it = resource(delivered, deadline, State::Running);
    assert_eq!(shortest(&product(8), &it), 3);
    let other = Resource { options: Options::parse("base=10").unwrap(), ..it };
    assert_eq!(shortest(&product(8), &other), 1);
}

#[test]
fn nothing_is_tried_where_it_is_released() {
    let it = resource(at("2026-01-10 15:00:00"), at("2026-02-10 15:00:00"), State::Expired);
    let all = plan(&it, &product(3), &calendar()).unwrap();
    assert_eq!(all.last().map(|it| it.0), Some(at("2026-02-12")), "released on the 13th: {all:?}");
    let midnight = resource(at("2026-01-10"), at("2026-02-10"), State::Running);
    let tried = plan(&midnight, &product(8), &calendar()).unwrap();
    let tried = tried.iter().filter(|it| it.1 == Due::Attempt).count();
    assert_eq!(tried, 7, "a deadline at midnight is one instant with that of its day");
}

#[test]
fn of_what_was_missed_the_latest_counts() {
    let it = resource(at("2026-01-10 15:00:00"), at("2026-02-10 15:00:00"), State::Running);
    let due_since = |text: &str| Resource { renew: Renew { due: Some(at(text)), ..it.renew }, ..it.clone() };
    let due = |it: &Resource, now: &str| due(it, &product(8), at(now), &calendar()).unwrap();
    let told = due_since("2026-02-03");
    assert_eq!(due(&told, "2026-02-02 23:59:59"), None);
    assert_eq!(due(&told, "2026-02-06"), Some((at("2026-02-05"), Due::Notice(5))));
    assert_eq!(due(&told, "2026-02-14 08:00:00"), Some((at("2026-02-14"), Due::Attempt)));
    // Tried at 02-10 00:00 and 15:00, then on six days: by 02-14 08:00 six were missed, which are one.
    let tried = |now: &str| {
        attempts(&told, &product(8), Still { from: at("2026-02-03"), now: at(now) }, &calendar()).unwrap()
    };
    assert_eq!(tried("2026-02-14 08:00:00"), ["2026-02-16", "2026-02-15", "2026-02-03"].map(at));
    assert_eq!(tried("2026-08-01"), [at("2026-02-03")]);
    assert_eq!(tried("2026-02-03").len(), 8);
    // Books that are older than renewals are looked at once.
    let old =
        Resource { renew: Renew { flag: Flag::Manual, ..due_since("1970-01-01 08:00").renew }, ..it.clone() };
    assert_eq!(due(&old, "2026-01-20"), None);
    assert_eq!(due(&old, "2026-02-08"), Some((at("2026-02-07"), Due::Notice(3))));
}

proptest! {
    /// Source: R-TIM-6, R-REN-1: the day of the anchor comes back however it is renewed.
    #[test]
    fn deadlines_are_counted_from_the_delivery(
        day in 0_u32..1_500, second in 0_u32..86_400, terms in prop::collection::vec(1_u32..13, 1..8),
    ) {
        let calendar = calendar();
        let midnight = calendar.midnight_after(at("2026-01-01"), day.into()).unwrap();
        let delivered = seconds_after(midnight, second.into()).unwrap();
        let first = calendar.add_months(delivered, 1).unwrap();
        let mut it = resource(delivered, first, State::Running);
        let mut all = 1;
        for months in terms {
            it = after(it, (months, 0), None, delivered);
            all += months;
            prop_assert_eq!(it.deadline, Some(calendar.add_months(delivered, all).unwrap()));
        }
    }

    /// Source: R-PRE-3: once it lies on the fixed day it stays there, and no day is paid for any more.
    #[test]
    fn the_fixed_day_is_kept(day in 0_u32..1_500, fixed in 1_u8..32, terms in prop::collection::vec(1_u32..10, 1..6)) {
        let calendar = calendar();
        let delivered = calendar.midnight_after(at("2026-01-01"), day.into()).unwrap();
        let mut it = resource(delivered, calendar.add_months(delivered, 1).unwrap(), State::Running);
        for (number, months) in terms.into_iter().enumerate() {
            let end = behind(&it, months, &calendar).unwrap().unwrap();
            let more = days(Some(fixed), end, months, &calendar).unwrap();
            prop_assert!(more < 31, "{more}");
            prop_assert!(number == 0 || more == 0, "renewal {number}: {more} days");
            it = after(it, (months, more), Some(fixed), delivered);
            prop_assert_eq!(calendar.days_to_day(it.deadline.unwrap(), fixed).unwrap(), 0);
        }
    }
}
