//! Downgrades of March and April at 100.00 a month and 1.00 an hour, into something cheaper, at any instant and price.

use super::*;
use crate::book::{Book, Conditions, Due, OptionKind, OptionRule, Product, Resize};
use crate::made;
use crate::order::Action;
use crate::order::standing::{self, Placement};
use crate::quote::{self, Agreed, Wish};
use crate::rate::Terms;
use crate::refund::rule::{RefundFloor, UsedRefund, UsedUntil};
use crate::refund::tests::{at, component, resource, yuan};
use crate::refund::{Counted, Term};
use crate::resource::Resource;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use units::{Calendar, Currency};

/// So much a month, 1.00 an hour.
fn book(month: &str) -> Arc<Book> {
    let components = vec![
        component(("month", "prepaid"), Due::Order, month, 1),
        component(("hour", "payg"), Due::Cycle(CycleKind::Hour), "1.00", 3_600),
    ];
    let charge = OptionRule {
        name: "charge".into(),
        kind: OptionKind::Choice(vec!["prepaid".into(), "payg".into()]),
        default: None,
        when: Conditions::new(),
        resize: Resize::Fixed,
        at_least: None,
        look: Default::default(),
    };
    let product = Product { release_days: 8, options: vec![charge], ..made::product("server", components) };
    Arc::new(made::book(at("2026-01-01"), vec![product]))
}

fn rule(downgrades: u32) -> RefundRule {
    let options = BTreeMap::from([("charge".to_string(), "payg".to_string())]);
    let used = UsedRefund { options, floor: RefundFloor::Order, until: UsedUntil::Refund, downgrades };
    RefundRule { whole: None, rest: RefundRest::Used(used), most_per_year: 0, bin_seconds: 0 }
}

fn wish(it: &Resource, months: u32) -> Wish {
    Wish { product: "server".into(), options: it.options.pairs(), months, quantity: 1 }
}

fn order(it: &Resource, action: Action) -> Order {
    let book = book("100.00");
    let quote = quote::remaining(&book, &wish(it, 1), Terms::default().into()).unwrap();
    let place = Placement {
        action,
        resource: it,
        terms: Terms::default(),
        token: "r",
        number: 0,
        quoted_minor: None,
        until: at("2199-01-01"),
    };
    standing::place(&quote, place, book.id, it.created).unwrap()
}

/// Months and days that are left, and what it comes to at `now`, with so much bonus and cash paid for each month.
fn lowered(paid: [Money; 2], month: &str, now: Timestamp) -> ((u32, u32), Downgrade) {
    let it = resource();
    let orders = [order(&it, Action::New), order(&it, Action::Renew)];
    let none = Money::zero(Currency::CNY);
    let paid = Paid::new(Purses::new(paid[0], paid[1], none).unwrap(), none).unwrap();
    let all = [
        Term { order: &orders[0], from: at("2026-03-01"), to: at("2026-04-01"), paid },
        Term { order: &orders[1], from: at("2026-04-01"), to: at("2026-05-01"), paid },
    ];
    let terms: Vec<Term<'_>> = all.into_iter().filter(|it| it.to > now).collect();
    let (was, calendar, rule) = (book("100.00"), Calendar::settlement(), rule(5));
    let counted = Counted::default();
    let asked =
        Asked { resource: &it, rule: Some(&rule), terms: &terms, book: &was, counted, calendar: &calendar };
    let (months, days) = asked.left(now).unwrap();
    let agreed = Agreed { days, ..Terms::default().into() };
    let quote = quote::remaining(&book(month), &wish(&it, months), agreed).unwrap();
    ((months, days), downgrade(&asked, quote, now).unwrap())
}

