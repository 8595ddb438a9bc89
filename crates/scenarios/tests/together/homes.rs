//! No reading that was accepted is lost, and none is billed twice, whatever its resource did in the same second.
//!
//! In:  a seed. Out: stories of a server that is stopped, started and released within seconds of what it uses.
//! Invariant: what was answered `accepted` or `late` is billed in exactly one cycle, bill and adjustments together, or lies in
//! quarantine with its reason. Source: R-TIM-9.

use crate::support::parse;
use proptest::prelude::*;
use server::cli::simulate::play;
use std::collections::BTreeSet;
use std::fmt::Write;
use store::{Store, bills, quarantine};
use units::{Calendar, Timestamp};

/// What the server does, or what it uses.
#[derive(Clone, Debug)]
enum Act {
    Stop,
    StopFree,
    Start,
    Release,
    /// What is reported for a second near this one, so many seconds later.
    Use {
        before: i64,
        later: i64,
    },
}

fn any_act() -> impl Strategy<Value = Act> {
    let later = prop_oneof![Just(0_i64), Just(40), Just(4_000), Just(9_000)];
    prop_oneof![
        1 => Just(Act::Stop),
        1 => Just(Act::StopFree),
        2 => Just(Act::Start),
        1 => Just(Act::Release),
        8 => (0_i64..3, later).prop_map(|(before, later)| Act::Use { before, later }),
    ]
}

/// Where acts crowd: around the delivery, within an hour, and around its end, in tenths of a second.
fn any_instant() -> impl Strategy<Value = i64> {
    let near =
        prop_oneof![Just("2026-06-05 10:00:00"), Just("2026-06-05 10:20:00"), Just("2026-06-05 11:00:00")];
    (near, -25_i64..25).prop_map(|(near, tenths)| {
        Calendar::settlement().parse(near).unwrap().as_millisecond() + tenths * 100
    })
}

fn print(millisecond: i64) -> String {
    Calendar::settlement().print(Timestamp::from_millisecond(millisecond).unwrap())
}

/// The story, each reading of so many GB that no two sums of them are the same.
fn story(acts: &[(i64, Act)]) -> String {
    let mut steps: Vec<(i64, String)> = Vec::new();
    for (number, (at, act)) in acts.iter().enumerate() {
        match act {
            Act::Stop => steps.push((*at, "stop r".into())),
            Act::StopFree => steps.push((*at, "stop r free".into())),
            Act::Start => steps.push((*at, "start r".into())),
            Act::Release => steps.push((*at, "release r".into())),
            Act::Use { before, later } => {
                let second = at.div_euclid(1_000) - before;
                let used = print(second * 1_000).replace(' ', "T");
                let line = format!("use r traffic_out {}GB at={used} id=e{number}", 1_u64 << number);
                steps.push((at + later * 1_000, line));
            }
        }
    }
    steps.sort_by_key(|it| it.0);
    let mut text = String::from("2026-06-05 09:00:00 account demo\ntopup demo 900000.00\n");
    let server =
        "server charge=payg region=guangzhou zone=guangzhou-1 type=S1.SMALL1 network=traffic bandwidth=5";
    writeln!(text, "2026-06-05 10:00:00.3 buy demo r {server} delay=0s").unwrap();
    for (at, line) in steps {
        let at = at.max(Calendar::settlement().parse("2026-06-05 10:00:00.3").unwrap().as_millisecond());
        writeln!(text, "{} {line}", print(at)).unwrap();
    }
    text += "2026-06-05 18:00:00 settle\n";
    text
}

/// GB that were taken and not set aside since, and what traffic cost in 1e-8.
fn taken_and_billed(text: &str) -> (u64, i128) {
    let store = Store::memory().unwrap();
    let scenario = parse("homes", text);
    let (player, played) = play(&store, &scenario).unwrap();
    let aside: BTreeSet<String> =
        store.read(quarantine::all).unwrap().into_iter().map(|it| it.sent.event).collect();
    let mut taken = 0;
    for (step, line) in played.steps.iter().zip(text.lines()) {
        let Some((_, id)) = line.split_once(" id=e") else { continue };
        let is_taken = matches!(step.taken, Some("accepted" | "late"));
        assert!(is_taken || aside.contains(&format!("e{id}")), "{line}: {:?}\n{text}", step.code);
        if is_taken && !aside.contains(&format!("e{id}")) {
            taken += 1_u64 << id.parse::<u32>().unwrap();
        }
    }
    let account = store.read(|tx| store::accounts::by_name(tx, "demo")).unwrap();
    let all = store.read(|tx| bills::of_account(tx, account.id)).unwrap();
    let lines = all.iter().flat_map(|it| &it.lines).filter(|it| it.component == "traffic");
    let billed = lines.map(|it| i128::from(it.cost_e8)).sum();
    let audit = store.read(|tx| desk::audit::audit(tx, &player.desk)).unwrap();
    assert_eq!(audit.differences, Vec::<String>::new(), "{text}");
    (taken, billed)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_reading_that_was_accepted_is_lost(acts in prop::collection::vec((any_instant(), any_act()), 1..14)) {
        let text = story(&acts);
        let (taken, billed) = taken_and_billed(&text);
        prop_assert_eq!(i128::from(taken) * 80_000_000, billed, "{}", text);
    }
}
