//! Days on which a customer is told, and those on which not.

use super::*;

fn at(threshold: i64, available: i64, told: Told, day: i64) -> (Told, Option<i64>) {
    let money = |minor| Money::from_minor(minor, Currency::CNY);
    test(money(threshold), money(available), told, Timestamp::from_second(day * 86_400).unwrap()).unwrap()
}

/// Source: R-WAL-5: threshold 50.00 and 49.99 on six days.
#[test]
fn five_days_in_a_row_and_no_more() {
    let mut told = Told::default();
    let mut messages = Vec::new();
    for day in 1..=6 {
        for _ in 0..3 {
            let (next, message) = at(5_000, 4_999, told, day);
            told = next;
            messages.extend(message.map(|_| day));
        }
    }
    assert_eq!(messages, [1, 2, 3, 4, 5]);
    let (told, message) = at(5_000, 5_000, told, 7);
    assert_eq!((told.days, message), (0, None));
    assert_eq!(at(5_000, 4_999, told, 8).1, Some(1));
    assert_eq!(at(0, -100, Told::default(), 0).1, None);
}

#[test]
fn the_largest_threshold_has_nine_digits_before_the_point() {
    assert_eq!(most(Currency::CNY).to_string(), "999999999.99");
}
