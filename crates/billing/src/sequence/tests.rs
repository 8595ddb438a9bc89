//! A price version cuts a cycle in price, not in count; how use is cut into parts changes nothing of what it costs.

use super::*;
use crate::book::{Book, Component, Contract, Due, PriceRow, QuantityRule, Sale, Scope};
use crate::books::Books;
use crate::made;
use crate::meter::Meter;
use crate::price::{Edge, Tier};
use crate::rate::{self, Terms};
use crate::resource::State;
use proptest::prelude::*;
use std::sync::Arc;
use units::{Amount, Currency, CycleKind, Measured, Price, Quantity, Timestamp, Unit};

pub(crate) fn amount(text: &str) -> Amount {
    Amount::parse(text, Currency::CNY).unwrap()
}

pub(crate) fn item(pricing: Pricing) -> PriceItem {
    PriceItem {
        key: "test".into(),
        pricing,
        per_seconds: 3_600,
        free: 0,
        minimum: None,
        started: None,
        discount: None,
        source: "demo".into(),
        contract: None,
    }
}

pub(crate) fn one() -> Quantity {
    Quantity::new(1, Unit::Event)
}

fn per_unit(text: &str) -> Pricing {
    Pricing::PerUnit(Price { amount: amount(text), per: one() })
}

pub(crate) fn tiers(rows: &[(u128, &str, &str)]) -> Tiers {
    let tier = |it: &(u128, &str, &str)| Tier { above: it.0, amount: amount(it.1), flat: amount(it.2) };
    Tiers { per: one(), tiers: rows.iter().map(tier).collect(), edge: Edge::Upper, up_to: None }
}

fn blocks(size: u128, text: &str) -> Pricing {
    Pricing::Package { size: Quantity::new(size, Unit::Event), price: amount(text) }
}

pub(crate) fn component(meter: Meter, item: PriceItem) -> Component {
    Component {
        id: "use".into(),
        name: "Use".into(),
        when: Vec::new(),
        due: Due::Cycle(CycleKind::Month),
        meter,
        quantity: QuantityRule { option: None, fixed: 1, less: 0, unit: Unit::Event },
        scope: Scope::Resource,
        spec: None,
        pack: None,
        contract: Contract::Applies,
        change_discount: Default::default(),
        freeze_seconds: 0,
        billed_while: vec![State::Running],
        least_seconds: 0,
        month_seconds: None,
        free_tier: None,
        sale: Sale::Open,
        label: Default::default(),
        prices: vec![PriceRow { keys: Vec::new(), sale: Sale::Open, item }],
    }
}

fn book(from: i64, meter: Meter, item: PriceItem) -> Book {
    made::book(Timestamp::from_second(from).unwrap(), vec![made::product("p", vec![component(meter, item)])])
}

/// One configuration whose price versions are `items`, from second 0, 1, 2, … on.
pub(crate) fn versions(meter: &Meter, items: &[PriceItem]) -> Configs {
    let books = (0..).zip(items).map(|(at, it)| Arc::new(book(at, meter.clone(), it.clone()))).collect();
    let mut configs = Configs::default();
    configs.intern(Books::new(books).of(Currency::CNY), "p", "");
    configs
}

pub(crate) fn sum() -> Meter {
    Meter::Sum { usage: "use".into() }
}

pub(crate) fn part(version: usize, measured: Measured) -> Used {
    let at = PartRef { config: crate::plan::ConfigRef(0), version, part: 0 };
    Used::new(at, measured, version as i64, version as i64 + 1)
}

/// What so many units of each version cost, line by line, in 1e-8.
fn costs(configs: &Configs, quantities: &[u128]) -> Vec<i64> {
    let used = |it: (usize, &u128)| part(it.0, Measured::of(*it.1, Unit::Event));
    let parts = go_on(quantities.iter().enumerate().map(used).collect(), configs).unwrap();
    let lines = rate::lines(&parts, configs, Terms::default()).unwrap();
    for (line, used) in lines.iter().zip(&parts) {
        let again = rate::again(line, item_of(used.at, configs).unwrap()).unwrap();
        assert_eq!(
            (again.list_e8, again.cost_e8),
            (line.list_e8, line.cost_e8),
            "a line is priced again from what it stores"
        );
    }
    lines.iter().map(|it| it.cost_e8).collect()
}

fn e8(texts: &[&str]) -> Vec<i64> {
    texts.iter().map(|it| amount(it).to_row().unwrap()).collect()
}

