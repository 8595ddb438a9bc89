//! `till audit`: anchors of the audit log, to be kept where nobody who writes to the database gets at them.
//!
//! In:  the books, the installation's key. Out: an anchor in a file, at a webhook's address, or on standard output.
//! Invariant: a file is written whole or not at all, and never over another one.

use super::files::{self, Place};
use super::installation::KeyFile;
use super::output::Output;
use crate::anchors;
use anyhow::Result;
use clap::Subcommand;
use desk::anchor::{self, Anchor};
use serde_json::json;
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
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(anchors::send(&anchor, url))?;
    }
    match &out {
        Some(path) => {
            anchors::write(path, &anchor.text())?;
            print(&anchor, path, Output::from(json))?;
        }
        None => print!("{}", anchor.text()),
    }
    store.write(|tx| anchor::made(tx, now))?;
    Ok(ExitCode::SUCCESS)
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
