//! `till audit`: anchors of the audit log, to be kept where nobody who writes to the database gets at them.
//!
//! In:  the books, the installation's key. Out: an anchor in a file, at a webhook's address, or on standard output.
//! Invariant: a file is written whole or not at all, and never over another one.

use super::files::{self, Place};
use super::installation::KeyFile;
use super::output::Output;
use anyhow::{Context, Result, bail};
use clap::Subcommand;
use desk::anchor::Anchor;
use providers::webhook::{Message, Reach, Sender, Verdict};
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Sign the ends of all chains of the audit log: `till verify --anchor FILE` proves everything up to there
    Anchor {
        /// The file to write, which must not be there yet (default: standard output)
        #[arg(long)]
        out: Option<PathBuf>,
        /// Send it to this address too, as a POST
        #[arg(long)]
        url: Option<String>,
        #[command(flatten)]
        key: KeyFile,
        #[command(flatten)]
        place: Place,
        /// Print what was written as JSON instead of text
        #[arg(long, requires = "out")]
        json: bool,
    },
}

pub(crate) fn run(command: Command) -> Result<ExitCode> {
    let Command::Anchor { out, url, key, place, json } = command;
    let store = place.open()?;
    let key = key.of_books(place.embedded(), &store)?;
    let now = store.write(files::now)?;
    let anchor = store.report(|tx| Anchor::make(tx, &key, now))?;
    if let Some(url) = &url {
        send(&anchor, url)?;
    }
    match &out {
        Some(path) => {
            write(path, &anchor.text())?;
            print(&anchor, path, Output::from(json))?;
        }
        None => print!("{}", anchor.text()),
    }
    Ok(ExitCode::SUCCESS)
}

fn write(path: &Path, text: &str) -> Result<()> {
    let says = || format!("writing the anchor to {}", path.display());
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path).with_context(says)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).with_context(says)
}

/// Sends an anchor once. It bears its own signature, so no secret of a webhook signs it. Errors: it did not arrive.
fn send(anchor: &Anchor, url: &str) -> Result<()> {
    let sender = Sender::new(Reach::Anywhere).context("setting up the sending")?;
    let (id, body) = (format!("anchor_{}", anchor.digest()), anchor.text());
    let message = Message { url, secrets: &[], owner: "operator", id: &id, body: &body, trace: None };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcome = runtime.block_on(sender.send(message, Reach::Anywhere));
    match outcome.verdict() {
        Verdict::Delivered => Ok(()),
        Verdict::Gone | Verdict::Failed => bail!("the anchor did not reach {url}: {}", outcome.error),
    }
}

fn print(it: &Anchor, path: &Path, output: Output) -> Result<()> {
    match output {
        Output::Json => {
            let shown = json!({
                "file": path, "at": it.at.to_string(), "chains": it.chains.len(), "digest": it.digest(),
                "public_key": it.public_key,
            });
            println!("{}", serde_json::to_string_pretty(&shown)?);
        }
        Output::Text | Output::Quiet => {
            let (chains, digest) = (it.chains.len(), it.digest());
            println!(
                "{chains} chains are anchored in {}, digest {digest}, by {}",
                path.display(),
                it.public_key
            );
            println!(
                "keep it where nobody who writes to the database gets at it; later: till verify --anchor FILE"
            );
        }
    }
    Ok(())
}
