//! What is collected when, and orders that are paid on credit.

use super::*;
use crate::order::{self, Action};
use crate::passbook::{Passbook, Reason};
use crate::refund::tests::{at, order, resource, yuan};
use crate::wallet::{Freeze, Purses};
use proptest::prelude::*;
use units::{Currency, FreezeId};

fn line(limit: &str) -> CreditLine {
    CreditLine {
        account: resource().account,
        limit: yuan(limit),
        day: DAY,
        since: at("2026-03-01"),
        collect: at("2026-03-10"),
        withheld: None,
        reason: "contract".into(),
    }
}

fn wallet(free: [Money; 2], owed: Money, limit: Money) -> Wallet {
    let none = Money::zero(Currency::CNY);
    let free = Purses::new(free[0], free[1], none).unwrap();
    let wallet = Wallet::new(resource().account, free, Purses::none(Currency::CNY), owed).unwrap();
    wallet.on_credit(limit, none).unwrap()
}

/// Credit 30.00, owed 30.00: nothing until its day; a fee of 10.00 more, and 40.00 are collected at once. Source: R-ARR-9.
#[test]
fn what_is_collected_when() {
    let (none, credit) = (yuan("0.00"), line("30.00"));
    let owing = |owed: &str| wallet([none, none], yuan(owed), credit.limit);
    let of = |owed: &str, now: &str| credit.collects(&owing(owed), at(now)).unwrap();
    assert_eq!((of("30.00", "2026-03-09"), of("40.00", "2026-03-09")), (none, yuan("40.00")));
    assert_eq!(of("12.00", "2026-03-10"), yuan("12.00"));
    assert_eq!((of("12.00", "2026-03-10 23:59:59"), of("12.00", "2026-03-11")), (yuan("12.00"), none));
    let withheld = CreditLine { withheld: Some(at("2026-03-05")), ..credit.clone() };
    assert_eq!(withheld.collects(&owing("12.00"), at("2026-03-06")).unwrap(), yuan("12.00"));
    assert_eq!((withheld.holds(), credit.holds()), (none, yuan("30.00")));
}

/// What decides on arrears counts what may be owed; holds and what orders take do not. Source: R-ARR-9, R-WAL-2.
#[test]
fn what_is_available_and_what_decides() {
    let mut it = wallet([yuan("0.00"), yuan("0.00")], yuan("12.00"), yuan("30.00"));
    it.pledge(yuan("5.00")).unwrap();
    assert_eq!((it.available(), it.standing(), it.balance()), (yuan("13.00"), yuan("18.00"), yuan("-12.00")));
    assert_eq!(it.unpledge(yuan("6.00")), Err(units::MoneyError::BelowZero));
}

#[test]
fn the_next_day_is_later_than_now() {
    let calendar = Calendar::settlement();
    let of = |day, after: &str| next(&calendar, day, at(after)).unwrap();
    assert_eq!(of(10, "2026-03-09 23:59:59"), at("2026-03-10"));
    assert_eq!(of(10, "2026-03-10"), at("2026-04-10"));
    assert_eq!((of(28, "2026-01-31"), of(1, "2026-12-01")), (at("2026-02-28"), at("2027-01-01")));
}

/// Nothing was owed on 03-10 and nobody looked: on 03-25 the next day is 04-10, and what is owed by then waits for it; on 04-10 that is
/// the day, also where nobody looked since March. Source: R-ARR-9.
#[test]
fn a_day_that_is_over_collects_nothing_and_the_next_one_does() {
    let (calendar, credit) = (Calendar::settlement(), line("30.00"));
    let none = yuan("0.00");
    let at_day = |now: &str| credit.clone().upcoming(&calendar, at(now)).unwrap();
    assert_eq!(at_day("2026-03-10 23:59:59").collect, at("2026-03-10"));
    assert_eq!(
        (at_day("2026-03-11").collect, at_day("2026-03-25").collect),
        (at("2026-04-10"), at("2026-04-10"))
    );
    let owing = wallet([none, none], yuan("12.00"), credit.limit);
    let of = |now: &str| at_day(now).collects(&owing, at(now)).unwrap();
    assert_eq!((of("2026-03-25"), of("2026-04-10 12:00:00"), of("2026-04-11")), (none, yuan("12.00"), none));
    assert_eq!(credit.collects(&owing, at("2026-03-25")).unwrap(), none);
}

