//! What comes next, by hand; and that money never lasts past what it pays for.

use super::*;
use proptest::prelude::*;
use units::Currency;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_780_243_200 + second).unwrap()
}

fn spending(fen: i64, open_e8: i128, a_day_e8: i128) -> Spending {
    let currency = Currency::CNY;
    Spending {
        balance: Money::from_minor(fen, currency),
        open: Amount::from_e8(open_e8, currency),
        a_day: Amount::from_e8(a_day_e8, currency),
    }
}

#[test]
fn money_is_gone_when_the_pace_has_taken_it() {
    // 72.00, of which 0.72 is used already, at 4.32 a day: 71.28 / 4.32 = 16.5 days.
    let gone = spending(7_200, 72_000_000, 432_000_000).gone(at(0)).unwrap();
    assert_eq!(gone, Some(at(16 * 86_400 + 43_200)));
    // More is used than is there.
    assert_eq!(spending(100, 500_000_000, 1).gone(at(0)).unwrap(), Some(at(0)));
}

#[test]
fn without_a_pace_and_without_money_there_is_no_such_day() {
    assert_eq!(spending(7_200, 0, 0).gone(at(0)).unwrap(), None);
    assert_eq!(spending(0, 0, 432_000_000).gone(at(0)).unwrap(), None);
    assert_eq!(spending(-100, 0, 432_000_000).gone(at(0)).unwrap(), None);
    assert_eq!(spending(i64::MAX, 0, 1).gone(at(0)).unwrap(), None);
}

#[test]
fn steps_come_in_the_order_of_time_and_none_from_behind_the_horizon() {
    let pack = PackId::named(at(0), "p");
    let step = |second, coming| Step { at: at(second), coming };
    let days = i64::try_from(DAYS).unwrap() * 86_400;
    let all = [
        step(days, Coming::MoneyGone),
        step(days - 1, Coming::MoneyGone),
        step(5, Coming::PackEnds(pack)),
        step(-1, Coming::PackEmpty(pack)),
        step(0, Coming::PackEmpty(pack)),
    ];
    let found = in_order(all, at(0)).unwrap();
    assert_eq!(found, [all[4], all[2], all[1]]);
}

proptest! {
    /// What is used until then fits into what is there, and a second more at most would not.
    #[test]
    fn what_is_paid_until_then_is_there(fen in 1_i64..10_i64.pow(11), open in 0_i128..10_i128.pow(12), a_day in 1_i128..10_i128.pow(15)) {
        let it = spending(fen, open, a_day);
        let rest = i128::from(fen) * 1_000_000 - open;
        if let Some(gone) = it.gone(at(0)).unwrap() {
            let seconds = i128::from(gone.as_second() - at(0).as_second());
            prop_assert!(seconds * a_day <= rest.max(0) * 86_400);
            prop_assert!((seconds + 1) * a_day > rest.max(0) * 86_400);
        }
    }
}
