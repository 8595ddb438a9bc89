//! `till verify`: audits the books, alone or against an anchor.

use super::files::Place;
use super::installation::{self, KeyFile};
use super::output::Output;
use anyhow::{Context, Result};
use desk::anchor::Anchor;
use desk::audit::Audit;
use desk::{Desk, Refusal, audit};
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;
use store::Store;

/// What the books are held against.
#[derive(clap::Args)]
pub(crate) struct Against {
    /// An anchor that `till audit anchor` wrote: everything up to it is proved
    #[arg(long)]
    anchor: Option<PathBuf>,
    /// The public half of the key that signed the anchor (default: of the installation's key where it is at hand, else
    /// what the books say; or of one before it that it stands for)
    #[arg(long, requires = "anchor")]
    public_key: Option<String>,
    #[command(flatten)]
    key: KeyFile,
}

pub(crate) fn run(place: &Place, against: &Against, output: Output) -> Result<ExitCode> {
    let store = place.open()?;
    let desk = store.read(Desk::open)?;
    let mut audit = store.report(|tx| audit::audit(tx, &desk))?;
    let anchored = against.anchored(place, &store)?;
    if let Some((anchor, _)) = &anchored {
        audit.differences.extend(store.report(|tx| anchor.differences(tx))?);
    }
    match output {
        Output::Json => println!("{}", serde_json::to_string_pretty(&shown(&audit, anchored.as_ref()))?),
        Output::Text | Output::Quiet => print(&audit, anchored.as_ref(), &store, &desk)?,
    }
    Ok(if audit.differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Against {
    /// The anchor, and by whose word it is one. Errors: it is not signed by that key.
    fn anchored(&self, place: &Place, store: &Store) -> Result<Option<(Anchor, String)>> {
        let Some(path) = &self.anchor else { return Ok(None) };
        let says = || format!("the anchor in {}", path.display());
        let anchor = Anchor::parse(&std::fs::read_to_string(path).with_context(says)?).with_context(says)?;
        if let Some(public) = &self.public_key {
            anchor.check_signature(public).with_context(says)?;
            return Ok(Some((anchor, public.clone())));
        }
        let at_hand = self.key.find(place.embedded())?.map(|it| it.public());
        let present = match at_hand {
            Some(public) => public,
            None => installation::public(store)?.context(
                "these books have no installation's key; name the one that signed with --public-key",
            )?,
        };
        let publics = store.read(|tx| desk::installation::publics(tx, &present))?;
        let signed_by = anchor.signed_by_one_of(&publics).with_context(says)?;
        Ok(Some((anchor, signed_by)))
    }
}

fn shown(audit: &Audit, anchored: Option<&(Anchor, String)>) -> serde_json::Value {
    let anchor = anchored.map(|(it, public)| {
        json!({"at": it.at.to_string(), "chains": it.chains.len(), "digest": it.digest(), "public_key": public})
    });
    json!({
        "ok": audit.differences.is_empty(), "accounts": audit.accounts, "bills": audit.bills, "lines": audit.lines,
        "journal_entries": audit.journal, "fact_entries": audit.facts, "older_rules": audit.older,
        "anchor": anchor, "differences": audit.differences,
    })
}

fn print(audit: &Audit, anchored: Option<&(Anchor, String)>, store: &Store, desk: &Desk) -> Result<()> {
    println!("{} accounts, {} bills, {} lines recomputed.", audit.accounts, audit.bills, audit.lines);
    println!(
        "{} entries of the audit log hashed again, and {} of what they made of the books.",
        audit.journal, audit.facts
    );
    if let Some((anchor, public)) = anchored {
        println!(
            "{} chains held against the anchor of {}, signed by {public}.",
            anchor.chains.len(),
            anchor.at
        );
    }
    for bill in &audit.older {
        println!("made by an older rule, not recomputed: {bill}");
    }
    for it in store.read(|tx| store::settlements::aside(tx).map_err(Refusal::from))? {
        let from = desk.calendar.print(it.from);
        println!("set aside, not settled from {from}: {}: {}", it.account, it.reason);
    }
    for difference in &audit.differences {
        println!("DIFFERS: {difference}");
    }
    if audit.differences.is_empty() {
        println!(
            "The books are right: events, bills, lines, ledger, wallets, freezes, packs and the audit log agree."
        );
    }
    Ok(())
}
