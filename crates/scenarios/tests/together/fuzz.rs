//! No text makes the scenario language panic; what parses can be played without a panic.

use crate::support::stories;
use proptest::prelude::*;
use server::cli::simulate::play;
use store::Store;
use units::Calendar;

/// Real stories, small ones, to be mutated.
fn corpus() -> Vec<String> {
    let texts = stories().into_iter().map(|it| std::fs::read_to_string(it).unwrap());
    texts.filter(|it| it.len() < 2_500).collect()
}

/// A piece of `text` removed, repeated or replaced by something odd.
fn mutated(text: &str, edits: &[(usize, usize, usize)]) -> String {
    const ODD: [&str; 16] = [
        "-1",
        "99999999999999999999",
        "\u{0}",
        "é",
        "，",
        "=",
        ":",
        "#",
        "\n",
        "0",
        "quantity=0",
        "months=4294967295",
        "+999999d",
        "2026-02-30",
        "NaN",
        "1e9",
    ];
    let mut letters: Vec<char> = text.chars().collect();
    for (at, length, how) in edits {
        let from = at % letters.len().max(1);
        let to = (from + length % 12).min(letters.len());
        let odd: Vec<char> = match how % 18 {
            0 => Vec::new(),
            1 => letters[from..to].iter().chain(&letters[from..to]).copied().collect(),
            number => ODD[number - 2].chars().collect(),
        };
        letters.splice(from..to, odd);
    }
    letters.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_stories_do_not_panic_the_parser(pick in any::<usize>(), edits in prop::collection::vec((any::<usize>(), any::<usize>(), any::<usize>()), 1..8)) {
        let corpus = corpus();
        let text = mutated(&corpus[pick % corpus.len()], &edits);
        let _ = play::parse("fuzz", &text, &Calendar::settlement());
    }

    #[test]
    fn any_text_does_not_panic_the_parser(text in "\\PC{0,400}") {
        let _ = play::parse("fuzz", &text, &Calendar::settlement());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_still_parses_is_played_without_a_panic(pick in any::<usize>(), edits in prop::collection::vec((any::<usize>(), any::<usize>(), any::<usize>()), 1..4)) {
        let corpus = corpus();
        let text = mutated(&corpus[pick % corpus.len()], &edits);
        if let Ok(scenario) = play::parse("fuzz", &text, &Calendar::settlement()) {
            let first = scenario.steps.first().map_or(0, |it| it.at.as_second());
            let last = scenario.steps.last().map_or(0, |it| it.at.as_second());
            // Years of hours are left out: they take long and show nothing new.
            if last - first < 70 * 86_400 {
                let _ = play(&Store::memory().unwrap(), &scenario);
            }
        }
    }
}
