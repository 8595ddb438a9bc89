//! Set-up: what a fresh Debian lacks for the tests, and how it gets there.
//!
//! In:  the machine.
//! Out: PostgreSQL's server binaries, a C compiler for the bundled SQLite, Python with the tools of `python.rs`, Node with
//!      those of `node.rs`, promtool, Chromium, rustfmt and clippy; or an error that says what to install by hand.
//!
//! Invariant: what is there already is left alone. No database is created and no server started here: the tests start
//! their own (`store::testing`).

#[cfg(test)]
mod tests;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::command::{cargo, quietly, run, say};
use crate::{node, python, tidy};

/// Where Debian puts the server binaries of each version of PostgreSQL: they are not on PATH.
const DEBIAN_POSTGRES: &str = "/usr/lib/postgresql";

/// What Debian's fonts-noto-cjk brings.
const CHINESE_FONT: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

/// How this process may install packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Privilege {
    Root,
    Sudo,
    None,
}

pub fn prepare() -> Result<()> {
    let missing = missing_packages();
    if !missing.is_empty() {
        install(&missing)?;
        let still = missing_packages();
        if !still.is_empty() {
            bail!(
                "apt-get went well, but the tests still lack what these packages bring: {}",
                still.join(" ")
            );
        }
    }
    python::prepare(&tidy::root())?;
    node::prepare(&tidy::root())?;
    rust_components()
}

fn missing_packages() -> Vec<&'static str> {
    let mut missing = Vec::new();
    match postgres_binaries() {
        Some(folder) => say(&format!("PostgreSQL's server binaries are in {}", folder.display())),
        None => {
            say("PostgreSQL's server binaries (initdb, postgres) are missing");
            missing.push("postgresql");
        }
    }
    if c_compiler_works() {
        say("a C compiler is here for the bundled SQLite");
    } else {
        say("a C compiler with the headers of libc is missing");
        missing.extend(["gcc", "libc6-dev"]);
    }
    if python::can_make_venvs() {
        say("a Python that can make a venv is here");
    } else {
        say("a Python that can make a venv is missing");
        missing.extend(["python3", "python3-venv"]);
    }
    if node::is_here() {
        say("Node with npm is here");
    } else {
        say("Node with npm is missing");
        missing.extend(["nodejs", "npm"]);
    }
    if on_path("promtool") {
        say("promtool is here");
    } else {
        say("promtool, which checks metrics and alerts, is missing");
        missing.push("prometheus");
    }
    for (program, package) in [("pdftotext", "poppler-utils"), ("xmllint", "libxml2-utils")] {
        if on_path(program) {
            say(&format!("{program} is here"));
        } else {
            say(&format!("{program}, which looks at documents, is missing"));
            missing.push(package);
        }
    }
    if Path::new(CHINESE_FONT).is_file() {
        say("a font with Chinese is here");
    } else {
        say("the font that sets documents in Chinese is missing");
        missing.push("fonts-noto-cjk");
    }
    if chromium_works() {
        say("Chromium is here");
    } else {
        say("Chromium is missing");
        missing.push("chromium");
    }
    missing
}

/// The browser that looks at pages.
fn chromium_works() -> bool {
    quietly("chromium", &["--version"])
}

/// A folder that holds `initdb` and `postgres`.
fn postgres_binaries() -> Option<PathBuf> {
    let debian =
        std::fs::read_dir(DEBIAN_POSTGRES).into_iter().flatten().flatten().map(|it| it.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    debian
        .chain(std::env::split_paths(&path))
        .find(|folder| ["initdb", "postgres"].iter().all(|it| folder.join(it).is_file()))
}

/// Preprocesses one include: a compiler without the headers of libc does not pass.
fn c_compiler_works() -> bool {
    let compiler = Command::new("cc")
        .args(["-E", "-x", "c", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut compiler) = compiler else { return false };
    let written = compiler.stdin.take().is_some_and(|mut it| it.write_all(b"#include <stdio.h>\n").is_ok());
    compiler.wait().is_ok_and(|it| it.success()) && written
}

fn install(packages: &[&str]) -> Result<()> {
    if !on_path("apt-get") {
        bail!("this machine has no apt-get. Install by hand what Debian calls: {}", packages.join(" "));
    }
    for command in apt_commands(packages, privilege()?)? {
        run(&command)?;
    }
    Ok(())
}

fn privilege() -> Result<Privilege> {
    let output = Command::new("id").arg("-u").output().context("cannot run `id -u`")?;
    Ok(match String::from_utf8_lossy(&output.stdout).trim() {
        "0" => Privilege::Root,
        _ if on_path("sudo") => Privilege::Sudo,
        _ => Privilege::None,
    })
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// The commands that install `packages`, in order.
fn apt_commands(packages: &[&str], privilege: Privilege) -> Result<Vec<Vec<String>>> {
    let prefix: &[&str] = match privilege {
        Privilege::Root => &[],
        Privilege::Sudo => &["sudo"],
        Privilege::None => bail!(
            "installing needs root or sudo. As root, run: apt-get update && apt-get install -y {}",
            packages.join(" ")
        ),
    };
    let quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
    let update = [prefix, &quiet, &["update"]].concat();
    let install = [prefix, &quiet, &["install", "-y"], packages].concat();
    Ok([update, install].iter().map(|it| it.iter().map(ToString::to_string).collect()).collect())
}

/// rustfmt and clippy are left out of a minimal tool chain.
fn rust_components() -> Result<()> {
    for (component, subcommand) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        let answer =
            Command::new(cargo()).args([subcommand, "--version"]).output().context("cannot start cargo")?;
        if answer.status.success() {
            say(&format!("{component} is here"));
        } else if on_path("rustup") {
            run(&["rustup", "component", "add", component].map(String::from))?;
        } else {
            bail!(
                "{component} is missing and there is no rustup to add it. Install {component} for this Rust"
            );
        }
    }
    Ok(())
}
