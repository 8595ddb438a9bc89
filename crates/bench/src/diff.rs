//! A past month of many customers rated once more by another book: how long it takes, with all that it reads.
//!
//! In:  how many customers, of ten servers each. Out: seconds, and what the month comes to on both sides.
//! Invariant: by the book that held, nothing moves; making the rows is never timed.

use super::city::{City, RESOURCES, demo_book};
use super::print::{Output, print, say};
use anyhow::{Context, Result, ensure};
use billing::book::Book;
use billing::impact::{Asked, Impact, Month};
use billing::settle::AccountCycle;
use desk::{Desk, Refusal, books, impact};
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;
use store::engine::us;
use store::{Store, StoreError, Tx, Value};
use units::AccountId;

const ACCOUNT: &str =
    "insert into accounts (id, name, currency, contract_rate_e8, verified, arrears_since_us, created_us, alert_minor, alert_days)
    values ($1, $2, $3, 100000000, 'yes', null, $4, 0, 0)";
const EVENT: &str = "insert into meter_events (account, resource, number, at_us, state, product, options) values ($1, $2, $3, $4, $5, $6, $7)";
/// Customers that are made and filled in at a time.
const FILL: usize = 10_000;

/// How many.
#[derive(clap::Args)]
pub struct Arguments {
    /// Customers; each has ten servers by the hour
    #[arg(long, default_value_t = 100_000)]
    customers: usize,
    /// Where the database is made; it stays there, for `till pricebook diff --on`
    #[arg(long)]
    data: PathBuf,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
}

pub(super) fn run(of: &Arguments) -> Result<ExitCode> {
    std::fs::create_dir_all(&of.data).with_context(|| format!("making {}", of.data.display()))?;
    let file = of.data.join("till.db");
    ensure!(!file.exists(), "{} is there already; name another folder with --data", file.display());
    let (city, store) = (City::new()?, Store::embedded(&file)?);
    fill(&city, &store, of.customers)?;
    let desk = store.read(Desk::open)?;
    let month = Month::of(&desk.calendar, city.run.cycle.from)?;
    let from = city.run.cycle.from;
    let own = desk.book(desk.currency(from)?, from)?.clone();
    let asked = |after: Arc<Book>| Asked { month: month.clone(), before: None, after, most: impact::MOST };
    let (same, seconds_same) = timed(&store, &desk, &asked(own))?;
    ensure!(
        same.hit() == 0 && same.failed == 0,
        "the book that held moves something, or somebody was not rated"
    );
    let (found, seconds) = timed(&store, &desk, &asked(dearer()?))?;
    ensure!(found.sides.before_e8 == same.sides.before_e8, "two rounds came to something else");
    let [before, after, _] = found.sides.amounts(found.currency);
    let (before, after) = (before.round()?.to_string(), after.round()?.to_string());
    let resources = of.customers as u64 * RESOURCES;
    match Output::from(of.json) {
        Output::Json => {
            let told = json!({
                "customers": of.customers, "resources": resources, "seconds_same_book": seconds_same, "seconds": seconds,
                "hit": found.hit(), "before": before, "after": after, "threads": rayon::current_num_threads(),
            });
            println!("{}", serde_json::to_string_pretty(&told)?);
        }
        Output::Text => {
            println!("A month by another book, out of SQLite, {} threads\n", rayon::current_num_threads());
            let cells = [
                of.customers.to_string(),
                resources.to_string(),
                format!("{seconds_same:.2}"),
                format!("{seconds:.2}"),
                found.hit().to_string(),
                before,
                after,
            ];
            let columns =
                ["customers", "resources", "same book s", "dearer book s", "hit", "before", "after"];
            print(&columns, &[cells.to_vec()]);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn timed(store: &Store, desk: &Desk, asked: &Asked) -> Result<(Impact, f64), Refusal> {
    say(&format!("rating {} by {}", asked.month.name, asked.after.name));
    let (start, mut after) = (Instant::now(), String::new());
    let mut found = Impact::none(asked);
    while let Some(part) = store.report(|tx| impact::part(tx, desk, asked, &after))? {
        found.merge(part.impact);
        after = part.after;
    }
    Ok((found, start.elapsed().as_secs_f64()))
}

/// The demo book with other prices of bandwidth: a third of the servers is charged otherwise.
fn dearer() -> Result<Arc<Book>> {
    let (mut files, table) = (demo_book()?, "tables/bandwidth_hour.csv");
    let text = files.get(table).context("the demo book has prices of bandwidth")?;
    let changed = text.replace(",0.063,", ",0.0693,");
    ensure!(changed != text, "bandwidth costs 0.063 in the demo book");
    files.add(table, &changed);
    let read = pricebook::load(&files, None);
    Ok(Arc::new(read.map_err(|problems| anyhow::anyhow!("{problems:?}"))?))
}

fn fill(city: &City, store: &Store, customers: usize) -> Result<()> {
    let book = demo_book()?;
    store.write(|tx| books::apply(tx, &book, None, city.run.cycle.from))?;
    for first in (0..customers).step_by(FILL) {
        let last = customers.min(first + FILL);
        say(&format!("filling the database: {last} of {customers} customers"));
        let made = city.accounts(first..last)?;
        store.write(|tx| fill_in(tx, city, &made))?;
    }
    Ok(())
}

/// Customers whose servers were born as long before as their tier clocks show.
fn fill_in(tx: &mut Tx<'_>, city: &City, made: &[AccountCycle]) -> Result<(), StoreError> {
    let mut accounts: Vec<[Value<'_>; 4]> = Vec::with_capacity(made.len());
    let mut events: Vec<[Value<'_>; 7]> = Vec::with_capacity(made.len() * RESOURCES as usize);
    for it in made {
        let id = it.wallet.account();
        let text = id.to_string();
        let currency = it.wallet.currency().as_str();
        accounts.push([text.clone().into(), text.into(), currency.into(), us(city.run.cycle.from).into()]);
        events.extend(lives(city, id, it));
    }
    tx.many(ACCOUNT, &accounts)?;
    tx.many(EVENT, &events)?;
    Ok(())
}

fn lives<'a>(city: &'a City, account: AccountId, of: &AccountCycle) -> Vec<[Value<'a>; 7]> {
    let born = of.openings.iter().map(|it| {
        let at = it.since.saturating_sub_unsigned(it.clock);
        (it.resource, 0, at, it.state, it.config)
    });
    let changed = of.changes.iter().zip(1_i64..);
    let changed = changed.map(|(it, number)| (it.resource, number, it.at, it.state, it.config));
    let row = |(resource, number, at, state, config): (units::ResourceId, i64, i64, _, _)| {
        let state: billing::resource::State = state;
        let config = city.configs.get(config);
        [
            account.to_string().into(),
            resource.to_string().into(),
            number.into(),
            (at * 1_000_000).into(),
            state.as_str().into(),
            config.product.as_str().into(),
            config.options.to_string().into(),
        ]
    };
    born.chain(changed).map(row).collect()
}
