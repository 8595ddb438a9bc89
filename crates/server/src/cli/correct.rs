//! `till correct`: puts right what was wrong, for whoever may run the program where the database is.
//!
//! In:  what was wrong, an id, a reason. Out: the correction, or what would follow from it.
//! Invariant: what is made here stands in the audit log, as that of the command line; a preview keeps nothing.

mod print;

use super::files::{self, Place};
use super::output::Output;
use anyhow::{Result, anyhow};
use billing::correction::{Aim, Correction, Rerate};
use clap::Subcommand;
use desk::books::{self, Prepared};
use desk::corrections::{self, Ask, bills, preview};
use desk::page::Part;
use desk::{Desk, Refusal, journal, lists};
use serde_json::Value;
use std::process::ExitCode;
use store::{Store, Tx};
use units::{AccountId, BillId, BookId, Calendar, Money, Timestamp};

/// Corrections that are read at once.
const AT_ONCE: u16 = 200;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// A reading that does not count
    Void {
        #[command(flatten)]
        reading: Reading,
        #[command(flatten)]
        said: Said,
    },
    /// A reading that counts for another quantity
    Replace {
        #[command(flatten)]
        reading: Reading,
        /// What it counts for, such as 5368709120 or 5GB; of a counter by how much it grew
        #[arg(value_parser = play::quantity::parse)]
        quantity: u64,
        #[command(flatten)]
        said: Said,
    },
    /// Money back against a bill, or one of its lines
    Credit {
        #[command(flatten)]
        bill: Against,
        #[command(flatten)]
        said: Said,
    },
    /// Money owed against a bill, or one of its lines
    Debit {
        #[command(flatten)]
        bill: Against,
        #[command(flatten)]
        said: Said,
    },
    /// A price book that should have held in a past period: its closed cycles are rated once more
    Rerate {
        /// The folder of the book, the name of one that is built in, or the id of one that was applied
        book: String,
        /// From when on it should have held, such as "2026-02-01 00:00:00"
        #[arg(long)]
        from: String,
        /// Until when
        #[arg(long)]
        until: String,
        #[command(flatten)]
        said: Said,
    },
    /// Print every correction, the newest first
    List {
        /// The name of an account: only those of it
        #[arg(long)]
        account: Option<String>,
        #[command(flatten)]
        place: Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
}

/// Which reading.
#[derive(clap::Args)]
pub(crate) struct Reading {
    /// The sender of the reading
    source: String,
    /// The id of the reading
    event: String,
}

/// Which bill, and how much.
#[derive(clap::Args)]
pub(crate) struct Against {
    /// A bill id, or a bill id and the number of a line, as in bil_…/0
    bill: String,
    /// How much, as in 12.50
    amount: String,
}

/// Who says why, and how it is done.
#[derive(clap::Args)]
pub(crate) struct Said {
    /// What tells it from others, such as the number of a ticket: the same again changes nothing
    #[arg(long)]
    id: String,
    /// Why; it is shown wherever the correction is
    #[arg(long)]
    reason: String,
    /// The name of an account: a thing of another one is refused
    #[arg(long)]
    account: Option<String>,
    /// Only print what would follow; nothing is kept
    #[arg(long)]
    preview: bool,
    #[command(flatten)]
    place: Place,
    /// Print JSON instead of text
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Void { reading: Reading { source, event }, said } => {
            put_right(&said, |_| Ok(Correction::Void { source: source.clone(), event: event.clone() }))
        }
        Command::Replace { reading: Reading { source, event }, quantity, said } => put_right(&said, |_| {
            Ok(Correction::Replace { source: source.clone(), event: event.clone(), quantity })
        }),
        Command::Credit { bill, said } => {
            let named = bill.named()?;
            put_right(&said, |tx| Ok(Correction::Credit(aim(tx, named, &bill.amount)?)))
        }
        Command::Debit { bill, said } => {
            let named = bill.named()?;
            put_right(&said, |tx| Ok(Correction::Debit(aim(tx, named, &bill.amount)?)))
        }
        Command::Rerate { book, from, until, said } => {
            let calendar = Calendar::settlement();
            let (from, until) = (calendar.parse(&from)?, calendar.parse(&until)?);
            let named = Named::of(&book, from)?;
            put_right_by(
                &said,
                |desk| named.on(desk),
                |tx| {
                    let account = said.account(tx)?;
                    Ok(Correction::Rerate(Rerate { book: named.id(tx)?, account, from, until }))
                },
            )
        }
        Command::List { account, place, json } => {
            print::list(&all(&place.open()?, account.as_deref())?, Output::from(json))
        }
    }
}

/// A book that is there, or one that is kept with the correction.
enum Named {
    Applied(BookId),
    New(Box<Prepared>),
}

