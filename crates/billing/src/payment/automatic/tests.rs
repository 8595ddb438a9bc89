//! What comes by itself, and when not.

use super::*;
use units::{Currency, Timestamp};

fn cny(minor: i64) -> Money {
    Money::from_minor(minor, Currency::CNY)
}

fn rule() -> Rule {
    Rule {
        account: AccountId::named(Timestamp::UNIX_EPOCH, "shop"),
        card: CardId::named(Timestamp::UNIX_EPOCH, "card"),
        below: cny(5_000),
        amount: cny(20_000),
        ceiling: cny(50_000),
        collect: Collect::AtOnce,
    }
}

fn limits(least: i64, step: i64) -> Limits {
    Limits { least: cny(least), step: cny(step) }
}

/// A gateway that takes whole tens: a debt of 12.34 brings 12.40, what is left of the month 12.30.
#[test]
fn what_comes_by_itself_is_a_sum_that_the_gateway_charges() {
    let standing = |month| Standing {
        available: cny(-1_234),
        owed: cny(1_234),
        month: cny(month),
        limits: limits(10, 10),
    };
    assert_eq!(wanted(&rule(), &standing(0)).unwrap(), Wanted::Pay(Kind::Arrears, cny(1_240)));
    assert_eq!(wanted(&rule(), &standing(48_766)).unwrap(), Wanted::Pay(Kind::Arrears, cny(1_230)));
    let odd = checked(Rule { amount: cny(20_005), ..rule() }, limits(10, 10));
    assert_eq!(odd, Err(CardError::Fraction { sum: cny(20_005), step: cny(10) }));
}

/// 50.00 left, 200.00 at a time, at most 500.00 a month.
#[test]
fn a_month_takes_what_its_owner_said_and_no_more() {
    let at = |available, owed, month| {
        let standing = Standing {
            available: cny(available),
            owed: cny(owed),
            month: cny(month),
            limits: limits(400, 1),
        };
        wanted(&rule(), &standing).unwrap()
    };
    assert_eq!(at(5_000, 0, 0), Wanted::Nothing);
    assert_eq!(at(4_999, 0, 0), Wanted::Pay(Kind::Automatic, cny(20_000)));
    assert_eq!(at(4_999, 0, 30_000), Wanted::Pay(Kind::Automatic, cny(20_000)));
    assert_eq!(at(4_999, 0, 30_001), Wanted::Ceiling);
    assert_eq!(at(-320, 320, 0), Wanted::Pay(Kind::Arrears, cny(400)), "the least that a card pays");
    assert_eq!(at(-32_000, 32_000, 0), Wanted::Pay(Kind::Arrears, cny(32_000)));
    assert_eq!(
        at(-32_000, 32_000, 40_000),
        Wanted::Pay(Kind::Arrears, cny(10_000)),
        "what is left of the month"
    );
    assert_eq!(at(-32_000, 32_000, 49_700), Wanted::Ceiling);
    let never = Rule { collect: Collect::Never, below: cny(0), ..rule() };
    let owing = Standing { available: cny(-1), owed: cny(1), month: cny(0), limits: limits(400, 1) };
    assert_eq!(wanted(&never, &owing).unwrap(), Wanted::Nothing);
}

#[test]
fn what_cannot_be_wanted_says_why() {
    assert!(checked(rule(), limits(400, 1)).is_ok());
    let wrong = |rule| checked(rule, limits(400, 1)).unwrap_err();
    assert!(matches!(
        wrong(Rule { below: cny(0), collect: Collect::Never, ..rule() }),
        CardError::Rule("below", _)
    ));
    assert!(matches!(wrong(Rule { amount: cny(399), ..rule() }), CardError::Minimum { .. }));
    assert!(matches!(wrong(Rule { ceiling: cny(19_999), ..rule() }), CardError::Rule("ceiling", _)));
    let dollars = Money::from_minor(100, Currency::USD);
    assert!(matches!(wrong(Rule { amount: dollars, ..rule() }), CardError::Money(_)));
}
