//! What holds of what was agreed, what counts as spent, and what is billed of it.

use super::*;
use crate::rate::Terms;
use crate::refund::tests::{at, resource, yuan};
use crate::run::Committed;
use crate::wallet::Wallet;
use proptest::prelude::*;
use units::{Calendar, Currency};

fn agreed(number: i64, amount: &str, months: [&str; 2]) -> Commitment {
    let [from, until] = months;
    Commitment {
        account: resource().account,
        number,
        amount: yuan(amount),
        from: at(from),
        until: (!until.is_empty()).then(|| at(until)),
        made: at("2026-03-01"),
        reason: "contract".into(),
    }
}

fn month(of: &str) -> Cycle {
    Calendar::settlement().cycle(CycleKind::Month, at(of)).unwrap()
}

fn run(month: Cycle) -> Run {
    Run { cycle: month, posted: month.to, watermark: month.to }
}

fn read(committed: Committed) -> AccountCycle {
    let wallet = Wallet::empty(resource().account, Currency::CNY);
    AccountCycle { commitment: Some(committed), ..AccountCycle::new(wallet, Terms::default()) }
}

fn committed(agreed: Money, spent: Money) -> Committed {
    Committed { agreed, spent, waits: false, book: units::BookId::first_at(at("2026-03-01")) }
}

/// 30.00 from July to August, then 20.00 from August to September, made later: July 30.00, August and September 20.00. Source: R-PRC-26.
#[test]
fn the_later_one_holds_from_its_first_month() {
    let all = [
        agreed(1, "30.00", ["2026-07-01", "2026-09-01"]),
        agreed(2, "20.00", ["2026-08-01", "2026-10-01"]),
        agreed(3, "0.00", ["2026-12-01", ""]),
    ];
    let of = |month: &str| held(&all, at(month)).map(|it| it.amount);
    assert_eq!((of("2026-06-01"), of("2026-07-01")), (None, Some(yuan("30.00"))));
    assert_eq!((of("2026-08-01"), of("2026-09-01")), (Some(yuan("20.00")), Some(yuan("20.00"))));
    assert_eq!((of("2026-10-01"), of("2026-12-01")), (None, None));
}

#[test]
fn no_month_that_is_over_is_agreed() {
    let june = month("2026-06-15");
    let of = |it: Commitment| it.check(&june);
    assert_eq!(of(agreed(1, "30.00", ["2026-06-01", ""])), Ok(()));
    let past = agreed(1, "30.00", ["2026-05-01", ""]);
    assert_eq!(of(past.clone()), Err(CommitmentError::Past(past.from)));
    let backwards = agreed(1, "30.00", ["2026-07-01", "2026-07-01"]);
    assert!(matches!(of(backwards), Err(CommitmentError::Backwards { .. })));
    assert_eq!(of(agreed(1, "-0.01", ["2026-07-01", ""])), Err(CommitmentError::Amount));
}

/// A bill counts in the month in which it was billed, and what is billed of a commitment in none. Source: R-PRC-26.
#[test]
fn what_counts_as_spent() {
    let (june, july) = (month("2026-06-01"), month("2026-07-01"));
    let title = Title { account: resource().account, kind: Kind::Adjustment, cycle: june, subject: 1 };
    let late =
        Bill { original: Some((at("2026-05-01"), at("2026-06-01"))), ..Bill::blank(&title, Currency::CNY) };
    assert!(counts(&late, &june) && !counts(&late, &july) && !counts(&late, &month("2026-05-01")));
    let own = Bill { product: Cow::Borrowed(COMMITMENT), ..late.clone() };
    assert!(!counts(&own, &june), "a correction of what was billed of a commitment");
    assert!(!counts(&Bill { kind: Kind::Commitment, ..late }, &june));
}

#[test]
fn it_waits_for_what_is_not_settled() {
    let june = month("2026-06-01");
    let waits = Committed { waits: true, ..committed(yuan("30.00"), yuan("0.00")) };
    assert_eq!(true_up(&read(waits), &[], run(june)).unwrap_err(), AggregateError::Unclosed);
    let day = Calendar::settlement().cycle(CycleKind::Day, june.from).unwrap();
    assert_eq!(true_up(&read(waits), &[], run(day)).unwrap(), None, "a day closes no month");
}

proptest! {
    /// What is spent and what is billed come to what was agreed, or to more where more was spent; never more than that is billed, and
    /// the same month gives the same bill. Source: R-PRC-26.
    #[test]
    fn a_month_comes_to_what_was_agreed(asked in 1_i64..100_000, before in -50_000_i64..150_000, now in 0_i64..50_000) {
        let money = |minor| Money::from_minor(minor, Currency::CNY);
        let june = month("2026-06-01");
        let title = Title { account: resource().account, kind: Kind::Monthly, cycle: june, subject: 1 };
        let monthly = Bill { total: money(now), ..Bill::blank(&title, Currency::CNY) };
        let read = read(committed(money(asked), money(before)));
        let made = true_up(&read, std::slice::from_ref(&monthly), run(june)).unwrap();
        let billed = made.as_ref().map_or(0, |it| it.total.minor());
        prop_assert_eq!(billed, (asked - (before + now).max(0)).max(0));
        prop_assert_eq!((before + now).max(0) + billed, asked.max(before + now));
        prop_assert_eq!(&true_up(&read, std::slice::from_ref(&monthly), run(june)).unwrap(), &made);
        if let Some(bill) = made {
            prop_assert_eq!(Bill::sum(&bill.lines, Currency::CNY).unwrap(), (bill.amount_e8, bill.total));
            let [line] = bill.lines.as_slice() else { panic!("one line") };
            prop_assert_eq!(line.list_e8 - line.billed_e8.unwrap(), line.cost_e8);
        }
    }
}
