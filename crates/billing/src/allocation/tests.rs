//! A bill that is shared: the sample of the rule, and that its parts add up to it in every purse.

use super::*;
use proptest::prelude::*;
use units::{Currency, Money, Timestamp};

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

fn resource(number: u8) -> ResourceId {
    ResourceId::named(Timestamp::from_second(number.into()).unwrap(), "r")
}

fn priced(book: u8, from: i64, to: i64) -> Priced {
    called("run", (book, from, to))
}

fn called(price: &str, (book, from, to): (u8, i64, i64)) -> Priced {
    let book = BookId::named(Timestamp::from_second(book.into()).unwrap(), "b");
    Priced { price: price.to_string(), book, from, to }
}

/// The one sum that there is, in versions of books that hold from when on: `(book, from, to, who used how much)`.
fn shared(versions: &[(u8, i64, i64, (u8, u128))]) -> (SumOf, Shared) {
    let version =
        |(book, from, to, who): &(u8, i64, i64, (u8, u128))| (called("run", (*book, *from, *to)), *who);
    shared_as(&versions.iter().map(version).collect::<Vec<_>>())
}

/// The same in versions of prices that are called so: `(price, who used how much)`.
fn shared_as(versions: &[(Priced, (u8, u128))]) -> (SumOf, Shared) {
    let [product, component] = ["container", "run"].map(str::to_string);
    let of = SumOf { product, component, region: String::new(), spec: String::new() };
    let version = |(priced, (who, units)): &(Priced, (u8, u128))| Version {
        priced: priced.clone(),
        shares: Shares::from([(resource(*who), *units)]),
    };
    let sums = BTreeMap::from([(of.clone(), versions.iter().map(version).collect())]);
    (of, Shared { sums, covered: BTreeMap::new() })
}

fn line(priced: &Priced) -> SumLine {
    SumLine { component: "run".to_string(), priced: priced.clone(), is_difference: false, size_e8: 1 }
}

fn had<const N: usize>(all: [(u8, u128); N]) -> Shares {
    all.map(|(who, units)| (resource(who), units)).into()
}

/// A price that was agreed for a while stands between two versions of one book. Source: R-QCS-3.
#[test]
fn each_version_goes_to_who_used_it() {
    let (of, shared) = shared(&[(1, i64::MIN, 10, (1, 5)), (2, 10, 20, (2, 6)), (1, 20, i64::MAX, (3, 7))]);
    // What was begun in the first was filled in the second.
    let lines = [priced(1, 3, 14), priced(2, 12, 20), priced(1, 20, 30)];
    let used = lines.each_ref().map(|it| shared.used(&of, &line(it), &lines));
    assert_eq!(used, [had([(1, 5)]), had([(2, 6)]), had([(3, 7)])]);
}

/// Prices of the past are corrected after the bill: it goes by what lived then, also where that is priced otherwise by now.
/// Source: R-COR-1.
#[test]
fn a_bill_is_split_as_before_when_its_prices_are_corrected() {
    let lines = [priced(1, 0, 30)];
    let (of, cut) = shared(&[(1, i64::MIN, 10, (1, 5)), (9, 10, 20, (2, 6)), (1, 20, i64::MAX, (3, 7))]);
    assert_eq!(cut.used(&of, &line(&lines[0]), &lines), had([(1, 5), (2, 6), (3, 7)]));
    let (of, whole) = shared(&[(9, i64::MIN, i64::MAX, (1, 5))]);
    assert_eq!(whole.used(&of, &line(&lines[0]), &lines), had([(1, 5)]));
}

