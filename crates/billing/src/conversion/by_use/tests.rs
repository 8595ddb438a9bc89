//! March and April at 100.00 a month and 1.00 an hour, paid by use from any instant on.

use super::super::rule::ConversionRule;
use super::*;
use crate::book::{Conditions, OptionKind, OptionRule, Resize};
use crate::made;
use crate::order::Action;
use crate::refund::rule::{RefundFloor, RefundRule, RefundSpan, WholeRefund};
use crate::refund::tests::{at, book, order, paid, resource, rule, yuan};
use crate::refund::{Counted, Term};
use crate::resource::raise::{Days, Raise};
use proptest::prelude::*;
use units::{Calendar, Money};

fn product() -> Product {
    let option = |name: &str| OptionRule {
        name: name.into(),
        kind: OptionKind::Choice(Vec::new()),
        default: None,
        when: if name == "local" {
            vec![("charge".into(), vec!["prepaid".into()])]
        } else {
            Conditions::new()
        },
        resize: Resize::Fixed,
        at_least: None,
        look: Default::default(),
    };
    let pair = |value: &str| [("charge".to_string(), value.to_string())].into();
    let conversion =
        ConversionRule { options: pair("prepaid"), except: Vec::new(), by_use: Some(pair("payg")) };
    let options = vec![option("charge"), option("local")];
    Product { options, conversion: Some(conversion), ..made::product("server", Vec::new()) }
}

/// What goes back at `now` of March and April, so much paid for each.
fn rest_of(
    rule: &RefundRule,
    counted: Counted,
    sum: [Money; 2],
    now: Timestamp,
) -> Result<Refund, RefundError> {
    let (it, book, calendar) = (resource(), book(), Calendar::settlement());
    let orders = [order(&it, Action::New), order(&it, Action::Renew)];
    let paid = paid(sum[0], sum[1]);
    let all = [
        Term { order: &orders[0], from: at("2026-03-01"), to: at("2026-04-01"), paid },
        Term { order: &orders[1], from: at("2026-04-01"), to: at("2026-05-01"), paid },
    ];
    let terms: Vec<Term<'_>> = all.into_iter().filter(|it| it.to > now).collect();
    let asked =
        Asked { resource: &it, rule: Some(rule), terms: &terms, book: &book, counted, calendar: &calendar };
    rest(&asked, now)
}

fn cash() -> [Money; 2] {
    [yuan("0.00"), yuan("100.00")]
}

/// All options stay but those that say how it is paid, and what does not go with them. Source: R-CNV-2.
#[test]
fn what_it_becomes() {
    let it = Resource { options: Options::parse("charge=prepaid local=ssd").unwrap(), ..resource() };
    let wish = wish(&it, &product(), at("2026-03-02")).unwrap();
    assert_eq!(wish.options, [("charge".to_string(), "payg".to_string())]);
    assert_eq!((wish.months, wish.quantity), (0, 1));
    let options = Options::parse("charge=payg").unwrap();
    let after = converted(it, options.clone(), at("2026-03-02")).unwrap();
    assert_eq!((after.deadline, after.options, after.renew), (None, options, Renew::default()));
    assert_eq!(after.state, State::Running);
}

/// Each reason is another answer. Source: R-CNV-2.
#[test]
fn what_is_not_converted_says_why() {
    let now = at("2026-03-02");
    let refused = |it: &Resource, product: &Product, now| wish(it, product, now).unwrap_err();
    for state in State::ALL {
        let may = matches!(state, State::Running | State::Stopped);
        let it = Resource { state, ..resource() };
        assert_eq!(wish(&it, &product(), now).is_ok(), may, "{}", state.as_str());
    }
    let by_use = Resource { deadline: None, ..resource() };
    assert_eq!(refused(&by_use, &product(), now), ConversionError::ByUse);
    let (deadline, expired) = (at("2026-05-01"), Resource { state: State::Expired, ..resource() });
    assert_eq!(refused(&resource(), &product(), deadline), ConversionError::Expired(deadline));
    assert_eq!(refused(&expired, &product(), now), ConversionError::Expired(deadline));
    let other = made::product("server", Vec::new());
    assert_eq!(refused(&resource(), &other, now), ConversionError::StaysPrepaid("server".into()));
    let one_way = ConversionRule { by_use: None, ..product().conversion.unwrap() };
    let one_way = Product { conversion: Some(one_way), ..product() };
    assert_eq!(refused(&resource(), &one_way, now), ConversionError::StaysPrepaid("server".into()));
}

