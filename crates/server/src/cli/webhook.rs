//! `till webhook`: secrets of webhooks, for whoever may run the program where the database is.
//!
//! In:  the id of a webhook. Out: another secret, shown once.
//! Invariant: what is changed here stands in the audit log, as that of the command line.

use super::files::{self, Place};
use super::installation::KeyFile;
use super::output::Output;
use anyhow::{Result, anyhow};
use billing::endpoint::{Endpoint, Owner};
use clap::Subcommand;
use desk::webhooks::{self, OVERLAP_SECONDS, Rotation};
use desk::{Desk, Refusal, journal};
use serde_json::json;
use std::process::ExitCode;
use store::Tx;
use units::{AccountId, EndpointId};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Give a webhook another secret and print it, once; for a while both sign
    Rotate {
        /// The id of the webhook: whk_…
        id: String,
        /// The name of the account whose webhook it is; left out for those of the operator and the cloud
        #[arg(long)]
        account: Option<String>,
        /// Seconds in which the old secret still signs; 0 for none
        #[arg(long, default_value_t = OVERLAP_SECONDS, value_parser = clap::value_parser!(u64).range(0..=604_800))]
        overlap_seconds: u64,
        #[command(flatten)]
        key: KeyFile,
        #[command(flatten)]
        place: Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
}

pub(crate) fn run(command: Command) -> Result<ExitCode> {
    let Command::Rotate { id, account, overlap_seconds, key, place, json } = command;
    let id: EndpointId =
        id.parse().map_err(|error| anyhow!("{error}; GET /v1/webhooks lists the ids of webhooks"))?;
    let store = place.open()?;
    let key = key.of_books(place.embedded(), &store)?;
    let desk = Desk { key: Some(key), ..store.read(Desk::open)? };
    let secret = web::random::webhook_secret().map_err(|problem| anyhow!("{}", problem.detail))?;
    let changed = store.write(|tx| {
        let account = match &account {
            Some(name) => Some(store::accounts::by_name(tx, name)?.id),
            None => None,
        };
        let new = Rotation { account, id, secret: &secret, overlap_seconds };
        rotate(tx, &desk, &new)
    })?;
    print(&changed, &secret, Output::from(json))?;
    Ok(ExitCode::SUCCESS)
}

fn rotate(tx: &mut Tx<'_>, desk: &Desk, new: &Rotation<'_>) -> Result<Endpoint, Refusal> {
    let now = files::now(tx)?;
    let changed = webhooks::rotate(tx, desk.at(now), new)?;
    let (target, body) = (new.id.to_string(), json!({ "overlap_seconds": new.overlap_seconds }).to_string());
    let write = journal::Write {
        account: account(changed.owner),
        actor: journal::COMMAND_LINE,
        operation: "till webhook rotate",
        target: &target,
        body: &body,
    };
    journal::note(tx, &write, now)?;
    Ok(changed)
}

fn account(owner: Owner) -> Option<AccountId> {
    match owner {
        Owner::Account(id) => Some(id),
        Owner::Operator | Owner::Cloud => None,
    }
}

fn print(it: &Endpoint, secret: &str, output: Output) -> Result<()> {
    let until = it.old.as_ref().map(|old| old.until.to_string());
    match output {
        Output::Json => {
            let shown = json!({
                "id": it.id.to_string(), "url": it.url, "secret": secret, "old_secret_signs_until": until,
            });
            println!("{}", serde_json::to_string_pretty(&shown)?);
        }
        Output::Text | Output::Quiet => {
            let old = until.map_or_else(String::new, |it| format!("; the old one signs too until {it}"));
            println!("{} {}, its secret, shown once: {secret}{old}", it.id, it.url);
        }
    }
    Ok(())
}
