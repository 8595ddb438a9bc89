//! What the same engine does at best with rows like ours: bare inserts of usage, bare purchases by pgbench.
//!
//! In:  the place of the books, the events that were sent. Out: their rates.
//! Invariant: it runs in the same run on the same engine, disk and number of connections as what it is compared with.

use super::bare;
use super::loads::Events;
use crate::pace::{self, Load, Pace};
use crate::print::say;
use crate::served::Place;
use anyhow::{Context, Result, ensure};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;
use store::{Store, Value};

/// Where Debian puts the programs of each version: not all are on PATH.
const DEBIAN: &str = "/usr/lib/postgresql";

/// Inserts the events into a table of their own, a transaction for each batch.
pub(super) fn usage(place: &Place, events: &Events, connections: usize) -> Result<Load> {
    let store = match &place.database_url {
        Some(url) => Store::postgres(url)?,
        None => Store::embedded(&place.folder.join("bare.db"))?,
    };
    store.write(|tx| bare::usage_table(tx, place.database_url.as_deref()))?;
    let store = &store;
    let at = events.at.as_microsecond();
    pace::run(Pace::Count(events.batches.len() as u64), connections, |_| {
        Ok(move |number: u64| {
            let row = |it: &super::loads::Event| -> [Value<'_>; 9] {
                let (account, resource) = &events.customers[it.customer];
                [
                    "/bench".into(),
                    it.id.clone().into(),
                    account.as_str().into(),
                    resource.as_str().into(),
                    "traffic_out".into(),
                    at.into(),
                    i64::try_from(it.quantity).unwrap_or(i64::MAX).into(),
                    "".into(),
                    at.into(),
                ]
            };
            let rows: Vec<[Value<'_>; 9]> = events.batches[number as usize].iter().map(row).collect();
            let added = store.write(|tx| bare::usage(tx, &rows))?;
            ensure!(added == rows.len() as u64, "of {} rows {added} were inserted", rows.len());
            Ok(())
        })
    })
}

/// Purchases per second that pgbench comes to; nothing on SQLite.
pub(super) fn purchases(
    place: &Place,
    wallets: usize,
    connections: usize,
    length: Duration,
) -> Result<Option<f64>> {
    let Some(url) = &place.database_url else { return Ok(None) };
    say("bare purchases by pgbench");
    let program = pgbench().context("there is no pgbench; Debian has it in the package postgresql")?;
    bare::purchase_tables(url, wallets)?;
    let script = place.folder.join("purchase.sql");
    std::fs::write(&script, bare::purchase_script(wallets))?;
    let output = Command::new(program)
        .args(["--no-vacuum", "--protocol", "prepared", "--client", &connections.to_string()])
        .args(["--jobs", &connections.min(2).to_string(), "--time", &length.as_secs().max(1).to_string()])
        .arg("--file")
        .arg(&script)
        .arg(url)
        .output()
        .context("starting pgbench")?;
    ensure!(output.status.success(), "pgbench failed: {}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8_lossy(&output.stdout);
    rate(&printed).with_context(|| format!("pgbench printed no rate:\n{printed}")).map(Some)
}

fn pgbench() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let debian = std::fs::read_dir(DEBIAN).into_iter().flatten().flatten().map(|it| it.path().join("bin"));
    let folders: Vec<PathBuf> = std::env::split_paths(&path).chain(debian).collect();
    folders.into_iter().map(|it| it.join("pgbench")).find(|it| it.is_file())
}

/// `tps = 1234.5 (without initial connection time)`.
fn rate(printed: &str) -> Option<f64> {
    let line = printed.lines().find_map(|it| it.strip_prefix("tps = "))?;
    line.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_rate_of_pgbench_is_read() {
        let printed = "number of clients: 4\ntps = 1234.500000 (without initial connection time)\n";
        assert_eq!(super::rate(printed), Some(1234.5));
        assert_eq!(super::rate("nothing"), None);
    }
}
