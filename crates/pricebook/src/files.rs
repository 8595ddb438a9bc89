//! The files of a book by their path, and the one text that a book is stored as.
//!
//! In:  paths and texts. Out: the same, or all of them as one text.
//! Invariant: `from_text` reads what `to_text` wrote, if no line begins with the mark; `load` refuses those that do.

use std::collections::BTreeMap;

/// The files of a book by their path inside its folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<String, Text>);

/// A text, and the bytes at which its lines begin but the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Text {
    text: String,
    lines: Vec<usize>,
}

impl Text {
    fn new(text: String) -> Text {
        let ends = text.bytes().enumerate().filter(|it| it.1 == b'\n');
        Text { lines: ends.map(|it| it.0 + 1).collect(), text }
    }

    /// The line that byte `offset` stands in, from 1.
    fn line_at(&self, offset: usize) -> usize {
        self.lines.partition_point(|it| *it <= offset) + 1
    }
}

/// Files of a book that somebody sends, at most.
pub const MOST_FILES: usize = 200;
/// Characters of the path of one, at most.
pub const LONGEST_PATH: usize = 100;
/// Characters of the text of one, at most.
pub const LONGEST_TEXT: usize = 1_000_000;

/// Why files that somebody sends are no book's, whatever they say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilesError {
    #[error("a book has at most {MOST_FILES} files")]
    Many,
    #[error("`{0}` is no path such as products/server.toml")]
    Path(String),
    #[error("{0} is no text of at most {LONGEST_TEXT} characters")]
    Text(String),
}

/// Whether `path` is words of small letters, digits, `-` and `_`, apart by single points and slashes.
fn is_path(path: &str) -> bool {
    let word = |it: &str| {
        !it.is_empty() && it.bytes().all(|it| matches!(it, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
    };
    path.len() <= LONGEST_PATH
        && path.starts_with(|it: char| it.is_ascii_lowercase() || it.is_ascii_digit())
        && path.split(['.', '/']).all(word)
}

/// Begins the line that stands before each file where a book is stored.
pub(crate) const MARK: &str = "=== ";

impl Files {
    /// Files as somebody sent them, by their paths. Errors: what no book has, whatever its files say.
    pub fn sent<P, T>(given: impl IntoIterator<Item = (P, T)>) -> Result<Files, FilesError>
    where
        P: AsRef<str>,
        T: AsRef<str>,
    {
        let mut files = Files::default();
        for (path, text) in given {
            let (path, text) = (path.as_ref(), text.as_ref());
            if !is_path(path) {
                return Err(FilesError::Path(path.chars().take(LONGEST_PATH).collect()));
            }
            if text.chars().count() > LONGEST_TEXT || text.contains('\0') {
                return Err(FilesError::Text(path.to_string()));
            }
            files.add(path, text);
            if files.0.len() > MOST_FILES {
                return Err(FilesError::Many);
            }
        }
        Ok(files)
    }

    /// Adds a file. Its lines end as those of stored books do, so that a book keeps its id.
    pub fn add(&mut self, path: &str, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        self.0.insert(path.to_string(), Text::new(text));
    }

    /// The text of the file at `path`.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(|it| it.text.as_str())
    }

    /// The line of the file at `path` that byte `offset` stands in, from 1.
    pub(crate) fn line_at(&self, path: &str, offset: usize) -> usize {
        self.0.get(path).map_or(1, |it| it.line_at(offset))
    }

    /// The paths of all files, in their order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// All files as one text, each behind a line with its path: how a book is stored.
    pub fn to_text(&self) -> String {
        self.0.iter().map(|(path, text)| format!("{MARK}{path}\n{}\n", text.text.trim_end())).collect()
    }

    /// Reads what `to_text` wrote.
    pub fn from_text(text: &str) -> Files {
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        let mut path = String::new();
        for line in text.lines() {
            match line.strip_prefix(MARK) {
                Some(next) => path = next.to_string(),
                None => {
                    let file = texts.entry(path.clone()).or_default();
                    file.push_str(line);
                    file.push('\n');
                }
            }
        }
        Files(texts.into_iter().map(|(path, text)| (path, Text::new(text))).collect())
    }
}

#[cfg(test)]
mod tests;
