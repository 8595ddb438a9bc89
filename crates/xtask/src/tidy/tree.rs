//! The files of the repository.
//!
//! In:  what `git ls-files` lists, new files that are not ignored included; where git lists nothing, the folders.
//! Out: text files with their paths from the root, in order. Binary files are left out.
//!
//! Invariant: nothing that cargo or the till wrote is among them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// Folders that hold no source, for a tree without git.
const SKIPPED: &[&str] = &[".git", "target", "till-data", "till-demo", ".tools", ".venv", "__pycache__"];

/// A text file; `path` is from the root, with `/`.
#[derive(Clone, Debug)]
pub struct File {
    pub path: String,
    pub text: String,
}

#[derive(Clone, Debug)]
pub struct Tree {
    pub files: Vec<File>,
}

impl Tree {
    pub fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|it| it.path.ends_with(".rs"))
    }

    /// The manifests: of the workspace and of each crate.
    pub fn manifests(&self) -> Vec<&File> {
        self.files.iter().filter(|it| it.path == "Cargo.toml" || it.path.ends_with("/Cargo.toml")).collect()
    }

    pub fn lock(&self) -> Option<&str> {
        self.files.iter().find(|it| it.path == "Cargo.lock").map(|it| it.text.as_str())
    }
}

/// The crate that a path belongs to: `store` for `crates/store/src/lib.rs`.
pub fn crate_of(path: &str) -> Option<&str> {
    path.strip_prefix("crates/")?.split_once('/').map(|(name, _)| name)
}

/// Whether a source is a test: named `tests.rs`, or in a folder `tests`.
pub fn is_test(path: &str) -> bool {
    path.split('/').any(|it| it == "tests" || it == "tests.rs")
}

/// The root of the repository, two folders above this crate. Cargo says at run time where that is.
pub fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&here).join("../..")
}

pub fn load() -> Result<Tree> {
    let root = root();
    let mut paths = listed_by_git(&root);
    if paths.is_empty() {
        walk(&root, "", &mut paths)?;
    }
    paths.sort();
    paths.dedup();
    let files = paths
        .into_iter()
        .filter_map(|path| std::fs::read_to_string(root.join(&path)).ok().map(|text| File { path, text }))
        .collect();
    Ok(Tree { files })
}

fn listed_by_git(root: &Path) -> Vec<String> {
    let arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let Ok(output) = Command::new("git").args(arguments).current_dir(root).output() else {
        return Vec::new();
    };
    String::from_utf8_lossy(&output.stdout)
        .split('\0')
        .filter(|it| !it.is_empty())
        .map(String::from)
        .collect()
}

fn walk(root: &Path, under: &str, paths: &mut Vec<String>) -> Result<()> {
    let folder = root.join(under);
    for entry in std::fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if under.is_empty() { name.clone() } else { format!("{under}/{name}") };
        let kind = entry.file_type()?;
        if kind.is_file() {
            paths.push(path);
        } else if kind.is_dir() && !SKIPPED.contains(&name.as_str()) {
            walk(root, &path, paths)?;
        }
    }
    Ok(())
}
