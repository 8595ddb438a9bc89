//! The worked examples, and what holds of any change: there and back again comes to nothing, and two steps to what one comes to.

use super::*;
use crate::book::{
    Component, DiscountTable, Due, OptionKind, OptionRule, PriceRow, Product, QuantityRule, Resize, Sale,
};
use crate::made;
use crate::price::Pricing;
use crate::sequence::tests as metered;
use proptest::prelude::*;
use std::collections::BTreeMap;
use units::{Price, Quantity, Timestamp, Unit};

/// So many of what costs 1.00 a month each.
fn option(name: &str) -> OptionRule {
    OptionRule {
        name: name.into(),
        kind: OptionKind::Range { from: 0, to: 1_000_000, step: 1, unit: Unit::Piece },
        default: None,
        when: Vec::new(),
        resize: Resize::Allowed,
        at_least: None,
        look: Default::default(),
    }
}

/// 1.00 a month for each, with the discount for months or without.
fn component(id: &str, discount: Option<&str>, change_discount: ChangeDiscount) -> Component {
    let price = Price { amount: metered::amount("1.00"), per: Quantity::new(1, Unit::Piece) };
    let mut item = metered::item(Pricing::PerUnit(price));
    (item.key, item.per_seconds, item.discount) = (id.into(), 1, discount.map(str::to_string));
    Component {
        id: id.into(),
        due: Due::Order,
        quantity: QuantityRule { option: Some(id.into()), fixed: 1, less: 0, unit: Unit::Piece },
        change_discount,
        prices: vec![PriceRow { keys: Vec::new(), sale: Sale::Open, item: item.clone() }],
        ..metered::component(Meter::Months, item)
    }
}

fn book() -> Arc<Book> {
    let components = vec![
        component("cpu", Some("months"), ChangeDiscount::Months),
        component("net", Some("months"), ChangeDiscount::WithOthers),
        component("base", Some("months"), ChangeDiscount::Never),
        component("disk", None, ChangeDiscount::Months),
    ];
    let options = ["cpu", "net", "base", "disk"].map(option).to_vec();
    let product = Product { options, ..made::product("machine", components) };
    let steps = vec![(2, 90_000_000), (6, 88_000_000), (12, 83_000_000)];
    let months = DiscountTable { steps, source: "demo".into() };
    let discounts = BTreeMap::from([("months".to_string(), months)]);
    Arc::new(Book { discounts, ..made::book(Timestamp::UNIX_EPOCH, vec![product]) })
}

type Sizes = [u32; 4];

fn options([cpu, net, base, disk]: Sizes) -> Options {
    Options::parse(&format!("cpu={cpu} net={net} base={base} disk={disk}")).unwrap()
}

fn change(had: Sizes, has: Sizes, days: u32, terms: Terms) -> Quote {
    let (had, options) = (options(had), options(has).pairs());
    quote(&book(), Change { product: "machine", had: &had, options: &options, days }, terms).unwrap()
}

fn total(had: Sizes, has: Sizes, days: u32) -> String {
    change(had, has, days, Terms::default()).total.to_string()
}

/// What the lines cost, exact.
fn e8(quote: &Quote) -> i128 {
    quote.lines.iter().map(|it| i128::from(it.cost_e8)).sum()
}

/// 153 × 244 × 12 / 365 × 0.88 = 1080.0709; 91 days are two months at 0.90. Source: R-CHG-1.
#[test]
fn a_difference_is_discounted_by_the_months_that_are_left() {
    assert_eq!(total([65, 0, 0, 0], [218, 0, 0, 0], 244), "1080.07");
    assert_eq!(total([65, 0, 0, 0], [218, 0, 0, 0], 91), "411.97");
    assert_eq!([60, 61, 182, 183, 364, 365].map(months), [1, 2, 5, 6, 11, 12]);
}

/// (50 × 0.83 − 10) × 12 = 378.00. Source: R-CHG-2.
#[test]
fn each_component_has_its_own_discount() {
    assert_eq!(total([65, 0, 0, 20], [115, 0, 0, 10], 365), "378.00");
    let found = change([65, 0, 0, 20], [115, 0, 0, 10], 365, Terms::default());
    let lines: Vec<_> =
        found.lines.iter().map(|it| (it.component.as_ref(), it.list_e8 / 100_000_000)).collect();
    assert_eq!(lines, [("cpu", 1380), ("cpu", -780), ("disk", 120), ("disk", -240)]);
}

