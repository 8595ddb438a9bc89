//! What vouchers paid of a cycle pays for what the cycle costs in the end.

use super::*;
use crate::bill::{Kind, Title};
use crate::made;
use proptest::prelude::*;
use units::{AccountId, Currency, Cycle, CycleKind, Timestamp};

const FEN: i64 = 1_000_000;

/// An adjustment by `cost_e8`.
fn adjustment(cost_e8: i64) -> Bill<'static> {
    let (from, to) = (Timestamp::UNIX_EPOCH, Timestamp::from_second(3_600).unwrap());
    let cycle = Cycle { kind: CycleKind::Hour, from, to };
    let title = Title { account: AccountId::named(from, "a"), kind: Kind::Adjustment, cycle, subject: 1 };
    made::bill(&title, cost_e8)
}

/// What money paid and what was held back in all, in fen and 1e-8, after adjustments to each of `costs`.
fn adjusted(first: i64, by_vouchers: i64, costs: &[i64]) -> (i64, i64) {
    let (mut paid, mut kept_e8, mut before) = (first - by_vouchers, 0, first);
    for cost in costs {
        let mut bill = adjustment((cost - before) * FEN);
        hold_back(&mut bill, Money::from_minor(paid, Currency::CNY), kept_e8).unwrap();
        let sum = Bill::sum(&bill.lines, Currency::CNY).unwrap();
        assert_eq!(sum, (bill.amount_e8, bill.total), "a bill is the rounded sum of its lines");
        kept_e8 += bill.lines.iter().filter(|it| it.is_kept()).map(|it| it.cost_e8).sum::<i64>();
        (paid, before) = (paid + bill.total.minor(), *cost);
    }
    (paid, kept_e8)
}

/// A bill of 10.00, of which a voucher paid 4.00: at 2.00 no money is left in it and 2.00 are held back, at 5.00 it takes 1.00.
#[test]
fn what_was_held_back_is_made_good_first() {
    assert_eq!(adjusted(1_000, 400, &[200]), (0, 200 * FEN));
    assert_eq!(adjusted(1_000, 400, &[200, 500]), (100, 0));
    assert_eq!(adjusted(1_000, 1_000, &[600, 800]), (0, 200 * FEN));
}

/// Half a fen more or less is rounded with the bill, and not held back.
#[test]
fn only_what_was_not_paid_is_held_back() {
    let mut bill = adjustment(-400 * FEN - 4);
    hold_back(&mut bill, Money::from_minor(400, Currency::CNY), 0).unwrap();
    assert_eq!((bill.lines.len(), bill.total.minor()), (1, -400));
    hold_back(&mut bill, Money::from_minor(399, Currency::CNY), 0).unwrap();
    assert_eq!((bill.lines.len(), bill.total.minor(), bill.amount_e8), (2, -399, -399 * FEN));
}

proptest! {
    /// However a cycle was rated in between, money pays what vouchers do not pay of what it costs in the end.
    #[test]
    fn money_pays_what_vouchers_do_not(
        first in 0_i64..2_000,
        share in 0_i64..=100,
        costs in prop::collection::vec(0_i64..3_000, 1..8),
    ) {
        let by_vouchers = first * share / 100;
        let (paid, kept_e8) = adjusted(first, by_vouchers, &costs);
        let last = costs[costs.len() - 1];
        prop_assert_eq!(paid, (last - by_vouchers).max(0));
        prop_assert_eq!(kept_e8, (by_vouchers - last).max(0) * FEN);
    }
}
