//! Limits, floors and edges that no story reaches: what a product may say that the demo book does not.

use super::*;
use crate::book::{Component, Product, QuantityRule};
use crate::made;
use crate::options::Options;
use crate::order::standing::{self, Placement};
use crate::price::{PriceItem, Pricing};
use crate::quote::{Becomes, Quote};
use crate::rate::Terms;
use crate::resource::renew::Renew;
use crate::sequence::tests as metered;
use crate::wallet::Purses;
use proptest::prelude::*;
use rule::RefundSpan;
use std::collections::BTreeMap;
use units::{Price, Quantity, Unit};

pub(crate) fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

pub(crate) fn yuan(text: &str) -> Money {
    Money::parse(text, Currency::CNY).unwrap()
}

/// A component of one piece at `price` for so many seconds, chosen by `charge`.
pub(crate) fn component((id, charge): (&str, &str), due: Due, price: &str, per_seconds: u64) -> Component {
    let price = Price { amount: metered::amount(price), per: Quantity::new(1, Unit::Piece) };
    let item =
        PriceItem { key: format!("server/{id}"), per_seconds, ..metered::item(Pricing::PerUnit(price)) };
    let meter = if due == Due::Order { Meter::Months } else { Meter::Held };
    Component {
        id: id.into(),
        when: vec![("charge".into(), vec![charge.into()])],
        due,
        quantity: QuantityRule { option: None, fixed: 1, less: 0, unit: Unit::Piece },
        ..metered::component(meter, item)
    }
}

/// 100.00 a month, 1.00 an hour.
pub(crate) fn book() -> Arc<Book> {
    let components = vec![
        component(("month", "prepaid"), Due::Order, "100.00", 1),
        component(("hour", "payg"), Due::Cycle(CycleKind::Hour), "1.00", 3_600),
    ];
    let product = Product { release_days: 8, ..made::product("server", components) };
    Arc::new(made::book(at("2026-01-01"), vec![product]))
}

pub(crate) fn rule(floor: RefundFloor) -> RefundRule {
    let options = BTreeMap::from([("charge".to_string(), "payg".to_string())]);
    RefundRule {
        whole: None,
        rest: RefundRest::Used(UsedRefund { options, floor, until: UsedUntil::Refund, downgrades: 5 }),
        most_per_year: 2,
        bin_seconds: 0,
    }
}

pub(crate) fn resource() -> Resource {
    Resource { deadline: Some(at("2026-05-01")), ..made::resource(at("2026-03-01"), "charge=prepaid") }
}

/// What the bill of its refund is about.
fn about(it: &Resource) -> About<'static> {
    let id = RefundId::named(it.created, "web");
    About { id, account: it.account, product: "server", region: "", resource: Some(it.id), order: it.order }
}

/// An order for a month.
pub(crate) fn order(it: &Resource, action: Action) -> Order {
    let total = yuan("100.00");
    let quote = Quote {
        product: "server".into(),
        options: it.options.clone(),
        months: 1,
        days: 0,
        quantity: 1,
        becomes: Becomes::Resource,
        lines: Vec::new(),
        piece: total,
        list: total,
        total,
        freeze: Money::zero(Currency::CNY),
        unit_prices: Vec::new(),
        offered: None,
    };
    let until = at("2199-01-01");
    let place = Placement {
        action,
        resource: it,
        terms: Terms::default(),
        token: "r",
        number: 0,
        quoted_minor: None,
        until,
    };
    Order { action, ..standing::place(&quote, place, book().id, it.created).unwrap() }
}

pub(crate) fn paid(bonus: Money, cash: Money) -> Paid {
    let none = Money::zero(Currency::CNY);
    Paid::new(Purses::new(bonus, cash, none).unwrap(), none).unwrap()
}

/// What goes back of a month of March that runs, and of April that has not begun, 100.00 each.
fn refund(rule: &RefundRule, counted: Counted, now: &str) -> Result<Refund, RefundError> {
    let (it, book) = (resource(), book());
    let orders = [order(&it, Action::New), order(&it, Action::Renew)];
    let paid = paid(Money::zero(Currency::CNY), yuan("100.00"));
    let terms = [
        Term { order: &orders[0], from: at("2026-03-01"), to: at("2026-04-01"), paid },
        Term { order: &orders[1], from: at("2026-04-01"), to: at("2026-05-01"), paid },
    ];
    let calendar = Calendar::settlement();
    let asked =
        Asked { resource: &it, rule: Some(rule), terms: &terms, book: &book, counted, calendar: &calendar };
    asked.refund(at(now))
}

