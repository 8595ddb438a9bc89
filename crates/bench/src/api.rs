//! `till bench api`: what the API takes, measured by this process from a second one on the loopback.
//!
//! In:  an engine, how long, how many connections. Out: rates, latencies, memory, and what the engine does at best.
//! Invariant: the server is this program as a process of its own; every answer is checked, so that a refusal is an
//! error and never a fast request.

mod bare;
mod best;
mod loads;

use super::pace::Load;
use super::print::{Output, print, say};
use super::served::{self, Served};
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

const QUOTES_PER_SECOND: u64 = 1_000;
const AUTHORIZE_PER_SECOND: u64 = 2_000;

/// How the API is measured.
#[derive(clap::Args)]
pub struct Arguments {
    /// Measure on this PostgreSQL database, which must be empty, instead of SQLite in a temporary folder
    #[arg(long)]
    database_url: Option<String>,
    /// Make the temporary folder in this one, so that a chosen disk is measured
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Seconds of each load that is not a number of events
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Usage events, sent in batches of 1,000
    #[arg(long, default_value_t = 300_000)]
    events: usize,
    /// Connections that send usage
    #[arg(long, default_value_t = 4)]
    connections: usize,
    /// Connections that buy, and clients of pgbench beside it
    #[arg(long, default_value_t = 64)]
    buyers: usize,
    /// Customers, each with one server, and wallets of pgbench beside it
    #[arg(long, default_value_t = 1_000)]
    customers: usize,
    /// Customers whose servers the usage is of
    #[arg(long, default_value_t = 100)]
    metered: usize,
    /// Print JSON instead of tables
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let found = measure(arguments)?;
    match Output::from(arguments.json) {
        Output::Json => println!("{}", serde_json::to_string_pretty(&found.json())?),
        Output::Text => found.print(),
    }
    Ok(ExitCode::SUCCESS)
}

/// Everything that was measured in one run.
struct Found {
    engine: &'static str,
    connections: usize,
    buyers: usize,
    ready: Duration,
    idle_kib: u64,
    quotes: Load,
    authorize: Load,
    usage: Load,
    bare_usage: Load,
    purchases: Load,
    /// Purchases per second that pgbench comes to; PostgreSQL only.
    bare_purchases: Option<f64>,
}

fn measure(arguments: &Arguments) -> Result<Found> {
    let counts = [arguments.customers, arguments.metered, arguments.connections, arguments.buyers];
    ensure!(!counts.contains(&0), "customers, metered, connections and buyers are 1 or more");
    let length = Duration::from_secs(arguments.seconds);
    let place = served::Place::new(arguments.folder.as_deref(), arguments.database_url.as_deref(), &[])?;
    say("starting a server on an empty database and making customers");
    let first = Served::start(&place)?;
    let key = first.first_key()?;
    let customers = loads::customers(first.address, &key, arguments.customers)?;
    first.stop()?;

    say("starting it again: time until it is ready, and memory when nothing happens");
    let served = Served::start(&place)?;
    std::thread::sleep(Duration::from_secs(2));
    let (ready, idle_kib) = (served.ready_after, served.resident_kib()?);
    let load = loads::Against { address: served.address, key: &key, customers: &customers };
    say(&format!("quotes at {QUOTES_PER_SECOND} per second"));
    let quotes = load.quotes(QUOTES_PER_SECOND, length)?;
    say(&format!("\"may this start?\" at {AUTHORIZE_PER_SECOND} per second"));
    let authorize = load.authorize(AUTHORIZE_PER_SECOND, length)?;
    say(&format!("{} usage events in batches of {}", arguments.events, loads::BATCH));
    let metered = &customers[..arguments.metered.clamp(1, customers.len())];
    let events = loads::events(metered, arguments.events);
    let usage = load.usage(&events, arguments.connections)?;
    say("the same events, bare");
    let bare_usage = best::usage(&place, &events, arguments.connections)?;
    drop(events);
    say("purchases: order, pay, deliver");
    let purchases = load.purchases(arguments.buyers, length)?;
    served.stop()?;
    let bare_purchases = best::purchases(&place, arguments.customers, arguments.buyers, length)?;
    Ok(Found {
        engine: place.engine(),
        connections: arguments.connections,
        buyers: arguments.buyers,
        ready,
        idle_kib,
        quotes,
        authorize,
        usage,
        bare_usage,
        purchases,
        bare_purchases,
    })
}

impl Found {
    fn events_per_second(&self) -> f64 {
        self.usage.rate() * loads::BATCH as f64
    }

    fn bare_events_per_second(&self) -> f64 {
        self.bare_usage.rate() * loads::BATCH as f64
    }

    fn print(&self) {
        println!(
            "The API on {}, {} connections that send usage, {} that buy; client and server on one machine\n",
            self.engine, self.connections, self.buyers
        );
        let loads = [
            ("quotes, fixed rate", &self.quotes),
            ("authorize, fixed rate", &self.authorize),
            ("usage, batches", &self.usage),
            ("order + pay + deliver", &self.purchases),
        ];
        let rows: Vec<Vec<String>> = loads.iter().map(|it| cells(it.0, it.1)).collect();
        print(&["", "requests/s", "requests", "p50 ms", "p99 ms", "longest ms"], &rows);
        let ratio = self.events_per_second() / self.bare_events_per_second();
        println!(
            "\n{:.0} usage events/s, durable and deduplicated; a bare bulk insert of the same: {:.0}/s; ratio {ratio:.2}",
            self.events_per_second(),
            self.bare_events_per_second(),
        );
        if let Some(bare) = self.bare_purchases {
            let ratio = self.purchases.rate() / bare;
            println!(
                "{:.0} purchases/s; pgbench does {bare:.0} bare ones; ratio {ratio:.2}",
                self.purchases.rate()
            );
        }
        println!(
            "Ready {} ms after its start on this database; {:.1} MiB when idle",
            self.ready.as_millis(),
            self.idle_kib as f64 / 1_024.0
        );
    }

    fn json(&self) -> Value {
        json!({
            "engine": self.engine,
            "connections": self.connections,
            "buyers": self.buyers,
            "ready_ms": millis(self.ready),
            "idle_kib": self.idle_kib,
            "quotes": figures(&self.quotes),
            "authorize": figures(&self.authorize),
            "usage_batches": figures(&self.usage),
            "usage_events_per_second": self.events_per_second(),
            "bare_usage_events_per_second": self.bare_events_per_second(),
            "purchases": figures(&self.purchases),
            "bare_purchases_per_second": self.bare_purchases,
        })
    }
}

pub(super) fn millis(it: Duration) -> f64 {
    it.as_secs_f64() * 1_000.0
}

pub(super) fn cells(name: &str, load: &Load) -> Vec<String> {
    let time = |it: Duration| format!("{:.2}", millis(it));
    vec![
        name.to_string(),
        format!("{:.0}", load.rate()),
        load.done.to_string(),
        time(load.per_mille(500)),
        time(load.per_mille(990)),
        time(load.longest()),
    ]
}

pub(super) fn figures(load: &Load) -> Value {
    json!({
        "requests": load.done,
        "per_second": load.rate(),
        "p50_ms": millis(load.per_mille(500)),
        "p99_ms": millis(load.per_mille(990)),
        "longest_ms": millis(load.longest()),
    })
}
