//! `till simulate`: plays scenarios and prints what they come to.

use super::files;
use super::output::Output;
use anyhow::{Result, anyhow};
use desk::books::{self, Prepared};
use desk::{Desk, Refusal};
use play::{Mistake, Played, Player, Scenario, expect, json, parse, step::View};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::Store;
use units::{Calendar, Timestamp};

pub(crate) fn run(paths: &[PathBuf], output: Output, database_url: Option<&str>) -> Result<ExitCode> {
    let mut reports = Vec::new();
    let mut good = true;
    for path in files::scenarios(paths)? {
        let read = read(&path).and_then(|it| Ok((books(&it)?, it)));
        let (books, scenario) = match read {
            Ok(read) => read,
            Err(mistakes) => {
                good = false;
                for mistake in &mistakes {
                    eprintln!("{mistake}");
                }
                reports.push(mistakes_value(&mistakes));
                continue;
            }
        };
        let store = match database_url {
            Some(url) => Store::postgres(url)?,
            None => Store::memory()?,
        };
        let (player, played) = play_with(&store, &scenario, &books)?;
        good &= played.failures.is_empty();
        match output {
            Output::Json => reports.push(json::report(&player, &played)?),
            Output::Text => text(&player, &scenario, &played)?,
            Output::Quiet => {}
        }
        if output != Output::Json {
            for failure in &played.failures {
                print!("{}", expect::difference(failure));
            }
            println!("{} {}", if played.failures.is_empty() { "ok  " } else { "FAIL" }, path.display());
        }
    }
    if output == Output::Json {
        let all = if reports.len() == 1 { reports.remove(0) } else { serde_json::Value::Array(reports) };
        println!("{}", serde_json::to_string_pretty(&all)?);
    }
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn mistakes_value(mistakes: &[Mistake]) -> serde_json::Value {
    let list: Vec<serde_json::Value> = mistakes
        .iter()
        .map(|it| serde_json::json!({"file": it.file, "line": it.line, "what": it.what, "remedy": it.remedy}))
        .collect();
    serde_json::json!({"ok": false, "mistakes": list})
}

/// Reads a scenario; a file that is not text is a mistake like any other.
fn read(path: &Path) -> std::result::Result<Scenario, Vec<Mistake>> {
    let file = path.display().to_string();
    let mistake = |what: String, remedy: &str| {
        vec![Mistake { file: file.clone(), line: 1, what, remedy: remedy.to_string() }]
    };
    let bytes =
        std::fs::read(path).map_err(|error| mistake(error.to_string(), "Name a file that can be read"))?;
    let text = String::from_utf8(bytes).map_err(|_| mistake("it is not text".into(), "Save it as UTF-8"))?;
    scenario(&file, &text)
}

/// The story in `text`, which stands in `file`. Times without a zone are those of its book. Source: R-TIM-10.
///
/// Errors: every mistake that it has. A book that cannot be read is told when it is to be played.
pub fn scenario(file: &str, text: &str) -> std::result::Result<Scenario, Vec<Mistake>> {
    let book = files::book_beside(Path::new(file), parse::book(text).unwrap_or(DEMO)).ok();
    let frame = book.and_then(|it| pricebook::frame(&it));
    let calendar = frame.and_then(|it| Calendar::in_zone(&it.zone).ok());
    play::parse(file, text, &calendar.unwrap_or_else(Calendar::settlement))
}

/// The book of a scenario that names none.
const DEMO: &str = "demo";

/// The books that a scenario plays with. Errors: every problem of the first that has one.
fn books(scenario: &Scenario) -> std::result::Result<Vec<Prepared>, Vec<Mistake>> {
    let named = scenario.books.iter().map(String::as_str);
    let alone = scenario.books.is_empty().then_some(DEMO);
    named.chain(alone).map(|name| book(scenario, name)).collect()
}

fn book(scenario: &Scenario, name: &str) -> std::result::Result<Prepared, Vec<Mistake>> {
    let mistake = |what: String, remedy: &str| {
        vec![Mistake { file: scenario.file.clone(), line: 1, what, remedy: remedy.to_string() }]
    };
    let files = files::book_beside(Path::new(&scenario.file), name)
        .map_err(|error| mistake(error.to_string(), "Name a book that is there"))?;
    books::prepared(&files, None).map_err(|refusal| {
        if let Refusal::Book(problems) = refusal {
            return problems.into_iter().map(|it| of_book(name, it)).collect();
        }
        mistake(refusal.to_string(), "Mend the book")
    })
}

/// A problem of the book `name` as a mistake of the story that names it.
fn of_book(name: &str, it: pricebook::Problem) -> Mistake {
    Mistake { file: format!("{name}/{}", it.file), line: it.line, what: it.what, remedy: it.remedy }
}

/// Plays one scenario on an empty store, with the books that it names.
pub fn play<'a>(store: &'a Store, scenario: &Scenario) -> Result<(Player<'a>, Played)> {
    let told = |list: Vec<Mistake>| list.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let books = books(scenario).map_err(|mistakes| anyhow!(told(mistakes)))?;
    play_with(store, scenario, &books)
}

fn play_with<'a>(store: &'a Store, scenario: &Scenario, books: &[Prepared]) -> Result<(Player<'a>, Played)> {
    let start = scenario.steps.first().map_or(Timestamp::UNIX_EPOCH, |it| it.at);
    let desk = Desk::empty();
    for book in books {
        store.write(|tx| desk::books::add(tx, desk.at(start), book))?;
    }
    let mut player = Player::new(store, start)?;
    let played = player.play(scenario, &mut |_, _| {})?;
    Ok((player, played))
}

/// What the story came to, account by account.
fn text(player: &Player<'_>, scenario: &Scenario, played: &Played) -> Result<()> {
    for line in &scenario.title {
        println!("# {line}");
    }
    for step in &played.steps {
        let outcome = match &step.message {
            None => String::new(),
            Some(message) => format!("\n    refused, {}: {message}", step.code),
        };
        let taken =
            step.taken.filter(|it| *it != "accepted").map_or_else(String::new, |it| format!("\n    {it}"));
        if !step.text.starts_with("expect") {
            println!("{} {}{taken}{outcome}", player.desk.calendar.print(step.at), step.text);
        }
        for line in &step.shown {
            println!("    {line}");
        }
    }
    let accounts = player.store.read(|tx| store::accounts::all(tx).map_err(desk::Refusal::from))?;
    for account in accounts {
        println!("\n{} at {}", account.name, player.desk.calendar.print(player.now));
        for what in ["orders", "resources", "packs", "bills", "months", "notices", "wallet"] {
            let view = View { what: what.into(), args: vec![account.name.clone()] };
            let lines = player.look(&view)?;
            if !lines.is_empty() {
                println!("  {what}");
            }
            for line in lines {
                println!("    {line}");
            }
        }
        for read in player
            .store
            .read(|tx| store::resources::of_account(tx, account.id).map_err(desk::Refusal::from))?
        {
            let events = player.store.read(|tx| {
                store::resources::events(tx, account.id, read.resource.id).map_err(desk::Refusal::from)
            })?;
            let life: Vec<String> = events
                .iter()
                .map(|it| format!("{} {}", player.desk.calendar.print(it.at), it.state.as_str()))
                .collect();
            println!("  life of {}: {}", read.resource.name, life.join(", "));
        }
    }
    for it in player.store.read(|tx| store::settlements::aside(tx).map_err(desk::Refusal::from))? {
        let from = player.desk.calendar.print(it.from);
        println!("\nset aside: {} waits for the {} from {from}: {}", it.account, it.kind.as_str(), it.reason);
    }
    println!();
    Ok(())
}