/// 24 h cost 24.00 also within the days in which a refund gives all of it back: 100.00 - 24.00 + 100.00 = 176.00.
/// Source: R-CNV-2, R-REF-1, R-REF-2.
#[test]
fn never_all_of_it_and_so_often_in_a_year() {
    let whole = WholeRefund { within_seconds: 432_000, most: 9, per: RefundSpan::Year };
    let rule = RefundRule { whole: Some(whole), ..rule(RefundFloor::Order) };
    let of = |rest| rest_of(&rule, Counted { whole: 0, rest }, cash(), at("2026-03-02"));
    let found = of(1).unwrap();
    assert_eq!((found.way, found.total, found.seconds), (Way::Converted, yuan("176.00"), 86_400));
    assert_eq!(of(2), Err(RefundError::Limit { most: 2 }));
}

proptest! {
    /// Whenever it is paid by use, it is what it is without raises for some days, and none is planned or lasts any more.
    /// Source: R-CNV-2, R-NET-3.
    #[test]
    fn no_raise_outlives_what_was_paid_ahead(
        first in 1_i64..40, days in 1_i64..10, gap in 0_i64..3, second in 0_i64..61 * 86_400 - 1,
    ) {
        let instant = |seconds: i64| Timestamp::from_second(at("2026-03-01").as_second() + seconds).unwrap();
        let raise = |value: &str, from: i64| Raise {
            option: "bandwidth".into(),
            base: "2".into(),
            value: value.into(),
            days: Days { from: instant(from * 86_400), to: instant((from + days) * 86_400) },
            begun: false,
        };
        let raises = vec![raise("5", first), raise("9", first + days + gap)];
        let options = Options::parse("bandwidth=2 charge=prepaid").unwrap();
        let now = instant(second);
        let it = Resource { options, raises, ..resource() }.raised_at(now);
        let by_use = Options::parse("bandwidth=2 charge=payg").unwrap();
        let wish = wish(&it, &product(), now).unwrap();
        prop_assert_eq!(wish.options, by_use.pairs());
        let after = converted(it, by_use.clone(), now).unwrap();
        prop_assert!(after.raises.is_empty() && after.next_raise().is_none());
        prop_assert_eq!(after.metered(now).options, by_use);
    }

    /// What goes back lies between nothing and what was paid, adds up line by line, and does not grow with time. Source: R-CNV-2, R-REF-2.
    #[test]
    fn what_goes_back_was_paid_and_does_not_grow(
        bonus in 0_i64..20_000, cash in 0_i64..20_000, second in 0_i64..61 * 86_400 - 1,
    ) {
        let now = Timestamp::from_second(at("2026-03-01").as_second() + second).unwrap();
        let sum = [bonus, cash].map(|it| Money::from_minor(it, units::Currency::CNY));
        let rule = rule(RefundFloor::Order);
        let found = rest_of(&rule, Counted::default(), sum, now).unwrap();
        let (total, paid) = (found.total, found.paid.total());
        prop_assert!(!total.is_negative() && total.checked_cmp(paid).unwrap().is_le(), "{total} of {paid}");
        let lines: i128 = found.lines.iter().map(|it| i128::from(it.cost_e8)).sum();
        prop_assert_eq!(lines, i128::from(found.amount_e8));
        let later = rest_of(&rule, Counted::default(), sum, Timestamp::from_second(now.as_second() + 1).unwrap());
        if let Ok(later) = later {
            prop_assert!(later.total.checked_cmp(total).unwrap().is_le(), "more a second later");
        }
    }
}
