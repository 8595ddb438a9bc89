//! `till pricebook`: checks, compares and applies price books.

use super::files;
use crate::desk::books;
use anyhow::{Result, anyhow, bail};
use clap::Subcommand;
use std::path::PathBuf;
use std::process::ExitCode;
use units::{Calendar, Timestamp};

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
        /// Where the database is kept
        #[arg(long, default_value = "till-data")]
        data: PathBuf,
    },
}

pub(crate) fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Check { book } => check(&book),
        Command::Diff { before, after } => diff(&before, &after),
        Command::Apply { book, from, data } => apply(&book, from.as_deref(), &data),
    }
}

fn check(name: &str) -> Result<ExitCode> {
    match pricebook::load(&files::book(name)?, None) {
        Ok(book) => {
            let prices: usize =
                book.products.iter().flat_map(|it| &it.components).map(|it| it.prices.len()).sum();
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
fn apply(name: &str, from: Option<&str>, data: &std::path::Path) -> Result<ExitCode> {
    let book = files::book(name)?;
    let from = from.map(|it| Calendar::settlement().parse(it)).transpose()?;
    let store = files::existing(data)?;
    let loaded = pricebook::load(&book, from).map_err(crate::desk::Refusal::Book)?;
    let (id, holds) = (loaded.id.to_string(), Calendar::settlement().print(loaded.from));
    let (there, billed) = store.read(|tx| -> Result<_, crate::desk::Refusal> {
        Ok((store::books::all(tx)?.iter().any(|it| it.id == id), store::bills::last_posted(tx)?))
    })?;
    if there {
        println!("{name} is applied already, from {holds} on.");
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(billed) = billed.filter(|it| loaded.from < *it) {
        let billed = Calendar::settlement().print(billed);
        bail!(
            "{name} would hold from {holds}, but bills up to {billed} are made; name a later date with --from"
        );
    }
    store.write(|tx| books::apply(tx, &book, from, Timestamp::now()))?;
    println!("{name} is applied and holds from {holds} on.");
    Ok(ExitCode::SUCCESS)
}