/// 1.00 of credit stands for holds of 0.42: two leave 0.16, a third is refused; one that ends leaves 0.58. Money is held first.
/// Source: R-ARR-9, R-FRZ-1.
#[test]
fn what_holds_lack_is_taken_of_the_credit() {
    let (none, target) = (yuan("0.00"), yuan("0.42"));
    let reason = |name: &str| Reason::Freeze(FreezeId::named(at("2026-03-01"), name));
    let mut it = Passbook::new(wallet([none, none], none, yuan("1.00")), at("2026-03-01"));
    let held = it.hold(target, reason("one")).unwrap();
    it.hold(target, reason("two")).unwrap();
    assert_eq!(
        (held.total(), it.wallet().available(), it.wallet().lacking()),
        (none, yuan("0.16"), yuan("0.84"))
    );
    assert!(it.hold(target, reason("three")).is_err());
    assert_eq!(it.wallet().available(), yuan("0.16"));
    assert_eq!(
        (it.wallet().balance(), it.wallet().standing()),
        (none, yuan("1.00")),
        "arrears know of no holds"
    );
    it.let_go(&Freeze { resource: resource().id, target, held }, reason("end"), 1).unwrap();
    assert_eq!(it.wallet().available(), yuan("0.58"));
    let mut it = Passbook::new(wallet([none, yuan("0.30")], none, yuan("1.00")), at("2026-03-01"));
    let held = it.hold(target, reason("one")).unwrap();
    assert_eq!((held.cash(), it.wallet().available()), (yuan("0.30"), yuan("0.88")));
    let mut it = Passbook::new(wallet([none, yuan("0.30")], none, none), at("2026-03-01"));
    it.hold_up_to(target, reason("one")).unwrap();
    assert_eq!(
        (it.wallet().available(), it.wallet().lacking()),
        (none, none),
        "without credit nothing stands for it"
    );
}

proptest! {
    /// However holds begin and end, what is available is money and limit less all that is to be held, and is back in the end.
    /// Source: R-ARR-9, R-FRZ-1.
    #[test]
    fn holds_take_their_target_of_what_is_available(
        cash in 0_i64..300,
        limit in 1_i64..300,
        targets in prop::collection::vec(1_i64..90, 1..12),
    ) {
        let money = |minor| Money::from_minor(minor, Currency::CNY);
        let before = wallet([money(0), money(cash)], money(0), money(limit));
        let mut passbook = Passbook::new(before, at("2026-03-01"));
        let (mut holds, mut sum) = (Vec::new(), 0);
        for (number, target) in targets.into_iter().enumerate() {
            let reason = Reason::Freeze(FreezeId::named(at("2026-03-01"), &number.to_string()));
            match passbook.hold(money(target), reason) {
                Ok(held) => {
                    sum += target;
                    holds.push((Freeze { resource: resource().id, target: money(target), held }, reason, number));
                }
                Err(_) => prop_assert!(sum + target > cash + limit),
            }
            prop_assert_eq!(passbook.wallet().available(), money(cash + limit - sum));
        }
        for (freeze, reason, number) in holds {
            passbook.let_go(&freeze, reason, number as u128).unwrap();
        }
        prop_assert_eq!(*passbook.wallet(), before);
        prop_assert!(passbook.is_explained());
    }

    /// An order of 100.00 is paid where money and credit suffice, takes so much of what is available, and leaves no trace where it fails.
    /// Source: R-ARR-9, R-PAY-3, R-PRV-2.
    #[test]
    fn an_order_on_credit(bonus in 0_i64..8_000, cash in 0_i64..8_000, limit in 0_i64..12_000) {
        let money = |minor| Money::from_minor(minor, Currency::CNY);
        let before = wallet([money(bonus), money(cash)], money(0), money(limit));
        let (it, now) = (resource(), at("2026-03-01"));
        let mut passbook = Passbook::new(before, now);
        match order::pay(order(&it, Action::New), &mut passbook, now) {
            Ok((paid, _)) => {
                prop_assert_eq!(passbook.wallet().available(), money(bonus + cash + limit - 10_000));
                prop_assert_eq!(paid.pieces[0].on_credit().unwrap(), money((10_000 - bonus - cash).max(0)));
                prop_assert_eq!(passbook.wallet().pledged(), paid.pieces[0].on_credit().unwrap());
                order::fail(paid, it.id, &mut passbook).unwrap();
                prop_assert_eq!(*passbook.wallet(), before);
            }
            Err(_) => prop_assert!(bonus + cash + limit < 10_000),
        }
        prop_assert!(passbook.is_explained());
    }
}
