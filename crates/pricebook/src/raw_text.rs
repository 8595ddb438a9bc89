//! Texts as they are written: `{ en = "…", zh = "…" }`, or one word that is the same in all languages.
//!
//! In:  TOML. Out: which languages are there.
//! Invariant: nothing is checked here; `look` says what is missing.

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;
use toml::Spanned;

/// A text in the languages in which it was written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a text in both languages like { en = \"…\", zh = \"…\" }")]
pub(crate) struct RawText {
    pub en: Option<String>,
    pub zh: Option<String>,
}

/// A name: a text, or one word for all languages.
#[derive(Debug)]
pub(crate) enum RawName {
    Word(String),
    Text(RawText),
}

impl<'de> Deserialize<'de> for RawName {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<RawName, D::Error> {
        from.deserialize_any(NameVisitor)
    }
}

struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = RawName;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, or { en = \"…\", zh = \"…\" }")
    }

    fn visit_str<E>(self, text: &str) -> Result<RawName, E> {
        Ok(RawName::Word(text.to_string()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawName, A::Error> {
        RawText::deserialize(MapAccessDeserializer::new(map)).map(RawName::Text)
    }
}

/// The name and the help text of a value of an option.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawLabel {
    pub name: Option<Spanned<RawText>>,
    pub help: Option<Spanned<RawText>>,
}

/// Things that stand together.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawGroup {
    pub id: String,
    pub name: Option<Spanned<RawText>>,
    pub help: Option<Spanned<RawText>>,
}

/// A column of a table that tells values of an option apart.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawAttribute {
    pub id: String,
    pub name: Option<Spanned<RawText>>,
    pub help: Option<Spanned<RawText>>,
    pub unit: Option<Spanned<RawText>>,
    pub kind: Option<String>,
    pub column: Option<String>,
}

/// Labels by what they are for.
pub(crate) type RawLabels = BTreeMap<String, Spanned<RawLabel>>;
