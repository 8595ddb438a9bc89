//! A price book as it is sent on a page: a folder of files, or one text.
//!
//! In:  a form. Out: files of a book, and from when it is to hold.
//! Invariant: files that were chosen come before the text that stands in the form; what was sent stands there again.

use crate::fields::Fields;
use pricebook::{Files, FilesError};
use units::{Calendar, Timestamp};

/// What was sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    /// All files as one text, each behind a line `=== path`; as it was typed where that cannot be read.
    pub text: String,
    /// As the field has it.
    pub from: String,
    /// A file that is no text of a book.
    unreadable: Option<FilesError>,
}

impl Draft {
    /// A book to begin with.
    pub(crate) fn of_text(text: String) -> Draft {
        Draft { text, ..Draft::default() }
    }

    /// Whether nothing was sent of a book.
    pub(crate) fn is_empty(&self) -> bool {
        self.unreadable.is_none() && self.text.trim().is_empty()
    }

    pub(crate) fn of(form: &Fields) -> Draft {
        let from = form.text("from").to_string();
        let chosen = chosen(form.files());
        if chosen.is_empty() {
            return Draft { text: form.exact("text").to_string(), from, unreadable: None };
        }
        match read(&chosen) {
            Ok(files) => Draft { text: files.to_text(), from, unreadable: None },
            Err(error) => Draft { text: form.exact("text").to_string(), from, unreadable: Some(error) },
        }
    }

    /// The files. Errors: what no book has, in words.
    pub(crate) fn files(&self) -> Result<Files, String> {
        if let Some(error) = &self.unreadable {
            return Err(error.to_string());
        }
        let files = Files::from_text(&self.text);
        // What stands before the first mark belongs to no file.
        let given = files.paths().filter_map(|path| Some((path, files.get(path)?)));
        let given = given.filter(|it| !(it.0.is_empty() && it.1.trim().is_empty()));
        Files::sent(given).map_err(|error| error.to_string())
    }

    /// From when it is to hold; `None` where the date in the book does. Errors: what was typed and is no time.
    pub(crate) fn from(&self, calendar: &Calendar) -> Result<Option<Timestamp>, String> {
        if self.from.is_empty() {
            return Ok(None);
        }
        // Browsers write a `T`, and leave out seconds that are 0.
        let text = self.from.replace('T', " ");
        let text = if text.len() == "2026-08-01 00:00".len() { format!("{text}:00") } else { text };
        calendar.parse(&text).map(Some).map_err(|_| self.from.clone())
    }
}

/// The files of the folder in which `book.toml` lies, by their paths below it; those that a book has.
fn chosen(files: &[(String, Vec<u8>)]) -> Vec<(&str, &[u8])> {
    let is_of_book = |it: &&(String, Vec<u8>)| it.0.ends_with(".toml") || it.0.ends_with(".csv");
    let head = |it: &&(String, Vec<u8>)| it.0 == "book.toml" || it.0.ends_with("/book.toml");
    let folder = files.iter().filter(head).map(|it| it.0.len() - "book.toml".len()).min().unwrap_or(0);
    let below = |it: &'_ (String, Vec<u8>)| it.0.len() > folder && it.0.is_char_boundary(folder);
    let found = files.iter().filter(is_of_book).filter(|it| below(it));
    found.map(|it| (&it.0[folder..], it.1.as_slice())).collect()
}

fn read(chosen: &[(&str, &[u8])]) -> Result<Files, FilesError> {
    let text = |it: &(&str, &[u8])| match std::str::from_utf8(it.1) {
        Ok(text) => Ok((it.0.to_string(), text.to_string())),
        Err(_) => Err(FilesError::Text(it.0.to_string())),
    };
    Files::sent(chosen.iter().map(text).collect::<Result<Vec<_>, _>>()?)
}

#[cfg(test)]
mod tests;
