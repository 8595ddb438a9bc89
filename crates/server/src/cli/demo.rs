//! `till demo`: two months and the first days of a third, three products, four customers, on an embedded database.
//!
//! In:  the scenarios of `crates/server/demo`, built in. Out: bills down to components, packs, wallets; then the
//! same served over HTTP, on a clock that stands still.
//! Invariant: it plays on a database of its own making or on none; playing again bills nothing twice.

mod print;
mod served;

use super::files;
use super::output::Output;
use anyhow::{Context, Result, anyhow, bail};
use desk::documents::sellers;
use desk::{Desk, books, journal};
use indicatif::{ProgressBar, ProgressStyle};
use play::{Played, Player, Scenario, json};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;
use store::Store;
use units::{Calendar, Timestamp};

const STORIES: [(&str, &str); 4] = [
    ("s1-servers.till", include_str!("../../demo/s1-servers.till")),
    ("s2-protection.till", include_str!("../../demo/s2-protection.till")),
    ("s3-containers.till", include_str!("../../demo/s3-containers.till")),
    ("mixed-month.till", include_str!("../../demo/mixed-month.till")),
];

/// Who sells in the demo, and what is taxed.
const SELLERS: &str = include_str!("../../../../examples/seller.toml");

/// Says that the demo made the database beside it, so that the demo may make it anew.
const MARK: &str = "made-by-till-demo";

/// What follows when the months are played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    Leave,
    /// Serve the books at this address.
    Serve(String),
}

pub(crate) fn run(data: &Path, output: Output, then: Then) -> Result<ExitCode> {
    let store = Arc::new(fresh(data)?);
    let (played, now) = play(&store, data, output)?;
    if !played.failures.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    match then {
        Then::Leave => Ok(ExitCode::SUCCESS),
        Then::Serve(listen) => served::serve(store, data, listen, now),
    }
}

/// Plays the months and prints what they came to; also when it is then.
fn play(store: &Store, data: &Path, output: Output) -> Result<(Played, Timestamp)> {
    let calendar = Calendar::settlement();
    let mut stories = Vec::new();
    for (name, text) in STORIES {
        let read = play::parse(name, text, &calendar);
        stories.push(read.map_err(|mistakes| {
            anyhow!("{}", mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
        })?);
    }
    let story = interleaved(&stories);
    let start = story.steps.first().map(|it| it.at).context("the demo has steps")?;
    let book = files::book("demo")?;
    store.write(|tx| books::apply(tx, &book, None, start))?;
    let desk = store.read(Desk::open)?;
    store.write(|tx| sellers::apply(tx, desk.at(start), SELLERS, journal::COMMAND_LINE))?;
    let began = Instant::now();
    let mut player = Player::new(store, start)?;
    let bar = progress(story.steps.len() as u64, output);
    let played = player.play(&story, &mut |number, step| {
        bar.set_position(number as u64);
        bar.set_message(calendar.print(step.at));
    })?;
    bar.finish_and_clear();
    for step in played.steps.iter().filter(|it| it.code != "ok") {
        eprintln!("refused: {} ({})", step.text, step.message.as_deref().unwrap_or(&step.code));
    }
    if output == Output::Json {
        println!("{}", serde_json::to_string_pretty(&json::report(&player, &played)?)?);
    } else {
        print::customers(&player)?;
        let took = began.elapsed();
        println!(
            "Played {} customers from {} to {} in {}.{} s.",
            STORIES.len(),
            calendar.print(start),
            calendar.print(player.now),
            took.as_secs(),
            took.subsec_millis() / 100
        );
        println!("Why a line is what it is:  till explain <line> --data {}", data.display());
        println!("Audit of these books:      till verify --data {}", data.display());
    }
    Ok((played, player.now))
}

/// An empty database in `data`. One that the demo made before is made anew; any other is left alone.
fn fresh(data: &Path) -> Result<Store> {
    let (file, mark) = (files::database(data), data.join(MARK));
    if file.exists() && !mark.exists() {
        bail!(
            "{} holds a database that the demo did not make; name another folder with --data",
            data.display()
        );
    }
    std::fs::create_dir_all(data).with_context(|| format!("making {}", data.display()))?;
    std::fs::write(&mark, "The demo may remove this folder's database and make it anew.\n")?;
    for suffix in ["", "-wal", "-shm"] {
        let path = file.with_file_name(format!("till.db{suffix}"));
        if path.exists() {
            std::fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
        }
    }
    Ok(Store::embedded(&file)?)
}

/// All stories as one, in order of time.
fn interleaved(stories: &[Scenario]) -> Scenario {
    let mut steps: Vec<_> = stories.iter().flat_map(|it| it.steps.clone()).collect();
    steps.sort_by_key(|it| it.at);
    Scenario { file: "demo".into(), title: Vec::new(), books: Vec::new(), steps }
}

fn progress(length: u64, output: Output) -> ProgressBar {
    if output == Output::Json {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template("{bar:40} {msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length).with_style(style)
}
