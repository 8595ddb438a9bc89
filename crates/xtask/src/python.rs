//! Set-up of the Python tools that some tests run: Schemathesis, generators of clients, a validator, mypy, an OpenID provider, a gateway for cards.
//!
//! In:  the pinned versions in `tools.txt`, a Python that can make a venv.
//! Out: a venv in `.tools/python` of this repository, which git ignores, with exactly those versions.
//!
//! Invariant: a venv that was made from these pins and still starts is left alone. The copy of the pins beside it is
//! written last, so a set-up that broke off is done again.

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::command::{quietly, run, say};

const PINS: &str = include_str!("../tools.txt");

/// Stands in the venv once everything is installed.
const STAMP: &str = "tools.txt";

/// Debian splits venv from Python and ensurepip from venv; a venv without pip is of no use here.
pub fn can_make_venvs() -> bool {
    quietly("python3", &["-c", "import venv, ensurepip"])
}

pub fn prepare(root: &Path) -> Result<()> {
    let root = root.canonicalize().with_context(|| format!("cannot find {}", root.display()))?;
    let folder = root.join(".tools").join("python");
    if is_made_from(&folder, PINS) && quietly(python(&folder), &["-c", ""]) {
        say(&format!("the Python tools of the tests are in {}", folder.display()));
        return Ok(());
    }
    say(&format!("installing the Python tools of the tests into {}", folder.display()));
    if folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    let pins = root.join("crates/xtask/tools.txt");
    for command in install_commands(&folder, &pins)? {
        run(&command)?;
    }
    std::fs::write(folder.join(STAMP), PINS).context("cannot write which tools are installed")
}

fn is_made_from(folder: &Path, pins: &str) -> bool {
    std::fs::read_to_string(folder.join(STAMP)).is_ok_and(|it| it == pins)
}

fn install_commands(folder: &Path, pins: &Path) -> Result<[Vec<String>; 2]> {
    let [folder_text, python, pins] = [folder, &python(folder), pins].map(|it| it.to_str().map(String::from));
    let (Some(folder), Some(python), Some(pins)) = (folder_text, python, pins) else {
        bail!("the path of this repository is not UTF-8: {}", folder.display());
    };
    let words = |it: &[&str]| it.iter().map(ToString::to_string).collect();
    Ok([
        words(&["python3", "-m", "venv", &folder]),
        words(&[
            &python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--requirement",
            &pins,
        ]),
    ])
}

fn python(folder: &Path) -> PathBuf {
    folder.join("bin").join("python")
}
