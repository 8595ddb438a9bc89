//! What the tests of this crate share: the stories, and both engines.
#![allow(dead_code)]

pub mod browser;
pub mod buyer;
pub mod code;
pub mod crawl;
pub mod fleet;
pub mod hooks;
pub mod line;
pub mod nodes;
pub mod people;
pub mod plays;
pub mod posted;
pub mod provider;
pub mod routes;
pub mod served;
pub mod shop;
pub mod sink;
pub mod stripe;
pub mod tools;
pub mod tried;

use play::Scenario;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::Store;
use store::testing::{Postgres, postgres};

pub fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every file below `folder` with this ending, in order.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for path in entries.map(|it| it.unwrap().path()) {
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|it| it == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// All stories that are to be played; those of `mistakes` are refused before.
pub fn stories() -> Vec<PathBuf> {
    let mistakes = data().join("mistakes");
    files(&data(), "till").into_iter().filter(|it| !it.starts_with(&mistakes)).collect()
}

pub fn read(path: &Path) -> Scenario {
    let text = fs::read_to_string(path).unwrap();
    // Tests run in the folder of this crate: a book that a story names is found beside the story.
    let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(path).display().to_string();
    parse(&name, &text)
}

pub fn parse(name: &str, text: &str) -> Scenario {
    server::cli::simulate::scenario(name, text).unwrap_or_else(|mistakes| {
        panic!("{}", mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

/// An empty store on each engine, and what keeps the server of the second alive.
pub fn stores() -> Vec<(&'static str, Store, Option<Arc<Postgres>>)> {
    let server = postgres();
    let url = server.fresh_database();
    vec![
        ("sqlite", Store::memory().unwrap(), None),
        ("postgres", Store::postgres(&url).unwrap(), Some(server)),
    ]
}

/// In what the books of a file differ from what they follow from.
pub fn differences(file: &Path) -> Vec<String> {
    let store = Store::embedded(file).unwrap();
    let desk = store.read(desk::Desk::open).unwrap();
    store.read(|tx| desk::audit::audit(tx, &desk)).unwrap().differences
}