/// Whole months where one ends in this second, otherwise started days by thirty. Source: section 20 (R-CHG-3).
#[test]
fn months_that_are_left() {
    let of = |now| lowered([yuan("0.00"), yuan("100.00")], "60.00", at(now)).0;
    assert_eq!((of("2026-03-01"), of("2026-04-01")), ((2, 0), (1, 0)));
    assert_eq!((of("2026-03-01 00:00:01"), of("2026-03-11")), ((2, 1), (1, 21)));
    assert_eq!(of("2026-04-21 12:00:00"), (0, 10));
}

/// On March 2: 100.00 - 24.00 + 100.00 = 176.00, less 60 days of 60.00 a month, 120.00. On the 11th 240.00 is more than was paid for March:
/// April's 100.00 are left, and 51 days cost 102.00. Source: R-CHG-3, section 20 (R-REF-2).
#[test]
fn what_is_left_over_goes_back() {
    let of = |now| {
        let found = lowered([yuan("0.00"), yuan("100.00")], "60.00", at(now)).1;
        (found.value.total, found.quote.total, found.total, found.counted.total())
    };
    assert_eq!(of("2026-03-02"), (yuan("176.00"), yuan("120.00"), yuan("56.00"), yuan("120.00")));
    assert_eq!(of("2026-03-11"), (yuan("100.00"), yuan("102.00"), yuan("0.00"), yuan("100.00")));
}

/// Source: R-CHG-3 (at most five), a field of the product.
#[test]
fn so_often_and_only_where_use_is_counted() {
    assert_eq!(may_be_lowered(Some(&rule(5)), 4), Ok(()));
    assert_eq!(may_be_lowered(Some(&rule(5)), 5), Err(ChangeError::LoweredOften { most: 5 }));
    assert_eq!(may_be_lowered(Some(&rule(0)), 0), Err(ChangeError::Lowered));
    let share = RefundRule { rest: RefundRest::Share { within_seconds: 9 }, ..rule(5) };
    assert_eq!(may_be_lowered(Some(&share), 0), Err(ChangeError::Lowered));
    assert_eq!(may_be_lowered(None, 0), Err(ChangeError::Lowered));
}

/// What goes back is below zero on the bill; less than was quoted is refused. Source: R-ORD-1.
#[test]
fn less_than_was_quoted_is_refused() {
    let of = |quoted| lowered([yuan("0.00"), yuan("100.00")], "60.00", at("2026-03-02")).1.as_quoted(quoted);
    assert!(of(Some(-5_600)).is_ok() && of(Some(-5_500)).is_ok() && of(None).is_ok());
    let (quoted, now) = (Money::from_minor(-5_601, Currency::CNY), Money::from_minor(-5_600, Currency::CNY));
    assert_eq!(of(Some(-5_601)), Err(OrderError::PriceChanged { quoted, now }));
}

proptest! {
    /// Whatever was paid, used and costs: nothing goes back or counts that was not left, and every sum adds up.
    #[test]
    fn what_goes_back_and_what_counts_is_what_was_left(
        bonus in 0_i64..30_000, cash in 0_i64..30_000, second in 0_i64..61 * 86_400, month in 1_u32..20_000,
    ) {
        let money = |minor| Money::from_minor(minor, Currency::CNY);
        let now = Timestamp::from_second(at("2026-03-01").as_second() + second).unwrap();
        let month = format!("{}.{:02}", month / 100, month % 100);
        let found = lowered([money(bonus), money(cash)], &month, now).1;
        prop_assert!(!found.total.is_negative());
        prop_assert!(found.total.minor() + found.counted.total().minor() <= found.value.total.minor());
        prop_assert!(found.counted.total().minor() <= found.quote.total.minor());
        prop_assert!(found.counted.purses().kinds().iter().all(|it| !it.is_negative()));
        let sum: i128 = found.lines.iter().map(|it| i128::from(it.cost_e8)).sum();
        prop_assert_eq!(sum, i128::from(found.amount_e8));
        prop_assert_eq!(units::Amount::from_e8(-sum, Currency::CNY).round().unwrap(), found.total);
    }
}
