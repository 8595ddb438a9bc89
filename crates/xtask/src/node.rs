//! Set-up of the Node tools that some tests run: linters of the document of the API, and TypeScript.
//!
//! In:  the pinned versions in `node/`, a Node with npm.
//! Out: `.tools/node` of this repository, which git ignores, with exactly those versions.
//!
//! Invariant: what was installed from this lock and still starts is left alone. The copy of the lock that says so is written
//! last, so a set-up that broke off is done again. No script of a package runs.

#[cfg(test)]
mod tests;

use std::path::Path;

use anyhow::{Context, Result};

use crate::command::{quietly, run, say};

const PACKAGE: &str = include_str!("../node/package.json");
const LOCK: &str = include_str!("../node/package-lock.json");

/// Stands in the folder once everything is installed.
const STAMP: &str = "installed.json";

/// Debian has npm in a package of its own.
pub fn is_here() -> bool {
    quietly("node", &["--version"]) && quietly("npm", &["--version"])
}

pub fn prepare(root: &Path) -> Result<()> {
    let root = root.canonicalize().with_context(|| format!("cannot find {}", root.display()))?;
    let folder = root.join(".tools").join("node");
    if is_made_from(&folder, LOCK) && quietly(folder.join("node_modules/.bin/tsc"), &["--version"]) {
        say(&format!("the Node tools of the tests are in {}", folder.display()));
        return Ok(());
    }
    say(&format!("installing the Node tools of the tests into {}", folder.display()));
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (name, text) in [("package.json", PACKAGE), ("package-lock.json", LOCK)] {
        std::fs::write(folder.join(name), text).with_context(|| format!("cannot write {name}"))?;
    }
    run(&install_command(&folder))?;
    std::fs::write(folder.join(STAMP), LOCK).context("cannot write which tools are installed")
}

fn is_made_from(folder: &Path, lock: &str) -> bool {
    std::fs::read_to_string(folder.join(STAMP)).is_ok_and(|it| it == lock)
}

/// `ci` takes away what was installed before.
fn install_command(folder: &Path) -> Vec<String> {
    let folder = folder.display().to_string();
    let words = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", &folder];
    words.map(String::from).to_vec()
}
