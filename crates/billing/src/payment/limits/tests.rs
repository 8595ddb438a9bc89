//! Steps of a gateway: dinars by hand, and every sum.

use super::*;
use proptest::prelude::*;
use units::Currency;

fn kwd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::parse("KWD").unwrap())
}

fn limits(step: i64) -> Limits {
    Limits { least: kwd(step), step: kwd(step) }
}

#[test]
fn a_card_pays_dinars_in_steps_of_ten_fils() {
    let of = limits(10);
    assert_eq!((of.down(kwd(1_234)), of.up(kwd(1_234))), (kwd(1_230), Ok(kwd(1_240))));
    assert_eq!(of.check(kwd(1_240)), Ok(()));
    assert_eq!(of.check(kwd(1_234)), Err(CardError::Fraction { sum: kwd(1_234), step: kwd(10) }));
    assert_eq!(of.check(kwd(9)), Err(CardError::Minimum { sum: kwd(9), least: kwd(10) }));
    let foreign = Money::from_minor(100, Currency::CNY);
    assert!(matches!(of.check(foreign), Err(CardError::Money(_))));
}

proptest! {
    #[test]
    fn every_sum_lies_between_its_steps(sum in -1_000_000_i64..1_000_000, step in prop::sample::select(vec![1_i64, 10, 100])) {
        let of = limits(step);
        let (down, up) = (of.down(kwd(sum)).minor(), of.up(kwd(sum)).unwrap().minor());
        prop_assert!(down <= sum && sum <= up && up - down <= step && down % step == 0 && up % step == 0);
        prop_assert_eq!(up == down, sum % step == 0);
    }
}
