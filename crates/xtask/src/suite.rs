//! The test command: everything that must hold before a change is good.
//!
//! In:  arguments for `cargo test`.
//! Out: the exit code of the first step that fails, or of `cargo test`.
//!
//! Invariant: `cargo test` is last and nothing is printed after it, so the output ends with its closing lines.

use std::process::{Command, ExitCode, ExitStatus};
use std::{env, thread};

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

/// How many tests run at once: more than there are processors, since many of them wait for servers. What is set already holds.
const THREADS: &str = "RUST_TEST_THREADS";

fn threads() -> String {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    env::var(THREADS).unwrap_or_else(|_| (2 * processors).to_string())
}

fn cargo(purpose: &str, arguments: &[&str]) -> Result<ExitStatus> {
    println!("xtask: {purpose}: cargo {}", arguments.join(" "));
    Command::new(command::cargo())
        .args(arguments)
        .current_dir(tidy::root())
        .env(THREADS, threads())
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
