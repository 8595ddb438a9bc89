//! `till bench`: published figures, measured where the program runs.
//!
//! In:  how many accounts, which part. Out: times, totals and ratios, as tables or as JSON.
//! Invariant: whatever is compared runs in the same run on the same rows; making the rows is never timed.

mod api;
mod bare;
mod city;
mod console;
mod copied;
mod diff;
mod dump;
mod forecast;
mod http;
mod pace;
mod print;
mod pure;
mod receivers;
mod rows;
mod served;
mod stored;

use anyhow::Result;
use clap::ValueEnum;
use print::{Output, print, say};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The accounts of a part that compares sizes, against the first size.
const PURE_GROWTH: usize = 4;
const STORE_GROWTH: usize = 2;

/// What is measured.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Settle one hour of many accounts with ten pay-per-use servers each: pure, and into SQLite with the books
    Settle {
        /// Accounts; each has ten resources
        #[arg(long, default_value_t = 100_000)]
        accounts: usize,
        /// Only one part
        #[arg(long, value_enum, default_value_t = Part::All)]
        part: Part,
        /// Settle into this PostgreSQL database, which must be empty, and compare with a COPY of the same rows; nothing else
        #[arg(long, conflicts_with = "part")]
        database_url: Option<String>,
        /// Hands that share the run on PostgreSQL: a node has two while it leads, one while it helps
        #[arg(long, default_value_t = 2, requires = "database_url")]
        hands: usize,
        /// For `benches/duckdb.sh`: write the rows of the pure part, and what each account came to, as CSV into
        /// this folder, settle only them, and wait for a line of input before each round
        #[arg(long)]
        dump: Option<PathBuf>,
        /// Print JSON instead of tables
        #[arg(long)]
        json: bool,
    },
    /// Measure the API of a server that this starts: usage, quotes, authorize, purchases, memory, readiness
    Api(api::Arguments),
    /// Measure the pages of a server that this starts, on a database with a year of bills: times and sizes
    Console(console::Arguments),
    /// Rate a past month of many customers once more by another price book, out of SQLite
    Diff(diff::Arguments),
    /// Tell what lies ahead of one large account for a year, and when its money is gone
    Forecast(forecast::Arguments),
    /// Send webhooks beside a customer's receivers that never answer, from a server that this starts
    Receivers(receivers::Arguments),
    /// Settle the hour of a database that `bench settle` filled, and print time and peak memory as JSON
    #[command(hide = true)]
    SettleFile { path: PathBuf },
}

/// A part of the settlement's benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Part {
    All,
    Pure,
    Store,
}

/// Measures what was asked for and prints it.
pub fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Settle { accounts, database_url: Some(url), hands, json, .. } => {
            copied_part(&copied::Wanted { url: &url, accounts, hands }, json.into())?;
        }
        Command::Settle { accounts, part, dump, json, .. } => {
            let mut found = serde_json::Map::new();
            if let Some(folder) = dump {
                let measured = dumped(accounts, &folder)?;
                println!("{}", measured.json());
                return Ok(ExitCode::SUCCESS);
            }
            if part != Part::Store {
                found.insert("pure".into(), pure_part(accounts, json.into())?);
            }
            if part != Part::Pure {
                found.insert("store".into(), store_part(accounts, json.into())?);
            }
            if json {
                println!("{}", serde_json::to_string_pretty(&Value::Object(found))?);
            }
        }
        Command::Api(arguments) => return api::run(&arguments),
        Command::Console(arguments) => return console::run(&arguments),
        Command::Diff(arguments) => return diff::run(&arguments),
        Command::Forecast(arguments) => return forecast::run(&arguments),
        Command::Receivers(arguments) => return receivers::run(&arguments),
        Command::SettleFile { path } => {
            println!("{}", serde_json::to_string(&stored::settle_file(&path)?)?);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn dumped(accounts: usize, folder: &Path) -> Result<pure::Measured> {
    let city = city::City::new()?;
    say(&format!("writing the rows of {accounts} accounts to {}", folder.display()));
    let made = city.accounts(0..accounts)?;
    dump::write(&city, folder, &made, &pure::each(&city, &made)?)?;
    drop(made);
    pure::measure(&city, accounts, pure::Pace::ByLine)
}

fn pure_part(accounts: usize, output: Output) -> Result<Value> {
    let city = city::City::new()?;
    let small = pure::measure(&city, accounts, pure::Pace::Free)?;
    let large = pure::measure(&city, accounts * PURE_GROWTH, pure::Pace::Free)?;
    let growth = large.best / small.best;
    if output == Output::Text {
        println!("Pure settlement of one hour, in memory, {} threads\n", rayon::current_num_threads());
        print(
            &["", "best s", "median s", "resources/s", "bills", "total CNY"],
            &[small.cells(), large.cells()],
        );
        println!("{PURE_GROWTH} times the accounts take {growth:.2} times as long\n");
    }
    Ok(json!({
        "runs": [small.json(), large.json()],
        "threads": rayon::current_num_threads(),
        "growth": growth,
    }))
}

fn store_part(accounts: usize, output: Output) -> Result<Value> {
    let small = stored::measure(accounts)?;
    let large = stored::measure(accounts * STORE_GROWTH)?;
    let growth = large.peak_mib / small.peak_mib;
    if output == Output::Text {
        println!("Settlement of one hour into SQLite, books and all, in batches\n");
        let columns = ["", "bills", "rows", "settle s", "bare insert s", "ratio", "peak MiB"];
        print(&columns, &[small.cells(), large.cells()]);
        println!("{STORE_GROWTH} times the accounts take {growth:.2} times the memory\n");
    }
    Ok(json!({ "runs": [small.json(), large.json()], "peak_growth": growth }))
}

fn copied_part(wanted: &copied::Wanted<'_>, output: Output) -> Result<()> {
    let found = copied::measure(wanted)?;
    match output {
        Output::Json => println!("{}", serde_json::to_string_pretty(&found.json())?),
        Output::Text => {
            println!("Settlement of one hour into PostgreSQL, books and all, in batches\n");
            let columns = ["", "hands", "bills", "rows", "settle s", "COPY s", "ratio"];
            print(&columns, &[found.cells()]);
        }
    }
    Ok(())
}
