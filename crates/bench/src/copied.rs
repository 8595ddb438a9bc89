//! Settlement into PostgreSQL: the real run with its books, against a COPY of the rows that it wrote.
//!
//! In:  an empty database, how many accounts, how many hands. Out: both times and their ratio.
//! Invariant: the copies go into empty tables with the same keys and indexes, batch by batch, and know nothing of billing.

use super::bare::{Copied, WRITTEN, Written};
use super::city::{City, RESOURCES};
use super::print::say;
use anyhow::{Context, Result, anyhow, ensure};
use desk::jobs::{Step, Taker};
use desk::settle::{self, Outcome};
use desk::{Desk, Refusal};
use postgres::{Client, NoTls};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use store::Store;
use store::engine::us;
use units::Timestamp;

/// How long a hand without work waits before it looks again.
const PAUSE: Duration = Duration::from_millis(2);
/// Rows wait in memory of this size before they are sent.
const BUFFER: usize = 1 << 20;

/// What is measured: an empty database, how many accounts settled by how many hands.
pub(super) struct Wanted<'a> {
    pub url: &'a str,
    pub accounts: usize,
    pub hands: usize,
}

pub(super) struct Measured {
    accounts: usize,
    hands: usize,
    bills: usize,
    rows: u64,
    settle: f64,
    copy: f64,
}

pub(super) fn measure(wanted: &Wanted<'_>) -> Result<Measured> {
    let Wanted { url, accounts, hands } = *wanted;
    ensure!(hands > 0, "--hands is 1 or more");
    let (city, store) = (City::new()?, Store::postgres(url)?);
    let there =
        store.read(|tx| tx.one("select count(*) from accounts", &[], "accounts", |row| row.int(0)))?;
    ensure!(there == 0, "the database of --database-url has {there} accounts: name an empty one");
    super::stored::fill(&city, &store, accounts)?;
    let desk = store.read(Desk::open)?;
    let posted = desk::later(city.run.cycle.to, desk.settlement_delay_seconds);
    say(&format!("settling {accounts} accounts with {hands} hands"));
    let start = Instant::now();
    let outcome = settled(&store, &desk, posted, hands)?;
    let settle = start.elapsed().as_secs_f64();
    ensure!(outcome.set_aside == 0, "accounts were set aside");
    ensure!(outcome.accounts == accounts, "{} of {accounts} accounts were settled", outcome.accounts);
    say(&format!("settled in {settle:.2} s; the same rows once more, by COPY"));
    let copied = copy(url, us(posted), city.run.cycle.from.as_second())?;
    let (rows, copy) = (copied.rows, copied.time.as_secs_f64());
    Ok(Measured { accounts, hands, bills: outcome.bills, rows, settle, copy })
}

/// What a hand of a run looks for: nothing more, or accounts to settle.
type Looked = Result<Option<store::runs::Range>, Refusal>;

/// Settles what waits, one hand leading and the others helping it, each on a connection of its own.
fn settled(store: &Store, desk: &Desk, posted: Timestamp, hands: usize) -> Result<Outcome> {
    let over = AtomicBool::new(false);
    let names: Vec<String> = (0..hands).map(|it| format!("hand {it}")).collect();
    let works = |name: &str, look: fn(&Store, &Taker<'_>, &AtomicBool) -> Looked| -> Result<Outcome> {
        let (mut sum, taker) = (Outcome::default(), || taker(desk, posted, name));
        while !over.load(Ordering::Relaxed) {
            let looked = look(store, &taker(), &over);
            let Some(range) = looked.inspect_err(|_| over.store(true, Ordering::Relaxed))? else {
                std::thread::sleep(PAUSE);
                continue;
            };
            let one = store.write(|tx| taker().settle(tx, &range));
            let one = one.inspect_err(|_| over.store(true, Ordering::Relaxed))?.unwrap_or_default();
            sum.accounts += one.accounts;
            sum.bills += one.bills;
            sum.set_aside += one.set_aside;
        }
        Ok(sum)
    };
    let each = std::thread::scope(|scope| {
        let (leader, others) = names.split_first().context("no hand")?;
        let others: Vec<_> = others.iter().map(|name| scope.spawn(|| works(name, helping))).collect();
        let mut each = vec![works(leader, leading)];
        for it in others {
            each.push(it.join().map_err(|_| anyhow!("a hand panicked"))?);
        }
        each.into_iter().collect::<Result<Vec<_>>>()
    })?;
    Ok(each.iter().fold(Outcome::default(), |sum, it| Outcome {
        accounts: sum.accounts + it.accounts,
        bills: sum.bills + it.bills,
        set_aside: sum.set_aside + it.set_aside,
    }))
}

