//! Commands: what is run for a step, and what is said about it.
//!
//! In:  a program and its arguments.
//! Out: a line on standard output before it runs; an error when it fails.

use std::ffi::{OsStr, OsString};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The cargo that runs us.
pub fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

pub fn run(command: &[String]) -> Result<()> {
    let line = command.join(" ");
    say(&line);
    let status = Command::new(&command[0])
        .args(&command[1..])
        .status()
        .with_context(|| format!("cannot run {line}"))?;
    if !status.success() {
        bail!("`{line}` failed. Repair that, or install by hand, and run this again");
    }
    Ok(())
}

/// Whether a program runs and ends well, without a word of it.
pub fn quietly(program: impl AsRef<OsStr>, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|it| it.success())
}

pub fn say(step: &str) {
    println!("xtask: {step}");
}
