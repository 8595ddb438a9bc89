//! `till key`: keys for whoever may run the program where the database is, also after the first key was lost.
//!
//! In:  scopes and an account. Out: a key, shown once; or the keys as they stand.
//! Invariant: what is made or ended here stands in the audit log, as that of the command line.

use super::files::{self, Place};
use super::installation::{self, KeyFile};
use super::output::Output;
use anyhow::{Result, anyhow, bail};
use clap::Subcommand;
use desk::keys::{self, Key, NewKey, Rotation, Scope};
use desk::network::Network;
use desk::page::Part;
use desk::{Refusal, journal, later, lists};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use store::{Store, Tx};
use units::{KeyId, Timestamp};

const DAY_SECONDS: u64 = 86_400;
/// Keys that are read at once.
const AT_ONCE: u16 = 200;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a key and print it, once
    Create {
        /// What it may do: operator, cloud, meter; or read, buy, which are of an account. Several are parted by commas
        #[arg(long, required = true, value_delimiter = ',', value_parser = scope)]
        scopes: Vec<Scope>,
        /// The name of the account that it is bound to
        #[arg(long)]
        account: Option<String>,
        /// What the key is called
        #[arg(long, default_value = "command line")]
        name: String,
        /// Days after which it ends by itself; never if left out
        #[arg(long, value_parser = clap::value_parser!(u64).range(1..=36_500))]
        days: Option<u64>,
        /// Networks or addresses from which it may be used, such as 203.0.113.0/24; anywhere if left out
        #[arg(long, value_delimiter = ',')]
        addresses: Vec<Network>,
        #[command(flatten)]
        place: Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Print every key, the newest first; not the keys themselves
    List {
        #[command(flatten)]
        place: Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Make a key that takes the place of another and print it, once; for a while both are good
    Rotate {
        /// The id of the key, as `till key list` prints it
        id: String,
        /// Seconds in which the old key is still good; 0 for none
        #[arg(long, default_value_t = keys::OVERLAP_SECONDS, value_parser = clap::value_parser!(u64).range(0..=2_592_000))]
        overlap_seconds: u64,
        #[command(flatten)]
        place: Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Make the installation's key, for books that have none: it signs anchors and seals secrets, and every node has it
    Installation {
        #[command(flatten)]
        key: KeyFile,
        #[command(flatten)]
        place: Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// Put a new installation's key in the place of the present one: secrets are sealed anew, and old anchors stay proved
    RotateInstallation {
        /// The file of the new key; made if it is not there
        #[arg(long)]
        new_file: PathBuf,
        #[command(flatten)]
        key: KeyFile,
        #[command(flatten)]
        place: Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
    /// End a key, at once and for good
    Revoke {
        /// The id of the key, as `till key list` prints it
        id: String,
        #[command(flatten)]
        place: Place,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
}

fn scope(text: &str) -> std::result::Result<Scope, String> {
    let all = Scope::ALL.map(Scope::as_str).join(", ");
    Scope::parse(text).ok_or_else(|| format!("there is no such scope; take of {all}"))
}

pub(crate) fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Create { scopes, account, name, days, addresses, place, json } => {
            let wish = Wish { scopes, account, name, days, addresses };
            print_new(create(&place.open()?, &wish)?, Output::from(json))?;
        }
        Command::Rotate { id, overlap_seconds, place, json } => {
            let made = rotate(&place.open()?, key_id(&id)?, overlap_seconds)?;
            print_new(made, Output::from(json))?;
        }
        Command::List { place, json } => print(&all(&place.open()?)?, Output::from(json))?,
        Command::Installation { key, place, json } => installation(&key, &place, Output::from(json))?,
        Command::RotateInstallation { new_file, key, place, json } => {
            rotate_installation(&key, &place, &new_file)?.print(Output::from(json))?;
        }
        Command::Revoke { id, place, json } => {
            let id = key_id(&id)?;
            let key = place.open()?.write(|tx| revoke(tx, id))?;
            print(&[key], Output::from(json))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn key_id(text: &str) -> Result<KeyId> {
    text.parse().map_err(|error| anyhow!("{error}; `till key list` prints the ids"))
}

/// Prints a key that was made, with its text.
fn print_new((key, secret): (Key, String), output: Output) -> Result<()> {
    match output {
        Output::Json => {
            let mut shown = shown(&key);
            shown["secret"] = secret.into();
            println!("{}", serde_json::to_string_pretty(&shown)?);
        }
        Output::Text | Output::Quiet => println!("{}, shown once: {secret}", line(&key)),
    }
    Ok(())
}

/// Makes the installation's key and tells the books of its public half. Errors: they have one, or the file is there.
fn installation(key: &KeyFile, place: &Place, output: Output) -> Result<()> {
    let store = place.open()?;
    if let Some(there) = installation::public(&store)? {
        bail!("these books have an installation's key, {there}: give every node that one");
    }
    let path = key
        .path(place.embedded())
        .ok_or_else(|| anyhow!("say with --installation-key-file where the key is to be written"))?;
    installation::make(&path)?
        .ok_or_else(|| anyhow!("{} is there already: serve with it, or name another file", path.display()))?;
    key.of_books(place.embedded(), &store)?;
    let public = installation::public(&store)?;
    match output {
        Output::Json => println!("{}", json!({ "file": path, "public_key": public })),
        Output::Text | Output::Quiet => {
            let public = public.unwrap_or_default();
            println!("the installation's key is in {}; its public half is {public}", path.display());
            println!(
                "give the file, or its text in TILL_INSTALLATION_KEY, to every node; keep a copy where backups are not"
            );
        }
    }
    Ok(())
}

/// What became of the installation's key.
struct Rotated<'a> {
    file: &'a Path,
    old: String,
    new: String,
}

/// Puts a new installation's key in the place of the present one.
///
/// Errors: the present one is not at hand; the file of the new one holds no key, or the present one.
fn rotate_installation<'a>(key: &KeyFile, place: &Place, file: &'a Path) -> Result<Rotated<'a>> {
    let store = place.open()?;
    let old = key.of_books(place.embedded(), &store)?;
    // A file that is there already is that of a rotation that broke off, or one that was made elsewhere.
    installation::make(file)?;
    let new = installation::read(file)?;
    let (old_half, new_half) = (old.public(), new.public());
    if old_half == new_half {
        bail!("{} holds the present key: name a file for a new one", file.display());
    }
    store.write(|tx| {
        let now = files::now(tx)?;
        desk::installation::rotate(tx, &old, &new, now)?;
        let body = json!({ "old": old_half, "new": new_half }).to_string();
        let write = journal::Write {
            account: None,
            actor: journal::COMMAND_LINE,
            operation: "till key rotate-installation",
            target: &new_half,
            body: &body,
        };
        journal::note(tx, &write, now)
    })?;
    Ok(Rotated { file, old: old_half, new: new_half })
}

impl Rotated<'_> {
    fn print(&self, output: Output) -> Result<()> {
        let Rotated { file, old, new } = self;
        match output {
            Output::Json => {
                let shown = json!({ "file": file, "public_key": new, "public_key_before": old });
                println!("{}", serde_json::to_string_pretty(&shown)?);
            }
            Output::Text | Output::Quiet => {
                println!("the installation's key is now in {}; its public half is {new}", file.display());
                println!(
                    "start every node with it: those with the key before, {old}, write nothing any more; anchors that one signed stay \
                     proved"
                );
            }
        }
        Ok(())
    }
}

/// What a new key is to be, as it stands on the command line.
struct Wish {
    scopes: Vec<Scope>,
    account: Option<String>,
    name: String,
    days: Option<u64>,
    addresses: Vec<Network>,
}

/// Makes a key; also gives its text.
fn create(store: &Store, wish: &Wish) -> Result<(Key, String)> {
    let secret = web::random::key().map_err(|problem| anyhow!("{}", problem.detail))?;
    let hash = keys::hash(&secret);
    let key = store.write(|tx| {
        let now = files::now(tx)?;
        let account = match &wish.account {
            Some(name) => Some(store::accounts::by_name(tx, name)?.id),
            None => None,
        };
        let expires = wish.days.map(|it| later(now, it * DAY_SECONDS));
        let (name, scopes, addresses) = (wish.name.clone(), wish.scopes.clone(), wish.addresses.clone());
        let new = NewKey { account, name, scopes, expires, addresses };
        let key = keys::add(tx, &new, &hash, now)?;
        note(tx, "till key create", &key, now)?;
        Ok::<_, Refusal>(key)
    })?;
    Ok((key, secret))
}

/// Makes a key that takes the place of another; also gives its text.
fn rotate(store: &Store, id: KeyId, overlap_seconds: u64) -> Result<(Key, String)> {
    let secret = web::random::key().map_err(|problem| anyhow!("{}", problem.detail))?;
    let hash = keys::hash(&secret);
    let key = store.write(|tx| {
        let now = files::now(tx)?;
        let rotation = Rotation { asking: None, account: None, id, hash: &hash, overlap_seconds };
        let key = keys::rotate(tx, &rotation, now)?;
        note(tx, &format!("till key rotate {id}"), &key, now)?;
        Ok::<_, Refusal>(key)
    })?;
    Ok((key, secret))
}

fn revoke(tx: &mut Tx<'_>, id: KeyId) -> Result<Key, Refusal> {
    let now = files::now(tx)?;
    let key = keys::revoke(tx, None, None, id, now)?;
    note(tx, "till key revoke", &key, now)?;
    Ok(key)
}

fn note(tx: &mut Tx<'_>, operation: &str, key: &Key, now: Timestamp) -> Result<(), Refusal> {
    let (target, body) = (key.id.to_string(), shown(key).to_string());
    let actor = journal::COMMAND_LINE;
    journal::note(
        tx,
        &journal::Write { account: key.account, actor, operation, target: &target, body: &body },
        now,
    )
}

fn all(store: &Store) -> Result<Vec<Key>> {
    let (mut found, mut part): (Vec<Key>, Part) = (Vec::new(), Part::first(AT_ONCE));
    loop {
        let page = store.read(|tx| lists::keys::page(tx, None, &part))?;
        found.extend(page.items);
        part = match page.next {
            Some(next) => Part { after: Some(next), ..part },
            None => return Ok(found),
        };
    }
}

fn print(keys: &[Key], output: Output) -> Result<()> {
    match output {
        Output::Json => {
            let shown: Vec<Value> = keys.iter().map(shown).collect();
            println!("{}", serde_json::to_string_pretty(&shown)?);
        }
        Output::Text | Output::Quiet => keys.iter().for_each(|it| println!("{}", line(it))),
    }
    Ok(())
}

fn shown(it: &Key) -> Value {
    json!({
        "id": it.id.to_string(), "name": it.name, "account": it.account.map(|it| it.to_string()),
        "scopes": it.scopes.split(' ').collect::<Vec<_>>(), "created": it.created.to_string(),
        "expires": it.expires.map(|it| it.to_string()), "revoked": it.revoked.map(|it| it.to_string()),
        "addresses": it.addresses.split_whitespace().collect::<Vec<_>>(),
        "last_used": it.last_used.map(|it| it.to_string()),
    })
}

fn line(it: &Key) -> String {
    let of = it.account.map_or_else(String::new, |it| format!(" of {it}"));
    let end = match (it.revoked, it.expires) {
        (Some(at), _) => format!(", ended {at}"),
        (None, Some(at)) => format!(", until {at}"),
        (None, None) => String::new(),
    };
    let from = if it.addresses.is_empty() { String::new() } else { format!(", from {}", it.addresses) };
    let used = it.last_used.map_or_else(|| ", never used".to_string(), |at| format!(", used {at}"));
    format!("{} `{}`{of}: {}{from}, made {}{used}{end}", it.id, it.name, it.scopes, it.created)
}
