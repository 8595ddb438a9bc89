//! Where what was made is found.
//!
//! In:  the path of a list that something was added to, and what was answered. Out: the path of the new thing.
//! Invariant: the same answer, given once more, names the same place.

use serde::Deserialize;
use std::fmt::Write;

/// What an answer names: itself, or the orders of a purchase.
#[derive(Deserialize)]
struct Made {
    id: Option<String>,
    #[serde(default)]
    orders: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    id: String,
}

/// The path of what `answer` says was made below `list`: of the first, where it is several. `None` for what has no address
/// of its own.
pub fn of(list: &str, answer: &str) -> Option<String> {
    let made: Made = serde_json::from_str(answer).ok()?;
    let id = made.id.or_else(|| made.orders.into_iter().next().map(|it| it.id))?;
    Some(format!("{list}/{}", encoded(&id)))
}

/// A name as a part of a path.
fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests;
