//! The books that come with the program: their text is built into it, so that it runs anywhere.
//!
//! In:  the name of a folder of `pricebooks/`. Out: its files as text.
//! Invariant: no file is read when the program runs.

use super::files::Files;

/// Path and text of every file of `pricebooks/`.
const TEXTS: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/books.rs"));

/// The files of the book that is built in under this name, if there is one.
pub fn bundled(name: &str) -> Option<Files> {
    let mut files = Files::default();
    let prefix = format!("{name}/");
    for (path, text) in TEXTS {
        if let Some(path) = path.strip_prefix(&prefix) {
            files.add(path, text);
        }
    }
    let any = files.paths().next().is_some();
    any.then_some(files)
}
