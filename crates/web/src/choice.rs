//! The value of an option in a request: a word or a whole number.
//!
//! In:  JSON. Out: what was meant, as text.
//! Invariant: `91.0` is read as the 91 that is meant; nothing else with a fraction is.

use super::wire::{self, Text, Whole};
use serde::Deserialize;
use serde::de::{Error, IntoDeserializer, Unexpected};
use std::fmt;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// The value of an option: a word or a whole number.
#[derive(Clone, Debug)]
pub enum Choice {
    Word(Text<0, 100>),
    Number(Whole<0, 1_000_000_000>),
}

impl<'de> Deserialize<'de> for Choice {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Choice, D::Error> {
        from.deserialize_any(ChoiceVisitor)
    }
}

struct ChoiceVisitor;

impl serde::de::Visitor<'_> for ChoiceVisitor {
    type Value = Choice;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word, or a whole number from 0 to 1000000000")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Choice, E> {
        Text::deserialize(IntoDeserializer::<E>::into_deserializer(text)).map(Choice::Word)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Choice, E> {
        let wrong = |_| E::invalid_value(Unexpected::Unsigned(number), &self);
        Whole::deserialize(IntoDeserializer::<E>::into_deserializer(number))
            .map(Choice::Number)
            .map_err(wrong)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Choice, E> {
        Err(E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Choice, E> {
        let wrong = |_| E::invalid_value(Unexpected::Float(number), &self);
        Whole::deserialize(IntoDeserializer::<E>::into_deserializer(number))
            .map(Choice::Number)
            .map_err(wrong)
    }
}

impl ToSchema for Choice {}

impl PartialSchema for Choice {
    fn schema() -> RefOr<Schema> {
        let word = ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .max_length(Some(100))
            .pattern(Some(wire::PLAIN))
            .build();
        let number = ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::Integer))
            .minimum(Some(0))
            .maximum(Some(1_000_000_000))
            .build();
        RefOr::T(Schema::OneOf(OneOfBuilder::new().item(word).item(number).build()))
    }
}

impl Choice {
    /// The value as options are written.
    pub fn text(&self) -> String {
        match self {
            Choice::Word(text) => text.as_str().to_string(),
            Choice::Number(number) => number.get().to_string(),
        }
    }
}
