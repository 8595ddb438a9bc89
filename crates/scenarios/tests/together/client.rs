//! Clients that are generated from the served document buy a server, page through orders, send usage and read events.
//!
//! In:  the document as a server gives it; three generators; the programs in `client/`. Out: what the programs did.
//! Invariant: each client is generated anew each time, nothing of it is mended by hand, and whatever uses it is checked
//! strictly by its types.

use crate::support::served::{Customer, Folder, Served};
use crate::support::tools::{good, node_modules, node_tool, tool};
use serde_json::{Value, json};
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::Command;

/// A server, a customer, and a folder with the document that is served.
struct Shop {
    served: Served,
    shop: Customer,
    folder: Folder,
    document: PathBuf,
}

impl Shop {
    fn open(name: &str) -> Shop {
        let served = Served::start(&["--cloud-delay-seconds", "0"]);
        let shop = served.customer("shop", "1000.00");
        let folder = Folder::new(name);
        let document = folder.0.join("openapi.json");
        std::fs::write(&document, served.get("", "/openapi.json").body).unwrap();
        Shop { served, shop, folder, document }
    }

    /// A program that uses a client.
    fn program(name: &str) -> PathBuf {
        crate::support::root().join("crates/scenarios/tests/client").join(name).canonicalize().unwrap()
    }

    /// What a program says that buys here.
    #[track_caller]
    fn run(&self, command: &mut Command) -> Value {
        let keys = [self.served.url(""), self.shop.key.clone(), self.served.key(&["meter"])];
        serde_json::from_slice(&good(command.args(keys))).unwrap()
    }
}

#[test]
fn a_generated_client_buys_a_server() {
    let shop = Shop::open("client");
    let generated = shop.folder.0.join("till_client");
    let mut command = tool("openapi-python-client", &shop.folder.0);
    // It knows files as `application/octet-stream` alone: docs/api.md.
    let settings = shop.folder.0.join("settings.yml");
    let files =
        ["application/pdf", "application/xml"].map(|it| format!("  {it}: application/octet-stream\n"));
    std::fs::write(&settings, format!("content_type_overrides:\n{}", files.concat())).unwrap();
    command.args(["generate", "--meta", "none", "--fail-on-warning", "--config"]).arg(&settings);
    command.arg("--path").arg(&shop.document);
    good(command.arg("--output-path").arg(&generated));
    checked(&shop, "buy.py");
    let mut command = tool("python", &shop.folder.0);
    let bought = shop.run(command.env("PYTHONPATH", &shop.folder.0).arg(Shop::program("buy.py")));
    // The demo book: 51.00 a month for S1.SMALL1 and 20.00 for its one Mbit/s.
    assert_eq!(bought["quoted"], "71.00");
    assert_eq!(bought["ordered"], "71.00");
    assert_eq!(bought["same_order_again"], json!(true));
    assert_eq!(bought["state_before"], "unpaid");
    assert_eq!(bought["state"], "running");
    assert!(bought["address"].as_str().unwrap().parse::<IpAddr>().is_ok(), "{bought}");
    assert_eq!(bought["missing"], "not_found");
    assert_eq!((&bought["orders"], &bought["listed"]), (&json!(2), &json!(true)), "{bought}");
    assert_eq!(bought["event"], "order.paid 71.00 CNY", "{bought}");
    // A time is a time in Python, not a text.
    assert!(bought["delivered"].as_str().unwrap().ends_with("+00:00"), "{bought}");
    assert!(bought["modules"].as_u64().unwrap() > 200, "{bought}");
    assert_eq!(
        (&bought["usage"]["accepted"], &bought["usage"]["duplicate"]),
        (&json!(1), &json!(1)),
        "{bought}"
    );
}

/// That a Python program uses its client as the client's types say.
#[track_caller]
fn checked(shop: &Shop, program: &str) {
    let mut command = tool("mypy", &shop.folder.0);
    // What generators write is not held to be strict; what uses it is.
    command.args(["--strict", "--follow-imports", "silent", "--cache-dir", "mypy"]);
    good(command.env("MYPYPATH", &shop.folder.0).arg(Shop::program(program)));
}

/// What each of the other clients did: bought twice, found both orders page by page, sent two readings, read an event.
#[track_caller]
fn did_it_all(report: &Value) {
    // The demo book: 51.00 a month for S1.SMALL1 and 20.00 for its one Mbit/s.
    assert_eq!(report["total"], "71.00", "{report}");
    assert_eq!(
        (&report["same_order_again"], &report["both_listed"]),
        (&json!(true), &json!(true)),
        "{report}"
    );
    assert_eq!(report["orders"], 2, "{report}");
    assert_eq!(report["usage"]["accepted"], 2, "{report}");
    assert_eq!(report["event"], "order.paid 71.00 CNY", "{report}");
    assert_eq!(report["missing"], "not_found", "{report}");
}

#[test]
fn a_client_of_openapi_generator_does_it_all() {
    let shop = Shop::open("generator");
    let mut command = tool("openapi-generator-cli", &shop.folder.0);
    command.args(["generate", "--generator-name", "python", "--input-spec"]).arg(&shop.document);
    let settings = "packageName=till_generated,generateSourceCodeOnly=true";
    good(command.args(["--output", ".", "--additional-properties", settings]));
    checked(&shop, "generated.py");
    let mut command = tool("python", &shop.folder.0);
    did_it_all(&shop.run(command.env("PYTHONPATH", &shop.folder.0).arg(Shop::program("generated.py"))));
}

#[test]
fn a_client_in_typescript_does_it_all() {
    let shop = Shop::open("typescript");
    let folder = &shop.folder.0;
    std::os::unix::fs::symlink(node_modules(), folder.join("node_modules")).unwrap();
    for name in ["client.ts", "tsconfig.json", "package.json"] {
        std::fs::copy(Shop::program(name), folder.join(name)).unwrap();
    }
    good(node_tool("openapi-typescript", folder).arg(&shop.document).args(["--output", "till.d.ts"]));
    good(node_tool("tsc", folder).args(["--project", "tsconfig.json"]));
    let report = shop.run(Command::new("node").current_dir(folder).arg("built/client.js"));
    did_it_all(&report);
    assert_eq!(report["retry"], "never", "{report}");
}
