//! What this repository does that is not `cargo` itself.
//!
//! In:  `cargo xtask test [-- ARGS FOR CARGO TEST]`, `cargo xtask setup`, `cargo xtask tidy [--report | --json]`.
//! Out: an exit code, and a line per step that says what is being done.
//!
//! Invariant: no other crate depends on this one.

mod command;
mod machine;
mod node;
mod python;
mod suite;
mod tidy;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "cargo xtask test [-- ARGS]   set up what is missing, then format, lint, build and test; ARGS go to `cargo test`
cargo xtask setup            set up what is missing and nothing else: packages from Debian, tools from PyPI and npm
cargo xtask tidy [--report]  check the house rules and print the measures; --report says where the largest things are
cargo xtask tidy --json      the same for programs: measures, places and findings";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(err) => {
            eprintln!("xtask: {err:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["setup"] => machine::prepare().map(|()| ExitCode::SUCCESS),
        ["test"] => suite::run(&[]),
        ["test", "--", extra @ ..] => suite::run(extra),
        ["tidy"] => tidy::run(tidy::Detail::Measures),
        ["tidy", "--report"] => tidy::run(tidy::Detail::Report),
        ["tidy", "--json"] => tidy::run(tidy::Detail::Json),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("`{}` is not a command. The commands are:\n{USAGE}", other.join(" ")),
    }
}
