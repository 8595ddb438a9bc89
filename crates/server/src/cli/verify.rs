//! `till verify`: audits the books.

use super::files::Place;
use super::output::Output;
use anyhow::Result;
use desk::{Desk, audit};
use std::process::ExitCode;

pub(crate) fn run(place: &Place, output: Output) -> Result<ExitCode> {
    let store = place.open()?;
    let desk = store.read(Desk::open)?;
    let audit = store.report(|tx| audit::audit(tx, &desk))?;
    if output == Output::Json {
        let value = serde_json::json!({
            "ok": audit.differences.is_empty(), "accounts": audit.accounts, "bills": audit.bills, "lines": audit.lines,
            "journal_entries": audit.journal, "older_rules": audit.older, "differences": audit.differences,
        });
        println!("{}", serde_json::to_string_pretty(&value)?);
    } else {
        println!("{} accounts, {} bills, {} lines recomputed.", audit.accounts, audit.bills, audit.lines);
        println!("{} entries of the audit log hashed again.", audit.journal);
        for bill in &audit.older {
            println!("made by an older rule, not recomputed: {bill}");
        }
        for it in store.read(|tx| store::settlements::aside(tx).map_err(desk::Refusal::from))? {
            println!(
                "set aside, not settled from {}: {}: {}",
                desk.calendar.print(it.from),
                it.account,
                it.reason
            );
        }
        for difference in &audit.differences {
            println!("DIFFERS: {difference}");
        }
        if audit.differences.is_empty() {
            println!(
                "The books are right: events, bills, lines, ledger, wallets, freezes, packs and the audit log agree."
            );
        }
    }
    Ok(if audit.differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
