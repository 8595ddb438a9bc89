//! Settlement into SQLite: the real run with its books, against bare inserts of the rows that it wrote.
//!
//! In:  how many accounts. Out: both times, their ratio, and the peak memory of the run.
//! Invariant: the run is a process of its own that only opens the file, so that its memory is its own.

use super::city::{City, RESOURCES};
use super::print::say;
use anyhow::{Context, Result, ensure};
use desk::{self, Desk, settle};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
use store::Store;

/// Accounts that are made and filled in at a time.
const FILL: usize = 10_000;

pub(super) struct Measured {
    accounts: usize,
    bills: u64,
    rows: u64,
    settle: f64,
    bare: f64,
    pub peak_mib: f64,
}

/// A folder that is gone when it is dropped.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // Nothing depends on it: a folder that stays is only in the way.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(super) fn measure(accounts: usize) -> Result<Measured> {
    let folder = std::env::temp_dir().join(format!("till-bench-{}-{accounts}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
    let folder = Folder(folder);
    let (file, copy) = (folder.0.join("till.db"), folder.0.join("copy.db"));
    let city = City::new()?;
    fill(&city, &Store::embedded(&file)?, accounts)?;
    say(&format!("settling {accounts} accounts in {}", file.display()));
    let program = std::env::current_exe().context("finding this program")?;
    let child = Command::new(program)
        .args(["bench", "settle-file"])
        .arg(&file)
        .stderr(Stdio::inherit())
        .output()
        .context("starting the run")?;
    ensure!(child.status.success(), "the run failed");
    let run: Value = serde_json::from_slice(&child.stdout).context("reading what the run printed")?;
    let number = |name: &str| run[name].as_f64().with_context(|| format!("the run printed no `{name}`"));
    let (settle, bills, peak) = (number("seconds")?, number("bills")?, number("peak_kib")?);
    ensure!(number("set_aside")? == 0.0, "accounts were set aside");
    say(&format!("settled in {settle:.2} s; the same rows once more, bare"));
    drop(Store::embedded(&copy)?);
    let copied = super::bare::copy(&file, &copy, &city.run.cycle, settle::BATCH)?;
    Ok(Measured {
        accounts,
        bills: bills as u64,
        rows: copied.rows,
        settle,
        bare: copied.time.as_secs_f64(),
        peak_mib: peak / 1024.0,
    })
}

/// Fills an empty database with accounts that wait for the hour.
pub(super) fn fill(city: &City, store: &Store, accounts: usize) -> Result<()> {
    let book = super::city::demo_book()?;
    store.write(|tx| desk::books::apply(tx, &book, None, city.run.cycle.from))?;
    for first in (0..accounts).step_by(FILL) {
        let last = accounts.min(first + FILL);
        say(&format!("filling the database: {last} of {accounts} accounts"));
        let made = city.accounts(first..last)?;
        store.write(|tx| super::rows::fill(tx, &made, &city.configs, &city.run.cycle))?;
    }
    Ok(())
}

/// The run itself, on a database that is filled.
pub(super) fn settle_file(path: &Path) -> Result<Value> {
    let run = City::new()?.run;
    let store = Store::embedded(path)?;
    let desk = store.read(Desk::open)?;
    let start = Instant::now();
    let outcome = settle::run(&store, &desk, run, settle::BATCH)?;
    let seconds = start.elapsed().as_secs_f64();
    Ok(json!({
        "seconds": seconds,
        "accounts": outcome.accounts,
        "bills": outcome.bills,
        "set_aside": outcome.set_aside,
        "peak_kib": peak_kib()?,
    }))
}

/// The most memory that this process ever had.
fn peak_kib() -> Result<u64> {
    let status =
        std::fs::read_to_string("/proc/self/status").context("reading the peak memory (Linux only)")?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:")).context("no VmHWM")?;
    line.trim().trim_end_matches("kB").trim().parse().context("reading VmHWM")
}

impl Measured {
    fn ratio(&self) -> f64 {
        self.settle / self.bare
    }

    pub fn cells(&self) -> Vec<String> {
        vec![
            format!("{} resources", self.accounts as u64 * RESOURCES),
            self.bills.to_string(),
            self.rows.to_string(),
            format!("{:.2}", self.settle),
            format!("{:.2}", self.bare),
            format!("{:.2}", self.ratio()),
            format!("{:.0}", self.peak_mib),
        ]
    }

    pub fn json(&self) -> Value {
        json!({
            "accounts": self.accounts,
            "resources": self.accounts as u64 * RESOURCES,
            "bills": self.bills,
            "rows": self.rows,
            "settle_seconds": self.settle,
            "bare_insert_seconds": self.bare,
            "ratio": self.ratio(),
            "peak_mib": self.peak_mib,
        })
    }
}
