//! The key of an installation: every node has the same one, and no database has it.
//!
//! In:  servers and commands as operators run them. Out: who starts, who is refused and why.

use crate::support::served::{Folder, KEY, Served, program};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

fn till(args: &[&str]) -> Output {
    Command::new(program()).args(args).env_remove("TILL_INSTALLATION_KEY").output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A start that is refused, and what it says.
#[track_caller]
fn refused(args: &[&str]) -> String {
    let done = till(&[&["serve", "--listen", "127.0.0.1:0"], args].concat());
    assert!(!done.status.success(), "{}", said(&done));
    let said = said(&done);
    assert!(!said.contains("operator key"), "nothing is made: {said}");
    said
}

fn database(data: &Path) -> Vec<u8> {
    let store = store::Store::embedded(&data.join("till.db")).unwrap();
    drop(store);
    fs::read(data.join("till.db")).unwrap()
}

/// `till key list` opens books and makes none; a first `till pricebook apply` needs them too. So books are made by a
/// server, which makes the key beside them.
#[test]
fn a_key_is_made_beside_an_embedded_database_and_asked_for_ever_after() {
    let folder = Folder::new("installation");
    let data = folder.0.join("data");
    let text = data.to_str().unwrap();
    fs::create_dir_all(&data).unwrap();
    drop(store::Store::embedded(&data.join("till.db")).unwrap());
    let made = till(&["key", "installation", "--data", text]);
    assert!(made.status.success(), "{}", said(&made));
    let file = data.join("installation.key");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let key = fs::read_to_string(&file).unwrap();
    let digits = key.trim().strip_prefix("till_installation_").unwrap();
    assert!(!said(&made).contains(digits), "the key itself is not printed");
    let bytes = database(&data);
    assert!(!bytes.windows(digits.len()).any(|it| it == digits.as_bytes()), "nor kept in the database");

    let again = till(&["key", "installation", "--data", text]);
    assert!(
        !again.status.success() && said(&again).contains("have an installation's key"),
        "{}",
        said(&again)
    );
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(refused(&["--data", text]).contains("chmod 600"));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let moved = data.join("elsewhere");
    fs::rename(&file, &moved).unwrap();
    assert!(refused(&["--data", text]).contains("is missing: these books need the installation's key"));
    fs::write(&file, KEY).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(refused(&["--data", text]).contains("give every node the same key"));
}

#[test]
fn nodes_on_postgres_are_given_the_same_key() {
    let server = store::testing::postgres();
    let url = server.fresh_database();
    let folder = Folder::new("nodes-key");
    let file = folder.0.join("key");
    assert!(refused(&["--database-url", &url]).contains("need the installation's key"));
    let nowhere = till(&["key", "installation", "--database-url", &url]);
    assert!(said(&nowhere).contains("--installation-key-file"), "{}", said(&nowhere));
    // The first node makes it that of these books; another key is refused from then on.
    let served = Served::start(&["--database-url", &url]);
    fs::write(&file, format!("till_installation_{}", "f".repeat(64))).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let named = ["--database-url", &url, "--installation-key-file", file.to_str().unwrap()];
    assert!(refused(&named).contains("give every node the same key"));
    fs::write(&file, KEY).unwrap();
    let made = served.post(
        &served.operator,
        "/v1/webhooks",
        &serde_json::json!({ "url": "http://127.0.0.1:9/", "kinds": ["*"] }),
    );
    let (id, old) = (made.good()["id"].clone(), made.good()["secret"].clone());
    let rotate = ["webhook", "rotate", id.as_str().unwrap(), "--json", "--overlap-seconds", "60"];
    let done = till(&[&rotate[..], &named[..]].concat());
    let new: serde_json::Value =
        serde_json::from_slice(&done.stdout).unwrap_or_else(|_| panic!("{}", said(&done)));
    assert!(new["secret"].as_str().unwrap().starts_with("whsec_") && new["secret"] != old, "{new}");
    assert!(new["old_secret_signs_until"].is_string(), "{new}");
    let keyless = till(&["webhook", "rotate", id.as_str().unwrap(), "--database-url", &url]);
    assert!(said(&keyless).contains("need the installation's key"), "{}", said(&keyless));
}
