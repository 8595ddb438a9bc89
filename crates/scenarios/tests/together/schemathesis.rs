//! Schemathesis against the served document: every operation, all checks, bounded.
//!
//! In:  a server with a customer who has bought, the document that it serves. Out: no finding.
//! Invariant: every operation of the document is tested, once with an operator's key and once with a customer's.

use crate::support::served::{Folder, Served};
use crate::support::shop::Cloud;
use crate::support::tools::{printed, tool};
use serde_json::{Value, json};

/// Test cases per operation and phase: two runs of all operations end within about three minutes.
const EXAMPLES: &str = "10";

#[test]
fn an_operator_finds_nothing() {
    let served = served();
    let shop = crate::support::shop::open(&served, Cloud::Simulated);
    let account = format!("Till-Account: {}", shop.account);
    check(&served, &served.operator, &["--header", &account]);
}

#[test]
fn a_customer_finds_nothing() {
    let served = served();
    let shop = crate::support::shop::open(&served, Cloud::Simulated);
    check(&served, &shop.key, &[]);
}

/// Nothing waits: no limit of requests, and a cloud that delivers at once.
fn served() -> Served {
    Served::start(&["--rate-limit", "0", "--cloud-delay-seconds", "0", "--allow-private-webhooks"])
}

fn check(served: &Served, key: &str, more: &[&str]) {
    let folder = Folder::new("schemathesis");
    let report = folder.0.join("report.json");
    let config =
        crate::support::root().join("crates/scenarios/tests/schemathesis.toml").canonicalize().unwrap();
    let mut command = tool("schemathesis", &folder.0);
    command.arg("--config-file").arg(config).arg("run").arg(served.url("/openapi.json"));
    command.args(["--header", &format!("Authorization: Bearer {key}")]);
    command.args(["--max-examples", EXAMPLES, "--generation-deterministic", "--workers", "1"]);
    command.args(["--request-timeout", "60", "--continue-on-failure", "--no-color"]);
    command.args(["--report", "json", "--report-json-path"]).arg(&report).args(more);
    let output = command.output().unwrap();
    let text = printed(&output);
    assert!(output.status.success(), "{text}");
    let found: Value = serde_json::from_slice(&std::fs::read(&report).unwrap()).unwrap();
    let of = |name: &str| found["operations"][name].as_u64().unwrap();
    assert!(of("total") > 0 && of("tested") == of("total"), "not every operation was tested:\n{text}");
    assert_eq!(found["failures"], json!([]), "{text}");
    assert_eq!(found["errors"], json!([]), "{text}");
    assert_eq!(found["complete"], json!(true), "{text}");
    // Jobs run beside the requests: what fails there shows in the log alone.
    let log = served.log();
    assert!(!log.contains("ERROR") && !log.contains("panicked"), "the server logged:\n{log}");
    println!("{} operations, {} test cases", of("tested"), found["test_cases"]["generated"]);
}
