//! What is wrong with a value that was sent: where it stands, and a sentence about it.
//!
//! In:  what serde finds. Out: a path such as `items[1].options.region`, and words that a caller knows.
//! Invariant: no word of Rust or of serde is told; a path is never longer than a sane one.

use super::problem::Problem;
use serde::de::{Error, Expected, Unexpected};
use std::fmt;

/// A path or a word of the caller is shown up to so many characters.
const SHOWN: usize = 120;

/// What is wrong, and where. The path is built on the way out, from the inside.
#[derive(Debug)]
pub struct Fault {
    path: String,
    text: String,
}

impl Fault {
    fn says(text: impl Into<String>) -> Fault {
        Fault { path: String::new(), text: text.into() }
    }

    /// The same, of the member `name` of an object.
    pub fn under(self, name: &str) -> Fault {
        let name: String = name.chars().take(SHOWN).collect();
        let path = match self.path.as_str() {
            "" => name,
            rest if rest.starts_with('[') => format!("{name}{rest}"),
            rest => format!("{name}.{rest}"),
        };
        Fault { path, ..self }
    }

    /// The same, of the place `index` of a list.
    pub fn at(self, index: usize) -> Fault {
        let path = match self.path.as_str() {
            "" => format!("[{index}]"),
            rest if rest.starts_with('[') => format!("[{index}]{rest}"),
            rest => format!("[{index}].{rest}"),
        };
        Fault { path, ..self }
    }

    /// Where it is; `None` for the whole.
    pub fn field(&self) -> Option<String> {
        (!self.path.is_empty()).then(|| self.path.clone())
    }

    /// The whole sentence, where `whole` names what has no path.
    pub fn sentence(&self, whole: &str) -> String {
        match self.path.as_str() {
            "" => format!("{whole} {}", self.text),
            path => format!("`{path}` {}", self.text),
        }
    }

    /// The problem that it is, of a body or of a query.
    pub fn problem(&self, whole: &str) -> Problem {
        Problem::malformed(self.field(), self.sentence(whole))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence("it"))
    }
}

impl std::error::Error for Fault {}

/// What was found, in words.
fn found(it: Unexpected<'_>) -> String {
    let short = |text: &str| text.chars().take(SHOWN).collect::<String>();
    match it {
        Unexpected::Bool(value) => value.to_string(),
        Unexpected::Unsigned(value) => value.to_string(),
        Unexpected::Signed(value) => value.to_string(),
        Unexpected::Float(value) => value.to_string(),
        Unexpected::Char(value) => format!("\"{value}\""),
        Unexpected::Str(value) => format!("\"{}\"", short(value)),
        Unexpected::Unit | Unexpected::Option => "null".into(),
        Unexpected::Seq => "a list".into(),
        Unexpected::Map => "an object".into(),
        Unexpected::Other(text) => short(text),
        Unexpected::Bytes(_)
        | Unexpected::NewtypeStruct
        | Unexpected::Enum
        | Unexpected::UnitVariant
        | Unexpected::NewtypeVariant
        | Unexpected::TupleVariant
        | Unexpected::StructVariant => "something else".into(),
    }
}

/// What was wanted, in words.
fn wanted(it: &dyn Expected) -> String {
    match it.to_string().as_str() {
        "a string" | "a borrowed string" => "text".into(),
        "a boolean" => "true or false".into(),
        "a map" => "an object".into(),
        "a sequence" => "a list".into(),
        "string or map" => "one of its words".into(),
        text if text.starts_with("struct ") => "an object".into(),
        text if text.starts_with("enum ") || text.starts_with("variant ") => "one of its words".into(),
        text => text.to_string(),
    }
}

/// Names to choose from.
fn names(all: &[&str]) -> String {
    match all {
        [] => "there is none".into(),
        all => format!("known are {}", all.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")),
    }
}

impl Error for Fault {
    fn custom<T: fmt::Display>(text: T) -> Fault {
        Fault::says(format!("cannot be read: {text}"))
    }

    fn invalid_type(it: Unexpected<'_>, expected: &dyn Expected) -> Fault {
        Fault::says(format!("is {}; it should be {}", found(it), wanted(expected)))
    }

    fn invalid_value(it: Unexpected<'_>, expected: &dyn Expected) -> Fault {
        Fault::invalid_type(it, expected)
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Fault {
        Fault::says(format!("is of length {length}; it should have {}", wanted(expected)))
    }

    fn unknown_variant(variant: &str, all: &'static [&'static str]) -> Fault {
        let variant: String = variant.chars().take(SHOWN).collect();
        Fault::says(format!("is \"{variant}\", which is not known; {}", names(all)))
    }

    fn unknown_field(_: &str, all: &'static [&'static str]) -> Fault {
        // Whoever reads the names of members puts the name to it.
        Fault::says(format!("is not known here; {}", names(all)))
    }

    fn missing_field(field: &'static str) -> Fault {
        Fault::says("is missing").under(field)
    }

    fn duplicate_field(field: &'static str) -> Fault {
        Fault::says("is there twice").under(field)
    }
}