/// A correction whose book calls the price otherwise: a line goes by the seconds in which it held, not by those of the other line.
/// Source: R-COR-1, R-QCS-3.
#[test]
fn a_bill_is_split_by_its_time_when_its_prices_are_called_otherwise() {
    let lines = [priced(1, 0, 10), priced(2, 10, 30)];
    // The whole of the first version is corrected, and half of the second one.
    let all = [
        (called("go", (9, i64::MIN, 10)), (1, 5)),
        (called("go", (9, 10, 20)), (2, 6)),
        (priced(2, 20, i64::MAX), (3, 7)),
    ];
    let (of, cut) = shared_as(&all);
    let used = lines.each_ref().map(|it| cut.used(&of, &line(it), &lines));
    assert_eq!(used, [had([(1, 5)]), had([(2, 6), (3, 7)])]);
}

/// Two prices at one time, one of them called otherwise since: each line has its own, and neither the other's.
#[test]
fn what_another_line_charges_is_not_taken_for_a_price_that_is_called_otherwise() {
    let lines = [priced(1, 0, 30), called("slow", (1, 0, 30))];
    let all = [
        (priced(1, i64::MIN, i64::MAX), (1, 5)),
        (called("slow", (1, i64::MIN, 10)), (2, 6)),
        (called("tardy", (9, 10, i64::MAX)), (3, 7)),
    ];
    let (of, cut) = shared_as(&all);
    let used = lines.each_ref().map(|it| cut.used(&of, &line(it), &lines));
    assert_eq!(used, [had([(1, 5)]), had([(2, 6), (3, 7)])]);
    // What was first used after the bill is billed as a difference: the lines of the bill do not know of it.
    let (of, late) = shared_as(&[all[0].clone(), (called("extra", (1, i64::MIN, i64::MAX)), (4, 8))]);
    assert_eq!(late.used(&of, &line(&lines[0]), &lines[..1]), had([(1, 5)]));
}

/// What is billed of all versions together, and what nothing is left of, goes by all of them.
#[test]
fn a_difference_is_of_the_whole_cycle() {
    let (of, shared) = shared(&[(1, i64::MIN, 10, (1, 5)), (2, 10, i64::MAX, (2, 6))]);
    let lines = [priced(1, 0, 10), priced(2, 10, 20)];
    let difference = SumLine { is_difference: true, ..line(&lines[1]) };
    assert_eq!(shared.used(&of, &difference, &lines), had([(1, 5), (2, 6)]));
    let gone = priced(3, 40, 40);
    assert_eq!(shared.used(&of, &line(&gone), &lines), had([(1, 5), (2, 6)]));
}

proptest! {
    /// Each version is split as if there were no other, and together they are the whole. Source: R-QCS-3.
    #[test]
    fn versions_are_split_each_by_itself(
        all in prop::collection::vec((0_u8..9, 1_u64..1_000_000_000, 0_i64..90, 1_i64..150), 1..6),
    ) {
        let last = all.len() as i64 - 1;
        let starts = |at: i64| if at == 0 { i64::MIN } else { at * 100 };
        let ends = |at: i64| if at == last { i64::MAX } else { (at + 1) * 100 };
        let version = |(at, it): (i64, &(u8, u64, i64, i64))| {
            ((at % 2) as u8, starts(at), ends(at), (it.0, u128::from(it.1)))
        };
        let versions: Vec<_> = (0..).zip(&all).map(version).collect();
        let (of, whole) = shared(&versions);
        let from = |at: i64, it: &(u8, u64, i64, i64)| at * 100 + it.2;
        let lines: Vec<Priced> =
            (0..).zip(&all).map(|(at, it)| priced((at % 2) as u8, from(at, it), from(at, it) + it.3)).collect();
        for (of_one, it) in versions.iter().zip(&lines) {
            let (_, alone) = shared(std::slice::from_ref(of_one));
            prop_assert_eq!(whole.used(&of, &line(it), &lines), alone.used(&of, &line(it), std::slice::from_ref(it)));
        }
        let difference = SumLine { is_difference: true, ..line(&lines[0]) };
        let units: u128 = whole.used(&of, &difference, &lines).values().sum();
        prop_assert_eq!(units, all.iter().map(|it| u128::from(it.1)).sum::<u128>());
    }
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
