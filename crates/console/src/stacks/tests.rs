//! What a chart of stacks says to those who see it.

use super::*;

fn shown(all: &[[i64; 2]], language: Language) -> String {
    let stack = |(index, parts): (usize, &[i64; 2])| Stack {
        short: format!("2026-0{}", index + 1),
        parts: parts.to_vec(),
    };
    let all: Vec<Stack> = all.iter().enumerate().map(stack).collect();
    let names = ["Server".to_string(), "Disk".to_string()];
    let stacks = Stacks { all: &all, names: &names, caption: "by month", currency: Currency::CNY };
    stacks.show(language).into_string()
}

/// 1.50 of 2.00 is 126 px of 168 above the ground at 188.
#[test]
fn few_stacks_say_their_figures_and_of_many_the_highest() {
    let two = shown(&[[100, 50], [200, 0]], Language::English);
    for said in ["y=\"57\" text-anchor=\"middle\">1.50</text>", "y=\"15\" text-anchor=\"middle\">2.00</text>"]
    {
        assert!(two.contains(said), "{said} in {two}");
    }
    let four = shown(&[[100, 50], [200, 0], [10, 0], [0, 0]], Language::English);
    assert_eq!(four.matches("class=\"strong\"").count(), 1, "{four}");
    assert!(!shown(&[[0, 0]], Language::English).contains("strong"));
    assert!(shown(&[], Language::English).contains("<svg"));
}

#[test]
fn each_part_is_told_by_name() {
    let all = [[100, 50], [200, 0]];
    let english = shown(&all, Language::English);
    for said in
        ["<title>2026-01: 1.50</title>", "<title>2026-01 · Disk: 0.50</title>", "2026-02 · Server: 2.00"]
    {
        assert!(english.contains(said), "{said} in {english}");
    }
    assert!(!english.contains("2026-02 · Disk"), "there is nothing of it");
    assert!(shown(&all, Language::Chinese).contains("<title>2026-01 · Server：1.00</title>"));
}
