//! Reading at one place of a file: a value, or a problem that is told there.
//!
//! In:  the files of a book, and a place in one of them. Out: what its texts say.
//! Invariant: a text that says nothing adds a problem; whatever stands in for it then is never used, as the book is refused.

use crate::files::Files;
use crate::format::Format;
use crate::problem::{Place, Problems};
use crate::words::{self, Per};
use serde::de::DeserializeOwned;
use toml::Spanned;
use units::{Amount, Currency, MoneyError};

/// How the parser says that its limit, 80, is reached.
const TOO_DEEP: &str = "cannot recurse further";

/// Reads what stands at one place.
pub(crate) struct Reader<'a> {
    pub files: &'a Files,
    pub place: Place<'a>,
    pub format: Format,
    problems: &'a mut Problems,
}

impl<'a> Reader<'a> {
    /// A reader at `place`, which adds its problems to `problems`.
    pub(crate) fn new(files: &'a Files, place: Place<'a>, problems: &'a mut Problems) -> Reader<'a> {
        Reader { files, place, format: Format::NEWEST, problems }
    }

    /// The same, of a book of this format.
    pub(crate) fn reading(self, format: Format) -> Reader<'a> {
        Reader { format, ..self }
    }

    /// The same files, read at another place.
    pub(crate) fn at<'b>(&'b mut self, place: Place<'b>) -> Reader<'b> {
        Reader { files: self.files, place, format: self.format, problems: &mut *self.problems }
    }

    /// The same file, read where `part` begins.
    pub(crate) fn of<T>(&mut self, part: &Spanned<T>) -> Reader<'_> {
        self.at(self.place_of(part))
    }

    /// Where `part` of this file begins.
    pub(crate) fn place_of<T>(&self, part: &Spanned<T>) -> Place<'a> {
        Place { line: self.files.line_at(self.place.file, part.span().start), ..self.place }
    }

    /// Adds a problem at this place.
    pub(crate) fn refuse(&mut self, what: impl Into<String>, remedy: impl Into<String>) {
        self.problems.add(self.place, what, remedy);
    }

    /// Notes that `thing` stands at this place, for checks between files.
    pub(crate) fn note(&mut self, thing: &str) {
        self.problems.note(thing, self.place);
    }

    /// The whole file as the struct that it is written for, or a problem at the line that cannot be read.
    pub(crate) fn toml<T: DeserializeOwned>(&mut self, remedy: &str) -> Option<T> {
        let text = self.text();
        let error = match toml::from_str(text) {
            Ok(raw) => return Some(raw),
            Err(error) => error,
        };
        let line = error.span().map_or(1, |it| self.files.line_at(self.place.file, it.start));
        let mut here = self.at(Place { line, ..self.place });
        match error.message().starts_with(TOO_DEEP) {
            true => here
                .refuse("lists or tables stand more than 80 deep within each other", "Write them less deep"),
            false => here.refuse(words::wrong_toml(error.message()), remedy),
        }
        None
    }

    /// The value, or a problem that says the error.
    pub(crate) fn accept<T, E: ToString>(&mut self, value: Result<T, E>, remedy: &str) -> Option<T> {
        value.map_err(|error| self.refuse(error.to_string(), remedy)).ok()
    }

    /// The value that `text` names, or a problem that lists what it may be.
    pub(crate) fn word<T: Clone>(&mut self, text: &str, known: &[(&str, T)]) -> Option<T> {
        let found = known.iter().find(|it| it.0 == text).map(|it| it.1.clone());
        if found.is_none() {
            let names: Vec<&str> = known.iter().map(|it| it.0).collect();
            let what = format!("`{}` is not known here", words::first_line(text));
            self.refuse(what, format!("Write one of: {}", names.join(", ")));
        }
        found
    }

    /// Whether `text` can be a name or a choice: a word, of which every character is seen.
    pub(crate) fn is_key(&self, text: &str) -> bool {
        words::is_word(text) && (self.format == Format::First || !text.contains(words::is_invisible))
    }

    /// Adds a problem for an id that is no word. Books of the first format had any.
    pub(crate) fn id(&mut self, id: &str, of: &str) {
        if self.format >= Format::Second && !self.is_key(id) {
            let what = format!("`{}` is no id of a {of}", words::first_line(id).escape_debug());
            self.refuse(what, words::WORDS);
        }
    }

    /// The seconds of a duration.
    pub(crate) fn seconds(&mut self, text: &str) -> u64 {
        words::seconds(text).unwrap_or_else(|| {
            let what = format!("`{}` is not a duration", words::first_line(text));
            self.refuse(what, "Write it like 30 s, 5 min, 2 h or 15 d");
            0
        })
    }

    /// An amount of 0 or more, to 1e-8.
    pub(crate) fn amount(&mut self, text: &str, currency: Currency) -> Option<Amount> {
        match Amount::parse(text.trim(), currency) {
            Ok(amount) if amount.e8() >= 0 => return Some(amount),
            Ok(_) => {
                let what = format!("the price {} is negative", text.trim());
                self.refuse(what, "Write a price of 0 or more");
            }
            Err(error) => {
                let remedy = amount_remedy(text.trim(), &error);
                self.refuse(format!("the price cannot be read: {error}"), remedy);
            }
        }
        None
    }

    /// Where a tier or band of a price begins or ends, in the unit of what is counted.
    pub(crate) fn edge(&mut self, text: &str, per: &Per) -> Option<u128> {
        let edge = per.quantity_of(text, self.format);
        if edge.is_none() {
            let (what, unit) = (words::first_line(text), per.quantity.unit);
            let what = format!("`{what}` is not an edge where {unit} is counted");
            self.refuse(what, "Write a number, or one with a unit like 96 h, 20 Gbps or 100 GB");
        }
        edge
    }

    fn text(&self) -> &'a str {
        self.files.get(self.place.file).unwrap_or("")
    }
}

fn amount_remedy(text: &str, error: &MoneyError) -> String {
    match error {
        MoneyError::TooFine { places, .. } => {
            let digits = text.split_once('.').map_or("", |it| it.1).trim_end_matches('0').len();
            let more = digits.saturating_sub(*places as usize);
            format!(
                "An amount holds {places} digits behind the point: write the price of 1{} times as much, with a larger \
                 `per` like \"1000 events\" or \"1000 GB\"",
                "0".repeat(more)
            )
        }
        MoneyError::Malformed(_)
        | MoneyError::Overflow
        | MoneyError::BelowZero
        | MoneyError::Currency(..)
        | MoneyError::UnknownCurrency { .. } => "Write it like 0.42".to_string(),
    }
}
