//! How long somebody waits who was wrong too often.

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + second).unwrap()
}

fn tries(failures: u32) -> Tries {
    Tries { failures, last: at(0) }
}

#[test]
fn five_tries_are_free_then_each_wait_is_twice_as_long() {
    assert_eq!(tries(4).wait(Counted::Pair, at(0)), None);
    for (failures, seconds) in [(5, 1), (6, 2), (7, 4), (14, 512), (15, 900), (1_000_000, 900)] {
        assert_eq!(tries(failures).wait(Counted::Pair, at(0)), Some(at(seconds)), "{failures}");
        assert_eq!(tries(failures).wait(Counted::Pair, at(seconds)), None, "{failures}");
    }
}

#[test]
fn a_person_and_an_address_have_fifty() {
    for by in [Counted::Person, Counted::Address] {
        assert_eq!(tries(49).wait(by, at(0)), None);
        assert_eq!(tries(50).wait(by, at(0)), Some(at(1)));
    }
}

#[test]
fn everything_is_forgotten_after_a_day() {
    assert_eq!(Tries::and_one(Some(tries(9)), at(86_399)).failures, 10);
    assert_eq!(Tries::and_one(Some(tries(9)), at(86_400)).failures, 1);
    assert_eq!(Tries::and_one(None, at(0)).failures, 1);
}

#[test]
fn what_was_right_gives_its_place_back() {
    let wrong = Tries { failures: 49, last: at(0) };
    let right = Tries::and_one(Some(wrong), at(7)).less_one();
    assert_eq!(right, Some(Tries { failures: 49, last: at(7) }));
    assert_eq!(right.unwrap().wait(Counted::Address, at(7)), None);
    // Of right ones alone nothing stays, however many there were.
    let counted = (0..1_000).fold(None, |before, second| Tries::and_one(before, at(second)).less_one());
    assert_eq!(counted, None);
}
