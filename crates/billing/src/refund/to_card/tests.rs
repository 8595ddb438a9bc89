//! What goes back to which card. Source: R-REF-4.

use super::{Part, Source, split};
use crate::payment::limits::Limits;
use proptest::prelude::*;
use units::{Currency, Money, PaymentId, Timestamp};

fn yuan(fen: i64) -> Money {
    Money::from_minor(fen, Currency::CNY)
}

fn payment(name: usize) -> PaymentId {
    PaymentId::named(Timestamp::UNIX_EPOCH, &format!("payment {name}"))
}

fn source(name: usize, cash: i64, refundable: i64) -> Source {
    Source { payment: payment(name), cash: yuan(cash), refundable: yuan(refundable) }
}

fn limits(step: i64) -> Limits {
    Limits { least: yuan(400), step: yuan(step) }
}

fn parts(cash: i64, sources: &[Source], step: i64) -> Vec<(PaymentId, i64)> {
    let found = split(yuan(cash), sources, limits(step)).unwrap();
    found.iter().map(|it| (it.payment, it.money.minor())).collect()
}

/// 507.96 of which the card paid 207.96, 462.60 goes back: 207.96 to the card; all of it where the card paid all.
#[test]
fn a_card_gets_what_it_paid_at_most() {
    assert_eq!(parts(46_260, &[source(1, 50_796, 20_796)], 1), [(payment(1), 20_796)]);
    assert_eq!(parts(46_260, &[source(1, 50_796, 50_796)], 1), [(payment(1), 46_260)]);
    assert_eq!(parts(46_260, &[source(1, 50_796, 0)], 1), []);
    assert_eq!(parts(0, &[source(1, 50_796, 50_796)], 1), []);
}

/// Two of three servers came, and the card paid 815.92 for both: each gives back no more than cash paid of it.
#[test]
fn a_card_that_paid_for_others_too_gets_what_was_paid_of_this_one() {
    assert_eq!(parts(50_796, &[source(1, 50_796, 81_592)], 1), [(payment(1), 50_796)]);
    assert_eq!(parts(50_796, &[source(1, 50_796, 30_796)], 1), [(payment(1), 30_796)]);
}

/// A renewal of 51.00 by one card and the order before by another: the first source comes first, and a payment is one part.
#[test]
fn of_several_cards_the_first_comes_first() {
    let both = [source(2, 5_100, 5_100), source(1, 50_796, 20_796)];
    assert_eq!(parts(10_000, &both, 1), [(payment(2), 5_100), (payment(1), 4_900)]);
    let same = [source(1, 5_100, 8_000), source(1, 50_796, 8_000)];
    assert_eq!(parts(10_000, &same, 1), [(payment(1), 8_000)]);
}

/// What a gateway counts in tens goes back in tens.
#[test]
fn what_the_gateway_does_not_count_goes_to_the_wallet() {
    assert_eq!(parts(619, &[source(1, 1_000, 1_000)], 10), [(payment(1), 610)]);
}

proptest! {
    /// Whatever paid: no more than the cash goes back, and of each payment no more than is left on it.
    #[test]
    fn nothing_is_made_and_no_card_gets_more_than_it_paid(
        cash in 0_i64..200_000,
        rows in prop::collection::vec((0_usize..3, 0_i64..100_000), 0..6),
        left in prop::collection::vec(0_i64..100_000, 3),
        step in prop::sample::select(vec![1_i64, 10]),
    ) {
        let sources: Vec<Source> = rows.iter().map(|it| source(it.0, it.1, left[it.0])).collect();
        let found = split(yuan(cash), &sources, limits(step)).unwrap();
        let sum: i64 = found.iter().map(|it| it.money.minor()).sum();
        prop_assert!(sum <= cash);
        for (name, most) in left.iter().enumerate() {
            let own: Vec<&Part> = found.iter().filter(|it| it.payment == payment(name)).collect();
            prop_assert!(own.len() <= 1);
            let paid: i64 = rows.iter().filter(|it| it.0 == name).map(|it| it.1).sum();
            for it in own {
                prop_assert!(it.money.is_positive() && it.money.minor() % step == 0);
                prop_assert!(it.money.minor() <= *most && it.money.minor() <= paid);
            }
        }
        // What could go to a card and did not is less than one step.
        if step == 1 && sum < cash {
            for it in &sources {
                let own: i64 = found.iter().filter(|part| part.payment == it.payment).map(|part| part.money.minor()).sum();
                let of_it: i64 = rows.iter().filter(|row| payment(row.0) == it.payment).map(|row| row.1).sum();
                prop_assert_eq!(own, of_it.min(it.refundable.minor()));
            }
        }
    }
}