fn taker<'a>(desk: &'a Desk, posted: Timestamp, name: &'a str) -> Taker<'a> {
    Taker { at: desk.at(posted), name, now: Timestamp::now(), size: settle::BATCH }
}

fn leading(store: &Store, taker: &Taker<'_>, over: &AtomicBool) -> Looked {
    match store.write(|tx| taker.lead(tx))? {
        Step::Settle(range) => Ok(Some(range)),
        Step::OthersAtIt => Ok(None),
        Step::Done => {
            over.store(true, Ordering::Relaxed);
            Ok(None)
        }
    }
}

fn helping(store: &Store, taker: &Taker<'_>, _: &AtomicBool) -> Looked {
    store.write(|tx| taker.help(tx))
}

/// Which rows are the work of a run: of accounts above `after` and up to `last`.
struct Bounds {
    after: String,
    last: String,
    posted_us: i64,
    /// The second in which the cycle began.
    begun: i64,
}

/// Copies what a run wrote into empty tables of the same form, one transaction per batch. Only what goes in is timed.
fn copy(url: &str, posted_us: i64, begun: i64) -> Result<Copied> {
    let mut client = Client::connect(url, NoTls)?;
    client.batch_execute("drop schema if exists bench_copy cascade; create schema bench_copy")?;
    for Written { table, .. } in &WRITTEN {
        client.batch_execute(&format!("create table bench_copy.{table} (like {table} including all)"))?;
    }
    let (mut copied, mut after) = (Copied::default(), String::new());
    loop {
        let last: Option<String> = client
            .query_one(
                "select max(account) from (select account from wallets where account > $1 order by account limit $2) w",
                &[&after, &settle::BATCH],
            )?
            .get(0);
        let Some(last) = last else { return Ok(copied) };
        let bounds = Bounds { after, last, posted_us, begun };
        let read = WRITTEN.iter().map(|it| rows(&mut client, it, &bounds));
        let read: Vec<Vec<u8>> = read.collect::<Result<_>>()?;
        let start = Instant::now();
        let mut tx = client.transaction()?;
        for (Written { table, .. }, rows) in WRITTEN.iter().zip(&read) {
            let mut into = tx.copy_in(&format!("copy bench_copy.{table} from stdin (format binary)"))?;
            for some in rows.chunks(BUFFER) {
                into.write_all(some)?;
            }
            copied.rows += into.finish()?;
        }
        tx.commit()?;
        copied.time += start.elapsed();
        after = bounds.last;
    }
}

/// The rows of one table that a run wrote, as COPY gives them.
fn rows(client: &mut Client, it: &Written, bounds: &Bounds) -> Result<Vec<u8>> {
    let Written { table, rows } = it;
    let [after, last] = [&bounds.after, &bounds.last].map(|it| format!("'{it}'"));
    let places = [after.clone(), last.clone(), bounds.posted_us.to_string(), bounds.begun.to_string()];
    let of = (1..).zip(&places).fold(rows.to_string(), |of, (at, it)| of.replace(&format!("?{at}"), it));
    let mut found = Vec::new();
    client
        .copy_out(&format!(
            "copy (select * from {table} where account > {after} and account <= {last} and {of}) to stdout (format binary)"
        ))?
        .read_to_end(&mut found)?;
    Ok(found)
}

impl Measured {
    fn ratio(&self) -> f64 {
        self.settle / self.copy
    }

    pub fn cells(&self) -> Vec<String> {
        vec![
            format!("{} resources", self.accounts as u64 * RESOURCES),
            self.hands.to_string(),
            self.bills.to_string(),
            self.rows.to_string(),
            format!("{:.2}", self.settle),
            format!("{:.2}", self.copy),
            format!("{:.2}", self.ratio()),
        ]
    }

    pub fn json(&self) -> Value {
        json!({
            "accounts": self.accounts,
            "resources": self.accounts as u64 * RESOURCES,
            "hands": self.hands,
            "bills": self.bills,
            "rows": self.rows,
            "settle_seconds": self.settle,
            "copy_seconds": self.copy,
            "ratio": self.ratio(),
        })
    }
}
