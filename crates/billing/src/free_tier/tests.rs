//! What is free is shared out in time order, and as a month is, whoever reported what and in whatever order.

use super::*;
use crate::book::{Component, Due, Scope};
use crate::books::Books;
use crate::made;
use crate::meter::Meter;
use crate::plan::{ConfigRef, Configs};
use crate::price::Pricing;
use crate::resource::State;
use crate::sequence::tests as prices;
use proptest::prelude::*;
use std::sync::Arc;
use units::{Currency, Cycle, CycleKind, Price};

const MONTH: i64 = 31 * 86_400;

/// A product whose readings are summed over the account, and that shares `units` with the other.
fn product(id: &str, units: u64) -> crate::book::Product {
    let price = Price { amount: prices::amount("0.01"), per: prices::one() };
    let component =
        prices::component(Meter::Sum { usage: "use".into() }, prices::item(Pricing::PerUnit(price)));
    let component = Component {
        scope: Scope::Account,
        due: Due::Cycle(CycleKind::Month),
        free_tier: Some(FreeTier { name: "shared".into(), units }),
        ..component
    };
    made::product(id, vec![component])
}

fn configs(units: u64) -> Configs {
    let products = vec![product("p", units), product("q", units)];
    let books = Books::new(vec![Arc::new(made::book(Timestamp::UNIX_EPOCH, products))]);
    let mut configs = Configs::default();
    configs.intern(books.of(Currency::CNY), "p", "");
    configs.intern(books.of(Currency::CNY), "q", "");
    configs
}

fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn resource(number: u32) -> ResourceId {
    ResourceId::named(second(i64::from(number)), "r")
}

/// What is left to pay of each of two resources, the first of product p and the second of q, which report so much at a time.
fn left(units: u64, reports: &[(u32, i64, u64)]) -> [(u128, u64); 2] {
    let configs = configs(units);
    let cycle = Cycle { kind: CycleKind::Month, from: second(0), to: second(MONTH) };
    let aggregation = Aggregation::new(&configs, Scope::Account, &cycle);
    let mut all = [resource(0), resource(1)];
    all.sort_unstable();
    let segment = |at: usize| Segment {
        resource: all[at],
        created: at as i64,
        from: 0,
        to: MONTH,
        state: State::Running,
        config: ConfigRef(u32::try_from(at).unwrap()),
        version: 0,
        clock: 0,
        month: 0,
    };
    let segments = [segment(0), segment(1)];
    let sample = |(number, it): (usize, &(u32, i64, u64))| Sample {
        event: format!("e{number}"),
        resource: all[it.0 as usize],
        usage: "use".into(),
        at: it.1,
        quantity: it.2,
        key: String::new(),
    };
    let mut samples: Vec<Sample> = reports.iter().enumerate().map(sample).collect();
    samples.sort_by_key(|it| it.resource);
    let freed = Freed::of(aggregation, &segments, &samples).unwrap();
    [0, 1].map(|at| {
        let own: Vec<Sample> = samples.iter().filter(|it| it.resource == all[at]).cloned().collect();
        let used = freed.sampled("use", &segments[at..=at], &own).unwrap();
        let paid: u128 = used.iter().map(|it| it.measured.quantity).sum();
        (paid, used.iter().map(|it| it.free).sum())
    })
}

/// Source: R-PRC-25. Of 100 units the first resource takes 60 and the second, later, 40 of its 50; then nothing is free.
#[test]
fn what_comes_first_is_free_whoever_it_is_of() {
    assert_eq!(left(100, &[(0, 10, 60), (1, 20, 50), (0, 30, 5)]), [(5, 60), (10, 40)]);
    assert_eq!(left(100, &[(0, 30, 65), (1, 20, 50)]), [(15, 50), (0, 50)]);
    // Within a second the older is served first.
    assert_eq!(left(100, &[(1, 20, 80), (0, 20, 80)]), [(0, 80), (60, 20)]);
}

proptest! {
    /// Source: R-PRC-25. No more is free than there is, and all of it where enough was used; in whatever order readings came.
    #[test]
    fn a_tier_gives_all_that_it_has_and_no_more(
        reports in prop::collection::vec((0_u32..2, 0_i64..50, 0_u64..100), 0..12),
        units in 1_u64..300,
    ) {
        let used: u64 = reports.iter().map(|it| it.2).sum();
        let found = left(units, &reports);
        let free: u64 = found.iter().map(|it| it.1).sum();
        let paid: u128 = found.iter().map(|it| it.0).sum();
        prop_assert_eq!(free, used.min(units));
        prop_assert_eq!(paid + u128::from(free), u128::from(used));
        let mut turned = reports.clone();
        turned.reverse();
        prop_assert_eq!(left(units, &turned), found);
    }
}
