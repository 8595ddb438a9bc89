//! What a form says.
//!
//! In:  a body of `application/x-www-form-urlencoded`, or the parts of one with files. Out: texts by the names of fields.
//! Invariant: no secret of a form goes on to where it is noted.

use desk::Refusal;
use desk::network::{self, Network};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The field that holds the key of the browser's forms.
pub(crate) const KEY: &str = "form";
/// The field that holds the house in whose pages the form was made.
pub(crate) const HOUSE: &str = "house";
/// The field that tells one sending of a form from another form.
pub(crate) const ONCE: &str = "once";
/// The field that binds a form to the browser for when its session is there no more: what it holds is kept by that, never done.
pub(crate) const BROWSER: &str = "browser";
/// The field that says who was signed in when the form was made: what it holds comes back to nobody else.
pub(crate) const MAKER: &str = "maker";
/// The field of a form that comes back filled in, and is to be looked at once more before anything of it is done.
pub(crate) const LOOK: &str = "look";
/// What such a form is refused with; `Wrong` says it in the language of the page.
pub(crate) const TO_LOOK_AT: &str =
    "the session had ended before this was sent; look at it once more, and send it";

/// What a form says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    texts: Vec<(String, String)>,
    /// Files that were chosen: the path that the browser names, and what it holds.
    files: Vec<(String, Vec<u8>)>,
}

impl Fields {
    /// A form that is filled in already.
    pub(crate) fn of<T: Into<String>>(filled: impl IntoIterator<Item = (T, T)>) -> Fields {
        let texts = filled.into_iter().map(|it| (it.0.into(), it.1.into())).collect();
        Fields { texts, files: Vec::new() }
    }

    /// Reads the body of a form.
    pub(crate) fn read(body: &[u8]) -> Fields {
        Fields { texts: form_urlencoded::parse(body).into_owned().collect(), files: Vec::new() }
    }

    /// Adds the text of a field, which is read as UTF-8.
    pub(crate) fn add(&mut self, name: String, text: &[u8]) {
        self.texts.push((name, String::from_utf8_lossy(text).into_owned()));
    }

    /// Adds a file that was chosen.
    pub(crate) fn add_file(&mut self, path: String, bytes: Vec<u8>) {
        self.files.push((path, bytes));
    }

    /// The files that were chosen, each by the path that the browser names.
    pub(crate) fn files(&self) -> &[(String, Vec<u8>)] {
        &self.files
    }
    /// The text of a field without space around it; empty when it was not sent.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.exact(name).trim()
    }

    /// The same as it was typed.
    pub(crate) fn exact(&self, name: &str) -> &str {
        self.texts.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str())
    }

    /// Whether it came back to be looked at, and nothing of it is to be done yet.
    pub(crate) fn is_to_look_at(&self) -> bool {
        !self.exact(LOOK).is_empty()
    }

    /// The networks that a field names. Errors: of the field, for what is none.
    pub(crate) fn networks(&self, name: &str) -> Result<Vec<Network>, Refusal> {
        network::all(self.text(name)).map_err(|error| Refusal::from(error).of(name))
    }

    /// Every field with its text.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|it| (it.0.as_str(), it.1.as_str()))
    }

    pub(crate) fn once(&self) -> &str {
        self.exact(ONCE)
    }

    /// Everything that tells this form from another, as one text.
    pub(crate) fn all(&self) -> String {
        format!("{:?}{:?}", self.texts, self.files)
    }

    /// What people filled in or chose: every field but secrets, and what a page adds unseen.
    pub(crate) fn plain(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs().filter(|(name, _)| {
            !([KEY, HOUSE, ONCE, BROWSER, MAKER, LOOK, "code"].contains(name) || name.contains("password"))
        })
    }

    /// What the audit log holds of it: no secret.
    pub(crate) fn noted(&self) -> String {
        let mut body: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, text) in self.plain() {
            body.entry(name).or_default().push(text);
        }
        // A field that was sent several times, such as what is selected of a list, stands there with all its texts.
        let joined = body.into_iter().map(|it| (it.0.to_string(), Value::from(it.1.join(", "))));
        Value::Object(joined.collect::<Map<String, Value>>()).to_string()
    }
}

#[cfg(test)]
mod tests;
