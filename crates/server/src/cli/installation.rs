//! Where the installation's key is: a file that only its owner reads, or a variable of the environment.
//!
//! In:  settings, the environment. Out: the key, the same on every node of these books.
//! Invariant: a key is made by itself beside an embedded database only; one that is lost is never made anew for books
//! that were served with another.

use super::files;
use anyhow::{Context, Result, anyhow, bail};
use desk::{Refusal, first};
use providers::installation::{self, InstallationKey};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::Store;
use units::Timestamp;

/// The variable that holds the text of the key, where it is in no file.
const VARIABLE: &str = "TILL_INSTALLATION_KEY";
/// The file beside an embedded database.
const FILE: &str = "installation.key";
/// Reading and writing for the owner, nothing for others.
const OWNER_ONLY: u32 = 0o600;

/// Where a command looks for the key.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct KeyFile {
    /// The file with the installation's key (default: installation.key beside the embedded database)
    #[arg(long = "installation-key-file", env = "TILL_INSTALLATION_KEY_FILE")]
    pub file: Option<PathBuf>,
}

impl KeyFile {
    /// The file that was named, or the one beside an embedded database; `None` for PostgreSQL without one.
    pub fn path(&self, embedded: Option<&Path>) -> Option<PathBuf> {
        self.file.clone().or_else(|| embedded.map(|it| it.join(FILE)))
    }

    /// The key, if it is anywhere. Errors: a text that is no key, a file that others may read.
    pub fn find(&self, embedded: Option<&Path>) -> Result<Option<Arc<InstallationKey>>> {
        if let Some(text) = std::env::var_os(VARIABLE) {
            let key = InstallationKey::parse(&text.to_string_lossy());
            return Ok(Some(Arc::new(key.with_context(|| format!("in the variable {VARIABLE}"))?)));
        }
        match self.path(embedded) {
            Some(path) if path.exists() => Ok(Some(Arc::new(read(&path)?))),
            Some(_) | None => Ok(None),
        }
    }

    /// The key of books that are written to. Errors: it is nowhere, or not that of these books.
    pub fn of_books(&self, embedded: Option<&Path>, store: &Store) -> Result<Arc<InstallationKey>> {
        let key = self.find(embedded)?.ok_or_else(|| missing(self.path(embedded).as_deref()))?;
        admit(store, &key, store.write(files::now)?)?;
        Ok(key)
    }
}

fn missing(path: Option<&Path>) -> anyhow::Error {
    let place = path.map_or_else(String::new, |it| format!("{} is missing: ", it.display()));
    anyhow!(
        "{place}these books need the installation's key: name its file with --installation-key-file, or put its text into \
         {VARIABLE}, the same on every node; `till key installation` makes one for books that have none"
    )
}

/// The key in a file. Errors: others may read the file, or what is in it is no key.
pub(crate) fn read(path: &Path) -> Result<InstallationKey> {
    let says = || format!("the installation's key in {}", path.display());
    let mode = std::fs::metadata(path).with_context(says)?.permissions().mode();
    if mode & 0o077 != 0 {
        bail!("{} may be read by others than its owner: chmod 600 it", says());
    }
    InstallationKey::parse(&std::fs::read_to_string(path).with_context(says)?).with_context(says)
}

/// Writes a new key into a file that is not there yet, whole or not at all. Of several at once one makes it.
///
/// Errors: `None` where the file is there already.
pub(crate) fn make(path: &Path) -> Result<Option<()>> {
    let text = installation::fresh()?;
    let beside = path.with_extension(format!("key-{}", std::process::id()));
    let says = || format!("writing the installation's key to {}", path.display());
    let write = || -> std::io::Result<()> {
        let mut file: File =
            OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY).open(&beside)?;
        file.write_all(format!("{text}\n").as_bytes())?;
        file.sync_all()?;
        std::fs::hard_link(&beside, path)
    };
    let done = write();
    // Whether it was linked or not: its other name is not needed any more.
    let _ = std::fs::remove_file(&beside);
    match done {
        Ok(()) => Ok(Some(())),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(None),
        Err(error) => Err(error).with_context(says),
    }
}

/// The key of a server; made beside an embedded database that has none yet.
///
/// Errors: none is given for PostgreSQL or for books that have one; one of other books.
pub(crate) fn of_server(
    file: &KeyFile,
    embedded: Option<&Path>,
    store: &Store,
    now: Timestamp,
) -> Result<Arc<InstallationKey>> {
    let key = match (file.find(embedded)?, embedded, file.path(embedded)) {
        (Some(key), _, _) => key,
        (None, Some(_), Some(path)) if public(store)?.is_none() => {
            if make(&path)?.is_some() {
                println!(
                    "the installation's key is in {}: keep a copy where backups are not",
                    path.display()
                );
            }
            Arc::new(read(&path)?)
        }
        (None, _, path) => return Err(missing(path.as_deref())),
    };
    admit(store, &key, now)?;
    Ok(key)
}

/// The public half that the books know.
pub(crate) fn public(store: &Store) -> Result<Option<String>> {
    Ok(store.read(|tx| Ok::<_, Refusal>(store::installation::public_key(tx)?))?)
}

/// Makes the key that of these books if they have none. Errors: they have another.
pub(crate) fn admit(store: &Store, key: &InstallationKey, now: Timestamp) -> Result<()> {
    Ok(store.write(|tx| first::installation(tx, key, now))?)
}
