//! A machine at 100.00 a month and 1.00 an hour with a line at 40.00 and 0.126, from March to May and renewed for June: switched at any
//! instant.

use super::*;
use crate::book::{Component, Due, OptionKind, OptionRule, Resize};
use crate::made;
use crate::order::standing::{self, Placement};
use crate::quote::{self, Wish};
use crate::rate::Terms;
use crate::refund::Counted;
use crate::refund::rule::{RefundFloor, RefundRule, UsedRefund, UsedUntil};
use crate::refund::tests::{at, component, resource, yuan};
use crate::resource::Resource;
use crate::switch::rule::SwitchRule;
use proptest::prelude::*;
use std::collections::BTreeMap;
use units::{Amount, Calendar, Currency, CycleKind};

fn option(name: &str, values: [&str; 2]) -> OptionRule {
    OptionRule {
        name: name.into(),
        kind: OptionKind::Choice(values.iter().map(|it| it.to_string()).collect()),
        default: None,
        when: Conditions::new(),
        resize: Resize::Fixed,
        at_least: None,
        look: Default::default(),
    }
}

/// The same where the mode is that which is paid ahead.
fn of_line(it: Component) -> Component {
    let mode = ("mode".to_string(), vec!["ahead".to_string()]);
    Component { when: it.when.into_iter().chain([mode]).collect(), ..it }
}

fn book() -> Arc<Book> {
    let hour = || Due::Cycle(CycleKind::Hour);
    let components = vec![
        component(("machine", "prepaid"), Due::Order, "100.00", 1),
        component(("machine-hour", "payg"), hour(), "1.00", 3_600),
        of_line(component(("line", "prepaid"), Due::Order, "40.00", 1)),
        of_line(component(("line-hour", "payg"), hour(), "0.126", 3_600)),
    ];
    let options = vec![option("charge", ["prepaid", "payg"]), option("mode", ["ahead", "use"])];
    let rule = SwitchRule { option: "mode".into(), prepaid: "ahead".into(), by_use: "use".into(), most: 1 };
    let product = Product { options, switch: Some(rule), ..made::product("server", components) };
    Arc::new(made::book(at("2026-01-01"), vec![product]))
}

fn order(book: &Arc<Book>, it: &Resource, (action, months): (Action, u32)) -> (Order, Quote) {
    let wish = Wish { product: "server".into(), options: it.options.pairs(), months, quantity: 1 };
    let quote = quote::remaining(book, &wish, Terms::default().into()).unwrap();
    let place = Placement {
        action,
        resource: it,
        terms: Terms::default(),
        token: "s",
        number: 0,
        quoted_minor: None,
        until: at("2199-01-01"),
    };
    (standing::place(&quote, place, book.id, it.created).unwrap(), quote)
}

/// What a switch to what is paid by use comes to at `now`, with so much bonus and cash paid for each order.
fn found(paid: [Money; 2], now: Timestamp) -> Downgrade {
    let book = book();
    let options = crate::options::Options::parse("charge=prepaid mode=ahead").unwrap();
    let it = Resource { options, deadline: Some(at("2026-07-01")), ..resource() };
    let orders = [order(&book, &it, (Action::New, 3)), order(&book, &it, (Action::Renew, 1))];
    let none = Money::zero(Currency::CNY);
    let paid = Paid::new(Purses::new(paid[0], paid[1], none).unwrap(), none).unwrap();
    let times = [(at("2026-03-01"), at("2026-06-01")), (at("2026-06-01"), at("2026-07-01"))];
    let all = orders.iter().zip(times).map(|((order, quote), (from, to))| {
        let bought = Bought { book: &book, quote: quote.clone() };
        (Term { order, from, to, paid }, bought)
    });
    let (terms, bought): (Vec<Term<'_>>, Vec<Bought<'_>>) = all.filter(|it| it.0.to > now).unzip();
    let by_use = BTreeMap::from([("charge".to_string(), "payg".to_string())]);
    let used =
        UsedRefund { options: by_use, floor: RefundFloor::Order, until: UsedUntil::Refund, downgrades: 5 };
    let rule = RefundRule { whole: None, rest: RefundRest::Used(used), most_per_year: 0, bin_seconds: 0 };
    let (calendar, counted) = (Calendar::settlement(), Counted::default());
    let asked =
        Asked { resource: &it, rule: Some(&rule), terms: &terms, book: &book, counted, calendar: &calendar };
    let options = it.options.with(&BTreeMap::from([("mode".to_string(), "use".to_string())])).pairs();
    let wish = Wish { product: "server".into(), options, months: 1, quantity: 1 };
    let quote = quote::remaining(&book, &wish, Terms::default().into()).unwrap();
    let product = &book.products[0];
    switched(&Switching { asked, bought: &bought, product }, quote, now).unwrap()
}

/// 420.00 were paid for each order: 120 of 420 and 40 of 140 are 120.00 for the line. A month and 36 hours later
/// 120.00 - 40.00 - 0.126 x 36 + 120.00 = 195.464 go back, and 300.00 - 100.00 - 36.00 + 300.00 = 464.00 count for the machine.
/// Source: R-NET-4, R-REF-2.
#[test]
fn what_ends_goes_back_and_what_stays_counts() {
    let it = found([yuan("0.00"), yuan("420.00")], at("2026-04-02 12:00:00"));
    assert_eq!((it.total, it.counted.total(), it.cost), (yuan("195.46"), yuan("464.00"), yuan("0.00")));
    let lines: Vec<(&str, i64)> = it.lines.iter().map(|it| (it.component.as_ref(), it.cost_e8)).collect();
    let expected = [
        ("paid", -42_000_000_000),
        ("paid", -42_000_000_000),
        ("line", 4_000_000_000),
        ("line-hour", 453_600_000),
        ("stays", 60_000_000_000),
    ];
    assert_eq!(lines, expected);
}

/// 719 hours are 90.594: of June nothing is left of 40.00, nor of the 100.00 for the machine. Source: R-NET-4, section 20 (R-REF-2).
#[test]
fn no_less_than_nothing_goes_back() {
    let it = found([yuan("0.00"), yuan("140.00")], at("2026-06-30 23:00:00"));
    assert_eq!((it.total, it.counted.total()), (yuan("0.00"), yuan("0.00")));
    let stays = it.lines.iter().find(|it| it.component == STAYS).unwrap();
    assert_eq!(stays.cost_e8, 10_000_000_000);
}

proptest! {
    /// Whatever was paid and when: what goes back and what counts are no more than was paid, and every sum adds up.
    #[test]
    fn nothing_is_in_both_parts(
        bonus in 0_i64..50_000, cash in 0_i64..50_000, second in 0_i64..122 * 86_400,
    ) {
        let money = |minor| Money::from_minor(minor, Currency::CNY);
        let now = Timestamp::from_second(at("2026-03-01").as_second() + second).unwrap();
        let it = found([money(bonus), money(cash)], now);
        let orders = if now < at("2026-06-01") { 2 } else { 1 };
        prop_assert!(!it.total.is_negative() && !it.counted.total().is_negative());
        prop_assert!(it.total.minor() + it.counted.total().minor() <= orders * (bonus + cash));
        prop_assert!(it.value.paid.total().minor() <= orders * (bonus + cash));
        prop_assert!(it.counted.purses().kinds().iter().all(|it| !it.is_negative()));
        let sum: i128 = it.lines.iter().map(|it| i128::from(it.cost_e8)).sum();
        prop_assert_eq!(sum, i128::from(it.amount_e8));
        prop_assert_eq!(Amount::from_e8(-sum, Currency::CNY).round().unwrap(), it.total);
    }
}
