//! `till pricebook`: checks, compares and applies price books.

use super::files::{self, Place};
use super::impact::{self, Books, On};
use super::output::Output;
use anyhow::{Result, anyhow, bail};
use billing::book::Book;
use clap::Subcommand;
use desk::books::{Applied, Prepared};
use desk::{Desk, Refusal, books, journal};
use pricebook::{Change, Files, Problem};
use serde_json::{Value, json};
use std::process::ExitCode;
use store::Store;
use units::Calendar;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Read a book and print every problem with file, line and remedy
    Check {
        /// The folder of the book, or the name of one that is built in
        book: String,
        /// Print the outcome as JSON
        #[arg(long)]
        json: bool,
    },
    /// Print what changes from one book to another; or with --on, what a past month would have come to
    #[command(allow_missing_positional = true)]
    Diff {
        /// The book before; with --on it may be left out: what was billed
        before: Option<String>,
        /// The book after
        #[arg(required = true)]
        after: String,
        #[command(flatten)]
        on: On,
        /// Print the changes as JSON
        #[arg(long)]
        json: bool,
    },
    /// Apply a book to a database from a date on
    Apply {
        /// The folder of the book
        book: String,
        /// From when it holds, such as "2026-06-16 00:00:00" in the zone of the book; without it, the date in the book
        #[arg(long)]
        from: Option<String>,
        /// The limit of price changes, as the server has it: where one is set, a book that changes prices that customers pay is
        /// proposed instead
        #[arg(long, env = "TILL_PRICE_LIMIT_PERCENT")]
        price_limit_percent: Option<u32>,
        /// Print what was applied as JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: Place,
    },
}

pub(crate) fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Check { book, json } => check(&book, json.into()),
        Command::Diff { before, after, on, json } => {
            let output = json.into();
            match (on.place(), before) {
                (Some(place), before) => {
                    let before = before.map(|it| loaded(&it)).transpose()?;
                    impact::run(&on, &place, Books { before, after: loaded(&after)? }, output)
                }
                (None, Some(before)) => diff(&before, &after, output),
                (None, None) => bail!("name both books, or with --on the data on which they are compared"),
            }
        }
        Command::Apply { book, from, price_limit_percent, json, place } => {
            let limit_tenths = price_limit_percent.map(|it| it.saturating_mul(10));
            Applying { name: &book, from: from.as_deref(), limit_tenths, output: json.into() }.run(&place)
        }
    }
}

fn check(name: &str, output: Output) -> Result<ExitCode> {
    let read = pricebook::load(&files::book(name)?, None);
    let code = if read.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    if output == Output::Json {
        println!("{}", serde_json::to_string_pretty(&checked_value(&read))?);
        return Ok(code);
    }
    match &read {
        Ok(book) => {
            for it in pricebook::warnings(book) {
                println!("warning: {it}");
            }
            let (name, products, currency) = (&book.name, book.products.len(), book.currency);
            println!("{name}: {products} products, {} prices in {currency}, no problem.", prices(book));
        }
        Err(problems) => {
            for problem in problems {
                println!("{problem}");
            }
            println!("{} problem(s); nothing was applied.", problems.len());
        }
    }
    Ok(code)
}

fn prices(book: &Book) -> usize {
    book.products.iter().flat_map(|it| &it.components).map(|it| it.prices.len()).sum()
}

/// The outcome of a check as the API prints it.
fn checked_value(read: &std::result::Result<Book, Vec<Problem>>) -> Value {
    let problem =
        |it: &Problem| json!({"file": it.file, "line": it.line, "what": it.what, "remedy": it.remedy});
    match read {
        Ok(book) => {
            json!({"ok": true, "products": book.products.len(), "prices": prices(book), "problems": [],
                "warnings": pricebook::warnings(book)})
        }
        Err(problems) => {
            let problems: Vec<Value> = problems.iter().map(problem).collect();
            json!({"ok": false, "products": 0, "prices": 0, "problems": problems, "warnings": []})
        }
    }
}

