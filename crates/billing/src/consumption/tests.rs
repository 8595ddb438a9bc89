//! What a month consumed: the samples of the rule, and that the days of an order add up to what was paid for it.

use super::*;
use proptest::prelude::*;
use units::Currency;

const CURRENCY: Currency = Currency::CNY;

fn money(minor: i64) -> Money {
    Money::from_minor(minor, CURRENCY)
}

/// Vouchers, bonus and cash in fen.
fn sum([vouchers, bonus, cash]: [i64; 3]) -> Sum {
    let total = money(vouchers + bonus + cash);
    let paid = Paid::new(Purses::of_minor([bonus, cash, 0], CURRENCY).unwrap(), money(0)).unwrap();
    Sum::new(1, total.to_amount().e8(), total, paid)
}

fn in_cash(minor: i64, days: Range<Day>) -> Ahead {
    Ahead { course: Course::Days(days.clone()), paid_on: days.start, ended: None, sum: sum([0, 0, minor]) }
}

/// Fen of some days, and of what was left.
#[track_caller]
fn check(ahead: &Ahead, days: Range<Day>, expected: (i64, i64)) {
    let found = ahead.within(&days).unwrap();
    assert_eq!((found.consumed.total.minor(), found.rest.total.minor()), expected, "{days:?}");
}

/// 122.00 for 61 days, of which 12 lie in August; 31.00 for 31. Source: R-AMO-1.
#[test]
fn what_is_for_months_is_spread_over_their_days() {
    check(&in_cash(12_200, 19..80), 0..31, (2_400, 0));
    check(&in_cash(12_200, 19..80), 31..61, (6_000, 0));
    check(&in_cash(12_200, 19..80), 61..92, (3_800, 0));
    check(&in_cash(3_100, 19..50), 0..31, (1_200, 0));
    check(&in_cash(3_100, 19..50), 31..61, (1_900, 0));
}

/// 42.00 for 21 days from 05-20 on: 12 in May, 9 in June. Source: R-AMO-1.
#[test]
fn an_upgrade_is_spread_over_the_days_that_are_left() {
    check(&in_cash(4_200, 19..40), 0..31, (2_400, 0));
    check(&in_cash(4_200, 19..40), 31..61, (1_800, 0));
}

/// 100.00 over 3 days: 33.33, 33.33, 33.34. 0.29 over 20 days: 19 times 0.01 and 0.10. 0.30 over 20: 15 times 0.02. Source: R-AMO-1.
#[test]
fn the_last_day_takes_the_rest_and_none_is_below_zero() {
    let third = in_cash(10_000, 0..3);
    check(&third, 0..1, (3_333, 0));
    check(&third, 1..2, (3_333, 0));
    check(&third, 2..3, (3_334, 0));
    check(&in_cash(29, 0..20), 0..19, (19, 0));
    check(&in_cash(29, 0..20), 19..20, (10, 0));
    check(&in_cash(30, 0..20), 14..15, (2, 0));
    check(&in_cash(30, 0..20), 15..20, (0, 0));
}

/// 0.05 for 31 days: nothing on the first, 0.01 on the second to the sixth. Source: R-AMO-1.
#[test]
fn less_than_a_fen_a_day_begins_on_the_second_day() {
    let few = in_cash(5, 0..31);
    check(&few, 0..1, (0, 0));
    check(&few, 1..2, (1, 0));
    check(&few, 1..6, (5, 0));
    check(&few, 6..31, (0, 0));
}

/// 181.00 for 181 days from 01-01 on, refunded on 05-10: 130.00 with that day, 51.00 in one. Source: R-AMO-2.
#[test]
fn what_was_left_falls_on_the_day_of_the_refund() {
    let back = Ahead { ended: Some(129), ..in_cash(18_100, 0..181) };
    check(&back, 0..120, (12_000, 0));
    check(&back, 120..151, (1_000, 5_100));
    check(&back, 0..130, (13_000, 5_100));
    check(&back, 130..181, (0, 0));
}

