//! The documents of the API against those who check documents: a validator of OpenAPI, Spectral and Redocly.
//!
//! In:  `/openapi.json` and `/openapi-3.0.json` as they are served. Out: no finding, no warning.
//! Invariant: every rule of each is asked for but those that the configuration beside this file leaves out, with the reason.

mod support;

use std::path::PathBuf;
use support::served::{Folder, Served};
use support::tools::{good, node_tool, tool};

/// Both documents in a folder of their own.
fn documents(name: &str) -> (Folder, [PathBuf; 2]) {
    let served = Served::start(&["--rate-limit", "0"]);
    let folder = Folder::new(name);
    let paths = ["openapi.json", "openapi-3.0.json"].map(|name| {
        let path = folder.0.join(name);
        std::fs::write(&path, served.get("", &format!("/{name}")).body).unwrap();
        path
    });
    (folder, paths)
}

#[test]
fn both_documents_are_valid() {
    let (folder, paths) = documents("valid");
    for (path, version) in paths.iter().zip(["3.1", "3.0"]) {
        good(tool("openapi-spec-validator", &folder.0).args(["--schema", version]).arg(path));
    }
}

#[test]
fn spectral_finds_nothing() {
    let (folder, paths) = documents("spectral");
    let rules = support::root().join("crates/scenarios/tests/spectral.yaml").canonicalize().unwrap();
    for path in &paths {
        let mut command = node_tool("spectral", &folder.0);
        good(command.args(["lint", "--fail-severity", "hint", "--ruleset"]).arg(&rules).arg(path));
    }
}

#[test]
fn redocly_finds_nothing() {
    let (folder, paths) = documents("redocly");
    for path in &paths {
        let mut command = node_tool("redocly", &folder.0);
        command.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
        good(command.args(["lint", "--extends", "recommended", "--max-problems", "20"]).arg(path));
    }
}
