//! One way to write what a body says, so that the same said otherwise is the same.
//!
//! In:  a value as it was sent. Out: JSON with its members in the order of their names, as RFC 8785 has it.
//! Invariant: bodies that are read differently are written differently; whole numbers never pass through a float.

use super::value::Node;
use std::fmt::Write;

/// Up to here a float is a whole number exactly, and is read as one.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Writes `node` behind `out`.
pub(super) fn write(node: &Node, out: &mut String) {
    // Writing into a text does not fail.
    let _ = match node {
        Node::Null => out.write_str("null"),
        Node::Bool(value) => write!(out, "{value}"),
        Node::Unsigned(value) => write!(out, "{value}"),
        Node::Signed(value) => write!(out, "{value}"),
        Node::Float(value) if value.fract() == 0.0 && value.abs() <= EXACT => write!(out, "{value:.0}"),
        Node::Float(value) => write!(out, "{value:e}"),
        Node::Text(text) => out.write_str(&quoted(text)),
        Node::List(list) => {
            parts(out, ('[', ']'), list.iter(), write);
            Ok(())
        }
        Node::Object(members) => {
            let mut members: Vec<&(String, Node)> = members.iter().collect();
            // What is there twice is refused or read in its order: the order of equal names stays.
            members.sort_by(|one, other| one.0.cmp(&other.0));
            parts(out, ('{', '}'), members.into_iter(), |(name, it), out| {
                out.push_str(&quoted(name));
                out.push(':');
                write(it, out);
            });
            Ok(())
        }
    };
}

fn parts<T>(
    out: &mut String,
    marks: (char, char),
    all: impl Iterator<Item = T>,
    one: impl Fn(T, &mut String),
) {
    out.push(marks.0);
    for (at, it) in all.enumerate() {
        if at > 0 {
            out.push(',');
        }
        one(it, out);
    }
    out.push(marks.1);
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