impl Named {
    fn of(name: &str, from: Timestamp) -> Result<Named> {
        match name.parse() {
            Ok(id) => Ok(Named::Applied(id)),
            Err(_) => Ok(Named::New(Box::new(books::prepared(&files::book(name)?, Some(from))?))),
        }
    }

    fn id(&self, tx: &mut Tx<'_>) -> Result<BookId, Refusal> {
        match self {
            Named::Applied(id) => Ok(*id),
            Named::New(book) => corrections::prices::keep(tx, book),
        }
    }

    /// The desk with the book on its shelf.
    fn on(&self, desk: Desk) -> Desk {
        match self {
            Named::Applied(_) => desk,
            Named::New(it) => Desk { books: books::keeping(&desk.books, it.book.clone()), ..desk },
        }
    }
}

impl Said {
    /// The account that is named.
    fn account(&self, tx: &mut Tx<'_>) -> Result<Option<AccountId>, Refusal> {
        let named = self.account.as_ref().map(|name| store::accounts::by_name(tx, name)).transpose()?;
        Ok(named.map(|it| it.id))
    }
}

impl Against {
    /// The bill, and the line of it that is named.
    fn named(&self) -> Result<(BillId, Option<usize>)> {
        let (bill, line) = self.bill.split_once('/').map_or((&*self.bill, None), |it| (it.0, Some(it.1)));
        let id = bill.parse().map_err(|error| anyhow!("{error}; `till explain` takes the same ids"))?;
        let wrong = |text: &str| anyhow!("`{text}` is not the number of a line; lines count from 0");
        let line = line.map(|text| text.parse().map_err(|_| wrong(text))).transpose()?;
        Ok((id, line))
    }
}

/// So much against a bill.
fn aim(tx: &mut Tx<'_>, named: (BillId, Option<usize>), amount: &str) -> Result<Aim, Refusal> {
    let (bill, line) = named;
    let currency = bills::currency(tx, bill)?;
    Ok(Aim { bill, line, total: Money::parse(amount, currency)? })
}

/// Makes a correction and prints it; or prints what would follow.
fn put_right(said: &Said, what: impl Fn(&mut Tx<'_>) -> Result<Correction, Refusal>) -> Result<ExitCode> {
    put_right_by(said, |desk| desk, what)
}

/// The same, by a desk with more books.
fn put_right_by(
    said: &Said,
    shelve: impl Fn(Desk) -> Desk,
    what: impl Fn(&mut Tx<'_>) -> Result<Correction, Refusal>,
) -> Result<ExitCode> {
    let store = said.place.open()?;
    let desk = shelve(store.read(Desk::open)?);
    let output = Output::from(said.json);
    let ask = |tx: &mut Tx<'_>| -> Result<Ask, Refusal> {
        Ok(Ask {
            id: said.id.clone(),
            reason: said.reason.clone(),
            actor: journal::COMMAND_LINE.into(),
            account: said.account(tx)?,
            what: what(tx)?,
        })
    };
    if said.preview {
        let (bills, open) = store.rehearse(|tx| {
            let (ask, now) = (ask(tx)?, files::now(tx)?);
            let made = corrections::make(tx, desk.at(now), &ask)?;
            Ok::<_, Refusal>((preview::all_bills(tx, desk.at(now), &made)?, made.open))
        })?;
        return print::preview(&desk, &print::Follows { bills, open }, output);
    }
    let made = store.write(|tx| {
        let (ask, now) = (ask(tx)?, files::now(tx)?);
        let before = store::corrections::get(tx, &ask.id)?;
        corrections::make(tx, desk.at(now), &ask)?;
        let listed = lists::corrections::one(tx, &ask.id)?;
        if before.is_none() {
            note(tx, &listed.says, &ask)?;
        }
        Ok::<_, Refusal>(listed)
    })?;
    print::list(&[made], output)
}

fn note(tx: &mut Tx<'_>, says: &Value, ask: &Ask) -> Result<(), Refusal> {
    let now = files::now(tx)?;
    let body = serde_json::json!({"kind": ask.what.as_str(), "reason": ask.reason, "says": says}).to_string();
    let write = journal::Write {
        account: None,
        actor: journal::COMMAND_LINE,
        operation: "till correct",
        target: &ask.id,
        body: &body,
    };
    journal::note(tx, &write, now)
}

fn all(store: &Store, account: Option<&str>) -> Result<Vec<lists::corrections::Listed>> {
    let account = match account {
        Some(name) => Some(store.read(|tx| store::accounts::by_name(tx, name))?.id),
        None => None,
    };
    let (mut found, mut part) = (Vec::new(), Part::first(AT_ONCE));
    loop {
        let page =
            store.read(|tx| lists::corrections::page(tx, lists::corrections::Filter::of(account), &part))?;
        found.extend(page.items);
        part = match page.next {
            Some(next) => Part { after: Some(next), ..part },
            None => return Ok(found),
        };
    }
}
