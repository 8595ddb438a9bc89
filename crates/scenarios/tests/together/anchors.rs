//! Anchors that a server makes by itself or is asked for, and what becomes of them when the installation's key is another.
//!
//! In:  servers, commands, books on both engines. Out: anchors that `verify` takes, by whose word, and who may write on.
//! Invariant: a key before the present one counts only by the word of the one that took its place.

use crate::support::served::{Folder, Served, eventually, program};
use crate::support::stores;
use billing::endpoint::Owner;
use desk::anchor::Anchor;
use desk::webhooks::{self, New};
use desk::{Desk, Refusal, books, first, installation, settled};
use providers::installation::{self as keys, InstallationKey};
use providers::webhook::{self, Reach};
use serde_json::{Value, json};
use server::cli::files;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use store::{Store, Tx};
use units::{Calendar, Timestamp};

fn at(text: &str) -> Timestamp {
    Calendar::settlement().parse(text).unwrap()
}

fn key(digit: &str) -> Arc<InstallationKey> {
    Arc::new(InstallationKey::parse(&format!("till_installation_{}", digit.repeat(64))).unwrap())
}

fn till(args: &[&str]) -> Output {
    Command::new(program()).args(args).env_remove("TILL_INSTALLATION_KEY").output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    all.sort();
    all
}

/// `verify` against an anchor in a file.
#[track_caller]
fn proved(data: &str, anchor: &Path, more: &[&str]) -> Value {
    let args = ["verify", "--json", "--data", data, "--anchor", anchor.to_str().unwrap()];
    let done = till(&[&args[..], more].concat());
    assert!(done.status.success(), "{}", said(&done));
    serde_json::from_slice(&done.stdout).unwrap()
}

#[test]
fn a_server_anchors_by_itself_and_when_it_is_asked() {
    let kept = Folder::new("anchors");
    let folder = kept.0.to_str().unwrap();
    let clock = ["--test-clock", "2026-06-01 00:00:00", "--rate-limit", "0"];
    let served = Served::start(&[&clock[..], &["--anchor-dir", folder, "--anchor-hours", "2"]].concat());
    let first = eventually("a first anchor", || files_of(&kept.0).into_iter().next());
    let shop = served.customer("shop", "10.00");
    let data = served.folder.0.join("data");
    let data = data.to_str().unwrap();
    let asked = served.get(&served.operator, "/v1/audit-log/anchor");
    let own = kept.0.join("asked.json");
    fs::write(&own, asked.text()).unwrap();
    assert!(asked.good()["chains"].as_array().unwrap().iter().any(|it| it["chain"] == json!(shop.account)));
    assert_eq!(served.get(&shop.key, "/v1/audit-log/anchor").status, 403);
    served.post(&served.operator, "/v1/clock/advance", &json!({ "to": "2026-06-01T03:00:00+08:00" })).good();
    eventually("a second anchor", || (files_of(&kept.0).len() == 3).then_some(()));
    eventually("an age by the clock of the till, told after the file is written", || {
        let metrics = served.get("", "/metrics").text();
        metrics.lines().any(|it| it == "till_anchor_age_seconds 0").then_some(())
    });
    for anchor in [&first, &own] {
        assert_eq!(proved(data, anchor, &[])["ok"], true);
    }
}

/// Books with a webhook whose secret is sealed with `key`, and an anchor by it.
fn sealed(store: &Store, key: &Arc<InstallationKey>) -> (Desk, Anchor) {
    let now = at("2026-06-01");
    store.write(|tx| books::apply(tx, &files::book("demo").unwrap(), None, now)).unwrap();
    store.write(|tx| first::installation(tx, key, now)).unwrap();
    let desk = Desk { key: Some(key.clone()), ..store.read(Desk::open).unwrap() };
    let listen = |tx: &mut Tx<'_>| -> Result<(), Refusal> {
        let secret = webhooks::sealed(&desk, Owner::Operator, &webhook::secret([7; 32]))?;
        let new =
            New { owner: Owner::Operator, url: "http://127.0.0.1:9/", kinds: &["*".into()], secret: &secret };
        webhooks::create(tx, &new, Reach::Anywhere, now).map(drop)
    };
    store.write(listen).unwrap();
    let anchor = store.read(|tx| Anchor::make(tx, key, now)).unwrap();
    (desk, anchor)
}

