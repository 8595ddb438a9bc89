//! `till mail test | preview | list | resend`: whether mail goes out, what mails look like, which there are.
//!
//! In:  the settings of mail, or the database. Out: what the server said; a mail as text or HTML; mails.
//! Invariant: a test goes to the server at once and leaves nothing in the database; what is sent again stands in the audit log.

use super::files::{self, Place};
use super::output::Output;
use super::serve::settings::{Flags, Settings};
use anyhow::{Context, Result, anyhow};
use billing::language::Language;
use billing::letter::{LetterKind, MailState, address};
use clap::Subcommand;
use desk::letters::Told;
use desk::page::Part;
use desk::{Desk, Refusal, journal, mails};
use mail::{Reader, SAMPLE, Sample, To, Written, leave_address, sample, written};
use providers::smtp;
use serde_json::{Value, json};
use std::process::ExitCode;
use store::Tx;
use store::mails::{Mail, MailFilter};
use units::{MailId, Timestamp};
use web::clock::Clock;

/// Mails that are read at one time.
const PART: u16 = 200;
/// Where links of a preview lead that knows no console.
const NOWHERE: &str = "https://console.example";

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Send a mail to this address at once, by the settings that `till serve` would have, and say what the server said
    Test {
        /// Where to send it
        address: String,
        /// In which language: en or zh
        #[arg(long, default_value = "en", value_parser = language)]
        language: Language,
        #[command(flatten)]
        settings: Box<Flags>,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Print what a kind of mail looks like, with made-up figures
    Preview {
        /// The kind; `till mail preview list` names all
        kind: String,
        /// In which language: en or zh
        #[arg(long, default_value = "en", value_parser = language)]
        language: Language,
        /// Print the HTML and not the text
        #[arg(long)]
        html: bool,
        /// Print JSON with subject, text and HTML
        #[arg(long)]
        json: bool,
    },
    /// Print mails, the newest first
    List {
        /// Only those that are not tried any more
        #[arg(long, conflicts_with = "state")]
        dead: bool,
        /// Only those in this state: queued, sent or dead
        #[arg(long, value_parser = state)]
        state: Option<MailState>,
        /// How many at most
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=10_000))]
        limit: u16,
        #[command(flatten)]
        place: Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Send a dead mail again
    Resend {
        /// The id of the mail, as `till mail list --dead` prints it
        id: String,
        #[command(flatten)]
        place: Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
}

fn language(text: &str) -> Result<Language, String> {
    Language::parse(text).ok_or_else(|| format!("`{text}` is not a language; write en or zh"))
}

fn state(text: &str) -> Result<MailState, String> {
    MailState::parse(text)
        .ok_or_else(|| format!("`{text}` is no state of a mail; write queued, sent or dead"))
}

pub(crate) fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Test { address, language, settings, json } => {
            test(&settings.settings()?, &address, (language, Output::from(json)))
        }
        Command::Preview { kind, language, html, json } => {
            let part = if html { Shown::Html } else { Shown::Text };
            preview(&kind, language, if json { Shown::Json } else { part })
        }
        Command::List { dead, state, limit, place, json } => {
            let state = if dead { Some(MailState::Dead) } else { state };
            let found = place.open()?.read(|tx| list(tx, state, usize::from(limit)))?;
            print(&found, Output::from(json))
        }
        Command::Resend { id, place, json } => {
            let id =
                id.parse().map_err(|error| anyhow!("{error}; `till mail list --dead` prints the ids"))?;
            let mail = place.open()?.write(|tx| resend(tx, id))?;
            print(&[mail], Output::from(json))
        }
    }
}