/// 75 × 72 × 12 / 365 = 177.53; alone it has no discount for 244 days either, beside another it has 0.88.
/// Source: R-NET-3, section 20 (R-NET-3, R-CHG-1, R-CHG-2).
#[test]
fn what_is_raised_alone_may_have_no_discount() {
    assert_eq!(total([1, 40, 0, 0], [1, 115, 0, 0], 72), "177.53");
    // 75 × 244 × 12 / 365 = 601.6438.
    assert_eq!(total([1, 40, 0, 0], [1, 115, 0, 0], 244), "601.64");
    // 76 × 244 × 12 / 365 × 0.88 = 536.5059.
    assert_eq!(total([1, 40, 0, 0], [2, 115, 0, 0], 244), "536.51");
}

/// 5200 × 21 × 12 / 365 = 3590.137, 520: 359.014, 6000 × 24 × 12 / 365 = 4734.247. Source: R-CHG-5, T-4.
#[test]
fn protection_is_raised_without_a_discount() {
    assert_eq!(total([0, 0, 1000, 0], [0, 0, 6200, 0], 21), "3590.14");
    assert_eq!(total([0, 0, 480, 0], [0, 0, 1000, 0], 21), "359.01");
    assert_eq!(total([0, 0, 6200, 0], [0, 0, 12200, 0], 24), "4734.25");
    // Twelve months are left: 100 × 12, not 996.00.
    assert_eq!(total([0, 0, 0, 0], [0, 0, 100, 0], 365), "1200.00");
}

/// Of something that is there for less than before, and of nothing. Source: R-CHG-2.
#[test]
fn what_costs_less_is_below_zero_and_what_is_the_same_has_no_line() {
    let lower = change([218, 0, 0, 0], [65, 0, 0, 0], 244, Terms::default());
    assert_eq!((lower.total.to_string().as_str(), direction(&lower)), ("-1080.07", Ordering::Less));
    let same = change([65, 1, 2, 3], [65, 1, 2, 3], 244, Terms::default());
    assert_eq!((same.lines.len(), direction(&same)), (0, Ordering::Equal));
}

fn any_sizes() -> impl Strategy<Value = Sizes> {
    prop::array::uniform4(0_u32..5_000)
}

proptest! {
    /// Source: R-CHG-1; "upgrade then downgrade in the same instant".
    #[test]
    fn there_and_back_again_comes_to_nothing(
        one in any_sizes(), other in any_sizes(), days in 1_u32..2_000, rate in 0_u64..101,
    ) {
        let terms = Terms { contract_rate_e8: rate * 1_000_000 };
        let (there, back) = (change(one, other, days, terms), change(other, one, days, terms));
        prop_assert_eq!(e8(&there), -e8(&back));
        prop_assert_eq!(there.total.minor(), -back.total.minor());
    }

    /// Two steps at one instant cost what one costs, where both change the same components: what stands between is paid and given back.
    #[test]
    fn two_steps_come_to_what_one_comes_to(
        one in 0_u32..5_000, two in 0_u32..5_000, three in 0_u32..5_000, days in 1_u32..2_000,
    ) {
        let sizes = |it: u32| [it, it, it, it];
        let step = |had, has| e8(&change(sizes(had), sizes(has), days, Terms::default()));
        prop_assume!(one != two && two != three && one != three);
        prop_assert_eq!(step(one, two) + step(two, three), step(one, three));
    }

    /// A line can be priced again from what it stores, and explained. Source: R-BIL-2.
    #[test]
    fn each_line_is_priced_again_and_explained(one in any_sizes(), other in any_sizes(), days in 1_u32..2_000) {
        let (book, found) = (book(), change(one, other, days, Terms::default()));
        for line in &found.lines {
            let component = book.products[0].components.iter().find(|it| it.id == line.component).unwrap();
            let item = &component.prices[0].item;
            let again = rate::again(line, item).unwrap();
            prop_assert_eq!((again.list_e8, again.cost_e8), (line.list_e8, line.cost_e8));
            let steps = crate::explain::line(line, component, item, book.currency).unwrap();
            prop_assert_eq!(steps.last().unwrap().result.unwrap().e8(), i128::from(line.cost_e8));
            prop_assert_eq!(line.gives_back(), line.cost_e8 < 0);
        }
    }

    /// More days never cost less at one rate, and what costs more costs more for any days.
    #[test]
    fn more_for_longer_costs_more(had in 0_u32..5_000, more in 1_u32..5_000, days in 1_u32..2_000) {
        let fee = |days| e8(&change([0, 0, had, 0], [0, 0, had + more, 0], days, Terms::default()));
        prop_assert!(fee(days) > 0 && fee(days + 1) > fee(days));
    }
}
