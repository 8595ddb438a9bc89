//! `till pricebook`: checks, compares and applies price books.

use super::files::{self, Place};
use anyhow::{Result, anyhow, bail};
use clap::Subcommand;
use desk::{Refusal, books, journal};
use std::process::ExitCode;
use units::Calendar;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Read a book and print every problem with file, line and remedy
    Check {
        /// The folder of the book, or the name of one that is built in
        book: String,
    },
    /// Print what changes from one book to another
    Diff {
        /// The book before
        before: String,
        /// The book after
        after: String,
    },
    /// Apply a book to a database from a date on
    Apply {
        /// The folder of the book
        book: String,
        /// From when it holds, such as "2026-06-16 00:00:00"; without it, the date in the book
        #[arg(long)]
        from: Option<String>,
        #[command(flatten)]
        place: Place,
    },
}

pub(crate) fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Check { book } => check(&book),
        Command::Diff { before, after } => diff(&before, &after),
        Command::Apply { book, from, place } => apply(&book, from.as_deref(), &place),
    }
}

fn check(name: &str) -> Result<ExitCode> {
    match pricebook::load(&files::book(name)?, None) {
        Ok(book) => {
            let prices: usize =
                book.products.iter().flat_map(|it| &it.components).map(|it| it.prices.len()).sum();
            for it in pricebook::small_prices(&book) {
                println!("warning: {it}");
            }
            println!("{}: {} products, {prices} prices, no problem.", book.name, book.products.len());
            Ok(ExitCode::SUCCESS)
        }
        Err(problems) => {
            for problem in &problems {
                println!("{problem}");
            }
            println!("{} problem(s); nothing was applied.", problems.len());
            Ok(ExitCode::FAILURE)
        }
    }
}

fn loaded(name: &str) -> Result<billing::book::Book> {
    pricebook::load(&files::book(name)?, None).map_err(|problems| {
        anyhow!("{name} has {} problem(s); run `till pricebook check {name}`", problems.len())
    })
}

fn diff(before: &str, after: &str) -> Result<ExitCode> {
    let lines = pricebook::diff(&loaded(before)?, &loaded(after)?);
    if lines.is_empty() {
        println!("Both books charge the same.");
    }
    for line in lines {
        println!("{line}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Applies a book. Errors: a date before what is billed already, since that is never priced again.
fn apply(name: &str, from: Option<&str>, place: &Place) -> Result<ExitCode> {
    let book = files::book(name)?;
    let from = from.map(|it| Calendar::settlement().parse(it)).transpose()?;
    let store = place.open()?;
    let applied = store.write(|tx| {
        let now = files::now(tx)?;
        let applied = books::apply(tx, &book, from, now)?;
        if !applied.before {
            let (target, body) = (applied.id.to_string(), format!("{{\"files\": \"{name}\"}}"));
            let write = journal::Write {
                account: None,
                actor: journal::COMMAND_LINE,
                operation: "till pricebook apply",
                target: &target,
                body: &body,
            };
            journal::note(tx, &write, now)?;
        }
        Ok::<_, Refusal>(applied)
    });
    let print = |at| Calendar::settlement().print(at);
    match applied {
        Ok(it) if it.before => println!("{name} is applied already, from {} on.", print(it.from)),
        Ok(it) => println!("{name} is applied and holds from {} on.", print(it.from)),
        Err(Refusal::BookTooEarly { from, billed }) => {
            let (from, billed) = (print(from), print(billed));
            bail!(
                "{name} would hold from {from}, but bills up to {billed} are made; name a later date with --from"
            );
        }
        Err(refusal) => return Err(refusal.into()),
    }
    Ok(ExitCode::SUCCESS)
}