/// Sends a mail at once. The exit code says whether the server took it.
fn test(settings: &Settings, to: &str, (language, output): (Language, Output)) -> Result<ExitCode> {
    let to = address(to)?;
    let (desk, now) = (Desk::empty(), Clock::Machine.now());
    let base = if settings.public_url.is_empty() { NOWHERE } else { &settings.public_url };
    let told =
        To { kind: LetterKind::Test, language, account: "", base, leave: None, reader: Reader::Person };
    let written = written(&desk, &Told::Test, &told);
    let mail = smtp::Mail {
        id: MailId::named(now, &web::random::fresh("mail")),
        to: &to,
        name: "",
        language: language.as_str(),
        subject: &written.subject,
        text: &written.text,
        html: &written.html,
        leave: None,
        made: now,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcome = runtime.block_on(async {
        let post = settings.mail.post()?;
        let post = post.context("--mail-server is missing: name the server by which mails go out")?;
        Ok::<_, anyhow::Error>(post.send(&mail).await)
    })?;
    let taken = outcome.fault.is_none();
    match output {
        Output::Json => {
            let shown = json!({
                "id": mail.id.to_string(), "to": to, "taken": taken, "reply": outcome.reply, "error": outcome.text,
            });
            println!("{}", serde_json::to_string_pretty(&shown)?);
        }
        Output::Text | Output::Quiet if taken => {
            println!("the server took the mail to {to}, with the id {}", mail.id)
        }
        Output::Text | Output::Quiet => {
            eprintln!("till: the server did not take the mail to {to}: {}", outcome.text)
        }
    }
    Ok(if taken { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What of a mail is printed.
#[derive(Clone, Copy)]
enum Shown {
    Text,
    Html,
    Json,
}

fn preview(kind: &str, language: Language, part: Shown) -> Result<ExitCode> {
    let all = || LetterKind::ALL.map(LetterKind::as_str).join(", ");
    if kind == "list" {
        LetterKind::ALL.iter().for_each(|it| println!("{}  {}", it.as_str(), mail::sent_when(*it, language)));
        return Ok(ExitCode::SUCCESS);
    }
    let kind = LetterKind::parse(kind)
        .with_context(|| format!("`{kind}` is no kind of mail; write one of {}", all()))?;
    let it = example(kind, language, Clock::Machine.now());
    match part {
        Shown::Text => println!("Subject: {}\n\n{}", it.subject, it.text),
        Shown::Html => println!("{}", it.html),
        Shown::Json => {
            let shown =
                json!({ "kind": kind.as_str(), "subject": it.subject, "text": it.text, "html": it.html });
            println!("{}", serde_json::to_string_pretty(&shown)?);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn example(kind: LetterKind, language: Language, at: Timestamp) -> Written {
    let desk = Desk::empty();
    let leave = leave_address(NOWHERE, "example");
    let leave = (kind.duty() == billing::letter::Duty::Choice).then_some(leave.as_str());
    let to = To { kind, language, account: SAMPLE, base: NOWHERE, leave, reader: Reader::Person };
    written(&desk, &sample(kind, Sample { desk: &desk, at }), &to)
}

fn list(tx: &mut Tx<'_>, state: Option<MailState>, most: usize) -> Result<Vec<Mail>, Refusal> {
    let (mut found, mut part) = (Vec::new(), Part::first(PART));
    loop {
        let page = mails::page(tx, MailFilter { state, house: None }, &part)?;
        found.extend(page.items);
        match page.next {
            Some(next) if found.len() < most => part.after = Some(next),
            Some(_) | None => break,
        }
    }
    found.truncate(most);
    Ok(found)
}

fn resend(tx: &mut Tx<'_>, id: MailId) -> Result<Mail, Refusal> {
    let now = files::now(tx)?;
    let desk = Desk::open(tx)?;
    let mail = mails::again(tx, desk.at(now), id)?;
    let write = journal::Write {
        account: mail.house.account(),
        actor: journal::COMMAND_LINE,
        operation: "till mail resend",
        target: &id.to_string(),
        body: "",
    };
    journal::note(tx, &write, now)?;
    Ok(mail)
}

fn shown(it: &Mail) -> Value {
    json!({
        "id": it.id.to_string(), "kind": it.kind.as_str(), "to": it.address, "language": it.language.as_str(),
        "account": it.house.account().map(|it| it.to_string()), "state": it.state.as_str(), "tries": it.tries,
        "reply": it.reply, "error": it.error, "created": it.created.to_string(),
        "due": it.due.map(|it| it.to_string()), "ended": it.ended.map(|it| it.to_string()),
    })
}

fn line(it: &Mail) -> String {
    let then = match it.state {
        MailState::Queued => it.due.map_or_else(String::new, |at| format!(", due {at}")),
        MailState::Sent | MailState::Dead => it.ended.map_or_else(String::new, |at| format!(" {at}")),
    };
    let error = if it.error.is_empty() { String::new() } else { format!(": {}", it.error) };
    let (id, kind, to, state, tries) = (it.id, it.kind.as_str(), &it.address, it.state.as_str(), it.tries);
    format!("{id} {kind} to {to}: {state}{then}, {tries} tries{error}")
}

fn print(all: &[Mail], output: Output) -> Result<ExitCode> {
    match output {
        Output::Json => {
            let shown: Vec<Value> = all.iter().map(shown).collect();
            println!("{}", serde_json::to_string_pretty(&shown)?);
        }
        Output::Text | Output::Quiet if all.is_empty() => println!("there are none"),
        Output::Text | Output::Quiet => all.iter().for_each(|it| println!("{}", line(it))),
    }
    Ok(ExitCode::SUCCESS)
}
