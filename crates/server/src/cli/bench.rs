//! `till bench`.
use anyhow::Result;
use std::process::ExitCode;

pub(crate) fn run(_: &str, _: usize) -> Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
