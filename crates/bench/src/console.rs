//! `till bench console`: how long pages take and how much goes over the wire, measured by this process on a server of its own.
//!
//! In:  how many accounts, resources and months. Out: times and sizes of every page, for the largest customer and an operator.
//! Invariant: the first resources and bills are made by the product; the others are their copies under other ids.

mod city;
mod visitor;

use super::api::{cells, figures};
use super::http::{Connection, Request};
use super::pace::{self, Load, Pace};
use super::print::{Output, print, say};
use super::served::{Place, Served};
use anyhow::{Context, Result, bail, ensure};
use city::City;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use visitor::Visitor;

/// The longest wait for sums of bills.
const ROLLED_UP_WITHIN: Duration = Duration::from_secs(600);

/// How pages are measured.
#[derive(clap::Args)]
pub struct Arguments {
    /// Customers
    #[arg(long, default_value_t = 10_000)]
    accounts: usize,
    /// Resources of all customers
    #[arg(long, default_value_t = 100_000)]
    resources: usize,
    /// Resources of the customer whose pages are measured
    #[arg(long, default_value_t = 5_000)]
    largest: usize,
    /// Months with a bill of each resource
    #[arg(long, default_value_t = 12)]
    months: usize,
    /// Times that each page is asked for
    #[arg(long, default_value_t = 200)]
    times: u64,
    /// Make the temporary folder in this one, so that a chosen disk is measured
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Print JSON instead of tables
    #[arg(long)]
    json: bool,
}

/// One page.
struct Measured {
    name: String,
    load: Load,
    /// Bytes of the page as it goes over the wire, compressed.
    bytes: usize,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let Arguments { accounts, resources, largest, months, times, .. } = *arguments;
    ensure!(
        largest >= 2 && resources >= largest && accounts >= 2 && months >= 1 && times >= 1,
        "too few of something"
    );
    let place = Place::new(arguments.folder.as_deref(), None, &["--test-clock", city::BEGIN])?;
    say("starting a server on an empty database and buying the first things");
    let first = Served::start(&place)?;
    let (key, link) = (first.first_key()?, first.first_link()?);
    Visitor::new(&first).accept(&link)?;
    let template = city::bought(&first, &key)?;
    first.stop()?;
    let city = City { accounts, resources, largest, months };
    let database = place.folder.join("till.db");
    city.fill(&database, &template)?;
    let size = std::fs::metadata(&database).context("the size of the database")?.len();

    let served = Served::start(&place)?;
    rolled_up(&served, &key)?;
    let mut found = Vec::new();
    let mut visitor = Visitor::new(&served);
    visitor.sign_in()?;
    for (name, path) in of_operator() {
        found.push(measured(&mut visitor, name, path, times)?);
    }
    visitor.act_for(&template.account)?;
    for (name, path) in template.pages() {
        found.push(measured(&mut visitor, name, &path, times)?);
    }
    visitor.part = Some("price");
    found.push(measured(&mut visitor, "the price alone", city::CHOSEN, times)?);
    visitor.part = None;
    let assets: usize = ["/console.css", "/console.js"]
        .iter()
        .map(|it| Ok(visitor.get(it)?.body.len()))
        .sum::<Result<usize>>()?;
    served.stop()?;
    match Output::from(arguments.json) {
        Output::Json => println!("{}", serde_json::to_string_pretty(&as_json(&city, &found, assets, size))?),
        Output::Text => shown(&city, &found, assets, size),
    }
    Ok(ExitCode::SUCCESS)
}

/// Waits until the server has added up the bills of everybody: it does so long before anybody looks at a year of them.
fn rolled_up(served: &Served, key: &str) -> Result<()> {
    say("waiting until bills are rolled up");
    let mut connection = Connection::open(served.address)?;
    let request = Request::get("/metrics", key);
    let begun = Instant::now();
    while begun.elapsed() < ROLLED_UP_WITHIN {
        let text = connection.send(&request)?.good()?.body;
        let text = String::from_utf8(text).context("reading metrics")?;
        if text.lines().any(|it| it == "till_job_late_seconds{job=\"bill_sums\"} 0") {
            say(&format!("it took {:.1} s", begun.elapsed().as_secs_f64()));
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    bail!("bills were not rolled up in {} s", ROLLED_UP_WITHIN.as_secs())
}

/// The pages of an operator.
fn of_operator() -> Vec<(&'static str, &'static str)> {
    vec![
        ("operator: home", "/operator"),
        ("operator: customers", "/operator/customers"),
        ("operator: customers found", "/operator/customers?q=customer+77"),
        ("operator: orders", "/operator/orders"),
        ("operator: arrears", "/operator/arrears"),
        ("operator: revenue", "/operator/revenue"),
        ("operator: settlement", "/operator/settlement"),
        ("operator: audit log", "/operator/audit"),
    ]
}

fn measured(visitor: &mut Visitor, name: &str, path: &str, times: u64) -> Result<Measured> {
    say(&format!("asking for {path}"));
    let first = visitor.get(path)?;
    ensure!(first.status == 200, "{path} is answered with {}", first.status);
    let (request, bytes) = (visitor.request(path, None), first.body.len());
    let load = pace::run(Pace::Count(times), 1, |_| {
        let mut connection = visitor.connection()?;
        let request = request.clone();
        Ok(move |_| {
            let answer = connection.send(&request)?;
            ensure!(answer.status == 200, "a page is answered with {}", answer.status);
            Ok(())
        })
    })?;
    Ok(Measured { name: name.to_string(), load, bytes })
}

fn shown(city: &City, found: &[Measured], assets: usize, size: u64) {
    println!(
        "Pages of a database with {} customers, {} resources ({} of one), {} months of bills: {:.0} MB\n",
        city.accounts,
        city.resources,
        city.largest,
        city.months,
        size as f64 / 1e6
    );
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(|it| [cells(&it.name, &it.load), vec![format!("{:.1}", it.bytes as f64 / 1e3)]].concat())
        .collect();
    print(&["", "pages/s", "pages", "p50 ms", "p99 ms", "longest ms", "kB compressed"], &rows);
    println!("\nStyle and script: {:.1} kB compressed, asked for once.", assets as f64 / 1e3);
}

fn as_json(city: &City, found: &[Measured], assets: usize, size: u64) -> Value {
    let pages: serde_json::Map<String, Value> = found
        .iter()
        .map(|it| {
            let mut all = figures(&it.load);
            all["bytes"] = it.bytes.into();
            (it.name.clone(), all)
        })
        .collect();
    json!({
        "accounts": city.accounts, "resources": city.resources, "largest": city.largest, "months": city.months,
        "database_bytes": size, "assets_bytes": assets, "pages": pages,
    })
}
