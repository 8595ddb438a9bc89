//! `till document`: the file of the sellers, and documents, on the database itself.
//!
//! In:  a file; an account, a month, a payment, an invoice. Out: what is wrong with the file; documents, as data or as PDF.
//! Invariant: what is issued here stands in the audit log, as that of the command line; the same again changes nothing.

use super::files::{self, Place};
use super::output::Output;
use anyhow::{Context, Result};
use billing::document::{Document, Kind};
use billing::language::Language;
use clap::Subcommand;
use desk::documents::invoices::{self, NewInvoice, NewNote};
use desk::documents::{self, sellers};
use desk::lists::documents::{self as list, Filed, Filter};
use desk::page::Part;
use desk::{At, Desk, Refusal, journal};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::{Store, Tx};
use units::{AccountId, DocumentId, Money};

/// Documents that are read at once.
const AT_ONCE: u16 = 200;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Say what is wrong with a file of the sellers, without a database
    Check {
        /// The file, as docs/documents.md says it
        file: PathBuf,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Apply a file of the sellers: it holds for what is issued from now on
    Seller {
        /// The file, as docs/documents.md says it
        file: PathBuf,
        #[command(flatten)]
        place: Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Print every document, the newest first
    List {
        /// The name of an account: only those of it
        #[arg(long)]
        account: Option<String>,
        /// Only statement, receipt, invoice or credit_note
        #[arg(long, value_parser = kind)]
        kind: Option<Kind>,
        #[command(flatten)]
        place: Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Issue the statement of a month that is final
    Statement {
        /// The name of the account
        account: String,
        /// The month, such as 2026-06
        month: String,
        #[command(flatten)]
        place: Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Issue the receipt of a payment in cash
    Receipt {
        /// The name of the account
        account: String,
        /// The reference of the payment
        reference: String,
        #[command(flatten)]
        place: Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Issue an invoice of all that may be invoiced
    Invoice {
        /// The name of the account
        account: String,
        /// What tells it from others: the same again is the invoice that is there
        #[arg(long)]
        id: String,
        /// How much may be invoiced, as you saw it; refused where it is another sum
        #[arg(long)]
        expected: Option<String>,
        #[command(flatten)]
        place: Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Issue a credit note of an invoice
    Credit {
        /// The id of the invoice, as `till document list` prints it
        invoice: DocumentId,
        /// Why
        #[arg(long)]
        reason: String,
        /// How much, taxes included; all that is left if left out
        #[arg(long)]
        amount: Option<String>,
        /// What tells it from others: the same again is the note that is there
        #[arg(long)]
        id: String,
        #[command(flatten)]
        place: Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Write a document as PDF
    Pdf {
        /// The id of the document, as `till document list` prints it
        document: DocumentId,
        /// Where to write it
        #[arg(long, short)]
        out: PathBuf,
        /// In which language: en or zh; that of the document if left out
        #[arg(long, value_parser = language)]
        language: Option<Language>,
        /// The files of the regular and of the bold font; those of the system if left out
        #[arg(long, env = "TILL_DOCUMENT_FONT", value_delimiter = ',')]
        document_font: Vec<PathBuf>,
        #[command(flatten)]
        place: Place,
    },
    /// Print all that a document says, as JSON
    Show {
        /// The id of the document, as `till document list` prints it
        document: DocumentId,
        #[command(flatten)]
        place: Place,
    },
}

fn kind(text: &str) -> Result<Kind, String> {
    let all = Kind::ALL.map(Kind::as_str).join(", ");
    Kind::parse(text).ok_or_else(|| format!("write one of {all}"))
}

fn language(text: &str) -> Result<Language, String> {
    Language::parse(text).ok_or_else(|| "write en or zh".into())
}

pub(crate) fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Check { file, json } => check(&file, Output::from(json)),
        Command::Seller { file, place, json } => apply(&file, &place, Output::from(json)),
        Command::List { account, kind, place, json } => {
            print(&all(&place.open()?, account.as_deref(), kind)?, Output::from(json))
        }
        Command::Statement { account, month, place, json } => {
            let issue = |tx: &mut Tx<'_>, at: At<'_>| {
                let account = named(tx, &account)?;
                documents::statement(tx, at, documents::Asked::new(account, &month))
            };
            issued(&place, "till document statement", Output::from(json), issue)
        }
        Command::Receipt { account, reference, place, json } => {
            let issue = |tx: &mut Tx<'_>, at: At<'_>| {
                let account = named(tx, &account)?;
                documents::receipt(tx, at, documents::Asked::new(account, &reference))
            };
            issued(&place, "till document receipt", Output::from(json), issue)
        }
        Command::Invoice { account, id, expected, place, json } => {
            let issue = |tx: &mut Tx<'_>, at: At<'_>| {
                let account = store::accounts::by_name(tx, &account)?;
                let expected = expected.as_ref().map(|it| Money::parse(it, account.currency)).transpose()?;
                invoices::invoice(tx, at, NewInvoice { account: account.id, expected, token: &id })
            };
            issued(&place, "till document invoice", Output::from(json), issue)
        }
        Command::Credit { invoice, reason, amount, id, place, json } => {
            let issue = |tx: &mut Tx<'_>, at: At<'_>| {
                let currency = list::one(tx, None, invoice)?.total.currency();
                let amount = amount.as_ref().map(|it| Money::parse(it, currency)).transpose()?;
                invoices::credit_note(tx, at, NewNote { invoice, amount, reason: &reason, token: &id })
            };
            issued(&place, "till document credit", Output::from(json), issue)
        }
        Command::Pdf { document, out, language, document_font, place } => {
            let found = place.open()?.read(|tx| documents::one(tx, None, document))?;
            let bytes = paper::pdf(
                &found,
                language.unwrap_or(found.language),
                &document_font,
                &paper::attachments(&found)?,
            )?;
            std::fs::write(&out, bytes).with_context(|| format!("writing {}", out.display()))?;
            println!("{} is in {}", found.number, out.display());
            Ok(ExitCode::SUCCESS)
        }
        Command::Show { document, place } => {
            let found = place.open()?.read(|tx| list::one(tx, None, document))?;
            let shown: Value = serde_json::from_str(&found.body)?;
            println!("{}", serde_json::to_string_pretty(&shown)?);
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn text(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))
}

/// Every problem of a file; the exit code says whether there is one.
fn check(file: &Path, output: Output) -> Result<ExitCode> {
    let problems = pricebook::sellers(&text(file)?).err().unwrap_or_default();
    match output {
        Output::Json => {
            let shown = problems
                .iter()
                .map(|it| json!({"line": it.line, "what": it.what, "remedy": it.remedy}))
                .collect::<Vec<Value>>();
            println!("{}", serde_json::to_string_pretty(&json!({"problems": shown}))?);
        }
        Output::Text | Output::Quiet => {
            problems
                .iter()
                .for_each(|it| println!("{}:{}: {}. {}.", file.display(), it.line, it.what, it.remedy));
            if problems.is_empty() {
                println!("{} can be applied", file.display());
            }
        }
    }
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn apply(file: &Path, place: &Place, output: Output) -> Result<ExitCode> {
    let text = text(file)?;
    let store = place.open()?;
    let desk = store.read(Desk::open)?;
    let applied = store.write(|tx| {
        let now = files::now(tx)?;
        let applied = sellers::apply(tx, desk.at(now), &text, journal::COMMAND_LINE)?;
        let body = json!({"id": applied.id}).to_string();
        let actor = journal::COMMAND_LINE;
        let write = journal::Write {
            account: None,
            actor,
            operation: "till document seller",
            target: "sellers",
            body: &body,
        };
        journal::note(tx, &write, now)?;
        Ok::<_, Refusal>(applied)
    })?;
    match output {
        Output::Json => {
            println!("{}", json!({"id": applied.id, "applied": applied.applied.to_string()}));
        }
        Output::Text | Output::Quiet => {
            println!("the sellers of {} hold since {}", file.display(), applied.applied)
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn named(tx: &mut Tx<'_>, name: &str) -> Result<AccountId, Refusal> {
    Ok(store::accounts::by_name(tx, name)?.id)
}

/// Issues a document, notes it, and prints it.
fn issued(
    place: &Place,
    operation: &'static str,
    output: Output,
    issue: impl Fn(&mut Tx<'_>, At<'_>) -> Result<Document, Refusal>,
) -> Result<ExitCode> {
    let store = place.open()?;
    let desk = store.read(Desk::open)?;
    let filed = store.write(|tx| {
        let now = files::now(tx)?;
        let made = issue(tx, desk.at(now))?;
        if made.issued == now {
            let (target, body) = (made.id.to_string(), json!({"number": made.number}).to_string());
            let (account, actor) = (Some(made.account), journal::COMMAND_LINE);
            journal::note(
                tx,
                &journal::Write { account, actor, operation, target: &target, body: &body },
                now,
            )?;
        }
        list::one(tx, None, made.id)
    })?;
    print(&[filed], output)
}

fn all(store: &Store, account: Option<&str>, kind: Option<Kind>) -> Result<Vec<Filed>> {
    let account = account.map(|name| store.read(|tx| named(tx, name))).transpose()?;
    let (mut found, mut part) = (Vec::new(), Part::first(AT_ONCE));
    loop {
        let page = store.read(|tx| list::page(tx, Filter { account, kind }, &part))?;
        found.extend(page.items);
        part = match page.next {
            Some(next) => Part { after: Some(next), ..part },
            None => return Ok(found),
        };
    }
}

fn print(all: &[Filed], output: Output) -> Result<ExitCode> {
    match output {
        Output::Json => {
            let shown: Vec<Value> = all.iter().map(shown).collect();
            println!("{}", serde_json::to_string_pretty(&shown)?);
        }
        Output::Text | Output::Quiet => all.iter().for_each(|it| println!("{}", line(it))),
    }
    Ok(ExitCode::SUCCESS)
}

fn shown(it: &Filed) -> Value {
    json!({
        "id": it.id.to_string(), "account": it.account.to_string(), "kind": it.kind.as_str(), "number": it.printed,
        "entity": it.entity, "day": it.day, "issued": it.issued.to_string(), "total": it.total.to_string(),
        "currency": it.total.currency().as_str(), "original": it.original.map(|it| it.to_string()), "digest": it.digest,
    })
}

fn line(it: &Filed) -> String {
    let (number, kind, total) = (&it.printed, it.kind.as_str(), it.total);
    format!("{} {number} {kind} of {}: {total} {}, {}", it.id, it.account, total.currency(), it.day)
}
