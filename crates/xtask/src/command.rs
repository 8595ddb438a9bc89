//! Commands: what is run for a step, and what is said about it.
//!
//! In:  a program and its arguments.
//! Out: a line on standard output before it runs; an error when it fails.

use std::ffi::OsString;
use std::process::Command;

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

pub fn say(step: &str) {
    println!("xtask: {step}");
}
