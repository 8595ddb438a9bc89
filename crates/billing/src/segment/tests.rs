//! What counts whole of a life is charged once, and of a month no more than counts at most, wherever cycles cut it.

use super::*;
use crate::book::Component;
use crate::books::Books;
use crate::history;
use crate::made;
use crate::price::Pricing;
use crate::sequence::tests as prices;
use proptest::prelude::*;
use std::sync::Arc;
use units::{Currency, CycleKind, Price, Timestamp};

/// A month begins 10 000 seconds later, on the clock of the book.
const FIRST: i64 = 31 * 86_400 - 8 * 3_600 - 10_000;
/// Every life is over by then, with all that counts of it.
const LAST: i64 = FIRST + 40_000;

/// One configuration that is charged while it runs, so many seconds of a life at least and of a month at most.
fn configs(least_seconds: u64, month_seconds: Option<u64>) -> Configs {
    let price = Price { amount: prices::amount("36.00"), per: prices::one() };
    let component = prices::component(Meter::Held, prices::item(Pricing::PerUnit(price)));
    let component = Component { least_seconds, month_seconds, ..component };
    let book = made::book(Timestamp::UNIX_EPOCH, vec![made::product("p", vec![component])]);
    let mut configs = Configs::default();
    configs.intern(Books::new(vec![Arc::new(book)]).of(Currency::CNY), "p", "");
    configs
}

fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn charged_of(all: &[Segment], configs: &Configs) -> u64 {
    let charged = |it: &Segment| {
        let plan = configs.get(it.config).plan(it.version).unwrap();
        it.charged_to(&plan.parts[0]).abs_diff(it.from)
    };
    all.iter().map(charged).sum()
}

/// Seconds that cycles of such a length charge, one after the other.
fn charged(life: &[Change], configs: &Configs, length: i64) -> u64 {
    let (mut openings, mut from, mut sum) = (Vec::new(), FIRST, 0);
    while from < LAST {
        let to = (from + length).min(LAST);
        let within: Vec<Change> = life.iter().filter(|it| (from..to).contains(&it.at)).copied().collect();
        let cycle = Cycle { kind: CycleKind::Hour, from: second(from), to: second(to) };
        let (found, next) = segments(&openings, &within, cycle, configs).unwrap();
        sum += charged_of(&found, configs);
        // A closed cycle that is rated once more comes to the same, from the life alone.
        let (made, _) = history::meters(life, cycle.from, configs).unwrap();
        let (again, _) = segments(&made, &within, cycle, configs).unwrap();
        assert_eq!(charged_of(&again, configs), charged_of(&found, configs));
        (openings, from) = (next, to);
    }
    sum
}

/// The same, second by second.
fn by_hand(life: &[Change], least: i64) -> u64 {
    let (created, mut sum) = (life[0].at, 0);
    for second in created..LAST {
        let state = life.iter().rfind(|it| it.at <= second).map(|it| it.state);
        sum += u64::from(state == Some(State::Running) || second < created + least);
    }
    sum
}

/// Of each month the first seconds in which it runs, second by second.
fn by_month(life: &[Change], most: u64) -> u64 {
    let (mut shown, mut sum) = (0, 0);
    for second in life[0].at..LAST {
        if second == FIRST + 10_000 {
            shown = 0;
        }
        let state = life.iter().rfind(|it| it.at <= second).map(|it| it.state);
        if state == Some(State::Running) {
            sum += u64::from(shown < most);
            shown += 1;
        }
    }
    sum
}

/// A life of some states that ends, or does not.
fn any_life() -> impl Strategy<Value = Vec<Change>> {
    let state = prop_oneof![
        Just(State::Running),
        Just(State::Stopped),
        Just(State::ArrearsStopped),
        Just(State::Recycled),
        Just(State::Releasing),
    ];
    let steps = prop::collection::vec((0_i64..2_500, state), 0..6);
    (FIRST..FIRST + 12_000, steps, prop::option::of(0_i64..2_500)).prop_map(|(created, steps, end)| {
        let resource = ResourceId::named(Timestamp::UNIX_EPOCH, "r");
        let all = std::iter::once((created, State::Running)).chain(steps);
        let all = all.chain(end.map(|after| (after, State::Released)));
        let mut at = 0;
        let change = |(after, state): (i64, State)| {
            at += after;
            Change { resource, at, state, config: ConfigRef(0) }
        };
        all.map(change).collect()
    })
}

proptest! {
    /// Source: R-PRC-23.
    #[test]
    fn the_first_seconds_of_a_life_are_charged_once_wherever_cycles_cut_it(
        life in any_life(),
        least in prop_oneof![Just(0_i64), 1_i64..120, 120_i64..8_000],
        length in prop_oneof![Just(3_600_i64), 500_i64..9_000],
    ) {
        let configs = configs(least.unsigned_abs(), None);
        prop_assert_eq!(charged(&life, &configs, length), by_hand(&life, least));
    }

    /// Source: R-PRC-24.
    #[test]
    fn a_month_is_charged_so_many_seconds_at_most_wherever_cycles_cut_it(
        life in any_life(),
        most in prop_oneof![1_u64..200, 200_u64..12_000],
        length in prop_oneof![Just(3_600_i64), 500_i64..9_000],
    ) {
        prop_assert_eq!(charged(&life, &configs(0, Some(most)), length), by_month(&life, most));
    }
}
