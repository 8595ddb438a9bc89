//! The addresses that the console answers, as its sources name them.
//!
//! In:  the sources of the crate `console`. Out: paths with their parameters, and which of them a browser can open.
//! Invariant: a path that stands in a constant is found there; a route whose path is not found is an error.
#![allow(dead_code)]

use super::root;
use std::collections::BTreeMap;
use std::fs;

/// An address such as `/orders/{order}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    pub path: String,
    /// Whether it is opened by a link; the others are sent a form.
    pub is_opened: bool,
}

/// All of them.
pub fn of_console() -> Vec<Route> {
    let sources = sources();
    let mut found = Vec::new();
    for (file, text) in &sources {
        for route in text.split(".route(").skip(1) {
            let (named, answered) = route.split_once(',').expect("a route is a path and what answers it");
            let answered = answered.trim_start().lines().next().unwrap_or_default();
            let is_opened = answered.starts_with("get(") || answered.contains(".get(");
            found.push(Route { path: path(&sources, file, named.trim()), is_opened });
        }
    }
    found.sort();
    found
}

/// The sources by their names.
fn sources() -> BTreeMap<String, String> {
    let folder = root().join("crates/console/src");
    let files = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let rust = files.filter(|it| it.extension().is_some_and(|it| it == "rs"));
    let name = |it: &std::path::Path| it.file_stem().unwrap().to_str().unwrap().to_string();
    rust.map(|it| (name(&it), fs::read_to_string(&it).unwrap())).collect()
}

/// The path of a route: text, a constant of this file or of `another::CONSTANT`, or text with a constant in it.
fn path(sources: &BTreeMap<String, String>, file: &str, named: &str) -> String {
    if let Some(text) = named.strip_prefix("&format!(") {
        let text = text.trim_end_matches(')').trim_matches('"');
        let (name, rest) = text.strip_prefix('{').and_then(|it| it.split_once('}')).unwrap();
        return constant(sources, file, name) + &rest.replace("{{", "{").replace("}}", "}");
    }
    if named.starts_with('"') {
        return named.trim_matches('"').to_string();
    }
    match named.split_once("::") {
        Some((file, name)) => constant(sources, file, name),
        None => constant(sources, file, named),
    }
}

/// What a constant says: one of this file, or of the file that it is brought in from.
fn constant(sources: &BTreeMap<String, String>, file: &str, name: &str) -> String {
    if let Some((_, text)) = sources[file].split_once(&format!("const {name}: &str = \"")) {
        return text.split('"').next().unwrap().to_string();
    }
    let uses = sources[file].lines().filter_map(|it| it.strip_prefix("use crate::")?.strip_suffix(';'));
    let from = uses
        .filter_map(|it| it.split_once("::"))
        .find(|it| it.1.split(['{', '}', ',', ' ']).any(|word| word == name));
    let (other, _) = from.unwrap_or_else(|| panic!("{file}.rs names no path {name}"));
    constant(sources, other, name)
}
