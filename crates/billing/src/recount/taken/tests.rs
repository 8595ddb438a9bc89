//! What packs took is taken once, of whatever is priced now. Source: R-PKG-13, R-COR-1.

use super::*;
use proptest::prelude::*;
use units::Timestamp;

fn book(number: u8) -> BookId {
    BookId::named(Timestamp::UNIX_EPOCH, &number.to_string())
}

fn key(version: i64, price: u8) -> Key {
    Key {
        product: "container".into(),
        component: "compute".into(),
        region: "guangzhou".into(),
        spec: "1U1G".into(),
        version,
        price: price.to_string(),
    }
}

fn taken(claims: &[(u8, u8, u64)]) -> Taken {
    let mut left: BTreeMap<(String, BookId), u64> = BTreeMap::new();
    for (price, by, units) in claims {
        *left.entry((price.to_string(), book(*by))).or_default() += units;
    }
    Taken { left: BTreeMap::from([(name(&key(0, 0)), left)]) }
}

/// What each of several sums is covered by: its price, its book, how much there is of it.
fn covered(taken: &mut Taken, sums: &[(u8, u8, u64)]) -> Vec<u64> {
    let keyed = |at: usize, price: u8| key(i64::try_from(at).unwrap(), price);
    let own: Vec<u64> = sums
        .iter()
        .enumerate()
        .map(|(at, (price, by, most))| taken.own(&keyed(at, *price), book(*by), u128::from(*most)))
        .collect();
    let rest = |(at, (price, _, most)): (usize, &(u8, u8, u64))| {
        own[at] + taken.rest(&keyed(at, *price), u128::from(most - own[at]))
    };
    sums.iter().enumerate().map(rest).collect()
}

/// A book, another above it in the middle of the month, then the first again: 30 of 40, 20 and 40 are taken once.
#[test]
fn two_stretches_of_one_book_share_what_was_taken_under_it() {
    let sums = [(1, 1, 40), (1, 2, 20), (1, 1, 40)];
    assert_eq!(covered(&mut taken(&[(1, 1, 30)]), &sums), [30, 0, 0]);
    assert_eq!(covered(&mut taken(&[(1, 1, 100)]), &sums), [40, 20, 40], "all of it was taken");
}

/// One price of a spec keeps its book, the other is priced by a new one: what was taken of either stays.
#[test]
fn a_price_that_stays_claims_nothing_of_another() {
    let sums = [(1, 2, 50), (2, 1, 10)];
    assert_eq!(covered(&mut taken(&[(1, 1, 50), (2, 1, 5)]), &sums), [50, 5]);
}

proptest! {
    /// As much is covered as packs took and there is, whatever prices it now; and no more of a sum than there is.
    #[test]
    fn every_unit_is_taken_once(
        claims in prop::collection::vec((0_u8..3, 0_u8..3, 0_u64..100), 0..6),
        sums in prop::collection::vec((0_u8..3, 0_u8..3, 0_u64..100), 0..6),
    ) {
        let total = |all: &[(u8, u8, u64)]| all.iter().map(|it| it.2).sum::<u64>();
        let found = covered(&mut taken(&claims), &sums);
        prop_assert!(found.iter().zip(&sums).all(|(taken, it)| *taken <= it.2));
        prop_assert_eq!(found.iter().sum::<u64>(), total(&claims).min(total(&sums)));
    }
}
