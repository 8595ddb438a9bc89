//! The Python tools that `cargo xtask test` installs.
//!
//! In:  the name of one. Out: a command that runs it.
//! Invariant: a tool that is missing is a failure that says what to run, never a test that is left out.
#![allow(dead_code)]

use super::root;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A command in `folder` that runs `tool`.
pub fn tool(tool: &str, folder: &Path) -> Command {
    let path = root().join(".tools/python/bin").join(tool);
    assert!(path.is_file(), "{} is missing: run `cargo xtask test` once, which installs it", path.display());
    let mut command = Command::new(path.canonicalize().unwrap_or(path));
    command.current_dir(folder).stdin(Stdio::null()).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// All that a command printed.
pub fn printed(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
