//! Sums of every currency go to Stripe and come back.

use super::*;
use crate::cards::limits::limits;

/// Every currency: all codes of three capital letters are tried.
fn all() -> Vec<Currency> {
    let letters = || (b'A'..=b'Z').map(char::from);
    let codes =
        letters().flat_map(|one| letters().flat_map(move |two| letters().map(move |it| [one, two, it])));
    codes.filter_map(|it| Currency::parse(&it.iter().collect::<String>()).ok()).collect()
}

fn counted(text: &str, code: &str) -> Option<i64> {
    of_money(Money::parse(text, Currency::parse(code).unwrap()).unwrap())
}

/// Source: Stripe, "supported currencies", by hand.
#[test]
fn sums_are_counted_as_stripe_counts_them() {
    assert_eq!(counted("10.50", "CNY"), Some(1_050));
    assert_eq!(counted("500", "JPY"), Some(500));
    assert_eq!(counted("5.120", "KWD"), Some(5_120));
    assert_eq!(counted("1000", "UGX"), Some(100_000));
    assert_eq!(counted("150", "ISK"), Some(15_000));
    assert_eq!(counted("25.00", "MGA"), Some(25));
    assert_eq!(counted("25.20", "MGA"), None);
    assert_eq!(money(15_050, Currency::parse("ISK").unwrap()), None);
}

#[test]
fn what_is_charged_comes_back_as_it_was() {
    for currency in all() {
        let step = limits(currency).step.minor();
        for steps in [1, 7, 99, 12_345, 9_000_000] {
            let sum = Money::from_minor(steps * step, currency);
            let back = of_money(sum).and_then(|it| money(it, currency));
            assert_eq!(back, Some(sum), "{sum} {currency}");
        }
    }
}

/// The least is itself something that can be charged.
#[test]
fn the_least_is_a_multiple_of_the_step() {
    for currency in all() {
        let it = limits(currency);
        assert_eq!(it.check(it.least), Ok(()), "{currency}");
    }
}
