//! The tools that `cargo xtask test` installs: of Python, of Node, and promtool of Debian's package `prometheus`.
//!
//! In:  the name of one. Out: a command that runs it.
//! Invariant: a tool that is missing is a failure that says what to run, never a test that is left out.
#![allow(dead_code)]

use super::root;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A command in `folder` that runs `tool`; the tools that it runs itself are found first.
pub fn tool(tool: &str, folder: &Path) -> Command {
    let bin = root().canonicalize().unwrap().join(".tools/python/bin");
    let path = bin.join(tool);
    assert!(path.is_file(), "{} is missing: run `cargo xtask test` once, which installs it", path.display());
    let before = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(bin).chain(std::env::split_paths(&before));
    let mut command = Command::new(path);
    command.current_dir(folder).stdin(Stdio::null());
    command.env("PATH", std::env::join_paths(paths).unwrap()).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// Where the Node tools are.
pub fn node_modules() -> PathBuf {
    root().canonicalize().unwrap().join(".tools/node/node_modules")
}

/// A command in `folder` that runs a Node tool.
pub fn node_tool(tool: &str, folder: &Path) -> Command {
    let path = node_modules().join(".bin").join(tool);
    assert!(path.is_file(), "{} is missing: run `cargo xtask test` once, which installs it", path.display());
    let mut command = Command::new(path);
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// A command that runs promtool.
pub fn promtool() -> Command {
    let there = Command::new("promtool").arg("--version").output();
    let works = there.is_ok_and(|it| it.status.success());
    assert!(
        works,
        "promtool is missing: run `cargo xtask test` once, which installs Debian's package prometheus"
    );
    Command::new("promtool")
}

/// Runs a command to its good end. What it printed on standard output.
#[track_caller]
pub fn good(command: &mut Command) -> Vec<u8> {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}:\n{}", printed(&output));
    output.stdout
}

/// All that a command printed.
pub fn printed(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Where Debian's package has Chromium.
fn chromium() -> String {
    let there = Command::new("chromium").arg("--version").output();
    assert!(
        there.is_ok_and(|it| it.status.success()),
        "chromium is missing: run `cargo xtask test` once, which installs it"
    );
    let path = Command::new("sh").args(["-c", "command -v chromium"]).output().unwrap().stdout;
    String::from_utf8(path).unwrap().trim().to_string()
}

/// What a script beside the tests finds to be wrong, which drives Chromium and is given `asked`.
pub fn seen_by_browser(script: &str, mut asked: serde_json::Value) -> Vec<String> {
    asked["modules"] = serde_json::json!(node_modules());
    asked["chromium"] = serde_json::json!(chromium());
    let mut child = Command::new("node")
        .arg(super::root().join("crates/scenarios/browser").join(script))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("node is missing: run `cargo xtask test` once, which installs it");
    child.stdin.take().unwrap().write_all(asked.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    // Figures, for whoever runs it with `--nocapture`.
    eprint!("{said}");
    serde_json::from_slice(&output.stdout).unwrap()
}