/// 100.00 for 100 GB: 10, 20 and 30 used, 40 left when it expires. Source: R-AMO-3.
#[test]
fn a_pack_is_consumed_by_its_use() {
    let taken = vec![(30, 10), (60, 20), (91, 30)];
    let course = Course::Units { capacity: 100, taken };
    let pack = Ahead { course, paid_on: 3, ended: Some(91), sum: sum([0, 0, 10_000]) };
    check(&pack, 0..31, (1_000, 0));
    check(&pack, 31..61, (2_000, 0));
    check(&pack, 61..92, (3_000, 4_000));
    check(&pack, 92..200, (0, 0));
}

/// 30.00 of a voucher, 10.00 bonus and 21.00 cash over 10 days: 3.00, 1.00 and 2.10 a day. Source: R-AMO-1.
#[test]
fn every_purse_is_spread_by_itself() {
    let mixed = Ahead { sum: sum([3_000, 1_000, 2_100]), ..in_cash(0, 0..10) };
    let day = mixed.within(&(4..5)).unwrap().consumed;
    assert_eq!((day.vouchers().minor(), day.total.minor(), day.bills), (300, 610, 1));
    assert_eq!(day.paid.purses().kinds().map(Money::minor), [100, 210, 0]);
}

/// Three days had passed when it was paid: they fall on the day of the payment.
#[test]
fn nothing_falls_before_the_payment() {
    let late = Ahead { paid_on: 3, ..in_cash(1_000, 0..10) };
    check(&late, 0..3, (0, 0));
    check(&late, 3..4, (400, 0));
    check(&late, 4..10, (600, 0));
    // All of it had passed, or there is no whole day.
    check(&Ahead { paid_on: 30, ..in_cash(1_000, 0..10) }, 30..31, (1_000, 0));
    check(&in_cash(1_000, 5..5), 5..6, (1_000, 0));
}

fn course() -> impl Strategy<Value = Course> {
    let days = (0_i64..40, 0_i64..400).prop_map(|(from, days)| Course::Days(from..from + days));
    let taken = prop::collection::vec((0_i64..300, 0_u64..400), 0..8);
    let units = (1_u64..2_000, taken).prop_map(|(capacity, mut taken)| {
        taken.sort_unstable();
        let mut left = capacity;
        for it in &mut taken {
            it.1 = it.1.min(left);
            left -= it.1;
        }
        Course::Units { capacity, taken }
    });
    prop_oneof![days, units]
}

proptest! {
    /// Day by day it is the same as at once, and all of it is what was paid. Source: R-AMO-1 to R-AMO-3.
    #[test]
    fn the_days_add_up_to_what_was_paid_in_every_purse(
        course in course(), parts in prop::array::uniform3(0_i64..30_000), paid_on in 0_i64..60, ended in prop::option::of(0_i64..500),
    ) {
        // What a pack has left is lost some day.
        let ended = match course {
            Course::Days(_) => ended.map(|it| it + paid_on),
            Course::Units { .. } => Some(ended.unwrap_or(500) + paid_on),
        };
        let ahead = Ahead { course, paid_on, ended, sum: sum(parts) };
        let whole = ahead.within(&(0..2_000)).unwrap();
        let all = Sum::of([&whole.consumed, &whole.rest], CURRENCY).unwrap();
        prop_assert_eq!(Sum { bills: 1, ..all }, ahead.sum);
        let mut added = Sum::zero(CURRENCY);
        for day in 0..1_100 {
            let share = ahead.within(&(day..day + 1)).unwrap();
            for it in [share.consumed, share.rest] {
                prop_assert!(!it.total.is_negative() && !it.vouchers().is_negative() && it.amount_e8 >= 0);
                prop_assert!(day >= paid_on || it.total.is_zero());
                added = Sum::of([&added, &it], CURRENCY).unwrap();
            }
        }
        prop_assert_eq!(Sum { bills: 1, ..added }, ahead.sum);
    }
}
