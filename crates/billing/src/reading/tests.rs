//! What becomes of readings, rule by rule.

use super::*;

/// A reading of second `second` after 09:00.
fn reading(second: i64, quantity: u64, counting: Counting) -> Reading<'static> {
    let at = Timestamp::from_second(1_780_275_600 + second).unwrap();
    Reading {
        source: "/meters/1",
        event: "e",
        resource: "res",
        usage: "traffic",
        at,
        received: at,
        quantity,
        key: "",
        counting,
    }
}

const TAKE_5: Verdict = Verdict::Take { quantity: 5, standing: None };

/// R-SET-5: peaks are no exception, so how a reading adds up decides nothing of whether it is taken.
#[test]
fn what_was_used_is_taken_however_it_adds_up() {
    for tally in [Tally::Sum, Tally::Each, Tally::Highest, Tally::Attack, Tally::Kept] {
        assert_eq!(Said::default().decide(&reading(0, 5, Counting::Delta), tally), TAKE_5, "{tally:?}");
    }
}

/// R-DDS-2: peaks of one second are added over addresses, so each address counts once.
#[test]
fn a_second_of_an_attack_has_one_value_by_address() {
    let mut said = Said::default();
    let mut report = |it: Reading<'static>| said.decide(&it, Tally::Attack);
    assert_eq!(report(reading(0, 5, Counting::Delta)), TAKE_5);
    assert_eq!(report(reading(0, 5, Counting::Delta)), Verdict::Duplicate);
    assert_eq!(report(reading(0, 6, Counting::Delta)), Verdict::aside(Reason::Conflict));
    assert_eq!(report(Reading { key: "10.0.0.7", ..reading(0, 5, Counting::Delta) }), TAKE_5);
    assert_eq!(report(reading(1, 5, Counting::Delta)), TAKE_5);
}

#[test]
fn what_is_stored_of_a_second_stands_before_what_comes() {
    let mut said = Said::default();
    let first = reading(0, 7, Counting::Delta);
    said.attacked(first.spot(), 7);
    said.attacked(first.spot(), 8);
    assert_eq!(said.decide(&first, Tally::Attack), Verdict::Duplicate);
    let other = reading(0, 8, Counting::Delta);
    assert_eq!(said.decide(&other, Tally::Attack), Verdict::aside(Reason::Conflict));
}

#[test]
fn a_counter_stands_only_where_a_sum_is_charged() {
    for counting in [Counting::Standing, Counting::Began] {
        for tally in [Tally::Each, Tally::Highest, Tally::Attack] {
            let verdict = Said::default().decide(&reading(0, 5, counting), tally);
            assert_eq!(verdict, Verdict::aside(Reason::NotACounter), "{tally:?}");
        }
    }
    for tally in [Tally::Sum, Tally::Kept] {
        let verdict = Said::default().decide(&reading(0, 5, Counting::Began), tally);
        assert_eq!(verdict, Verdict::Take { quantity: 5, standing: Some(5) }, "{tally:?}");
    }
}

#[test]
fn of_a_counter_is_taken_what_it_grew_by() {
    let mut said = Said::default();
    let mut stands = |second, value| said.decide(&reading(second, value, Counting::Standing), Tally::Sum);
    assert_eq!(stands(0, 700), Verdict::Take { quantity: 0, standing: Some(700) });
    assert_eq!(stands(20, 750), Verdict::Take { quantity: 50, standing: Some(750) });
    assert_eq!(stands(10, 720), Verdict::Take { quantity: 0, standing: Some(720) });
    assert_eq!(
        stands(10, 721),
        Verdict::Aside(Reason::Conflict, "the counter stood at 720 at this instant".into())
    );
}

#[test]
fn a_leap_of_a_counter_is_refused_and_forgotten() {
    let mut said = Said::default();
    let mut stands = |second, value| said.decide(&reading(second, value, Counting::Standing), Tally::Sum);
    assert_eq!(stands(0, 0), Verdict::Take { quantity: 0, standing: Some(0) });
    let leap = MOST_AT_ONCE + 1;
    assert_eq!(stands(10, leap), Verdict::Refused(ReadingError::TooMuch(leap)));
    assert_eq!(stands(20, 9), Verdict::Take { quantity: 9, standing: Some(9) });
}

#[test]
fn what_no_books_could_change_is_refused_at_once() {
    let now = reading(0, 5, Counting::Delta);
    assert_eq!(now.check(), Ok(()));
    let early = Reading { received: reading(-1, 0, Counting::Delta).at, ..now.clone() };
    assert_eq!(early.check(), Err(ReadingError::InTheFuture(now.at)));
    for (quantity, counting, expected) in [
        (MOST_AT_ONCE, Counting::Delta, Ok(())),
        (MOST_AT_ONCE + 1, Counting::Delta, Err(ReadingError::TooMuch(MOST_AT_ONCE + 1))),
        (MOST_AT_ONCE + 1, Counting::Began, Err(ReadingError::TooMuch(MOST_AT_ONCE + 1))),
        (MOST_AT_ONCE + 1, Counting::Standing, Ok(())),
        (u64::MAX, Counting::Standing, Err(ReadingError::Overflow(u64::MAX))),
    ] {
        assert_eq!(reading(0, quantity, counting).check(), expected, "{quantity} {counting:?}");
    }
}

#[test]
fn only_an_attack_meets_others() {
    assert!([Tally::Sum, Tally::Highest, Tally::Each, Tally::Kept].into_iter().all(Tally::is_plain));
    assert!(!Tally::Attack.is_plain());
}

/// A meter that several components read adds up as that of them does which asks the most of it.
#[test]
fn what_several_components_read_adds_up_as_the_most_careful_of_them_does() {
    assert_eq!(Tally::of([]), Tally::Kept);
    assert_eq!(Tally::of([Tally::Sum, Tally::Kept]), Tally::Sum);
    assert_eq!(Tally::of([Tally::Sum, Tally::Highest]), Tally::Highest);
    assert_eq!(Tally::of([Tally::Highest, Tally::Attack, Tally::Each]), Tally::Attack);
}
