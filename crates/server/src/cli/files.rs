//! Files that commands read: price books in folders, scenarios, databases.

use anyhow::{Context, Result, bail};
use desk::Refusal;
use pricebook::Files;
use std::path::{Path, PathBuf};
use store::{Store, Tx};
use units::Timestamp;
use web::clock::Clock;

/// A book by the name of one that is built in, or by the path of its folder.
pub fn book(name: &str) -> Result<Files> {
    if let Some(files) = pricebook::bundled(name) {
        return Ok(files);
    }
    let folder = Path::new(name);
    if !folder.is_dir() {
        bail!("there is no price book `{name}`: name `demo`, or the folder that holds its book.toml");
    }
    let mut files = Files::default();
    read_folder(folder, folder, &mut files)?;
    Ok(files)
}

/// A book that a file names: one that is built in, or a folder by its path from here or from that file.
pub fn book_beside(file: &Path, name: &str) -> Result<Files> {
    let beside = file.parent().map(|it| it.join(name)).filter(|it| it.is_dir());
    match beside {
        Some(folder) if pricebook::bundled(name).is_none() => book(&folder.to_string_lossy()),
        Some(_) | None => book(name),
    }
}

fn read_folder(root: &Path, folder: &Path, files: &mut Files) -> Result<()> {
    for entry in sorted(folder)? {
        if entry.is_dir() {
            read_folder(root, &entry, files)?;
        } else if entry.extension().is_some_and(|it| it == "toml" || it == "csv") {
            let text =
                std::fs::read_to_string(&entry).with_context(|| format!("reading {}", entry.display()))?;
            let path = entry.strip_prefix(root).unwrap_or(&entry).to_string_lossy().replace('\\', "/");
            files.add(&path, &text);
        }
    }
    Ok(())
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.map(|it| it.map(|it| it.path())).collect::<std::io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}

/// Scenario files: those named, and every `.till` in the folders named, in order of their names.
pub fn scenarios(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(in_folder(path)?);
        } else {
            found.push(path.clone());
        }
    }
    if found.is_empty() {
        bail!("there is no scenario: they end in .till");
    }
    Ok(found)
}

fn in_folder(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in sorted(folder)? {
        if path.is_dir() {
            found.extend(in_folder(&path)?);
        } else if path.extension().is_some_and(|it| it == "till") {
            found.push(path);
        }
    }
    Ok(found)
}

/// The file that an embedded database is kept in.
pub fn database(data: &Path) -> PathBuf {
    data.join("till.db")
}

/// Opens the embedded database of a folder that a command made before.
fn existing(data: &Path) -> Result<Store> {
    let file = database(data);
    if !file.is_file() {
        bail!(
            "there is no database in {}: run `till demo` or `till serve` first, or name its folder with --data",
            data.display()
        );
    }
    Ok(Store::embedded(&file)?)
}

/// Where the books are that a command works on.
#[derive(clap::Args, Debug)]
pub struct Place {
    /// Where the embedded database is kept
    #[arg(long, env = "TILL_DATA", default_value = "till-data")]
    data: PathBuf,
    /// Work on this PostgreSQL database instead
    #[arg(long, env = "TILL_DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
}

impl Place {
    /// Where a command was told that they are; `None` where it was not.
    pub fn named(data: Option<&Path>, database_url: Option<&str>) -> Option<Place> {
        let is_named = data.is_some() || database_url.is_some();
        is_named.then(|| Place {
            data: data.unwrap_or(Path::new("")).to_path_buf(),
            database_url: database_url.map(str::to_string),
        })
    }

    /// The folder of an embedded database; `None` where the books are in PostgreSQL.
    pub fn embedded(&self) -> Option<&Path> {
        self.database_url.is_none().then_some(self.data.as_path())
    }

    /// Opens books that are there already.
    pub fn open(&self) -> Result<Store> {
        match &self.database_url {
            Some(url) => Store::postgres(url).context("opening the PostgreSQL database of --database-url"),
            None => existing(&self.data),
        }
    }
}

/// What time it is for books that are written: where their test clock stands, or now. Errors: `ClockBehind`.
pub fn now(tx: &mut Tx<'_>) -> Result<Timestamp, Refusal> {
    let now = store::clock::get(tx)?.unwrap_or_else(|| Clock::Machine.now());
    desk::settled::check_clock(tx, now)?;
    Ok(now)
}
