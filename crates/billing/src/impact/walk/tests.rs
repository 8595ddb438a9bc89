//! Hours that are counted come to what each of them comes to at its close.

use super::*;
use crate::book::{Book, Component, Due, QuantityRule};
use crate::books::Books;
use crate::impact::Asked;
use crate::made;
use crate::price::{Edge, Tier, Tiers};
use crate::resource::State;
use crate::sequence::tests as prices;
use crate::settle;
use proptest::prelude::*;
use std::sync::Arc;
use units::{Amount, BookId, Calendar, Price, Quantity, Unit};

const HOUR: u64 = 3_600;

/// A price by the hour, of any kind, with edges anywhere in a month.
fn any_item() -> impl Strategy<Value = PriceItem> {
    let cents = |it: u32| Amount::from_e8(i128::from(it) * 1_000_000, Currency::CNY);
    let tier = (0_u128..700 * u128::from(HOUR), 0_u32..500, 0_u32..50);
    let tiers = prop::collection::vec(tier, 0..3).prop_map(move |mut rows| {
        rows.push((0, 42, 0));
        rows.sort_unstable();
        rows.dedup_by_key(|it| it.0);
        let tiers =
            rows.iter().map(|it| Tier { above: it.0, amount: cents(it.1), flat: cents(it.2) }).collect();
        let per = Quantity::new(HOUR.into(), Unit::PieceSecond);
        Tiers { per, tiers, edge: Edge::Upper, up_to: None }
    });
    let per_hour = Quantity::new(HOUR.into(), Unit::PieceSecond);
    let pricing = prop_oneof![
        (0_u32..500).prop_map(move |it| Pricing::PerUnit(Price { amount: cents(it), per: per_hour })),
        tiers.clone().prop_map(Pricing::Graduated),
        tiers.prop_map(Pricing::Volume),
    ];
    let free = prop_oneof![Just(0), 0_u128..400 * u128::from(HOUR)];
    let (started, least) = (prop::option::of(1_u128..5_000), prop::option::of(0_u32..100));
    (pricing, free, started, least).prop_map(move |(pricing, free, started, least)| PriceItem {
        free,
        started,
        minimum: least.map(cents),
        ..prices::item(pricing)
    })
}

/// A book of one product, charged by the hour.
fn book(name: &str, meter: &Meter, item: PriceItem) -> Arc<Book> {
    let from = Timestamp::UNIX_EPOCH;
    let quantity = QuantityRule { option: None, fixed: 1, less: 0, unit: Unit::Piece };
    let component = prices::component(meter.clone(), item);
    let component = Component { due: Due::Cycle(CycleKind::Hour), quantity, ..component };
    let book = made::book(from, vec![made::product("p", vec![component])]);
    Arc::new(Book { id: BookId::named(from, name), ..book })
}

/// The same, hour after hour, as settlement charges them.
fn each_hour(life: &[Change], configs: &Configs, month: &Month) -> i128 {
    let (mut openings, changes) = history::meters(life, month.cycle.from, configs).unwrap();
    let mut sum = 0;
    for cycle in &month.cycles(CycleKind::Hour).all {
        let account = AccountId::named(Timestamp::UNIX_EPOCH, "acme");
        let mut read = AccountCycle::new(Wallet::empty(account, Currency::CNY), Terms::default());
        read.openings = openings;
        let within = |it: &&Change| cycle.from.as_second() <= it.at && it.at < cycle.to.as_second();
        read.changes = changes.iter().filter(within).copied().collect();
        let run = Run { cycle: *cycle, posted: cycle.to, watermark: cycle.to };
        let charged = settle::charges(&read, configs, run).unwrap();
        let lines = charged.bills.iter().flat_map(|it| it.own_lines());
        sum += lines.map(|it| i128::from(it.cost_e8)).sum::<i128>();
        openings = charged.openings;
    }
    sum
}

proptest! {
    /// Source: R-PRC-3, R-PRC-16 to R-PRC-18.
    #[test]
    fn hours_that_are_counted_come_to_what_each_comes_to(
        clock in any::<bool>(), one in any_item(), other in any_item(),
        born in -600 * HOUR as i64..600 * HOUR as i64, gaps in prop::collection::vec((0_i64..2_000_000, 0_usize..3), 0..5),
    ) {
        let meter = if clock { Meter::Clock } else { Meter::HeldSum };
        let calendar = Calendar::settlement();
        let month = Month::of(&calendar, calendar.parse("2026-02-01").unwrap()).unwrap();
        let books = Books::new(vec![book("before", &meter, one)]);
        let asked = Asked { month: month.clone(), before: None, after: book("after", &meter, other), most: 1 };
        let (mut configs, books) = (Configs::default(), books.of(units::Currency::CNY));
        let config = configs.intern(books, "p", "");
        let pair = asked.pair(&mut configs, books, config);
        let account = AccountId::named(Timestamp::UNIX_EPOCH, "acme");
        let resource = ResourceId::named(Timestamp::UNIX_EPOCH, "web");
        let mut at = month.cycle.from.as_second() + born;
        let mut life = vec![Change { resource, at, state: State::Running, config }];
        for (gap, state) in gaps {
            at += gap;
            life.push(Change { resource, at, state: [State::Running, State::Stopped, State::Recycled][state], config });
        }
        life.retain(|it| it.at < month.cycle.to.as_second());
        let read = AccountMonth {
            account,
            name: "acme".into(),
            currency: Currency::CNY,
            agreed: Agreed { terms: Terms::default(), changes: Vec::new() },
            life: life.clone(),
            samples: Vec::new(),
            packs: Vec::new(),
            taken: Vec::new(),
            unsettled: false,
        };
        let pairs = HashMap::from([(config, pair.clone())]);
        let costs = super::account(&read, &pairs, &configs, &month).unwrap();
        let waits = AccountMonth { unsettled: true, ..read.clone() };
        prop_assert_eq!(super::account(&waits, &pairs, &configs, &month).unwrap_err(), AggregateError::Unsettled);
        let sides = costs.by.get(&("p", "use")).copied().unwrap_or_default();
        prop_assert_eq!(sides.before_e8, each_hour(&life, &configs, &month));
        life.iter_mut().for_each(|it| it.config = pair.after);
        prop_assert_eq!(sides.after_e8, each_hour(&life, &configs, &month));
    }
}
