//! The test command: everything that must hold before a change is good.
//!
//! In:  arguments for `cargo test`.
//! Out: the exit code of the first step that fails, or of `cargo test`.
//!
//! Invariant: `cargo test` is last and nothing is printed after it, so the output ends with its closing lines.

use std::process::{Command, ExitCode, ExitStatus};

use anyhow::{Context, Result};

use crate::{command, machine, tidy};

/// The steps before `cargo test`, cheapest first. Some tests run the built binary, so it is built before them.
const STEPS: &[(&str, &[&str])] = &[
    ("checking the formatting", &["fmt", "--all", "--check"]),
    ("linting", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
    (
        "building the program, which some tests run, and the tests",
        &["build", "--workspace", "--lib", "--bins", "--tests"],
    ),
];

pub fn run(extra: &[&str]) -> Result<ExitCode> {
    machine::prepare()?;
    for (purpose, arguments) in STEPS {
        let status = cargo(purpose, arguments)?;
        if !status.success() {
            eprintln!("xtask: {purpose} failed: see above");
            return Ok(exit_code(status));
        }
    }
    let arguments = [&["test", "--workspace", "--lib", "--bins", "--tests"], extra].concat();
    Ok(exit_code(cargo("testing", &arguments)?))
}

fn cargo(purpose: &str, arguments: &[&str]) -> Result<ExitStatus> {
    println!("xtask: {purpose}: cargo {}", arguments.join(" "));
    Command::new(command::cargo())
        .args(arguments)
        .current_dir(tidy::root())
        .status()
        .context("cannot start cargo")
}

/// A process that a signal ended has no code: it failed.
fn exit_code(status: ExitStatus) -> ExitCode {
    match status.code() {
        Some(code) => ExitCode::from(u8::try_from(code).unwrap_or(1)),
        None => ExitCode::FAILURE,
    }
}
