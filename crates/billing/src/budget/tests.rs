//! Budgets: sums, forecasts and marks by hand.

use super::*;
use units::{Currency, CycleKind};

const JUNE: i64 = 1_780_243_200; // 2026-06-01T00:00:00+08:00
const DAY: i64 = 86_400;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn yuan(fen: i64) -> Money {
    Money::from_minor(fen, Currency::CNY)
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

fn part(product: &str, fen: i64) -> Part {
    Part { product: product.into(), project: None, total: yuan(fen) }
}

fn ahead(product: &str, amount_e8: i128) -> Ahead {
    Ahead { product: product.into(), project: None, amount_e8 }
}

#[track_caller]
fn forecast(billed: &[Part], to_come: &[Ahead], days: i64, expected: Result<i64, NoForecast>) {
    let found = budget(Of::Account, 10_000).figures(Some(billed), Some(to_come), known(days)).unwrap();
    assert_eq!(found.forecast.map(Money::minor), expected);
}

#[test]
fn a_forecast_is_what_was_billed_and_what_is_to_come_rounded_once() {
    forecast(&[part("server", 1_000)], &[ahead("server", 2_000_000_000)], 10, Ok(3_000));
    // 0.004 and 0.004 are 0.008: 0.01, and not twice nothing.
    forecast(&[part("server", 1)], &[ahead("server", 400_000), ahead("disk", 400_000)], 10, Ok(2));
    forecast(&[], &[], 0, Ok(0));
}

#[test]
fn a_month_that_is_not_now_and_one_that_cannot_be_computed_have_none() {
    let used = [part("server", 1_000)];
    forecast(&used, &[], 29, Ok(1_000));
    forecast(&used, &[], 30, Err(NoForecast::Over));
    forecast(&used, &[ahead("server", 1)], -1, Err(NoForecast::NotBegun));
    let unknown = budget(Of::Account, 10_000).figures(Some(&used), None, known(10)).unwrap();
    assert_eq!(unknown.forecast, Err(NoForecast::Unknown));
    assert_eq!(unknown.spent, Some(yuan(1_000)));
}

#[test]
fn a_budget_counts_its_own() {
    let project = ProjectId::named(at(JUNE), "p");
    let inside = Part { project: Some(project), ..part("server", 100) };
    let all = [inside, part("server", 20), part("disk", 3)];
    let inside = Ahead { project: Some(project), ..ahead("server", 4_000_000) };
    let to_come = [inside, ahead("server", 5_000_000), ahead("disk", 6_000_000)];
    let cases =
        [(Of::Account, 123, 138), (Of::Project(project), 100, 104), (Of::Product("server".into()), 120, 129)];
    for (of, spent, in_all) in cases {
        let found = budget(of, 1).figures(Some(&all), Some(&to_come), known(10)).unwrap();
        assert_eq!((found.spent, found.forecast), (Some(yuan(spent)), Ok(yuan(in_all))));
    }
}

/// What cannot be split says nothing: no forecast, and no mark is crossed.
#[test]
fn what_is_spent_may_be_unknown() {
    let own = budget(Of::Account, 10_000);
    for (days, forecast) in [(10, NoForecast::Unknown), (30, NoForecast::Over)] {
        let found = own.figures(None, Some(&[ahead("server", 1)]), known(days)).unwrap();
        assert_eq!(found, Figures { spent: None, forecast: Err(forecast) });
        assert!(own.crossed(&found).is_empty());
    }
}

#[test]
fn at_a_mark_is_crossed() {
    let percents = |spent, forecast| {
        let figures = Figures { spent: Some(yuan(spent)), forecast };
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
