//! What is left to be credited, and which reasons and ids stand.

use super::*;
use crate::wallet::Purses;
use units::Currency;

fn yuan(text: &str) -> Money {
    Money::parse(text, Currency::CNY).unwrap()
}

fn paid(cash: &str) -> Paid {
    let none = Money::zero(Currency::CNY);
    Paid::new(Purses::new(none, yuan(cash), none).unwrap(), none).unwrap()
}

fn bill(total: &str) -> Bill<'static> {
    let at = Timestamp::from_second(1_770_000_000).unwrap();
    let cycle = Cycle { kind: CycleKind::Month, from: at, to: at };
    let account = AccountId::named(at, "acme");
    let title = Title { account, kind: Kind::Monthly, cycle, subject: 1 };
    Bill { total: yuan(total), ..Bill::blank(&title, Currency::CNY) }
}

fn credited(of: &str, earlier: &[(&str, i64)], amount: &str) -> Result<String, String> {
    let bill = bill(of);
    let sign = |it: &(&str, i64)| Money::from_minor(yuan(it.0).minor() * it.1, Currency::CNY);
    let earlier: Vec<Earlier> = earlier.iter().map(|it| Earlier { line: None, total: sign(it) }).collect();
    let minor: i64 = bill.total.minor() + earlier.iter().map(|it| it.total.minor()).sum::<i64>();
    let paid = paid(&Money::from_minor(minor, Currency::CNY).to_string());
    let against = Against { bill: &bill, earlier: &earlier, paid, back: yuan("0.00") };
    let aim = Aim { bill: bill.id, line: None, total: yuan(amount) };
    let made = Made { subject: 7, now: bill.to };
    against.credited(&aim, made).map(|it| it.total.to_string()).map_err(|it| it.to_string())
}

/// R-COR-1: no more is credited than is left.
#[test]
fn no_more_is_credited_than_is_left() {
    assert_eq!(credited("10.00", &[], "10.00").as_deref(), Ok("-10.00"));
    assert!(credited("10.00", &[], "10.01").unwrap_err().contains("10.00 that are left of the bill"));
    assert_eq!(credited("10.00", &[("4.00", -1)], "6.00").as_deref(), Ok("-6.00"));
    assert!(credited("10.00", &[("4.00", -1)], "6.01").unwrap_err().contains("the 6.00"));
    // What was debited may be credited again.
    assert_eq!(credited("10.00", &[("4.00", 1)], "14.00").as_deref(), Ok("-14.00"));
    assert!(credited("10.00", &[("10.00", -1)], "0.01").unwrap_err().contains("the 0.00"));
    assert!(credited("10.00", &[], "0.00").unwrap_err().contains("above zero"));
}

/// Less may be left of the cycle than of the bill: an adjustment gave something back.
#[test]
fn what_the_cycle_came_to_is_the_most_that_goes_back() {
    let bill = bill("10.00");
    let against = Against { bill: &bill, earlier: &[], paid: paid("3.00"), back: yuan("0.00") };
    let aim = |amount: &str| Aim { bill: bill.id, line: None, total: yuan(amount) };
    let made = Made { subject: 7, now: bill.to };
    assert!(against.credited(&aim("3.00"), made).is_ok());
    let refused = against.credited(&aim("3.01"), made).unwrap_err().to_string();
    assert!(refused.contains("3.00 that are left of the bills and adjustments"), "{refused}");
    // What a refund gave back is not credited once more.
    let against = Against { paid: paid("10.00"), back: yuan("9.00"), ..against };
    assert!(against.credited(&aim("1.00"), made).is_ok());
    assert!(against.credited(&aim("1.01"), made).unwrap_err().to_string().contains("1.00 that are left"));
}

#[test]
fn a_reason_says_something() {
    for wrong in ["", "  ", "two\nlines", &"x".repeat(501)] {
        assert_eq!(reason(wrong), Err(CorrectionError::Reason), "{wrong:?}");
    }
    assert_eq!(reason("the meter counted twice"), Ok(()));
    assert_eq!(reason(&"错".repeat(500)), Ok(()));
}

#[test]
fn an_id_is_one_visible_word() {
    for wrong in ["", "two words", "错", &"x".repeat(256)] {
        assert_eq!(id(wrong), Err(CorrectionError::Id), "{wrong:?}");
    }
    assert_eq!(id("ticket-17/1"), Ok(()));
}