/// What goes back at `now` of one order, whose time runs.
fn refund_of(it: &Resource, book: &Arc<Book>, (order, from, to): (&Order, &str, &str), now: &str) -> Refund {
    let paid = paid(Money::zero(Currency::CNY), yuan("100.00"));
    let (calendar, rule) = (Calendar::settlement(), rule(RefundFloor::Order));
    let terms = [Term { order, from: at(from), to: at(to), paid }];
    let counted = Counted::default();
    let asked = Asked { resource: it, rule: Some(&rule), terms: &terms, book, counted, calendar: &calendar };
    asked.refund(at(now)).unwrap()
}

/// 24 h are worth 24.00, and the 30.00 for setting it up were paid with the first order: a renewal is not charged them again.
/// Source: R-REF-2.
#[test]
fn what_is_paid_once_is_kept_of_the_first_order_alone() {
    let it = resource();
    let setup = Component { meter: Meter::Once, ..component(("setup", "prepaid"), Due::Order, "30.00", 1) };
    let product = book().products[0].clone();
    let components = product.components.iter().cloned().chain([setup]).collect();
    let book = Arc::new(made::book(at("2026-01-01"), vec![Product { components, ..product }]));
    let of = |action, now| {
        let order = Order { book: book.id, ..order(&it, action) };
        refund_of(&it, &book, (&order, "2026-03-01", "2026-04-01"), now).total
    };
    assert_eq!(
        (of(Action::New, "2026-03-02"), of(Action::Renew, "2026-03-02")),
        (yuan("46.00"), yuan("76.00"))
    );
}

/// It was changed for nothing since: what was used costs what was ordered. Source: R-REF-2.
#[test]
fn what_was_ordered_is_what_was_used() {
    let now = Resource { options: Options::parse("charge=another").unwrap(), ..resource() };
    let order = order(&resource(), Action::New);
    assert_eq!(
        refund_of(&now, &book(), (&order, "2026-03-01", "2026-04-01"), "2026-03-02").total,
        yuan("76.00")
    );
}

/// Delivered on the 10th and renewed to the 10th of June; the day that a later renewal fixed is not that of these months: on May 5
/// none of them is full. Source: R-TIM-6, R-PRE-3.
#[test]
fn months_of_a_renewal_end_on_the_day_that_it_led_to() {
    let renew = Renew { day: Some(1), ..Renew::default() };
    let it = Resource {
        renew,
        deadline: Some(at("2026-07-01")),
        ..made::resource(at("2026-03-10"), "charge=prepaid")
    };
    let order = Order { months: 2, ..order(&it, Action::Renew) };
    let found = refund_of(&it, &book(), (&order, "2026-04-10", "2026-06-10"), "2026-05-05");
    assert_eq!((found.months, found.seconds), (0, 25 * 86_400));
    let found = refund_of(&it, &book(), (&order, "2026-04-10", "2026-06-10"), "2026-05-10");
    assert_eq!((found.months, found.seconds), (1, 0));
}

/// 240 h are worth 240.00, of 100.00 that were paid for March. Source: section 20 (R-REF-2), the switch.
#[test]
fn the_floor_is_of_the_order_that_runs_or_of_all() {
    let of = |floor| refund(&rule(floor), Counted::default(), "2026-03-11").unwrap().total;
    assert_eq!(of(RefundFloor::Order), yuan("100.00"));
    assert_eq!(of(RefundFloor::Sum), yuan("0.00"));
    let of = |floor| refund(&rule(floor), Counted::default(), "2026-03-06").unwrap().total;
    assert_eq!((of(RefundFloor::Order), of(RefundFloor::Sum)), (yuan("100.00"), yuan("80.00")));
}

/// 100.00 for March, changed at 12 h of the second for 31.00 and 30 days: on the 4th 72 h are worth 72.00, of the fee 28 of 30 days are
/// left, 28.9333. Counted only until the change, 36 h are worth 36.00; an earlier change ends nothing. Source: R-REF-3.
#[test]
fn the_share_of_a_fee_that_is_left_goes_back() {
    let (it, book, calendar) = (resource(), book(), Calendar::settlement());
    let orders = [order(&it, Action::New), Order { days: 30, ..order(&it, Action::Upgrade) }];
    let of = |until, changed| {
        let none = Money::zero(Currency::CNY);
        let terms = [
            Term {
                order: &orders[0],
                from: at("2026-03-01"),
                to: at("2026-04-01"),
                paid: paid(none, yuan("100.00")),
            },
            Term {
                order: &orders[1],
                from: at(changed),
                to: at("2026-04-01"),
                paid: paid(none, yuan("31.00")),
            },
        ];
        let options = BTreeMap::from([("charge".to_string(), "payg".to_string())]);
        let rest = RefundRest::Used(UsedRefund { options, floor: RefundFloor::Order, until, downgrades: 5 });
        let rule = RefundRule { rest, ..rule(RefundFloor::Order) };
        let counted = Counted::default();
        let asked = Asked {
            resource: &it,
            rule: Some(&rule),
            terms: &terms,
            book: &book,
            counted,
            calendar: &calendar,
        };
        asked.refund(at("2026-03-04")).unwrap()
    };
    let found = of(UsedUntil::Refund, "2026-03-02 12:00:00");
    assert_eq!(found.total, yuan("56.93"));
    assert_eq!(found.lines[2].cost_e8, 206_666_667);
    assert_eq!(of(UsedUntil::Upgrade, "2026-03-02 12:00:00").total, yuan("92.93"));
    assert_eq!(of(UsedUntil::Upgrade, "2026-02-20").total, yuan("56.93"));
    let bill = found.bill(about(&it), at("2026-03-04")).unwrap();
    let back = |from: &str| {
        let line =
            Line { from: at(from).as_second(), to: at("2026-04-01").as_second(), ..found.lines[0].clone() };
        bill.given_back(&Bill { lines: vec![line], ..bill.clone() }).unwrap()
    };
    assert_eq!((back("2026-03-01"), back("2026-03-02 12:00:00")), (yuan("28.00"), yuan("28.93")));
}

