//! What was deducted against what was used, bill after bill.

use super::*;
use crate::bill::{Kind, Title};
use crate::book::{Book, Product};
use crate::books::Books;
use crate::made;
use proptest::prelude::*;
use std::sync::Arc;
use units::{AccountId, Currency, Cycle, CycleKind, Timestamp};

const HOUR: i64 = 3_600;
/// A minor unit in 1e-8.
const FEN: i64 = 1_000_000;

fn second(at: i64) -> Timestamp {
    Timestamp::from_second(at).unwrap()
}

fn book(from: i64, rounding: Rounding) -> Arc<Book> {
    let waived = Product { rounding: Some(Rounding::Waive), ..made::product("waived", Vec::new()) };
    let products = vec![made::product("p", Vec::new()), waived];
    Arc::new(Book { rounding, ..made::book(second(from), products) })
}

/// The products of books that hold from hour 0, and from a later hour on.
fn configs(books: &[(i64, Rounding)]) -> Configs {
    let books = Books::new(books.iter().map(|it| book(it.0 * HOUR, it.1)).collect());
    let mut configs = Configs::default();
    configs.intern(books.of(Currency::CNY), "p", "");
    configs.intern(books.of(Currency::CNY), "waived", "");
    configs
}

/// Resource `number` of `product` in one hour.
fn bill(product: &'static str, (hour, number): (i64, u128), cost_e8: i64) -> Bill<'static> {
    let cycle = Cycle { kind: CycleKind::Hour, from: second(hour * HOUR), to: second((hour + 1) * HOUR) };
    let account = AccountId::named(second(0), "a");
    let title = Title { account, kind: Kind::Hourly, cycle, subject: number };
    Bill { product: product.into(), ..made::bill(&title, cost_e8) }
}

/// Runs hour by hour: ten addresses each.
fn run(configs: &Configs, hour: i64, costs_e8: &[i64], standing: &mut Vec<Carry>) -> Vec<Bill<'static>> {
    let numbers = 1_u128..;
    let mut bills: Vec<_> = numbers.zip(costs_e8).map(|(at, it)| bill("p", (hour, at), *it)).collect();
    let changed = carry(&mut bills, standing, configs).unwrap();
    for it in changed {
        standing.retain(|old| old.product != it.product);
        standing.push(it);
    }
    bills
}

fn totals(bills: &[Bill<'_>]) -> i64 {
    bills.iter().map(|it| it.total.minor()).sum()
}

/// Source: R-MON-9: ten addresses at 0.0040 an hour, June (720 h): 28.80.
#[test]
fn ten_addresses_of_a_month() {
    let (configs, mut standing) = (configs(&[(0, Rounding::Carry)]), Vec::new());
    let deducted: i64 =
        (0..720).map(|hour| totals(&run(&configs, hour, &[400_000; 10], &mut standing))).sum();
    assert_eq!(deducted, 2_880);
    // Ten times 0.004 is a whole number of fen.
    assert_eq!(standing, []);
}

#[test]
fn the_line_stands_first_and_says_what_was_left() {
    let (configs, mut standing) = (configs(&[(0, Rounding::Carry)]), Vec::new());
    let bills = run(&configs, 0, &[400_000, 400_000], &mut standing);
    let mut bills: Vec<_> = bills.iter().collect();
    bills.sort_by_key(|it| it.id);
    assert_eq!((bills[0].lines.len(), bills[0].carried_e8, bills[0].total.minor()), (1, 400_000, 0));
    let first = &bills[1].lines[0];
    assert!(first.is_carried() && !bills[1].lines[1].is_carried());
    assert_eq!((&*first.component, first.cost_e8), (CARRIED, 400_000));
    assert_eq!((bills[1].amount_e8, bills[1].total.minor(), bills[1].carried_e8), (800_000, 1, -200_000));
}

/// A product that waives leaves nothing; what stood from before is taken once.
#[test]
fn a_book_may_carry_from_a_later_hour_on_and_stop() {
    let configs = configs(&[(0, Rounding::Waive), (1, Rounding::Carry), (3, Rounding::Waive)]);
    let mut standing = Vec::new();
    let left: Vec<(i64, i64)> = (0..5)
        .map(|hour| {
            let it = run(&configs, hour, &[400_000], &mut standing).remove(0);
            (it.total.minor(), it.carried_e8)
        })
        .collect();
    assert_eq!(left, [(0, 0), (0, 400_000), (1, -200_000), (0, 0), (0, 0)]);
    let mut waived = vec![bill("waived", (1, 1), 400_000), bill("waived", (1, 2), 400_000)];
    assert_eq!(carry(&mut waived, &standing, &configs), Ok(Vec::new()));
    assert_eq!(totals(&waived), 0);
}

/// A credit takes nothing over, for it is at most what was paid; what it leaves stands with the rest.
#[test]
fn a_credit_waits_for_a_bill() {
    let configs = configs(&[(0, Rounding::Carry)]);
    let mut bills = vec![bill("p", (0, 1), -FEN - 300_000)];
    let before = [Carry { product: "p".into(), amount_e8: 400_000 }];
    let after = carry(&mut bills, &before, &configs).unwrap();
    assert_eq!((bills[0].lines.len(), bills[0].total.minor(), bills[0].carried_e8), (1, -1, -300_000));
    assert_eq!(after, [Carry { product: "p".into(), amount_e8: 100_000 }]);
}

proptest! {
    /// What was deducted is what was used less what stands, which is never more than half a minor unit; every bill is the
    /// rounded sum of its lines; whatever order the bills of a run stand in.
    #[test]
    fn what_was_deducted_is_what_was_used(
        hours in prop::collection::vec(prop::collection::vec(0_i64..5 * FEN, 1..6), 1..30),
        turn in 0_usize..6,
    ) {
        let configs = configs(&[(0, Rounding::Carry)]);
        let (mut standing, mut other) = (Vec::new(), Vec::new());
        let (mut used, mut deducted) = (0, 0);
        for (hour, costs) in (0..).zip(&hours) {
            let bills = run(&configs, hour, costs, &mut standing);
            for it in &bills {
                let sum = Bill::sum(&it.lines, Currency::CNY).unwrap();
                prop_assert_eq!((it.amount_e8, it.total), sum);
                prop_assert!(it.carried_e8.abs() <= FEN / 2);
            }
            used += costs.iter().sum::<i64>();
            deducted += totals(&bills);
            let stands = standing.first().map_or(0, |it: &Carry| it.amount_e8);
            prop_assert_eq!(used - deducted * FEN, stands);

            let numbers = 1_u128..;
            let mut turned: Vec<_> = numbers.zip(costs).map(|(at, it)| bill("p", (hour, at), *it)).collect();
            let length = turned.len();
            turned.rotate_left(turn % length);
            for it in carry(&mut turned, &other, &configs).unwrap() {
                other = vec![it];
            }
            turned.rotate_right(turn % length);
            prop_assert_eq!(turned, bills);
        }
    }
}
