//! What packs took is taken once, of whatever is priced now in the seconds in which they took it. Source: R-PKG-13, R-COR-1.

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

/// So many units of a price of a book, from when to when.
#[derive(Clone, Copy, Debug)]
struct Part {
    price: u8,
    book: u8,
    time: (i64, i64),
    units: u64,
}

fn part(price: u8, book: u8, time: (i64, i64), units: u64) -> Part {
    Part { price, book, time, units }
}

fn claimed(it: &Part) -> Claim {
    let (from, to) = it.time;
    Claim { price: it.price.to_string(), book: book(it.book), from, to, left: it.units, elsewhere: it.units }
}

/// What each of several sums is covered by: of what was taken so far, and of what packs took in the seconds of each.
fn covered(claims: &[Part], sums: &[Part], served: &[u64]) -> Vec<u64> {
    let keys: Vec<Key> = (0..).zip(sums).map(|(at, it)| key(at, it.price)).collect();
    let mut taken = Taken {
        claims: BTreeMap::from([(name(&key(0, 0)), claims.iter().map(claimed).collect())]),
        served: keys.iter().cloned().zip(served.iter().copied()).collect(),
    };
    let mut found = vec![0; sums.len()];
    let nothing: fn(&mut Taken, &Key, &Charged) -> u64 = |taken, key, it| {
        taken.stays(key, it);
        0
    };
    for step in [nothing, Taken::in_time, Taken::own, Taken::rest] {
        for (at, it) in sums.iter().enumerate() {
            let most = u128::from(it.units - found[at]);
            let charged = Charged { book: book(it.book), from: it.time.0, to: it.time.1, most };
            found[at] += step(&mut taken, &keys[at], &charged);
        }
    }
    found
}

const MONTH: (i64, i64) = (0, 30);

/// A book, another above it in the middle of the month, then the first again: 30 of 40, 20 and 40 are taken once.
#[test]
fn two_stretches_of_one_book_share_what_was_taken_under_it() {
    let sums = [part(1, 1, (0, 10), 40), part(1, 2, (10, 15), 20), part(1, 1, (15, 30), 40)];
    assert_eq!(covered(&[part(1, 1, MONTH, 30)], &sums, &[30, 0, 0]), [30, 0, 0]);
    assert_eq!(covered(&[part(1, 1, MONTH, 30)], &sums, &[0, 20, 10]), [0, 20, 10]);
    assert_eq!(covered(&[part(1, 1, MONTH, 100)], &sums, &[]), [40, 20, 40], "all of it was taken");
}

/// One price of a spec keeps its book, the other is priced by a new one: what was taken of either stays.
#[test]
fn a_price_that_stays_claims_nothing_of_another() {
    let sums = [part(1, 2, MONTH, 50), part(2, 1, MONTH, 10)];
    let claims = [part(1, 1, MONTH, 50), part(2, 1, MONTH, 5)];
    assert_eq!(covered(&claims, &sums, &[50, 5]), [50, 5]);
    assert_eq!(covered(&claims, &sums, &[]), [50, 5]);
}

/// A book that holds all month, and another above it for some of it since: what was taken in that time stays there.
#[test]
fn what_was_taken_stays_in_its_seconds_whatever_prices_them_now() {
    let claims = [part(1, 1, MONTH, 720)];
    let sums = [part(1, 2, (0, 5), 240), part(1, 1, (5, 30), 1200)];
    assert_eq!(covered(&claims, &sums, &[240, 480]), [240, 480]);
    assert_eq!(covered(&claims, &sums, &[0, 720]), [0, 720], "before the pack began, nothing was taken");
    let renamed = [part(7, 2, (0, 5), 240), sums[1]];
    assert_eq!(covered(&claims, &renamed, &[240, 480]), [240, 480], "the price above it is called otherwise");
}

/// Some days of a later book are priced by the one before it since, which has a claim of its own in its own time.
#[test]
fn an_earlier_book_above_a_later_one_has_what_was_taken_in_its_time() {
    let claims = [part(1, 1, (0, 10), 100), part(1, 2, (10, 30), 150)];
    let sums = [part(1, 1, (0, 10), 200), part(1, 1, (10, 15), 100), part(1, 2, (15, 30), 300)];
    assert_eq!(covered(&claims, &sums, &[100, 60, 90]), [100, 60, 90]);
}

/// What comes late would have been served instead of others, and is not: all those keep what they had.
#[test]
fn what_comes_late_takes_nothing_of_what_others_had() {
    let sums = [part(1, 1, MONTH, 100), part(2, 1, MONTH, 100)];
    assert_eq!(covered(&[part(2, 1, MONTH, 60)], &sums, &[40, 20]), [0, 60]);
    let sums = [part(1, 1, (0, 10), 100), part(1, 2, (10, 30), 100)];
    let claims = [part(1, 1, (0, 10), 50), part(1, 2, (10, 30), 10)];
    assert_eq!(covered(&claims, &sums, &[60, 0]), [50, 10]);
}

fn parts() -> impl Strategy<Value = Vec<Part>> {
    let part = (0_u8..3, 0_u8..3, (0_i64..30, 1_i64..30), 0_u64..100)
        .prop_map(|(price, book, (from, long), units)| part(price, book, (from, from + long), units));
    prop::collection::vec(part, 0..6)
}

proptest! {
    /// As much is covered as packs took and there is, whatever prices it now; and no more of a sum than there is.
    #[test]
    fn every_unit_is_taken_once(claims in parts(), sums in parts(), served in prop::collection::vec(0_u64..100, 6)) {
        let total = |all: &[Part]| all.iter().map(|it| it.units).sum::<u64>();
        let served: Vec<u64> = sums.iter().zip(served).map(|(it, units)| units.min(it.units)).collect();
        let found = covered(&claims, &sums, &served);
        prop_assert!(found.iter().zip(&sums).all(|(taken, it)| *taken <= it.units));
        prop_assert_eq!(found.iter().sum::<u64>(), total(&claims).min(total(&sums)));
    }
}
