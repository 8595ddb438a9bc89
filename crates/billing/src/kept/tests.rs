//! Bills that are counted by day and by month.

use super::{Begins, Counted, Figures, KeptSums, OfMonth};
use units::{MoneyError, Timestamp};

fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn bill(tags: &str, order: &str, total: i64) -> Counted {
    let text = |it: &str| it.to_string();
    let of = OfMonth {
        from: second(90_000),
        product: text("server"),
        region: text("guangzhou"),
        subject: text("res"),
        kind: text("hourly"),
        spec: text(""),
        project: text(""),
        tags: text(tags),
        currency: text("CNY"),
    };
    Counted { of, order: text(order), figures: Figures { bills: 1, rest: 7, total, ..Figures::default() } }
}

/// Two tags are one row of the day and two of the month; the last order stands.
#[test]
fn a_bill_is_counted_once_by_day_and_once_by_month() {
    let begins = Begins { day: second(86_400), month: second(0) };
    let mut sums = KeptSums::default();
    for it in [bill("a", "ord_2", 5), bill("a", "ord_1", -2), bill("b", "", 1)] {
        sums.count(it, begins).unwrap();
    }
    let days: Vec<_> = sums.days.iter().map(|it| (it.0.from, it.1.bills, it.1.rest, it.1.total)).collect();
    assert_eq!(days, [(second(86_400), 3, 21, 4)]);
    let months: Vec<_> = sums.months.iter().collect();
    let shown = months.iter().map(|it| (it.0.tags.as_str(), it.1.order.as_str(), it.1.figures.total));
    assert_eq!(shown.collect::<Vec<_>>(), [("a", "ord_2", 3), ("b", "", 1)]);
    assert!(months.iter().all(|it| it.0.from == second(0)));
}

#[test]
fn a_sum_that_no_row_holds_is_an_error() {
    let begins = Begins { day: second(0), month: second(0) };
    let mut sums = KeptSums::default();
    sums.count(bill("", "", i64::MAX), begins).unwrap();
    assert_eq!(sums.count(bill("", "", 1), begins), Err(MoneyError::Overflow));
}
