//! JSON as it was sent, read into what a handler asks for.
//!
//! In:  the bytes of a body, or the pairs of a query. Out: a value, or a fault with its path.
//! Invariant: an object is asked for by its members' names and never read out of a list; values are counted
//! before they take room.

mod canonical;
mod value;

use super::code::Own;
use super::fault::Fault;
use super::problem::Problem;
use serde::de::value::{StringDeserializer, UnitDeserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use std::cell::Cell;
use std::fmt;
use value::Node;

/// A body has no more values than this: they take more room than their text.
const MOST_VALUES: usize = 200_000;

/// A body as it was sent, before anybody says what it is to be.
#[derive(Debug)]
pub struct Sent {
    /// `None` for no body at all.
    node: Option<Node>,
    canonical: String,
}

/// Reads a body as JSON. Errors: what is none, and more values than are taken.
pub fn sent(bytes: &[u8]) -> Result<Sent, Problem> {
    if bytes.is_empty() {
        return Ok(Sent { node: None, canonical: String::new() });
    }
    let node = node(bytes)?;
    let mut canonical = String::with_capacity(bytes.len());
    canonical::write(&node, &mut canonical);
    Ok(Sent { node: Some(node), canonical })
}

impl Sent {
    /// What it says without what means nothing: spaces, and in which order the members of objects were sent.
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// What is asked for. Errors: what is not that, with its path.
    pub fn read<B: DeserializeOwned>(self) -> Result<B, Problem> {
        match self.node {
            // Only what takes no body reads itself out of nothing.
            None => B::deserialize(UnitDeserializer::<Fault>::new()).map_err(|_| empty()),
            Some(node) => B::deserialize(node).map_err(|fault| fault.problem("the body")),
        }
    }
}

/// Reads a body. Errors: what is no JSON, and what is not what is asked for, with its path.
pub fn body<B: DeserializeOwned>(bytes: &[u8]) -> Result<B, Problem> {
    sent(bytes)?.read()
}

/// What is wrong with a text that cannot be read as a `B`, if that is so.
pub fn fault<B: DeserializeOwned>(text: &str) -> Option<Fault> {
    let node = node(text.as_bytes()).ok()?;
    B::deserialize(node).err()
}

/// Reads the pairs of a query, each of them text.
pub fn query<Q: DeserializeOwned>(pairs: Vec<(String, String)>) -> Result<Q, Problem> {
    let members = pairs.into_iter().map(|(name, text)| (name, Node::Text(text))).collect();
    Q::deserialize(Node::Object(members)).map_err(|fault| fault.problem("the query"))
}

fn node(bytes: &[u8]) -> Result<Node, Problem> {
    let left = Cell::new(MOST_VALUES);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = Reading { left: &left }.deserialize(&mut reader).and_then(|it| reader.end().map(|()| it));
    read.map_err(|error| match left.get() {
        0 => {
            let detail = format!("the body has more than {MOST_VALUES} values; send less at once");
            Problem::new(Own::TooLarge, detail)
        }
        _ => broken(bytes, &error),
    })
}

fn empty() -> Problem {
    Problem::malformed(None, "the body is empty; send a JSON object, such as {}")
}

/// What is no JSON, in words.
pub fn broken(bytes: &[u8], error: &serde_json::Error) -> Problem {
    let place = format!("line {}, column {}", error.line(), error.column());
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or("");
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return empty();
    }
    let detail = match () {
        () if error.is_eof() => format!("the body is not JSON: it ends too early, at {place}"),
        () if text == "trailing characters" => {
            format!("the body is not JSON: something follows after its end, at {place}")
        }
        () => format!("the body is not JSON: {text} at {place}"),
    };
    Problem::malformed(None, detail)
}

/// Reads any JSON, counting.
#[derive(Clone, Copy)]
struct Reading<'c> {
    left: &'c Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for Reading<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Node, D::Error> {
        self.left.set(self.left.get().saturating_sub(1));
        if self.left.get() == 0 {
            return Err(D::Error::custom("too many values"));
        }
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reading<'_> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Unsigned(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Signed(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Float(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(node) = from.next_element_seed(self)? {
            list.push(node);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = from.next_key::<String>()? {
            members.push((name, from.next_value_seed(self)?));
        }
        Ok(Node::Object(members))
    }
}

impl<'de> Deserializer<'de> for Node {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self {
            Node::Null => visitor.visit_unit(),
            Node::Bool(value) => visitor.visit_bool(value),
            Node::Unsigned(value) => visitor.visit_u64(value),
            Node::Signed(value) => visitor.visit_i64(value),
            Node::Float(value) => visitor.visit_f64(value),
            Node::Text(value) => visitor.visit_string(value),
            Node::List(list) => visitor.visit_seq(Elements { list: list.into_iter().enumerate() }),
            Node::Object(members) => visitor.visit_map(Members { members: members.into_iter(), now: None }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if matches!(self, Node::Null) { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    /// An object stays an object: derived readers would take a list for its members in their order.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        if matches!(self, Node::List(_) | Node::Null) {
            return Err(Fault::invalid_type(self.unexpected(), &"an object"));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let Node::Text(word) = self else {
            return Err(Fault::invalid_type(self.unexpected(), &"one of its words"));
        };
        let word: StringDeserializer<Fault> = word.into_deserializer();
        visitor.visit_enum(word)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map identifier ignored_any
    }
}

impl Node {
    fn unexpected(&self) -> serde::de::Unexpected<'_> {
        use serde::de::Unexpected;
        match self {
            Node::Null => Unexpected::Unit,
            Node::Bool(value) => Unexpected::Bool(*value),
            Node::Unsigned(value) => Unexpected::Unsigned(*value),
            Node::Signed(value) => Unexpected::Signed(*value),
            Node::Float(value) => Unexpected::Float(*value),
            Node::Text(value) => Unexpected::Str(value),
            Node::List(_) => Unexpected::Seq,
            Node::Object(_) => Unexpected::Map,
        }
    }
}

/// The elements of a list, each with its place.
struct Elements {
    list: std::iter::Enumerate<std::vec::IntoIter<Node>>,
}

impl<'de> SeqAccess<'de> for Elements {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some((index, node)) = self.list.next() else { return Ok(None) };
        seed.deserialize(node).map(Some).map_err(|fault| fault.at(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.list.len())
    }
}

/// The members of an object, each under its name.
struct Members {
    members: std::vec::IntoIter<(String, Node)>,
    now: Option<(String, Node)>,
}

impl<'de> MapAccess<'de> for Members {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some((name, node)) = self.members.next() else { return Ok(None) };
        let key: StringDeserializer<Fault> = name.clone().into_deserializer();
        let read = seed.deserialize(key).map_err(|fault| fault.under(&name))?;
        self.now = Some((name, node));
        Ok(Some(read))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let (name, node) = self.now.take().ok_or_else(|| Fault::custom("a value came before its name"))?;
        seed.deserialize(node).map_err(|fault| fault.under(&name))
    }
}

#[cfg(test)]
mod tests;
