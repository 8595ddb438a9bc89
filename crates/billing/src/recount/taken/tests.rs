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
    let mut left: BTreeMap<(String, BookId), Claim> = BTreeMap::new();
    for (price, by, units) in claims {
        left.entry((price.to_string(), book(*by))).or_default().left += units;
    }
    Taken { claims: BTreeMap::from([(name(&key(0, 0)), left)]), ..Taken::default() }
}

/// The same where it is known what packs took of each of these sums, in their order: price, book, units.
fn taken_of(claims: &[(u8, u8, u64)], served: &[(u8, u8, u64)]) -> Taken {
    let mut taken = taken(claims);
    let placed = |(at, (price, by, units)): (usize, &(u8, u8, u64))| (numbered(at, *price), (book(*by), *units));
    taken.place(served.iter().enumerate().map(placed).collect());
    taken
}

fn numbered(at: usize, price: u8) -> Key {
    key(i64::try_from(at).unwrap(), price)
}

/// What each of several sums is covered by: its price, its book, how much there is of it.
fn covered(taken: &mut Taken, sums: &[(u8, u8, u64)]) -> Vec<u64> {
    let mut found = vec![0; sums.len()];
    let steps: [fn(&mut Taken, &Key, BookId, u128) -> u64; 3] =
        [Taken::in_time, Taken::own, |taken, key, _, most| taken.rest(key, most)];
    for step in steps {
        for (at, (price, by, most)) in sums.iter().enumerate() {
            found[at] += step(taken, &numbered(at, *price), book(*by), u128::from(most - found[at]));
        }
    }
    found
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

/// A book that holds all month, and another above it for some of it since: what was taken in that time stays there.
#[test]
fn what_was_taken_stays_in_its_seconds_whatever_prices_them_now() {
    let sums = [(1, 2, 240), (1, 1, 1200)];
    assert_eq!(covered(&mut taken_of(&[(1, 1, 720)], &[(1, 2, 240), (1, 1, 480)]), &sums), [240, 480]);
    // Before the pack began, nothing was taken.
    assert_eq!(covered(&mut taken_of(&[(1, 1, 720)], &[(1, 2, 0), (1, 1, 720)]), &sums), [0, 720]);
    // The price above it is called otherwise.
    let sums = [(7, 2, 240), (1, 1, 1200)];
    assert_eq!(covered(&mut taken_of(&[(1, 1, 720)], &[(7, 2, 240), (1, 1, 480)]), &sums), [240, 480]);
}

/// What comes late would have been served instead of others, and is not: all those keep what they had.
#[test]
fn what_comes_late_takes_nothing_of_what_others_had() {
    let sums = [(1, 1, 100), (2, 1, 100)];
    assert_eq!(covered(&mut taken_of(&[(2, 1, 60)], &[(1, 1, 40), (2, 1, 20)]), &sums), [0, 60]);
    let sums = [(1, 1, 100), (1, 2, 100)];
    assert_eq!(covered(&mut taken_of(&[(1, 1, 50), (1, 2, 10)], &[(1, 1, 60), (1, 2, 0)]), &sums), [50, 10]);
}

proptest! {
    /// As much is covered as packs took and there is, whatever prices it now; and no more of a sum than there is.
    #[test]
    fn every_unit_is_taken_once(
        claims in prop::collection::vec((0_u8..3, 0_u8..3, 0_u64..100), 0..6),
        sums in prop::collection::vec((0_u8..3, 0_u8..3, 0_u64..100), 0..6),
        served in prop::collection::vec(0_u64..100, 6),
    ) {
        let total = |all: &[(u8, u8, u64)]| all.iter().map(|it| it.2).sum::<u64>();
        let served: Vec<_> = sums.iter().zip(served).map(|(it, units)| (it.0, it.1, units.min(it.2))).collect();
        let found = covered(&mut taken_of(&claims, &served), &sums);
        prop_assert!(found.iter().zip(&sums).all(|(taken, it)| *taken <= it.2));
        prop_assert_eq!(found.iter().sum::<u64>(), total(&claims).min(total(&sums)));
    }
}
