//! Every golden story holds: in memory all of them, on PostgreSQL those of several stages.

use crate::support::{data, files, read, root, stories};
use desk::audit;
use play::step::{Expected, Verb};
use play::{Scenario, expect};
use server::cli::simulate::play;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::Store;
use units::Calendar;

/// What is wrong with a story when it is played on `store`; empty when it holds.
fn wrong_with(scenario: &Scenario, store: &Store) -> String {
    let mut wrong = String::new();
    let (player, played) = play(store, scenario).unwrap_or_else(|error| panic!("{}: {error}", scenario.file));
    for failure in &played.failures {
        wrong += &expect::difference(failure);
    }
    for (at, step) in played.steps.iter().enumerate().filter(|it| it.1.code != "ok") {
        let next = scenario.steps.get(at + 1).map(|it| &it.verb);
        if !matches!(next, Some(Verb::Expect(Expected::Refused { .. }))) {
            let message = step.message.as_deref().unwrap_or("");
            wrong += &format!(
                "{}:{}: refused, and the next line does not expect it: {} {message}\n",
                step.file, step.line, step.code
            );
        }
    }
    let audit = store.read(|tx| audit::audit(tx, &player.desk)).unwrap();
    for difference in audit.differences {
        wrong += &format!("{}: the books differ: {difference}\n", scenario.file);
    }
    let expects = |it: &Verb| matches!(it, Verb::Expect(_));
    if !scenario.steps.iter().any(|it| expects(&it.verb)) {
        wrong += &format!("{}: it expects nothing\n", scenario.file);
    }
    if !scenario.title.iter().any(|it| it.starts_with("Source:")) {
        wrong += &format!("{}: it has no `# Source:` line\n", scenario.file);
    }
    wrong
}

/// What is wrong with any of the stories, tried on as many threads as there are cores.
fn side_by_side(stories: &[PathBuf], wrong_with: impl Fn(&Path) -> String + Sync) -> String {
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some(path) = stories.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = wrong_with(path);
                    wrong.lock().unwrap().push(found);
                }
            });
        }
    });
    wrong.into_inner().unwrap().concat()
}

#[test]
fn every_story_holds_in_memory() {
    let stories = stories();
    assert!(stories.len() >= 100, "only {} stories were found", stories.len());
    let wrong = side_by_side(&stories, |it| wrong_with(&read(it), &Store::memory().unwrap()));
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn stories_of_every_kind_hold_on_postgres() {
    let server = store::testing::postgres();
    let folders = [
        "s2",
        "s3",
        "provision",
        "arrears",
        "order",
        "money",
        "renewal",
        "refund",
        "change",
        "convert",
        "voucher",
        "contract",
        "allocation",
        "proposal",
        "credit",
        "commitment",
    ];
    let stories: Vec<PathBuf> = folders.iter().flat_map(|it| files(&data().join(it), "till")).collect();
    let wrong = side_by_side(&stories, |path| {
        let store = Store::postgres(&server.fresh_database()).unwrap();
        wrong_with(&read(path), &store)
    });
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn a_story_with_a_mistake_is_refused_with_line_and_remedy() {
    let mistakes = files(&data().join("mistakes"), "till");
    assert!(!mistakes.is_empty());
    for path in mistakes {
        let text = fs::read_to_string(&path).unwrap();
        let expected = fs::read_to_string(path.with_extension("txt")).unwrap();
        let found =
            play::parse("FILE", &text, &Calendar::settlement()).expect_err(&path.display().to_string());
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found.join("\n"), expected.trim_end(), "{}", path.display());
    }
}

/// Ids such as R-PKG-6 in a text.
fn rules_in(text: &str) -> BTreeSet<String> {
    let words = text.split(|it: char| !(it.is_ascii_alphanumeric() || it == '-'));
    let rule =
        |it: &&str| it.starts_with("R-") && it.len() > 4 && it.ends_with(|it: char| it.is_ascii_digit());
    words.filter(rule).map(str::to_string).collect()
}

/// Every rule that the code or its documents name has a story, or stands in `later.md` with its reason.
#[test]
fn every_rule_that_is_built_has_a_story() {
    let told: BTreeSet<String> =
        stories().iter().flat_map(|it| rules_in(&fs::read_to_string(it).unwrap())).collect();
    let later = rules_in(&fs::read_to_string(root().join("docs/rules/later.md")).unwrap());
    let mut named = BTreeSet::new();
    for path in files(&root().join("crates/billing/src"), "rs") {
        named.extend(rules_in(&fs::read_to_string(path).unwrap()));
    }
    let missing: Vec<&String> =
        named.iter().filter(|it| !told.contains(*it) && !later.contains(*it)).collect();
    assert!(missing.is_empty(), "named in billing, and no story cites them: {missing:?}");
}

/// Every code that a refusal may have is explained to users.
#[test]
fn every_refusal_code_is_documented() {
    let codes: BTreeSet<&str> = desk::Code::ALL.iter().map(|it| it.as_str()).collect();
    assert!(codes.len() > 20, "{codes:?}");
    let documented = fs::read_to_string(root().join("docs/errors.md")).unwrap();
    let missing: Vec<&&str> = codes.iter().filter(|it| !documented.contains(&format!("`{it}`"))).collect();
    assert!(missing.is_empty(), "not in docs/errors.md: {missing:?}");
}

/// Every code that a story meets is in the list of those that it may.
#[test]
fn every_refusal_that_a_story_meets_is_listed() {
    let text = fs::read_to_string(root().join("docs/scenarios.md")).unwrap();
    let (_, list) = text.split_once("## Refusals").unwrap();
    let (list, _) = list.split_once("## JSON").unwrap();
    let mut met = BTreeSet::new();
    for path in stories() {
        let story = fs::read_to_string(path).unwrap();
        let refused = story.split("expect refused ").skip(1).filter_map(|it| it.split_whitespace().next());
        met.extend(refused.map(str::to_string));
    }
    assert!(met.len() > 60, "{met:?}");
    let missing: Vec<&String> = met.iter().filter(|it| !list.contains(&format!("`{it}`"))).collect();
    assert!(missing.is_empty(), "not listed in docs/scenarios.md: {missing:?}");
}