/// Source: R-PRC-18. 16 hours reach the tier above 15: 8 at 1.00 and 8 at 0.99 are 15.92.
#[test]
fn the_whole_cycle_reaches_a_tier_and_each_part_has_its_own_price() {
    let hours = |last| item(Pricing::Volume(tiers(&[(0, "5", "0"), (10, "3", "0"), (15, last, "0")])));
    let configs = versions(&sum(), &[hours("1.00"), hours("0.99")]);
    assert_eq!(costs(&configs, &[8, 8]), e8(&["8.00", "7.92"]));
}

/// Source: R-PRC-18. Of three blocks the second begins under the old price and takes 500 of the new version.
#[test]
fn a_block_has_the_price_of_the_version_that_it_began_under() {
    let configs = versions(&sum(), &[item(blocks(1_000, "0.50")), item(blocks(1_000, "0.49"))]);
    assert_eq!(costs(&configs, &[500, 500]), e8(&["0.50"]));
    assert_eq!(costs(&configs, &[1_500, 1_000]), e8(&["1.00", "0.49"]));
}

/// The free units of a cycle are used first: 50 under the old version, 50 under the new one.
#[test]
fn free_units_go_on() {
    let free = |text| PriceItem { free: 100, ..item(per_unit(text)) };
    let configs = versions(&sum(), &[free("0.02"), free("0.01")]);
    assert_eq!(costs(&configs, &[50, 150]), e8(&["0", "1.00"]));
}

/// Source: section 20, R-MON-2; R-PRC-18. Twelve units: ten in the first tier, of which eight at the old price.
#[test]
fn a_line_has_one_unit_price() {
    let steps = |first| item(Pricing::Graduated(tiers(&[(0, first, "0"), (10, "3", "1.00")])));
    let configs = versions(&sum(), &[steps("5"), steps("4")]);
    assert_eq!(costs(&configs, &[12]), e8(&["50", "7"]));
    assert_eq!(costs(&configs, &[8, 4]), e8(&["40", "8", "7"]));
}

/// Source: R-PRC-16, R-PRC-18. 0.30 + 0.20 is lifted to the minimum at the end, once.
#[test]
fn a_minimum_counts_once_by_the_version_at_the_end() {
    let least = |text, least| PriceItem { minimum: Some(amount(least)), ..item(per_unit(text)) };
    let configs = versions(&sum(), &[least("0.03", "1.00"), least("0.02", "2.00")]);
    assert_eq!(costs(&configs, &[10, 10]), e8(&["0.30", "1.70"]));
    assert_eq!(costs(&configs, &[10, 100]), e8(&["0.30", "2.00"]));
    assert_eq!(costs(&configs, &[100]), e8(&["3.00"]));
}

/// Source: R-PRC-17, R-PRC-18. Half an hour under 0.02 and half an hour under 0.04 are one started hour of 0.02.
#[test]
fn a_started_hour_has_the_price_of_the_version_that_it_began_under() {
    let hour = |text| {
        let price = Price { amount: amount(text), per: one() };
        PriceItem { started: Some(3_600), ..item(Pricing::PerUnit(price)) }
    };
    let configs = versions(&Meter::Held, &[hour("0.02"), hour("0.04")]);
    let held = |version, seconds| part(version, Measured::of(1, Unit::Event).part(seconds, 3_600));
    let segment = crate::segment::Segment {
        resource: units::ResourceId::named(Timestamp::UNIX_EPOCH, "r"),
        created: 0,
        from: 0,
        to: 1,
        state: State::Running,
        config: crate::plan::ConfigRef(0),
        version: 0,
        clock: 0,
        month: 0,
    };
    let mut used = vec![held(0, 1_800), held(1, 1_800)];
    super::held(&[segment, segment], &mut used, 0, &configs).unwrap();
    let lines = rate::lines(&used, &configs, Terms::default()).unwrap();
    assert_eq!(lines.iter().map(|it| it.cost_e8).collect::<Vec<_>>(), e8(&["0.02"]));
    let mut used = vec![held(0, 1_800), held(1, 5_400)];
    super::held(&[segment, segment], &mut used, 0, &configs).unwrap();
    let lines = rate::lines(&used, &configs, Terms::default()).unwrap();
    assert_eq!(lines.iter().map(|it| it.cost_e8).collect::<Vec<_>>(), e8(&["0.02", "0.04"]));
}

