//! Cost tags by the months in which they count.

use super::*;
use units::{Calendar, CycleKind};

fn month(text: &str) -> Cycle {
    let calendar = Calendar::settlement();
    calendar.cycle(CycleKind::Month, calendar.parse(text).unwrap()).unwrap()
}

fn keys(all: &[&str]) -> BTreeSet<String> {
    all.iter().map(|it| (*it).to_string()).collect()
}

/// What stands after `changed` is written over it.
fn after(there: &[CostTag], changed: Vec<CostTag>) -> Vec<CostTag> {
    let stays = |it: &&CostTag| !changed.iter().any(|new| (&new.key, new.from) == (&it.key, it.from));
    let mut all: Vec<CostTag> = there.iter().filter(stays).cloned().collect();
    all.extend(changed);
    all.sort();
    all
}

/// Made one on 06-10, it counts in all of June and not in May. Source: R-ALC-2.
#[test]
fn a_tag_counts_from_the_month_in_which_it_is_made_one() {
    let june = month("2026-06-10").from;
    let made = changed(&[], &keys(&["team"]), june).unwrap();
    assert!(made[0].counts_in(&month("2026-06-01")) && made[0].counts_in(&month("2027-01-01")));
    assert!(!made[0].counts_in(&month("2026-05-31")));
    assert!(changed(&made, &keys(&["team"]), month("2026-07-01").from).unwrap().is_empty());
}

/// Taken away in August, it goes on to count in June and July; made one again in September, it counts there once more.
#[test]
fn a_tag_that_is_taken_away_stays_in_the_months_before() {
    let made = changed(&[], &keys(&["team"]), month("2026-06-01").from).unwrap();
    let gone = after(&made, changed(&made, &keys(&[]), month("2026-08-01").from).unwrap());
    let again = after(&gone, changed(&gone, &keys(&["team"]), month("2026-09-01").from).unwrap());
    let counts: Vec<bool> = ["2026-06-01", "2026-07-01", "2026-08-01", "2026-09-01"]
        .map(|it| again.iter().any(|tag| tag.counts_in(&month(it))))
        .to_vec();
    assert_eq!(counts, [true, true, false, true]);
    // Made one and taken away in one month, it never counted.
    let short = after(&made, changed(&made, &keys(&[]), month("2026-06-01").from).unwrap());
    assert!(!short[0].counts_in(&month("2026-06-01")));
    let back = after(&short, changed(&short, &keys(&["team"]), month("2026-06-01").from).unwrap());
    assert_eq!(back, made);
}

/// Fifteen, and no sixteenth. Source: R-ALC-2.
#[test]
fn there_are_fifteen_at_most() {
    let all: BTreeSet<String> = (0..MOST).map(|it| it.to_string()).collect();
    assert_eq!(changed(&[], &all, month("2026-06-01").from).unwrap().len(), 15);
    let more: BTreeSet<String> = (0..=MOST).map(|it| it.to_string()).collect();
    assert_eq!(changed(&[], &more, month("2026-06-01").from), Err(TooMany(16)));
}
