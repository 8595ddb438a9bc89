//! The files of a book by their path, and the one text that a book is stored as.
//!
//! In:  paths and texts. Out: the same, or all of them as one text.
//! Invariant: `from_text` reads what `to_text` wrote, if no line begins with the mark; `load` refuses those that do.

use std::collections::BTreeMap;

/// The files of a book by their path inside its folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<String, String>);

/// Begins the line that stands before each file where a book is stored.
pub(crate) const MARK: &str = "=== ";

impl Files {
    /// Adds a file. Its lines end as those of stored books do, so that a book keeps its id.
    pub fn add(&mut self, path: &str, text: &str) {
        self.0.insert(path.to_string(), text.replace("\r\n", "\n").replace('\r', "\n"));
    }

    /// The text of the file at `path`.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// The paths of all files, in their order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// All files as one text, each behind a line with its path: how a book is stored.
    pub fn to_text(&self) -> String {
        self.0.iter().map(|(path, text)| format!("{MARK}{path}\n{}\n", text.trim_end())).collect()
    }

    /// Reads what `to_text` wrote.
    pub fn from_text(text: &str) -> Files {
        let mut files = Files::default();
        let mut path = String::new();
        for line in text.lines() {
            match line.strip_prefix(MARK) {
                Some(next) => path = next.to_string(),
                None => {
                    let file = files.0.entry(path.clone()).or_default();
                    file.push_str(line);
                    file.push('\n');
                }
            }
        }
        files
    }
}

/// The line that byte `offset` of `text` stands in, from 1.
pub(crate) fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|it| *it == b'\n').count() + 1
}
