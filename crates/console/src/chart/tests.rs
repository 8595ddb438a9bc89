//! The geometry of charts.

use super::*;
use units::Currency;

#[test]
fn steps_are_round_and_reach_the_most() {
    assert_eq!([1, 3, 17, 21, 51, 999, 1_001, 2_285].map(nice), [1, 5, 20, 25, 100, 1_000, 2_000, 2_500]);
}

#[test]
fn the_highest_bar_fits_and_nothing_divides_by_zero() {
    let cny = Currency::parse("CNY").unwrap();
    let bar =
        |minor| Bar { short: "1".into(), long: "1 June: x".into(), money: Money::from_minor(minor, cny) };
    let shown = bars(&[bar(100), bar(50), bar(0)], "by day", Language::English).into_string();
    // 100 fen: steps of 25 fen, the top at 1.00: 168 px and half of them.
    for height in ["height=\"168\"", "height=\"84\"", "height=\"0\""] {
        assert!(shown.contains(height), "{shown}");
    }
    assert!(bars(&[], "", Language::English).into_string().contains("<svg"));
    assert!(meter(5, 0, "x").into_string().contains("rect"));
    assert!(meter(1, 3, "x").into_string().contains("33.33%"));
}

/// Whoever sees the chart reads what is highest: above its bar, within the plot at either end, and nowhere else.
#[test]
fn the_highest_bar_says_its_figure() {
    let cny = Currency::parse("CNY").unwrap();
    let bar =
        |minor| Bar { short: "1".into(), long: "1 June: x".into(), money: Money::from_minor(minor, cny) };
    let said = |all: &[i64]| {
        let all: Vec<Bar> = all.iter().map(|it| bar(*it)).collect();
        let shown = bars(&all, "by day", Language::English).into_string();
        let figures = shown.split("<text class=\"strong\" ").skip(1);
        figures.map(|it| it.split("</text>").next().unwrap().to_string()).collect::<Vec<_>>()
    };
    // A bar is three fifths of its slot of 33.33 % and begins a fifth in. 12.34 of 20.00 are 103 px of 168 above the ground at 188.
    assert_eq!(said(&[100, 1_234, 50]), ["x=\"49.98%\" y=\"80\" text-anchor=\"middle\">12.34"]);
    assert_eq!(said(&[200, 50, 100]), ["x=\"6.66%\" y=\"15\" text-anchor=\"start\">2.00"]);
    assert_eq!(said(&[50, 100, 200]), ["x=\"93.31%\" y=\"15\" text-anchor=\"end\">2.00"]);
    assert!(said(&[0, 0]).is_empty() && said(&[-874]).is_empty() && said(&[]).is_empty());
}

/// 100 and −20 fen: steps of 50 fen, two above zero and one below it, 56 px each; zero lies at 132 px.
#[test]
fn what_is_below_zero_hangs_below_the_ground() {
    let cny = Currency::parse("CNY").unwrap();
    let bar =
        |minor| Bar { short: "1".into(), long: "1 June: x".into(), money: Money::from_minor(minor, cny) };
    let shown = bars(&[bar(100), bar(-20)], "by day", Language::English).into_string();
    for said in [
        "y=\"20\" height=\"112\"",
        "y=\"132\" height=\"22\"",
        "y1=\"188\"",
        "x2=\"100%\" y1=\"132\" y2=\"132\"",
    ] {
        assert!(shown.contains(said), "{said} in {shown}");
    }
    // All of it below zero: the ground is the top.
    let shown = bars(&[bar(-874)], "by day", Language::English).into_string();
    assert!(shown.contains("y=\"20\" height=\"146\""), "{shown}");
}

/// Of eight bars the name takes two: it stands where neither reaches above its line, as far to the right as there is such a place.
#[test]
fn the_name_of_a_line_stands_beside_bars_that_reach_above_it() {
    let ends = |all: &[i64]| {
        let level = |value: &i64| Level { short: "1".into(), long: "1 June: x".into(), value: *value };
        let mark = Mark { class: "free", text: "free 100".into(), value: 100 };
        let label = |it: i64| it.to_string();
        let levels = Levels {
            all: all.iter().map(level).collect(),
            marks: vec![mark],
            caption: "by day".into(),
            label: &label,
        };
        let shown = levels_shown(&levels);
        let name = shown.split("class=\"tfree\" x=\"").nth(1).unwrap();
        name.split('"').next().unwrap().to_string()
    };
    assert_eq!(ends(&[130, 0, 0, 0, 0, 0, 0, 0]), "100.00%");
    assert_eq!(ends(&[130, 0, 0, 0, 0, 0, 120, 0]), "75.00%");
    assert_eq!(ends(&[0, 0, 130, 0, 120, 0, 120, 0]), "25.00%");
    assert_eq!(ends(&[100, 100, 130, 0, 120, 0, 120, 0]), "25.00%");
    assert_eq!(ends(&[0, 130, 0, 120, 0, 120, 0, 120]), "100.00%");
    assert_eq!(ends(&[]), "100.00%");
}

fn levels_shown(it: &Levels<'_>) -> String {
    levels(it, Language::English).into_string()
}
