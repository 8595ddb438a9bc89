//! Rounding, splitting and refusing to wrap.

use super::*;
use proptest::prelude::*;

fn amount(text: &str) -> Amount {
    Amount::parse(text, Currency::CNY).unwrap()
}

#[track_caller]
fn rounds(text: &str, expected: &str) {
    assert_eq!(amount(text).round().unwrap().to_string(), expected, "{text}");
}

/// Source: R-MON-2.
#[test]
fn a_bill_is_rounded_half_up() {
    rounds("0.188", "0.19");
    rounds("0.315", "0.32");
    rounds("0.565", "0.57");
    rounds("0.005", "0.01");
    rounds("-0.005", "-0.01");
    rounds("0.00499999", "0.00");
}

/// Source: R-MON-7.
#[test]
fn a_split_hands_the_last_fen_to_the_largest_fraction() {
    assert_eq!(split(10_000, &[1, 1, 1]), [3_334, 3_333, 3_333]);
    assert_eq!(split(36_260, &[20_000, 20_796]), [17_776, 18_484]);
    assert_eq!(split(17, &[3_600, 60]), [17, 0]);
    assert_eq!(split(5, &[0, 0]), [5, 0]);
    assert_eq!(split(-10_000, &[1, 1, 1]), [-3_334, -3_333, -3_333]);
    assert_eq!(split(i64::MIN, &[0, 1]), [0, i64::MIN]);
    assert_eq!(split(5, &[]), Vec::<i64>::new());
}

#[test]
fn currencies_do_not_mix_and_sums_do_not_wrap() {
    let (yuan, dollar) = (Money::from_minor(1, Currency::CNY), Money::from_minor(1, Currency::USD));
    assert_eq!(yuan.checked_add(dollar), Err(MoneyError::Currency(Currency::CNY, Currency::USD)));
    let most = Money::from_minor(i64::MAX, Currency::CNY);
    assert_eq!(most.checked_add(yuan), Err(MoneyError::Overflow));
    assert_eq!(most.checked_mul(2), Err(MoneyError::Overflow));
    let least = Money::from_minor(i64::MIN, Currency::CNY);
    assert_eq!(
        (least.checked_sub(yuan), least.checked_neg()),
        (Err(MoneyError::Overflow), Err(MoneyError::Overflow))
    );
    assert_eq!(yuan.checked_min(dollar), Err(MoneyError::Currency(Currency::CNY, Currency::USD)));
    assert_eq!(Money::sum([yuan, yuan, yuan], Currency::CNY), Ok(Money::from_minor(3, Currency::CNY)));
    assert_eq!(Money::sum([most, yuan], Currency::CNY), Err(MoneyError::Overflow));
    assert_eq!(Amount::from_e8(i128::MAX, Currency::CNY).round(), Err(MoneyError::Overflow));
    assert_eq!(Amount::parse("99999999999999", Currency::CNY), Err(MoneyError::Overflow));
}

proptest! {
    #[test]
    fn a_split_adds_up(total in 0_i64..i64::MAX / 2, weights in prop::collection::vec(0_u64..1_000_000_000_000, 1..20)) {
        let parts = split(total, &weights);
        prop_assert_eq!(parts.iter().map(|it| i128::from(*it)).sum::<i128>(), i128::from(total));
        prop_assert!(parts.iter().all(|it| *it >= 0));
    }

    #[test]
    fn sums_never_wrap(one in any::<i64>(), other in any::<i64>()) {
        let sum = Money::from_minor(one, Currency::CNY).checked_add(Money::from_minor(other, Currency::CNY));
        match one.checked_add(other) {
            Some(value) => prop_assert_eq!(sum.unwrap().minor(), value),
            None => prop_assert_eq!(sum, Err(MoneyError::Overflow)),
        }
    }

    #[test]
    fn money_and_amount_agree(minor in any::<i64>()) {
        let money = Money::from_minor(minor, Currency::CNY);
        prop_assert_eq!(money.to_amount().round().unwrap(), money);
    }
}
