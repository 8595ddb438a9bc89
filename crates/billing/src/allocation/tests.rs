//! A bill that is shared: the sample of the rule, and that its parts add up to it in every purse.

use super::*;
use proptest::prelude::*;
use units::{Currency, Money};

const CURRENCY: Currency = Currency::CNY;

fn fen(minor: i64) -> Money {
    Money::from_minor(minor, CURRENCY)
}

/// Vouchers, bonus, cash and debt in fen, of lines that cost so much.
fn sum(amount_e8: i128, [vouchers, bonus, cash, owed]: [i64; 4]) -> Sum {
    let paid = Paid::new(Purses::of_minor([bonus, cash, 0], CURRENCY).unwrap(), fen(owed)).unwrap();
    Sum::new(1, amount_e8, fen(vouchers + bonus + cash + owed), paid)
}

fn charged<const N: usize>(size: u64, shares: [(&str, u128); N]) -> Charged<String> {
    Charged { size, shares: shares.map(|(key, units)| (key.to_string(), units)).into() }
}

#[track_caller]
fn check(of: &Sum, all: &[Charged<String>], expected: &[(&str, i64)]) {
    let parts = split(of, Kind::Monthly, &weights(all)).unwrap();
    let found: Vec<(&str, i64)> = parts.iter().map(|it| (it.0.as_str(), it.1.total.minor())).collect();
    assert_eq!(found, expected);
    assert_eq!(Sum::of(parts.values(), CURRENCY).unwrap(), *of);
}

/// 3600 s of project A and 60 s of B make a line of 0.17: 0.17 and 0.00. Source: R-QCS-3.
#[test]
fn a_sum_goes_to_who_used_it_by_seconds() {
    check(
        &sum(17_283_333, [0, 0, 17, 0]),
        &[charged(17_283_333, [("a", 3_600), ("b", 60)])],
        &[("a", 17), ("b", 0)],
    );
}

/// Three with as much of 1.00: the cent that is left goes to the first. Source: R-MON-7.
#[test]
fn what_is_left_goes_to_the_first_of_equals() {
    let thirds = charged(100_000_000, [("a", 7), ("b", 7), ("c", 7)]);
    check(&sum(100_000_000, [0, 0, 100, 0]), &[thirds], &[("a", 34), ("b", 33), ("c", 33)]);
}

/// Two components: 3.00 of bandwidth, all of a's, and 1.00 of traffic, of which a has a quarter: 3.25 and 0.75.
#[test]
fn every_component_goes_by_its_own_use() {
    let all = [charged(300_000_000, [("a", 5)]), charged(100_000_000, [("a", 1 << 30), ("b", 3 << 30)])];
    check(&sum(400_000_000, [0, 0, 400, 0]), &all, &[("a", 325), ("b", 75)]);
}

/// More than 64 bits hold: the ratio stays.
#[test]
fn large_quantities_keep_their_ratio() {
    check(
        &sum(400_000_000, [0, 0, 400, 0]),
        &[charged(400_000_000, [("a", 1 << 100), ("b", 3 << 100)])],
        &[("a", 100), ("b", 300)],
    );
}

/// What nobody used has no weights, and stays whole.
#[test]
fn what_nobody_used_is_not_split() {
    assert_eq!(weights::<String>(&[]), BTreeMap::new());
    assert_eq!(weights(&[charged(5, [])]), BTreeMap::new());
    // What costs nothing goes to who used most.
    assert_eq!(
        weights(&[charged(0, [("a", 5), ("b", 6)])]),
        BTreeMap::from([("a".to_string(), 0), ("b".to_string(), 1)])
    );
}

proptest! {
    /// Parts add up in every purse, none is of another sign, and none is off by a minor unit or more. Source: R-MON-7.
    #[test]
    fn parts_add_up_to_the_bill(
        cash in 0_i64..1_000_000_000, others in prop::array::uniform3(0_i64..100_000), is_back in any::<bool>(),
        all in prop::collection::vec((0_u64..1_000_000_000, prop::collection::btree_map(0_u8..9, any::<u64>().prop_map(u128::from), 0..6)), 1..4),
    ) {
        let sign = if is_back { -1 } else { 1 };
        let [vouchers, bonus, owed] = others.map(|it| it * sign);
        let of = sum(i128::from(cash) * 1_000_000, [vouchers, bonus, cash * sign, owed]);
        let all: Vec<Charged<u8>> = all.into_iter().map(|(size, shares)| Charged { size, shares }).collect();
        let weights = weights(&all);
        prop_assume!(!weights.is_empty());
        let parts = split(&of, Kind::Monthly, &weights).unwrap();
        prop_assert_eq!(Sum::of(parts.values(), CURRENCY).unwrap(), of);
        let whole: u128 = weights.values().map(|it| u128::from(*it)).sum();
        for (key, part) in &parts {
            let part = part.paid.purses().cash().minor();
            prop_assert!(part == 0 || part.signum() == sign);
            let (exact, part) = (u128::from(cash.unsigned_abs()) * u128::from(weights[key]), u128::from(part.unsigned_abs()));
            prop_assert!(exact.abs_diff(part * whole) < whole);
        }
    }
}