#[test]
fn another_key_takes_over_and_old_anchors_stay_proved() {
    for (engine, store, _server) in stores() {
        let [one, two, three] = ["1", "2", "3"].map(key);
        let (desk, anchor) = sealed(&store, &one);
        let now = at("2026-06-02");
        let rotate = |old: &InstallationKey, new: &InstallationKey| {
            store.write(|tx| installation::rotate(tx, old, new, now))
        };
        let may_write = |key: &Arc<InstallationKey>| {
            let desk = Desk { key: Some(key.clone()), ..desk.clone() };
            store.read(|tx| settled::check_node(tx, desk.at(now)))
        };
        may_write(&one).unwrap();
        rotate(&one, &two).unwrap();
        assert_eq!(may_write(&one).unwrap_err().code(), "installation_key", "{engine}");
        may_write(&two).unwrap();
        let kept = store.read(store::endpoints::all).unwrap().remove(0).secret;
        let purpose = webhook::purpose(&Owner::Operator.to_string());
        assert_eq!(keys::open(Some(&two), &purpose, &kept).unwrap(), webhook::secret([7; 32]), "{engine}");
        assert!(keys::open(Some(&one), &purpose, &kept).is_err(), "{engine}");
        let refused = store.write(|tx| first::installation(tx, &one, now)).unwrap_err();
        assert_eq!(refused.code(), "installation_key", "{engine}: a start with the old key");
        assert_eq!(rotate(&one, &three).unwrap_err().code(), "installation_key", "{engine}");
        rotate(&two, &three).unwrap();

        let publics = || store.read(|tx| installation::publics(tx, &three.public())).unwrap();
        assert_eq!(publics(), [&three, &two, &one].map(|it| it.public()), "{engine}");
        assert_eq!(anchor.signed_by_one_of(&publics()).unwrap(), one.public(), "{engine}");
        // Whoever writes to the database cannot make a key one of those before.
        let forged = key("4").public();
        let add = |tx: &mut Tx<'_>| -> Result<(), Refusal> {
            let args = [forged.as_str().into(), one.public().into(), "00".into()];
            tx.exec(
                "insert into installation_keys (public_key, made_us, until_us, next_key, signature) values ($1, 0, 0, $2, $3)",
                &args,
            )?;
            Ok(())
        };
        store.write(add).unwrap();
        assert_eq!(publics().len(), 3, "{engine}");
        let false_anchor = store.read(|tx| Anchor::make(tx, &key("4"), now)).unwrap();
        assert!(false_anchor.signed_by_one_of(&publics()).is_err(), "{engine}");
    }
}

#[test]
fn the_command_puts_another_key_in_its_place() {
    let folder = Folder::new("rotated");
    let data = folder.0.join("data");
    fs::create_dir_all(&data).unwrap();
    drop(Store::embedded(&data.join("till.db")).unwrap());
    let (text, new, old) = (data.to_str().unwrap(), folder.0.join("new.key"), folder.0.join("old.json"));
    assert!(till(&["key", "installation", "--data", text]).status.success());
    let anchored = till(&["audit", "anchor", "--data", text, "--out", old.to_str().unwrap()]);
    assert!(anchored.status.success(), "{}", said(&anchored));
    let rotate =
        ["key", "rotate-installation", "--json", "--data", text, "--new-file", new.to_str().unwrap()];
    let done = till(&rotate);
    let shown: Value = serde_json::from_slice(&done.stdout).unwrap_or_else(|_| panic!("{}", said(&done)));
    assert_ne!(shown["public_key"], shown["public_key_before"]);
    let again = till(&rotate);
    assert!(
        said(&again).contains("give every node the same key"),
        "the old key is not that of these books: {}",
        said(&again)
    );
    let started = till(&["serve", "--listen", "127.0.0.1:0", "--data", text]);
    assert!(
        !started.status.success() && said(&started).contains("give every node the same key"),
        "{}",
        said(&started)
    );
    let with_new = ["--installation-key-file", new.to_str().unwrap()];
    assert_eq!(proved(text, &old, &with_new)["anchor"]["public_key"], shown["public_key_before"]);
    let later = folder.0.join("later.json");
    let args = ["audit", "anchor", "--data", text, "--out", later.to_str().unwrap()];
    assert!(till(&[&args[..], &with_new].concat()).status.success());
    assert_eq!(proved(text, &later, &with_new)["anchor"]["public_key"], shown["public_key"]);
}
