//! The command line: one subcommand per file.

mod audit;
mod correct;
pub mod demo;
mod document;
mod explain;
pub mod files;
mod forecast;
mod impact;
mod installation;
mod key;
mod mail;
mod output;
mod pricebook;
mod serve;
pub mod simulate;
mod user;
mod verify;
mod webhook;

use clap::{Parser, Subcommand};
use output::Output;
use std::path::PathBuf;
use std::process::ExitCode;

/// The till of a cloud: sells, meters to the second, rates, settles and explains every fen.
#[derive(Parser)]
#[command(name = "till", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Play two months of four customers on an embedded database, print every bill, and serve the books
    Demo {
        /// Where the database is kept
        #[arg(long, default_value = "till-demo")]
        data: PathBuf,
        /// Print JSON instead of tables, and leave
        #[arg(long)]
        json: bool,
        /// Leave when the bills are printed
        #[arg(long)]
        no_serve: bool,
        /// Where to serve the books
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: String,
    },
    /// Serve the console and the HTTP API, and do the jobs: settle, deliver, expire, tell
    Serve(Box<serve::settings::Flags>),
    /// Play scenario files (or folders of them) and print what would be billed
    Simulate {
        /// Scenario files or folders
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
        /// Print only whether each story holds, and what does not
        #[arg(long)]
        quiet: bool,
        /// Play on this PostgreSQL database, which must be empty, instead of in memory
        #[arg(long)]
        database_url: Option<String>,
    },
    /// Say why a bill or one of its lines is what it is
    Explain {
        #[command(flatten)]
        asked: explain::Asked,
        #[command(flatten)]
        place: files::Place,
    },
    /// Say when the money of an account runs out, and what stops, ends and is renewed then
    Forecast {
        #[command(flatten)]
        asked: forecast::Asked,
        #[command(flatten)]
        place: files::Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Audit the books: settle every event again, add up ledger, wallets and packs, and print what differs
    Verify {
        #[command(flatten)]
        against: verify::Against,
        #[command(flatten)]
        place: files::Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Sign where the audit log ends
    #[command(subcommand)]
    Audit(audit::Command),
    /// Put right a reading or a bill, with a reason; or see what would follow
    #[command(subcommand)]
    Correct(correct::Command),
    /// Issue statements, receipts, invoices and credit notes, say who sells, write them as PDF
    #[command(subcommand)]
    Document(document::Command),
    /// Make, list or end API keys
    #[command(subcommand)]
    Key(key::Command),
    /// Make, list or end people who sign in to the console
    #[command(subcommand)]
    User(user::Command),
    /// Give a webhook another secret
    #[command(subcommand)]
    Webhook(webhook::Command),
    /// Try whether mail goes out, see what mails look like and which there are
    #[command(subcommand)]
    Mail(mail::Command),
    /// Check, compare or apply a price book
    #[command(subcommand)]
    Pricebook(pricebook::Command),
    /// Run a published benchmark
    #[command(subcommand)]
    Bench(bench::Command),
}

/// Runs the program; errors go to standard error and the exit code is 1.
pub fn main() -> ExitCode {
    leave_when_nobody_reads();
    let done = match Cli::parse().command {
        Command::Demo { data, json, no_serve, listen } => {
            let then = if json || no_serve { demo::Then::Leave } else { demo::Then::Serve(listen) };
            demo::run(&data, Output::from(json), then)
        }
        Command::Serve(flags) => serve_or_print(*flags),
        Command::Simulate { files, json, quiet, database_url } => {
            let output = if quiet && !json { Output::Quiet } else { Output::from(json) };
            simulate::run(&files, output, database_url.as_deref())
        }
        Command::Explain { asked, place } => explain::run(&asked, &place),
        Command::Forecast { asked, place, json } => forecast::run(&asked, &place, Output::from(json)),
        Command::Verify { against, place, json } => verify::run(&place, &against, Output::from(json)),
        Command::Audit(command) => audit::run(command),
        Command::Correct(command) => correct::run(command),
        Command::Document(command) => document::run(command),
        Command::Key(command) => key::run(command),
        Command::User(command) => user::run(command),
        Command::Webhook(command) => webhook::run(command),
        Command::Mail(command) => mail::run(command),
        Command::Pricebook(command) => pricebook::run(command),
        Command::Bench(command) => bench::run(command),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("till: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn serve_or_print(flags: serve::settings::Flags) -> anyhow::Result<ExitCode> {
    let print = flags.print_config;
    let settings = flags.settings()?;
    if print {
        print!("{}", settings.print()?);
        return Ok(ExitCode::SUCCESS);
    }
    serve::run(&settings)
}

/// `till … | head` closes the pipe before everything is printed: that is an end, not a fault.
fn leave_when_nobody_reads() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let text = info.payload().downcast_ref::<String>();
        if text.is_some_and(|it| it.contains("failed printing to stdout") && it.contains("Broken pipe")) {
            std::process::exit(0);
        }
        usual(info);
    }));
}