/// Source: R-PRC-14, R-PRC-18. 15 GB in the mean of 30 seconds, 10 of them at 1.00 and 20 at 2.00.
#[test]
fn a_mean_is_charged_by_each_version_for_its_time() {
    let tiered = |price| item(Pricing::Volume(tiers(&[(0, "9", "0"), (10, price, "0")])));
    let configs = versions(&Meter::HeldMean, &[tiered("1.00"), tiered("2.00")]);
    let held =
        |version, sum, seconds| part(version, Measured::of(sum, Unit::Event).mean(30).part(seconds, 1));
    let used = means(vec![held(0, 50, 10), held(1, 400, 20)], &configs).unwrap();
    let lines = rate::lines(&used, &configs, Terms::default()).unwrap();
    assert_eq!(lines.iter().map(|it| it.cost_e8).collect::<Vec<_>>(), e8(&["5.00", "20.00"]));
}

fn any_pricing() -> impl Strategy<Value = Pricing> {
    let price = |cents: u32| Amount::from_e8(i128::from(cents) * 1_000_000, Currency::CNY);
    let rows = prop::collection::vec((1_u128..50, 0_u32..500, 0_u32..300), 1..4);
    let tiers = (rows, 0_u32..500).prop_map(move |(rows, first)| {
        let mut tiers = vec![Tier { above: 0, amount: price(first), flat: price(0) }];
        for (wide, amount, flat) in rows {
            let above = tiers.last().map_or(0, |it| it.above) + wide;
            tiers.push(Tier { above, amount: price(amount), flat: price(flat) });
        }
        Tiers { per: one(), tiers, edge: Edge::Upper, up_to: None }
    });
    prop_oneof![
        (0_u32..500).prop_map(move |it| Pricing::PerUnit(Price { amount: price(it), per: one() })),
        tiers.clone().prop_map(Pricing::Graduated),
        tiers.prop_map(Pricing::Volume),
        (1_u128..40, 0_u32..500).prop_map(move |(size, cents)| Pricing::Package {
            size: Quantity::new(size, Unit::Event),
            price: price(cents),
        }),
    ]
}

pub(crate) fn any_item() -> impl Strategy<Value = PriceItem> {
    let started = prop::option::of(1_u128..20);
    (any_pricing(), 0_u128..30, started, prop::option::of(0_u32..3_000)).prop_map(
        |(pricing, free, started, least)| {
            // Blocks of started units are no price that anybody writes.
            let started = started.filter(|_| !matches!(pricing, Pricing::Package { .. }));
            let minimum = least.map(|it| Amount::from_e8(i128::from(it) * 1_000_000, Currency::CNY));
            PriceItem { free, started, minimum, ..item(pricing) }
        },
    )
}

fn total(configs: &Configs, quantities: &[u128]) -> i64 {
    costs(configs, quantities).iter().sum()
}

proptest! {
    /// Where versions charge the same, a cycle that they cut costs what the whole would.
    #[test]
    fn cutting_changes_nothing(it in any_item(), parts in prop::collection::vec(1_u128..80, 1..5)) {
        // They differ only in where the figure comes from.
        let version = |at: usize| PriceItem { source: format!("version {at}"), ..it.clone() };
        let items: Vec<PriceItem> = (0..parts.len()).map(version).collect();
        let whole = total(&versions(&sum(), &[it]), &[parts.iter().sum()]);
        prop_assert_eq!(total(&versions(&sum(), &items), &parts), whole);
    }

    /// Where versions differ only in the price of a unit or block, the bill lies between those of either alone.
    #[test]
    fn a_cut_cycle_lies_between_its_prices(
        size in 1_u128..40, free in 0_u128..30, cheap in 0_u32..200, more in 1_u32..200,
        first in 1_u128..80, second in 1_u128..80, kind in 0..3,
    ) {
        let price = |cents: u32| Amount::from_e8(i128::from(cents) * 1_000_000, Currency::CNY);
        let of = |cents: u32| {
            let tier = |above, amount| Tier { above, amount, flat: price(0) };
            let rows = vec![tier(0, price(cents + 100)), tier(size, price(cents))];
            let tiers = Tiers { per: one(), tiers: rows, edge: Edge::Upper, up_to: None };
            let pricing = match kind {
                0 => Pricing::Package { size: Quantity::new(size, Unit::Event), price: price(cents) },
                1 => Pricing::Volume(tiers),
                _ => Pricing::Graduated(tiers),
            };
            PriceItem { free, ..item(pricing) }
        };
        let (low, high) = (of(cheap), of(cheap + more));
        let least = total(&versions(&sum(), std::slice::from_ref(&low)), &[first + second]);
        let most = total(&versions(&sum(), std::slice::from_ref(&high)), &[first + second]);
        for items in [[low.clone(), high.clone()], [high, low]] {
            let cut = total(&versions(&sum(), &items), &[first, second]);
            prop_assert!(least <= cut && cut <= most, "{least} <= {cut} <= {most}");
        }
    }
}