/// Source: R-REF-2 (199 a year), T-24: a field of the product.
#[test]
fn an_account_has_so_many_refunds_a_year() {
    let of = |rest| refund(&rule(RefundFloor::Order), Counted { whole: 0, rest }, "2026-03-02");
    assert_eq!(of(1).unwrap().total, yuan("176.00"));
    assert_eq!(of(2), Err(RefundError::Limit { most: 2 }));
}

/// Source: R-REF-1, T-24: also for products of which nothing goes back but all of it.
#[test]
fn all_of_it_goes_back_so_long_and_so_often() {
    let whole = WholeRefund { within_seconds: 432_000, most: 1, per: RefundSpan::Account };
    let rule = RefundRule { whole: Some(whole), rest: RefundRest::Kept, ..rule(RefundFloor::Order) };
    let of = |whole, now| refund(&rule, Counted { whole, rest: 9 }, now).map(|it| (it.way, it.total));
    assert_eq!(of(0, "2026-03-05 23:59:59"), Ok((Way::Whole, yuan("200.00"))));
    assert_eq!(of(1, "2026-03-05 23:59:59"), Err(RefundError::Limit { most: 1 }));
    assert_eq!(of(0, "2026-03-06"), Err(RefundError::TooLate(at("2026-03-06"))));
}

/// What was paid back already is not paid back: of what the refund left of each order so much may still be credited.
#[test]
fn what_is_left_of_each_order_after_a_refund() {
    let it = resource();
    let found = refund(&rule(RefundFloor::Order), Counted::default(), "2026-03-02").unwrap();
    let bill = found.bill(about(&it), at("2026-03-02")).unwrap();
    let of = |from: &str, to: &str| {
        let line = Line { from: at(from).as_second(), to: at(to).as_second(), ..found.lines[0].clone() };
        bill.given_back(&Bill { lines: vec![line], ..bill.clone() }).unwrap()
    };
    assert_eq!(of("2026-03-01", "2026-04-01"), yuan("76.00"));
    assert_eq!(of("2026-04-01", "2026-05-01"), yuan("100.00"));
    assert_eq!(of("2026-02-01", "2026-03-01"), yuan("0.00"));
}

proptest! {
    /// Whatever was paid and used, of any floor: lines add up, and nothing goes back that was not paid.
    #[test]
    fn no_more_goes_back_than_was_paid(
        bonus in 0_i64..30_000, cash in 0_i64..30_000, second in 0_i64..61 * 86_400,
        floor in prop::sample::select(vec![RefundFloor::Order, RefundFloor::Sum]),
    ) {
        let (it, book) = (resource(), book());
        let orders = [order(&it, Action::New), order(&it, Action::Renew)];
        let money = |minor| Money::from_minor(minor, Currency::CNY);
        let paid = paid(money(bonus), money(cash));
        let all = [
            Term { order: &orders[0], from: at("2026-03-01"), to: at("2026-04-01"), paid },
            Term { order: &orders[1], from: at("2026-04-01"), to: at("2026-05-01"), paid },
        ];
        let now = Timestamp::from_second(at("2026-03-01").as_second() + second).unwrap();
        let terms: Vec<Term<'_>> = all.into_iter().filter(|it| it.to > now).collect();
        let (calendar, rule) = (Calendar::settlement(), rule(floor));
        let asked = Asked {
            resource: &it, rule: Some(&rule), terms: &terms, book: &book, counted: Counted::default(), calendar: &calendar,
        };
        let refund = asked.refund(now).unwrap();
        prop_assert!(!refund.total.is_negative());
        prop_assert!(refund.total.minor() <= refund.paid.total().minor());
        let sum: i128 = refund.lines.iter().map(|it| i128::from(it.cost_e8)).sum();
        prop_assert_eq!(sum, i128::from(refund.amount_e8));
        prop_assert_eq!(units::Amount::from_e8(-sum, Currency::CNY).round().unwrap(), refund.total);
    }
}
