//! Budgets: sums, forecasts and marks by hand.

use super::*;
use units::CycleKind;

const JUNE: i64 = 1_780_243_200; // 2026-06-01T00:00:00+08:00
const DAY: i64 = 86_400;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn yuan(fen: i64) -> Money {
    Money::from_minor(fen, Currency::Cny)
}

fn known(days: i64) -> Known {
    let month = Cycle { kind: CycleKind::Month, from: at(JUNE), to: at(JUNE + 30 * DAY) };
    Known { month, until: at(JUNE + days * DAY) }
}

fn budget(of: Of, fen: i64) -> Budget {
    let account = AccountId::named(at(JUNE), "acme");
    Budget {
        id: BudgetId::named(at(JUNE), "b"),
        account,
        name: "b".into(),
        of,
        amount: yuan(fen),
        marks: Marks::default(),
        created: at(JUNE),
        ended: None,
    }
}

fn part(product: &str, basis: Basis, fen: i64, day: i64) -> Part {
    Part { product: product.into(), project: None, basis, total: yuan(fen), since: at(JUNE + day * DAY) }
}

#[track_caller]
fn forecast(billed: &[Part], open: &[Part], days: i64, expected: Result<i64, NoForecast>) {
    let found = budget(Of::Account, 10_000).figures(billed, Some(open), known(days)).unwrap();
    assert_eq!(found.forecast.map(Money::minor), expected);
}

#[test]
fn the_pace_is_that_since_the_first_use() {
    let used = |fen, day| [part("server", Basis::Used, fen, day)];
    // 10.00 in 10 days: 20 days more are 20.00.
    forecast(&used(1_000, 0), &[], 10, Ok(3_000));
    // The same from the 6th on, in 5 days: 20 days more are 40.00.
    forecast(&used(1_000, 5), &[], 10, Ok(5_000));
    // 0.01 in 7 days, 23 days more: 0.0328…, rounded once.
    forecast(&used(1, 0), &[], 7, Ok(4));
    // What began in the month before counts from the begin of this one.
    forecast(&used(1_000, -3), &[], 10, Ok(3_000));
}

#[test]
fn what_was_bought_counts_once() {
    let bought = part("server", Basis::Once, 50_796, 9);
    forecast(std::slice::from_ref(&bought), &[], 10, Ok(50_796));
    forecast(&[bought, part("server", Basis::Used, 1_000, 0)], &[], 10, Ok(53_796));
    forecast(&[], &[], 0, Ok(0));
}

#[test]
fn what_is_open_counts_and_goes_on() {
    // 5.00 billed and 5.00 open in 10 days: 10.00, and 20.00 more.
    let billed = [part("server", Basis::Used, 500, 0)];
    forecast(&billed, &[part("container", Basis::Open, 500, 0)], 10, Ok(3_000));
}

#[test]
fn less_than_three_days_and_a_month_that_is_over_have_none() {
    let used = [part("server", Basis::Used, 1_000, 0)];
    forecast(&used, &[], 2, Err(NoForecast::TooEarly));
    forecast(&used, &[], 3, Ok(10_000));
    forecast(&used, &[], 30, Err(NoForecast::Over));
    let unknown = budget(Of::Account, 10_000).figures(&used, None, known(10)).unwrap();
    assert_eq!(unknown.forecast, Err(NoForecast::Unknown));
    assert_eq!(unknown.spent, yuan(1_000));
}

#[test]
fn a_budget_counts_its_own() {
    let project = ProjectId::named(at(JUNE), "p");
    let inside = Part { project: Some(project), ..part("server", Basis::Used, 100, 0) };
    let all = [inside, part("server", Basis::Used, 20, 0), part("disk", Basis::Once, 3, 0)];
    for (of, fen) in [(Of::Account, 123), (Of::Project(project), 100), (Of::Product("server".into()), 120)] {
        assert_eq!(budget(of, 1).figures(&all, Some(&[]), known(10)).unwrap().spent, yuan(fen));
    }
}

#[test]
fn at_a_mark_is_crossed() {
    let percents = |spent, forecast| {
        let figures = Figures { spent: yuan(spent), forecast };
        let crossed = budget(Of::Account, 10_000).crossed(&figures);
        crossed.into_iter().map(|it| (it.0.as_str(), it.1)).collect::<Vec<_>>()
    };
    assert_eq!(percents(4_999, Ok(yuan(9_999))), []);
    assert_eq!(percents(5_000, Ok(yuan(10_000))), [("actual", 50), ("forecast", 100)]);
    assert_eq!(percents(10_000, Err(NoForecast::Over)), [("actual", 50), ("actual", 80), ("actual", 100)]);
}

#[test]
fn marks_are_whole_percents_each_once() {
    assert_eq!(Marks::new(&[100, 50], &[]).unwrap().of(Measure::Actual), [50, 100]);
    for wrong in [&[0][..], &[1_001], &[50, 50], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]] {
        assert_eq!(Marks::new(wrong, &[]), Err(BudgetError::Percent));
    }
    assert_eq!(amount(yuan(0)), Err(BudgetError::Amount));
    assert_eq!(name("  "), Err(BudgetError::Name));
}
