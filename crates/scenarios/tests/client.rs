//! A client that is generated from the served document buys a server and sends usage.
//!
//! In:  the document as a server gives it, openapi-python-client, `client/buy.py`. Out: a server with an address.
//! Invariant: the client is generated anew each time, and nothing of it is mended by hand.

mod support;

use serde_json::{Value, json};
use std::net::IpAddr;
use support::served::{Folder, Served};
use support::tools::{printed, tool};

#[test]
fn a_generated_client_buys_a_server() {
    let served = Served::start(&["--cloud-delay-seconds", "0"]);
    let shop = served.customer("shop", "1000.00");
    let folder = Folder::new("client");
    let document = folder.0.join("openapi.json");
    std::fs::write(&document, served.get("", "/openapi.json").body).unwrap();
    let generated = folder.0.join("till_client");
    let mut command = tool("openapi-python-client", &folder.0);
    command.args(["generate", "--meta", "none", "--fail-on-warning", "--path"]).arg(&document);
    let output = command.arg("--output-path").arg(&generated).output().unwrap();
    assert!(output.status.success(), "the client cannot be generated:\n{}", printed(&output));

    let script = support::root().join("crates/scenarios/tests/client/buy.py").canonicalize().unwrap();
    let mut command = tool("python", &folder.0);
    command.env("PYTHONPATH", &folder.0).arg(script).args([served.url(""), shop.key, served.key(&["meter"])]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", printed(&output));
    let bought: Value = serde_json::from_slice(&output.stdout).unwrap();
    // The demo book: 51.00 a month for S1.SMALL1 and 20.00 for its one Mbit/s.
    assert_eq!(bought["quoted"], "71.00");
    assert_eq!(bought["ordered"], "71.00");
    assert_eq!(bought["same_order_again"], json!(true));
    assert_eq!(bought["state_before"], "unpaid");
    assert_eq!(bought["state"], "running");
    assert!(bought["address"].as_str().unwrap().parse::<IpAddr>().is_ok(), "{bought}");
    assert_eq!(bought["missing"], "not_found");
    // A time is a time in Python, not a text.
    assert!(bought["delivered"].as_str().unwrap().ends_with("+00:00"), "{bought}");
    assert!(bought["modules"].as_u64().unwrap() > 200, "{bought}");
    assert_eq!(
        (&bought["usage"]["accepted"], &bought["usage"]["duplicate"]),
        (&json!(1), &json!(1)),
        "{bought}"
    );
}