fn loaded(name: &str) -> Result<Book> {
    pricebook::load(&files::book(name)?, None).map_err(|problems| {
        anyhow!("{name} has {} problem(s); run `till pricebook check {name}`", problems.len())
    })
}

fn diff(before: &str, after: &str, output: Output) -> Result<ExitCode> {
    let changes = books::compared(&loaded(before)?, &loaded(after)?)?;
    if output == Output::Json {
        let changes: Vec<Value> = changes.iter().map(change_value).collect();
        println!("{}", serde_json::to_string_pretty(&json!({"changes": changes}))?);
        return Ok(ExitCode::SUCCESS);
    }
    if changes.is_empty() {
        println!("Both books charge the same.");
    }
    for it in changes {
        println!("{it}");
    }
    Ok(ExitCode::SUCCESS)
}

fn change_value(it: &Change) -> Value {
    json!({"change": it.kind.as_str(), "path": it.path, "before": it.before, "after": it.after, "percent": it.percent(),
        "source": it.source})
}

/// The calendar of a book: dates without an offset are of its zone. Where it names none, reading it says so.
fn calendar(book: &Files) -> Result<Calendar> {
    match pricebook::frame(book) {
        Some(frame) => Ok(Calendar::in_zone(&frame.zone)?),
        None => Ok(Calendar::settlement()),
    }
}

/// A book that is to be applied, from when, and how that is told.
struct Applying<'a> {
    name: &'a str,
    from: Option<&'a str>,
    limit_tenths: Option<u32>,
    output: Output,
}

impl Applying<'_> {
    /// Applies it. Errors: a date before what is billed already, since that is never priced again.
    fn run(&self, place: &Place) -> Result<ExitCode> {
        let (name, book) = (self.name, files::book(self.name)?);
        let calendar = calendar(&book)?;
        let from = self.from.map(|it| calendar.parse(it)).transpose()?;
        let prepared = books::prepared(&book, from)?.by(journal::COMMAND_LINE);
        let store = place.open()?;
        match self.applied(&store, &prepared) {
            Ok(it) => self.tell(it, &prepared.book, &calendar)?,
            Err(Refusal::BookTooEarly { from, billed }) => {
                let (from, billed) = (calendar.print(from), calendar.print(billed));
                bail!(
                    "{name} would hold from {from}, but bills up to {billed} are made; name a later date with --from"
                );
            }
            Err(refusal) => return Err(refusal.into()),
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Applies a book that was read, and notes that the command line did.
    fn applied(&self, store: &Store, prepared: &Prepared) -> std::result::Result<Applied, Refusal> {
        let before = store.read(|tx| books::holding(tx, &prepared.book))?;
        let desk = Desk { books: before, price_limit_tenths: self.limit_tenths, ..Desk::empty() };
        store.write(|tx| {
            let now = files::now(tx)?;
            let applied = books::add(tx, desk.at(now), prepared)?;
            if !applied.before {
                let (target, body) = (applied.id.to_string(), format!("{{\"files\": \"{}\"}}", self.name));
                let write = journal::Write {
                    account: None,
                    actor: journal::COMMAND_LINE,
                    operation: "till pricebook apply",
                    target: &target,
                    body: &body,
                };
                journal::note(tx, &write, now)?;
            }
            Ok(applied)
        })
    }

    fn tell(&self, it: Applied, book: &Book, calendar: &Calendar) -> Result<()> {
        let (name, from) = (self.name, calendar.print(it.from));
        if self.output == Output::Json {
            let (id, currency) = (it.id.to_string(), book.currency.as_str());
            let told = json!({"id": id, "name": book.name, "currency": currency, "from": it.from.to_string(), "before": it.before});
            println!("{}", serde_json::to_string_pretty(&told)?);
        } else if it.before {
            println!("{name} is applied already, for {} from {from} on.", book.currency);
        } else {
            println!("{name} is applied and holds for {} from {from} on.", book.currency);
        }
        Ok(())
    }
}
